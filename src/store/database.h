// SPDX-License-Identifier: MIT
// The database of one data directory, as one process uses it: writers share commits, readers have
// connections of their own (docs/database.md).
#pragma once

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "platform/file_lock.h"
#include "store/records.h"

namespace ntms::store {

// Thread safety: all functions may be called from any thread.
class Database {
 public:
  struct Options {
    // The wall clock for created and modified, in microseconds since 1970 UTC.
    std::function<model::Time()> now;
    // Called after each commit that changed something, on the committing thread.
    std::function<void()> after_commit;
  };

  // Opens the database "ntms.db" in `directory` and creates it if there is none.
  // Errors: ERROR_ACCESS_DENIED without write permission, RPC_S_NO_INTERFACES when a newer version
  // of the library made it, ERROR_DATABASE_FULL, ERROR_DATABASE_FAILURE.
  static Result<std::unique_ptr<Database>> open(const std::filesystem::path& directory,
                                                Options options);

  // Runs `work` in a write transaction and returns when it is on disk. Callers that arrive while a
  // commit is under way share the next one; each call's changes succeed or fail as a whole, and an
  // error returned by `work` undoes its own changes only. Writers of all processes take turns by a
  // blocking lock, since SQLite itself is not fair. `work` may run on another caller's thread and
  // must not wait for anything.
  Result<void> write(const std::function<Result<void>(Writer&)>& work);

  // Runs `read` in a read transaction and returns what it returns (a Result<X> as it is, any other
  // X as Result<X>).
  template <class F>
  auto read(F&& work) {
    using Answer = std::invoke_result_t<F, Reader&>;
    return guarded<Answer>([&](Connection& connection) -> Answer {
      Snapshot snapshot(connection);
      Reader reader(connection);
      return work(reader);
    });
  }

  const std::filesystem::path& directory() const { return directory_; }

 private:
  struct Entry {
    const std::function<Result<void>(Writer&)>* work = nullptr;
    Result<void> result{};
    bool failed = false;
    bool done = false;
  };

  // A read transaction that ends with the scope.
  class Snapshot {
   public:
    explicit Snapshot(Connection& connection);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    Connection& connection_;
  };

  template <class T>
  struct AsResult {
    using type = Result<T>;
  };
  template <class T>
  struct AsResult<Result<T>> {
    using type = Result<T>;
  };

  template <class Answer, class F>
  typename AsResult<Answer>::type guarded(F&& use) {
    try {
      Lease lease(*this);
      return use(*lease.connection);
    } catch (const SqlError& error) {
      return to_error(error);
    }
  }

  // A reading connection borrowed from the pool.
  struct Lease {
    explicit Lease(Database& owner);
    ~Lease();
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    Database& database;
    std::unique_ptr<Connection> connection;
  };

  Database(std::filesystem::path directory, Options options, platform::FileLock write_lock)
      : directory_(std::move(directory)),
        options_(std::move(options)),
        write_lock_(std::move(write_lock)) {}

  Result<void> initialise();
  void commit(std::vector<Entry*>& batch) noexcept;
  bool commit_or_throw(std::vector<Entry*>& batch);
  void run(Writer& writer, Entry& entry, bool alone);

  const std::filesystem::path directory_;
  const Options options_;
  platform::FileLock write_lock_;       // used by the leading writer only
  std::unique_ptr<Connection> writer_;  // likewise

  std::mutex mutex_;  // guards what follows
  std::condition_variable turn_;
  std::vector<Entry*> waiting_;
  bool leading_ = false;
  std::mutex pool_mutex_;
  std::vector<std::unique_ptr<Connection>> pool_;
};

}  // namespace ntms::store
