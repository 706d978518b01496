// SPDX-License-Identifier: MIT
// Standing from the groups in the caller's token.
#include "platform/identity.h"

#include <aclapi.h>

#include <array>

#include "platform/win32/security.h"
#include "platform/win32/wide.h"

namespace ntms::platform {
namespace {

bool member_of(WELL_KNOWN_SID_TYPE group) {
  std::array<unsigned char, SECURITY_MAX_SID_SIZE> sid{};
  DWORD size = static_cast<DWORD>(sid.size());
  BOOL member = FALSE;
  // Only enabled groups count: an administrator whose rights are not elevated is a user.
  return CreateWellKnownSid(group, nullptr, sid.data(), &size) &&
         CheckTokenMembership(nullptr, sid.data(), &member) && member;
}

bool owns(const std::filesystem::path& directory) {
  const auto user = token_user();
  std::wstring name = system_name(directory);
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (user.empty() ||
      GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner,
                            nullptr, nullptr, nullptr, &descriptor) != ERROR_SUCCESS) {
    return false;
  }
  const LocalMemory<void> owned(descriptor);
  return owner != nullptr &&
         EqualSid(owner, reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid);
}

}  // namespace

Standing standing_of_caller(const std::filesystem::path& data_directory) {
  if (member_of(WinBuiltinAdministratorsSid) || member_of(WinLocalSystemSid) ||
      owns(data_directory)) {
    return Standing::administrator;
  }
  return member_of(WinBuiltinBackupOperatorsSid) ? Standing::operator_ : Standing::user;
}

}  // namespace ntms::platform
