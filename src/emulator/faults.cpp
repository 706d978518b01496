// SPDX-License-Identifier: MIT
#include "emulator/faults.h"

namespace ntms::emulator {

void Faults::add(const ntms_emulator_fault& fault) {
  const std::int64_t skip = fault.nth == 0 ? 0 : std::int64_t{fault.nth} - 1;
  const std::int64_t times = fault.times == 0 ? 1 : fault.times;
  db_.run(
      "INSERT INTO fault (lun, opcode, skip, times, kind, sense_key, asc, ascq)"
      " VALUES (?,?,?,?,?,?,?,?)",
      fault.lun, fault.opcode, skip, times, fault.kind, fault.sense_key, fault.asc, fault.ascq);
}

void Faults::clear() {
  db_.run("DELETE FROM fault");
}

std::optional<Fault> Faults::strike(unsigned lun, std::uint8_t opcode) {
  std::optional<Fault> fault;
  std::int64_t id = 0;
  std::int64_t times = 0;
  {
    auto row = db_.query(
        "SELECT id, times, kind, sense_key, asc, ascq FROM fault WHERE skip = 0"
        " AND lun IN (?1, 4294967295) AND opcode IN (?2, 255) ORDER BY id LIMIT 1",
        lun, opcode);
    if (row.next()) {
      id = row.integer(0);
      times = row.integer(1);
      fault.emplace();
      fault->kind = static_cast<std::uint32_t>(row.integer(2));
      fault->sense.key = static_cast<std::uint8_t>(row.integer(3));
      fault->sense.asc = static_cast<std::uint8_t>(row.integer(4));
      fault->sense.ascq = static_cast<std::uint8_t>(row.integer(5));
    }
  }
  db_.run(
      "UPDATE fault SET skip = skip - 1 WHERE skip > 0 AND lun IN (?1, 4294967295)"
      " AND opcode IN (?2, 255)",
      lun, opcode);
  if (!fault) return std::nullopt;
  if (times == 1) {
    db_.run("DELETE FROM fault WHERE id = ?", id);
  } else if (times != NTMS_EMULATOR_UNTIL_CLEARED) {
    db_.run("UPDATE fault SET times = times - 1 WHERE id = ?", id);
  }
  return fault;
}

}  // namespace ntms::emulator
