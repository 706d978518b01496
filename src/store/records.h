// SPDX-License-Identifier: MIT
// Reading and writing model objects in a transaction. The functions are templates over the object
// type; what they need to know about it stands in mapping.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/connection.h"
#include "store/mapping.h"

namespace ntms::store {

namespace detail {

// "SELECT guid,... FROM table t"
template <class T>
const std::string& select_sql() {
  static const std::string& sql = *new std::string([] {
    std::string columns;
    std::apply(
        [&](const auto&... column) {
          ((columns += (columns.empty() ? "" : ",") + std::string("t.") + column.name), ...);
        },
        Table<T>::columns);
    return "SELECT " + columns + " FROM " + Table<T>::name + " t";
  }());
  return sql;
}

template <class T>
const char* find_sql() {
  static const std::string& sql = *new std::string(select_sql<T>() + " WHERE t.guid=?1");
  return sql.c_str();
}

template <class T>
const char* insert_sql() {
  static const std::string& sql = *new std::string([] {
    std::string columns;
    std::string values;
    std::apply(
        [&](const auto&... column) {
          ((columns += (columns.empty() ? "" : ",") + std::string(column.name),
            values += values.empty() ? "?" : ",?"),
           ...);
        },
        Table<T>::columns);
    return std::string("INSERT INTO ") + Table<T>::name + "(" + columns + ") VALUES(" + values +
           ")";
  }());
  return sql.c_str();
}

// A bit for each of the object's columns: set where the two differ.
template <class T>
std::uint64_t differing_columns(const T& a, const T& b) {
  static_assert(std::tuple_size_v<decltype(Table<T>::columns)> <= 64);
  std::uint64_t differing = 0;
  std::uint64_t bit = 1;
  std::apply(
      [&](const auto&... column) {
        ((differing |= a.*column.member == b.*column.member ? 0 : bit, bit <<= 1), ...);
      },
      Table<T>::columns);
  return differing;
}

// "UPDATE table SET ... WHERE guid=?1" with the columns whose bit is set.
template <class T>
std::string update_sql(std::uint64_t columns) {
  std::string sql = std::string("UPDATE ") + Table<T>::name;
  const char* separator = " SET ";
  int index = 0;
  const auto add = [&](const char* name) {
    if ((columns >> index++ & 1) == 0) return;
    sql.append(separator).append(name).append("=?").append(std::to_string(index));
    separator = ",";
  };
  std::apply([&](const auto&... column) { (add(column.name), ...); }, Table<T>::columns);
  return sql + " WHERE guid=?1";
}

template <class T>
const char* delete_sql() {
  static const std::string& sql =
      *new std::string(std::string("DELETE FROM ") + Table<T>::name + " WHERE guid=?1");
  return sql.c_str();
}

template <class T>
void read_row(const Statement& row, T& object) {
  int index = 0;
  std::apply([&](const auto&... column) { (row.read(index++, object.*column.member), ...); },
             Table<T>::columns);
}

// Binds the columns whose bit is set.
template <class T>
void bind_row(Statement& statement, const T& object, std::uint64_t columns = ~std::uint64_t{0}) {
  int index = 0;
  const auto bind = [&](const auto& value) {
    if ((columns >> index++ & 1) != 0) statement.bind(index, value);
  };
  std::apply([&](const auto&... column) { (bind(object.*column.member), ...); }, Table<T>::columns);
}

}  // namespace detail

// Reads objects within one transaction: all answers belong to the same moment. Not thread-safe.
class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(connection) {}

  // The object of type T with this identifier, or nothing.
  template <class T>
  std::optional<T> find(const Guid& id) {
    Statement statement(connection_.prepare_static(detail::find_sql<T>()));
    statement.bind(1, id);
    if (!statement.step()) return std::nullopt;
    std::optional<T> object(std::in_place);
    detail::read_row(statement, *object);
    return object;
  }

  // All objects of type T that meet a condition on the table's columns (alias t), in the order of
  // their creation. `condition` is SQL with ?1, ?2, ... for the values; empty: all.
  template <class T, class... Values>
  std::vector<T> list(std::string_view condition, const Values&... values) {
    std::string sql = detail::select_sql<T>();
    if (!condition.empty()) sql.append(" WHERE ").append(condition);
    sql += " ORDER BY t.id";
    Statement statement(connection_.prepare(sql));
    bind_all(statement, values...);
    std::vector<T> objects;
    while (statement.step()) detail::read_row(statement, objects.emplace_back());
    return objects;
  }

  // The first of list(), or nothing.
  template <class T, class... Values>
  std::optional<T> first(std::string_view condition, const Values&... values) {
    const std::string sql =
        detail::select_sql<T>() + " WHERE " + std::string(condition) + " ORDER BY t.id LIMIT 1";
    Statement statement(connection_.prepare(sql));
    bind_all(statement, values...);
    if (!statement.step()) return std::nullopt;
    std::optional<T> object(std::in_place);
    detail::read_row(statement, *object);
    return object;
  }

  // The first column of the first row of a query, as a number; 0 when there is no row or it is
  // NULL. `sql` must live as long as the program.
  template <class... Values>
  std::int64_t number(const char* sql, const Values&... values) {
    Statement statement(connection_.prepare_static(sql));
    bind_all(statement, values...);
    std::int64_t value = 0;
    if (statement.step()) statement.read(0, value);
    return value;
  }

  // The identifiers in the first column of a query. `sql` must live as long as the program.
  template <class... Values>
  std::vector<Guid> ids(const char* sql, const Values&... values) {
    Statement statement(connection_.prepare_static(sql));
    bind_all(statement, values...);
    std::vector<Guid> found;
    while (statement.step()) statement.read(0, found.emplace_back());
    return found;
  }

  // The object type (NtmsObjectsTypes) behind an identifier, or nothing.
  std::optional<std::uint32_t> type_of(const Guid& id);

  // A value of the server's own settings, or nothing.
  std::optional<std::int64_t> setting(std::string_view name);
  std::optional<std::string> text_setting(std::string_view name);

 protected:
  template <class... Values>
  static void bind_all(Statement& statement, const Values&... values) {
    int index = 0;
    (statement.bind(++index, values), ...);
  }

  Connection& connection_;
};

// Changes objects within one write transaction. Every change writes its row of the change log in
// the same transaction (contract: functions-library-control 0.4). Not thread-safe.
class Writer : public Reader {
 public:
  // `now` is the moment recorded in created and modified.
  Writer(Connection& connection, model::Time now) : Reader(connection), now_(now) {}

  model::Time now() const { return now_; }

  // Stores a new object; makes its identifier if it has none and sets created and modified.
  template <class T>
  void insert(T& object) {
    if (object.id.is_null()) object.id = Guid::make();
    object.created = object.modified = now_;
    Statement statement(connection_.prepare_static(detail::insert_sql<T>()));
    detail::bind_row(statement, object);
    statement.run();
    log(NTMS_OBJ_INSERT, Table<T>::type, object.id);
  }

  // Stores all members of an existing object and sets modified; nothing happens when it does not
  // exist. Writes only what differs: every indexed column that is written, changed or not, is one
  // more page of the log.
  template <class T>
  void update(T& object) {
    const std::optional<T> stored = this->template find<T>(object.id);
    if (!stored) return;
    object.modified = now_;
    const std::uint64_t identity = 1;  // the first column
    const std::uint64_t modified = 4;  // the third: written in any case
    const std::uint64_t columns = detail::differing_columns(*stored, object) | modified;
    {
      Statement statement(connection_.prepare(detail::update_sql<T>(columns)));
      detail::bind_row(statement, object, columns | identity);
      statement.run();
    }
    log(NTMS_OBJ_UPDATE, Table<T>::type, object.id);
  }

  // Deletes an object; nothing happens when it does not exist.
  template <class T>
  void remove(const Guid& id) {
    {
      Statement statement(connection_.prepare_static(detail::delete_sql<T>()));
      statement.bind(1, id);
      statement.run();
    }
    if (connection_.changes() != 0) log(NTMS_OBJ_DELETE, Table<T>::type, id);
  }

  // The notice that an asynchronous operation has ended (NTMS_EVENT_COMPLETE on the channel of
  // `type`, with the identifier the operation's section names).
  void complete(std::uint32_t type, const Guid& id) { log(NTMS_EVENT_COMPLETE, type, id); }

  // Tells of a change of something that has no object table of its own.
  void note(std::uint32_t operation, std::uint32_t type, const Guid& id) {
    log(operation, type, id);
  }

  // Runs a statement that changes rows outside the object tables. `sql` must live as long as the
  // program. Returns the number of rows changed.
  template <class... Values>
  std::int64_t execute(const char* sql, const Values&... values) {
    Statement statement(connection_.prepare_static(sql));
    bind_all(statement, values...);
    statement.run();
    return connection_.changes();
  }

  // Sets the state of the slots of a library with element addresses from `first` to `last` that
  // have another one: update() of one member of many, for libraries of many thousand slots.
  void set_slot_states(const Guid& library, std::uint32_t first, std::uint32_t last,
                       std::uint32_t state);

  // Marks every slot of a library that holds a medium NTMS_SLOTSTATE_NEEDSINVENTORY.
  void mark_full_slots(const Guid& library);

  void set_setting(std::string_view name, std::int64_t value);
  void set_setting(std::string_view name, std::string_view value);

  // The next number of a counter that is kept in the settings, starting at 1. With `count`: takes
  // that many and returns the first.
  std::int64_t next(std::string_view counter, std::int64_t count = 1);

  // Writes the rows of the change log that are still kept back, or forgets them. Database calls one
  // of the two when a unit of work has ended.
  void flush_log();
  void forget_log() { unwritten_.clear(); }

 private:
  struct Change {
    std::uint32_t operation;
    std::uint32_t type;
    Guid id;
  };

  // Keeps a row of the change log for later: many at once cost a third of one after the other.
  void log(std::uint32_t operation, std::uint32_t type, const Guid& id);
  void write_log(std::size_t first, std::size_t count, const char* sql);

  model::Time now_;
  std::vector<Change> unwritten_;
};

}  // namespace ntms::store
