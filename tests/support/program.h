// SPDX-License-Identifier: MIT
// A program that a test runs beside itself and talks to in lines.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ntms::test {

// Starts at construction (throws std::system_error when it cannot); killed and waited for at the
// end of the scope if it still runs. Not thread-safe.
class Program {
 public:
  // `arguments` begin with the path of the program; the environment and standard error are
  // inherited.
  explicit Program(const std::vector<std::string>& arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // The system's number of the process.
  unsigned long pid() const;

  // Sends one line. False when the program no longer reads.
  bool write_line(const std::string& line);

  // The next line of its standard output, without the line feed; none when it ends or says nothing
  // within the limit.
  std::optional<std::string> read_line(std::chrono::milliseconds limit = std::chrono::seconds(30));

  // Everything it still prints until its standard output is closed.
  std::string read_all();

  // Closes its standard input, waits for its end, and returns its exit status; where the system has
  // signals, -signal when one ended it.
  int wait();

  // Ends it at once, as a crash would (SIGKILL, TerminateProcess), and waits for its end.
  void kill();

 private:
  struct System;  // what the operating system gives: posix/program.cpp, win32/program.cpp
  std::unique_ptr<System> system_;
};

// Runs a program to its end and returns what it printed (with line feeds as line ends); throws
// std::runtime_error when its exit status is not 0.
std::string run_program(const std::vector<std::string>& arguments);

}  // namespace ntms::test
