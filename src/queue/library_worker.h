// SPDX-License-Identifier: MIT
// One worker per library: keeps the device attached and carries out the library's requests from
// their rows (contract: functions-library-control 0.3, concepts 15 and 20).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "operations/configure.h"
#include "operations/door_access.h"
#include "operations/library_context.h"
#include "operations/port_access.h"

namespace ntms::queue {

// How long a device is asked for.
enum class Lifetime {
  as_long_as_the_owner,  // somebody named it: a library that was deleted is made anew
  as_long_as_known,      // only the database knows it: when the library is deleted, the worker ends
};

// Lives in the process that owns the robots. Thread safety: used on the engine's thread only.
class LibraryWorker {
 public:
  // `on_progress` is called when the first attempt to configure the device has ended, and when the
  // worker has stopped.
  LibraryWorker(boost::asio::any_io_executor executor, store::Database& database,
                const runtime::Clock& clock, runtime::Log log, operations::DeviceSetting setting,
                Lifetime lifetime, std::function<void()> on_progress,
                std::shared_ptr<operations::LabelReader> labels = {});

  // Runs until stop(). To be spawned once.
  boost::asio::awaitable<void> run();

  // Something was committed: look at the rows.
  void wake() { wake_.notify(); }

  // Ends run() once the operations have come to a point from which another owner can go on.
  void stop();

  // The device, as whoever asked for it named it.
  const std::string& uri() const { return setting_.uri; }
  bool attempted() const { return attempted_; }  // the first configuration has been tried
  bool stopped() const { return stopped_; }
  // The error of the last failed attempt to configure the device; code 0 while it is attached.
  const Error& trouble() const { return trouble_; }

 private:
  using Requests = std::vector<model::LibraryRequest>;

  // What one look at the rows found.
  struct Rows {
    Requests requests;  // unfinished, in the order in which they are to be started
    bool in_service = false;
    bool deleted = false;  // the library's row is gone
    bool has_ports = false;
    bool stand_alone = false;        // one drive and no arm
    bool insertion_awaited = false;  // in such a library, by a person
    bool port_in_question = false;
    bool drive_in_question = false;
    bool repaired = false;     // as the operator says
    std::int64_t changes = 0;  // how far the change log has come
  };

  boost::asio::awaitable<void> attach();
  boost::asio::awaitable<void> check_link();
  Result<void> dispatch();
  Result<Rows> read_rows();
  bool dispatch_one(const model::LibraryRequest& request, const Rows& rows);
  bool is_for_doors(const model::LibraryRequest& request, const Rows& rows) const;
  void serve_port(const Requests& requests);
  void join_forced_ejects(const Requests& requests);
  void start(const Guid& request, boost::asio::awaitable<void> operation, bool exclusive);
  void start_port(std::unique_ptr<operations::PortOperation> operation);
  void start_doors(const Guid& request);
  bool is_due(const model::LibraryRequest& request) const;
  void serve_in_drive(const model::LibraryRequest& request, const Rows& rows);
  void forget_finished(const Requests& requests);
  void start_at_lone_drive(const model::LibraryRequest& request);
  void finish_without_device(const Guid& request);
  boost::asio::awaitable<void> look_after_repair();
  void look_at_drives();
  void look(boost::asio::awaitable<void> look);
  void note_trouble(const Error& error, bool defective);
  bool idle() const {
    return running_.empty() && port_ == nullptr && doors_ == nullptr && !looking_ &&
           !looking_at_drives_;
  }
  void forget_library();

  operations::LibraryContext context_;
  const operations::DeviceSetting setting_;
  const Lifetime lifetime_;
  std::function<void()> on_progress_;
  runtime::Signal wake_;
  std::set<Guid> running_;  // requests being carried out, those at the port and the doors excepted
  bool exclusive_ = false;  // one of them wants the library to itself
  std::unique_ptr<operations::PortOperation> port_;  // who has the mail slot
  std::unique_ptr<operations::DoorAccess> doors_;    // who has the library open
  std::map<Guid, std::int64_t> tried_at_;  // waiting requests: the change log when last tried
  std::map<Guid, int> overtaken_;          // requests that wait for drives: by how many later ones
  std::set<Guid> lacks_drive_;     // those that were found to wait for that, and nothing else
  std::vector<Guid> passed_over_;  // those of them in this look at the rows
  std::optional<std::size_t> drives_left_;  // that mounts could have; counted at the first of them
  bool drives_kept_ = false;                // for one of them: no later one gets any
  std::optional<std::int64_t> next_due_;    // when a deferred dismount is, of the engine's clock
  bool looking_ = false;                    // at the ports or the doors
  bool port_in_question_ = false;
  bool drive_in_question_ = false;  // a drive is out of use, and to be looked at
  bool looking_at_drives_ = false;
  std::chrono::steady_clock::time_point looked_at_drives_;
  bool insertion_awaited_ = false;
  std::chrono::steady_clock::time_point looked_at_{};
  bool deleted_ = false;  // the library's row is gone
  bool attempted_ = false;
  std::chrono::steady_clock::time_point tried_attach_{};
  bool stopped_ = false;
  Error trouble_;
};

}  // namespace ntms::queue
