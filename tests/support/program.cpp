// SPDX-License-Identifier: MIT
#include "support/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

extern char** environ;  // POSIX has it in no header

namespace ntms::test {

Program::Program(const std::vector<std::string>& arguments) {
  // Sockets instead of pipes for the input: a write to a program that is gone must not raise
  // SIGPIPE in the test.
  std::array<int, 2> in{};
  std::array<int, 2> out{};
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, in.data()) != 0) {
    throw std::system_error(errno, std::generic_category(), "socketpair");
  }
  if (pipe2(out.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  std::vector<std::string> words = arguments;
  std::vector<char*> argv;
  for (auto& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, in[1], STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
  const int error = posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[1]);
  close(out[1]);
  input_ = in[0];
  output_ = out[0];
  if (error != 0) {
    pid_ = -1;
    close_input();
    close(output_);
    throw std::system_error(error, std::generic_category(), arguments[0]);
  }
}

Program::~Program() {
  if (pid_ > 0) kill();
  close_input();
  if (output_ >= 0) close(output_);
}

void Program::close_input() {
  if (input_ >= 0) close(std::exchange(input_, -1));
}

bool Program::write_line(const std::string& line) {
  const std::string text = line + "\n";
  return send(input_, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

std::optional<std::string> Program::read_line(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (const auto end = buffer_.find('\n'); end != std::string::npos) {
      std::string line = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{output_, POLLIN, 0};
    if (left.count() < 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
      return std::nullopt;
    }
    std::array<char, 4096> bytes{};
    const ssize_t count = read(output_, bytes.data(), bytes.size());
    if (count <= 0) return std::nullopt;
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

std::string Program::read_all() {
  std::array<char, 4096> bytes{};
  for (;;) {
    const ssize_t count = read(output_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return std::exchange(buffer_, {});
}

int Program::wait() {
  close_input();
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  pid_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void Program::kill() {
  ::kill(pid_, SIGKILL);
  wait();
}

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
