// SPDX-License-Identifier: MIT
// Threads and detached programs.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>

#include "ntms/win32_types.h"
#include "platform/posix/file_descriptor.h"
#include "platform/spawn.h"
#include "platform/threads.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using test::TemporaryDirectory;
using testing::HasSubstr;

TEST(StartThread, BlocksAllSignalsInTheThreadOnly) {
  sigset_t before{};
  pthread_sigmask(SIG_SETMASK, nullptr, &before);
  sigset_t inside{};
  start_thread([&] { pthread_sigmask(SIG_SETMASK, nullptr, &inside); }).join();
  sigset_t after{};
  pthread_sigmask(SIG_SETMASK, nullptr, &after);
  for (const int number : {SIGHUP, SIGINT, SIGTERM, SIGUSR1, SIGCHLD, SIGALRM, SIGPIPE, SIGPROF}) {
    EXPECT_EQ(sigismember(&inside, number), 1) << number;
    EXPECT_EQ(sigismember(&after, number), sigismember(&before, number)) << number;
  }
}

TEST(NameCurrentThread, LongNamesAreCut) {
  std::string seen(16, '\0');
  start_thread([&] {
    name_current_thread("ntms-a-very-long-name");
    pthread_getname_np(pthread_self(), seen.data(), seen.size());
  }).join();
  EXPECT_STREQ(seen.c_str(), "ntms-a-very-lon");
}

TEST(SpawnDetached, WhatCannotRunIsAnError) {
  const TemporaryDirectory temporary;
  const fs::path program = temporary.path() / "program";
  EXPECT_EQ(spawn_detached(program, {}).error().code, ERROR_NOT_SUPPORTED);
  std::ofstream(program) << "not a program";
  EXPECT_EQ(spawn_detached(program, {}).error().code, ERROR_ACCESS_DENIED);
  chmod(program.c_str(), 0755);
  EXPECT_EQ(spawn_detached(program, {}).error().code, ERROR_NOT_SUPPORTED);
  EXPECT_THAT(spawn_detached(program, {}).error().reason, HasSubstr(program.string()));
}

// Runs a shell script detached; it says in `report` what it finds, then opens the pipe `done`.
std::string report_of(const fs::path& directory, const std::string& script) {
  const fs::path done = directory / "done";
  EXPECT_EQ(mkfifo(done.c_str(), 0600), 0);
  const FileDescriptor reader(open(done.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const auto started = spawn_detached(
      "/bin/sh", {"-c", script + "\necho done > \"$1\"", "sh", done.string(), "an argument"});
  EXPECT_TRUE(started) << started.error().reason;
  pollfd waiting{reader.get(), POLLIN, 0};
  EXPECT_EQ(poll(&waiting, 1, 10000), 1) << "the program did not come to its end";
  std::ostringstream out;
  out << std::ifstream(directory / "report").rdbuf();
  return out.str();
}

TEST(SpawnDetached, IsNobodysChildInASessionOfItsOwn) {
  const TemporaryDirectory temporary;
  const std::string report = temporary.path() / "report";
  // Field 6 of stat is the session; a session leader could acquire a terminal, so it is not one.
  const std::string text =
      report_of(temporary.path(),
                "read -r pid name state parent group session rest < /proc/$$/stat"
                "\necho $$ $parent $session $PWD \"$2\" > " +
                    report);
  std::istringstream fields(text);
  pid_t pid = 0;
  pid_t parent = 0;
  pid_t session = 0;
  std::string rest;
  fields >> pid >> parent >> session;
  std::getline(fields, rest);
  EXPECT_GT(pid, 0);
  EXPECT_NE(parent, getpid());
  EXPECT_NE(session, getsid(0));
  EXPECT_NE(session, pid);
  EXPECT_EQ(rest, " / an argument");
  EXPECT_EQ(waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

TEST(SpawnDetached, InheritsNoDescriptorsAndNoSignals) {
  const TemporaryDirectory temporary;
  const std::string report = temporary.path() / "report";
  const FileDescriptor leaky(open("/dev/zero", O_RDONLY));  // without O_CLOEXEC
  const FileDescriptor high(fcntl(leaky.get(), F_DUPFD, 100));
  ASSERT_TRUE(leaky && high);
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = SIG_IGN;
  ASSERT_EQ(sigaction(SIGPIPE, &ignore, &before), 0);
  std::string text;
  start_thread([&] {  // its signals are all blocked
    text = report_of(temporary.path(), "exec > " + report +
                                           "; ls /proc/$$/fd; readlink /proc/$$/fd/2; "
                                           "grep -E 'Sig(Blk|Ign)' /proc/self/status");
  })
      .join();
  sigaction(SIGPIPE, &before, nullptr);
  EXPECT_EQ(text, "0\n1\n2\n/dev/null\nSigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST(SpawnDetached, WorksWithoutStandardStreams) {
  const TemporaryDirectory temporary;
  const std::string report = temporary.path() / "report";
  const FileDescriptor input(fcntl(0, F_DUPFD_CLOEXEC, 3));
  close(0);
  const std::string text = report_of(temporary.path(), "readlink /proc/$$/fd/0 > " + report);
  if (input) dup2(input.get(), 0);
  EXPECT_EQ(text, "/dev/null\n");
}

}  // namespace
}  // namespace ntms::platform
