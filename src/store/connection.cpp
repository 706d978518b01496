// SPDX-License-Identifier: MIT
#include "store/connection.h"

#include <ntmsapi.h>

#include "platform/files.h"

namespace ntms::store {
namespace {

[[noreturn]] void raise(sqlite3* db, const std::string& doing) {
  const int code = db != nullptr ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
  if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
  throw SqlError(code, doing + ": " + (db != nullptr ? sqlite3_errmsg(db) : "out of memory"));
}

void check(sqlite3_stmt* statement, int result) {
  if (result != SQLITE_OK) raise(sqlite3_db_handle(statement), "binding a value");
}

}  // namespace

Error to_error(const SqlError& error) {
  switch (error.code() & 0xFF) {
    case SQLITE_FULL:
      return fail(ERROR_DATABASE_FULL, error.what());
    case SQLITE_PERM:
    case SQLITE_READONLY:
    case SQLITE_AUTH:
      return fail(ERROR_ACCESS_DENIED, error.what());
    case SQLITE_NOMEM:
      return fail(ERROR_NOT_ENOUGH_MEMORY, error.what());
    default:
      return fail(ERROR_DATABASE_FAILURE, error.what());
  }
}

void Statement::bind(int index, std::int64_t value) {
  check(handle_, sqlite3_bind_int64(handle_, index, value));
}

void Statement::bind(int index, std::string_view value) {
  check(handle_, sqlite3_bind_text(handle_, index, value.data() != nullptr ? value.data() : "",
                                   static_cast<int>(value.size()), SQLITE_STATIC));
}

void Statement::bind(int index, const Guid& value) {
  if (value.is_null()) {
    check(handle_, sqlite3_bind_null(handle_, index));
  } else {
    check(handle_, sqlite3_bind_blob(handle_, index, value.bytes.data(), 16, SQLITE_STATIC));
  }
}

void Statement::bind(int index, std::span<const std::uint8_t> value) {
  const void* data = value.empty() ? static_cast<const void*>("") : value.data();
  check(handle_,
        sqlite3_bind_blob(handle_, index, data, static_cast<int>(value.size()), SQLITE_STATIC));
}

bool Statement::step() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  raise(sqlite3_db_handle(handle_), "running a statement");
}

void Statement::read(int index, std::string& value) const {
  const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(handle_, index));
  if (text == nullptr) {
    value.clear();
  } else {
    value.assign(text, static_cast<std::size_t>(sqlite3_column_bytes(handle_, index)));
  }
}

void Statement::read(int index, Guid& value) const {
  const void* blob = sqlite3_column_blob(handle_, index);
  if (blob == nullptr || sqlite3_column_bytes(handle_, index) != 16) {
    value = Guid{};
  } else {
    std::memcpy(value.bytes.data(), blob, 16);
  }
}

void Statement::read(int index, std::vector<std::uint8_t>& value) const {
  const auto* blob = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle_, index));
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(handle_, index));
  value.assign(blob, blob + (blob != nullptr ? size : 0));
}

Connection::Connection(const std::filesystem::path& file, bool create) {
  const int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0) |
                    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOFOLLOW;
  const std::u8string name = file.u8string();
  if (sqlite3_open_v2(reinterpret_cast<const char*>(name.c_str()), &db_, flags, nullptr) !=
      SQLITE_OK) {
    const int code = db_ != nullptr ? sqlite3_extended_errcode(db_) : SQLITE_NOMEM;
    const std::string words = db_ != nullptr ? sqlite3_errmsg(db_) : "out of memory";
    sqlite3_close_v2(db_);
    throw SqlError(code, "opening " + platform::path_text(file) + ": " + words);
  }
  sqlite3_busy_timeout(db_, 20000);
}

Connection::~Connection() {
  for (const auto& [key, statement] : by_address_) sqlite3_finalize(statement);
  for (const auto& [key, statement] : by_text_) sqlite3_finalize(statement);
  sqlite3_close_v2(db_);
}

void Connection::execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) raise(db_, sql);
}

sqlite3_stmt* Connection::compile(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  if (sqlite3_prepare_v3(db_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                         &statement, nullptr) != SQLITE_OK) {
    raise(db_, std::string(sql));
  }
  return statement;
}

sqlite3_stmt* Connection::prepare(std::string_view sql) {
  auto& statement = by_text_[std::string(sql)];
  if (statement == nullptr) statement = compile(sql);
  return statement;
}

sqlite3_stmt* Connection::prepare_static(const char* sql) {
  auto& statement = by_address_[sql];
  if (statement == nullptr) statement = compile(sql);
  return statement;
}

}  // namespace ntms::store
