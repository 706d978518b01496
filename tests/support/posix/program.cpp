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
#include <system_error>
#include <utility>

extern char** environ;  // POSIX has it in no header

namespace ntms::test {

struct Program::System {
  pid_t pid = -1;
  int input = -1;
  int output = -1;
  std::string buffer;  // read, but not asked for yet

  void close_input() {
    if (input >= 0) close(std::exchange(input, -1));
  }
};

Program::Program(const std::vector<std::string>& arguments) : system_(std::make_unique<System>()) {
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
  const int error = posix_spawn(&system_->pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(in[1]);
  close(out[1]);
  system_->input = in[0];
  system_->output = out[0];
  if (error != 0) {
    system_->pid = -1;
    system_->close_input();
    close(system_->output);
    throw std::system_error(error, std::generic_category(), arguments[0]);
  }
}

Program::~Program() {
  if (system_->pid > 0) kill();
  system_->close_input();
  if (system_->output >= 0) close(system_->output);
}

unsigned long Program::pid() const {
  return static_cast<unsigned long>(system_->pid);
}

bool Program::write_line(const std::string& line) {
  const std::string text = line + "\n";
  return send(system_->input, text.data(), text.size(), MSG_NOSIGNAL) ==
         static_cast<ssize_t>(text.size());
}

std::optional<std::string> Program::read_line(std::chrono::milliseconds limit) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (;;) {
    if (const auto end = system_->buffer.find('\n'); end != std::string::npos) {
      std::string line = system_->buffer.substr(0, end);
      system_->buffer.erase(0, end + 1);
      return line;
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd waiting{system_->output, POLLIN, 0};
    if (left.count() < 0 || poll(&waiting, 1, static_cast<int>(left.count())) <= 0) {
      return std::nullopt;
    }
    std::array<char, 4096> bytes{};
    const ssize_t count = read(system_->output, bytes.data(), bytes.size());
    if (count <= 0) return std::nullopt;
    system_->buffer.append(bytes.data(), static_cast<std::size_t>(count));
  }
}

std::string Program::read_all() {
  std::array<char, 4096> bytes{};
  for (;;) {
    const ssize_t count = read(system_->output, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    system_->buffer.append(bytes.data(), static_cast<std::size_t>(count));
  }
  return std::exchange(system_->buffer, {});
}

int Program::wait() {
  system_->close_input();
  int status = 0;
  while (waitpid(system_->pid, &status, 0) < 0 && errno == EINTR) {
  }
  system_->pid = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

void Program::kill() {
  ::kill(system_->pid, SIGKILL);
  wait();
}

}  // namespace ntms::test
