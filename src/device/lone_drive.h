// SPDX-License-Identifier: MIT
// A drive that stands alone as a changer with one drive, no slots, no ports and no arm: what asks a
// changer what is in it can ask such a drive the same (contract: hardware-notes 1).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <string>

#include "scsi/transport.h"

namespace ntms::device {

// One logical unit for two users. Thread safety as for the transport itself.
class SharedTransport final : public scsi::Transport {
 public:
  explicit SharedTransport(std::shared_ptr<scsi::Transport> transport)
      : transport_(std::move(transport)) {}

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override {
    return transport_->execute(std::move(command));
  }
  const std::string& uri() const override { return transport_->uri(); }
  std::chrono::milliseconds poll_interval() const override { return transport_->poll_interval(); }

 private:
  std::shared_ptr<scsi::Transport> transport_;
};

// Answers a changer's commands (SMC-3) from what the drive says of itself. The one element is a
// data transfer element at kLoneDriveElement; it is full unless the drive reports no medium. What
// the drive reports otherwise, unit attentions and lost links among it, is passed on. MOVE MEDIUM
// and whatever else needs an arm is not known (5/20/00).
class LoneDriveChanger final : public scsi::Transport {
 public:
  static constexpr std::uint16_t kElement = 1;

  explicit LoneDriveChanger(std::shared_ptr<scsi::Transport> drive) : drive_(std::move(drive)) {}

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override;
  const std::string& uri() const override { return drive_->uri(); }
  std::chrono::milliseconds poll_interval() const override { return drive_->poll_interval(); }

 private:
  boost::asio::awaitable<scsi::Reply> inquiry(scsi::Command command);
  boost::asio::awaitable<scsi::Reply> test_ready();
  boost::asio::awaitable<scsi::Reply> element_status(scsi::Command command);

  std::shared_ptr<scsi::Transport> drive_;
};

}  // namespace ntms::device
