// SPDX-License-Identifier: MIT
#include "security/rights.h"

#include <algorithm>
#include <iterator>

namespace ntms::security {
namespace {

constexpr std::uint32_t kOwnersRights = READ_CONTROL | WRITE_DAC;

bool equal(ByteView a, ByteView b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

bool is_one_of(ByteView sid, const platform::Identity& identity) {
  return std::any_of(identity.sids.begin(), identity.sids.end(),
                     [&](const platform::Sid& own) { return equal(sid, own); });
}

// The standard evaluation of a DACL.
bool evaluate(const Descriptor& descriptor, const platform::Identity& identity,
              std::uint32_t rights) {
  if (descriptor.dacl.empty()) return true;  // none, or NULL
  std::uint32_t missing = rights;
  if (!descriptor.owner.empty() && is_one_of(descriptor.owner, identity)) missing &= ~kOwnersRights;
  if (identity.may_take_ownership) missing &= ~std::uint32_t{WRITE_OWNER};
  if (missing == 0) return true;
  bool granted = false;
  for_each_entry(descriptor.dacl, [&](const Entry& entry) {
    if (entry.type > kAccessDenied || (entry.flags & kInheritOnly) != 0) return true;
    if ((entry.mask & missing) == 0 || !is_one_of(entry.sid, identity)) return true;
    if (entry.type == kAccessDenied) return false;
    missing &= ~entry.mask;
    granted = missing == 0;
    return !granted;
  });
  return granted;
}

// A list with generic rights replaced.
std::vector<std::uint8_t> mapped(ByteView acl) {
  std::vector<std::uint8_t> bytes(acl.begin(), acl.end());
  map_masks(bytes, &map_generic);
  return bytes;
}

std::uint16_t combined(std::uint16_t to, std::uint16_t from, std::uint16_t bits) {
  return static_cast<std::uint16_t>((to & ~bits) | (from & bits));
}

// SECURITY_INFORMATION of the parts that a descriptor has.
std::uint32_t parts_of(const Descriptor& descriptor) {
  std::uint32_t parts = 0;
  if (!descriptor.owner.empty()) parts |= OWNER_SECURITY_INFORMATION;
  if (!descriptor.group.empty()) parts |= GROUP_SECURITY_INFORMATION;
  if (descriptor.has_dacl()) parts |= DACL_SECURITY_INFORMATION;
  if (descriptor.has_sacl()) parts |= SACL_SECURITY_INFORMATION;
  return parts;
}

}  // namespace

std::uint32_t map_generic(std::uint32_t mask) {
  std::uint32_t mapped = mask & 0x0FFFFFFF;
  if ((mask & GENERIC_READ) != 0) mapped |= NTMS_USE_ACCESS | READ_CONTROL;
  if ((mask & GENERIC_WRITE) != 0) mapped |= NTMS_USE_ACCESS | NTMS_MODIFY_ACCESS | WRITE_DAC;
  if ((mask & (GENERIC_EXECUTE | GENERIC_ALL)) != 0) mapped |= kFullAccess;
  return mapped;
}

const StoredDescriptor& default_descriptor() {
  static const StoredDescriptor& descriptor = *new StoredDescriptor([] {
    constexpr std::uint32_t kOperate =
        NTMS_USE_ACCESS | NTMS_MODIFY_ACCESS | NTMS_CONTROL_ACCESS | READ_CONTROL;
    const platform::Sid owner = platform::administrators();
    const platform::Sid group = platform::local_system();
    AclBuilder acl;
    acl.allow(kFullAccess, owner);
    acl.allow(kFullAccess, group);
    acl.allow(kOperate, platform::backup_operators());
    acl.allow(NTMS_USE_ACCESS | READ_CONTROL, platform::authenticated_users());
    const auto dacl = acl.take();
    return build(
        {.control = kDaclPresent, .owner = owner, .group = group, .sacl = {}, .dacl = *dacl});
  }());
  return descriptor;
}

Result<StoredDescriptor> new_pool_descriptor(const platform::Identity& creator,
                                             const std::optional<Descriptor>& parent,
                                             const std::optional<Descriptor>& given) {
  AclBuilder acl;
  if (parent) acl.add_all(parent->dacl);
  if (!creator.user.empty()) acl.allow(kFullAccess, creator.user);
  acl.allow(kFullAccess, platform::local_system());
  const auto dacl = acl.take();
  if (!dacl) return dacl.error();

  // Nobody in particular: an identity that cannot be found out.
  const platform::Sid nobody = platform::administrators();
  const Descriptor defaults{.control = kDaclPresent,
                            .owner = creator.user.empty() ? nobody : creator.user,
                            .group = creator.group.empty() ? nobody : creator.group,
                            .sacl = {},
                            .dacl = *dacl};
  if (!given) return build(defaults);
  const std::uint32_t parts = parts_of(*given);
  if (auto allowed = check_given(creator, *given, parts); !allowed) return allowed.error();
  return merged(defaults, *given, parts);
}

StoredDescriptor merged(const Descriptor& stored, const Descriptor& from,
                        std::uint32_t information) {
  const auto dacl = mapped(from.dacl);
  const auto sacl = mapped(from.sacl);
  Descriptor result = stored;
  if ((information & OWNER_SECURITY_INFORMATION) != 0) result.owner = from.owner;
  if ((information & GROUP_SECURITY_INFORMATION) != 0) result.group = from.group;
  if ((information & DACL_SECURITY_INFORMATION) != 0) {
    result.dacl = dacl;
    result.control = combined(result.control, from.control, kDaclControl);
  }
  if ((information & SACL_SECURITY_INFORMATION) != 0) {
    result.sacl = sacl;
    result.control = combined(result.control, from.control, kSaclControl);
  }
  return build(result);
}

Descriptor selected(const Descriptor& stored, std::uint32_t information) {
  Descriptor result;
  if ((information & OWNER_SECURITY_INFORMATION) != 0) result.owner = stored.owner;
  if ((information & GROUP_SECURITY_INFORMATION) != 0) result.group = stored.group;
  if ((information & DACL_SECURITY_INFORMATION) != 0) {
    result.dacl = stored.dacl;
    result.control = combined(result.control, stored.control, kDaclControl);
  }
  if ((information & SACL_SECURITY_INFORMATION) != 0) {
    result.sacl = stored.sacl;
    result.control = combined(result.control, stored.control, kSaclControl);
  }
  return result;
}

Result<void> check_given(const platform::Identity& identity, const Descriptor& given,
                         std::uint32_t information) {
  if ((information & SACL_SECURITY_INFORMATION) != 0 && !identity.may_audit) {
    return fail(ERROR_ACCESS_DENIED, "a SACL takes the privilege to manage auditing");
  }
  if ((information & OWNER_SECURITY_INFORMATION) != 0 && !identity.is_administrator &&
      !equal(given.owner, identity.user)) {
    return fail(ERROR_ACCESS_DENIED, "only administrators make somebody else the owner");
  }
  return {};
}

bool is_granted(ByteView descriptor, const platform::Identity& identity, std::uint32_t rights) {
  if (identity.is_administrator) return true;
  const auto parts = parse(descriptor);
  if (!parts) return false;
  if (const auto answer = platform::system_access_check(identity, descriptor, rights)) {
    return *answer;
  }
  return evaluate(*parts, identity, rights);
}

}  // namespace ntms::security
