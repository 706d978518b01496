// SPDX-License-Identifier: MIT
// The rsm command: finds the subcommand, takes its arguments apart, runs it, and turns how it ended
// into messages and an exit status (rsm-command 1, 3 and 4).
#include <algorithm>
#include <csignal>
#include <exception>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "ntms/win32_types.h"
#include "rsm/arguments.h"
#include "rsm/console.h"
#include "rsm/output.h"
#include "rsm/subcommands.h"

namespace {

using ntms::rsm::Outcome;
using ntms::rsm::Subcommand;

constexpr std::uint32_t kWriteFault = 29;  // ERROR_WRITE_FAULT

void print_usage(std::ostream& out) {
  out << "rsm <subcommand> /switch ...\n"
         "A value follows its switch without a blank; /..g names an object by GUID, /..f by its\n"
         "friendly name. rsm <subcommand> /? explains one subcommand.\n\n";
  std::vector<std::vector<std::string>> rows;
  for (const Subcommand& subcommand : ntms::rsm::subcommands()) {
    rows.push_back({"  " + std::string(subcommand.name),
                    std::string(subcommand.summary) +
                        (subcommand.run == nullptr ? " (not available yet)" : "")});
  }
  ntms::rsm::print_columns(out, rows);
}

int failed(const Outcome& outcome, const Subcommand* subcommand) {
  print_failure(std::cerr, outcome);
  if (outcome.usage && subcommand != nullptr) std::cerr << '\n' << subcommand->usage;
  if (outcome.usage && subcommand == nullptr) std::cerr << "\nrsm /? lists the subcommands.\n";
  return ntms::rsm::exit_status(outcome.code);
}

Outcome run(const Subcommand& subcommand, std::span<const std::string> arguments) {
  const auto parsed = ntms::rsm::parse(subcommand.switches, subcommand.operands, arguments);
  if (!parsed) return ntms::rsm::wrong_usage(parsed.error().reason);
  if (subcommand.run == nullptr) {
    return {ERROR_CALL_NOT_IMPLEMENTED,
            "rsm " + std::string(subcommand.name) + " is not available yet."};
  }
  Outcome outcome = subcommand.run(*parsed, std::cout);
  if (outcome.code == 0 && !std::cout.flush()) return {kWriteFault, ""};
  return outcome;
}

int command(const std::vector<std::string>& arguments) {
  if (arguments.empty() || arguments[0] == "/?") {
    print_usage(std::cout);
    return 0;
  }
  const auto all = ntms::rsm::subcommands();
  const std::string name = ntms::rsm::lower(arguments[0]);
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const Subcommand& candidate) { return candidate.name == name; });
  if (found == all.end()) {
    return failed(ntms::rsm::wrong_usage("\"" + arguments[0] + "\" is not a subcommand."), nullptr);
  }
  const auto rest = std::span(arguments).subspan(1);
  if (std::find(rest.begin(), rest.end(), "/?") != rest.end()) {
    std::cout << found->summary << "\n\n" << found->usage;
    if (found->run == nullptr) std::cout << "(not available yet)\n";
    return 0;
  }
  const Outcome outcome = run(*found, rest);
  return outcome.code == 0 ? 0 : failed(outcome, &*found);
}

}  // namespace

int main(int argc, char* argv[]) {
#ifdef SIGPIPE
  // A reader that went away must not kill the process in the middle of its session.
  std::signal(SIGPIPE, SIG_IGN);
#endif
  try {
    const ntms::rsm::ConsoleText text;
    return command(ntms::rsm::command_line(argc, argv));
  } catch (const std::exception& error) {
    std::cerr << ERROR_NOT_ENOUGH_MEMORY << ' ' << error.what() << '\n';
    return ntms::rsm::exit_status(ERROR_NOT_ENOUGH_MEMORY);
  }
}
