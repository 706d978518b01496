// SPDX-License-Identifier: MIT
// Identifiers and texts of the C ABI as C++ values.
#pragma once

#include <ntmsapi.h>

#include <cstring>
#include <iosfwd>
#include <string>
#include <string_view>

namespace ntms::conformance {

// The identifier of an object as a value.
struct Id {
  NTMS_GUID guid{};

  Id() = default;
  Id(const NTMS_GUID& value) : guid(value) {}  // NOLINT(google-explicit-constructor)

  // What the functions take. They promise not to write through it where it is an input.
  LPNTMS_GUID get() const { return const_cast<LPNTMS_GUID>(&guid); }
  bool is_null() const { return *this == Id{}; }
  std::string hex() const;  // 32 upper-case digits in memory order, as in the database
  friend bool operator==(const Id& a, const Id& b) {
    return std::memcmp(&a.guid, &b.guid, sizeof a.guid) == 0;
  }
  friend bool operator<(const Id& a, const Id& b) {
    return std::memcmp(&a.guid, &b.guid, sizeof a.guid) < 0;
  }
};
void PrintTo(const Id& id, std::ostream* out);

// The reverse of Id::hex(); the null id when the text is none.
Id parse_id(std::string_view hex);

// An identifier that no object has.
Id stranger();

// Text of a structure as UTF-8. Only ASCII and the Basic Multilingual Plane occur here.
std::string text(const WCHAR* characters);

}  // namespace ntms::conformance
