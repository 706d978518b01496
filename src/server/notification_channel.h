// SPDX-License-Identifier: MIT
// Notification channels (functions-session 9 to 11, concepts 17). The change log in the database is
// the queue: a channel only remembers how far it has read, so that nobody who changes something has
// to know of it, and a listener that sleeps costs nothing.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "store/database.h"

namespace ntms::server {

// One change of an object of the channel's type.
struct Notice {
  std::uint32_t operation = 0;  // NtmsNotificationOperations
  Guid object;
};

// Delivers the changes of one object type in their order, each once, whoever made them. Thread
// safety: all functions may be called from any thread; of several that ask, each change goes to
// one.
class NotificationChannel {
 public:
  // A channel that begins after the last change committed so far. `type` is any number; one that
  // is no type of objects that change (NTMS_CHANGER to NTMS_UI_DESTINATION) gives a channel that
  // never has anything. Errors: those of the database.
  static Result<std::shared_ptr<NotificationChannel>> open(store::Database& database,
                                                           std::uint32_t type);

  // The oldest change not yet taken; nothing when there is none now. `database` is that of open().
  // Errors: ERROR_NO_DATA when the channel has been closed, and for ever once it has broken:
  // because more changes of the type were waiting at a look than max(10000, 4 x objects of the
  // type), or because the log has been trimmed of changes it had not read. Else those of the
  // database, which cost no change.
  Result<std::optional<Notice>> take(store::Database& database);

  // Ends it: take() fails from now on. Returns at once.
  void close() { closed_.store(true, std::memory_order_release); }

 private:
  NotificationChannel(std::uint32_t type, std::int64_t position);

  Result<void> look(store::Database& database);

  const std::uint32_t type_;
  const bool fires_;                // whether objects of the type change
  const std::string trimmed_name_;  // of the setting that tells of trimming
  std::atomic<bool> closed_{false};

  std::mutex mutex_;           // guards what follows
  std::int64_t position_;      // sequence up to which the log has been read
  std::int64_t counted_;       // sequence up to which the changes of the type have been counted
  std::int64_t unread_ = 0;    // of those, how many are not in `ready_` yet
  std::vector<Notice> ready_;  // read; those before `taken_` have been taken
  std::size_t taken_ = 0;
  bool broken_ = false;
};

}  // namespace ntms::server
