// SPDX-License-Identifier: MIT
// Self-relative security descriptors as a caller of the C ABI builds and reads them.
#pragma once

#include <ntmsapi.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <vector>

namespace ntms::conformance {

using Bytes = std::vector<unsigned char>;

// S-1-<authority>-<sub-authorities...>
inline Bytes sid(unsigned char authority, std::initializer_list<DWORD> sub_authorities) {
  Bytes bytes(8 + sub_authorities.size() * sizeof(DWORD));
  bytes[0] = SID_REVISION;
  bytes[1] = static_cast<unsigned char>(sub_authorities.size());
  bytes[7] = authority;
  std::memcpy(bytes.data() + 8, sub_authorities.begin(), bytes.size() - 8);
  return bytes;
}
inline Bytes everyone() {
  return sid(1, {0});
}
inline Bytes authenticated_users() {
  return sid(5, {11});
}
inline Bytes local_system() {
  return sid(5, {18});
}
inline Bytes administrators() {
  return sid(5, {32, 544});
}
inline Bytes backup_operators() {
  return sid(5, {32, 551});
}
inline Bytes posix_user(DWORD id) {
  return sid(22, {1, id});
}
inline Bytes posix_group(DWORD id) {
  return sid(22, {2, id});
}

struct Ace {
  BYTE type = ACCESS_ALLOWED_ACE_TYPE;
  DWORD mask = 0;
  Bytes who;
  BYTE flags = 0;
  friend bool operator==(const Ace&, const Ace&) = default;
};
inline Ace allow(DWORD mask, const Bytes& who) {
  return {ACCESS_ALLOWED_ACE_TYPE, mask, who, 0};
}
inline Ace deny(DWORD mask, const Bytes& who) {
  return {ACCESS_DENIED_ACE_TYPE, mask, who, 0};
}

inline Bytes acl(const std::vector<Ace>& entries) {
  Bytes bytes(sizeof(ACL));
  for (const Ace& entry : entries) {
    ACCESS_ALLOWED_ACE head{};
    head.Header.AceType = entry.type;
    head.Header.AceFlags = entry.flags;
    head.Header.AceSize = static_cast<WORD>(8 + entry.who.size());
    head.Mask = entry.mask;
    const auto* raw = reinterpret_cast<const unsigned char*>(&head);
    bytes.insert(bytes.end(), raw, raw + 8);
    bytes.insert(bytes.end(), entry.who.begin(), entry.who.end());
  }
  ACL head{};
  head.AclRevision = ACL_REVISION;
  head.AclSize = static_cast<WORD>(bytes.size());
  head.AceCount = static_cast<WORD>(entries.size());
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}

// The parts of a descriptor; empty: not there.
struct Parts {
  Bytes owner;
  Bytes group;
  Bytes sacl;
  Bytes dacl;
  bool null_dacl = false;  // present, and NULL
};

inline Bytes descriptor(const Parts& parts) {
  SECURITY_DESCRIPTOR_RELATIVE head{};
  Bytes bytes(sizeof head);
  const auto add = [&](const Bytes& part) -> DWORD {
    if (part.empty()) return 0;
    const auto at = static_cast<DWORD>(bytes.size());
    bytes.insert(bytes.end(), part.begin(), part.end());
    return at;
  };
  head.Revision = SECURITY_DESCRIPTOR_REVISION;
  head.Control = SE_SELF_RELATIVE;
  if (!parts.dacl.empty() || parts.null_dacl) head.Control |= SE_DACL_PRESENT;
  if (!parts.sacl.empty()) head.Control |= SE_SACL_PRESENT;
  head.Owner = add(parts.owner);
  head.Group = add(parts.group);
  head.Sacl = add(parts.sacl);
  head.Dacl = add(parts.dacl);
  std::memcpy(bytes.data(), &head, sizeof head);
  return bytes;
}
inline Bytes descriptor(const std::vector<Ace>& dacl) {
  Parts parts;
  parts.dacl = acl(dacl);
  return descriptor(parts);
}
// One whose DACL is NULL: everybody may do everything.
inline Bytes open_descriptor() {
  Parts parts;
  parts.null_dacl = true;
  return descriptor(parts);
}

// The SID at an offset of a descriptor.
inline Bytes sid_at(const Bytes& bytes, DWORD offset) {
  if (offset == 0) return {};
  const std::size_t size = 8 + std::size_t{bytes.at(offset + 1)} * 4;
  return {bytes.begin() + offset, bytes.begin() + static_cast<std::ptrdiff_t>(offset + size)};
}
inline SECURITY_DESCRIPTOR_RELATIVE head_of(const Bytes& bytes) {
  SECURITY_DESCRIPTOR_RELATIVE head{};
  std::memcpy(&head, bytes.data(), std::min(sizeof head, bytes.size()));
  return head;
}
// The entries of the list at an offset of a descriptor.
inline std::vector<Ace> entries_at(const Bytes& bytes, DWORD offset) {
  std::vector<Ace> entries;
  if (offset == 0) return entries;
  ACL list{};
  std::memcpy(&list, &bytes.at(offset), sizeof list);
  std::size_t at = offset + sizeof list;
  for (WORD i = 0; i < list.AceCount; ++i) {
    ACCESS_ALLOWED_ACE entry{};
    std::memcpy(&entry, &bytes.at(at), 8);
    entries.push_back({entry.Header.AceType, entry.Mask, sid_at(bytes, static_cast<DWORD>(at + 8)),
                       entry.Header.AceFlags});
    at += entry.Header.AceSize;
  }
  return entries;
}

constexpr DWORD kFull = 0x00060007;  // contract: security 3
constexpr DWORD kU = NTMS_USE_ACCESS;
constexpr DWORD kM = NTMS_MODIFY_ACCESS;
constexpr DWORD kC = NTMS_CONTROL_ACCESS;

// What objects have that nobody has set (contract: security 5).
inline std::vector<Ace> default_entries() {
  return {allow(kFull, administrators()), allow(kFull, local_system()),
          allow(kU | kM | kC | READ_CONTROL, backup_operators()),
          allow(kU | READ_CONTROL, authenticated_users())};
}

}  // namespace ntms::conformance
