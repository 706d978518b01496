// SPDX-License-Identifier: MIT
#include "labels/tar.h"

#include <algorithm>

namespace ntms::labels {
namespace {

// Offsets and lengths in the header.
constexpr std::size_t kHeader = 512;
constexpr std::size_t kNameLength = 100;
constexpr std::size_t kChecksum = 148;
constexpr std::size_t kChecksumLength = 8;

// An octal number with leading blanks, ended by a NUL or a blank; nothing for anything else.
std::optional<std::uint32_t> octal(Block field) {
  std::size_t at = 0;
  while (at < field.size() && field[at] == ' ') ++at;
  std::uint32_t value = 0;
  const std::size_t first = at;
  for (; at < field.size() && field[at] >= '0' && field[at] <= '7'; ++at) {
    value = value * 8 + (field[at] - '0');
  }
  const bool ended = at == field.size() || field[at] == '\0' || field[at] == ' ';
  if (at == first || !ended) return std::nullopt;
  return value;
}

// The sum of the header's bytes, those of the checksum itself counted as blanks; old programs added
// signed bytes.
template <class Byte>
std::int64_t sum(Block header) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const bool own = i >= kChecksum && i < kChecksum + kChecksumLength;
    total += own ? ' ' : static_cast<Byte>(header[i]);
  }
  return total;
}

}  // namespace

std::optional<Label> claim_tar(Block block) {
  if (block.size() < kHeader || block[0] == '\0') return std::nullopt;
  const Block header = block.first(kHeader);
  const auto stored = octal(header.subspan(kChecksum, kChecksumLength));
  if (!stored) return std::nullopt;
  if (sum<std::uint8_t>(header) != *stored && sum<std::int8_t>(header) != *stored) {
    return std::nullopt;
  }
  const Block name = header.first(kNameLength);
  Label label;
  label.type = kTar;
  label.id = digest(header);
  label.info =
      cut(std::string(name.begin(), std::find(name.begin(), name.end(), '\0')), kInfoLength);
  return label;
}

}  // namespace ntms::labels
