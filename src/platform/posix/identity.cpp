// SPDX-License-Identifier: MIT
// Identities from user and group numbers.
#include "platform/identity.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace ntms::platform {
namespace {

// The groups of the caller; the first is the primary one.
std::vector<gid_t> groups_of_caller() {
  std::vector<gid_t> groups{getegid()};
  const int count = getgroups(0, nullptr);
  if (count <= 0) return groups;
  groups.resize(1 + static_cast<std::size_t>(count));
  const int filled = getgroups(count, groups.data() + 1);
  groups.resize(1 + static_cast<std::size_t>(std::max(filled, 0)));  // it grew: deny, do not guess
  return groups;
}

}  // namespace

IdentityKey caller_key() {
  const uid_t user = geteuid();
  const auto groups = groups_of_caller();
  IdentityKey key(sizeof user + groups.size() * sizeof(gid_t));
  std::memcpy(key.data(), &user, sizeof user);
  std::memcpy(key.data() + sizeof user, groups.data(), groups.size() * sizeof(gid_t));
  return key;
}

Identity caller_identity(const std::filesystem::path& data_directory) {
  const uid_t user = geteuid();
  const auto groups = groups_of_caller();
  struct stat directory {};
  const bool known = stat(data_directory.c_str(), &directory) == 0;

  Identity identity;
  identity.user = posix_user(user);
  identity.group = posix_group(groups.front());
  identity.is_administrator = user == 0 || (known && directory.st_uid == user);
  identity.may_audit = identity.may_take_ownership = user == 0;
  identity.sids = {identity.user, everyone(), authenticated_users()};
  for (const gid_t group : groups) identity.sids.push_back(posix_group(group));
  if (identity.is_administrator) identity.sids.push_back(administrators());
  if (known && std::find(groups.begin(), groups.end(), directory.st_gid) != groups.end()) {
    identity.sids.push_back(backup_operators());
  }
  return identity;
}

std::optional<bool> system_access_check(const Identity&, std::span<const std::uint8_t>,
                                        std::uint32_t) {
  return std::nullopt;
}

}  // namespace ntms::platform
