// SPDX-License-Identifier: MIT
// Faults that wait for their command.
#pragma once

#include <cstdint>
#include <optional>

#include "emulator/sense.h"
#include "emulator/sqlite.h"
#include "ntms/emulator.h"

namespace ntms::emulator {

struct Fault {
  std::uint32_t kind = 0;  // NTMS_EMULATOR_FAIL_BEFORE...
  Sense sense;
};

class Faults {
 public:
  explicit Faults(Connection& db) : db_(db) {}

  // `fault` has been checked by the caller.
  void add(const ntms_emulator_fault& fault);
  void clear();

  // Counts a command against all faults; the one that strikes, if any.
  std::optional<Fault> strike(unsigned lun, std::uint8_t opcode);

 private:
  Connection& db_;
};

}  // namespace ntms::emulator
