// SPDX-License-Identifier: MIT
// The label that is written on a medium before it enters the free pool: a TAPE block of Microsoft
// Tape Format, so that every program that knows the format can name it (contract: media-labels 7).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/guid.h"
#include "labels/label.h"

namespace ntms::labels {

struct FreeLabel {
  Guid id;                   // of this labelling; fresh each time
  std::string bar_code;      // may be empty
  std::string name;          // the cartridge's display name, UTF-8
  std::uint32_t side = 0;    // 0 or 1
  std::uint32_t family = 1;  // random, not 0
  std::int64_t written = 0;  // seconds since 1970-01-01 UTC
};

// The block to be written, 1024 bytes. A name that leaves no room is cut.
std::vector<std::uint8_t> make_free_label(const FreeLabel& label);

// The label of a block, if it is a free label. Pure; any thread; any bytes.
std::optional<Label> claim_free_label(Block block);

}  // namespace ntms::labels
