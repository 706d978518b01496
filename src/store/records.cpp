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

void Writer::set_slot_state(const Guid& slot, std::uint32_t state) {
  if (execute("UPDATE slot SET state=?2, modified=?3 WHERE guid=?1", slot, state, now_) != 0) {
    log(NTMS_OBJ_UPDATE, NTMS_STORAGESLOT, slot);
  }
}

void Writer::mark_full_slots(const Guid& library) {
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

std::int64_t Writer::next(std::string_view counter) {
  const std::int64_t value = setting(counter).value_or(0) + 1;
  set_setting(counter, value);
  return value;
}

void Writer::log(std::uint32_t operation, std::uint32_t type, const Guid& id) {
  Statement statement(
      connection_.prepare_static("INSERT INTO change(operation,type,guid) VALUES(?1,?2,?3)"));
  statement.bind(1, operation);
  statement.bind(2, type);
  statement.bind(3, id);
  statement.run();
}

}  // namespace ntms::store
