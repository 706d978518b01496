// SPDX-License-Identifier: MIT
// The command line and the standard streams in UTF-8, whatever the system gives and takes.
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace ntms::rsm {

// The arguments of this process in UTF-8, without its name. On Windows they are taken from the
// system, so that nothing is lost to a code page; elsewhere they are those given here.
std::vector<std::string> command_line(int argc, char** argv);

// While it exists, what is written to std::cout and std::cerr in UTF-8 appears in the code page of
// the console (rsm-command 4), or in full on the console itself. Nothing changes on systems whose
// terminals speak UTF-8. One at a time, and no other thread may write meanwhile.
class ConsoleText {
 public:
  ConsoleText();
  ~ConsoleText();
  ConsoleText(const ConsoleText&) = delete;
  ConsoleText& operator=(const ConsoleText&) = delete;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace ntms::rsm
