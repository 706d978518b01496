// SPDX-License-Identifier: MIT
// rsm host: a process that keeps a session, so that the library in it goes on working for everybody
// while the programs that asked for the work come and go.
#include <chrono>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "rsm/objects.h"
#include "rsm/requests.h"
#include "rsm/service.h"
#include "rsm/stop_signals.h"
#include "rsm/subcommands.h"

namespace ntms::rsm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLook{1};            // between two looks at the requests
constexpr std::uint32_t kIdleSeconds = 60;          // without work until a detached host ends
constexpr std::uint32_t kMostIdleSeconds = 86'400;  // a day

// Tells the library that this process is a host: closing its session must not start another.
Result<> mark_as_host() {
#ifdef _WIN32
  const bool done = _putenv_s("NTMS_HOST", "1") == 0;
#else
  const bool done = setenv("NTMS_HOST", "1", 1) == 0;
#endif
  if (!done) return fail(ERROR_NOT_ENOUGH_MEMORY, "The environment could not be changed.");
  return {};
}

// What the requests of all libraries look like, from one look to the next.
class Watch {
 public:
  // Looks. Errors: those of enumerating and reading, apart from a server that is still starting.
  Result<> look(const Session& session) {
    const auto ids = enumerate(session, NTMS_LIBREQUEST);
    if (!ids && ids.error().code == ERROR_NOT_READY) return {};
    if (!ids) return ids.error();
    std::map<Guid, DWORD> now;
    for (const Guid& id : *ids) {
      const auto known = states_.find(id);
      if (known != states_.end() && is_finished(known->second)) {
        now.insert(*known);  // stays as it is: days of finished requests cost nothing
        continue;
      }
      const auto info = information(session, id, NTMS_LIBREQUEST);
      if (!info && info.error().code != ERROR_OBJECT_NOT_FOUND) return info.error();
      if (info) now.emplace(id, info->Info.LibRequest.State);
    }
    working_ = false;
    for (const auto& [id, state] : now) {
      working_ = working_ || state == NTMS_LM_INPROCESS || state == NTMS_LM_WAITING;
    }
    if (working_ || now != states_) last_activity_ = Clock::now();
    states_ = std::move(now);
    return {};
  }

  // How long nothing has changed and nothing was being worked on.
  Clock::duration idle() const { return Clock::now() - last_activity_; }

 private:
  std::map<Guid, DWORD> states_;
  bool working_ = false;
  Clock::time_point last_activity_ = Clock::now();
};

Outcome until_told(const std::function<void()>& running) {
  StopSignals signals;
  const auto session = Session::open();
  if (!session) return session.error();
  running();
  signals.wait();
  return {};
}

Outcome until_idle(std::chrono::seconds limit) {
  StopSignals signals;
  const auto session = Session::open();
  if (!session) return session.error();
  Watch watch;
  do {
    if (const auto looked = watch.look(*session); !looked) return looked.error();
  } while (watch.idle() < limit && !signals.wait_for(kLook));
  return {};
}

}  // namespace

Outcome run_host(const Arguments& arguments, std::ostream& out) {
  int modes = 0;
  for (const char* const mode : {"detached", "service", "install", "remove"}) {
    modes += arguments.has(mode) ? 1 : 0;
  }
  if (modes > 1) return wrong_usage("Only one of /detached, /service, /install, /remove.");
  std::optional<std::uint32_t> idle_seconds = kIdleSeconds;
  if (arguments.has("idle")) {
    if (!arguments.has("detached")) return wrong_usage("/idle goes with /detached only.");
    idle_seconds = number(*arguments.value("idle"), 1, kMostIdleSeconds);
    if (!idle_seconds) return wrong_usage("/idle: a number of seconds, at most a day.");
  }
  if (arguments.has("install")) return install_service(out);
  if (arguments.has("remove")) return remove_service(out);
  if (const auto marked = mark_as_host(); !marked) return marked.error();
  if (arguments.has("service")) return run_as_service(until_told);
  if (arguments.has("detached")) return until_idle(std::chrono::seconds(*idle_seconds));
  return until_told([&] {
    out << "The Removable Storage host is running; Ctrl+C or SIGTERM ends it." << std::endl;
  });
}

}  // namespace ntms::rsm
