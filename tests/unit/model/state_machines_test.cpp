// SPDX-License-Identifier: MIT
#include "model/state_machines.h"

#include <gtest/gtest.h>
#include <ntmsapi.h>

#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <tuple>

#include "support/state_document.h"

namespace ntms::model {
namespace {

using Next = std::optional<std::uint32_t> (*)(std::uint32_t, std::uint32_t);

template <class Event>
std::optional<std::uint32_t> next(std::uint32_t from, std::uint32_t event) {
  return next_state(from, static_cast<Event>(event));
}

Next next_of(const StateMachine& machine) {
  static const std::map<std::string_view, Next> functions = {
      {"slot", next<SlotEvent>},
      {"door", next<DoorEvent>},
      {"port_position", next<PortEvent>},
      {"port_content", next<ContentEvent>},
      {"side", next<SideEvent>},
      {"library_request", next<RequestEvent>},
      {"operator_request", next<OperatorEvent>},
      {"device", next<DeviceEvent>},
  };
  return functions.at(machine.name);
}

std::string words(const StateMachine& machine, std::uint32_t from, std::uint32_t event) {
  return std::string(machine.name) + ": " + std::string(state_name(machine, from)) + ", " +
         std::string(machine.events[event]);
}

std::set<std::uint32_t> reachable(const StateMachine& machine, std::uint32_t start) {
  std::set<std::uint32_t> found{start};
  for (bool grown = true; grown;) {
    grown = false;
    for (const Transition& row : machine.transitions) {
      if (found.contains(row.from)) grown = found.insert(row.to).second || grown;
    }
  }
  return found;
}

const StateMachine& machine_named(std::string_view name) {
  for (const StateMachine& machine : state_machines()) {
    if (machine.name == name) return machine;
  }
  throw std::out_of_range(std::string(name));
}

TEST(StateMachines, AllOfThem) {
  EXPECT_EQ(state_machines().size(), 8U);
  std::set<std::string_view> names;
  std::set<std::string_view> titles;
  for (const StateMachine& machine : state_machines()) {
    EXPECT_TRUE(names.insert(machine.name).second) << machine.name;
    EXPECT_TRUE(titles.insert(machine.title).second) << machine.title;
    EXPECT_NO_THROW(next_of(machine)) << machine.name;
  }
}

TEST(StateMachines, EveryRowHappens) {
  for (const StateMachine& machine : state_machines()) {
    const Next follow = next_of(machine);
    for (const Transition& row : machine.transitions) {
      EXPECT_EQ(follow(row.from, row.event), std::optional(row.to))
          << words(machine, row.from, row.event);
    }
  }
}

TEST(StateMachines, NothingElseHappens) {
  for (const StateMachine& machine : state_machines()) {
    const Next follow = next_of(machine);
    std::set<std::pair<std::uint32_t, std::uint32_t>> rows;
    std::set<std::pair<std::uint32_t, std::uint32_t>> results;  // event, state
    for (const Transition& row : machine.transitions) {
      rows.emplace(row.from, row.event);
      results.emplace(row.event, row.to);
    }
    const auto states = static_cast<std::uint32_t>(machine.states.size());
    const auto events = static_cast<std::uint32_t>(machine.events.size());
    for (std::uint32_t from = 0; from <= states; ++from) {
      for (std::uint32_t event = 0; event < events; ++event) {
        if (rows.contains({from, event})) continue;
        const auto expected = results.contains({event, from}) ? std::optional(from) : std::nullopt;
        EXPECT_EQ(follow(from, event), expected) << words(machine, from, event);
      }
      EXPECT_EQ(follow(from, events), std::nullopt) << machine.name << ": no such event";
    }
  }
}

TEST(StateMachines, NoRowTwice) {
  for (const StateMachine& machine : state_machines()) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> rows;
    for (const Transition& row : machine.transitions) {
      EXPECT_TRUE(rows.emplace(row.from, row.event).second) << words(machine, row.from, row.event);
    }
  }
}

TEST(StateMachines, EverythingHasAName) {
  for (const StateMachine& machine : state_machines()) {
    EXPECT_FALSE(state_name(machine, machine.initial).empty()) << machine.name;
    std::set<std::uint32_t> used;
    for (const Transition& row : machine.transitions) {
      ASSERT_LT(row.event, machine.events.size()) << machine.name;
      EXPECT_FALSE(state_name(machine, row.from).empty()) << machine.name << ' ' << row.from;
      EXPECT_FALSE(state_name(machine, row.to).empty()) << machine.name << ' ' << row.to;
      used.insert(row.event);
    }
    EXPECT_EQ(used.size(), machine.events.size()) << machine.name << ": an event without a row";
    for (const std::string_view event : machine.events) EXPECT_FALSE(event.empty()) << machine.name;
    const auto states = static_cast<std::uint32_t>(machine.states.size());
    EXPECT_TRUE(state_name(machine, states).empty()) << "no such state";
  }
}

// UNKNOWN of doors, of port positions and of operator requests is a number of the enumeration that
// no object ever has.
TEST(StateMachines, EveryStateIsReached) {
  const std::set<std::string_view> never_unknown = {"door", "port_position", "operator_request"};
  for (const StateMachine& machine : state_machines()) {
    const auto found = reachable(machine, machine.initial);
    for (std::uint32_t state = 0; state < machine.states.size(); ++state) {
      if (state_name(machine, state).empty()) continue;
      const bool wanted =
          state_name(machine, state) != "UNKNOWN" || !never_unknown.contains(machine.name);
      EXPECT_EQ(found.contains(state), wanted) << machine.name << ' ' << machine.states[state];
    }
  }
}

TEST(StateMachines, EndsAreEnds) {
  const std::map<std::string_view, std::set<std::uint32_t>> ends = {
      {"library_request",
       {NTMS_LM_PASSED, NTMS_LM_FAILED, NTMS_LM_INVALID, NTMS_LM_CANCELLED, NTMS_LM_STOPPED}},
      {"operator_request", {NTMS_OPSTATE_REFUSED, NTMS_OPSTATE_COMPLETE}},
  };
  for (const auto& [name, states] : ends) {
    const StateMachine& machine = machine_named(name);
    for (const std::uint32_t end : states) {
      EXPECT_EQ(reachable(machine, end).size(), 1U) << name << ' ' << state_name(machine, end);
    }
    for (const std::uint32_t state : reachable(machine, machine.initial)) {
      if (states.contains(state)) continue;
      bool ended = false;
      for (const std::uint32_t later : reachable(machine, state)) {
        ended = ended || states.contains(later);
      }
      EXPECT_TRUE(ended) << name << ": no end after " << state_name(machine, state);
    }
  }
}

// The rows that nothing can bring about yet (tests/conformance/state_map.tsv).
TEST(StateMachines, DismountsThatAreDeferred) {
  const auto deferred = next_state(NTMS_LM_QUEUED, RequestEvent::deferred);
  ASSERT_EQ(deferred, std::uint32_t{NTMS_LM_DEFERRED});
  EXPECT_EQ(next_state(*deferred, RequestEvent::started), std::uint32_t{NTMS_LM_INPROCESS});
  EXPECT_EQ(next_state(*deferred, RequestEvent::cancelled), std::uint32_t{NTMS_LM_CANCELLED});
  EXPECT_EQ(next_state(*deferred, RequestEvent::passed), std::nullopt) << "not before its start";
}

TEST(StateMachines, SidesThatAreIdentified) {
  EXPECT_EQ(next_state(NTMS_PARTSTATE_UNKNOWN, SideEvent::not_recognized),
            std::uint32_t{NTMS_PARTSTATE_FOREIGN});
  EXPECT_EQ(next_state(NTMS_PARTSTATE_UNKNOWN, SideEvent::recognized),
            std::uint32_t{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(next_state(NTMS_PARTSTATE_UNKNOWN, SideEvent::unusable),
            std::uint32_t{NTMS_PARTSTATE_INCOMPATIBLE});
  for (const SideEvent event :
       {SideEvent::not_recognized, SideEvent::recognized, SideEvent::unusable}) {
    EXPECT_EQ(next_state(NTMS_PARTSTATE_ALLOCATED, event), std::nullopt) << "only what is new";
  }
}

TEST(StateMachines, SidesThatAreLabelled) {
  EXPECT_EQ(next_state(NTMS_PARTSTATE_UNPREPARED, SideEvent::free_label_written),
            std::uint32_t{NTMS_PARTSTATE_AVAILABLE});
  for (const std::uint32_t kept :
       {NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE, NTMS_PARTSTATE_RESERVED,
        NTMS_PARTSTATE_DECOMMISSIONED, NTMS_PARTSTATE_INCOMPATIBLE}) {
    EXPECT_EQ(next_state(kept, SideEvent::free_label_wanted), std::nullopt) << kept;
  }
}

TEST(StateMachines, OperatorAtAConsole) {
  const auto read = next_state(NTMS_OPSTATE_SUBMITTED, OperatorEvent::read);
  ASSERT_EQ(read, std::uint32_t{NTMS_OPSTATE_ACTIVE});
  const auto under_way = next_state(*read, OperatorEvent::acknowledged);
  ASSERT_EQ(under_way, std::uint32_t{NTMS_OPSTATE_INPROGRESS});
  EXPECT_EQ(next_state(NTMS_OPSTATE_SUBMITTED, OperatorEvent::acknowledged), std::nullopt)
      << "not before it was read";
  EXPECT_EQ(next_state(*under_way, OperatorEvent::read), std::nullopt);
}

TEST(StateMachines, AreDrawnInTheDocument) {
  std::stringstream document;
  document << std::ifstream(NTMS_STATES_DOCUMENT).rdbuf();
  EXPECT_EQ(document.str(), test::draw_states())
      << "docs/states.md differs from the tables. Draw it anew: cmake --build --preset dev "
         "--target "
         "draw_states && build/dev/bin/draw_states > docs/states.md";
}

}  // namespace
}  // namespace ntms::model
