// SPDX-License-Identifier: MIT
#include "boundary.h"

#include <mutex>
#include <new>
#include <set>

#include "not_built.h"
#include "platform/static_mutex.h"

namespace ntms::abi {
namespace {

// Tells once per process and name that a program asked for something that is not there.
void tell_once(host::Server& server, const char* name) {
  static constinit std::atomic<std::set<std::string>*> told{nullptr};
  static constinit platform::StaticMutex mutex;
  const std::lock_guard lock(mutex);
  if (told.load() == nullptr) told = new std::set<std::string>;  // kept until the process ends
  if (told.load()->insert(name).second) {
    server.log()->warn("{} is not built yet: ERROR_CALL_NOT_IMPLEMENTED", name);
  }
}

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

DWORD not_built(HANDLE session, const char* name) noexcept {
  return run(session, name, [name](Call& call) -> Result<void> {
    tell_once(call.server, name);
    return fail(ERROR_CALL_NOT_IMPLEMENTED, "not built yet");
  });
}

DWORD not_built_sessionless(const char* name) noexcept {
  const KeptLastError last_error;
  try {
    if (const auto server = host::use_current_server()) tell_once(**server, name);
  } catch (const std::exception&) {
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  return ERROR_CALL_NOT_IMPLEMENTED;
}

}  // namespace ntms::abi
