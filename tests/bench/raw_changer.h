// SPDX-License-Identifier: MIT
// The floor of an inventory and of a mount: READ ELEMENT STATUS and MOVE MEDIUM sent one after the
// other, and nothing done with the answers.
#pragma once

#include <boost/asio/io_context.hpp>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "scsi/commands.h"
#include "scsi/transport.h"

namespace ntms::bench {

// Elements of one type from an address on.
struct RawElements {
  scsi::ElementType type = scsi::ElementType::storage;
  std::uint16_t first = 0;
  std::uint32_t count = 0;
};

// One logical unit and a thread of control of its own: the calls run its executor themselves.
// Throws std::runtime_error when a command fails for good.
class RawChanger {
 public:
  explicit RawChanger(const std::string& uri);

  // Reads them in requests of the size that device::Changer uses: 1,000 elements, volume tags.
  void read(const RawElements& elements);

  // MOVE MEDIUM with the transport element `arm`.
  void move(std::uint16_t arm, std::uint16_t from, std::uint16_t to);

 private:
  scsi::Reply execute(const scsi::Command& command);

  boost::asio::io_context context_;
  std::unique_ptr<scsi::Transport> transport_;
};

}  // namespace ntms::bench
