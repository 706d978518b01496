// SPDX-License-Identifier: MIT
// The changer's mode pages (SMC-3 7.3).
#pragma once

#include "emulator/call.h"

namespace ntms::emulator {

// MODE SENSE(6), or (10) if `ten`.
Answer changer_mode_sense(const Call& call, bool ten);

}  // namespace ntms::emulator
