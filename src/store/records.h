// SPDX-License-Identifier: MIT
// Reading and writing model objects in a transaction. The functions are templates over the object
// type; what they need to know about it stands in mapping.h. Those without a definition here are
// instantiated in records.cpp, once for each type of for_each_table().
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "store/connection.h"
#include "store/tables.h"

namespace ntms::store {

namespace detail {

// "SELECT t.guid,... FROM table t"
template <class T>
const std::string& select_sql();

// Stores the columns of a row of select_sql() in an object.
template <class T>
void read_row(const Statement& row, T& object);

}  // namespace detail

// Reads objects within one transaction: all answers belong to the same moment. Not thread-safe.
class Reader {
 public:
  explicit Reader(Connection& connection) : connection_(connection) {}

  // The object of type T with this identifier, or nothing.
  template <class T>
  std::optional<T> find(const Guid& id);

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

  // The first column of the first row of a query, as bytes; nothing when there is no row or it is
  // NULL. `sql` must live as long as the program.
  template <class... Values>
  std::optional<std::vector<std::uint8_t>> blob(const char* sql, const Values&... values) {
    Statement statement(connection_.prepare_static(sql));
    bind_all(statement, values...);
    if (!statement.step() || statement.is_null(0)) return std::nullopt;
    std::optional<std::vector<std::uint8_t>> value(std::in_place);
    statement.read(0, *value);
    return value;
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
  void insert(T& object);

  // Stores all members of an existing object and sets modified; nothing happens when it does not
  // exist. Writes only what differs: every indexed column that is written, changed or not, is one
  // more page of the log.
  template <class T>
  void update(T& object);

  // Deletes an object; nothing happens when it does not exist.
  template <class T>
  void remove(const Guid& id);

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
