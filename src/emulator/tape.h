// SPDX-License-Identifier: MIT
// What is recorded on one side of a cartridge: blocks and filemarks at positions 0, 1, 2, ...
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "emulator/sqlite.h"

namespace ntms::emulator {

struct Record {
  bool filemark = false;
  std::vector<std::uint8_t> data;
};

class Tape {
 public:
  Tape(Connection& db, std::int64_t cartridge, std::int64_t side)
      : db_(db), cartridge_(cartridge), side_(side) {}

  std::int64_t count();                                    // also the position of the end of data
  std::optional<Record> read(std::int64_t position);       // nothing at the end of data
  std::optional<bool> filemark_at(std::int64_t position);  // likewise
  void truncate(std::int64_t position);                    // forgets everything from there on
  void append_block(std::span<const std::uint8_t> data);
  void append_filemark();

 private:
  Connection& db_;
  std::int64_t cartridge_;
  std::int64_t side_;
};

}  // namespace ntms::emulator
