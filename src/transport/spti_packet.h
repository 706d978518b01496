// SPDX-License-Identifier: MIT
// What goes through IOCTL_SCSI_PASS_THROUGH and IOCTL_SCSI_PASS_THROUGH_DIRECT, byte by byte, and
// what the answers mean. No I/O. Sources: SCSI_PASS_THROUGH and SCSI_PASS_THROUGH_DIRECT of
// ntddscsi.h; winerror.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scsi/transport.h"
#include "transport/spti_uri.h"

namespace ntms::transport {

// Where the members of both structures are: they differ only in what DataBuffer is (an address or
// an offset), and from one bitness to the other in its width.
struct SptiLayout {
  static constexpr std::size_t kLength = 0;
  static constexpr std::size_t kScsiStatus = 2;
  static constexpr std::size_t kPathId = 3;
  static constexpr std::size_t kTargetId = 4;
  static constexpr std::size_t kLun = 5;
  static constexpr std::size_t kCdbLength = 6;
  static constexpr std::size_t kSenseLength = 7;
  static constexpr std::size_t kDataIn = 8;
  static constexpr std::size_t kTransferLength = 12;
  static constexpr std::size_t kTimeOut = 16;

  std::size_t data = 0;   // DataBuffer or DataBufferOffset
  std::size_t sense = 0;  // SenseInfoOffset
  std::size_t cdb = 0;    // Cdb[16]
  std::size_t size = 0;   // of the whole structure
};

// For processes whose pointers have 4 or 8 bytes.
constexpr SptiLayout spti_layout(std::size_t pointer_size) {
  return pointer_size == 8 ? SptiLayout{24, 32, 36, 56} : SptiLayout{20, 24, 28, 44};
}

// How the data travel.
enum class SptiMethod {
  direct,    // the driver uses the caller's buffer
  buffered,  // they are copied, behind the structure; for drivers without the other
};

// One command on its way through the driver and back. Not thread-safe. Neither copied nor moved:
// the driver writes into it.
class SptiPacket {
 public:
  // `command` has passed reason_not_to_send(). `alignment_mask` is the adapter's: the low bits that
  // must be zero in the address of the data. `pointer_size`: of the process, except in tests.
  SptiPacket(const scsi::Command& command, SptiAddress address, SptiMethod method,
             std::size_t alignment_mask, std::size_t pointer_size = sizeof(void*));
  SptiPacket(const SptiPacket&) = delete;
  SptiPacket& operator=(const SptiPacket&) = delete;

  // The control code, and the memory that is both its input and its output.
  std::uint32_t code() const;
  std::span<std::uint8_t> bytes() { return bytes_; }

  // What the device answered, once the control call has succeeded.
  scsi::Reply reply() const;

  // What is known after it has failed with a Win32 code. A driver that reports a failure of the
  // transport and hands over the device's sense data all the same is taken at the device's word.
  scsi::Reply reply_to_failure(std::uint32_t error) const;

 private:
  std::span<const std::uint8_t> received() const;
  std::vector<std::uint8_t> sense() const;

  const SptiLayout layout_;
  const SptiMethod method_;
  const std::size_t data_in_length_;
  std::vector<std::uint8_t> bytes_;    // the structure, sense data; buffered: the data
  std::vector<std::uint8_t> storage_;  // direct: the data, somewhere in it
  std::span<std::uint8_t> data_;
};

// A Win32 code in words: what it means for a device and, where somebody can do something about it,
// what. The number when it is none of those that are told apart.
std::string spti_error_words(std::uint32_t error);

// Whether a driver that gave this error does not know the control code, so that another may do.
bool lacks_method(std::uint32_t error);

// What is known after the device object `name` could not be opened.
scsi::Reply reply_to_open_failure(const std::string& name, std::uint32_t error);

}  // namespace ntms::transport
