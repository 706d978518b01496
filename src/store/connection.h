// SPDX-License-Identifier: MIT
// A SQLite connection with its prepared statements: the thinnest layer that is safe to use.
//
// Failures are thrown as SqlError and turned into Result values by Database: within a transaction a
// failing database leaves nothing to go on with, and unwinding is what rolls it back.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/error.h"
#include "base/guid.h"

namespace ntms::store {

// A failed SQLite call. `code` is the extended SQLite result code.
class SqlError : public std::runtime_error {
 public:
  SqlError(int code, const std::string& what) : std::runtime_error(what), code_(code) {}
  int code() const { return code_; }

 private:
  int code_;
};

// The Win32 code that stands for a SQLite result: no permission ERROR_ACCESS_DENIED, full disk
// ERROR_DATABASE_FULL, no memory ERROR_NOT_ENOUGH_MEMORY, anything else ERROR_DATABASE_FAILURE.
Error to_error(const SqlError& error);

class Connection;

// A cached prepared statement in use. Reset, with its bindings cleared, when it goes out of scope.
class Statement {
 public:
  explicit Statement(sqlite3_stmt* handle) : handle_(handle) {}
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;
  ~Statement() {
    sqlite3_reset(handle_);
    sqlite3_clear_bindings(handle_);
  }

  // Binds parameter `index` (from 1). A null Guid is stored as NULL. Bound texts and blobs must
  // stay alive until the statement is destroyed.
  void bind(int index, std::int64_t value);
  void bind(int index, std::int32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::uint32_t value) { bind(index, std::int64_t{value}); }
  void bind(int index, bool value) { bind(index, std::int64_t{value}); }
  void bind(int index, std::string_view value);
  void bind(int index, const std::string& value) { bind(index, std::string_view(value)); }
  void bind(int index, const char* value) { bind(index, std::string_view(value)); }
  void bind(int index, const Guid& value);
  void bind(int index, std::span<const std::uint8_t> value);
  void bind(int index, const std::vector<std::uint8_t>& value) { bind(index, std::span(value)); }
  template <class E>
  requires std::is_enum_v<E>
  void bind(int index, E value) { bind(index, static_cast<std::int64_t>(value)); }

  // Advances to the next row; false at the end. Throws SqlError.
  bool step();
  // Runs a statement that returns no rows.
  void run() {
    while (step()) {
    }
  }

  bool is_null(int index) const { return sqlite3_column_type(handle_, index) == SQLITE_NULL; }

  // Reads column `index` (from 0) of the current row.
  void read(int index, std::int64_t& value) const { value = sqlite3_column_int64(handle_, index); }
  void read(int index, std::uint32_t& value) const {
    value = static_cast<std::uint32_t>(sqlite3_column_int64(handle_, index));
  }
  void read(int index, bool& value) const { value = sqlite3_column_int64(handle_, index) != 0; }
  void read(int index, std::string& value) const;
  void read(int index, Guid& value) const;
  void read(int index, std::vector<std::uint8_t>& value) const;
  template <class E>
  requires std::is_enum_v<E>
  void read(int index, E& value) const {
    value = static_cast<E>(sqlite3_column_int64(handle_, index));
  }

 private:
  sqlite3_stmt* handle_;
};

// One connection, used by one thread at a time.
class Connection {
 public:
  // Opens (and with `create` creates) the database file. Throws SqlError.
  Connection(const std::filesystem::path& file, bool create);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  // Runs SQL text without parameters, e.g. a schema script. Throws SqlError.
  void execute(const char* sql);

  // The cached statement for this text, prepared at first use. `sql` is identified by its content.
  // A statement must not be prepared again while in use (nested use of one text).
  sqlite3_stmt* prepare(std::string_view sql);

  // The statement for a text that lives as long as the program (a literal, a generated static):
  // found by address, the fast way.
  sqlite3_stmt* prepare_static(const char* sql);

  bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
  std::int64_t last_insert_id() const { return sqlite3_last_insert_rowid(db_); }
  std::int64_t changes() const { return sqlite3_changes64(db_); }
  sqlite3* handle() const { return db_; }

 private:
  sqlite3_stmt* compile(std::string_view sql);

  sqlite3* db_ = nullptr;
  std::unordered_map<const void*, sqlite3_stmt*> by_address_;
  std::unordered_map<std::string, sqlite3_stmt*> by_text_;
};

}  // namespace ntms::store
