// SPDX-License-Identifier: MIT
// Session management (contract: functions-session 1 and 2).
#include <ntmsapi.h>

#include <algorithm>
#include <new>
#include <string>

#include "export.h"
#include "host/process.h"
#include "platform/system.h"
#include "platform/text.h"

namespace {

using ntms::Result;

constexpr std::size_t kLongestServerName = 255;
constexpr std::size_t kLongestApplication = 4096;  // what is looked at; 63 are kept

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(x) == lower(y);
  });
}

// Whether a server name means this computer. Errors: ERROR_INVALID_COMPUTERNAME for malformed
// names, ERROR_NOT_CONNECTED for other computers, which are not supported.
Result<void> check_server(std::string_view name) {
  if (name.empty()) return {};
  if (name.starts_with("\\\\")) name.remove_prefix(2);
  if (name.empty() || name.size() > kLongestServerName ||
      name.find_first_of("\"/\\[]:|<>+=;,? ") != std::string_view::npos) {
    return ntms::fail(ERROR_INVALID_COMPUTERNAME, "the server's name is malformed");
  }
  const std::string own = ntms::platform::computer_name();
  const std::string_view netbios = std::string_view(own).substr(0, own.find('.'));
  if (name == "." || same_name(name, "localhost") || same_name(name, own) ||
      same_name(name, netbios)) {
    return {};
  }
  return ntms::fail(ERROR_NOT_CONNECTED, "servers on other computers are not supported");
}

HANDLE open(const std::string& server, const std::string& application) {
  DWORD error = ERROR_SUCCESS;
  HANDLE handle = INVALID_HANDLE_VALUE;
  try {
    auto opened = [&]() -> Result<std::uintptr_t> {
      if (const auto local = check_server(server); !local) return local.error();
      return ntms::host::open_session(application);
    }();
    if (opened) {
      // A handle is a number, never a pointer that anybody follows.
      handle = reinterpret_cast<HANDLE>(*opened);  // NOLINT(performance-no-int-to-ptr)
    } else {
      error = opened.error().code;
    }
  } catch (const std::bad_alloc&) {
    error = ERROR_NOT_ENOUGH_MEMORY;
  } catch (const std::exception&) {
    error = ERROR_NOT_READY;  // the system refused a thread or a socket: the service is not there
  }
  SetLastError(error);
  return handle;
}

std::string from_wide(LPCWSTR text, std::size_t limit) {
  if (text == nullptr) return {};
  const auto* units = reinterpret_cast<const char16_t*>(text);
  return ntms::platform::to_utf8({units, ntms::platform::bounded_length(units, limit)});
}

std::string from_narrow(LPCSTR text, std::size_t limit) {
  if (text == nullptr) return {};
  return ntms::platform::from_ansi(text, ntms::platform::bounded_length(text, limit));
}

}  // namespace

extern "C" {

NTMS_EXPORT HANDLE WINAPI OpenNtmsSessionW(LPCWSTR lpServer, LPCWSTR lpApplication,
                                           DWORD /*dwOptions*/) {
  try {
    return open(from_wide(lpServer, kLongestServerName + 3),
                from_wide(lpApplication, kLongestApplication));
  } catch (const std::bad_alloc&) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return INVALID_HANDLE_VALUE;
  }
}

NTMS_EXPORT HANDLE WINAPI OpenNtmsSessionA(LPCSTR lpServer, LPCSTR lpApplication,
                                           DWORD /*dwOptions*/) {
  try {
    return open(from_narrow(lpServer, kLongestServerName + 3),
                from_narrow(lpApplication, kLongestApplication));
  } catch (const std::bad_alloc&) {
    SetLastError(ERROR_NOT_ENOUGH_MEMORY);
    return INVALID_HANDLE_VALUE;
  }
}

NTMS_EXPORT DWORD WINAPI CloseNtmsSession(HANDLE hSession) {
  try {
    const auto closed = ntms::host::close_session(reinterpret_cast<std::uintptr_t>(hSession));
    return closed ? ERROR_SUCCESS : closed.error().code;
  } catch (const std::exception&) {
    return ERROR_NOT_ENOUGH_MEMORY;
  }
}

}  // extern "C"
