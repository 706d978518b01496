// SPDX-License-Identifier: MIT
// A logical unit that Linux' SCSI generic driver reaches.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "scsi/transport.h"
#include "transport/blocking_thread.h"
#include "transport/sg_control.h"
#include "transport/sg_tree.h"
#include "transport/sg_uri.h"

namespace ntms::transport {

// Looks for the unit's node and opens it for each command, on a thread of its own that carries out
// all the commands, so that between commands the node is anybody's and a unit that has come back
// under another number is found.
//
// The first command to a changer that moves media or forbids their removal opens it for this
// process alone, and it stays so until removal is allowed again, the device is lost or the
// transport goes: nobody else moves its cartridges through the sg node meanwhile, and a library
// that is not in service is in nobody's way.
//
// Delivery: not_sent when the unit cannot be opened or the driver refuses the request (with
// ERROR_ACCESS_DENIED without permission, ERROR_BUSY when another program keeps it to itself for
// longer than `busy_limit`), timed_out and link_lost as scsi::Transport says.
//
// Thread safety: as scsi::Transport says. A running command cannot be cancelled; the kernel ends it
// after its time-out. Destruction waits for it.
class SgTransport final : public scsi::Transport {
 public:
  static constexpr std::chrono::milliseconds kBusyLimit{2000};

  SgTransport(SgUri uri, const SgControlFactory& make_control, SgPlaces places = {},
              std::chrono::milliseconds busy_limit = kBusyLimit);
  ~SgTransport() override;
  SgTransport(const SgTransport&) = delete;
  SgTransport& operator=(const SgTransport&) = delete;

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override;
  const std::string& uri() const override { return text_; }

 private:
  scsi::Reply run(const scsi::Command& command);
  scsi::Reply open(bool alone);
  int open_node(const std::string& node, SgAccess access);
  void close();

  const SgUri uri_;
  const std::string text_;
  const SgPlaces places_;
  const std::chrono::milliseconds busy_limit_;
  // What follows is only used on the thread.
  std::unique_ptr<SgControl> control_;
  std::string node_;       // what is open; empty: nothing
  bool alone_ = false;     // for this process alone
  BlockingThread thread_;  // last: it is joined before the device goes
};

}  // namespace ntms::transport
