// SPDX-License-Identifier: MIT
// How a process joins those that use a data directory, and what the first of them does.
#include <chrono>
#include <thread>

#include "host/server.h"
#include "platform/files.h"
#include "store/backup.h"

namespace ntms::host {
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// How long a process that has the data directory to itself is waited for, and how often it is asked
// again: an import copies the whole database.
constexpr seconds kJoinLimit{60};
constexpr milliseconds kJoinPause{10};

}  // namespace

// Becomes one of the processes that use the data directory. Alone there, with an import asked for,
// it carries that out first: this is a start of the service (concepts 20 and 21).
Result<void> Server::join_sessions() {
  const auto deadline = steady_clock::now() + kJoinLimit;
  for (;;) {
    const bool marked = store::import_is_marked(directory_);
    if (marked && sessions_lock_->try_exclusive()) {
      if (auto imported = import_marked(); !imported) return imported;
    }
    if (sessions_lock_->try_shared()) {
      if (marked || !store::import_is_marked(directory_)) return {};
      sessions_lock_->release();  // whoever asked for it meanwhile may be gone again
      continue;
    }
    // Another process is just deciding whether it is the last, or importing.
    if (steady_clock::now() >= deadline) {
      return fail(ERROR_NOT_READY, "another process keeps the data directory to itself");
    }
    std::this_thread::sleep_for(kJoinPause);
  }
}

// The caller has the data directory to itself.
Result<void> Server::import_marked() {
  const auto outcome = store::import_database(directory_);
  if (!outcome) {
    log_->error("the import of the database could not be completed and is tried again: {}",
                outcome.error().reason);
    return outcome.error();
  }
  if (outcome->imported) {
    log_->info("the database was replaced by its copy in {}",
               platform::path_text(directory_ / "Export"));
  } else {
    log_->error(
        "the database was not replaced by its copy in {}: {}; put a sound copy there and import it "
        "again",
        platform::path_text(directory_ / "Export"), outcome->reason);
  }
  return {};
}

}  // namespace ntms::host
