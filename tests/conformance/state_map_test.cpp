// SPDX-License-Identifier: MIT
// The map from the transitions of the state machines to the tests that drive the library through
// them. state_map.tsv has the columns machine, from, event, to, and test: "Suite.Test" (without the
// instantiation), or "unit: Suite.Test: reason" where nothing can bring the transition about.
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "conformance/named_tests.h"
#include "model/state_machines.h"

namespace ntms::conformance {
namespace {

constexpr std::size_t kColumns = 5;

std::string words(const std::vector<std::string>& row) {
  return row[0] + ": " + row[1] + ", " + row[2] + ", " + row[3];
}

// Every transition of the tables in the words of the map.
std::multiset<std::string> transitions() {
  std::multiset<std::string> result;
  for (const model::StateMachine& machine : model::state_machines()) {
    for (const model::Transition& row : machine.transitions) {
      result.insert(
          words({std::string(machine.name), std::string(model::state_name(machine, row.from)),
                 std::string(machine.events[row.event]),
                 std::string(model::state_name(machine, row.to))}));
    }
  }
  return result;
}

TEST(StateMap, EveryTransitionHasATest) {
  std::multiset<std::string> mapped;
  for (const auto& row : read_columns(NTMS_STATE_MAP, kColumns)) mapped.insert(words(row));
  const auto wanted = transitions();
  ASSERT_GT(wanted.size(), 50U);
  for (const std::string& transition : wanted) {
    EXPECT_EQ(mapped.count(transition), 1U) << transition;
  }
  for (const std::string& row : mapped) {
    EXPECT_TRUE(wanted.contains(row)) << row << " is no transition";
  }
}

TEST(StateMap, EveryTestNamedExists) {
  const std::string unit = "unit: ";
  const auto tests = tests_of(NTMS_TEST_PROGRAMS);
  const auto unit_tests = tests_of(NTMS_UNIT_TEST_PROGRAM);
  ASSERT_GT(tests.size(), 50U) << "the programs list no tests";
  ASSERT_FALSE(unit_tests.empty());
  for (const auto& row : read_columns(NTMS_STATE_MAP, kColumns)) {
    const std::string& named = row.back();
    if (!named.starts_with(unit)) {
      EXPECT_TRUE(tests.contains(named)) << words(row) << ": no test " << named;
      continue;
    }
    const auto colon = named.find(": ", unit.size());
    ASSERT_NE(colon, std::string::npos) << words(row) << " lacks a reason";
    const std::string test = named.substr(unit.size(), colon - unit.size());
    EXPECT_TRUE(unit_tests.contains(test)) << words(row) << ": no test " << test;
    EXPECT_GT(named.size(), colon + 12) << words(row) << " lacks a reason";
  }
}

}  // namespace
}  // namespace ntms::conformance
