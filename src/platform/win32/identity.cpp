// SPDX-License-Identifier: MIT
// Identities from access tokens.
#include "platform/identity.h"

#include <aclapi.h>

#include <array>
#include <cstring>

#include "platform/win32/handle.h"
#include "platform/win32/security.h"
#include "platform/win32/wide.h"

namespace ntms::platform {
namespace {

// The token that the calling thread acts with. None when it has one that cannot be opened: then the
// process's own must not take its place.
Handle token_of_caller(DWORD access) {
  HANDLE token = nullptr;
  if (OpenThreadToken(GetCurrentThread(), access, TRUE, &token)) return Handle(token);
  if (GetLastError() == ERROR_NO_TOKEN && OpenProcessToken(GetCurrentProcess(), access, &token)) {
    return Handle(token);
  }
  return {};
}

// The information of a class that a token has; empty when it does not tell.
std::vector<unsigned char> information(HANDLE token, TOKEN_INFORMATION_CLASS kind) {
  DWORD size = 0;
  GetTokenInformation(token, kind, nullptr, 0, &size);
  std::vector<unsigned char> data(size);
  if (size == 0 || !GetTokenInformation(token, kind, data.data(), size, &size)) return {};
  return data;
}

Sid sid_of(PSID sid) {
  if (sid == nullptr || !IsValidSid(sid)) return {};
  const auto* bytes = static_cast<const std::uint8_t*>(sid);
  return {bytes, bytes + GetLengthSid(sid)};
}

bool has_privilege(const std::vector<unsigned char>& data, const wchar_t* name) {
  LUID wanted{};
  if (data.empty() || !LookupPrivilegeValueW(nullptr, name, &wanted)) return false;
  const auto* all = reinterpret_cast<const TOKEN_PRIVILEGES*>(data.data());
  for (DWORD i = 0; i < all->PrivilegeCount; ++i) {
    const LUID_AND_ATTRIBUTES& one = all->Privileges[i];
    if (one.Luid.LowPart == wanted.LowPart && one.Luid.HighPart == wanted.HighPart) {
      return (one.Attributes & SE_PRIVILEGE_ENABLED) != 0;
    }
  }
  return false;
}

bool is_member(HANDLE token, const Sid& group) {
  BOOL member = FALSE;
  // Only enabled groups count: an administrator whose rights are not elevated is a user.
  return CheckTokenMembership(token, const_cast<std::uint8_t*>(group.data()), &member) && member;
}

bool owns(const Sid& user, const std::filesystem::path& directory) {
  std::wstring name = system_name(directory);
  PSID owner = nullptr;
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (user.empty() ||
      GetNamedSecurityInfoW(name.data(), SE_FILE_OBJECT, OWNER_SECURITY_INFORMATION, &owner,
                            nullptr, nullptr, nullptr, &descriptor) != ERROR_SUCCESS) {
    return false;
  }
  const LocalMemory<void> owned(descriptor);
  return owner != nullptr && EqualSid(owner, const_cast<std::uint8_t*>(user.data()));
}

}  // namespace

IdentityKey caller_key() {
  const Handle token = token_of_caller(TOKEN_QUERY);
  if (!token) return {};
  TOKEN_STATISTICS statistics{};
  DWORD size = 0;
  if (!GetTokenInformation(token.get(), TokenStatistics, &statistics, sizeof statistics, &size)) {
    return {};
  }
  IdentityKey key(sizeof statistics.TokenId + sizeof statistics.ModifiedId);
  std::memcpy(key.data(), &statistics.TokenId, sizeof statistics.TokenId);
  std::memcpy(key.data() + sizeof statistics.TokenId, &statistics.ModifiedId,
              sizeof statistics.ModifiedId);
  return key;
}

Identity caller_identity(const std::filesystem::path& data_directory) {
  Identity identity;
  const Handle token = token_of_caller(TOKEN_QUERY | TOKEN_DUPLICATE);
  HANDLE checked = nullptr;  // access checks take tokens for impersonation only
  if (!token || !DuplicateToken(token.get(), SecurityIdentification, &checked)) return identity;
  identity.token = std::shared_ptr<void>(checked, [](HANDLE handle) { CloseHandle(handle); });

  const auto user = information(token.get(), TokenUser);
  if (!user.empty()) {
    identity.user = sid_of(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid);
    identity.sids.push_back(identity.user);
  }
  const auto group = information(token.get(), TokenPrimaryGroup);
  if (!group.empty()) {
    identity.group =
        sid_of(reinterpret_cast<const TOKEN_PRIMARY_GROUP*>(group.data())->PrimaryGroup);
  }
  const auto groups = information(token.get(), TokenGroups);
  if (!groups.empty()) {
    const auto* all = reinterpret_cast<const TOKEN_GROUPS*>(groups.data());
    for (DWORD i = 0; i < all->GroupCount; ++i) {
      if ((all->Groups[i].Attributes & SE_GROUP_ENABLED) != 0) {
        identity.sids.push_back(sid_of(all->Groups[i].Sid));
      }
    }
  }
  const auto privileges = information(token.get(), TokenPrivileges);
  identity.may_audit = has_privilege(privileges, L"SeSecurityPrivilege");
  identity.may_take_ownership = has_privilege(privileges, L"SeTakeOwnershipPrivilege");
  identity.is_administrator = is_member(checked, administrators()) ||
                              is_member(checked, local_system()) ||
                              owns(identity.user, data_directory);
  return identity;
}

std::optional<bool> system_access_check(const Identity& identity,
                                        std::span<const std::uint8_t> descriptor,
                                        std::uint32_t rights) {
  if (!identity.token) return std::nullopt;
  GENERIC_MAPPING mapping{};  // no generic rights are left
  alignas(PRIVILEGE_SET) std::array<unsigned char, 256> privileges{};
  DWORD size = static_cast<DWORD>(privileges.size());
  DWORD granted = 0;
  BOOL passed = FALSE;
  return AccessCheck(const_cast<std::uint8_t*>(descriptor.data()), identity.token.get(), rights,
                     &mapping, reinterpret_cast<PRIVILEGE_SET*>(privileges.data()), &size, &granted,
                     &passed) &&
         passed;
}

}  // namespace ntms::platform
