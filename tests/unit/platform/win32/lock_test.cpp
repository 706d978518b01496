// SPDX-License-Identifier: MIT
// FileLock and DeviceLock between processes on Windows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "platform/device_lock.h"
#include "platform/file_lock.h"
#include "unit/platform/temporary_directory.h"
#include "unit/platform/win32/child_process.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using test::ChildProcess;
using test::ScopedEnvironment;
using test::TemporaryDirectory;
using test::Turn;
using testing::HasSubstr;

// What the other processes do; skipped in the program that starts them.
class Child : public testing::Test {
 protected:
  void SetUp() override {
    if (!turn_) GTEST_SKIP() << "run by other tests";
  }
  Turn turn_;
};

TEST_F(Child, HoldsExclusively) {
  auto lock = FileLock::open(path_of(turn_.argument()));
  ASSERT_TRUE(lock);
  ASSERT_TRUE(lock->try_exclusive());
  turn_.give();
  ASSERT_TRUE(turn_.await());
  lock->release();
  turn_.give();
  ASSERT_TRUE(turn_.await());
}

TEST_F(Child, HoldsShared) {
  auto lock = FileLock::open(path_of(turn_.argument()));
  ASSERT_TRUE(lock);
  ASSERT_TRUE(lock->try_shared());
  turn_.give();
  ASSERT_TRUE(turn_.await());
}

TEST_F(Child, FindsItTaken) {
  auto lock = FileLock::open(path_of(turn_.argument()));
  ASSERT_TRUE(lock);
  EXPECT_FALSE(lock->try_exclusive());
  EXPECT_TRUE(lock->holder());
}

TEST_F(Child, SharesIt) {
  auto lock = FileLock::open(path_of(turn_.argument()));
  ASSERT_TRUE(lock);
  EXPECT_FALSE(lock->try_exclusive());
  EXPECT_TRUE(lock->try_shared());
}

TEST_F(Child, FindsItFree) {
  auto lock = FileLock::open(path_of(turn_.argument()));
  ASSERT_TRUE(lock);
  EXPECT_EQ(lock->holder(), std::nullopt);
  EXPECT_TRUE(lock->try_exclusive());
}

TEST_F(Child, WritesALine) {
  auto lock = FileLock::open(path_of(turn_.argument()));
  ASSERT_TRUE(lock);
  turn_.give();
  ASSERT_TRUE(turn_.await());
  const fs::path counter = path_of(turn_.argument() + ".count");
  for (int i = 0; i < 200; ++i) {
    lock->exclusive();
    int value = 0;
    std::ifstream(counter) >> value;
    std::ofstream(counter) << value + 1;
    lock->release();
  }
}

TEST_F(Child, HoldsTheDevice) {
  const auto lock = DeviceLock::acquire("device", "the other program");
  ASSERT_TRUE(lock);
  turn_.give();
  ASSERT_TRUE(turn_.await());
}

class FileLockTest : public testing::Test {
 protected:
  ChildProcess run(const wchar_t* name) const { return ChildProcess(name, path_.native()); }

  TemporaryDirectory directory_;
  fs::path path_ = directory_.path() / L"a lock \x2603";
};

TEST_F(FileLockTest, ExcludesOtherProcessesAndNamesTheHolder) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  EXPECT_EQ(lock->holder(), std::nullopt);
  const auto child = run(L"HoldsExclusively");
  ASSERT_TRUE(child.await());
  EXPECT_FALSE(lock->try_exclusive());
  EXPECT_FALSE(lock->try_shared());
  EXPECT_EQ(lock->holder(), child.pid());
  child.give();
  ASSERT_TRUE(child.await());  // it has released the lock, but not closed the file
  EXPECT_EQ(lock->holder(), std::nullopt);
  EXPECT_TRUE(lock->try_exclusive());
  EXPECT_EQ(run(L"FindsItTaken").wait(), 0);
  child.give();
  EXPECT_EQ(child.wait(), 0);
}

TEST_F(FileLockTest, DiesWithTheProcess) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  const auto child = run(L"HoldsExclusively");
  ASSERT_TRUE(child.await());
  ASSERT_FALSE(lock->try_exclusive());
  child.kill();
  lock->exclusive();
  EXPECT_EQ(lock->holder(), std::nullopt);
}

TEST_F(FileLockTest, WaitsUntilTheHolderIsGone) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  const auto child = run(L"HoldsExclusively");
  ASSERT_TRUE(child.await());
  std::thread waiter([&] { lock->exclusive(); });
  child.give();
  waiter.join();
  EXPECT_EQ(run(L"FindsItTaken").wait(), 0);
}

TEST_F(FileLockTest, IsSharedAndBecomesExclusiveWhenAlone) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  const auto child = run(L"HoldsShared");
  ASSERT_TRUE(child.await());
  EXPECT_TRUE(lock->try_shared());
  EXPECT_EQ(lock->holder(), child.pid());
  EXPECT_FALSE(lock->try_exclusive());
  child.kill();
  EXPECT_EQ(run(L"SharesIt").wait(), 0) << "the failed attempt kept the shared lock";
  EXPECT_TRUE(lock->try_exclusive());
  EXPECT_EQ(run(L"FindsItTaken").wait(), 0);
  EXPECT_TRUE(lock->try_shared());
  EXPECT_EQ(run(L"SharesIt").wait(), 0);
  lock->release();
  EXPECT_EQ(run(L"FindsItFree").wait(), 0);
}

TEST_F(FileLockTest, WaitsForSharedHolders) {
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  const auto child = run(L"HoldsShared");
  ASSERT_TRUE(child.await());
  std::thread waiter([&] { lock->exclusive(); });
  child.give();
  waiter.join();
  EXPECT_EQ(run(L"FindsItTaken").wait(), 0);
}

TEST_F(FileLockTest, KeepsWritersApart) {
  const auto one = run(L"WritesALine");
  const auto other = run(L"WritesALine");
  ASSERT_TRUE(one.await());
  ASSERT_TRUE(other.await());
  one.give();
  other.give();
  EXPECT_EQ(one.wait(), 0);
  EXPECT_EQ(other.wait(), 0);
  int value = 0;
  std::ifstream(fs::path(path_.native() + L".count")) >> value;
  EXPECT_EQ(value, 400);
}

TEST_F(FileLockTest, LeavesTheContentAlone) {
  std::ofstream(path_) << "text";
  auto lock = FileLock::open(path_);
  ASSERT_TRUE(lock);
  ASSERT_TRUE(lock->try_exclusive());
  std::string text;
  std::ifstream(path_) >> text;
  EXPECT_EQ(text, "text");
}

TEST_F(FileLockTest, RefusesWhatIsNoPlainFile) {
  const auto directory = FileLock::open(directory_.path());
  ASSERT_FALSE(directory);
  EXPECT_EQ(directory.error().code, static_cast<DWORD>(ERROR_ACCESS_DENIED));
  const auto nowhere = FileLock::open(directory_.path() / "missing" / "lock");
  ASSERT_FALSE(nowhere);
  EXPECT_EQ(nowhere.error().code, static_cast<DWORD>(ERROR_DATABASE_FAILURE));
}

TEST(DeviceLockTest, ExcludesOtherProcessesAndThisOne) {
  const TemporaryDirectory directory;
  const ScopedEnvironment where("NTMS_LOCK_DIR", directory.path().string().c_str());
  const ChildProcess child(L"HoldsTheDevice", L"");
  ASSERT_TRUE(child.await());
  const auto refused = DeviceLock::acquire("device", "this program");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, static_cast<DWORD>(ERROR_BUSY));
  EXPECT_THAT(refused.error().reason, HasSubstr(std::to_string(child.pid())));
  EXPECT_THAT(refused.error().reason, HasSubstr("the other program"));
  EXPECT_TRUE(DeviceLock::acquire("another device", "this program"));
  child.kill();
  {
    const auto held = DeviceLock::acquire("device", "this program");
    ASSERT_TRUE(held) << held.error().reason;
    const auto again = DeviceLock::acquire("device", "this program");
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, static_cast<DWORD>(ERROR_BUSY));
  }
  EXPECT_TRUE(DeviceLock::acquire("device", "this program"));
}

}  // namespace
}  // namespace ntms::platform
