// SPDX-License-Identifier: MIT
#include "emulator/sqlite.h"

#include <sqlite3.h>

#include <thread>

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
  if (value.empty())
    sqlite3_bind_zeroblob(statement_, index, 0);
  else
    sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_STATIC);
}

void Query::bind_null(int index) {
  sqlite3_bind_null(statement_, index);
}

Connection::Connection(const std::string& path, bool create) {
  const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | (create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(path.c_str(), &handle_, flags, nullptr);
  if (code != SQLITE_OK) {
    const SqliteError error(code & 0xFF,
                            handle_ != nullptr ? sqlite3_errmsg(handle_) : "no memory");
    sqlite3_close(handle_);
    throw error;
  }
  sqlite3_busy_handler(handle_, &Connection::on_busy, this);
  try {
    // Losing the last commands to a power failure is no loss for an emulator, waiting for the disk
    // would be; the death of a process loses nothing either way.
    run_script("PRAGMA synchronous=OFF; PRAGMA foreign_keys=OFF; PRAGMA temp_store=MEMORY");
  } catch (...) {
    sqlite3_close(handle_);
    throw;
  }
}

Connection::~Connection() {
  for (const auto& [sql, statement] : statements_) sqlite3_finalize(statement);
  // Closing may move the log into the file, which nobody needs to wait for.
  lock_wait_ = std::chrono::milliseconds(0);
  sqlite3_close(handle_);
}

int Connection::on_busy(void* self, int count) {
  auto* connection = static_cast<Connection*>(self);
  const auto now = std::chrono::steady_clock::now();
  if (count == 0) connection->waiting_since_ = now;
  if (now - connection->waiting_since_ >= connection->lock_wait_) return 0;
  // Transactions here last a fraction of a millisecond; those of a large inventory some more.
  const auto pause = std::chrono::microseconds(count < 20 ? 50 : 500);
  std::this_thread::sleep_for(pause);
  return 1;
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
  const int code = sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) raise(handle_, code, "script");
}

std::int64_t Connection::last_insert_id() const {
  return sqlite3_last_insert_rowid(handle_);
}

Transaction::Transaction(Connection& connection, Kind kind) : connection_(connection) {
  connection_.run(kind == Kind::writing ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
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
