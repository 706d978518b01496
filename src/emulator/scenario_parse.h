// SPDX-License-Identifier: MIT
// From the text of a scenario to what it means.
#pragma once

#include <string_view>

#include "base/error.h"
#include "emulator/scenario.h"

namespace ntms::emulator {

// ERROR_INVALID_PARAMETER; the reason names the line, e.g. `line 7: "wich" is no action`. If the
// text has a library line, everything the scenario speaks of exists in that library. Pure.
Result<Scenario> parse_scenario(std::string_view text);

}  // namespace ntms::emulator
