// SPDX-License-Identifier: MIT
// What the command says: the words of error codes, exit statuses, columns, and how a subcommand
// ended (rsm-command 3 and 4).
#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace ntms::rsm {

// The last line of every subcommand that succeeded and was not asked to be brief.
inline constexpr std::string_view kSuccess = "The command completed successfully";

// How a subcommand ended.
struct Outcome {
  std::uint32_t code = 0;   // a Win32 code; 0 is success
  std::string reason = {};  // what exactly, for people; may be empty
  bool usage = false;       // true: the command line was wrong, show how it should be

  Outcome() = default;
  Outcome(std::uint32_t code_, std::string reason_) : code(code_), reason(std::move(reason_)) {}
  Outcome(const Error& error) : code(error.code), reason(error.reason) {}  // NOLINT: a conversion
};

// A command line that the subcommand does not understand (ERROR_INVALID_PARAMETER).
Outcome wrong_usage(std::string reason);

// What a Win32 code means, in one sentence; every code that ntmsapi.h names, and a general sentence
// for any other. Static storage; any thread.
std::string_view words_of(std::uint32_t code);

// Writes "<code> <words>" and, if there is one, the reason on a line of its own.
void print_failure(std::ostream& out, const Outcome& outcome);

// The exit status for a Win32 code. Where the system keeps only eight bits of it (everywhere but on
// Windows) it is the low byte of the code, and 255 for a code whose low byte is 0, so that a
// failure never looks like success.
int exit_status(std::uint32_t code);

// Writes rows of text as columns, two blanks apart, the last one not padded. The width of UTF-8
// text is counted in code points. Control characters appear as \xNN, so that a bar code cannot
// steer the terminal.
void print_columns(std::ostream& out, const std::vector<std::vector<std::string>>& rows);

}  // namespace ntms::rsm
