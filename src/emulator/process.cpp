// SPDX-License-Identifier: MIT
#include "emulator/process.h"

#ifdef _WIN32
#ifndef NOMINMAX
#define NOMINMAX
#endif
#include <windows.h>
#else
#include <signal.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#endif

namespace ntms::emulator {

#ifdef _WIN32

namespace {

std::int64_t start_of(HANDLE process) {
  FILETIME created{}, exited{}, kernel{}, user{};
  if (!GetProcessTimes(process, &created, &exited, &kernel, &user)) return 0;
  return static_cast<std::int64_t>(created.dwHighDateTime) << 32 | created.dwLowDateTime;
}

}  // namespace

ProcessId this_process() {
  return {static_cast<std::int64_t>(GetCurrentProcessId()), start_of(GetCurrentProcess())};
}

bool is_alive(const ProcessId& process) {
  HANDLE handle = OpenProcess(SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE,
                              static_cast<DWORD>(process.number));
  // A process that exists but may not be looked at is alive.
  if (handle == nullptr) return GetLastError() == ERROR_ACCESS_DENIED;
  const bool running = WaitForSingleObject(handle, 0) == WAIT_TIMEOUT;
  const bool same = start_of(handle) == process.start;
  CloseHandle(handle);
  return running && same;
}

#else

namespace {

struct Status {
  bool known = false;
  char state = '?';
  std::int64_t start = 0;
};

// State and start time from /proc/<pid>/stat, where there is one. The second field is the name of
// the program in parentheses, which may itself contain spaces and parentheses.
Status status_of(std::int64_t number) {
  std::ifstream file("/proc/" + std::to_string(number) + "/stat");
  const std::string line{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(line.substr(name_end + 1));
  Status status;
  fields >> status.state;
  std::string skipped;
  constexpr int kFieldsBetween = 18;  // fields 4 to 21; the start time is field 22
  for (int i = 0; i < kFieldsBetween; ++i) fields >> skipped;
  fields >> status.start;
  status.known = !fields.fail();
  return status;
}

}  // namespace

ProcessId this_process() {
  const auto number = static_cast<std::int64_t>(::getpid());
  return {number, status_of(number).start};
}

bool is_alive(const ProcessId& process) {
  const Status status = status_of(process.number);
  if (status.known) {
    return status.state != 'Z' && status.state != 'X' && status.start == process.start;
  }
  return ::kill(static_cast<pid_t>(process.number), 0) == 0 || errno == EPERM;
}

#endif

}  // namespace ntms::emulator
