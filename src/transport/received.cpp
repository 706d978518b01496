// SPDX-License-Identifier: MIT
#include "transport/received.h"

#include <algorithm>

#include "scsi/sense.h"

namespace ntms::transport {
namespace {

// So many bytes of data that look like memory that was not written to are taken for chance.
constexpr std::size_t kChance = 16;

// What unwritten memory looks like: nothing that a device would send.
std::uint8_t untouched(std::size_t at) {
  return static_cast<std::uint8_t>((at * 0x9D) ^ (at >> 8) ^ 0xC5);
}

bool is_sense(std::span<const std::uint8_t> bytes) {
  return !bytes.empty() && (bytes[0] & 0x7FU) >= 0x70 && (bytes[0] & 0x7FU) <= 0x73;
}

}  // namespace

void fill_untouched(std::span<std::uint8_t> data) {
  for (std::size_t i = 0; i < data.size(); ++i) data[i] = untouched(i);
}

std::size_t bytes_received(std::span<const std::uint8_t> data, std::size_t reported) {
  std::size_t written = data.size();
  while (written > 0 && data[written - 1] == untouched(written - 1)) --written;
  if (reported > written && reported <= data.size() && reported - written < kChance) {
    return reported;
  }
  return written;
}

std::vector<std::uint8_t> sense_in(std::span<const std::uint8_t> buffer) {
  constexpr std::size_t kAdditionalLength = 7;  // in both formats
  if (!is_sense(buffer) || buffer.size() <= kAdditionalLength) return {};
  const auto length =
      std::min<std::size_t>(buffer.size(), kAdditionalLength + 1U + buffer[kAdditionalLength]);
  return {buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(length)};
}

bool comes_with_data(std::span<const std::uint8_t> sense) {
  const scsi::Sense parsed = scsi::parse_sense(sense);
  return parsed.valid && (parsed.key == scsi::kNoSense || parsed.key == scsi::kRecoveredError);
}

}  // namespace ntms::transport
