// SPDX-License-Identifier: MIT
// The label at the beginning of a tape, as far as it tells media apart (contract: media-labels).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace ntms::labels {

using Block = std::span<const std::uint8_t>;  // the first block of a tape

// Label types of the formats known without a media label library. That of Microsoft Tape Format is
// the name of the program that wrote the tape.
inline constexpr const char* kFreeMedia = "Removable Storage Free Media";
inline constexpr const char* kTar = "tar";
inline constexpr const char* kLtfs = "LTFS";
inline constexpr const char* kAnsiVolume = "ANSI VOL1";
inline constexpr const char* kIbmVolume = "IBM VOL1";

// Limits of the members of the information structures (ntmsapi.h), in characters and bytes.
inline constexpr std::size_t kTypeLength = 63;
inline constexpr std::size_t kInfoLength = 255;
inline constexpr std::size_t kIdLength = 255;

// What a label says. Type and id together identify a medium, info describes it.
struct Label {
  std::string type;              // UTF-8, at most kTypeLength UTF-16 units
  std::vector<std::uint8_t> id;  // 1 to kIdLength bytes
  std::string info;              // UTF-8, at most kInfoLength UTF-16 units; may be empty
  // The side of the medium that it is on, 0 or 1, as far as the label tells. Not every program that
  // writes it there cares.
  std::optional<std::uint32_t> side = std::nullopt;
};

// Whether two labels are those of one medium: equal type, case-sensitively, and equal id.
inline bool same_medium(const Label& a, const Label& b) {
  return a.type == b.type && a.id == b.id;
}

// Cuts a text to a number of UTF-16 units, never inside a character. Invalid UTF-8 is mended.
std::string cut(const std::string& utf8, std::size_t units);

// The MD5 digest of a block: an id where the format has none.
std::vector<std::uint8_t> digest(Block block);

}  // namespace ntms::labels
