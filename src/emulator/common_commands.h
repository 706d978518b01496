// SPDX-License-Identifier: MIT
// The commands every logical unit knows: identification, sense, log pages, reservations, PREVENT.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "emulator/call.h"

namespace ntms::emulator {

// Carries out a command common to changer and drives; nothing if it is not one of them.
std::optional<Answer> common_command(const Call& call);

// Whether a command is answered whatever unit attention waits (SAM-5 5.14).
bool ignores_attention(std::uint8_t opcode);

// Whether a command is carried out although another initiator holds the reservation (SPC-2 5.5.1).
bool ignores_reservation(const scsi::Cdb& cdb);

// Appends text as a fixed field, cut or padded with blanks.
void append_text(std::vector<std::uint8_t>& to, const std::string& text, std::size_t width);

// T10 vendor identification of a drive: vendor, product and serial number, as INQUIRY page 83h and
// READ ELEMENT STATUS report it (SPC-4 7.8.6.4).
std::vector<std::uint8_t> drive_designator(const Geometry& geometry, std::uint32_t number);

}  // namespace ntms::emulator
