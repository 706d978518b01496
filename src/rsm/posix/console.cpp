// SPDX-License-Identifier: MIT
#include "rsm/console.h"

#include <algorithm>

namespace ntms::rsm {

struct ConsoleText::Impl {};

std::vector<std::string> command_line(int argc, char** argv) {
  return {argv + std::min(argc, 1), argv + argc};
}

ConsoleText::ConsoleText() = default;
ConsoleText::~ConsoleText() = default;

}  // namespace ntms::rsm
