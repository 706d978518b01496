// SPDX-License-Identifier: MIT
#include "store/backup.h"

#include <ntmsapi.h>

#include <array>
#include <mutex>
#include <optional>

#include "platform/durable_files.h"
#include "platform/file_lock.h"
#include "platform/files.h"
#include "platform/static_mutex.h"
#include "store/records.h"
#include "store/schema.h"

namespace ntms::store {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatabase = "ntms.db";
constexpr const char* kExport = "Export";
constexpr const char* kMark = "import";
constexpr const char* kUnfinishedExport = "ntms.db.new";     // in Export
constexpr const char* kUnfinishedImport = "ntms.db.import";  // in the data directory
// What SQLite keeps beside a database. Left beside another one they would damage it.
constexpr std::array<const char*, 3> kBeside{"-wal", "-shm", "-journal"};
constexpr int kBusyPause = 5;      // milliseconds
constexpr int kMostPauses = 4000;  // 20 seconds

fs::path beside(const fs::path& database, const char* suffix) {
  fs::path path = database;
  path += suffix;
  return path;
}

// Removes an unfinished copy at the end of the scope, unless it has been given its name.
class Unfinished {
 public:
  explicit Unfinished(fs::path file) : file_(std::move(file)) {
    for (std::size_t i = 0; i < kBeside.size(); ++i) others_.at(i) = beside(file_, kBeside.at(i));
    remove();  // what a process left that died
  }
  ~Unfinished() { remove(); }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  void remove() noexcept {
    std::error_code ignored;
    fs::remove(file_, ignored);
    for (const fs::path& other : others_) fs::remove(other, ignored);
  }

  const fs::path file_;
  std::array<fs::path, kBeside.size()> others_;
};

[[noreturn]] void raise(sqlite3* db, int code, const char* doing) {
  if ((code & 0xFF) == SQLITE_NOMEM) throw std::bad_alloc();
  throw SqlError(code, std::string(doing) + ": " + sqlite3_errmsg(db));
}

// Copies a whole database into an empty one, as of one moment. Throws SqlError.
void copy_pages(Connection& from, Connection& to) {
  sqlite3_backup* backup = sqlite3_backup_init(to.handle(), "main", from.handle(), "main");
  if (backup == nullptr) {
    raise(to.handle(), sqlite3_extended_errcode(to.handle()), "copying the database");
  }
  int result = sqlite3_backup_step(backup, -1);
  for (int pauses = 0; (result == SQLITE_BUSY || result == SQLITE_LOCKED) && pauses < kMostPauses;
       ++pauses) {
    sqlite3_sleep(kBusyPause);
    result = sqlite3_backup_step(backup, -1);
  }
  const int finished = sqlite3_backup_finish(backup);
  if (result != SQLITE_DONE) {
    raise(to.handle(), finished != SQLITE_OK ? finished : result, "copying the database");
  }
}

std::string first_text(Connection& connection, const char* sql) {
  Statement statement(connection.prepare(sql));
  std::string text;
  if (statement.step()) statement.read(0, text);
  return text;
}

// Opens a new file for a copy. It is synchronised as a whole when it is complete.
std::unique_ptr<Connection> create_copy(const fs::path& file) {
  auto copy = std::make_unique<Connection>(file, true);
  copy->execute("PRAGMA synchronous=OFF");
  return copy;
}

// The copy becomes one file, without anything beside it. Throws SqlError.
void make_single_file(Connection& copy) {
  if (first_text(copy, "PRAGMA journal_mode=DELETE") != "delete") {
    throw SqlError(SQLITE_BUSY, "the copy of the database is being used");
  }
}

// Whoever could use the one may use the other.
void take_over_mode(const fs::path& from, const fs::path& to) {
  std::error_code ignored;
  const auto status = fs::status(from, ignored);
  if (!ignored) fs::permissions(to, status.permissions(), ignored);
}

// Whether the pages of a copy are in order, and it is a database of this library. Throws SqlError.
Result<void> check_copy(Connection& copy) {
  if (const std::string found = first_text(copy, "PRAGMA quick_check(1)"); found != "ok") {
    return fail(ERROR_DATABASE_FAILURE, "the copy of the database is damaged: " + found);
  }
  if (first_text(copy, "PRAGMA application_id") != std::to_string(kApplicationId)) {
    return fail(ERROR_DATABASE_FAILURE, "the copy is not a Removable Storage database");
  }
  return {};
}

// Throws SqlError when the table lacks something that objects of its type are read from.
template <class T>
void check_columns(Reader& reader, Table<T>) {
  (void)reader.first<T>("0");
}

// A copy of the copy, as it shall take the database's place; complete on disk when this returns.
Result<void> prepare_import(const fs::path& directory, const fs::path& prepared) {
  const fs::path source = directory / kExport / kDatabase;
  try {
    const auto copy = create_copy(prepared);
    {
      Connection from(source, false);
      copy_pages(from, *copy);
    }
    make_single_file(*copy);
    if (auto checked = check_copy(*copy); !checked) return checked;
    copy->execute("BEGIN IMMEDIATE");
    if (auto migrated = migrate(*copy); !migrated) return migrated;
    Reader reader(*copy);
    for_each_table([&](auto table) { check_columns(reader, table); });
    copy->execute("DELETE FROM setting WHERE name IN ('boot','ready','owner')");
    copy->execute(
        ("UPDATE slot SET state=" + std::to_string(NTMS_SLOTSTATE_NEEDSINVENTORY)).c_str());
    copy->execute("COMMIT");
  } catch (const SqlError& error) {
    return to_error(error);
  }
  take_over_mode(source, prepared);
  take_over_mode(directory / kDatabase, prepared);
  return platform::sync_file(prepared);
}

// Brings what is in the log of the database into it, so that the log can go. A database that cannot
// be read has nothing worth keeping.
Result<void> settle_database(const fs::path& database) {
  try {
    Connection current(database, false);
    if (first_text(current, "PRAGMA wal_checkpoint(TRUNCATE)") != "0") {
      return fail(ERROR_DATABASE_FAILURE,
                  "another program is using " + platform::path_text(database));
    }
  } catch (const SqlError& error) {
    const Error reason = to_error(error);
    const int code = error.code() & 0xFF;
    if (reason.code == ERROR_DATABASE_FULL || code == SQLITE_BUSY || code == SQLITE_LOCKED) {
      return reason;
    }
  }
  return {};
}

Result<void> replace_database(const fs::path& directory, const fs::path& prepared,
                              const std::function<void(std::string_view)>& before) {
  const fs::path database = directory / kDatabase;
  before("checkpoint");
  if (auto settled = settle_database(database); !settled) return settled;
  for (const char* suffix : kBeside) {
    before("remove the log");
    if (auto removed = platform::remove_durably(beside(database, suffix)); !removed) {
      return removed;
    }
  }
  before("replace");
  return platform::rename_durably(prepared, database);
}

}  // namespace

Result<void> export_database(const fs::path& directory) {
  // Locks on files do not keep apart the threads of one process.
  static constinit platform::StaticMutex one_at_a_time;
  const std::lock_guard turn(one_at_a_time);
  auto exporting = platform::FileLock::open(directory / "export.lock");
  if (!exporting) return exporting.error();
  if (!exporting->try_exclusive()) {
    return fail(ERROR_SHARING_VIOLATION, "another process is exporting the database");
  }
  const fs::path folder = directory / kExport;
  if (auto made = platform::make_shared_directory(folder); !made) return made;
  const fs::path target = folder / kDatabase;
  std::optional<platform::FileLock> older;  // nobody starts to use it while it is being replaced
  std::error_code ignored;
  if (fs::exists(target, ignored)) {
    auto lock = platform::FileLock::open(target);
    if (!lock) return lock.error();
    if (!lock->try_exclusive()) {
      return fail(ERROR_SHARING_VIOLATION, platform::path_text(target) + " is being used");
    }
    older.emplace(std::move(*lock));
  }
  const fs::path unfinished = folder / kUnfinishedExport;
  const Unfinished guard(unfinished);
  try {
    const auto copy = create_copy(unfinished);
    {
      Connection from(directory / kDatabase, false);
      copy_pages(from, *copy);
    }
    make_single_file(*copy);
  } catch (const SqlError& error) {
    return to_error(error);
  }
  take_over_mode(directory / kDatabase, unfinished);
  if (auto synced = platform::sync_file(unfinished); !synced) return synced;
  for (const char* suffix : kBeside) {
    if (auto removed = platform::remove_durably(beside(target, suffix)); !removed) return removed;
  }
  if (platform::kOpenFilesStay) older.reset();
  return platform::rename_durably(unfinished, target);
}

Result<void> mark_import(const fs::path& directory) {
  const fs::path source = directory / kExport / kDatabase;
  std::error_code ignored;
  if (!fs::is_regular_file(source, ignored)) {
    return fail(ERROR_DATABASE_FAILURE,
                "there is no " + platform::path_text(source) + " to import");
  }
  return platform::create_durably(directory / kMark);
}

bool import_is_marked(const fs::path& directory) {
  std::error_code ignored;
  return fs::exists(directory / kMark, ignored);
}

Result<ImportOutcome> import_database(const fs::path& directory,
                                      const std::function<void(std::string_view)>& before_step) {
  const auto before = [&](std::string_view step) {
    if (before_step) before_step(step);
  };
  // Whoever opens the database waits for this lock (Database::open).
  auto writing = platform::FileLock::open(directory / "write.lock");
  if (!writing) return writing.error();
  writing->exclusive();
  const fs::path prepared = directory / kUnfinishedImport;
  const Unfinished guard(prepared);
  before("prepare");
  ImportOutcome outcome;
  if (const auto ready = prepare_import(directory, prepared); ready) {
    if (auto replaced = replace_database(directory, prepared, before); !replaced) {
      return replaced.error();
    }
    outcome.imported = true;
  } else if (ready.error().code == ERROR_DATABASE_FULL ||
             ready.error().code == ERROR_NOT_ENOUGH_MEMORY) {
    return ready.error();  // nothing is wrong with the copy
  } else {
    outcome.reason = ready.error().reason;
  }
  before("remove the mark");
  if (auto removed = platform::remove_durably(directory / kMark); !removed) return removed.error();
  return outcome;
}

}  // namespace ntms::store
