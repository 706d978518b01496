// SPDX-License-Identifier: MIT
// The server of one data directory as it lives in one process: the database, the wake-ups between
// processes, and, in the process that owns the robots, the engine (docs/architecture.md, Hosting).
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <condition_variable>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "host/configuration.h"
#include "labels/label_libraries.h"
#include "operations/housekeeping.h"
#include "operations/label_reader.h"
#include "platform/file_lock.h"
#include "platform/threads.h"
#include "platform/wake.h"
#include "queue/library_worker.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "store/database.h"

namespace ntms::host {

// Thread safety: the public functions may be called from any thread.
class Server : public std::enable_shared_from_this<Server> {
 public:
  // Opens the data directory (creating it and the database if needed) and starts the engine's
  // thread, which tries to become the owner of the robots.
  // Errors: ERROR_ACCESS_DENIED, ERROR_DATABASE_FAILURE, ERROR_DATABASE_FULL, RPC_S_NO_INTERFACES.
  static Result<std::shared_ptr<Server>> start(const std::filesystem::path& directory);

  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Waits until the devices have been configured, by this process or by the owner.
  // Error: ERROR_NOT_READY when that has not happened in time.
  Result<void> wait_ready(std::chrono::milliseconds limit);

  // Leaves: the operations come to a point from which another owner can go on, ownership is given
  // up, and if nobody else has a session and work is left, the detached host is started. Returns
  // after at most `limit`; a motion that takes longer goes on in the background until its outcome
  // is stored. True when everything has ended.
  bool stop(std::chrono::milliseconds limit);

  // How often something may have changed in the database, as far as this process has heard.
  std::uint64_t changes_heard() const;

  // Waits until changes_heard() differs from `seen`, or until `deadline`; returns its value. Fast
  // for changes of this process; those of others are heard of by a wake-up, at the latest with the
  // next tick.
  std::uint64_t wait_for_change(std::uint64_t seen, std::chrono::steady_clock::time_point deadline);

  // Makes everybody in wait_for_change() look again.
  void wake_waiters();

  // The media label libraries that are installed; loaded when they are first asked for.
  const labels::LabelLibraries& label_libraries();

  store::Database& database() { return *database_; }
  const runtime::Clock& clock() const { return clock_; }
  const runtime::Log& log() const { return log_; }
  const std::filesystem::path& directory() const { return directory_; }

 private:
  // The search for devices that nobody named.
  struct Search {
    bool in_service = false;  // put what is found in service
    std::string acted_on;     // the glimpse of the devices that the last search followed
    std::string seen;         // the last glimpse
    std::chrono::steady_clock::time_point look_at{};  // the next one
  };

  explicit Server(std::filesystem::path directory);

  Result<void> open();
  Result<void> join_sessions();
  Result<void> import_marked();
  void follow_virtual_clock();
  void on_commit();
  void on_wake();
  void tick();
  Result<void> become_owner();
  boost::asio::awaitable<void> discover(Configuration configuration,
                                        std::vector<model::Library> known);
  boost::asio::awaitable<void> discover_more();
  void search(boost::asio::awaitable<void> work);
  void watch_devices();
  bool serves(const std::string& uri) const;
  void start_workers(Configuration configuration);
  void start_worker(operations::DeviceSetting setting, queue::Lifetime lifetime);
  void keep_house();
  void on_progress();
  void resign(const std::string& why);
  void begin_stop();
  void finish_stop();
  void leave_host_behind();

  const std::filesystem::path directory_;
  runtime::Clock clock_;
  runtime::Log log_;
  boost::asio::io_context io_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::unique_ptr<platform::WakePort> wake_port_;
  std::unique_ptr<store::Database> database_;
  std::optional<platform::FileLock> sessions_lock_;  // shared while this process has sessions
  std::optional<platform::FileLock> owner_lock_;
  platform::Thread thread_;

  std::once_flag label_libraries_loaded_;
  labels::LabelLibraries label_libraries_;

  // The engine's thread only.
  boost::asio::steady_timer ticker_;
  std::shared_ptr<operations::LabelReader> label_reader_;  // while this process is the owner
  std::vector<std::unique_ptr<queue::LibraryWorker>> workers_;
  bool owner_ = false;
  // This owner has told that the devices are configured; set on the engine's thread only.
  std::atomic<bool> announced_ = false;
  bool stopping_ = false;
  std::optional<Search> search_;  // while this process is the owner, if it is asked to
  bool discovering_ = false;  // the workers are started when it is known which devices there are
  std::chrono::steady_clock::time_point may_own_from_{};
  std::optional<operations::Housekeeping> housekeeping_;  // while this process is the owner
  std::chrono::steady_clock::time_point keep_house_at_{};
  std::string housekeeping_trouble_;  // logged already

  std::atomic<bool> wake_posted_{false};
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable progress_;
  std::uint64_t heard_ = 0;
  bool ended_ = false;
};

}  // namespace ntms::host
