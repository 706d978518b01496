// SPDX-License-Identifier: MIT
#include "store/records.h"

#include <array>
#include <span>

#include "store/mapping.h"

namespace ntms::store {
namespace {

using Names = std::span<const char* const>;

// The names of a type's columns.
template <class T>
constexpr auto kNames = std::apply(
    [](const auto&... column) {
      return std::array<const char*, sizeof...(column)>{column.name...};
    },
    Columns<T>::all);

std::string select_text(const char* table, Names names) {
  std::string text = "SELECT ";
  for (const char* const name : names) {
    if (name != names.front()) text += ',';
    text.append("t.").append(name);
  }
  return text.append(" FROM ").append(table).append(" t");
}

std::string insert_text(const char* table, Names names) {
  std::string text = std::string("INSERT INTO ") + table + "(";
  std::string values;
  for (const char* const name : names) {
    if (!values.empty()) text += ',';
    values += values.empty() ? "?" : ",?";
    text += name;
  }
  return text + ") VALUES(" + values + ")";
}

// "UPDATE table SET ... WHERE guid=?1" with the columns whose bit is set.
std::string update_text(const char* table, Names names, std::uint64_t columns) {
  std::string text = std::string("UPDATE ") + table;
  const char* separator = " SET ";
  for (std::size_t i = 0; i < names.size(); ++i) {
    if ((columns >> i & 1) == 0) continue;
    text.append(separator).append(names[i]).append("=?").append(std::to_string(i + 1));
    separator = ",";
  }
  return text + " WHERE guid=?1";
}

template <class T>
const char* find_sql() {
  static const std::string& sql = *new std::string(detail::select_sql<T>() + " WHERE t.guid=?1");
  return sql.c_str();
}

template <class T>
const char* insert_sql() {
  static const std::string& sql = *new std::string(insert_text(Table<T>::name, kNames<T>));
  return sql.c_str();
}

template <class T>
const char* delete_sql() {
  static const std::string& sql =
      *new std::string(std::string("DELETE FROM ") + Table<T>::name + " WHERE guid=?1");
  return sql.c_str();
}

// A bit for each of the object's columns: set where the two differ.
template <class T>
std::uint64_t differing_columns(const T& a, const T& b) {
  static_assert(kNames<T>.size() <= 64);
  std::uint64_t differing = 0;
  std::uint64_t bit = 1;
  std::apply(
      [&](const auto&... column) {
        ((differing |= a.*column.member == b.*column.member ? 0 : bit, bit <<= 1), ...);
      },
      Columns<T>::all);
  return differing;
}

// Binds the columns whose bit is set.
template <class T>
void bind_row(Statement& statement, const T& object, std::uint64_t columns = ~std::uint64_t{0}) {
  int index = 0;
  const auto bind = [&](const auto& value) {
    if ((columns >> index++ & 1) != 0) statement.bind(index, value);
  };
  std::apply([&](const auto&... column) { (bind(object.*column.member), ...); }, Columns<T>::all);
}

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

namespace detail {

template <class T>
const std::string& select_sql() {
  static const std::string& sql = *new std::string(select_text(Table<T>::name, kNames<T>));
  return sql;
}

template <class T>
void read_row(const Statement& row, T& object) {
  int index = 0;
  std::apply([&](const auto&... column) { (row.read(index++, object.*column.member), ...); },
             Columns<T>::all);
}

}  // namespace detail

template <class T>
std::optional<T> Reader::find(const Guid& id) {
  Statement statement(connection_.prepare_static(find_sql<T>()));
  statement.bind(1, id);
  if (!statement.step()) return std::nullopt;
  std::optional<T> object(std::in_place);
  detail::read_row(statement, *object);
  return object;
}

template <class T>
void Writer::insert(T& object) {
  if (object.id.is_null()) object.id = Guid::make();
  object.created = object.modified = now_;
  Statement statement(connection_.prepare_static(insert_sql<T>()));
  bind_row(statement, object);
  statement.run();
  log(NTMS_OBJ_INSERT, Table<T>::type, object.id);
}

template <class T>
void Writer::update(T& object) {
  const std::optional<T> stored = this->template find<T>(object.id);
  if (!stored) return;
  object.modified = now_;
  const std::uint64_t identity = 1;  // the first column
  const std::uint64_t modified = 4;  // the third: written in any case
  const std::uint64_t columns = differing_columns(*stored, object) | modified;
  {
    Statement statement(connection_.prepare(update_text(Table<T>::name, kNames<T>, columns)));
    bind_row(statement, object, columns | identity);
    statement.run();
  }
  log(NTMS_OBJ_UPDATE, Table<T>::type, object.id);
}

template <class T>
void Writer::remove(const Guid& id) {
  {
    Statement statement(connection_.prepare_static(delete_sql<T>()));
    statement.bind(1, id);
    statement.run();
  }
  if (connection_.changes() != 0) log(NTMS_OBJ_DELETE, Table<T>::type, id);
}

#define NTMS_INSTANTIATE(T)                                              \
  template const std::string& detail::select_sql<model::T>();            \
  template void detail::read_row<model::T>(const Statement&, model::T&); \
  template std::optional<model::T> Reader::find<model::T>(const Guid&);  \
  template void Writer::insert<model::T>(model::T&);                     \
  template void Writer::update<model::T>(model::T&);                     \
  template void Writer::remove<model::T>(const Guid&);

NTMS_INSTANTIATE(Changer)
NTMS_INSTANTIATE(ChangerType)
NTMS_INSTANTIATE(Computer)
NTMS_INSTANTIATE(Drive)
NTMS_INSTANTIATE(DriveType)
NTMS_INSTANTIATE(Door)
NTMS_INSTANTIATE(Port)
NTMS_INSTANTIATE(Library)
NTMS_INSTANTIATE(LibraryRequest)
NTMS_INSTANTIATE(LogicalMedium)
NTMS_INSTANTIATE(MediaPool)
NTMS_INSTANTIATE(MediaType)
NTMS_INSTANTIATE(Side)
NTMS_INSTANTIATE(PhysicalMedium)
NTMS_INSTANTIATE(Slot)
NTMS_INSTANTIATE(OperatorRequest)

#undef NTMS_INSTANTIATE

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
