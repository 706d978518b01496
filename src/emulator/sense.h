// SPDX-License-Identifier: MIT
// Sense data as the emulated units send it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace ntms::emulator {

// Sense key and additional sense (SPC-4 4.5); the rest only tape drives use.
struct Sense {
  std::uint8_t key = 0, asc = 0, ascq = 0;
  bool filemark = false, end_of_medium = false, incorrect_length = false;
  std::optional<std::int32_t> information = {};

  // Fixed format, current error, 18 bytes (SPC-4 4.5.3).
  std::vector<std::uint8_t> encode() const;
};

namespace sense {
inline constexpr Sense kNone{};
inline constexpr Sense kBecomingReady{2, 0x04, 0x01};
inline constexpr Sense kNeedsLoad{2, 0x04, 0x02};
inline constexpr Sense kDoorOpen{2, 0x04, 0x03};
inline constexpr Sense kPaused{2, 0x04, 0x85};
inline constexpr Sense kCleanerInstalled{2, 0x30, 0x03};
inline constexpr Sense kCleaningFailed{2, 0x30, 0x07};
inline constexpr Sense kNoMedium{2, 0x3A, 0x00};
inline constexpr Sense kParameterListLength{5, 0x1A, 0x00};
inline constexpr Sense kInvalidOpcode{5, 0x20, 0x00};
inline constexpr Sense kInvalidElement{5, 0x21, 0x01};
inline constexpr Sense kInvalidField{5, 0x24, 0x00};
inline constexpr Sense kWrongUnit{5, 0x25, 0x00};
inline constexpr Sense kInvalidParameter{5, 0x26, 0x00};
inline constexpr Sense kSavingNotSupported{5, 0x39, 0x00};
inline constexpr Sense kDestinationFull{5, 0x3B, 0x0D};
inline constexpr Sense kSourceEmpty{5, 0x3B, 0x0E};
inline constexpr Sense kPortNotAccessible{5, 0x3B, 0x11};
inline constexpr Sense kMagazineRemoved{5, 0x3B, 0x12};
inline constexpr Sense kLoadOrEjectFailed{5, 0x53, 0x00};
inline constexpr Sense kRemovalPrevented{5, 0x53, 0x02};
inline constexpr Sense kWriteProtected{7, 0x27, 0x00};
}  // namespace sense

}  // namespace ntms::emulator
