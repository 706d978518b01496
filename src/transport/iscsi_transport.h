// SPDX-License-Identifier: MIT
// A logical unit behind an iSCSI target. Compiled only where libiscsi is (NTMS_HAVE_ISCSI).
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "scsi/transport.h"
#include "transport/uri.h"

namespace ntms::transport {

class IscsiSession;

struct IscsiOptions {
  std::string initiator;  // the initiator's iSCSI name; empty: default_initiator()
  // How long finding the host, connecting and logging in may take together; a command with a
  // shorter time-out waits no longer than that.
  std::chrono::milliseconds connect_timeout{5000};
};

// Logs in when the first command comes and again when a command finds the session lost; every login
// is a new session, whose first command the device usually answers with UNIT ATTENTION 29h/00h.
// A command that got no answer in time ends the session, which makes the device forget the command.
//
// Delivery: not_sent when no session could be made, link_lost when it broke after the command was
// handed over, timed_out when no answer came.
//
// Thread safety: as scsi::Transport says. The executor's context must outlive this object. A
// running command cannot be cancelled; it ends by its time-out at the latest. While a session
// exists one wait for incoming data is outstanding on the executor, because targets ask whether the
// initiator is alive; destruction ends it without waiting and without logging out.
class IscsiTransport final : public scsi::Transport {
 public:
  IscsiTransport(const boost::asio::any_io_executor& executor, IscsiUri uri,
                 IscsiOptions options = {});
  ~IscsiTransport() override;
  IscsiTransport(const IscsiTransport&) = delete;
  IscsiTransport& operator=(const IscsiTransport&) = delete;

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override;
  const std::string& uri() const override { return text_; }

 private:
  using Strand = boost::asio::strand<boost::asio::any_io_executor>;
  using Deadline = std::chrono::steady_clock::time_point;
  using Turn = boost::asio::experimental::channel<Strand, void(boost::system::error_code)>;

  boost::asio::awaitable<scsi::Reply> run(scsi::Command command);
  boost::asio::awaitable<Result<>> connect(Deadline deadline);
  boost::asio::awaitable<Result<std::vector<std::string>>> find_portals(Deadline deadline);

  const IscsiUri uri_;
  const std::string text_;
  const IscsiOptions options_;
  Strand strand_;
  Turn turn_;  // holds one message while a command runs; the others queue to put theirs in
  std::shared_ptr<IscsiSession> session_;  // only used on the strand
};

}  // namespace ntms::transport
