// SPDX-License-Identifier: MIT
#include "labels/volume_label.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace ntms::labels {
namespace {

constexpr std::size_t kLength = 80;

// Columns, counted from 0.
constexpr std::size_t kIdentifier = 4;
constexpr std::size_t kIdentifierLength = 6;
constexpr std::size_t kImplementation = 24;
constexpr std::size_t kImplementationLength = 13;
constexpr std::size_t kAnsiOwner = 37;
constexpr std::size_t kAnsiOwnerLength = 14;
constexpr std::size_t kIbmOwner = 41;
constexpr std::size_t kIbmOwnerLength = 10;

// EBCDIC (code page 037) to ASCII for what labels consist of; everything else becomes a blank.
char from_ebcdic(std::uint8_t byte) {
  constexpr std::string_view kRuns[] = {"ABCDEFGHI", "JKLMNOPQR", "STUVWXYZ", "0123456789",
                                        "abcdefghi", "jklmnopqr", "stuvwxyz"};
  constexpr std::array<std::uint8_t, 7> kStarts{0xC1, 0xD1, 0xE2, 0xF0, 0x81, 0x91, 0xA2};
  for (std::size_t i = 0; i < kStarts.size(); ++i) {
    if (byte >= kStarts[i] && byte < kStarts[i] + kRuns[i].size()) {
      return kRuns[i][byte - kStarts[i]];
    }
  }
  switch (byte) {
    case 0x4B:
      return '.';
    case 0x5B:
      return '$';
    case 0x60:
      return '-';
    case 0x61:
      return '/';
    case 0x6D:
      return '_';
    case 0x7B:
      return '#';
    case 0x7C:
      return '@';
    default:
      return ' ';
  }
}

// Columns of the label without trailing blanks; what cannot be shown becomes a blank.
std::string field(std::string_view text, std::size_t at, std::size_t length) {
  std::string result(text.substr(at, length));
  for (char& c : result) {
    if (c < ' ' || c > '~') c = ' ';
  }
  result.erase(result.find_last_not_of(' ') + 1);
  return result;
}

}  // namespace

std::optional<Label> claim_volume_label(Block block) {
  constexpr std::array<std::uint8_t, 4> kIbm{0xE5, 0xD6, 0xD3, 0xF1};  // VOL1 in EBCDIC
  if (block.size() < kLength) return std::nullopt;
  const bool ibm = std::equal(kIbm.begin(), kIbm.end(), block.begin());
  std::string text(block.begin(), block.begin() + kLength);
  if (ibm) {
    std::transform(block.begin(), block.begin() + kLength, text.begin(), from_ebcdic);
  }
  if (!text.starts_with("VOL1")) return std::nullopt;
  const std::string identifier = field(text, kIdentifier, kIdentifierLength);
  const std::string owner =
      ibm ? field(text, kIbmOwner, kIbmOwnerLength) : field(text, kAnsiOwner, kAnsiOwnerLength);
  Label label;
  if (ibm) {
    label.type = kIbmVolume;
  } else if (field(text, kImplementation, kImplementationLength) == "LTFS") {
    label.type = kLtfs;
  } else {
    label.type = kAnsiVolume;
  }
  if (identifier.empty()) {
    label.id = digest(block.first(kLength));
  } else {
    label.id.assign(identifier.begin(), identifier.end());
  }
  label.info = identifier;
  if (!owner.empty()) label.info += (identifier.empty() ? "" : " ") + owner;
  return label;
}

}  // namespace ntms::labels
