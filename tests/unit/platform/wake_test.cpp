// SPDX-License-Identifier: MIT
// Wake-ups inside a process and between processes.
#include "platform/wake.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <fstream>
#include <thread>
#include <vector>

#include "ntms/win32_types.h"
#include "unit/platform/child_process.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using test::TemporaryDirectory;
using test::Turn;

// Runs handlers until `done` says so; false after ten seconds.
bool run_until(boost::asio::io_context& io, const std::function<bool()>& done) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!done() && std::chrono::steady_clock::now() < give_up) {
    io.restart();
    io.run_one_until(give_up);
  }
  return done();
}

std::vector<fs::path> ports_in(const fs::path& data_directory) {
  std::vector<fs::path> ports;
  for (const auto& entry : fs::directory_iterator(data_directory / "wake")) {
    ports.push_back(entry.path());
  }
  return ports;
}

class WakeTest : public testing::Test {
 protected:
  std::unique_ptr<WakePort> open(int& count) {
    auto port = WakePort::open(io_.get_executor(), directory_.path(), [&count] { ++count; });
    EXPECT_TRUE(port) << port.error().reason;
    return port ? std::move(*port) : nullptr;
  }

  // Handles what is ready now.
  void settle() {
    io_.restart();
    io_.poll();
  }

  TemporaryDirectory directory_;
  boost::asio::io_context io_;
};

TEST_F(WakeTest, UnusableDirectories) {
  const auto nothing = [] {};
  const auto missing = WakePort::open(io_.get_executor(), directory_.path() / "no", nothing);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ERROR_DATABASE_FAILURE);

  std::ofstream(directory_.path() / "wake") << "x";
  EXPECT_FALSE(WakePort::open(io_.get_executor(), directory_.path(), nothing));
  fs::remove(directory_.path() / "wake");
  fs::create_directory(directory_.path() / "elsewhere");
  fs::create_symlink("elsewhere", directory_.path() / "wake");
  EXPECT_FALSE(WakePort::open(io_.get_executor(), directory_.path(), nothing));
  EXPECT_TRUE(fs::is_empty(directory_.path() / "elsewhere"));
}

TEST_F(WakeTest, RingingAloneAndWithStrangeFilesAround) {
  int calls = 0;
  const auto port = open(calls);
  const fs::path wake = directory_.path() / "wake";
  std::ofstream(wake / "file.sock") << "x";
  fs::create_symlink("file.sock", wake / "link.sock");
  fs::create_directory(wake / "directory.sock");
  port->ring_all();
  settle();
  EXPECT_EQ(calls, 0);
  EXPECT_EQ(ports_in(directory_.path()).size(), 4u);  // nothing of it was removed
}

TEST_F(WakeTest, ModesDoNotDependOnTheUmask) {
  int calls = 0;
  const mode_t before = umask(0077);
  const auto port = open(calls);
  umask(before);
  struct stat info {};
  ASSERT_EQ(stat((directory_.path() / "wake").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 02770u);
  ASSERT_EQ(ports_in(directory_.path()).size(), 1u);
  ASSERT_EQ(stat(ports_in(directory_.path())[0].c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0660u);
}

TEST_F(WakeTest, WakesAllOthersButNotItself) {
  int one = 0;
  int two = 0;
  int three = 0;
  const auto first = open(one);
  const auto second = open(two);
  const auto third = open(three);
  second->ring_all();
  ASSERT_TRUE(run_until(io_, [&] { return one == 1 && three == 1; }));
  settle();
  EXPECT_EQ(two, 0);
  EXPECT_EQ(one, 1);
}

TEST_F(WakeTest, ABurstIsOneCallAndFullQueuesDoNotBlock) {
  int one = 0;
  int two = 0;
  const auto first = open(one);
  const auto second = open(two);
  for (int i = 0; i < 2000; ++i) second->ring_all();  // far beyond the queue of a socket
  ASSERT_TRUE(run_until(io_, [&] { return one > 0; }));
  settle();
  EXPECT_EQ(one, 1);
  EXPECT_EQ(ports_in(directory_.path()).size(), 2u);
}

TEST_F(WakeTest, ARingDuringTheCallIsAnotherCall) {
  int two = 0;
  const auto second = open(two);
  int one = 0;
  const auto first = WakePort::open(io_.get_executor(), directory_.path(), [&] {
    if (++one == 1) second->ring_all();
  });
  ASSERT_TRUE(first);
  second->ring_all();
  EXPECT_TRUE(run_until(io_, [&] { return one == 2; }));
}

TEST_F(WakeTest, CloseRemovesThePortAndEndsTheCalls) {
  int one = 0;
  int two = 0;
  auto first = open(one);
  auto second = open(two);
  second->ring_all();
  first->close();
  first->close();
  settle();
  EXPECT_EQ(one, 0);
  EXPECT_EQ(ports_in(directory_.path()).size(), 1u);
  first->ring_all();  // still wakes others
  EXPECT_TRUE(run_until(io_, [&] { return two == 1; }));
  second.reset();
  first.reset();
  EXPECT_TRUE(ports_in(directory_.path()).empty());
  settle();
  EXPECT_EQ(two, 1);
}

TEST_F(WakeTest, MayBeDestroyedInItsOwnCall) {
  int two = 0;
  const auto second = open(two);
  int one = 0;
  std::unique_ptr<WakePort> first;
  auto opened = WakePort::open(io_.get_executor(), directory_.path(), [&] {
    ++one;
    first.reset();
  });
  ASSERT_TRUE(opened);
  first = std::move(*opened);
  second->ring_all();
  ASSERT_TRUE(run_until(io_, [&] { return one == 1; }));
  settle();
  EXPECT_EQ(ports_in(directory_.path()).size(), 1u);
}

TEST_F(WakeTest, RingsFromManyThreads) {
  int one = 0;
  int two = 0;
  const auto first = open(one);
  const auto second = open(two);
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 200; ++j) second->ring_all();
    });
  }
  EXPECT_TRUE(run_until(io_, [&] { return one > 0; }));
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(ports_in(directory_.path()).size(), 2u);
}

TEST_F(WakeTest, DirectoriesLongerThanASocketAddress) {
  fs::path deep = directory_.path();
  for (int i = 0; i < 4; ++i) deep /= std::string(60, 'd');
  fs::create_directories(deep);
  int one = 0;
  int two = 0;
  const auto first = WakePort::open(io_.get_executor(), deep, [&] { ++one; });
  const auto second = WakePort::open(io_.get_executor(), deep, [&] { ++two; });
  ASSERT_TRUE(first) << first.error().reason;
  ASSERT_TRUE(second);
  (*second)->ring_all();
  EXPECT_TRUE(run_until(io_, [&] { return one == 1; }));
  (*first)->ring_all();
  EXPECT_TRUE(run_until(io_, [&] { return two == 1; }));
  (*first)->close();
  EXPECT_EQ(ports_in(deep).size(), 1u);
}

// A process with a port: says when it is ready and when it was woken, then rings in its turn.
int woken_process(const fs::path& directory, Turn& turn) {
  boost::asio::io_context io;
  int calls = 0;
  const auto port = WakePort::open(io.get_executor(), directory, [&] { ++calls; });
  if (!port) return 1;
  turn.give();
  if (!run_until(io, [&] { return calls > 0; })) return 2;
  (*port)->ring_all();
  return turn.await() ? 0 : 3;
}

TEST_F(WakeTest, BetweenTwoProcessesInBothDirections) {
  ChildProcess other([&](Turn& turn) { return woken_process(directory_.path(), turn); });
  int calls = 0;
  const auto port = open(calls);
  ASSERT_TRUE(other.turn().await());
  port->ring_all();
  EXPECT_TRUE(run_until(io_, [&] { return calls == 1; }));
  other.turn().give();
  EXPECT_EQ(other.wait(), 0);
  EXPECT_EQ(ports_in(directory_.path()).size(), 1u);
}

TEST_F(WakeTest, PortsOfKilledProcessesAreRemovedByTheNextRing) {
  ChildProcess other([&](Turn& turn) { return woken_process(directory_.path(), turn); });
  ASSERT_TRUE(other.turn().await());
  int calls = 0;
  const auto port = open(calls);
  other.kill_and_wait();
  EXPECT_EQ(ports_in(directory_.path()).size(), 2u);
  port->ring_all();
  EXPECT_EQ(ports_in(directory_.path()).size(), 1u);
}

TEST_F(WakeTest, AForkLeavesItsParentsPortAlone) {
  int calls = 0;
  auto port = open(calls);
  ChildProcess child([&](Turn&) {
    port.reset();
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(ports_in(directory_.path()).size(), 1u);
  int others = 0;
  open(others)->ring_all();
  EXPECT_TRUE(run_until(io_, [&] { return calls == 1; }));
}

}  // namespace
}  // namespace ntms::platform
