// SPDX-License-Identifier: MIT
// Sense data: why a command ended as it did (SPC-4 4.5).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "scsi/bytes.h"

namespace ntms::scsi {

// Sense keys (SPC-4 4.5.6).
inline constexpr std::uint8_t kNoSense = 0x0;
inline constexpr std::uint8_t kRecoveredError = 0x1;
inline constexpr std::uint8_t kNotReady = 0x2;
inline constexpr std::uint8_t kMediumError = 0x3;
inline constexpr std::uint8_t kHardwareError = 0x4;
inline constexpr std::uint8_t kIllegalRequest = 0x5;
inline constexpr std::uint8_t kUnitAttention = 0x6;
inline constexpr std::uint8_t kDataProtect = 0x7;
inline constexpr std::uint8_t kBlankCheck = 0x8;
inline constexpr std::uint8_t kAbortedCommand = 0xB;

// The part of the sense data that decides.
struct Sense {
  std::uint8_t key = 0;
  std::uint8_t asc = 0;   // additional sense code; 0 when it did not arrive
  std::uint8_t ascq = 0;  // its qualifier; likewise
  bool deferred = false;  // about an earlier command; the one that got it was not carried out
  bool valid = false;     // false: no sense data of a known format; the rest means nothing

  // Whether it is exactly key/asc/ascq.
  bool is(std::uint8_t k, std::uint8_t a, std::uint8_t q) const {
    return valid && key == k && asc == a && ascq == q;
  }
  bool operator==(const Sense&) const = default;
};

// Understands the fixed format (70h, 71h) and the descriptor format (72h, 73h), as much of it as
// arrived. Anything else: `valid` is false. Pure; never fails.
Sense parse_sense(Bytes data);

// "5/3B/0E medium source element empty"; without a known text the sense key's name follows.
// "no sense data" when it is not valid.
std::string to_string(const Sense& sense);

// The text of an additional sense code, or an empty one when it is not in the table.
std::string_view sense_text(std::uint8_t asc, std::uint8_t ascq);

}  // namespace ntms::scsi
