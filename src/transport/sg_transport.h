// SPDX-License-Identifier: MIT
// A logical unit that Linux' SCSI generic driver reaches.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <string>

#include "scsi/transport.h"
#include "transport/device_thread.h"
#include "transport/sg_control.h"
#include "transport/sg_tree.h"
#include "transport/sg_uri.h"

namespace ntms::transport {

// How long a unit is waited for that cannot be opened yet.
struct SgPatience {
  std::chrono::milliseconds busy{1000};     // another program has it to itself
  std::chrono::milliseconds blocked{5000};  // the kernel sends it nothing
};

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
// ERROR_ACCESS_DENIED without permission; ERROR_BUSY when another program keeps it to itself, and
// no code when the kernel has it off line, both for longer than `patience`), timed_out and
// link_lost as scsi::Transport says.
//
// Thread safety: as scsi::Transport says. A running command cannot be cancelled; the kernel ends it
// after its time-out. When it does not, the command has timed out for the caller, and the thread
// with the open node is left to itself. Destruction waits for nothing.
class SgTransport final : public scsi::Transport {
 public:
  SgTransport(SgUri uri, const SgControlFactory& make_control, SgPlaces places = {},
              SgPatience patience = {});
  ~SgTransport() override;
  SgTransport(const SgTransport&) = delete;
  SgTransport& operator=(const SgTransport&) = delete;

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override;
  const std::string& uri() const override { return text_; }

 private:
  const std::string text_;
  DeviceThread thread_;
};

}  // namespace ntms::transport
