// SPDX-License-Identifier: MIT
// Each operation is run once without faults, and its SCSI commands are recorded. Then, for each of
// these commands and each way in which it can fail, it is run again on a fresh library. After each
// run nothing hangs, every request has ended in a definite way, what the library says to know is
// true, and the next operations work.
//
// NTMS_STEPPING: the distance between two of the combinations that are tried; 1 tries all of them.
// NTMS_STEPPING_ONLY: the number of the one combination that is tried, as a failure names it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <optional>

#include "stepping/faults.h"
#include "stepping/step.h"

namespace ntms::stepping {
namespace {

// Coprime to the numbers of failures of a command, so that all of them have their turn.
constexpr unsigned kShortForm = 29;

struct Combination {
  TracedCommand command;
  unsigned nth = 0;  // among the equal commands of the operation
  Failure failure;
};

std::string describe(const Combination& one) {
  char text[48];
  std::snprintf(text, sizeof text, "LUN %u command %02Xh no. %u: ", one.command.lun,
                one.command.opcode, one.nth);
  return text + describe(one.failure);
}

std::optional<unsigned> number_from(const char* variable) {
  const char* const value = std::getenv(variable);
  if (value == nullptr || *value == 0) return std::nullopt;
  return static_cast<unsigned>(std::strtoul(value, nullptr, 10));
}

class FaultStepping : public ::testing::TestWithParam<Operation> {};

// Runs it without a fault.
std::vector<Combination> combinations_of(const Operation& operation) {
  Step step;
  step.start_library(operation.shape);
  (step.*operation.prepare)();
  step.mark();
  (step.*operation.run)();
  step.expect_definite_ends();
  const std::vector<TracedCommand> trace = step.trace();
  step.expect_recovery();
  std::vector<Combination> all;
  for (auto command = trace.begin(); command != trace.end(); ++command) {
    const auto nth = static_cast<unsigned>(std::count(trace.begin(), command, *command)) + 1;
    for (const Failure& failure : failures_of(command->lun, command->opcode)) {
      all.push_back({*command, nth, failure});
    }
  }
  std::cout << trace.size() << " commands, " << all.size() << " combinations\n";
  return all;
}

// How much has gone wrong so far.
int failed_parts() {
  const auto& result = *::testing::UnitTest::GetInstance()->current_test_info()->result();
  int count = 0;
  for (int i = 0; i < result.total_part_count(); ++i) {
    count += result.GetTestPartResult(i).failed() ? 1 : 0;
  }
  return count;
}

// Whether the fault has struck.
bool run_with(const Operation& operation, const Combination& combination) {
  const int failed_before = failed_parts();
  Step step;
  step.start_library(operation.shape);
  (step.*operation.prepare)();
  if (failed_parts() != failed_before) return false;
  step.mark();
  step.let_fail(combination.command, combination.nth, combination.failure);
  (step.*operation.run)();
  step.expect_definite_ends();
  const bool struck = step.fault_has_struck();
  step.expect_recovery();
  return struck;
}

TEST_P(FaultStepping, EndsWellWhateverFails) {
  const Operation& operation = GetParam();
  const std::vector<Combination> all = combinations_of(operation);
  ASSERT_FALSE(HasFailure()) << "without any fault";
  ASSERT_FALSE(all.empty());
  const unsigned distance = std::max(1U, number_from("NTMS_STEPPING").value_or(kShortForm));
  const auto only = number_from("NTMS_STEPPING_ONLY");
  unsigned tried = 0;
  unsigned struck = 0;
  for (std::size_t i = only.value_or(0); i < all.size(); i += distance) {
    SCOPED_TRACE("combination " + std::to_string(i) + ": " + describe(all[i]));
    const int failed_before = failed_parts();
    const bool met = run_with(operation, all[i]);
    struck += met ? 1 : 0;
    if (!met) std::cout << "not met: " << i << ", " << describe(all[i]) << '\n';
    ++tried;
    if (failed_parts() != failed_before) break;  // a fatal one would spoil the others
    if (only) break;
  }
  std::cout << operation.name << ": tried " << tried << " of " << all.size()
            << " combinations, the fault struck in " << struck << '\n';
  // What polls has more such commands in one run than in another: not every fault finds its own.
  EXPECT_GE(struck * 2, tried);
}

INSTANTIATE_TEST_SUITE_P(On, FaultStepping, ::testing::ValuesIn(operations()),
                         [](const auto& parameter) { return std::string(parameter.param.name); });

}  // namespace
}  // namespace ntms::stepping
