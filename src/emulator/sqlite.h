// SPDX-License-Identifier: MIT
// The little of SQLite the emulator needs: a connection that keeps its prepared statements, and
// queries that reset themselves.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

#include "emulator/file_turn.h"

struct sqlite3;
struct sqlite3_stmt;

namespace ntms::emulator {

// The file could not be read or written. `code` is the primary SQLite result code.
class SqliteError : public std::runtime_error {
 public:
  SqliteError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }
  bool busy() const;  // somebody else kept the file locked for longer than we wanted to wait

 private:
  int code_;
};

// A statement in use. Columns may be read after next() returned true, until the next call of it.
// It is this connection's turn on the file as long as the query exists.
class Query {
 public:
  Query(sqlite3_stmt* statement, FileTurn& turn) : statement_(statement), turn_(turn) {}
  ~Query();
  Query(Query&& other) noexcept
      : statement_(std::exchange(other.statement_, nullptr)), turn_(other.turn_) {}
  Query(const Query&) = delete;
  Query& operator=(const Query&) = delete;

  bool next();  // false: no more rows. Throws SqliteError.

  std::int64_t integer(int column) const;
  std::optional<std::int64_t> optional_integer(int column) const;
  std::string text(int column) const;
  std::span<const std::uint8_t> blob(int column) const;  // valid until next() or destruction

  template <class T>
  void bind(int index, const T& value) {
    if constexpr (std::is_convertible_v<T, std::string_view>) {
      bind_text(index, value);
    } else if constexpr (std::is_same_v<T, std::optional<std::int64_t>>) {
      value ? bind_integer(index, *value) : bind_null(index);
    } else if constexpr (std::is_integral_v<T>) {
      bind_integer(index, static_cast<std::int64_t>(value));
    } else {
      bind_blob(index, value);
    }
  }

 private:
  void bind_integer(int index, std::int64_t value);
  void bind_text(int index, std::string_view value);               // must live as long as the query
  void bind_blob(int index, std::span<const std::uint8_t> value);  // likewise
  void bind_null(int index);

  sqlite3_stmt* statement_;
  FileTurn& turn_;  // taken by the connection, given back with the statement
};

// One connection to one file. Not thread-safe: its owner serialises.
class Connection {
 public:
  // Opens `path` (UTF-8) for reading and writing; makes the file if `create`. Throws SqliteError.
  Connection(const std::string& path, bool create);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // A prepared statement with its parameters bound. `sql` must be a string literal: statements are
  // kept by its address. The same literal must not be in use twice at a time.
  template <class... Args>
  Query query(const char* sql, const Args&... args) {
    Query query = start(sql);
    int index = 0;
    (query.bind(++index, args), ...);
    return query;
  }

  // Runs a statement that yields no rows.
  template <class... Args>
  void run(const char* sql, const Args&... args) {
    Query statement = start(sql);
    int index = 0;
    (statement.bind(++index, args), ...);
    statement.next();
  }

  void run_script(const std::string& sql);
  std::int64_t last_insert_id() const;

  // How long to wait for other users of the file from now on before SqliteError::busy().
  void set_lock_wait(std::chrono::milliseconds wait) { lock_wait_ = wait; }

  // Takes the turn on the file, to be given back; throws SqliteError (busy).
  FileTurn& take_turn();

 private:
  Query start(const char* sql);
  sqlite3_stmt* prepared(const char* sql);

  sqlite3* handle_ = nullptr;
  FileTurn turn_;
  std::chrono::milliseconds lock_wait_{60000};
  std::unordered_map<const char*, sqlite3_stmt*> statements_;
};

// BEGIN ... COMMIT; rolls back unless committed. A writing transaction is the only one of its kind
// on the file; so is a reading one, which is short.
class Transaction {
 public:
  enum class Kind : std::uint8_t { reading, writing };

  explicit Transaction(Connection& connection, Kind kind = Kind::writing);  // throws SqliteError
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  Connection& connection_;
  FileTurn& turn_;
  bool open_ = true;
};

}  // namespace ntms::emulator
