// SPDX-License-Identifier: MIT
// What the owner of the robots clears away: finished requests whose time is over (contract:
// functions-library-control 0.3, functions-session 3, concepts 15, 16 and 23), and the part of the
// change log that no notification channel may still want (concepts 17).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "runtime/clock.h"
#include "store/database.h"

namespace ntms::operations {

// How much is kept and done at once.
struct HousekeepingLimits {
  std::int64_t changes_kept = 10000;        // rows of one type, if it has few objects
  std::int64_t changes_kept_more = 1000;    // beyond what a channel may be behind
  std::int64_t changes_at_once = 5000;      // rows of the change log deleted in one transaction
  std::int64_t changes_before_look = 4000;  // new rows before the log is looked through again
  std::int64_t requests_at_once = 500;      // requests deleted in one transaction
};

// Work in portions, so that nothing else waits long for the engine or the database. Thread safety:
// used on one thread.
class Housekeeping {
 public:
  // Both must outlive the object.
  Housekeeping(store::Database& database, const runtime::Clock& clock,
               HousekeepingLimits limits = {})
      : database_(database), clock_(clock), limits_(limits) {}

  // Does one portion of what there is to do; when there is nothing, a few rows are read. Requests
  // are deleted by the purge times and flags of the computer object; of each type of objects the
  // newest changes stay, max(changes_kept, 4 x objects) + changes_kept_more of them, and the
  // setting "trimmed.<type>" is the highest sequence deleted so far.
  // Returns whether there is more to do now. Errors: those of the database; nothing is lost by
  // them.
  Result<bool> run();

 private:
  Result<bool> purge(std::int64_t last_change);
  Result<bool> trim(std::int64_t last_change);
  Result<bool> trim_type();

  store::Database& database_;
  const runtime::Clock& clock_;
  const HousekeepingLimits limits_;

  std::int64_t purge_looked_at_ = -1;  // how far the change log had come
  std::optional<model::Time> due_;     // when the next request is to go, as of then; none: none

  std::optional<std::int64_t> trim_looked_at_;  // likewise; stored, so that it outlives the process
  std::int64_t looking_at_ = 0;                 // how far the log had come when this look began
  std::uint32_t type_ = 0;                      // being looked at; 0: not looking
  std::optional<std::int64_t> cut_;             // its changes up to here are to go
};

}  // namespace ntms::operations
