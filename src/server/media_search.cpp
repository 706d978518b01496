// SPDX-License-Identifier: MIT
#include "server/media_search.h"

#include <ntmsapi.h>

#include <limits>

#include "server/access.h"
#include "server/media_lookup.h"

namespace ntms::server {
namespace {

// The numbers of states and types are those of ntmsapi.h: side AVAILABLE 4, library OFFLINE 1,
// NOT_PRESENT 21, location NTMS_DRIVE 5 and NTMS_IEPORT 8. A cartridge in a port is on its way out.
// ?1 pool, ?2 most allocations, ?3 whether the whole medium must be available.
#define NTMS_MAY_BE_ALLOCATED                                          \
  " AND s.state=4 AND s.allocate_count<?2 AND s.enabled=1"             \
  " AND m.enabled=1 AND m.location IS NOT NULL AND m.location_type<>8" \
  " AND l.enabled=1 AND l.type<>1 AND l.operational_state<>21"         \
  " AND (?3=0 OR NOT EXISTS"                                           \
  "  (SELECT 1 FROM side o WHERE o.medium=m.guid AND o.state<>4))"     \
  " ORDER BY s.allocate_count, s.modified, s.side LIMIT 1"

constexpr const char* kBestInDrive =
    "SELECT s.guid FROM physical_medium m INDEXED BY physical_medium_in_drive"
    " CROSS JOIN side s ON s.medium=m.guid JOIN library l ON l.guid=m.library"
    " WHERE m.pool=?1 AND m.location_type=5" NTMS_MAY_BE_ALLOCATED;

// The index has the sides in the order of choice: the first that can be reached is the one.
constexpr const char* kBest =
    "SELECT s.guid FROM side s INDEXED BY side_available"
    " CROSS JOIN physical_medium m ON m.guid=s.medium JOIN library l ON l.guid=m.library"
    " WHERE s.pool=?1" NTMS_MAY_BE_ALLOCATED;

#undef NTMS_MAY_BE_ALLOCATED

Guid best_side(store::Reader& reader, const Guid& pool, std::int64_t most, bool whole_medium) {
  for (const char* const query : {kBestInDrive, kBest}) {
    const auto found = reader.ids(query, pool, most, whole_medium);
    if (!found.empty()) return found.front();
  }
  return {};
}

}  // namespace

std::int64_t most_allocations(const model::MediaPool& pool) {
  if (pool.max_allocates == 0 || pool.max_allocates == 0xFFFFFFFF) {
    return std::numeric_limits<std::int64_t>::max();
  }
  return pool.max_allocates;
}

Result<Guid> find_available(store::Reader& reader, const Session& session,
                            const model::MediaPool& pool, bool whole_medium) {
  const std::int64_t most = most_allocations(pool);
  const Guid own = best_side(reader, pool.id, most, whole_medium);
  if (!own.is_null() || (pool.allocation_policy & NTMS_ALLOCATE_FROMSCRATCH) == 0) return own;
  const auto free_pool = find_free_pool(reader, pool.media_type);
  if (!free_pool) {
    return fail(ERROR_DEVICE_NOT_AVAILABLE, "there is no free pool to draw from");
  }
  if (auto allowed = check_pool(reader, session, free_pool->id, right_to_move(*free_pool));
      !allowed) {
    return allowed.error();
  }
  return best_side(reader, free_pool->id, most, whole_medium);
}

}  // namespace ntms::server
