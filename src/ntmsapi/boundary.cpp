// SPDX-License-Identifier: MIT
#include "boundary.h"

#include <atomic>
#include <new>

#include "undescribed.h"

namespace ntms::abi {
namespace {

// The calling thread's last error, as it was before a call and is after it: the functions that
// return a code leave it alone, whatever the system's calls inside have set.
class KeptLastError {
 public:
  KeptLastError() = default;
  ~KeptLastError() { SetLastError(code_); }
  KeptLastError(const KeptLastError&) = delete;
  KeptLastError& operator=(const KeptLastError&) = delete;

 private:
  const DWORD code_ = GetLastError();
};

template <class Work>
DWORD guarded(Work&& work) noexcept {
  const KeptLastError last_error;
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return ERROR_NOT_ENOUGH_MEMORY;
  } catch (const std::exception&) {
    // Nothing below throws on purpose; whatever it is, the caller must not see it as an exception.
    return ERROR_DATABASE_FAILURE;
  }
}

DWORD code_of(const Result<void>& result, host::Server& server, const char* name) {
  if (result) return ERROR_SUCCESS;
  server.log()->debug("{}: {} ({})", name, result.error().reason, result.error().code);
  return result.error().code;
}

}  // namespace

DWORD detail::run(HANDLE handle, const char* name, void* body,
                  Result<void> (*invoke)(void* body, Call& call)) noexcept {
  return guarded([&]() -> DWORD {
    const auto use = host::find_session(to_value(handle));
    if (!use) return ERROR_INVALID_HANDLE;
    const server::Session session(*use->session);
    Call call{use->server->database(), session, *use->server};
    return code_of(invoke(body, call), *use->server, name);
  });
}

DWORD detail::run_on_channel(HANDLE handle, const char* name, void* body,
                             Result<void> (*invoke)(void* body, ChannelCall& call)) noexcept {
  return guarded([&]() -> DWORD {
    const auto use = host::find_channel(to_value(handle));
    if (!use) return ERROR_INVALID_HANDLE;
    ChannelCall call{use->server->database(), *use->channel, *use->server};
    return code_of(invoke(body, call), *use->server, name);
  });
}

DWORD detail::run_bare(void* body, Result<void> (*invoke)(void* body)) noexcept {
  return guarded([&]() -> DWORD {
    const auto result = invoke(body);
    return result ? ERROR_SUCCESS : result.error().code;
  });
}

DWORD undescribed(const char* name) noexcept {
  static constinit std::atomic<bool> told{false};
  const KeptLastError last_error;
  try {
    const auto server = host::use_current_server();
    if (server && !told.exchange(true)) {
      (*server)->log()->warn("{} was called: nobody knows what it does", name);
    }
  } catch (const std::exception&) {
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  return ERROR_CALL_NOT_IMPLEMENTED;
}

}  // namespace ntms::abi
