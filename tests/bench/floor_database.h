// SPDX-License-Identifier: MIT
// The floor: the same tables with nothing but SQLite in front of them.
#pragma once

#include <ntmsapi.h>
#include <sqlite3.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <random>
#include <string_view>

namespace ntms::bench {

// An identifier as the database has it.
using Bytes16 = std::array<std::uint8_t, 16>;
Bytes16 bytes_of(const NTMS_GUID& id);

// A prepared statement, bound and run again and again. Throws std::runtime_error.
class FloorStatement {
 public:
  FloorStatement(sqlite3* db, const char* sql);
  ~FloorStatement() { sqlite3_finalize(handle_); }
  FloorStatement(const FloorStatement&) = delete;
  FloorStatement& operator=(const FloorStatement&) = delete;

  sqlite3_stmt* handle() const { return handle_; }
  void bind(int index, std::int64_t value) { sqlite3_bind_int64(handle_, index, value); }
  void bind(int index, const Bytes16& value) {
    sqlite3_bind_blob(handle_, index, value.data(), 16, SQLITE_STATIC);
  }
  // True while there is a row; resets the statement at the end.
  bool step();
  void run() {
    while (step()) {
    }
  }

 private:
  sqlite3_stmt* handle_ = nullptr;
};

// A connection to a copy of a data directory's database with the settings the library uses: write-
// ahead log, every commit on disk, foreign keys. Throws std::runtime_error.
class FloorDatabase {
 public:
  // Copies the database of `data`, which no session may have open, into the new directory `floor`.
  FloorDatabase(const std::filesystem::path& data, const std::filesystem::path& floor);
  // The database of `data` itself, to prepare it; no session may have it open.
  explicit FloorDatabase(const std::filesystem::path& data);
  ~FloorDatabase() { sqlite3_close_v2(db_); }
  FloorDatabase(const FloorDatabase&) = delete;
  FloorDatabase& operator=(const FloorDatabase&) = delete;

  sqlite3* handle() const { return db_; }
  void execute(const char* sql);

 private:
  void open(const std::filesystem::path& file);

  sqlite3* db_ = nullptr;
};

// What the durable requests of the API write, row for row, each in a transaction of its own.
class FloorRequests {
 public:
  explicit FloorRequests(FloorDatabase& database);

  // A request for `medium`, which is in use from now on: two rows and their change log rows.
  Bytes16 queue(const Bytes16& medium);
  // Its cancellation: a request of its own that passes, four rows and six of the change log.
  void cancel(const Bytes16& medium, const Bytes16& request);

 private:
  Bytes16 make_guid();
  Bytes16 insert_request(std::int64_t operation, const Bytes16& medium);
  void update_medium(const Bytes16& medium, std::int64_t state);
  void finish_request(const Bytes16& request, std::int64_t state);
  void log(std::int64_t operation, std::int64_t type, const Bytes16& id);

  std::mt19937_64 random_{42};
  FloorStatement begin_;
  FloorStatement commit_;
  FloorStatement insert_request_;
  FloorStatement update_medium_;
  FloorStatement finish_request_;
  FloorStatement log_;
};

}  // namespace ntms::bench
