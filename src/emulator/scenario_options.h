// SPDX-License-Identifier: MIT
// The parts of a scenario's lines that are written as name=value, and the names of commands.
#pragma once

#include <cstdint>
#include <string_view>

#include "emulator/scenario.h"
#include "emulator/scenario_words.h"

namespace ntms::emulator {

// All of these read up to the first word that is no option and throw WrongLine.
// `library slots=20 clock=virtual ...`; what is not named is as ntms_emulator_geometry_init has it.
LibraryOptions library_options(Words& words);
// `durations move=3s load=20s ...`; what is not named takes no time.
ntms_emulator_durations durations_options(Words& words);
// `pace step=1s ...`; what is not named is as Pace has it.
Pace pace_options(Words& words);

// A logical unit: `changer`, `drive 1`, or nothing (the changer).
struct Unit {
  std::uint32_t lun = 0;
  bool is_drive() const { return lun != 0; }
};
Unit unit_of(Words& words);

// An operation code by its name, as 0xA5, or `any` (NTMS_EMULATOR_ANY_OPCODE), which that unit has.
std::uint32_t opcode_of(Words& words, const Unit& unit);

// Additional sense code and qualifier as in 28/00.
struct AdditionalSense {
  std::uint8_t asc = 0, ascq = 0;
};
AdditionalSense additional_sense_of(std::string_view text);

// `paused on`, `late-access 3s`, `late-access off`.
QuirkSetting quirk_setting(Words& words);

// The rest of a fault: kind, sense, nth, times.
void fault_options(Words& words, ntms_emulator_fault& fault);

}  // namespace ntms::emulator
