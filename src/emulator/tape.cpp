// SPDX-License-Identifier: MIT
#include "emulator/tape.h"

namespace ntms::emulator {

std::int64_t Tape::count() {
  auto row = db_.query("SELECT max(position) + 1 FROM record WHERE cartridge = ? AND side = ?",
                       cartridge_, side_);
  return row.next() ? row.integer(0) : 0;  // NULL, of an empty side, reads as 0
}

std::optional<Record> Tape::read(std::int64_t position) {
  auto row = db_.query(
      "SELECT filemark, data FROM record WHERE cartridge = ? AND side = ? AND position = ?",
      cartridge_, side_, position);
  if (!row.next()) return std::nullopt;
  Record record;
  record.filemark = row.integer(0) != 0;
  const auto data = row.blob(1);
  record.data.assign(data.begin(), data.end());
  return record;
}

std::optional<bool> Tape::filemark_at(std::int64_t position) {
  auto row =
      db_.query("SELECT filemark FROM record WHERE cartridge = ? AND side = ? AND position = ?",
                cartridge_, side_, position);
  if (!row.next()) return std::nullopt;
  return row.integer(0) != 0;
}

void Tape::truncate(std::int64_t position) {
  db_.run("DELETE FROM record WHERE cartridge = ? AND side = ? AND position >= ?", cartridge_,
          side_, position);
}

void Tape::append_block(std::span<const std::uint8_t> data) {
  const std::int64_t end = count();
  db_.run(
      "INSERT INTO record (cartridge, side, position, filemark, length, data)"
      " VALUES (?, ?, ?, 0, ?, ?)",
      cartridge_, side_, end, data.size(), data);
}

void Tape::append_filemark() {
  const std::int64_t end = count();
  db_.run(
      "INSERT INTO record (cartridge, side, position, filemark, length, data)"
      " VALUES (?, ?, ?, 1, 0, x'')",
      cartridge_, side_, end);
}

}  // namespace ntms::emulator
