// SPDX-License-Identifier: MIT
// Playing a scenario: letting time pass, doing what a person and a tester do, and waiting for what
// is expected of the program under test.
#pragma once

#include <functional>
#include <string>

#include "emulator/scenario.h"

namespace ntms::emulator {

// Told of a line: whether it has been played or is being waited for. False ends the play.
using ScenarioWatch = std::function<bool(const Step& step, bool played)>;

// How a play ended.
struct Played {
  int code = NTMS_EMULATOR_OK;  // see ntms_emulator_scenario_play
  std::string reason = {};
};

// Plays all steps of a scenario; blocks. Uses the handle call by call, so that others can use it
// meanwhile. Any thread.
Played play_scenario(ntms_emulator* emulator, const Scenario& scenario, const ScenarioWatch& watch);

}  // namespace ntms::emulator
