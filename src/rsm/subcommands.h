// SPDX-License-Identifier: MIT
// The table of subcommands: everything that main() and the help know about them. A new subcommand
// is a new row, and a function of this header's last part.
#pragma once

#include <cstddef>
#include <ostream>
#include <span>
#include <string_view>

#include "rsm/arguments.h"
#include "rsm/output.h"

namespace ntms::rsm {

// One subcommand.
struct Subcommand {
  std::string_view name;
  std::string_view summary;  // one line, for the list of subcommands
  std::string_view usage;    // its forms, for rsm <subcommand> /?
  std::span<const Switch> switches;
  std::size_t operands = 0;  // how many arguments before the switches are no switches
  // Does it; writes results to `out` and leaves errors to its caller. Null: not available yet.
  Outcome (*run)(const Arguments& arguments, std::ostream& out) = nullptr;
};

// All of them, in the order of the help.
std::span<const Subcommand> subcommands();

// The implementations, one file each (rsm-command 2.6, 2.10, 2.15; host, emulator and policy are
// this project's own).
Outcome run_view(const Arguments& arguments, std::ostream& out);
Outcome run_eject(const Arguments& arguments, std::ostream& out);
Outcome run_inventory(const Arguments& arguments, std::ostream& out);
Outcome run_policy(const Arguments& arguments, std::ostream& out);
Outcome run_host(const Arguments& arguments, std::ostream& out);
Outcome run_emulator(const Arguments& arguments, std::ostream& out);

}  // namespace ntms::rsm
