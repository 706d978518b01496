// SPDX-License-Identifier: MIT
#include "support/system.h"

#include <random>
#include <stdexcept>

#include "support/win32/wide.h"

// After <windows.h>, which it needs.
#include <tlhelp32.h>
#include <winternl.h>

namespace ntms::test {
namespace {

namespace fs = std::filesystem;

std::wstring own_program() {
  std::wstring name(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length = GetModuleFileNameW(nullptr, name.data(), static_cast<DWORD>(name.size()));
    if (length == 0) throw std::runtime_error("the program has no path");
    if (length < name.size()) return name.substr(0, length);
    name.resize(name.size() * 2);
  }
}

// The beginning of a process's start-up parameters, which the headers do not give whole.
struct StartParameters {
  ULONG sizes_and_flags[4];
  void* console;
  ULONG console_flags;
  void* standard_handles[3];
  UNICODE_STRING directory;
  void* directory_handle;
  UNICODE_STRING dll_path;
  UNICODE_STRING image_path;
  UNICODE_STRING command_line;
  void* environment;
};

// The environment of a process of the same bitness, "NAME=value" with a NUL after each; empty when
// it may not be looked at.
std::wstring environment_of(HANDLE process) {
  using Query = NTSTATUS(WINAPI*)(HANDLE, PROCESSINFOCLASS, PVOID, ULONG, PULONG);
  const HMODULE system = GetModuleHandleW(L"ntdll.dll");
  const auto query = reinterpret_cast<Query>(
      reinterpret_cast<void*>(GetProcAddress(system, "NtQueryInformationProcess")));
  PROCESS_BASIC_INFORMATION basic{};
  PEB peb{};
  StartParameters parameters{};
  MEMORY_BASIC_INFORMATION region{};
  if (query(process, ProcessBasicInformation, &basic, sizeof basic, nullptr) < 0 ||
      !ReadProcessMemory(process, basic.PebBaseAddress, &peb, sizeof peb, nullptr) ||
      !ReadProcessMemory(process, peb.ProcessParameters, &parameters, sizeof parameters, nullptr) ||
      VirtualQueryEx(process, parameters.environment, &region, sizeof region) == 0) {
    return {};
  }
  const auto* const begin = static_cast<const char*>(parameters.environment);
  const auto* const end = static_cast<const char*>(region.BaseAddress) + region.RegionSize;
  std::wstring text(static_cast<std::size_t>(end - begin) / sizeof(wchar_t), L'\0');
  if (!ReadProcessMemory(process, begin, text.data(), text.size() * sizeof(wchar_t), nullptr)) {
    return {};
  }
  return text;
}

}  // namespace

fs::path make_temporary_directory(const std::string& prefix) {
  constexpr int kAttempts = 100;
  std::random_device random;
  for (int i = 0; i < kAttempts; ++i) {
    const fs::path path = fs::temp_directory_path() / (prefix + "-" + std::to_string(random()));
    if (fs::create_directory(path)) return path;
  }
  throw std::runtime_error("no temporary directory");
}

void set_environment(const std::string& name, const std::optional<std::string>& value) {
  // The C runtime's copy, which std::getenv reads, and the system's; an empty text removes it
  // there.
  _wputenv_s(to_wide(name).c_str(), value ? to_wide(*value).c_str() : L"");
  SetEnvironmentVariableW(to_wide(name).c_str(), value ? to_wide(*value).c_str() : nullptr);
}

std::vector<unsigned long> others_with_environment(const std::string& name,
                                                   const std::string& value) {
  using namespace std::literals;
  std::vector<unsigned long> result;
  const std::wstring wanted = to_wide(name + "=" + value) + L"\0"s;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPPROCESS, 0);
  if (snapshot == INVALID_HANDLE_VALUE) throw std::runtime_error("no list of processes");
  PROCESSENTRY32W entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Process32FirstW(snapshot, &entry); more;
       more = Process32NextW(snapshot, &entry)) {
    if (entry.th32ProcessID == GetCurrentProcessId()) continue;
    const HANDLE process = OpenProcess(PROCESS_QUERY_INFORMATION | PROCESS_VM_READ | SYNCHRONIZE,
                                       FALSE, entry.th32ProcessID);
    if (process == nullptr) continue;
    const bool alive = WaitForSingleObject(process, 0) == WAIT_TIMEOUT;
    if (alive && environment_of(process).find(wanted) != std::wstring::npos) {
      result.push_back(entry.th32ProcessID);
    }
    CloseHandle(process);
  }
  CloseHandle(snapshot);
  return result;
}

void kill_process(unsigned long id) {
  const HANDLE process = OpenProcess(PROCESS_TERMINATE, FALSE, id);
  if (process == nullptr) return;  // it has ended
  TerminateProcess(process, 9);
  CloseHandle(process);
}

std::string program_beside(const std::string& name) {
  return from_wide((fs::path(own_program()).parent_path() / to_wide(name + ".exe")).native());
}

void register_label_library(const std::filesystem::path& /*data_directory*/,
                            const std::string& name, const std::string& path) {
  const std::wstring key =
      L"SYSTEM\\CurrentControlSet\\Control\\NTMS\\OMID\\Tape\\" + to_wide(name);
  if (path.empty()) {
    RegDeleteKeyW(HKEY_LOCAL_MACHINE, key.c_str());
    return;
  }
  const std::wstring value = to_wide(path);
  if (RegSetKeyValueW(HKEY_LOCAL_MACHINE, key.c_str(), L"Path", REG_SZ, value.c_str(),
                      static_cast<DWORD>((value.size() + 1) * sizeof(wchar_t))) != ERROR_SUCCESS) {
    throw std::runtime_error("no registry key");
  }
}

std::string computer_name() {
  DWORD length = 0;
  GetComputerNameExW(ComputerNameDnsHostname, nullptr, &length);
  std::wstring name(length, L'\0');
  if (!GetComputerNameExW(ComputerNameDnsHostname, name.data(), &length)) {
    throw std::runtime_error("no name");
  }
  return from_wide(name.substr(0, length));
}

std::size_t own_threads() {
  std::size_t count = 0;
  const HANDLE snapshot = CreateToolhelp32Snapshot(TH32CS_SNAPTHREAD, 0);
  if (snapshot == INVALID_HANDLE_VALUE) throw std::runtime_error("no list of threads");
  THREADENTRY32 entry{};
  entry.dwSize = sizeof entry;
  for (BOOL more = Thread32First(snapshot, &entry); more; more = Thread32Next(snapshot, &entry)) {
    if (entry.th32OwnerProcessID == GetCurrentProcessId()) ++count;
  }
  CloseHandle(snapshot);
  return count;
}

std::size_t own_handles() {
  DWORD count = 0;
  if (!GetProcessHandleCount(GetCurrentProcess(), &count)) throw std::runtime_error("no count");
  return count;
}

}  // namespace ntms::test
