// SPDX-License-Identifier: MIT
// How SCSI commands reach a logical unit. Above this line nobody knows whether the unit is behind
// the operating system's pass-through, an iSCSI session or an emulated library.
#pragma once

#include <array>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"

namespace ntms::scsi {

// A command descriptor block of 6, 10, 12 or 16 bytes.
struct Cdb {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t length = 0;

  std::uint8_t opcode() const { return bytes[0]; }
};

// One command with all that is needed to send it.
struct Command {
  Cdb cdb;
  std::size_t data_in_length = 0;      // bytes the initiator is ready to receive; 0: none
  std::vector<std::uint8_t> data_out;  // bytes to send; empty: none. Never both directions.
  std::chrono::milliseconds timeout{30000};
};

// Whether a SCSI status came back at all.
enum class Delivery {
  delivered,  // `status` is valid
  timed_out,  // no answer in time: the command may or may not have taken effect
  link_lost,  // the connection broke: likewise
  not_sent,   // the command certainly did not reach the device (no device, no permission, refused)
};

// SAM status codes the library tells apart.
inline constexpr std::uint8_t kStatusGood = 0x00;
inline constexpr std::uint8_t kStatusCheckCondition = 0x02;
inline constexpr std::uint8_t kStatusBusy = 0x08;
inline constexpr std::uint8_t kStatusReservationConflict = 0x18;
inline constexpr std::uint8_t kStatusTaskSetFull = 0x28;

// What came back.
struct Reply {
  Delivery delivery = Delivery::delivered;
  std::uint8_t status = kStatusGood;
  std::vector<std::uint8_t> data;   // the bytes that really arrived; may be shorter than asked
  std::vector<std::uint8_t> sense;  // raw sense data with CHECK CONDITION, possibly empty
  std::string detail;               // for delivery failures: what happened, in words
  // With not_sent, why the device could not be had, when the system says more than that it is not
  // there: ERROR_ACCESS_DENIED without permission, ERROR_BUSY while another program has it. 0: no.
  std::uint32_t code = 0;
};

// One logical unit. Commands are carried out one after the other in the order of the calls.
// Thread safety: execute() may be called from any strand; calls are serialised inside.
// Lifetime: the object must outlive every coroutine returned by execute().
class Transport {
 public:
  virtual ~Transport() = default;

  // Sends one command and waits for its end, for its time-out, or for the loss of the link.
  // Never throws on behalf of the device; never waits longer than the command's time-out plus what
  // it takes to notice it. A transport that lost its link tries to reconnect at the next command.
  virtual boost::asio::awaitable<Reply> execute(Command command) = 0;

  // The device as a person would name it, e.g. "iscsi://127.0.0.1:3260/iqn.x/1".
  virtual const std::string& uri() const = 0;

  // How often it is reasonable to look at the unit while waiting for a person's hands.
  virtual std::chrono::milliseconds poll_interval() const { return std::chrono::seconds(1); }
};

}  // namespace ntms::scsi
