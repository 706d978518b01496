// SPDX-License-Identifier: MIT
#include "store/records.h"

namespace ntms::store {
namespace {

// One query over all object tables.
const char* type_sql() {
  static const std::string& sql = *new std::string([] {
    std::string text;
    for_each_table([&](auto table) {
      text += (text.empty() ? "" : " UNION ALL ") + std::string("SELECT ") +
              std::to_string(table.type) + " FROM " + table.name + " WHERE guid=?1";
    });
    return text;
  }());
  return sql.c_str();
}

constexpr std::size_t kRowsAtOnce = 32;
constexpr std::size_t kMostUnwritten = 512;  // rows of the change log in memory

// Inserts kRowsAtOnce rows into the change log.
const char* log_many_sql() {
  static const std::string& sql = *new std::string([] {
    std::string text = "INSERT INTO change(operation,type,guid) VALUES(?,?,?)";
    for (std::size_t row = 1; row < kRowsAtOnce; ++row) text += ",(?,?,?)";
    return text;
  }());
  return sql.c_str();
}

}  // namespace

std::optional<std::uint32_t> Reader::type_of(const Guid& id) {
  Statement statement(connection_.prepare_static(type_sql()));
  statement.bind(1, id);
  if (!statement.step()) return std::nullopt;
  std::uint32_t type = 0;
  statement.read(0, type);
  return type;
}

std::optional<std::int64_t> Reader::setting(std::string_view name) {
  Statement statement(connection_.prepare_static("SELECT value FROM setting WHERE name=?1"));
  statement.bind(1, name);
  if (!statement.step()) return std::nullopt;
  std::int64_t value = 0;
  statement.read(0, value);
  return value;
}

std::optional<std::string> Reader::text_setting(std::string_view name) {
  Statement statement(connection_.prepare_static("SELECT value FROM setting WHERE name=?1"));
  statement.bind(1, name);
  if (!statement.step()) return std::nullopt;
  std::string value;
  statement.read(0, value);
  return value;
}

void Writer::set_slot_states(const Guid& library, std::uint32_t first, std::uint32_t last,
                             std::uint32_t state) {
  flush_log();  // in the order of events
  execute(
      "INSERT INTO change(operation,type,guid) SELECT ?5,?6,guid FROM slot "
      "WHERE library=?1 AND element_address BETWEEN ?2 AND ?3 AND state<>?4 "
      "ORDER BY element_address",
      library, first, last, state, NTMS_OBJ_UPDATE, NTMS_STORAGESLOT);
  execute(
      "UPDATE slot SET state=?4, modified=?5 "
      "WHERE library=?1 AND element_address BETWEEN ?2 AND ?3 AND state<>?4",
      library, first, last, state, now_);
}

void Writer::mark_full_slots(const Guid& library) {
  flush_log();  // in the order of events
  execute(
      "INSERT INTO change(operation,type,guid) SELECT ?2,?3,guid FROM slot "
      "WHERE library=?1 AND state=?4 ORDER BY id",
      library, NTMS_OBJ_UPDATE, NTMS_STORAGESLOT, NTMS_SLOTSTATE_FULL);
  execute("UPDATE slot SET state=?2, modified=?3 WHERE library=?1 AND state=?4", library,
          NTMS_SLOTSTATE_NEEDSINVENTORY, now_, NTMS_SLOTSTATE_FULL);
}

void Writer::set_setting(std::string_view name, std::int64_t value) {
  execute(
      "INSERT INTO setting(name,value) VALUES(?1,?2) "
      "ON CONFLICT(name) DO UPDATE SET value=excluded.value",
      name, value);
}

void Writer::set_setting(std::string_view name, std::string_view value) {
  execute(
      "INSERT INTO setting(name,value) VALUES(?1,?2) "
      "ON CONFLICT(name) DO UPDATE SET value=excluded.value",
      name, value);
}

std::int64_t Writer::next(std::string_view counter, std::int64_t count) {
  const std::int64_t before = setting(counter).value_or(0);
  set_setting(counter, before + count);
  return before + 1;
}

void Writer::log(std::uint32_t operation, std::uint32_t type, const Guid& id) {
  unwritten_.push_back({operation, type, id});
  if (unwritten_.size() == kMostUnwritten) flush_log();
}

void Writer::flush_log() {
  std::size_t first = 0;
  for (; unwritten_.size() - first >= kRowsAtOnce; first += kRowsAtOnce) {
    write_log(first, kRowsAtOnce, log_many_sql());
  }
  for (; first < unwritten_.size(); ++first) {
    write_log(first, 1, "INSERT INTO change(operation,type,guid) VALUES(?,?,?)");
  }
  unwritten_.clear();
}

void Writer::write_log(std::size_t first, std::size_t count, const char* sql) {
  Statement statement(connection_.prepare_static(sql));
  int index = 0;
  for (std::size_t i = first; i < first + count; ++i) {
    statement.bind(++index, unwritten_[i].operation);
    statement.bind(++index, unwritten_[i].type);
    statement.bind(++index, unwritten_[i].id);
  }
  statement.run();
}

}  // namespace ntms::store
