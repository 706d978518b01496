// SPDX-License-Identifier: MIT
// Security identifiers (SIDs): who somebody is, in the layout of Windows on every platform.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace ntms::platform {

// A SID as bytes: revision, number of sub-authorities, authority, sub-authorities.
using Sid = std::vector<std::uint8_t>;

// S-1-<authority>-<sub-authorities...>. At most 15 sub-authorities. Any thread.
Sid make_sid(std::uint64_t authority, std::initializer_list<std::uint32_t> sub_authorities);

inline Sid everyone() {
  return make_sid(1, {0});
}
inline Sid authenticated_users() {
  return make_sid(5, {11});
}
inline Sid local_system() {
  return make_sid(5, {18});
}
inline Sid administrators() {
  return make_sid(5, {32, 544});
}
inline Sid backup_operators() {
  return make_sid(5, {32, 551});
}

// Users and groups of POSIX systems, where Samba has them too.
inline Sid posix_user(std::uint32_t id) {
  return make_sid(22, {1, id});
}
inline Sid posix_group(std::uint32_t id) {
  return make_sid(22, {2, id});
}

}  // namespace ntms::platform
