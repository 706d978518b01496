// SPDX-License-Identifier: MIT
// The rights of Removable Storage, the descriptors that new objects get, and the access check
// (contract: security 2 to 5). Pure functions of descriptors and identities: any thread.
#pragma once

#include <ntmsapi.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "platform/identity.h"
#include "security/descriptor.h"

namespace ntms::security {

// "Full access": NTMS_USE_ACCESS, NTMS_MODIFY_ACCESS, NTMS_CONTROL_ACCESS, READ_CONTROL, WRITE_DAC.
inline constexpr std::uint32_t kFullAccess = 0x00060007;

// A mask with its generic rights replaced by what they stand for (security 3).
std::uint32_t map_generic(std::uint32_t mask);

// A self-relative descriptor with owner and group, without generic rights.
using StoredDescriptor = std::vector<std::uint8_t>;

// What guards an object that has no descriptor of its own: Administrators and Local System have
// full access, Backup Operators use, modify, control and read, every authenticated user uses and
// reads (security 5).
const StoredDescriptor& default_descriptor();

// The descriptor of a new application pool (security 5).
//   creator  who makes it
//   parent   the descriptor of the pool that it is in; nothing: it is at top level
//   given    what the caller gave, if anything; owner, group and DACL are added when it lacks them
// Errors: ERROR_INVALID_PARAMETER when the parent's list has no room for two more entries; those of
// check_given() for the parts that were given.
Result<StoredDescriptor> new_pool_descriptor(const platform::Identity& creator,
                                             const std::optional<Descriptor>& parent,
                                             const std::optional<Descriptor>& given);

// Whether somebody who may change them may set the parts named by `information` to these.
// Error: ERROR_ACCESS_DENIED for a SACL without the privilege to manage auditing, and for an owner
// other than the caller unless he is an administrator.
Result<void> check_given(const platform::Identity& identity, const Descriptor& given,
                         std::uint32_t information);

// A descriptor in which the parts named by `information` (SECURITY_INFORMATION) are those of
// `from`, with generic rights replaced, and the others those of `stored`.
StoredDescriptor merged(const Descriptor& stored, const Descriptor& from,
                        std::uint32_t information);

// The parts of a descriptor that `information` names.
Descriptor selected(const Descriptor& stored, std::uint32_t information);

// Whether a descriptor grants an identity all of `rights` (no generic ones). Administrators are
// always granted. Else the entries of the DACL decide in their order, the owner may read the
// descriptor and change the DACL, a missing or NULL DACL grants everything. A descriptor that is
// not well formed grants nothing.
bool is_granted(ByteView descriptor, const platform::Identity& identity, std::uint32_t rights);

}  // namespace ntms::security
