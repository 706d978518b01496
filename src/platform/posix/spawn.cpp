// SPDX-License-Identifier: MIT
// fork, setsid, fork, exec. After a fork in a program with threads only async-signal-safe calls are
// allowed, so everything that needs memory is prepared before the first one.
#include "platform/spawn.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "ntms/win32_types.h"
#include "platform/posix/blocked_signals.h"
#include "platform/posix/errno_error.h"
#include "platform/posix/file_descriptor.h"

namespace ntms::platform {
namespace {

// What the forked processes need, ready made.
struct Plan {
  const char* program = nullptr;
  char* const* arguments = nullptr;
  int null_device = -1;  // this and `report` are above the descriptors that run() rearranges
  int report = -1;       // where an errno value is written when it does not work out
  int descriptor_limit = 0;
};

constexpr int kReportFd = 3;
constexpr int kFirstFreeFd = 10;
constexpr int kPatienceMilliseconds = 5000;

[[noreturn]] void give_up(int report) {
  const int error = errno;
  const ssize_t written = write(report, &error, sizeof error);
  _exit(written == static_cast<ssize_t>(sizeof error) ? 126 : 127);
}

void close_from(int first, int limit) {
  if (close_range(static_cast<unsigned>(first), ~0U, 0) == 0) return;
  for (int fd = first; fd < limit; ++fd) close(fd);  // a kernel before 5.9
}

// The process that becomes the program.
[[noreturn]] void run(const Plan& plan) {
  for (int fd = 0; fd < kReportFd; ++fd) {
    if (dup2(plan.null_device, fd) < 0) give_up(plan.report);
  }
  if (dup3(plan.report, kReportFd, O_CLOEXEC) < 0) give_up(plan.report);
  close_from(kReportFd + 1, plan.descriptor_limit);
  if (chdir("/") != 0) give_up(kReportFd);

  struct sigaction standard {};
  standard.sa_handler = SIG_DFL;
  for (int number = 1; number < NSIG; ++number) {
    sigaction(number, &standard, nullptr);  // refused for SIGKILL, SIGSTOP and the C library's own
  }
  sigset_t none{};
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  execv(plan.program, plan.arguments);
  give_up(kReportFd);
}

// The process in between: it makes the session and dies, so that init inherits the program.
[[noreturn]] void run_in_new_session(const Plan& plan) {
  if (setsid() < 0) give_up(plan.report);
  const pid_t child = fork();
  if (child < 0) give_up(plan.report);
  if (child == 0) run(plan);
  _exit(0);
}

// Waits until the report's writers are gone, which is when exec succeeded. 0 or the errno value.
int read_report(int report) {
  pollfd waiting{report, POLLIN, 0};
  int ready = poll(&waiting, 1, kPatienceMilliseconds);
  while (ready < 0 && errno == EINTR) ready = poll(&waiting, 1, kPatienceMilliseconds);
  if (ready <= 0) return 0;  // a process forked meanwhile by another thread keeps the pipe open
  int error = 0;
  return read(report, &error, sizeof error) == static_cast<ssize_t>(sizeof error) ? error : 0;
}

FileDescriptor above_standard(int fd) {
  return FileDescriptor(fcntl(fd, F_DUPFD_CLOEXEC, kFirstFreeFd));
}

}  // namespace

Result<void> spawn_detached(const std::filesystem::path& program,
                            const std::vector<std::string>& arguments) {
  const std::string what = "cannot start " + program.string();
  std::error_code unresolved;
  std::string name = std::filesystem::absolute(program, unresolved).string();
  if (unresolved) return fail(ERROR_NOT_SUPPORTED, what + ": " + unresolved.message());
  std::vector<std::string> words = arguments;
  std::vector<char*> argv{name.data()};
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);

  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return errno_error(errno, what, ERROR_NOT_SUPPORTED);
  const FileDescriptor reading(ends[0]);
  FileDescriptor low_writing(ends[1]);
  FileDescriptor writing = above_standard(low_writing.get());
  low_writing.reset();
  const FileDescriptor low_null(open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!low_null) return errno_error(errno, what, ERROR_NOT_SUPPORTED);
  const FileDescriptor null_device = above_standard(low_null.get());
  if (!writing || !null_device) return errno_error(errno, what, ERROR_NOT_SUPPORTED);

  Plan plan;
  plan.program = name.c_str();
  plan.arguments = argv.data();
  plan.null_device = null_device.get();
  plan.report = writing.get();
  plan.descriptor_limit = static_cast<int>(sysconf(_SC_OPEN_MAX));

  // The program's handlers must not run in the forked processes, nor prolong the waiting below.
  const BlockedSignals blocked;
  const pid_t between = fork();
  if (between == 0) run_in_new_session(plan);
  if (between < 0) return errno_error(errno, what, ERROR_NOT_SUPPORTED);
  writing.reset();
  // ECHILD is as good as an end: a program that ignores SIGCHLD has no children to wait for.
  while (waitpid(between, nullptr, 0) < 0 && errno == EINTR) continue;
  const int error = read_report(reading.get());
  if (error != 0) return errno_error(error, what, ERROR_NOT_SUPPORTED);
  return {};
}

}  // namespace ntms::platform
