// SPDX-License-Identifier: MIT
// Who the calling thread acts for, as SIDs: what access is checked against (security 4).
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "platform/sid.h"

namespace ntms::platform {

// One identity. A value: never changes once it has been found out.
struct Identity {
  Sid user;               // the owner of what is created
  Sid group;              // likewise
  std::vector<Sid> sids;  // all that entries of access control lists are compared with
  bool is_administrator = false;
  bool may_audit = false;           // the privilege to read and set SACLs (SE_SECURITY_NAME)
  bool may_take_ownership = false;  // the privilege to become owner (SE_TAKE_OWNERSHIP_NAME)
  std::shared_ptr<void> token;      // Windows: what the system's own access check takes
};

// What tells the identities apart that the calling thread may have: equal while it acts for the
// same user and groups with the same privileges. Much cheaper than the identity. Any thread.
using IdentityKey = std::vector<std::uint8_t>;
IdentityKey caller_key();

// The identity of the calling thread. Any thread.
//   data_directory  whose owner is an administrator
//
// Linux: the effective user is S-1-22-1-<user id>, each of his groups S-1-22-2-<group id>;
// everybody is Everyone and Authenticated Users. Root and the owner of the data directory are
// BUILTIN\Administrators, members of the directory's group BUILTIN\Backup Operators. Root has the
// privileges. A directory that cannot be examined makes nobody but root more than a user.
//
// Windows: what the token says, of the thread when it impersonates and else of the process;
// administrators are also the system and the owner of the data directory. Only groups that are
// enabled count. A thread whose token cannot be read is nobody.
Identity caller_identity(const std::filesystem::path& data_directory);

// Whether the system's own access check grants all of `rights` (specific and standard ones) by a
// self-relative security descriptor with owner and group. Nothing where the system has none
// (Linux) or the identity has no token.
std::optional<bool> system_access_check(const Identity& identity,
                                        std::span<const std::uint8_t> descriptor,
                                        std::uint32_t rights);

}  // namespace ntms::platform
