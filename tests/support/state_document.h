// SPDX-License-Identifier: MIT
// docs/states.md drawn from the tables of the state machines: what the program draw_states prints
// and what the unit test compares the file with.
#pragma once

#include <string>
#include <string_view>

#include "model/state_machines.h"

namespace ntms::test {

// The name of an event of a machine, for people: "found empty".
inline std::string event_label(const model::StateMachine& machine, std::uint32_t event) {
  std::string label(machine.events[event]);
  for (char& letter : label) {
    if (letter == '_') letter = ' ';
  }
  return label;
}

// One section: a diagram and the same as a table.
inline std::string draw_machine(const model::StateMachine& machine) {
  const auto name = [&](std::uint32_t state) {
    return std::string(model::state_name(machine, state));
  };
  std::string diagram = "    [*] --> " + name(machine.initial) + "\n";
  std::string table = "| from | event | to |\n|---|---|---|\n";
  for (const model::Transition& transition : machine.transitions) {
    const std::string from = name(transition.from);
    const std::string event = event_label(machine, transition.event);
    const std::string to = name(transition.to);
    diagram.append("    ").append(from).append(" --> ").append(to);
    diagram.append(": ").append(event).append("\n");
    table.append("| ").append(from).append(" | ").append(event);
    table.append(" | ").append(to).append(" |\n");
  }
  return "## " + std::string(machine.title) + "\n\n```mermaid\nstateDiagram-v2\n" + diagram +
         "```\n\n" + table;
}

// The whole document.
inline std::string draw_states() {
  std::string document =
      "# States\n"
      "\n"
      "The state machines of the objects, drawn from the tables in src/model/state_machines.cpp "
      "by\n"
      "the program draw_states (contributing.md). What each event means stands beside its name in\n"
      "src/model/state_machines.h. An event that leads to the present state changes nothing; any\n"
      "other that has no row cannot happen in that state. The test of every row is named in\n"
      "tests/conformance/state_map.tsv.\n";
  for (const model::StateMachine& machine : model::state_machines()) {
    document += "\n" + draw_machine(machine);
  }
  return document;
}

}  // namespace ntms::test
