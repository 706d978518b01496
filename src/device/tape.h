// SPDX-License-Identifier: MIT
// The tape in a drive, as far as the library itself reads and writes it: its first block.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "device/drive.h"

namespace ntms::device {

// What the drive says about the tape it has loaded (MODE SENSE: header and block descriptor; REPORT
// DENSITY SUPPORT).
struct TapeFacts {
  std::uint8_t density = 0;  // density code; 0: the drive's default
  bool write_protected = false;
  std::uint32_t block_length = 0;  // bytes; 0: blocks of any length
  std::uint64_t capacity = 0;      // bytes; 0: the drive does not tell
};

// Reads the facts; with `capacity` that, too. The drive is ready.
// Errors: what the drive's sense data means.
boost::asio::awaitable<Result<TapeFacts>> tape_facts(Drive& drive, bool capacity = false);

// Rewinds and reads the first block, at most `limit` bytes of it, and rewinds again. Nothing when
// the tape is blank or begins with a filemark. A drive that takes no request for a block of any
// length is asked for one of its own block length. The drive is ready; it is left at the beginning.
// Errors: what the drive's sense data means; ERROR_MEDIUM_NOT_ACCESSIBLE when the tape cannot be
// read.
boost::asio::awaitable<Result<std::optional<std::vector<std::uint8_t>>>> read_first_block(
    Drive& drive, std::uint32_t limit);

// Writes `block` and a filemark at the beginning of the tape, which loses what was on it, and
// rewinds. The drive is set to blocks of any length. The drive is ready.
// Errors: ERROR_WRITE_PROTECT, and what the drive's sense data means.
boost::asio::awaitable<Result<void>> write_first_block(Drive& drive,
                                                       std::vector<std::uint8_t> block);

}  // namespace ntms::device
