// SPDX-License-Identifier: MIT
// What becomes of a cartridge's record when it has left the library through the port.
#pragma once

#include <cstdint>
#include <span>

#include "model/objects.h"

namespace ntms::model {

enum class Fate {
  offline,  // kept, in the offline library
  deleted,  // forgotten, with its sides
};

// The table "Fate of the medium" (functions-library-control 1). `pool_type` is the NtmsPoolType of
// the medium's pool, `is_cleaner` whether it is the cleaner cartridge, `policy` the computer's
// dwMediaPoolPolicy.
Fate fate_after_eject(std::uint32_t pool_type, bool is_cleaner, std::span<const Side> sides,
                      std::uint32_t policy);

}  // namespace ntms::model
