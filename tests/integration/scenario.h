// SPDX-License-Identifier: MIT
// What the tests with several processes share.
#pragma once

#include "conformance/library_fixture.h"

namespace ntms::integration {

using namespace conformance;  // NOLINT(google-build-using-namespace): the tests are about it

// Commands to a worker program, and its answers.
class Application {
 public:
  explicit Application(std::unique_ptr<test::Program> program) : program_(std::move(program)) {}

  // The answer to a command; a test failure (and nothing) when there is none.
  std::string ask(const std::string& command) {
    EXPECT_TRUE(program_->write_line(command)) << command;
    const auto answer = program_->read_line();
    EXPECT_TRUE(answer) << "no answer to " << command;
    return answer.value_or("");
  }
  // Gives a command whose answer is read later.
  void begin(const std::string& command) { EXPECT_TRUE(program_->write_line(command)) << command; }
  std::string answer() { return program_->read_line().value_or("nothing"); }

  // Starts an eject and returns its operation.
  Id eject(const std::string& bar_code, DWORD action = NTMS_EJECT_START) {
    const std::string reply = ask("eject " + bar_code + " " + std::to_string(action));
    EXPECT_TRUE(reply.starts_with("eject 0 ")) << reply;
    return reply.size() > 8 ? parse_id(reply.substr(8)) : Id{};
  }

  void kill() { program_->kill(); }
  int end() { return program_->wait(); }

 private:
  std::unique_ptr<test::Program> program_;
};

}  // namespace ntms::integration
