// SPDX-License-Identifier: MIT
// What of a program beside a test is the same on every system.
#include "support/program.h"

#include <stdexcept>

namespace ntms::test {

std::string run_program(const std::vector<std::string>& arguments) {
  Program program(arguments);
  std::string output = program.read_all();
  if (const int status = program.wait(); status != 0) {
    throw std::runtime_error(arguments[0] + " ended with status " + std::to_string(status) + ": " +
                             output);
  }
  return output;
}

}  // namespace ntms::test
