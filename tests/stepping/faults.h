// SPDX-License-Identifier: MIT
// The ways in which a command can fail that are stepped through.
#pragma once

#include <ntms/emulator.h>

#include <cstdint>
#include <string>
#include <vector>

namespace ntms::stepping {

// A way to fail: NTMS_EMULATOR_FAIL_BEFORE... with the sense data, if that goes with it.
struct Failure {
  unsigned kind = 0;
  std::uint8_t key = 0;
  std::uint8_t asc = 0;
  std::uint8_t ascq = 0;
  unsigned times = 1;  // how many such commands in a row meet it
};

// What a command can meet. Sense data that only a motion, or only a drive, can have is not tried
// on others.
//   lun     0: the changer
//   opcode  the command's operation code
std::vector<Failure> failures_of(std::uint32_t lun, std::uint8_t opcode);

// "time-out, carried out", "check condition 02/04/01, not carried out" and so on.
std::string describe(const Failure& failure);

}  // namespace ntms::stepping
