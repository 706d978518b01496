// SPDX-License-Identifier: MIT
// Media types: their codes, their names, and which one a drive uses.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ntms::device {

// One media type (concepts 2.4).
struct MediaType {
  std::uint32_t code = 0;          // STORAGE_MEDIA_TYPE number, 32 (DDS_4mm) to 93 (SAIT)
  std::string_view name;           // as shown to people, e.g. "LTO Ultrium"; unique
  std::string_view constant_name;  // as in the table of codes, e.g. "LTO_Ultrium"
  std::uint32_t sides = 1;         // of a cartridge
};

inline constexpr std::uint32_t kDds4mm = 32;
inline constexpr std::uint32_t kDlt = 39;
inline constexpr std::uint32_t kCleanerCartridge = 50;
inline constexpr std::uint32_t kCdRom = 51;
inline constexpr std::uint32_t kLtoUltrium = 86;

// All media types in the order of their codes. Static storage.
std::span<const MediaType> media_types();

// The media type with this code, or null. Static storage.
const MediaType* find_media_type(std::uint32_t code);

// The media type that a drive reads and writes, judged by the vendor and product texts of its
// INQUIRY data (case does not matter) and, failing that, by its device type where that suffices (a
// CD or DVD drive: CD-ROM). Nothing when the drive is not known. Pure.
std::optional<std::uint32_t> media_type_of_drive(std::string_view vendor, std::string_view product,
                                                 std::uint8_t device_type);

// Whether a drive that is loading such a cartridge may be preparing it for its first use, which
// takes up to two hours: the drive's product text is that of an LTO-9 drive, or the bar code ends
// with the media identifier of LTO-9 (L9, LZ). Pure.
bool may_prepare_for_hours(std::string_view product, std::string_view bar_code);

}  // namespace ntms::device
