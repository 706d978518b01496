// SPDX-License-Identifier: MIT
// Who the calling process is, as far as the permissions on the data directory tell.
#pragma once

#include <filesystem>

namespace ntms::platform {

// What a caller may be taken for when rights are checked. Later values include the earlier ones.
enum class Standing {
  none,           // not identified (a remote caller without credentials)
  user,           // any local account
  operator_,      // a member of the data directory's group
  administrator,  // root, or the owner of the data directory
};

// On Windows administrators are the members of the group Administrators, the system, and the owner
// of the data directory; operators are the members of Backup Operators (security 5). Only groups
// that are enabled in the caller's token count.

// The standing of the calling process by its effective identity. A directory that cannot be
// examined makes nobody but root more than a user. Thread safe.
Standing standing_of_caller(const std::filesystem::path& data_directory);

}  // namespace ntms::platform
