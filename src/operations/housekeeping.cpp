// SPDX-License-Identifier: MIT
#include "operations/housekeeping.h"

#include <ntmsapi.h>

#include <algorithm>
#include <chrono>
#include <string>

namespace ntms::operations {
namespace {

constexpr std::int64_t kSecond = 1000000;  // of model::Time
constexpr std::uint32_t kFirstType = NTMS_CHANGER;
constexpr std::uint32_t kLastType = NTMS_UI_DESTINATION;
constexpr std::string_view kTrimLookedAt = "trim_looked_at";
// Looking through a long log takes as long as some commands of a robot; the engine goes on between
// two types.
constexpr std::chrono::milliseconds kAtOnce{10};

// How the records of one kind of requests go.
struct Purging {
  std::int64_t period = 0;  // microseconds from the end of a request to its removal
  bool enabled = false;
  bool keeps_failed = false;
};

// The moment the oldest request ended that is to go some day (?1: 1 keeps failures), and those that
// ended by ?1 (?2: 1 keeps failures, ?3: at most so many).
constexpr const char* kNextLibraryRequest =
    "SELECT time_completed FROM library_request WHERE time_completed>0 AND state IN (2,3,4,7,8)"
    " AND (state<>3 OR ?1=0) ORDER BY time_completed LIMIT 1";
constexpr const char* kOldLibraryRequests =
    "SELECT guid FROM library_request WHERE time_completed>0 AND time_completed<=?1"
    " AND state IN (2,3,4,7,8) AND (state<>3 OR ?2=0) ORDER BY time_completed LIMIT ?3";
constexpr const char* kNextOperatorRequest =
    "SELECT answered FROM operator_request WHERE answered>0 AND state IN (4,5)"
    " AND (state<>4 OR ?1=0) ORDER BY answered LIMIT 1";
constexpr const char* kOldOperatorRequests =
    "SELECT guid FROM operator_request WHERE answered>0 AND answered<=?1 AND state IN (4,5)"
    " AND (state<>4 OR ?2=0) ORDER BY answered LIMIT ?3";

Purging of_library_requests(const model::Computer& computer) {
  return {.period = computer.lib_request_purge_time * kSecond,
          .enabled = (computer.lib_request_flags & NTMS_LIBREQFLAGS_NOAUTOPURGE) == 0,
          .keeps_failed = (computer.lib_request_flags & NTMS_LIBREQFLAGS_NOFAILEDPURGE) != 0};
}

Purging of_operator_requests(const model::Computer& computer) {
  return {.period = computer.op_request_purge_time * kSecond,
          .enabled = (computer.op_request_flags & NTMS_OPREQFLAGS_NOAUTOPURGE) == 0,
          .keeps_failed = (computer.op_request_flags & NTMS_OPREQFLAGS_NOFAILEDPURGE) != 0};
}

// When the first record of this kind is to go; none when none will.
std::optional<model::Time> due(store::Reader& reader, const Purging& purging, const char* next) {
  if (!purging.enabled) return std::nullopt;
  const std::int64_t ended = reader.number(next, purging.keeps_failed);
  if (ended == 0) return std::nullopt;
  return ended + purging.period;
}

// Deletes what is to go, `most` records at most; how many it were.
template <class T>
std::int64_t remove_old(store::Writer& writer, const Purging& purging, const char* old,
                        std::int64_t most) {
  if (!purging.enabled) return 0;
  const auto ids = writer.ids(old, writer.now() - purging.period, purging.keeps_failed, most);
  for (const Guid& id : ids) writer.remove<T>(id);
  return static_cast<std::int64_t>(ids.size());
}

std::int64_t objects_of(store::Reader& reader, std::uint32_t type) {
  if (type == NTMS_UI_DESTINATION) return reader.number("SELECT count(*) FROM ui_destination");
  std::int64_t count = 0;
  store::for_each_table([&](auto table) {
    if (table.type != type) return;
    static const std::string& sql =
        *new std::string(std::string("SELECT count(*) FROM ") + table.name);
    count = reader.number(sql.c_str());
  });
  return count;
}

std::string trimmed_setting(std::uint32_t type) {
  return "trimmed." + std::to_string(type);
}

}  // namespace

Result<bool> Housekeeping::run() {
  const auto last_change = database_.read([](store::Reader& reader) {
    return reader.number("SELECT seq FROM sqlite_sequence WHERE name='change'");
  });
  if (!last_change) return last_change.error();
  const auto purged = purge(*last_change);
  if (!purged) return purged.error();
  const auto trimmed = trim(*last_change);
  if (!trimmed) return trimmed.error();
  return *purged || *trimmed;
}

Result<bool> Housekeeping::purge(std::int64_t last_change) {
  if (purge_looked_at_ != last_change) {
    const auto next = database_.read([&](store::Reader& reader) -> std::optional<model::Time> {
      const auto computer = reader.first<model::Computer>("1");
      if (!computer) return std::nullopt;
      const auto library = due(reader, of_library_requests(*computer), kNextLibraryRequest);
      const auto person = due(reader, of_operator_requests(*computer), kNextOperatorRequest);
      return library && person ? std::min(library, person) : library ? library : person;
    });
    if (!next) return next.error();
    due_ = *next;
    purge_looked_at_ = last_change;
  }
  if (!due_ || clock_.utc_us() < *due_) return false;
  std::int64_t removed = 0;
  const auto done = database_.write([&](store::Writer& writer) -> Result<void> {
    const auto computer = writer.first<model::Computer>("1");
    if (!computer) return {};
    removed = remove_old<model::LibraryRequest>(writer, of_library_requests(*computer),
                                                kOldLibraryRequests, limits_.requests_at_once);
    removed += remove_old<model::OperatorRequest>(writer, of_operator_requests(*computer),
                                                  kOldOperatorRequests, limits_.requests_at_once);
    return {};
  });
  if (!done) return done.error();
  purge_looked_at_ = -1;  // the change log may not have moved: what is next has
  return removed >= limits_.requests_at_once;
}

Result<bool> Housekeeping::trim(std::int64_t last_change) {
  if (type_ == 0) {
    if (!trim_looked_at_) {
      const auto stored = database_.read(
          [](store::Reader& reader) { return reader.setting(kTrimLookedAt).value_or(0); });
      if (!stored) return stored.error();
      trim_looked_at_ = *stored;
    }
    if (last_change - *trim_looked_at_ < limits_.changes_before_look) return false;
    type_ = kFirstType;
    looking_at_ = last_change;
  }
  const auto until = std::chrono::steady_clock::now() + kAtOnce;
  do {
    const auto finished = trim_type();
    if (!finished) return finished.error();
    if (!*finished) return true;
    ++type_;
  } while (type_ <= kLastType && std::chrono::steady_clock::now() < until);
  if (type_ <= kLastType) return true;
  const auto noted = database_.write([&](store::Writer& writer) -> Result<void> {
    writer.set_setting(kTrimLookedAt, looking_at_);
    return {};
  });
  if (!noted) return noted.error();
  trim_looked_at_ = looking_at_;
  type_ = 0;
  return false;
}

// Deletes a portion of the changes of type_ that are to go. True when none is left.
Result<bool> Housekeeping::trim_type() {
  if (!cut_) {
    const auto cut = database_.read([&](store::Reader& reader) {
      const std::int64_t kept =
          std::max(limits_.changes_kept, 4 * objects_of(reader, type_)) + limits_.changes_kept_more;
      return reader.number(
          "SELECT sequence FROM change WHERE type=?1 ORDER BY sequence DESC LIMIT 1 OFFSET ?2",
          type_, kept);
    });
    if (!cut) return cut.error();
    if (*cut == 0) return true;  // no more than are kept
    cut_ = *cut;
  }
  bool finished = false;
  const auto done = database_.write([&](store::Writer& writer) -> Result<void> {
    const std::int64_t before = writer.setting(trimmed_setting(type_)).value_or(0);
    const std::int64_t last = writer.number(
        "SELECT max(sequence) FROM (SELECT sequence FROM change WHERE sequence>?1 AND sequence<=?2"
        " AND type=?3 ORDER BY sequence LIMIT ?4)",
        before, *cut_, type_, limits_.changes_at_once);
    finished = last == 0 || last == *cut_;
    if (last == 0) return {};
    writer.execute("DELETE FROM change WHERE sequence>?1 AND sequence<=?2 AND type=?3", before,
                   last, type_);
    writer.set_setting(trimmed_setting(type_), last);
    return {};
  });
  if (!done) return done.error();
  if (finished) cut_.reset();
  return finished;
}

}  // namespace ntms::operations
