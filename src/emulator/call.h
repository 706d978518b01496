// SPDX-License-Identifier: MIT
// One command on its way through a logical unit, and the answer it gets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "emulator/library_file.h"
#include "emulator/motion.h"
#include "emulator/sense.h"
#include "scsi/bytes.h"
#include "scsi/transport.h"

namespace ntms::emulator {

// The LUN of the changer; drive i is LUN i + 1.
inline constexpr unsigned kChangerLun = 0;
constexpr unsigned lun_of_drive(std::uint32_t index) {
  return index + 1;
}

// What a command handler sees. All of it happens inside one exclusive transaction on `file`.
struct Call {
  LibraryFile& file;
  std::int64_t now;        // of the file's clock
  std::int64_t initiator;  // row of the sender
  unsigned lun;
  const scsi::Command& command;

  Connection& db() const { return file.db(); }
  const Geometry& geometry() const { return file.geometry(); }
  std::uint32_t drive_number() const { return lun - 1; }
  std::uint8_t opcode() const { return command.cdb.opcode(); }
  std::uint8_t byte(std::size_t at) const { return command.cdb.bytes[at]; }
  std::uint32_t be16(std::size_t at) const { return scsi::get_be16(command.cdb.bytes, at); }
  std::uint32_t be24(std::size_t at) const { return scsi::get_be24(command.cdb.bytes, at); }
  std::uint32_t be32(std::size_t at) const { return scsi::get_be32(command.cdb.bytes, at); }
};

// What a handler decided. A motion has not happened yet: the device carries it out, at once or over
// its duration, and only then sends the status.
struct Answer {
  std::uint8_t status = scsi::kStatusGood;
  std::vector<std::uint8_t> data;
  Sense sense;
  std::optional<Motion> motion;
  std::int64_t answer_at = 0;  // the status is sent not before this time of the file's clock
};

// GOOD with data cut to the allocation length of the command.
inline Answer good(std::vector<std::uint8_t> data = {}, std::size_t allocation = SIZE_MAX) {
  data.resize(std::min(data.size(), allocation));
  Answer answer;
  answer.data = std::move(data);
  return answer;
}

inline Answer check(const Sense& sense) {
  Answer answer;
  answer.status = scsi::kStatusCheckCondition;
  answer.sense = sense;
  return answer;
}

}  // namespace ntms::emulator
