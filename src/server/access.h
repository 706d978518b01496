// SPDX-License-Identifier: MIT
// Whether a session may do something (contract: security 4 to 7). What is asked for are rights to
// the object that guards what the call is about: a media pool, a library or the computer. Each
// check reads the guard's descriptor in the transaction of the call.
#pragma once

#include <cstdint>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "security/rights.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// The object that guards another one, or itself.
struct Guard {
  std::uint32_t type = 0;  // NTMS_MEDIA_POOL, NTMS_LIBRARY or NTMS_COMPUTER
  Guid id;                 // of the computer: null
};

// The guard of an object that exists (functions-objects 0). What should have a library and has
// none, as a mount of which nobody knows yet where, is guarded by the computer.
Guard guard_of(store::Reader& reader, std::uint32_t type, const Guid& id);

// The self-relative security descriptor of a guard; the default one when none is stored.
security::StoredDescriptor descriptor_of(store::Reader& reader, const Guard& guard);

// Stores the descriptor of a guard. Tells nobody.
void store_descriptor(store::Writer& writer, const Guard& guard,
                      const security::StoredDescriptor& descriptor);

// ERROR_ACCESS_DENIED unless the session has all of `rights` (NTMS_USE_ACCESS, NTMS_MODIFY_ACCESS,
// NTMS_CONTROL_ACCESS and standard rights) to the guard. Administrators always have them.
Result<void> check_guard(store::Reader& reader, const Session& session, const Guard& guard,
                         std::uint32_t rights);

// The same for one kind of guard.
Result<void> check_pool(store::Reader& reader, const Session& session, const Guid& pool,
                        std::uint32_t rights);
Result<void> check_root_pool(store::Reader& reader, const Session& session, std::uint32_t rights);
Result<void> check_library(store::Reader& reader, const Session& session, const Guid& library,
                           std::uint32_t rights);
Result<void> check_computer(store::Reader& reader, const Session& session, std::uint32_t rights);

// The last one in a transaction of its own. Errors: also those of reading the database.
Result<void> check_computer(store::Database& database, const Session& session,
                            std::uint32_t rights);

// The same for the guard of an object that exists.
Result<void> check_object(store::Reader& reader, const Session& session, std::uint32_t type,
                          const Guid& id, std::uint32_t rights);

// Those of the objects of one type that the session may use, in the same order. Asks each guard
// once.
std::vector<Guid> usable(store::Reader& reader, const Session& session, std::uint32_t type,
                         std::vector<Guid> objects);

}  // namespace ntms::server
