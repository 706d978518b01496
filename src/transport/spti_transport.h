// SPDX-License-Identifier: MIT
// A logical unit that Windows' SCSI pass-through reaches.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "scsi/transport.h"
#include "transport/blocking_thread.h"
#include "transport/spti_control.h"
#include "transport/spti_packet.h"
#include "transport/spti_uri.h"

namespace ntms::transport {

// Opens the device when the first command comes, on a thread of its own that carries out all the
// commands, and again after every command that did not come to an answer.
//
// A changer is opened for this process alone and stays open: nobody else may move its cartridges.
// A tape drive is open only while a command runs, because its data belong to the applications,
// which open it themselves; a port stays open and is shared.
//
// Delivery: not_sent when the device cannot be opened or its driver refuses the request (with
// ERROR_ACCESS_DENIED without permission, ERROR_BUSY when another program has it), timed_out and
// link_lost as scsi::Transport says. A device that vanished is link_lost, and not_sent as long as
// it does not come back.
//
// Thread safety: as scsi::Transport says. A running command cannot be cancelled; the driver ends it
// by its time-out, in whole seconds. Destruction waits for it.
class SptiTransport final : public scsi::Transport {
 public:
  SptiTransport(const SptiUri& uri, const SptiControlFactory& make_control);
  ~SptiTransport() override;
  SptiTransport(const SptiTransport&) = delete;
  SptiTransport& operator=(const SptiTransport&) = delete;

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override;
  const std::string& uri() const override { return text_; }

 private:
  // What the adapter behind the open device can do.
  struct Adapter {
    std::size_t alignment_mask = 0;
    std::size_t max_transfer = 0;  // bytes; 0: unknown
  };

  scsi::Reply run(const scsi::Command& command);
  scsi::Reply send(const scsi::Command& command);
  Adapter ask_adapter();

  const SptiUri uri_;
  const std::string text_;
  const std::string device_name_;
  // What follows is only used on the thread.
  std::unique_ptr<SptiControl> control_;
  bool open_ = false;
  Adapter adapter_;
  SptiMethod method_ = SptiMethod::direct;
  BlockingThread thread_;  // last: it is joined before the device goes
};

}  // namespace ntms::transport
