// SPDX-License-Identifier: MIT
#include "emulator/sqlite.h"

#include <sqlite3.h>

namespace ntms::emulator {
namespace {

[[noreturn]] void raise(sqlite3* handle, int code, const char* doing) {
  const char* text = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
  throw SqliteError(code & 0xFF, std::string(doing) + ": " + text);
}

}  // namespace

bool SqliteError::busy() const {
  return code_ == SQLITE_BUSY || code_ == SQLITE_LOCKED;
}

Query::~Query() {
  if (statement_ == nullptr) return;  // moved from
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
  turn_.give_back();
}

bool Query::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code != SQLITE_DONE) raise(sqlite3_db_handle(statement_), code, sqlite3_sql(statement_));
  return false;
}

std::int64_t Query::integer(int column) const {
  return sqlite3_column_int64(statement_, column);
}

std::optional<std::int64_t> Query::optional_integer(int column) const {
  if (sqlite3_column_type(statement_, column) == SQLITE_NULL) return std::nullopt;
  return integer(column);
}

std::string Query::text(int column) const {
  const auto bytes = blob(column);
  return {bytes.begin(), bytes.end()};
}

std::span<const std::uint8_t> Query::blob(int column) const {
  const void* data = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return {static_cast<const std::uint8_t*>(data), static_cast<std::size_t>(size)};
}

void Query::bind_integer(int index, std::int64_t value) {
  sqlite3_bind_int64(statement_, index, value);
}

void Query::bind_text(int index, std::string_view value) {
  sqlite3_bind_text64(statement_, index, value.data() != nullptr ? value.data() : "", value.size(),
                      SQLITE_STATIC, SQLITE_UTF8);
}

void Query::bind_blob(int index, std::span<const std::uint8_t> value) {
  // A null pointer would bind NULL instead of an empty value.
  if (value.empty()) {
    sqlite3_bind_zeroblob(statement_, index, 0);
  } else {
    sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_STATIC);
  }
}

void Query::bind_null(int index) {
  sqlite3_bind_null(statement_, index);
}

Connection::Connection(const std::string& path, bool create) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
#ifdef _WIN32
  const char* const vfs = nullptr;
#else
  const char* const vfs = "unix-none";  // FileTurn does the locking
#endif
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, vfs);
  if (code != SQLITE_OK) {
    const SqliteError error(code & 0xFF,
                            handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory");
    sqlite3_close(handle_);
    throw error;
  }
  try {
    if (!turn_.open(path)) throw SqliteError(SQLITE_CANTOPEN, "opening " + path);
    sqlite3_busy_timeout(handle_, static_cast<int>(lock_wait_.count()));
    // Losing the last commands to a power failure is no loss for an emulator, waiting for the disk
    // would be; the death of a process loses nothing either way.
    run_script("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY");
#ifndef _WIN32
    // Faster than to delete the journal. On Windows everybody would keep it open, and nobody who
    // opens the file after a process was killed in a transaction could delete it, as is done then.
    run_script("PRAGMA journal_mode=PERSIST");
#endif
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  sqlite3_close(handle_);
}

FileTurn& Connection::take_turn() {
  if (!turn_.take(lock_wait_)) throw SqliteError(SQLITE_BUSY, "the library's file is in use");
  return turn_;
}

// Preparing may read the schema, so it is part of the turn.
Query Connection::start(const char* sql) {
  FileTurn& turn = take_turn();
  try {
    return Query(prepared(sql), turn);
  } catch (...) {
    turn.give_back();
    throw;
  }
}

sqlite3_stmt* Connection::prepared(const char* sql) {
  auto [entry, added] = statements_.try_emplace(sql, nullptr);
  if (entry->second == nullptr) {
    const int code =
        sqlite3_prepare_v3(handle_, sql, -1, SQLITE_PREPARE_PERSISTENT, &entry->second, nullptr);
    if (code != SQLITE_OK) raise(handle_, code, sql);
  }
  return entry->second;
}

void Connection::run_script(const std::string& sql) {
  FileTurn& turn = take_turn();
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  turn.give_back();
  if (code != SQLITE_OK) raise(handle_, code, "script");
}

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle_);
}

Transaction::Transaction(Connection& connection, Kind kind)
    : connection_(connection), turn_(connection.take_turn()) {
  try {
    connection_.run(kind == Kind::writing ? "BEGIN IMMEDIATE" : "BEGIN");
  } catch (...) {
    turn_.give_back();
    throw;
  }
}

Transaction::~Transaction() {
  struct GiveBack {
    FileTurn& turn;
    ~GiveBack() { turn.give_back(); }
  } give_back{turn_};
  if (!open_) return;
  try {
    connection_.run("ROLLBACK");
  } catch (const SqliteError&) {
    // SQLite has already rolled back, as it does when the disk is full: that is what was wanted.
    open_ = false;
  }
}

void Transaction::commit() {
  connection_.run("COMMIT");
  open_ = false;
}

}  // namespace ntms::emulator
