// SPDX-License-Identifier: MIT
// A forked process that takes turns with the test through a pair of sockets.
#pragma once

#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <stdexcept>
#include <utility>

namespace ntms::platform::test {

// One end of the pair.
class Turn {
 public:
  explicit Turn(int fd) : fd_(fd) {}
  ~Turn() { close(fd_); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

  // Lets the other side go on.
  void give() const {
    const char byte = 0;
    if (send(fd_, &byte, 1, MSG_NOSIGNAL) != 1) return;  // the other side is gone and shows it
  }

  // Waits until the other side gives the turn; false when it is gone or needs over ten seconds.
  bool await() const {
    pollfd waiting{fd_, POLLIN, 0};
    char byte = 0;
    return poll(&waiting, 1, 10000) == 1 && recv(fd_, &byte, 1, 0) == 1;
  }

 private:
  int fd_;
};

class ChildProcess {
 public:
  // Runs `body` in a fork of this process; what it returns is the exit status.
  explicit ChildProcess(const std::function<int(Turn&)>& body) {
    int ends[2] = {-1, -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
      throw std::runtime_error("no socket pair");
    }
    pid_ = fork();
    if (pid_ < 0) throw std::runtime_error("no process");
    if (pid_ == 0) {
      close(ends[0]);
      Turn turn(ends[1]);
      _exit(body(turn));
    }
    close(ends[1]);
    turn_ = std::make_unique<Turn>(ends[0]);
  }
  ~ChildProcess() {
    if (pid_ > 0) kill_and_wait();
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  Turn& turn() { return *turn_; }
  std::uint32_t pid() const { return static_cast<std::uint32_t>(pid_); }

  // The exit status; -1 when it was ended by a signal.
  int wait() {
    int status = 0;
    const pid_t ended = waitpid(std::exchange(pid_, -1), &status, 0);
    return ended > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

  void kill_and_wait() {
    kill(pid_, SIGKILL);
    wait();
  }

 private:
  pid_t pid_ = -1;
  std::unique_ptr<Turn> turn_;
};

}  // namespace ntms::platform::test
