// SPDX-License-Identifier: MIT
// Which side an allocation gets when the caller has not named one (functions-media-services 3 step
// 4, concepts 6).
#pragma once

#include <cstdint>

#include "base/error.h"
#include "base/guid.h"
#include "model/objects.h"
#include "server/session.h"
#include "store/records.h"

namespace ntms::server {

// The number of allocations after which a side of the pool is not allocated any more: its
// dwMaxAllocates, where 0 and 0xFFFFFFFF mean no limit (concepts 5).
std::int64_t most_allocations(const model::MediaPool& pool);

// The side to allocate for an application pool: an available one that is online, enabled and not
// worn out, in the pool or, if its policy has NTMS_ALLOCATE_FROMSCRATCH and the pool has none, in
// the free pool of its media type. Among several: a medium that is in a drive; then the side that
// was allocated least; then the one that was changed longest ago; then the lower number. The null
// id when there is none.
//   whole_medium  every other side of its medium must be available too
// Errors: ERROR_DEVICE_NOT_AVAILABLE when the free pool to draw from does not exist,
// ERROR_ACCESS_DENIED without the right to take from it (right_to_move).
Result<Guid> find_available(store::Reader& reader, const Session& session,
                            const model::MediaPool& pool, bool whole_medium);

}  // namespace ntms::server
