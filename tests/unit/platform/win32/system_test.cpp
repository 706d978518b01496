// SPDX-License-Identifier: MIT
// Files, wake-ups, processes and text by the means of Windows.
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <fstream>
#include <iterator>

#include "platform/durable_files.h"
#include "platform/file_lock.h"
#include "platform/files.h"
#include "platform/identity.h"
#include "platform/spawn.h"
#include "platform/system.h"
#include "platform/text.h"
#include "platform/threads.h"
#include "platform/wake.h"
#include "platform/win32/security.h"
#include "unit/platform/temporary_directory.h"
#include "unit/platform/win32/child_process.h"

// After <windows.h>, which it needs.
#include <shellapi.h>

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using test::ScopedEnvironment;
using test::TemporaryDirectory;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

TEST(Win32SystemTest, TellsWhoAndWhere) {
  EXPECT_EQ(process_id(), GetCurrentProcessId());
  EXPECT_FALSE(computer_name().empty());
  EXPECT_FALSE(user_name().empty());
  EXPECT_EQ(boot_identity(), boot_identity());
  EXPECT_GT(monotonic().count(), 0);
  wchar_t program[MAX_PATH] = {};
  GetModuleFileNameW(nullptr, program, MAX_PATH);
  EXPECT_TRUE(same_file(own_library_path(), program));
}

TEST(Win32SystemTest, ReadsTheEnvironmentAsUtf8) {
  SetEnvironmentVariableW(L"NTMS_TEST_VALUE", L"\x2603");
  EXPECT_EQ(environment("NTMS_TEST_VALUE"), "\xE2\x98\x83");
  const std::wstring long_value(5000, L'x');
  SetEnvironmentVariableW(L"NTMS_TEST_VALUE", long_value.c_str());
  EXPECT_EQ(environment("NTMS_TEST_VALUE"), std::string(5000, 'x'));
  SetEnvironmentVariableW(L"NTMS_TEST_VALUE", nullptr);
  EXPECT_EQ(environment("NTMS_TEST_VALUE"), std::nullopt);
}

TEST(Win32TextTest, UsesTheAnsiCodePage) {
  EXPECT_EQ(to_ansi("plain"), "plain");
  EXPECT_EQ(from_ansi("plain", 5), "plain");
  EXPECT_EQ(from_ansi(nullptr, 0), "");
  const std::string umlaut = "\xC3\xA4";
  char page[8] = {};
  const int length =
      WideCharToMultiByte(CP_ACP, 0, L"\x00E4", 1, page, sizeof page, nullptr, nullptr);
  ASSERT_GT(length, 0);
  EXPECT_EQ(to_ansi(umlaut), std::string(page, static_cast<std::size_t>(length)));
  char field[4] = {'x', 'x', 'x', 'x'};
  EXPECT_FALSE(copy_ansi("abcd", field, sizeof field));
  EXPECT_STREQ(field, "abc");
  EXPECT_TRUE(copy_ansi("a", field, sizeof field));
  EXPECT_EQ(field[3], '\0');
}

TEST(Win32FilesTest, FindsTheDataDirectory) {
  {
    const ScopedEnvironment set("NTMS_DATA", "C:\\some\\where\\");
    EXPECT_EQ(*data_directory(), fs::path(L"C:\\some\\where"));
  }
  const ScopedEnvironment unset("NTMS_DATA", nullptr);
  const auto directory = data_directory();
  ASSERT_TRUE(directory);
  EXPECT_TRUE(directory->is_absolute());
  EXPECT_EQ(directory->filename(), L"NtmsData");
}

TEST(Win32FilesTest, PreparesADirectoryWithALongForeignName) {
  const TemporaryDirectory temporary;
  fs::path deep = temporary.path();
  for (int i = 0; i < 6; ++i) deep /= std::wstring(50, static_cast<wchar_t>(0x4E00 + i));
  SetEnvironmentVariableW(L"NTMS_DATA", deep.c_str());
  const auto directory = data_directory();
  SetEnvironmentVariableW(L"NTMS_DATA", nullptr);
  ASSERT_TRUE(directory);
  const auto prepared = prepare_data_directory(*directory);
  ASSERT_TRUE(prepared) << prepared.error().reason;
  EXPECT_TRUE(prepare_data_directory(*directory)) << "an existing one is used";
  const fs::path file = *directory / "file";
  EXPECT_TRUE(create_durably(file));
  EXPECT_TRUE(sync_file(file));
  EXPECT_TRUE(FileLock::open(*directory / "lock"));
  EXPECT_TRUE(remove_durably(file));
  EXPECT_TRUE(remove_durably(file)) << "a missing one is no error";
  EXPECT_TRUE(caller_identity(*directory).is_administrator) << "its owner";
}

TEST(Win32FilesTest, RefusesWhatIsNoDirectory) {
  const TemporaryDirectory temporary;
  std::ofstream(temporary.path() / "file") << "x";
  const auto refused = prepare_data_directory(temporary.path() / "file");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, static_cast<DWORD>(ERROR_DATABASE_FAILURE));
  const auto relative = prepare_data_directory("relative");
  ASSERT_FALSE(relative);
  EXPECT_EQ(relative.error().code, static_cast<DWORD>(ERROR_INVALID_PARAMETER));
  EXPECT_FALSE(make_shared_directory(temporary.path() / "file"));
  EXPECT_FALSE(make_shared_directory(temporary.path() / "no" / "parent"));
}

TEST(Win32FilesTest, ReplacesAFile) {
  const TemporaryDirectory temporary;
  const fs::path from = temporary.path() / "new";
  const fs::path to = temporary.path() / "old";
  std::ofstream(to) << "old";
  std::ofstream(from) << "new";
  EXPECT_TRUE(rename_durably(from, to));
  EXPECT_EQ(content_of(to), "new");
  EXPECT_FALSE(fs::exists(from));
  EXPECT_FALSE(rename_durably(from, to)) << "there is nothing to rename";
}

TEST(Win32FilesTest, SaysThatAFileIsInUse) {
  const TemporaryDirectory temporary;
  const fs::path from = temporary.path() / "new";
  const fs::path to = temporary.path() / "old";
  std::ofstream(from) << "new";
  std::ofstream(to) << "old";
  {
    const Handle used(CreateFileW(to.c_str(), GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  nullptr, OPEN_EXISTING, 0, nullptr));
    ASSERT_TRUE(used);
    const auto renamed = rename_durably(from, to);
    ASSERT_FALSE(renamed);
    EXPECT_EQ(renamed.error().code, static_cast<DWORD>(ERROR_SHARING_VIOLATION));
    const auto removed = remove_durably(to);
    ASSERT_FALSE(removed);
    EXPECT_EQ(removed.error().code, static_cast<DWORD>(ERROR_SHARING_VIOLATION));
  }
  {
    const auto locked = FileLock::open(to);
    ASSERT_TRUE(locked);
    const auto renamed = rename_durably(from, to);
    ASSERT_FALSE(renamed);
    EXPECT_EQ(renamed.error().code, static_cast<DWORD>(ERROR_SHARING_VIOLATION));
  }
  EXPECT_EQ(content_of(to), "old");
  EXPECT_EQ(content_of(from), "new");
}

bool run_until(boost::asio::io_context& io, const std::function<bool()>& done) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!done() && std::chrono::steady_clock::now() < give_up) {
    io.restart();
    io.run_one_until(give_up);
  }
  return done();
}

std::size_t ports_in(const fs::path& directory) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory / "wake"), {}));
}

TEST(Win32WakeTest, WakesTheOthersAndNotItself) {
  const TemporaryDirectory directory;
  boost::asio::io_context io;
  int one = 0;
  int other = 0;
  auto first = WakePort::open(io.get_executor(), directory.path(), [&] { ++one; });
  ASSERT_TRUE(first) << first.error().reason;
  auto second = WakePort::open(io.get_executor(), directory.path(), [&] { ++other; });
  ASSERT_TRUE(second) << second.error().reason;
  EXPECT_EQ(ports_in(directory.path()), 2u);
  (*first)->ring_all();
  EXPECT_TRUE(run_until(io, [&] { return other == 1; }));
  EXPECT_EQ(one, 0);
  (*second)->ring_all();
  EXPECT_TRUE(run_until(io, [&] { return one == 1; }));
  EXPECT_EQ(other, 1);
  second->reset();
  EXPECT_EQ(ports_in(directory.path()), 1u) << "a closed port is not listed any more";
  (*first)->close();
  (*first)->ring_all();
  EXPECT_EQ(ports_in(directory.path()), 0u);
}

TEST(Win32WakeTest, ManyRingsAreFewCalls) {
  const TemporaryDirectory directory;
  boost::asio::io_context io;
  int calls = 0;
  auto receiver = WakePort::open(io.get_executor(), directory.path(), [&] { ++calls; });
  auto sender = WakePort::open(io.get_executor(), directory.path(), [] {});
  ASSERT_TRUE(receiver);
  ASSERT_TRUE(sender);
  for (int i = 0; i < 100; ++i) (*sender)->ring_all();
  EXPECT_TRUE(run_until(io, [&] { return calls != 0; }));
  io.restart();
  io.poll();
  EXPECT_LT(calls, 100);
}

// Run by the test below; writes its command line to a file.
TEST(ChildProgram, IsSpawned) {
  int count = 0;
  const LocalMemory<wchar_t*> words(CommandLineToArgvW(GetCommandLineW(), &count));
  if (count < 4) GTEST_SKIP() << "run by other tests";
  std::ofstream out(fs::path(words.get()[count - 1]), std::ios::binary);
  for (int i = 2; i < count - 1; ++i) out << from_wide(words.get()[i]) << '\n';
  out << "end";
}

TEST(Win32SpawnTest, PassesArgumentsAsTheyAre) {
  const TemporaryDirectory directory;
  const fs::path out = directory.path() / "out";
  const auto spawned = spawn_detached(
      own_library_path(), {"--gtest_filter=ChildProgram.IsSpawned", "two words", "a\"quote\\",
                           "\\\\\"", "", "\xE2\x98\x83", from_wide(out.native())});
  ASSERT_TRUE(spawned) << spawned.error().reason;
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!content_of(out).ends_with("end") && std::chrono::steady_clock::now() < give_up) {
    std::this_thread::yield();
  }
  EXPECT_EQ(content_of(out), "two words\na\"quote\\\n\\\\\"\n\n\xE2\x98\x83\nend");
}

TEST(Win32SpawnTest, SaysWhenThereIsNoSuchProgram) {
  const auto spawned = spawn_detached(L"C:\\no such program.exe", {});
  ASSERT_FALSE(spawned);
  EXPECT_EQ(spawned.error().code, static_cast<DWORD>(ERROR_NOT_SUPPORTED));
}

TEST(Win32ThreadTest, RunsAndIsJoined) {
  bool ran = false;
  Thread thread = start_thread([&] {
    name_current_thread("a thread");
    ran = true;
  });
  EXPECT_TRUE(thread.joinable());
  thread.join();
  EXPECT_TRUE(ran);
  EXPECT_FALSE(thread.joinable());
}

}  // namespace
}  // namespace ntms::platform
