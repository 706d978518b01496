// SPDX-License-Identifier: MIT
// One login to an iSCSI target: libiscsi's context driven by Boost.Asio, without threads.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "scsi/transport.h"

struct iscsi_context;
struct scsi_task;

namespace ntms::transport {

// Used once: log in, carry out commands one at a time, close. All functions are called on the
// strand given to the constructor, and so is the destructor unless the strand's context is already
// stopped. The waits on the strand keep the object alive until close().
class IscsiSession : public std::enable_shared_from_this<IscsiSession> {
 public:
  using Strand = boost::asio::strand<boost::asio::any_io_executor>;
  using Deadline = std::chrono::steady_clock::time_point;

  IscsiSession(const Strand& strand, const std::string& initiator, const std::string& target);
  ~IscsiSession();
  IscsiSession(const IscsiSession&) = delete;
  IscsiSession& operator=(const IscsiSession&) = delete;

  // Connects to a portal ("ADDRESS:PORT", numeric: nothing here may wait for a name server) and
  // logs in. On an error the session is closed.
  boost::asio::awaitable<Result<>> log_in(std::string portal, Deadline deadline);

  // After a failed login: the portal where the target says it has moved to; empty if it has not.
  const std::string& moved_to() const { return moved_to_; }

  // Whether commands can be sent. Looks at the connection first, so that one that broke while idle
  // is noticed before a command is handed over.
  bool usable();

  // Sends one command, which reason_not_to_send() has passed, and waits for its end. Unless the
  // reply says `delivered` the session is closed.
  boost::asio::awaitable<scsi::Reply> execute(unsigned lun, scsi::Command command);

  // Ends the connection without logging out. Whoever waits for a command gets `why`.
  void close(const std::string& why);

 private:
  struct FreeTask {
    void operator()(scsi_task* task) const;
  };
  // A command as libiscsi refers to it until it has written all of it.
  struct Task {
    std::unique_ptr<scsi_task, FreeTask> task;
    std::vector<std::uint8_t> data_out;
  };

  static void on_connected(iscsi_context* context, int status, void* data, void* self);
  static void on_logged_in(iscsi_context* context, int status, void* data, void* self);
  static void on_command(iscsi_context* context, int status, void* data, void* self);

  void end_step(int status);
  boost::asio::awaitable<bool> wait_for_step(Deadline deadline);
  void service(int events);
  void listen();
  void on_event(boost::system::error_code error, int event);
  void mark_broken(const std::string& why);
  std::string last_error() const;
  scsi::Reply make_reply(std::size_t data_in_length) const;

  boost::asio::posix::stream_descriptor socket_;  // libiscsi's; released, never closed, here
  boost::asio::steady_timer timer_;               // ends wait_for_step()
  iscsi_context* context_ = nullptr;              // null: closed
  std::string broken_;                            // why the session cannot go on; empty: it can
  std::string moved_to_;
  bool reading_ = false;  // a wait for the socket to become readable, writable is outstanding
  bool writing_ = false;
  bool step_ended_ = true;                    // the login or the command that is waited for
  int step_status_ = 0;                       // libiscsi's status for it
  std::vector<std::unique_ptr<Task>> tasks_;  // the last one is current
};

}  // namespace ntms::transport
