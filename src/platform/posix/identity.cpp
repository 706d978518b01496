// SPDX-License-Identifier: MIT
// Standing from user and group numbers.
#include "platform/identity.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <vector>

namespace ntms::platform {
namespace {

bool member_of(gid_t group) {
  if (getegid() == group) return true;
  const int count = getgroups(0, nullptr);
  if (count <= 0) return false;
  std::vector<gid_t> groups(static_cast<std::size_t>(count));
  const int filled = getgroups(count, groups.data());
  if (filled < 0) return false;  // the list grew meanwhile: deny rather than guess
  groups.resize(static_cast<std::size_t>(filled));
  return std::find(groups.begin(), groups.end(), group) != groups.end();
}

}  // namespace

Standing standing_of_caller(const std::filesystem::path& data_directory) {
  const uid_t caller = geteuid();
  if (caller == 0) return Standing::administrator;
  struct stat directory {};
  if (stat(data_directory.c_str(), &directory) != 0) return Standing::user;
  if (directory.st_uid == caller) return Standing::administrator;
  return member_of(directory.st_gid) ? Standing::operator_ : Standing::user;
}

}  // namespace ntms::platform
