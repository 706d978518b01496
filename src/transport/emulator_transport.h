// SPDX-License-Identifier: MIT
// A logical unit of an emulated library, reached through the library's state file.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <memory>
#include <string>

#include "scsi/transport.h"
#include "transport/blocking_thread.h"
#include "transport/uri.h"

namespace ntms::emulator {
class Device;
}

namespace ntms::transport {

// Opens the file when the first command comes, on a thread of its own that carries out all the
// commands; a file that is not there or is no library answers not_sent, and is tried again at the
// next command. Several transports, in any number of processes, share one library.
//
// Thread safety: as scsi::Transport says. A running command cannot be cancelled. Destruction waits
// for the command that is running, if any.
class EmulatorTransport final : public scsi::Transport {
 public:
  // An empty `uri.initiator` stands for default_initiator().
  explicit EmulatorTransport(EmulatorUri uri);
  ~EmulatorTransport() override;
  EmulatorTransport(const EmulatorTransport&) = delete;
  EmulatorTransport& operator=(const EmulatorTransport&) = delete;

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override;
  const std::string& uri() const override { return text_; }

  // Short: whoever plays the operator of an emulated library is a test.
  std::chrono::milliseconds poll_interval() const override { return std::chrono::milliseconds(20); }

 private:
  scsi::Reply run(const scsi::Command& command);

  const EmulatorUri uri_;
  const std::string text_;
  std::unique_ptr<emulator::Device> device_;  // only used on the thread
  BlockingThread thread_;                     // last: it is joined before the device goes
};

}  // namespace ntms::transport
