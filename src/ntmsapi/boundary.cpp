// SPDX-License-Identifier: MIT
#include "boundary.h"

#include <mutex>
#include <new>
#include <set>

#include "not_built.h"

namespace ntms::abi {
namespace {

// Tells once per process and name that a program asked for something that is not there.
void tell_once(const std::shared_ptr<host::Server>& server, const char* name) {
  static constinit std::atomic<std::set<std::string>*> told{nullptr};
  static constinit std::mutex mutex;
  if (!server) return;
  const std::lock_guard lock(mutex);
  if (told.load() == nullptr) told = new std::set<std::string>;  // kept until the process ends
  if (told.load()->insert(name).second) {
    server->log()->warn("{} is not built yet: ERROR_CALL_NOT_IMPLEMENTED", name);
  }
}

}  // namespace

DWORD detail::run(HANDLE handle, const char* name, void* body,
                  Result<void> (*invoke)(void* body, Call& call)) noexcept {
  try {
    const auto use = host::find_session(reinterpret_cast<std::uintptr_t>(handle));
    if (!use) return ERROR_INVALID_HANDLE;
    Call call{use->server->database(), *use->session, *use->server};
    const auto result = invoke(body, call);
    if (result) return ERROR_SUCCESS;
    use->server->log()->debug("{}: {} ({})", name, result.error().reason, result.error().code);
    return result.error().code;
  } catch (const std::bad_alloc&) {
    return ERROR_NOT_ENOUGH_MEMORY;
  } catch (const std::exception&) {
    // Nothing below throws on purpose; whatever it is, the caller must not see it as an exception.
    return ERROR_DATABASE_FAILURE;
  }
}

DWORD not_built(HANDLE session, const char* name) noexcept {
  return run(session, name, [name](Call& call) -> Result<void> {
    tell_once(call.server.shared_from_this(), name);
    return fail(ERROR_CALL_NOT_IMPLEMENTED, "not built yet");
  });
}

DWORD not_built_sessionless(const char* name) noexcept {
  try {
    tell_once(host::current_server(), name);
  } catch (const std::exception&) {
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  return ERROR_CALL_NOT_IMPLEMENTED;
}

}  // namespace ntms::abi
