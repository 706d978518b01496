// SPDX-License-Identifier: MIT
// The TAPE descriptor block of Microsoft Tape Format 1.00a, as NTBackup and others begin their
// tapes with (contract: media-labels 5).
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "labels/label.h"

namespace ntms::labels {

// The label of a tape in Microsoft Tape Format: type is the name of the program, info the name of
// the medium, id the UUID in the media label string or, without one, a digest of the block. Nothing
// when the block is none of the format: another type, a wrong checksum, strings outside of the
// block, no name of a program. Pure; any thread; any bytes.
std::optional<Label> claim_microsoft_tape_format(Block block);

// What the TAPE block of a tape is made of.
struct TapeBlock {
  std::uint16_t block_size = 1024;  // 512 or 1024
  bool unicode = true;              // else the strings are in the ANSI code page
  std::uint32_t family = 0;         // Media Family ID
  std::string software;             // UTF-8, not empty
  std::string name;                 // of the medium, UTF-8
  std::string description;          // the media label string if `has_label`, else free text; UTF-8
  bool has_label = false;
  std::int64_t written = 0;  // Media Date, seconds since 1970-01-01 UTC
};

// The block, zero-filled to its size. Error: ERROR_INVALID_PARAMETER when the strings do not fit or
// the size is neither 512 nor 1024.
Result<std::vector<std::uint8_t>> make_tape_block(const TapeBlock& tape);

// The media label string of version 1.0 (media-labels 5.3).
struct MediaLabelString {
  std::string vendor;
  std::string product;
  std::int64_t created = 0;  // seconds since 1970-01-01 UTC
  std::string cartridge;     // printed label or bar code; characters a label cannot have become _
  std::uint32_t side = 0;    // 0 or 1
  Guid id;
};
std::string to_text(const MediaLabelString& label);

}  // namespace ntms::labels
