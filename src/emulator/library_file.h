// SPDX-License-Identifier: MIT
// The file an emulated library lives in: how it is made and opened, its settings and its clock.
// docs/emulator.md describes the tables.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/error.h"
#include "emulator/geometry.h"
#include "emulator/sqlite.h"

namespace ntms::emulator {

// Settings a tester changes while the library is in use.
struct Settings {
  bool online = true;
  std::int64_t move_ms = 0, load_ms = 0, initialize_ms = 0, port_ms = 0, clean_ms = 0;
  std::int64_t caller_death = NTMS_EMULATOR_MOVE_FINISHES;
};

// Stores how long things take. Of a structure with an earlier size only that much is read.
void set_durations(Connection& db, const ntms_emulator_durations& durations);

// Now on the clock of a library: the virtual one, else a steady clock that all processes share.
std::int64_t clock_now(Connection& db, const Geometry& geometry);

// An open library file. Not thread-safe: its owner serialises. Errors of SQLite are thrown as
// SqliteError, as they make every further step pointless; callers turn them into values.
class LibraryFile {
 public:
  // What is done to a new library before anybody else sees its file.
  using Fill = std::function<void(Connection&, const Geometry&)>;

  // Makes a new file with an empty library, and fills it if `fill` is given. Codes:
  // ERROR_INVALID_PARAMETER (reason in words), ERROR_FILE_EXISTS, ERROR_ACCESS_DENIED,
  // ERROR_WRITE_FAULT.
  static Result<> create(const std::string& path, const ntms_emulator_geometry& geometry,
                         const Fill& fill = {});

  // A file of an earlier version is brought to this one.
  // ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_BAD_FORMAT, ERROR_READ_FAULT.
  static Result<std::unique_ptr<LibraryFile>> open(const std::string& path);

  const Geometry& geometry() const { return geometry_; }
  Connection& db() { return connection_; }
  Settings settings();

  // Now on the file's clock.
  std::int64_t now_ms() { return clock_now(connection_, geometry_); }

 private:
  explicit LibraryFile(const std::string& path) : connection_(path, false) {}
  Result<> load();
  Result<> check_format();
  void upgrade();
  Result<> load_geometry();

  Connection connection_;
  Geometry geometry_;
};

}  // namespace ntms::emulator
