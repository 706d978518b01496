// SPDX-License-Identifier: MIT
#include "server/notification_channel.h"

#include <algorithm>
#include <utility>

#include "server/object_types.h"

namespace ntms::server {
namespace {

constexpr std::int64_t kAtOnce = 256;        // changes read by one look
constexpr std::int64_t kMostUnread = 10000;  // at least, before a channel breaks

constexpr bool changes(std::uint32_t type) {
  return is_object_type(type) || type == NTMS_UI_DESTINATION;
}

template <class T>
const char* count_sql() {
  static const std::string& sql =
      *new std::string(std::string("SELECT count(*) FROM ") + store::Table<T>::name);
  return sql.c_str();
}

std::int64_t count_objects(store::Reader& reader, std::uint32_t type) {
  if (type == NTMS_UI_DESTINATION) return reader.number("SELECT count(*) FROM ui_destination");
  return with_object_type(
      type, [&]<class T>(std::type_identity<T>) { return reader.number(count_sql<T>()); });
}

// The log's last sequence, also after its last rows have been trimmed.
std::int64_t last_sequence(store::Reader& reader) {
  return reader.number("SELECT seq FROM sqlite_sequence WHERE name='change'");
}

// Reads rows of the change log, which are no objects.
class ChangeRows : private store::Reader {
 public:
  explicit ChangeRows(const store::Reader& reader) : Reader(reader) {}

  // At most kAtOnce changes of a type with sequences after `after` up to `end`, in order; sets
  // `read_to` to the sequence up to which there is no other.
  std::vector<Notice> read(std::uint32_t type, std::int64_t after, std::int64_t end,
                           std::int64_t& read_to) {
    store::Statement row(connection_.prepare_static(
        "SELECT sequence, operation, guid FROM change"
        " WHERE sequence>?1 AND sequence<=?2 AND type=?3 ORDER BY sequence LIMIT ?4"));
    bind_all(row, after, end, type, kAtOnce);
    std::vector<Notice> found;
    read_to = after;
    while (row.step()) {
      Notice& notice = found.emplace_back();
      row.read(0, read_to);
      row.read(1, notice.operation);
      row.read(2, notice.object);
    }
    if (static_cast<std::int64_t>(found.size()) < kAtOnce) read_to = end;
    return found;
  }
};

}  // namespace

NotificationChannel::NotificationChannel(std::uint32_t type, std::int64_t position)
    : type_(type),
      fires_(changes(type)),
      trimmed_name_("trimmed." + std::to_string(type)),
      position_(position),
      counted_(position) {}

Result<std::shared_ptr<NotificationChannel>> NotificationChannel::open(store::Database& database,
                                                                       std::uint32_t type) {
  const auto position = database.read([](store::Reader& reader) -> Result<std::int64_t> {
    return {boost::system::in_place_value, last_sequence(reader)};
  });
  if (!position) return position.error();
  return std::shared_ptr<NotificationChannel>(new NotificationChannel(type, *position));
}

Result<std::optional<Notice>> NotificationChannel::take(store::Database& database) {
  const std::lock_guard lock(mutex_);
  if (closed_.load(std::memory_order_acquire)) {
    return fail(ERROR_NO_DATA, "the channel has been closed");
  }
  if (broken_) return fail(ERROR_NO_DATA, "changes were lost before they were read");
  if (taken_ == ready_.size() && fires_) {
    if (const auto looked = look(database); !looked) return looked.error();
  }
  std::optional<Notice> oldest;
  if (taken_ < ready_.size()) oldest = ready_[taken_++];
  return oldest;
}

// Reads the next changes. Every row of the log is passed twice, once to count and once to read,
// however far behind the channel is.
Result<void> NotificationChannel::look(store::Database& database) {
  struct Seen {
    bool lost = false;
    std::int64_t end = 0;
    std::int64_t unread = 0;
    std::int64_t read_to = 0;
    std::vector<Notice> rows;
  };
  auto seen = database.read([&](store::Reader& reader) {
    Seen now;
    now.lost = reader.setting(trimmed_name_).value_or(0) > position_;
    now.end = last_sequence(reader);
    if (now.lost || now.end == position_) return now;
    now.unread =
        unread_ +
        reader.number("SELECT count(*) FROM change WHERE sequence>?1 AND sequence<=?2 AND type=?3",
                      counted_, now.end, type_);
    now.lost = now.unread > kMostUnread &&
               now.unread > std::max(kMostUnread, 4 * count_objects(reader, type_));
    if (!now.lost) now.rows = ChangeRows(reader).read(type_, position_, now.end, now.read_to);
    return now;
  });
  if (!seen) return seen.error();
  if (seen->lost) {
    broken_ = true;
    return fail(ERROR_NO_DATA, "changes were lost before they were read");
  }
  if (seen->end == position_) return {};
  counted_ = seen->end;
  unread_ = seen->unread - static_cast<std::int64_t>(seen->rows.size());
  position_ = seen->read_to;
  ready_.swap(seen->rows);
  taken_ = 0;
  return {};
}

}  // namespace ntms::server
