// SPDX-License-Identifier: MIT
// The functions about the destinations of user interface messages (functions-session 12 and 13).
#include "server/ui_options.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "boundary.h"
#include "export.h"
#include "platform/text.h"

namespace {

using ntms::fail;
using ntms::Guid;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::server::UiOptions;

constexpr std::size_t kLongestName = NTMS_COMPUTERNAME_LENGTH - 1;
constexpr std::size_t kLongestGiven = kLongestName + 2;  // with "\\" before it

std::optional<Guid> to_object(const NTMS_GUID* id) {
  if (id == nullptr) return std::nullopt;
  return ntms::abi::to_guid(*id);
}

// What differs between the character sets: the elements of a string, of the caller and of ours.
struct Wide {
  using Character = WCHAR;
  using Text = std::u16string;
  static std::size_t bounded_length(const WCHAR* text) {
    return ntms::platform::bounded_length(reinterpret_cast<const char16_t*>(text),
                                          kLongestGiven + 1);
  }
  static std::string to_utf8(const WCHAR* text, std::size_t length) {
    return ntms::platform::to_utf8({reinterpret_cast<const char16_t*>(text), length});
  }
  static Text from_utf8(const std::string& text) { return ntms::platform::to_utf16(text); }
};

struct Ansi {
  using Character = char;
  using Text = std::string;
  static std::size_t bounded_length(const char* text) {
    return ntms::platform::bounded_length(text, kLongestGiven + 1);
  }
  static std::string to_utf8(const char* text, std::size_t length) {
    return ntms::platform::from_ansi(text, length);
  }
  static Text from_utf8(const std::string& text) { return ntms::platform::to_ansi(text); }
};

// The names one after the other, each with its NUL, and one more NUL at the end.
template <class Charset>
typename Charset::Text multi_string(const std::vector<std::string>& names) {
  typename Charset::Text all;
  for (const std::string& name : names) {
    all += Charset::from_utf8(name);
    all += typename Charset::Text::value_type{};
  }
  all += typename Charset::Text::value_type{};
  return all;
}

template <class Charset>
DWORD get(HANDLE session, const char* name, const NTMS_GUID* object, DWORD type,
          typename Charset::Character* destinations, DWORD* size) noexcept {
  return ntms::abi::run(session, name, [&](Call& call) -> Result<void> {
    if (size == nullptr) return missing("lpdwBufSize");
    if (destinations == nullptr) return missing("lpszDestination");
    const auto names = UiOptions(call.database, call.session).get(to_object(object), type);
    if (!names) return names.error();
    if (names->empty()) {
      if (*size >= 2) std::fill_n(destinations, 2, typename Charset::Character{});
      *size = 0;
      return {};
    }
    const auto all = multi_string<Charset>(*names);
    Result<void> result;
    if (*size < all.size()) {
      result = fail(ERROR_INSUFFICIENT_BUFFER, "the buffer has no room for all names");
    } else {
      std::copy(all.begin(), all.end(), destinations);
    }
    *size = static_cast<DWORD>(all.size());
    return result;
  });
}

// The name of a computer that the caller gave. Error: ERROR_INVALID_PARAMETER when it is too long.
template <class Charset>
Result<std::string> name_of(const typename Charset::Character* given) {
  const std::size_t length = Charset::bounded_length(given);
  const bool prefixed = length >= 2 && given[0] == '\\' && given[1] == '\\';
  if (length > (prefixed ? kLongestGiven : kLongestName)) {
    return fail(ERROR_INVALID_PARAMETER, "the name has more than 63 characters");
  }
  return Charset::to_utf8(given, length);
}

template <class Charset>
DWORD set(HANDLE session, const char* name, const NTMS_GUID* object, DWORD type, DWORD operation,
          const typename Charset::Character* destination) noexcept {
  return ntms::abi::run(session, name, [&](Call& call) -> Result<void> {
    std::string computer;
    if (operation != NTMS_UIDEST_DELETEALL) {
      if (destination == nullptr) return missing("lpszDestination");
      auto given = name_of<Charset>(destination);
      if (!given) return given.error();
      computer = *std::move(given);
    }
    return UiOptions(call.database, call.session).set(to_object(object), type, operation, computer);
  });
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI GetNtmsUIOptionsA(HANDLE hSession, const LPNTMS_GUID lpObjectId,
                                           DWORD dwType, LPSTR lpszDestination,
                                           LPDWORD lpdwBufSize) {
  return get<Ansi>(hSession, "GetNtmsUIOptionsA", lpObjectId, dwType, lpszDestination, lpdwBufSize);
}

NTMS_EXPORT DWORD WINAPI GetNtmsUIOptionsW(HANDLE hSession, const LPNTMS_GUID lpObjectId,
                                           DWORD dwType, LPWSTR lpszDestination,
                                           LPDWORD lpdwBufSize) {
  return get<Wide>(hSession, "GetNtmsUIOptionsW", lpObjectId, dwType, lpszDestination, lpdwBufSize);
}

NTMS_EXPORT DWORD WINAPI SetNtmsUIOptionsA(HANDLE hSession, const LPNTMS_GUID lpObjectId,
                                           DWORD dwType, DWORD dwOperation,
                                           LPCSTR lpszDestination) {
  return set<Ansi>(hSession, "SetNtmsUIOptionsA", lpObjectId, dwType, dwOperation, lpszDestination);
}

NTMS_EXPORT DWORD WINAPI SetNtmsUIOptionsW(HANDLE hSession, const LPNTMS_GUID lpObjectId,
                                           DWORD dwType, DWORD dwOperation,
                                           LPCWSTR lpszDestination) {
  return set<Wide>(hSession, "SetNtmsUIOptionsW", lpObjectId, dwType, dwOperation, lpszDestination);
}

}  // extern "C"
