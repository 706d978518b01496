// SPDX-License-Identifier: MIT
// The parts of system.h that only the operating system answers.
#include "platform/system.h"

#include <array>

#include "ntms/win32_types.h"
#include "platform/win32/wide.h"

namespace ntms::platform {

std::chrono::milliseconds monotonic() {
  return std::chrono::milliseconds{GetTickCount64()};  // counts while the machine sleeps
}

std::string boot_identity() {
  // Windows counts its starts here. The time of the start will not do: it moves with the clock.
  DWORD number = 0;
  DWORD size = sizeof number;
  if (RegGetValueW(HKEY_LOCAL_MACHINE,
                   L"SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Memory Management\\"
                   L"PrefetchParameters",
                   L"BootId", RRF_RT_REG_DWORD, nullptr, &number, &size) != ERROR_SUCCESS) {
    return {};
  }
  return "boot " + std::to_string(number);
}

std::string computer_name() {
  std::array<wchar_t, 256> name{};
  DWORD size = static_cast<DWORD>(name.size());
  if (!GetComputerNameExW(ComputerNameDnsHostname, name.data(), &size) || size == 0) {
    return "localhost";
  }
  return from_wide(std::wstring_view(name.data(), size));
}

std::string user_name() {
  std::array<wchar_t, 257> name{};  // UNLEN and the NUL
  DWORD size = static_cast<DWORD>(name.size());
  if (!GetUserNameW(name.data(), &size) || size <= 1) return "0";
  return from_wide(std::wstring_view(name.data(), size - 1));
}

std::uint32_t process_id() {
  return GetCurrentProcessId();
}

std::optional<std::string> environment(const char* name) {
  const std::wstring wide_name = to_wide(name);
  std::wstring value(256, L'\0');
  for (;;) {
    SetLastError(ERROR_SUCCESS);
    const DWORD length =
        GetEnvironmentVariableW(wide_name.c_str(), value.data(), static_cast<DWORD>(value.size()));
    if (length == 0 && GetLastError() == ERROR_ENVVAR_NOT_FOUND) return std::nullopt;
    if (length < value.size()) {
      value.resize(length);
      return from_wide(value);
    }
    value.resize(length);  // the room it needs, unless it grows meanwhile
  }
}

}  // namespace ntms::platform
