// SPDX-License-Identifier: MIT
#include "store/database.h"

#include <new>
#include <utility>

#include "store/schema.h"

namespace ntms::store {
namespace {

// Prepared when a connection is opened, so that using them needs no memory.
constexpr const char* kBegin = "BEGIN IMMEDIATE";
constexpr const char* kBeginRead = "BEGIN";
constexpr const char* kCommit = "COMMIT";
constexpr const char* kRollBack = "ROLLBACK";
constexpr const char* kSave = "SAVEPOINT entry";
constexpr const char* kUndo = "ROLLBACK TO entry";
constexpr const char* kRelease = "RELEASE entry";

void prepare_transactions(Connection& connection) {
  for (const char* sql : {kBegin, kBeginRead, kCommit, kRollBack, kSave, kUndo, kRelease}) {
    connection.prepare_static(sql);
  }
}

Error out_of_memory() {
  return Error(ERROR_NOT_ENOUGH_MEMORY, "out of memory");
}  // no allocation

Error error_without_throwing(const SqlError& error) noexcept {
  try {
    return to_error(error);
  } catch (const std::bad_alloc&) {
    return out_of_memory();
  }
}

void run_static(Connection& connection, const char* sql) {
  Statement(connection.prepare_static(sql)).run();
}

// Releases the lock between processes whatever happens.
class HeldLock {
 public:
  explicit HeldLock(platform::FileLock& lock) : lock_(lock) { lock_.exclusive(); }
  ~HeldLock() { lock_.release(); }
  HeldLock(const HeldLock&) = delete;
  HeldLock& operator=(const HeldLock&) = delete;

 private:
  platform::FileLock& lock_;
};

void roll_back(Connection& connection) {
  if (!connection.in_transaction()) return;  // SQLite has done it itself
  try {
    run_static(connection, kRollBack);
  } catch (const SqlError&) {
    // Nothing was committed; the next BEGIN reports what is wrong with the database.
    return;
  }
}

}  // namespace

Database::Snapshot::Snapshot(Connection& connection) : connection_(connection) {
  run_static(connection_, kBeginRead);
}

Database::Snapshot::~Snapshot() {
  try {
    run_static(connection_, kCommit);
  } catch (const SqlError&) {
    roll_back(connection_);
  }
}

Result<std::unique_ptr<Database>> Database::open(const std::filesystem::path& directory,
                                                 Options options) {
  auto lock = platform::FileLock::open(directory / "write.lock");
  if (!lock) return lock.error();
  std::unique_ptr<Database> database(new Database(directory, std::move(options), std::move(*lock)));
  if (auto ready = database->initialise(); !ready) return ready.error();
  return database;
}

Result<void> Database::initialise() {
  try {
    const HeldLock held(write_lock_);
    writer_ = std::make_unique<Connection>(directory_ / "ntms.db", true);
    configure(*writer_);
    prepare_transactions(*writer_);
    run_static(*writer_, kBegin);
    auto migrated = migrate(*writer_);
    if (!migrated) {
      roll_back(*writer_);
      return migrated;
    }
    run_static(*writer_, kCommit);
    pool_.reserve(16);
    return {};
  } catch (const SqlError& error) {
    return to_error(error);
  }
}

Result<void> Database::write(const std::function<Result<void>(Writer&)>& work) {
  Entry entry;
  entry.work = &work;
  std::unique_lock lock(mutex_);
  waiting_.push_back(&entry);
  turn_.wait(lock, [&] { return entry.done || !leading_; });
  if (entry.done) return entry.result;

  // Nobody is committing: this caller leads, for itself and for all who came in the meantime.
  leading_ = true;
  std::vector<Entry*> batch;
  batch.swap(waiting_);
  lock.unlock();
  commit(batch);
  lock.lock();
  leading_ = false;
  for (Entry* member : batch) member->done = true;
  turn_.notify_all();
  return entry.result;
}

void Database::run(Writer& writer, Entry& entry, bool alone) {
  if (!alone) run_static(*writer_, kSave);
  bool undo = false;
  try {
    entry.result = (*entry.work)(writer);
    undo = !entry.result;
    if (!undo) writer.flush_log();
  } catch (const SqlError& error) {
    entry.result = error_without_throwing(error);
    undo = true;
  } catch (const std::bad_alloc&) {
    entry.result = out_of_memory();
    undo = true;
  }
  if (undo) writer.forget_log();
  entry.failed = undo;
  if (!writer_->in_transaction()) {
    // The error was of the kind that makes SQLite undo everything.
    throw SqlError(SQLITE_ABORT_ROLLBACK, entry.result.has_error() ? entry.result.error().reason
                                                                   : "transaction rolled back");
  }
  if (alone) return;
  if (undo) run_static(*writer_, kUndo);
  run_static(*writer_, kRelease);
}

void Database::commit(std::vector<Entry*>& batch) noexcept {
  bool changed = false;
  Result<void> outcome;
  try {
    changed = commit_or_throw(batch);
  } catch (const SqlError& error) {
    outcome = error_without_throwing(error);
  } catch (const std::bad_alloc&) {
    outcome = out_of_memory();
  } catch (const std::exception&) {
    // A broken invariant: nothing was stored, and the callers must hear of it.
    outcome = Error(ERROR_DATABASE_FAILURE, {});
  }
  if (!outcome) {
    for (Entry* entry : batch) {
      if (entry->failed) continue;
      try {
        entry->result = outcome;
      } catch (const std::bad_alloc&) {
        entry->result = out_of_memory();
      }
    }
  } else if (changed && options_.after_commit) {
    try {
      options_.after_commit();
    } catch (const std::exception&) {
      return;  // it is on disk; a wake-up that got lost is made up for by the next tick
    }
  }
}

// Returns whether anything was changed.
bool Database::commit_or_throw(std::vector<Entry*>& batch) {
  const HeldLock held(write_lock_);
  try {
    run_static(*writer_, kBegin);
    const std::int64_t before = sqlite3_total_changes64(writer_->handle());
    Writer writer(*writer_, options_.now());
    const bool alone = batch.size() == 1;
    for (Entry* entry : batch) run(writer, *entry, alone);
    if (alone && batch.front()->failed) {
      run_static(*writer_, kRollBack);
      return false;
    }
    run_static(*writer_, kCommit);
    return sqlite3_total_changes64(writer_->handle()) != before;
  } catch (...) {
    roll_back(*writer_);
    throw;
  }
}

Database::Lease::Lease(Database& owner) : database(owner) {
  {
    const std::lock_guard lock(owner.pool_mutex_);
    if (!owner.pool_.empty()) {
      connection = std::move(owner.pool_.back());
      owner.pool_.pop_back();
      return;
    }
  }
  connection = std::make_unique<Connection>(owner.directory_ / "ntms.db", false);
  connection->execute("PRAGMA query_only=ON");
  prepare_transactions(*connection);
}

Database::Lease::~Lease() {
  if (connection == nullptr) return;
  const std::lock_guard lock(database.pool_mutex_);
  // Room was made at the start: giving a connection back must not need memory.
  if (database.pool_.size() < database.pool_.capacity()) {
    database.pool_.push_back(std::move(connection));
  }
}

}  // namespace ntms::store
