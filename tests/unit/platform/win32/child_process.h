// SPDX-License-Identifier: MIT
// A second process that runs one test of this program, in the suite Child, and takes turns with the
// test through two events.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

#include "base/guid.h"
#include "platform/system.h"
#include "platform/win32/handle.h"
#include "platform/win32/wide.h"

namespace ntms::platform::test {

// How the child finds its events and its argument. Unset in the program that starts it.
inline constexpr wchar_t kEventsVariable[] = L"NTMS_TEST_EVENTS";
inline constexpr wchar_t kArgumentVariable[] = L"NTMS_TEST_ARGUMENT";
inline constexpr DWORD kPatience = 20000;  // milliseconds

class ChildProcess {
 public:
  // Starts the test Child.`name` with an argument.
  ChildProcess(const std::wstring& name, const std::wstring& argument) {
    const std::wstring events = L"ntms-test-" + to_wide(Guid::make().to_string());
    ready_ = Handle(CreateEventW(nullptr, FALSE, FALSE, (events + L"-ready").c_str()));
    go_ = Handle(CreateEventW(nullptr, FALSE, FALSE, (events + L"-go").c_str()));
    wchar_t program[MAX_PATH] = {};
    GetModuleFileNameW(nullptr, program, MAX_PATH);
    std::wstring line = L"\"" + std::wstring(program) + L"\" --gtest_filter=Child." + name;
    SetEnvironmentVariableW(kEventsVariable, events.c_str());
    SetEnvironmentVariableW(kArgumentVariable, argument.c_str());
    STARTUPINFOW startup{};
    startup.cb = sizeof startup;
    PROCESS_INFORMATION started{};
    const bool done = CreateProcessW(program, line.data(), nullptr, nullptr, FALSE, 0, nullptr,
                                     nullptr, &startup, &started) != 0;
    SetEnvironmentVariableW(kEventsVariable, nullptr);
    SetEnvironmentVariableW(kArgumentVariable, nullptr);
    if (!done) throw std::runtime_error("no process");
    CloseHandle(started.hThread);
    process_ = Handle(started.hProcess);
    pid_ = started.dwProcessId;
  }
  ~ChildProcess() { kill(); }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  // Waits until the child gives the turn; false when it ends or needs too long.
  bool await() const {
    const HANDLE both[] = {ready_.get(), process_.get()};
    return WaitForMultipleObjects(2, both, FALSE, kPatience) == WAIT_OBJECT_0;
  }
  void give() const { SetEvent(go_.get()); }
  DWORD pid() const { return pid_; }

  // The exit status; -1 when the child does not end.
  int wait() const {
    DWORD status = 0;
    if (WaitForSingleObject(process_.get(), kPatience) != WAIT_OBJECT_0) return -1;
    return GetExitCodeProcess(process_.get(), &status) ? static_cast<int>(status) : -1;
  }

  void kill() const {
    TerminateProcess(process_.get(), 9);
    WaitForSingleObject(process_.get(), kPatience);
  }

 private:
  Handle ready_;
  Handle go_;
  Handle process_;
  DWORD pid_ = 0;
};

// The child's side. Not valid in the program that starts it.
class Turn {
 public:
  Turn() {
    const auto events = environment("NTMS_TEST_EVENTS");
    if (!events) return;
    ready_ = Handle(OpenEventW(EVENT_MODIFY_STATE, FALSE, to_wide(*events + "-ready").c_str()));
    go_ = Handle(OpenEventW(SYNCHRONIZE, FALSE, to_wide(*events + "-go").c_str()));
  }

  explicit operator bool() const { return ready_ && go_; }
  std::string argument() const { return environment("NTMS_TEST_ARGUMENT").value_or(""); }
  void give() const { SetEvent(ready_.get()); }
  bool await() const { return WaitForSingleObject(go_.get(), kPatience) == WAIT_OBJECT_0; }

 private:
  Handle ready_;
  Handle go_;
};

}  // namespace ntms::platform::test
