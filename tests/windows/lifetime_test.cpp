// SPDX-License-Identifier: MIT
// The DLL as a guest in programs that leave it as they like: nothing hangs, nothing that was
// acknowledged is lost, and a program that loads it again and again does not run out of anything.
// NTMS_LIFETIME_CYCLES sets how often each is repeated (default 12; for the record 1000).
#include <windows.h>

#include <gtest/gtest.h>

#include <tlhelp32.h>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <memory>
#include <string>

#include "conformance/rsm_client.h"
#include "ntms/emulator.h"

namespace {

namespace fs = std::filesystem;
using ntms::conformance::Id;
using ntms::conformance::Info;
using ntms::conformance::Rsm;

constexpr DWORD kProgramLimit = 60'000;  // milliseconds a child may take, on a busy machine
constexpr std::chrono::seconds kWait{60};

int cycles() {
  const char* const text = std::getenv("NTMS_LIFETIME_CYCLES");
  const int wanted = text != nullptr ? std::atoi(text) : 0;
  return wanted > 0 ? wanted : 12;
}

struct CloseHandleOf {
  void operator()(HANDLE handle) const { CloseHandle(handle); }
};
using Handle = std::unique_ptr<std::remove_pointer_t<HANDLE>, CloseHandleOf>;

fs::path own_directory() {
  std::wstring own(32'768, L'\0');
  own.resize(GetModuleFileNameW(nullptr, own.data(), static_cast<DWORD>(own.size())));
  return fs::path(own).parent_path();
}

// How a child ended, and what it printed.
struct Ending {
  DWORD code = 0;
  bool in_time = false;
  std::string output;
};

Ending run_child(const std::wstring& way) {
  SECURITY_ATTRIBUTES inherit{sizeof inherit, nullptr, TRUE};
  HANDLE read = nullptr;
  HANDLE write = nullptr;
  if (!CreatePipe(&read, &write, &inherit, 0)) return {};
  const Handle reader(read);
  Handle writer(write);
  SetHandleInformation(read, HANDLE_FLAG_INHERIT, 0);
  STARTUPINFOW start{};
  start.cb = sizeof start;
  start.dwFlags = STARTF_USESTDHANDLES;
  start.hStdOutput = write;
  start.hStdError = GetStdHandle(STD_ERROR_HANDLE);
  std::wstring line = L"\"" + (own_directory() / L"lifetime_child.exe").native() + L"\" " + way;
  PROCESS_INFORMATION process{};
  if (!CreateProcessW(nullptr, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start,
                      &process)) {
    return {};
  }
  const Handle handle(process.hProcess);
  const Handle thread(process.hThread);
  writer.reset();
  Ending ending;
  ending.in_time = WaitForSingleObject(handle.get(), kProgramLimit) == WAIT_OBJECT_0;
  if (!ending.in_time) TerminateProcess(handle.get(), 999);
  GetExitCodeProcess(handle.get(), &ending.code);
  std::array<char, 256> buffer{};
  DWORD length = 0;
  while (ReadFile(reader.get(), buffer.data(), buffer.size(), &length, nullptr) && length > 0) {
    ending.output.append(buffer.data(), length);
  }
  return ending;
}

template <class Condition>
bool wait_until(const Condition& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kWait;
  while (!condition()) {
    if (std::chrono::steady_clock::now() >= deadline) return false;
    Sleep(5);  // between two looks
  }
  return true;
}

Id id_from_hex(const std::string& hex) {
  Id id;
  std::array<unsigned char, sizeof id.guid> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    bytes[i] = static_cast<unsigned char>(std::stoi(hex.substr(2 * i, 2), nullptr, 16));
  }
  std::memcpy(&id.guid, bytes.data(), bytes.size());
  return id;
}

class Lifetime : public ::testing::Test {
 protected:
  Lifetime() {
    // One for each test: what was loaded from the last one stays loaded, and cannot be deleted.
    static int tests = 0;
    directory_ =
        fs::temp_directory_path() /
        ("ntms-lifetime-" + std::to_string(GetCurrentProcessId()) + "-" + std::to_string(++tests));
    fs::create_directories(directory_ / "data");
    SetEnvironmentVariableW(L"NTMS_DATA", (directory_ / "data").c_str());
    SetEnvironmentVariableW(L"NTMS_RSM", (directory_ / "no-such-program").c_str());
    SetEnvironmentVariableW(L"NTMS_IDENTIFY", L"no");
    SetEnvironmentVariableW(L"NTMS_DEVICES", (L"emulator:" + file().generic_wstring()).c_str());
    ntms_emulator_geometry geometry{};
    geometry.size = sizeof geometry;
    geometry.slots = 4;
    geometry.drives = 1;
    geometry.ports = 1;
    geometry.bar_code_reader = 1;
    EXPECT_EQ(ntms_emulator_create(file().string().c_str(), &geometry), NTMS_EMULATOR_OK);
    ntms_emulator* emulator = nullptr;
    EXPECT_EQ(ntms_emulator_open(file().string().c_str(), &emulator), NTMS_EMULATOR_OK);
    for (const char* const code : {"LIF001L8", "LIF002L8"}) {
      EXPECT_EQ(ntms_emulator_load_slot(emulator, code[5] - '1', code), NTMS_EMULATOR_OK);
    }
    ntms_emulator_durations durations{};
    durations.size = sizeof durations;
    durations.move_ms = 20;  // so that programs leave in the middle of a move
    EXPECT_EQ(ntms_emulator_set_durations(emulator, &durations), NTMS_EMULATOR_OK);
    ntms_emulator_close(emulator);
  }
  ~Lifetime() override {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }

  fs::path file() const { return directory_ / "library.emu"; }

  // The request is there with a medium, can be ended, and the medium comes back to a slot.
  static void expect_kept(const Id& request) {
    const Rsm rsm = Rsm::open();
    ASSERT_TRUE(rsm.is_open());
    ASSERT_TRUE(wait_until([&] { return rsm.find(request, NTMS_LIBREQUEST).has_value(); }))
        << "an acknowledged request is lost";
    const auto info = rsm.request(request);
    EXPECT_EQ(info.OperationCode, static_cast<DWORD>(NTMS_LM_EJECT));
    const Id medium(info.PhysMediaId);
    const auto finished = [&] {
      const DWORD state = rsm.state(request);
      return state != NTMS_LM_QUEUED && state != NTMS_LM_INPROCESS && state != NTMS_LM_WAITING;
    };
    ASSERT_TRUE(wait_until([&] {
      Id operation = request;
      rsm.eject(medium, NTMS_EJECT_STOP, &operation);  // refused once it has ended
      return finished();
    })) << "state "
        << rsm.state(request);
    ASSERT_TRUE(wait_until([&] {
      const Info media = rsm.get(medium, NTMS_PHYSICAL_MEDIA);
      return media.Info.PhysicalMedia.LocationType == NTMS_STORAGESLOT;
    })) << "the cartridge does not come back";
  }

  // Each program asks for an eject and leaves in its way; what it asked for is still there.
  static void repeat(const std::wstring& way, DWORD exit_code) {
    for (int i = 0; i < cycles(); ++i) {
      const Ending ending = run_child(way);
      ASSERT_TRUE(ending.in_time) << "hangs in cycle " << i;
      ASSERT_EQ(ending.code, exit_code) << "in cycle " << i << ": " << ending.output;
      ASSERT_GE(ending.output.size(), 32U);
      expect_kept(id_from_hex(ending.output));
      if (HasFatalFailure()) FAIL() << "in cycle " << i;
    }
  }

 private:
  fs::path directory_;
};

TEST_F(Lifetime, ClosingAndFreeing) {
  repeat(L"close", 0);
}

TEST_F(Lifetime, FreeingWithOpenSessions) {
  repeat(L"free", 0);
}

TEST_F(Lifetime, ExitProcessWithOpenSessions) {
  repeat(L"exit", 0);
}

TEST_F(Lifetime, ReturningFromMainWithOpenSessions) {
  repeat(L"return", 0);
}

TEST_F(Lifetime, TerminateProcess) {
  repeat(L"kill", 0);
}

TEST_F(Lifetime, Crash) {
  repeat(L"crash", EXCEPTION_ACCESS_VIOLATION);
}

// What a process has of the things that run out.
struct Possessions {
  std::uintptr_t next_handle = 0;  // the value that a new handle gets: free ones are used again
  int threads = 0;
  DWORD next_tls = 0;  // the first free slot for thread storage
};

Possessions possessions() {
  Possessions now;
  now.next_handle =
      reinterpret_cast<std::uintptr_t>(Handle(CreateEventW(nullptr, FALSE, FALSE, nullptr)).get());
  const Handle snapshot(CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0));
  THREADENTRY32 entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Thread32First(snapshot.get(), &entry); more;
       more = Thread32Next(snapshot.get(), &entry)) {
    if (entry.th32OwnerProcessID == GetCurrentProcessId()) ++now.threads;
  }
  now.next_tls = TlsAlloc();
  TlsFree(now.next_tls);
  return now;
}

// Does it often enough to see what does not come back: after the first few times nothing may grow.
template <class Cycle>
void expect_no_growth(int times, const Cycle& cycle) {
  for (int i = 0; i < 3; ++i) cycle();
  const Possessions before = possessions();
  for (int i = 0; i < times; ++i) cycle();
  const Possessions after = possessions();
  // A helper thread of the system may come or go meanwhile.
  constexpr std::uintptr_t kFewHandles = 8 * 4;  // values are multiples of four
  EXPECT_LE(after.next_handle, before.next_handle + kFewHandles) << "in " << times << " cycles";
  EXPECT_LE(after.threads, before.threads + 1) << "in " << times << " cycles";
  EXPECT_LE(after.next_tls, before.next_tls + 1) << "in " << times << " cycles";
}

TEST_F(Lifetime, LoadingWithoutASession) {
  // A copy under another name: this program itself is linked to the library.
  const fs::path copy = fs::path(file()).replace_filename("loaded.dll");
  fs::copy_file(own_directory() / "ntmsapi.dll", copy);
  expect_no_growth(1000, [&] {
    const HMODULE library = LoadLibraryW(copy.c_str());
    ASSERT_NE(library, nullptr) << GetLastError();
    FreeLibrary(library);
  });
}

TEST_F(Lifetime, LoadingWithASession) {
  const fs::path copy = fs::path(file()).replace_filename("loaded.dll");
  fs::copy_file(own_directory() / "ntmsapi.dll", copy);
  expect_no_growth(10 * cycles(), [&] {
    const HMODULE library = LoadLibraryW(copy.c_str());
    ASSERT_NE(library, nullptr) << GetLastError();
    const auto open = reinterpret_cast<decltype(OpenNtmsSessionW)*>(
        reinterpret_cast<void*>(GetProcAddress(library, "OpenNtmsSessionW")));
    const auto close = reinterpret_cast<decltype(CloseNtmsSession)*>(
        reinterpret_cast<void*>(GetProcAddress(library, "CloseNtmsSession")));
    const HANDLE session = open(nullptr, nullptr, 0);
    ASSERT_NE(session, INVALID_HANDLE_VALUE) << GetLastError();
    ASSERT_EQ(close(session), static_cast<DWORD>(ERROR_SUCCESS));
    FreeLibrary(library);
  });
}

}  // namespace
