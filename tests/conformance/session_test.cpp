// SPDX-License-Identifier: MIT
// OpenNtmsSession and CloseNtmsSession, and what every function says to a handle that is none
// (contract: functions-session 1 and 2, functions-library-control 0.1).

#include <algorithm>
#include <array>
#include <atomic>
#include <fstream>
#include <functional>
#include <set>
#include <thread>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class Session : public DataDirectoryTest {
 protected:
  // The code an open ends with; a session that was opened is closed again.
  static DWORD open_w(const WCHAR* server, const WCHAR* application = nullptr, DWORD options = 0) {
    SetLastError(ERROR_INVALID_STATE);
    HANDLE session = OpenNtmsSessionW(server, application, options);
    const DWORD code = GetLastError();
    return judge(session, code);
  }
  static DWORD open_a(const char* server, const char* application = nullptr, DWORD options = 0) {
    SetLastError(ERROR_INVALID_STATE);
    HANDLE session = OpenNtmsSessionA(server, application, options);
    const DWORD code = GetLastError();
    return judge(session, code);
  }
  static DWORD open_both(const std::string& server) {
    const test::WideString wide(server.begin(), server.end());
    const DWORD w = open_w(wide.c_str());
    EXPECT_EQ(open_a(server.c_str()), w) << server;
    return w;
  }

 private:
  static DWORD judge(HANDLE session, DWORD code) {
    EXPECT_NE(session, nullptr);
    if (session == INVALID_HANDLE_VALUE) {
      EXPECT_NE(code, ERROR_SUCCESS);
    } else {
      EXPECT_EQ(code, ERROR_SUCCESS);
      EXPECT_EQ(CloseNtmsSession(session), ERROR_SUCCESS);
    }
    return code;
  }
};

TEST_F(Session, NullServerIsThisComputer) {
  EXPECT_EQ(open_w(nullptr), ERROR_SUCCESS);
  EXPECT_EQ(open_a(nullptr), ERROR_SUCCESS);
}

TEST_F(Session, NamesOfThisComputer) {
  for (const std::string& name : {std::string(), std::string("."), std::string("localhost"),
                                  std::string("LOCALHOST"), test::computer_name()}) {
    EXPECT_EQ(open_both(name), ERROR_SUCCESS) << '"' << name << '"';
    if (!name.empty()) {
      EXPECT_EQ(open_both("\\\\" + name), ERROR_SUCCESS) << name;
    }
  }
  std::string upper = test::computer_name();
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  EXPECT_EQ(open_both(upper), ERROR_SUCCESS);
}

TEST_F(Session, MalformedServerNames) {
  EXPECT_EQ(open_both("\\\\"), ERROR_INVALID_COMPUTERNAME);
  EXPECT_EQ(open_both(" "), ERROR_INVALID_COMPUTERNAME);
  EXPECT_EQ(open_both(std::string(256, 'a')), ERROR_INVALID_COMPUTERNAME);
  EXPECT_EQ(open_both("\\\\" + std::string(256, 'a')), ERROR_INVALID_COMPUTERNAME);
  for (const char bad : std::string("\"/\\[]:|<>+=;,? ")) {
    EXPECT_EQ(open_both(std::string("ser") + bad + "ver"), ERROR_INVALID_COMPUTERNAME) << bad;
    EXPECT_EQ(open_both(std::string("server") + bad), ERROR_INVALID_COMPUTERNAME) << bad;
  }
}

TEST_F(Session, AnotherComputerCannotBeReached) {
  EXPECT_EQ(open_both("another-computer"), ERROR_NOT_CONNECTED);
  EXPECT_EQ(open_both("\\\\another-computer.example"), ERROR_NOT_CONNECTED);
  EXPECT_EQ(open_both(std::string(255, 'a')), ERROR_NOT_CONNECTED);
}

TEST_F(Session, EveryOptionIsAccepted) {
  for (const DWORD options : {0U, 1U, 2U, 0x80000000U, 0xFFFFFFFFU}) {
    EXPECT_EQ(open_w(nullptr, NTMS_W("options"), options), ERROR_SUCCESS) << options;
    EXPECT_EQ(open_a(nullptr, "options", options), ERROR_SUCCESS) << options;
  }
}

TEST_F(Session, AnyApplicationNameIsAccepted) {
  const test::WideString endless(5000, u'x');
  EXPECT_EQ(open_w(nullptr, NTMS_W("")), ERROR_SUCCESS);
  EXPECT_EQ(open_w(nullptr, endless.c_str()), ERROR_SUCCESS);
  EXPECT_EQ(open_w(nullptr, NTMS_W("\xD800")), ERROR_SUCCESS) << "half of a surrogate pair";
  EXPECT_EQ(open_a(nullptr, ""), ERROR_SUCCESS);
  EXPECT_EQ(open_a(nullptr, "\xFF\xFE"), ERROR_SUCCESS) << "no UTF-8";
}

TEST_F(Session, ManySessionsAtOnce) {
  std::set<HANDLE> sessions;
  for (int i = 0; i < 32; ++i) {
    HANDLE session = OpenNtmsSessionW(nullptr, NTMS_W("one of many"), 0);
    ASSERT_NE(session, INVALID_HANDLE_VALUE);
    EXPECT_TRUE(sessions.insert(session).second) << "a handle was given twice";
  }
  for (HANDLE session : sessions) {
    DWORD count = 0;
    EXPECT_EQ(EnumerateNtmsObject(session, nullptr, nullptr, &count, NTMS_COMPUTER, 0),
              ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQ(count, 1U);
    EXPECT_EQ(CloseNtmsSession(session), ERROR_SUCCESS);
  }
  for (HANDLE session : sessions) EXPECT_EQ(CloseNtmsSession(session), ERROR_INVALID_HANDLE);
}

TEST_F(Session, ClosedByAnotherThread) {
  HANDLE session = OpenNtmsSessionW(nullptr, nullptr, 0);
  ASSERT_NE(session, INVALID_HANDLE_VALUE);
  DWORD code = 0;
  std::thread([&] { code = CloseNtmsSession(session); }).join();
  EXPECT_EQ(code, ERROR_SUCCESS);
  EXPECT_EQ(CloseNtmsSession(session), ERROR_INVALID_HANDLE);
}

TEST_F(Session, UsedByManyThreads) {
  HANDLE session = OpenNtmsSessionW(nullptr, nullptr, 0);
  ASSERT_NE(session, INVALID_HANDLE_VALUE);
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 50; ++round) {
        NTMS_GUID id;
        DWORD count = 1;
        const DWORD code = EnumerateNtmsObject(session, nullptr, &id, &count, NTMS_COMPUTER, 0);
        if (code != ERROR_SUCCESS || count != 1) ++failures;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(CloseNtmsSession(session), ERROR_SUCCESS);
}

TEST_F(Session, OpenedAndClosedByManyThreads) {
  std::atomic<int> failures{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 6; ++round) {
        HANDLE session = OpenNtmsSessionW(nullptr, NTMS_W("thread"), 0);
        if (session == INVALID_HANDLE_VALUE || CloseNtmsSession(session) != ERROR_SUCCESS) {
          ++failures;
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(failures, 0);
}

TEST_F(Session, ClosedWhileOthersUseIt) {
  for (int round = 0; round < 5; ++round) {
    HANDLE session = OpenNtmsSessionW(nullptr, nullptr, 0);
    ASSERT_NE(session, INVALID_HANDLE_VALUE);
    std::atomic<int> wrong{0};
    std::atomic<bool> running{false};
    std::thread user([&] {
      for (;;) {
        NTMS_GUID id;
        DWORD count = 1;
        const DWORD code = EnumerateNtmsObject(session, nullptr, &id, &count, NTMS_COMPUTER, 0);
        running = true;
        if (code == ERROR_INVALID_HANDLE) break;
        if (code != ERROR_SUCCESS) ++wrong;
      }
    });
    EXPECT_TRUE(wait_until([&] { return running.load(); }));
    EXPECT_EQ(CloseNtmsSession(session), ERROR_SUCCESS);
    user.join();
    EXPECT_EQ(wrong, 0);
  }
}

TEST_F(Session, CloseRefusesWhatIsNoSession) {
  int local = 0;
  EXPECT_EQ(CloseNtmsSession(nullptr), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CloseNtmsSession(INVALID_HANDLE_VALUE), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CloseNtmsSession(&local), ERROR_INVALID_HANDLE);
  Rsm rsm = Rsm::open();
  EXPECT_EQ(CloseNtmsSession(static_cast<char*>(rsm.handle()) + 1), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CloseNtmsSession(&local), ERROR_INVALID_HANDLE);
}

TEST_F(Session, EveryFunctionRefusesABadHandle) {
  HANDLE closed = OpenNtmsSessionW(nullptr, nullptr, 0);
  ASSERT_NE(closed, INVALID_HANDLE_VALUE);
  ASSERT_EQ(CloseNtmsSession(closed), ERROR_SUCCESS);
  Rsm keeps_the_server_up = Rsm::open();
  Id id = stranger();
  Info info{};
  info.dwSize = sizeof info;
  NTMS_OBJECTINFORMATIONA narrow{};
  narrow.dwSize = sizeof narrow;
  DWORD count = 0;
  const std::vector<std::pair<const char*, std::function<DWORD(HANDLE)>>> functions{
      {"EjectNtmsMedia", [&](HANDLE h) { return EjectNtmsMedia(h, id.get(), id.get(), 0); }},
      {"EjectNtmsMedia, bad parameters",
       [&](HANDLE h) { return EjectNtmsMedia(h, nullptr, nullptr, 9); }},
      {"InventoryNtmsLibrary", [&](HANDLE h) { return InventoryNtmsLibrary(h, id.get(), 1); }},
      {"InventoryNtmsLibrary, bad parameters",
       [&](HANDLE h) { return InventoryNtmsLibrary(h, nullptr, 9); }},
      {"CancelNtmsLibraryRequest", [&](HANDLE h) { return CancelNtmsLibraryRequest(h, id.get()); }},
      {"CancelNtmsLibraryRequest, NULL",
       [&](HANDLE h) { return CancelNtmsLibraryRequest(h, nullptr); }},
      {"EnableNtmsObject", [&](HANDLE h) { return EnableNtmsObject(h, NTMS_DRIVE, id.get()); }},
      {"EnableNtmsObject, NULL", [&](HANDLE h) { return EnableNtmsObject(h, 99, nullptr); }},
      {"DisableNtmsObject", [&](HANDLE h) { return DisableNtmsObject(h, NTMS_DRIVE, id.get()); }},
      {"DisableNtmsObject, NULL", [&](HANDLE h) { return DisableNtmsObject(h, 99, nullptr); }},
      {"EnumerateNtmsObject",
       [&](HANDLE h) { return EnumerateNtmsObject(h, nullptr, nullptr, &count, NTMS_DRIVE, 0); }},
      {"EnumerateNtmsObject, NULL",
       [&](HANDLE h) { return EnumerateNtmsObject(h, nullptr, nullptr, nullptr, 99, 9); }},
      {"GetNtmsObjectInformationW",
       [&](HANDLE h) { return GetNtmsObjectInformationW(h, id.get(), &info); }},
      {"GetNtmsObjectInformationA",
       [&](HANDLE h) { return GetNtmsObjectInformationA(h, id.get(), &narrow); }},
      {"GetNtmsObjectInformationW, NULL",
       [&](HANDLE h) { return GetNtmsObjectInformationW(h, nullptr, nullptr); }},
      {"SetNtmsObjectInformationW",
       [&](HANDLE h) { return SetNtmsObjectInformationW(h, id.get(), &info); }},
      {"SetNtmsObjectInformationA",
       [&](HANDLE h) { return SetNtmsObjectInformationA(h, id.get(), &narrow); }},
      {"SetNtmsObjectInformationW, NULL",
       [&](HANDLE h) { return SetNtmsObjectInformationW(h, nullptr, nullptr); }},
      {"CloseNtmsSession", [&](HANDLE h) { return CloseNtmsSession(h); }},
  };
  const std::vector<HANDLE> handles{nullptr, INVALID_HANDLE_VALUE, closed, &count};
  for (const auto& [name, call] : functions) {
    for (HANDLE handle : handles) {
      EXPECT_EQ(call(handle), ERROR_INVALID_HANDLE) << name << " with " << handle;
    }
  }
  EXPECT_EQ(count, 0U);
  EXPECT_EQ(id, stranger()) << "an output was written";
}

TEST_F(Session, EachDirectoryIsAServerOfItsOwn) {
  Rsm first = Rsm::open();
  const auto computer = first.list(NTMS_COMPUTER);
  EXPECT_EQ(first.close(), ERROR_SUCCESS);
  std::filesystem::create_directory(directory() / "other");
  test::set_environment("NTMS_DATA", (directory() / "other").string());
  Rsm second = Rsm::open();
  EXPECT_NE(second.list(NTMS_COMPUTER), computer);
  EXPECT_EQ(second.close(), ERROR_SUCCESS);
  test::set_environment("NTMS_DATA", data().string());
  Rsm again = Rsm::open();
  EXPECT_EQ(again.list(NTMS_COMPUTER), computer) << "identifiers survive";
}

TEST_F(Session, DamagedDatabase) {
  ASSERT_EQ(open_w(nullptr), ERROR_SUCCESS);
  for (const std::filesystem::path extra : {"ntms.db-wal", "ntms.db-shm"}) {
    std::filesystem::remove(data() / extra);
  }
  std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
  file << std::string(20000, '\x5A');
  file.close();
  EXPECT_EQ(open_w(nullptr), ERROR_DATABASE_FAILURE);
  EXPECT_EQ(open_a(nullptr), ERROR_DATABASE_FAILURE) << "also the second time";
}

TEST_F(Session, DamagedPagesOfTheDatabase) {
  ASSERT_EQ(open_w(nullptr), ERROR_SUCCESS);
  const std::string page_size = sql("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA page_size");
  std::fstream file(database(), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(100);  // after the header of the file: its first page says what tables there are
  file << std::string(8000, '\x5A');
  file.close();
  EXPECT_EQ(open_w(nullptr), ERROR_DATABASE_FAILURE);
}

TEST_F(Session, DatabaseOfAnotherProgram) {
  std::ofstream(database()) << "this is a text file, and long enough to be one: "
                            << std::string(2000, 'x');
  EXPECT_EQ(open_w(nullptr), ERROR_DATABASE_FAILURE);
}

TEST_F(Session, DatabaseOfANewerVersion) {
  ASSERT_EQ(open_w(nullptr), ERROR_SUCCESS);
  const std::string version = sql("PRAGMA user_version");
  sql("PRAGMA user_version=99");
  EXPECT_EQ(open_w(nullptr), RPC_S_NO_INTERFACES);
  EXPECT_EQ(open_a(nullptr), RPC_S_NO_INTERFACES);
  sql("PRAGMA user_version=" + version);
  EXPECT_EQ(open_w(nullptr), ERROR_SUCCESS) << "nothing was changed";
}

#ifndef _WIN32  // there is no second user to become
TEST_F(Session, WithoutAnyRightAtTheDataDirectory) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_EQ(open_w(nullptr), ERROR_SUCCESS);
  std::filesystem::permissions(directory(), std::filesystem::perms(0755));
  std::filesystem::permissions(data(), std::filesystem::perms(0755));
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  EXPECT_EQ(user->read_line(), "open " + std::to_string(ERROR_ACCESS_DENIED));
  EXPECT_EQ(user->wait(), 0);
}
#endif

// What a session is called in its requests.
class SessionName : public LibraryTest {
 protected:
  std::string application_of(HANDLE session) {
    Rsm other(session);
    Id operation;
    EXPECT_EQ(other.eject(medium(next_), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
    const Id request = unfinished_request_of(medium(next_++));
    const auto info = rsm().request(request);
    EXPECT_NE(text(info.szUser), "");
    EXPECT_NE(text(info.szComputer), "");
    EXPECT_EQ(CancelNtmsLibraryRequest(other.handle(), request.get()), ERROR_SUCCESS);
    EXPECT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
    return text(info.szApplication);
  }
  unsigned next_ = 0;
};

TEST_F(SessionName, GivenDefaultAndCut) {
  ASSERT_NO_FATAL_FAILURE(start());
  const test::WideString endless(200, u'y');
  EXPECT_EQ(application_of(OpenNtmsSessionW(nullptr, NTMS_W("Backup \u00FC"), 0)),
            "Backup \xC3\xBC");
  EXPECT_EQ(application_of(OpenNtmsSessionA(nullptr, "Backup", 0)), "Backup");
  EXPECT_EQ(application_of(OpenNtmsSessionW(nullptr, nullptr, 0)), "RSM");
  EXPECT_EQ(application_of(OpenNtmsSessionA(nullptr, "", 0)), "RSM");
  EXPECT_EQ(application_of(OpenNtmsSessionW(nullptr, NTMS_W(""), 0)), "RSM");
  EXPECT_EQ(application_of(OpenNtmsSessionW(nullptr, endless.c_str(), 0)), std::string(63, 'y'));
}

// A session closed in the middle of its work leaves the work behind.
TEST_F(SessionName, RequestsOutliveTheSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  Rsm other = Rsm::open();
  Id operation;
  ASSERT_EQ(other.eject(medium(0), NTMS_EJECT_START, &operation), ERROR_SUCCESS);
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

}  // namespace
}  // namespace ntms::conformance
