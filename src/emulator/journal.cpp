// SPDX-License-Identifier: MIT
#include "emulator/journal.h"

#include <algorithm>
#include <cstring>
#include <span>

namespace ntms::emulator {

std::uint64_t Journal::note(const std::string& initiator, unsigned lun, const scsi::Cdb& cdb,
                            std::int64_t now, const Ending& ending) {
  db_.run(
      "INSERT INTO command_count VALUES (?, ?, 1)"
      " ON CONFLICT (lun, opcode) DO UPDATE SET commands = commands + 1",
      lun, cdb.opcode());
  db_.run("UPDATE trace_end SET last = last + 1");
  const std::uint64_t sequence = last();
  const std::span<const std::uint8_t> bytes(cdb.bytes.data(),
                                            std::min(cdb.length, cdb.bytes.size()));
  db_.run("INSERT OR REPLACE INTO trace VALUES (?,?,?,?,?,?,?,?,?,?,?)", sequence % kKept, sequence,
          now, initiator, lun, bytes, ending.delivery, ending.status, ending.sense.key,
          ending.sense.asc, ending.sense.ascq);
  return sequence;
}

void Journal::finish(std::uint64_t sequence, const Ending& ending) {
  db_.run(
      "UPDATE trace SET delivery = ?, status = ?, sense_key = ?, asc = ?, ascq = ?"
      " WHERE place = ? AND sequence = ?",
      ending.delivery, ending.status, ending.sense.key, ending.sense.asc, ending.sense.ascq,
      sequence % kKept, sequence);
}

std::uint64_t Journal::count(unsigned lun, std::uint32_t opcode) {
  auto row =
      db_.query("SELECT commands FROM command_count WHERE lun = ? AND opcode = ?", lun, opcode);
  return row.next() ? static_cast<std::uint64_t>(row.integer(0)) : 0;
}

std::uint64_t Journal::last() {
  auto row = db_.query("SELECT last FROM trace_end");
  return row.next() ? static_cast<std::uint64_t>(row.integer(0)) : 0;
}

bool Journal::read(std::uint64_t sequence, ntms_emulator_trace_entry& entry) {
  auto row = db_.query(
      "SELECT time, initiator, lun, cdb, delivery, status, sense_key, asc, ascq FROM trace"
      " WHERE place = ? AND sequence = ?",
      sequence % kKept, sequence);
  if (!row.next()) return false;
  entry.sequence = sequence;
  entry.time = row.integer(0);
  const std::string initiator = row.text(1).substr(0, sizeof entry.initiator - 1);
  std::memset(entry.initiator, 0, sizeof entry.initiator);
  initiator.copy(entry.initiator, initiator.size());
  entry.lun = static_cast<std::uint32_t>(row.integer(2));
  const auto cdb = row.blob(3);
  std::memset(entry.cdb, 0, sizeof entry.cdb);
  std::copy(cdb.begin(), cdb.end(), entry.cdb);
  entry.cdb_length = static_cast<std::uint32_t>(cdb.size());
  entry.delivery = static_cast<std::uint32_t>(row.integer(4));
  entry.status = static_cast<std::uint32_t>(row.integer(5));
  entry.sense_key = static_cast<std::uint8_t>(row.integer(6));
  entry.asc = static_cast<std::uint8_t>(row.integer(7));
  entry.ascq = static_cast<std::uint8_t>(row.integer(8));
  return true;
}

}  // namespace ntms::emulator
