// SPDX-License-Identifier: MIT
#include "emulator/library_file.h"

#include <array>
#include <chrono>
#include <filesystem>
#include <system_error>

#include "emulator/schema.h"

namespace ntms::emulator {
namespace {

namespace fs = std::filesystem;

fs::path to_path(const std::string& utf8) {
  return fs::path(std::u8string(utf8.begin(), utf8.end()));
}

void insert_geometry(Connection& db, const Geometry& g, std::int64_t clock_start) {
  db.run(
      "INSERT INTO library (slots, drives, ports, doors, first_transport, first_port, first_drive,"
      " first_slot, bar_code_reader, two_sided, port_kind, unload_before_move, virtual_clock,"
      " vendor, product, revision, serial, drive_vendor, drive_product, drive_revision,"
      " port_unreported, doors_unlocked, magazines, cleaner_stays, stand_alone)"
      " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
      g.slots, g.drives, g.ports, g.doors, g.first_transport, g.first_port, g.first_drive,
      g.first_slot, g.bar_code_reader, g.two_sided, g.port_kind, g.unload_before_move,
      g.virtual_clock, g.vendor, g.product, g.revision, g.serial, g.drive_vendor, g.drive_product,
      g.drive_revision, g.port_unreported, g.doors_unlocked, g.magazines, g.cleaner_stays,
      g.stand_alone);
  db.run("INSERT INTO setting DEFAULT VALUES");
  db.run("INSERT INTO clock (now) VALUES (?)", clock_start);
  for (const ElementType type :
       {ElementType::transport, ElementType::storage, ElementType::port, ElementType::drive}) {
    for (std::uint32_t i = 0; i < g.count(type); ++i) {
      db.run("INSERT INTO element (address, type, number) VALUES (?,?,?)", g.first(type) + i,
             static_cast<int>(type), i);
    }
  }
  for (std::uint32_t i = 0; i < g.drives; ++i) db.run("INSERT INTO drive (number) VALUES (?)", i);
  for (std::uint32_t i = 0; i < g.doors; ++i) db.run("INSERT INTO door (number) VALUES (?)", i);
}

std::int64_t format_version(Connection& db) {
  auto version = db.query("PRAGMA user_version");
  return version.next() ? version.integer(0) : 0;
}

}  // namespace

void set_durations(Connection& db, const ntms_emulator_durations& durations) {
  const std::uint32_t clean_ms = durations.size == sizeof durations ? durations.clean_ms : 0;
  db.run(
      "UPDATE setting SET move_ms = ?, load_ms = ?, initialize_ms = ?, port_ms = ?, clean_ms = ?",
      durations.move_ms, durations.load_ms, durations.initialize_ms, durations.port_ms, clean_ms);
}

std::int64_t clock_now(Connection& db, const Geometry& geometry) {
  if (!geometry.virtual_clock) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::steady_clock::now().time_since_epoch())
        .count();
  }
  auto row = db.query("SELECT now FROM clock");
  return row.next() ? row.integer(0) : 0;
}

Result<> LibraryFile::create(const std::string& path, const ntms_emulator_geometry& asked,
                             const Fill& fill) {
  const auto geometry = make_geometry(asked);
  if (!geometry) return geometry.error();
  const fs::path target = to_path(path);
  std::error_code error;
  if (fs::exists(target, error)) return fail(kErrorFileExists, path + " already exists");

  // Made under another name, so that nobody ever opens half a library.
  const std::string temporary = path + "." + random_serial();
  try {
    Connection db(temporary, true);
    db.run_script(kSchema);
    Transaction transaction(db);
    insert_geometry(db, *geometry, asked.clock_start);
    if (fill) fill(db, *geometry);
    transaction.commit();
  } catch (const SqliteError& e) {
    const bool open_failed = !fs::exists(to_path(temporary), error);
    fs::remove(to_path(temporary), error);
    return fail(open_failed ? kErrorAccessDenied : kErrorWriteFault, path + ": " + e.what());
  }
  // Unlike a rename, a hard link fails if somebody else was faster.
  fs::create_hard_link(to_path(temporary), target, error);
  if (error && error != std::errc::file_exists) {
    error.clear();  // a file system without hard links
    if (fs::exists(target)) {
      error = std::make_error_code(std::errc::file_exists);
    } else {
      fs::rename(to_path(temporary), target, error);
    }
  }
  std::error_code ignored;  // after a rename there is nothing to remove
  fs::remove(to_path(temporary), ignored);
  if (error == std::errc::file_exists) return fail(kErrorFileExists, path + " already exists");
  if (error) return fail(kErrorWriteFault, path + ": " + error.message());
  return {};
}

Result<std::unique_ptr<LibraryFile>> LibraryFile::open(const std::string& path) {
  std::error_code error;
  const auto status = fs::status(to_path(path), error);
  if (status.type() == fs::file_type::not_found) {
    return fail(kErrorFileNotFound, "there is no file " + path);
  }
  if (fs::is_directory(status)) return fail(kErrorBadFormat, path + " is a folder");
  try {
    std::unique_ptr<LibraryFile> file(new LibraryFile(path));
    if (const auto loaded = file->load(); !loaded) {
      return fail(loaded.error().code, path + " " + loaded.error().reason);
    }
    return file;
  } catch (const SqliteError& e) {
    return fail(open_error_code(e), path + ": " + e.what());
  }
}

Result<> LibraryFile::load() {
  if (const auto known = check_format(); !known) return known;
  if (const auto loaded = load_geometry(); !loaded) return loaded;
  // A file one may only read would otherwise be found out at the first command. No query may be
  // open here: it would pin an older state of the file, which cannot be written on.
  const Transaction probe(connection_);
  connection_.run("UPDATE setting SET online = online");
  return {};
}

Result<> LibraryFile::check_format() {
  {
    auto id = connection_.query("PRAGMA application_id");
    if (!id.next() || id.integer(0) != kApplicationId) {
      return fail(kErrorBadFormat, "is not an emulated library");
    }
  }
  if (format_version(connection_) < kSchemaVersion) upgrade();
  if (format_version(connection_) != kSchemaVersion) {
    return fail(kErrorBadFormat, "was made by another version of the emulator");
  }
  return {};
}

void LibraryFile::upgrade() {
  Transaction transaction(connection_);
  // Somebody else may have been faster.
  if (format_version(connection_) == 1) connection_.run_script(kUpgradeFrom1);
  if (format_version(connection_) == 2) connection_.run_script(kUpgradeFrom2);
  if (format_version(connection_) == 3) connection_.run_script(kUpgradeFrom3);
  transaction.commit();
}

Result<> LibraryFile::load_geometry() {
  auto row = connection_.query(
      "SELECT slots, drives, ports, doors, first_transport, first_port, first_drive, first_slot,"
      " bar_code_reader, two_sided, port_kind, unload_before_move, virtual_clock, vendor, product,"
      " revision, serial, drive_vendor, drive_product, drive_revision, port_unreported,"
      " doors_unlocked, magazines, cleaner_stays, stand_alone FROM library");
  if (!row.next()) return fail(kErrorBadFormat, "is an incomplete emulated library");
  Geometry& g = geometry_;
  int column = 0;
  for (std::uint32_t* field :
       std::array{&g.slots, &g.drives, &g.ports, &g.doors, &g.first_transport, &g.first_port,
                  &g.first_drive, &g.first_slot}) {
    *field = static_cast<std::uint32_t>(row.integer(column++));
  }
  g.bar_code_reader = row.integer(column++) != 0;
  g.two_sided = row.integer(column++) != 0;
  g.port_kind = static_cast<std::uint32_t>(row.integer(column++));
  g.unload_before_move = row.integer(column++) != 0;
  g.virtual_clock = row.integer(column++) != 0;
  for (std::string* field : std::array{&g.vendor, &g.product, &g.revision, &g.serial,
                                       &g.drive_vendor, &g.drive_product, &g.drive_revision}) {
    *field = row.text(column++);
  }
  g.port_unreported = row.integer(column++) != 0;
  g.doors_unlocked = row.integer(column++) != 0;
  g.magazines = static_cast<std::uint32_t>(row.integer(column++));
  g.cleaner_stays = row.integer(column++) != 0;
  g.stand_alone = row.integer(column++) != 0;
  return {};
}

Settings LibraryFile::settings() {
  auto row = connection_.query(
      "SELECT online, move_ms, load_ms, initialize_ms, port_ms, caller_death, clean_ms FROM "
      "setting");
  Settings settings;
  if (!row.next()) return settings;
  settings.online = row.integer(0) != 0;
  settings.move_ms = row.integer(1);
  settings.load_ms = row.integer(2);
  settings.initialize_ms = row.integer(3);
  settings.port_ms = row.integer(4);
  settings.caller_death = row.integer(5);
  settings.clean_ms = row.integer(6);
  return settings;
}

}  // namespace ntms::emulator
