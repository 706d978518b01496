// SPDX-License-Identifier: MIT
// The media changer's command set (SMC-3).
#pragma once

#include "emulator/call.h"

namespace ntms::emulator {

// Carries out a command on LUN 0 that is not common to all units.
Answer changer_command(const Call& call);

// Whether a command can be answered while the arm moves; the others wait for its end.
bool answered_during_motion(std::uint8_t opcode);

}  // namespace ntms::emulator
