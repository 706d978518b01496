// SPDX-License-Identifier: MIT
// The tape drive's command set (SSC-4), except what moves data.
#pragma once

#include "emulator/call.h"
#include "emulator/elements.h"
#include "emulator/tape.h"

namespace ntms::emulator {

// Carries out a command on a drive's LUN that is not common to all units.
Answer drive_command(const Call& call);

// A drive that is ready, with its tape.
struct ReadyDrive {
  Drive drive;
  Tape tape;
  bool write_protected;
};

// READ, WRITE, WRITE FILEMARKS, SPACE, LOCATE, READ POSITION, ERASE; nothing for any other command.
std::optional<Answer> tape_command(const Call& call, ReadyDrive& ready);

// What READ BLOCK LIMITS reports.
inline constexpr std::uint32_t kMaximumBlock = 8U << 20;

}  // namespace ntms::emulator
