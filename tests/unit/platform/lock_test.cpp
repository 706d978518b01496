// SPDX-License-Identifier: MIT
// FileLock and DeviceLock between processes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <sstream>
#include <thread>

#include "ntms/win32_types.h"
#include "platform/device_lock.h"
#include "platform/file_lock.h"
#include "platform/system.h"
#include "unit/platform/child_process.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using test::ScopedEnvironment;
using test::TemporaryDirectory;
using test::Turn;
using testing::HasSubstr;

mode_t mode_of(const fs::path& path) {
  struct stat info {};
  return stat(path.c_str(), &info) == 0 ? info.st_mode & 07777 : 0;
}

std::string content_of(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path).rdbuf();
  return out.str();
}

class FileLockTest : public testing::Test {
 protected:
  // Another process that has the exclusive lock until it gets the turn.
  ChildProcess holder() const {
    return ChildProcess([this](Turn& turn) {
      auto lock = FileLock::open(path_);
      if (!lock || !lock->try_exclusive()) return 1;
      turn.give();
      return turn.await() ? 0 : 2;
    });
  }

  // Whether a process of its own gets the lock right now.
  bool free_for_others(bool shared = false) const {
    ChildProcess child([&](Turn&) {
      auto lock = FileLock::open(path_);
      return lock && (shared ? lock->try_shared() : lock->try_exclusive()) ? 0 : 1;
    });
    return child.wait() == 0;
  }

  TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / "lock";
};

TEST_F(FileLockTest, SymbolicLinksAndOtherThingsAreRefused) {
  const fs::path target = directory_.path() / "target";
  fs::create_symlink(target, path_);
  ASSERT_FALSE(FileLock::open(path_));
  EXPECT_EQ(FileLock::open(path_).error().code, ERROR_ACCESS_DENIED);
  EXPECT_FALSE(fs::exists(target));
  std::ofstream(target) << "x";
  EXPECT_FALSE(FileLock::open(path_));

  const fs::path pipe = directory_.path() / "pipe";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0666), 0);
  EXPECT_EQ(FileLock::open(pipe).error().code, ERROR_ACCESS_DENIED);

  fs::create_hard_link(target, directory_.path() / "second-name");
  EXPECT_EQ(FileLock::open(target).error().code, ERROR_ACCESS_DENIED);
  EXPECT_EQ(FileLock::open(directory_.path()).error().code, ERROR_DATABASE_FAILURE);
  EXPECT_EQ(FileLock::open(path_ / "below").error().code, ERROR_DATABASE_FAILURE);
  EXPECT_EQ(FileLock::open(directory_.path() / "no" / "such").error().code, ERROR_DATABASE_FAILURE);
}

TEST_F(FileLockTest, IsCreatedForTheGroupWhateverTheUmask) {
  const mode_t before = umask(0077);
  const auto lock = FileLock::open(path_);
  umask(before);
  ASSERT_TRUE(lock) << lock.error().reason;
  EXPECT_EQ(mode_of(path_), 0660u);
  EXPECT_EQ(std::distance(fs::directory_iterator(directory_.path()), {}), 1);
}

TEST_F(FileLockTest, ExcludesAnotherProcessAndNamesIt) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  EXPECT_EQ(lock->holder(), std::nullopt);
  ChildProcess other = holder();
  ASSERT_TRUE(other.turn().await());
  EXPECT_FALSE(lock->try_exclusive());
  EXPECT_FALSE(lock->try_shared());
  EXPECT_EQ(lock->holder(), other.pid());
  other.turn().give();
  EXPECT_EQ(other.wait(), 0);
  EXPECT_EQ(lock->holder(), std::nullopt);
  EXPECT_TRUE(lock->try_exclusive());
}

TEST_F(FileLockTest, DiesWithAKilledHolder) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  ChildProcess other = holder();
  ASSERT_TRUE(other.turn().await());
  EXPECT_FALSE(lock->try_exclusive());
  other.kill_and_wait();
  EXPECT_TRUE(lock->try_exclusive());
}

TEST_F(FileLockTest, WaitsForTheHolderInSpiteOfSignals) {
  struct sigaction action {};
  struct sigaction before {};
  action.sa_handler = [](int) {};  // without SA_RESTART
  ASSERT_EQ(sigaction(SIGUSR1, &action, &before), 0);
  ChildProcess other = holder();
  ASSERT_TRUE(other.turn().await());
  ChildProcess waiter([this](Turn& turn) {
    auto lock = FileLock::open(path_);
    if (!lock) return 1;
    turn.give();
    lock->exclusive();
    turn.give();
    return 0;
  });
  ASSERT_TRUE(waiter.turn().await());
  // The kernel lists the waiting process behind the arrow of the lock it waits for.
  const std::string blocked = "-> POSIX  ADVISORY  WRITE " + std::to_string(waiter.pid()) + " ";
  const auto waiting = [&] { return content_of("/proc/locks").find(blocked) != std::string::npos; };
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (!waiting() && std::chrono::steady_clock::now() < give_up) std::this_thread::yield();
  EXPECT_TRUE(waiting());
  for (int i = 0; i < 3; ++i) kill(static_cast<pid_t>(waiter.pid()), SIGUSR1);
  EXPECT_FALSE(free_for_others());
  other.turn().give();
  EXPECT_EQ(other.wait(), 0);
  EXPECT_TRUE(waiter.turn().await());
  EXPECT_EQ(waiter.wait(), 0);
  sigaction(SIGUSR1, &before, nullptr);
}

TEST_F(FileLockTest, IsNotInheritedAndNotGivenUpByAFork) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock && lock->try_exclusive());
  ChildProcess child([&](Turn&) {
    // The child shares the open file but not the lock.
    if (lock->try_exclusive() || lock->holder() == std::nullopt) return 1;
    FileLock dropped = std::move(*lock);
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_FALSE(free_for_others());

  ChildProcess survivor([](Turn& turn) {
    turn.give();
    return turn.await() ? 0 : 1;
  });
  ASSERT_TRUE(survivor.turn().await());
  lock->release();
  EXPECT_TRUE(free_for_others());
  survivor.turn().give();
  EXPECT_EQ(survivor.wait(), 0);
}

TEST_F(FileLockTest, SharedHoldersExcludeOnlyExclusiveOnes) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock && lock->try_shared());
  EXPECT_TRUE(free_for_others(true));
  EXPECT_FALSE(free_for_others());
  EXPECT_TRUE(lock->try_exclusive());
  EXPECT_FALSE(free_for_others(true));
  EXPECT_TRUE(lock->try_shared());
  EXPECT_TRUE(free_for_others(true));
  lock->release();
  EXPECT_TRUE(free_for_others());
}

TEST_F(FileLockTest, MovesWithItsLock) {
  auto first = FileLock::open(path_);
  ASSERT_TRUE(first && first->try_exclusive());
  FileLock second = std::move(*first);
  EXPECT_FALSE(free_for_others());
  auto third = FileLock::open(directory_.path() / "other");
  ASSERT_TRUE(third);
  *third = std::move(second);
  EXPECT_FALSE(free_for_others());
}

class DeviceLockTest : public testing::Test {
 protected:
  static constexpr const char* kKey = "ACME|TL9000|SN 1";

  fs::path file() const { return directory_.path() / "ntms-863583a82ff0b35e.lock"; }

  // Whether the lock file holds `text`. Another process looks: if this one opened and closed the
  // file, it would lose its lock.
  bool file_says(const std::string& text) const {
    ChildProcess child([&](Turn&) { return content_of(file()) == text ? 0 : 1; });
    return child.wait() == 0;
  }

  // The outcome in another process: 0 when it gets the lock, else the error's code.
  int code_elsewhere() const {
    ChildProcess child([](Turn&) {
      const auto lock = DeviceLock::acquire(kKey, "elsewhere");
      return lock ? 0 : static_cast<int>(lock.error().code);
    });
    return child.wait();
  }

  TemporaryDirectory directory_;
  ScopedEnvironment environment_{"NTMS_LOCK_DIR", directory_.path().c_str()};
};

TEST_F(DeviceLockTest, SymbolicLinksAreRefused) {
  const fs::path victim = directory_.path() / "victim";
  std::ofstream(victim) << "precious";
  { ASSERT_TRUE(DeviceLock::acquire(kKey, "x")); }
  ASSERT_TRUE(fs::remove(file())) << "the file name has changed";
  fs::create_symlink(victim, file());
  EXPECT_EQ(DeviceLock::acquire(kKey, "x").error().code, ERROR_ACCESS_DENIED);
  fs::remove(file());
  fs::create_hard_link(victim, file());
  EXPECT_EQ(DeviceLock::acquire(kKey, "x").error().code, ERROR_ACCESS_DENIED);
  EXPECT_EQ(content_of(victim), "precious");
}

TEST_F(DeviceLockTest, UnusableDirectories) {
  const ScopedEnvironment missing("NTMS_LOCK_DIR", (directory_.path() / "no").c_str());
  EXPECT_EQ(DeviceLock::acquire(kKey, "x").error().code, ERROR_DEVICE_NOT_AVAILABLE);
  if (geteuid() == 0) {
    const ScopedEnvironment closed("NTMS_LOCK_DIR", directory_.path().c_str());  // mode 0700
    ChildProcess child([](Turn&) {
      if (setgid(65534) != 0 || setuid(65534) != 0) return 1;
      const auto lock = DeviceLock::acquire(kKey, "x");
      return !lock && lock.error().code == ERROR_ACCESS_DENIED ? 0 : 2;
    });
    EXPECT_EQ(child.wait(), 0);
  }
}

TEST_F(DeviceLockTest, AnotherProcessIsBusyAndNamesTheHolder) {
  ChildProcess other([](Turn& turn) {
    const auto lock = DeviceLock::acquire(kKey, "backup\nprogram");
    if (!lock) return 1;
    turn.give();
    return turn.await() ? 0 : 2;
  });
  ASSERT_TRUE(other.turn().await());
  const auto refused = DeviceLock::acquire(kKey, "me");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ERROR_BUSY);
  EXPECT_THAT(refused.error().reason,
              HasSubstr("process " + std::to_string(other.pid()) + " (backup\\x0Aprogram)"));
  EXPECT_TRUE(DeviceLock::acquire("another key", "me"));
  other.kill_and_wait();
  EXPECT_TRUE(DeviceLock::acquire(kKey, "me"));
}

TEST_F(DeviceLockTest, TheSameProcessIsBusyTooAndKeepsItsLock) {
  auto lock = DeviceLock::acquire(kKey, "first");
  ASSERT_TRUE(lock) << lock.error().reason;
  const auto second = DeviceLock::acquire(kKey, "second");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ERROR_BUSY);
  EXPECT_THAT(second.error().reason, HasSubstr(std::to_string(process_id())));
  EXPECT_EQ(code_elsewhere(), static_cast<int>(ERROR_BUSY));
  EXPECT_TRUE(file_says(std::to_string(process_id()) + " first\n"));
  {
    const DeviceLock moved = std::move(*lock);
    EXPECT_EQ(code_elsewhere(), static_cast<int>(ERROR_BUSY));
  }
  EXPECT_TRUE(file_says(""));
  EXPECT_EQ(code_elsewhere(), 0);
  EXPECT_TRUE(DeviceLock::acquire(kKey, "again"));
}

TEST_F(DeviceLockTest, AForkDoesNotHaveIt) {
  auto lock = DeviceLock::acquire(kKey, "parent");
  ASSERT_TRUE(lock);
  ChildProcess child([&](Turn&) {
    const auto own = DeviceLock::acquire(kKey, "child");
    if (own || own.error().code != ERROR_BUSY) return 1;
    if (own.error().reason.find(std::to_string(getppid()) + " (parent)") == std::string::npos) {
      return 2;
    }
    const DeviceLock dropped = std::move(*lock);
    return 0;
  });
  EXPECT_EQ(child.wait(), 0);
  EXPECT_EQ(code_elsewhere(), static_cast<int>(ERROR_BUSY));
  EXPECT_TRUE(file_says(std::to_string(process_id()) + " parent\n"));
}

TEST_F(DeviceLockTest, OtherUsersCanLockTheSameFile) {
  const mode_t before = umask(0077);
  { ASSERT_TRUE(DeviceLock::acquire(kKey, "root")); }
  umask(before);
  EXPECT_EQ(mode_of(file()), 0666u);
  if (geteuid() != 0) GTEST_SKIP() << "the mode was checked; another user needs root";
  chmod(directory_.path().c_str(), 01777);
  ChildProcess nobody([](Turn&) {
    if (setgid(65534) != 0 || setuid(65534) != 0) return 1;
    return DeviceLock::acquire(kKey, "nobody") ? 0 : 2;
  });
  EXPECT_EQ(nobody.wait(), 0);
}

TEST_F(DeviceLockTest, ManyProcessesAtOnceOneWinner) {
  // All open, none has the file yet: creation and locking race.
  constexpr int kProcesses = 8;
  std::vector<std::unique_ptr<ChildProcess>> racers;
  racers.reserve(kProcesses);
  for (int i = 0; i < kProcesses; ++i) {
    racers.push_back(std::make_unique<ChildProcess>([](Turn& turn) {
      if (!turn.await()) return 3;
      const auto lock = DeviceLock::acquire(kKey, "racer");
      turn.give();
      if (!turn.await()) return 4;  // hold it until everybody has tried
      return lock ? 0 : lock.error().code == ERROR_BUSY ? 1 : 2;
    }));
  }
  for (const auto& racer : racers) racer->turn().give();
  for (const auto& racer : racers) EXPECT_TRUE(racer->turn().await());
  int winners = 0;
  for (const auto& racer : racers) {
    racer->turn().give();
    const int status = racer->wait();
    EXPECT_LE(status, 1);
    winners += status == 0 ? 1 : 0;
  }
  EXPECT_EQ(winners, 1);
}

}  // namespace
}  // namespace ntms::platform
