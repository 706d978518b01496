// SPDX-License-Identifier: MIT
// The layouts are those of the open specification of Windows data types (security descriptors, SIDs
// and access control lists in memory).
#include "security_attributes.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace ntms::abi {
namespace {

using Bytes = const std::uint8_t*;

constexpr std::uint16_t kDaclPresent = 0x0004;
constexpr std::uint16_t kSaclPresent = 0x0010;
constexpr std::uint16_t kSelfRelative = 0x8000;
constexpr std::uint8_t kMostSubAuthorities = 15;

// The beginning of a descriptor; four offsets (self-relative) or pointers (absolute) follow.
struct Header {
  std::uint8_t revision;
  std::uint8_t reserved;
  std::uint16_t control;
};

template <class T>
T value_at(Bytes bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

// A null pointer is a part that is not there.
bool is_sid(Bytes sid) {
  return sid == nullptr || (sid[0] == 1 && sid[1] <= kMostSubAuthorities);
}

bool is_acl(Bytes acl) {
  if (acl == nullptr) return true;
  constexpr std::size_t kAclHeader = 8;
  constexpr std::size_t kAceHeader = 4;
  const std::uint8_t revision = acl[0];
  const auto size = value_at<std::uint16_t>(acl + 2);
  const auto count = value_at<std::uint16_t>(acl + 4);
  if (revision < 2 || revision > 4 || size < kAclHeader) return false;
  std::size_t at = kAclHeader;
  for (std::uint16_t i = 0; i < count; ++i) {
    if (at + kAceHeader > size) return false;
    const auto ace = value_at<std::uint16_t>(acl + at + 2);
    if (ace < kAceHeader || ace % 4 != 0 || at + ace > size) return false;
    at += ace;
  }
  return true;
}

// Owner, group, SACL and DACL.
using Parts = std::array<Bytes, 4>;

Parts parts_of(Bytes descriptor, std::uint16_t control) {
  Parts parts{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if ((control & kSelfRelative) != 0) {
      const auto offset = value_at<std::uint32_t>(descriptor + sizeof(Header) + i * 4);
      parts[i] = offset == 0 ? nullptr : descriptor + offset;
    } else {
      // Pointers are aligned: there is a gap behind the header where they have 8 bytes.
      parts[i] = value_at<Bytes>(descriptor + sizeof(void*) * (i + 1));
    }
  }
  return parts;
}

bool is_descriptor(Bytes descriptor) {
  const auto header = value_at<Header>(descriptor);
  if (header.revision != 1) return false;
  const Parts parts = parts_of(descriptor, header.control);
  return is_sid(parts[0]) && is_sid(parts[1]) &&
         ((header.control & kSaclPresent) == 0 || is_acl(parts[2])) &&
         ((header.control & kDaclPresent) == 0 || is_acl(parts[3]));
}

}  // namespace

Result<void> check_security_attributes(const SECURITY_ATTRIBUTES* attributes) {
  if (attributes == nullptr) return {};
  if (attributes->nLength != sizeof(SECURITY_ATTRIBUTES)) {
    return fail(ERROR_INVALID_PARAMETER, "the security attributes have another size");
  }
  const void* descriptor = attributes->lpSecurityDescriptor;
  if (descriptor != nullptr && !is_descriptor(static_cast<Bytes>(descriptor))) {
    return fail(ERROR_INVALID_PARAMETER, "the security descriptor is not valid");
  }
  return {};
}

}  // namespace ntms::abi
