// SPDX-License-Identifier: MIT
// What was asked and answered: a counter per operation code and a ring of the last commands.
#pragma once

#include <cstdint>
#include <string>

#include "emulator/sense.h"
#include "emulator/sqlite.h"
#include "ntms/emulator.h"
#include "scsi/transport.h"

namespace ntms::emulator {

// How a command ended, or that it has not ended yet.
struct Ending {
  std::uint32_t delivery = NTMS_EMULATOR_UNDER_WAY;
  std::uint8_t status = 0;
  Sense sense;
};

class Journal {
 public:
  static constexpr std::uint64_t kKept = 4096;

  explicit Journal(Connection& db) : db_(db) {}

  // Counts and notes a command; returns its sequence number.
  std::uint64_t note(const std::string& initiator, unsigned lun, const scsi::Cdb& cdb,
                     std::int64_t now, const Ending& ending);
  // Fills in the ending of a command noted as under way.
  void finish(std::uint64_t sequence, const Ending& ending);

  std::uint64_t count(unsigned lun, std::uint32_t opcode);
  std::uint64_t last();
  // False if it is not kept. `entry.size` is left alone.
  bool read(std::uint64_t sequence, ntms_emulator_trace_entry& entry);

 private:
  Connection& db_;
};

}  // namespace ntms::emulator
