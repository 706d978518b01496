// SPDX-License-Identifier: MIT
// A program that a test runs beside itself and talks to in lines. POSIX only.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace ntms::test {

// Starts at construction (throws std::system_error when it cannot); killed and waited for at the
// end of the scope if it still runs. Not thread-safe.
class Program {
 public:
  // `arguments` begin with the path of the program; the environment is inherited.
  explicit Program(const std::vector<std::string>& arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  pid_t pid() const { return pid_; }

  // Sends one line. False when the program no longer reads.
  bool write_line(const std::string& line);

  // The next line of its standard output, without the line feed; none when it ends or says nothing
  // within the limit.
  std::optional<std::string> read_line(std::chrono::milliseconds limit = std::chrono::seconds(30));

  // Everything it still prints until its standard output is closed.
  std::string read_all();

  // Closes its standard input, waits for its end, and returns its exit status; -signal when one
  // ended it.
  int wait();

  // Ends it at once, as a crash would (SIGKILL), and waits for its end.
  void kill();

 private:
  void close_input();

  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  std::string buffer_;
};

// Runs a program to its end and returns what it printed; throws std::runtime_error when its exit
// status is not 0.
std::string run_program(const std::vector<std::string>& arguments);

}  // namespace ntms::test
