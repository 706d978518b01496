// SPDX-License-Identifier: MIT
// Media pools: creating, naming and deleting them, and the media types of libraries with the system
// pools that belong to them (contract: functions-media-services 6, 7, 12, 13 and 15; concepts 5).
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "security/rights.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// The components of a pool's path, from the top: "\Backup\Daily" and "Backup\Daily" are {"Backup",
// "Daily"}. UTF-8.
// Errors: ERROR_INVALID_NAME for a path without components, an empty component (a `\` at the end
// too), a component of more than 63 UTF-16 units, or a path that with its leading `\` has more than
// 511.
Result<std::vector<std::string>> parse_pool_path(std::string_view path);

// Pools on behalf of a session. Holds references only. Thread safety: all functions may be called
// from any thread. A failed call changes nothing. Pool names are compared without regard to the
// case of ASCII letters.
class MediaPools {
 public:
  // Both must outlive the object.
  MediaPools(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // Takes over the security descriptor that the caller gave for a pool that is created, if any;
  // called when that is certain. Must not wait.
  using GivenSecurity = std::function<Result<std::optional<security::StoredDescriptor>>()>;

  // CreateNtmsMediaPool: the pool with this path (parse_pool_path), opened or created by `action`
  // (NTMS_OPEN_EXISTING, NTMS_CREATE_NEW or NTMS_OPEN_ALWAYS).
  //   media_type  of the media that a new pool holds; nothing: it holds pools
  //   given       its error is the call's
  // The new pool's descriptor: security 5.
  // Errors, in this order: ERROR_INVALID_PARAMETER for another action; ERROR_INVALID_NAME; those of
  // `given` when something is to be created; ERROR_OBJECT_NOT_FOUND when the pool to open or the
  // parent does not exist; ERROR_INVALID_MEDIA for an unknown media type; ERROR_ACCESS_DENIED
  // without NTMS_USE_ACCESS to the pool that is opened, or NTMS_CONTROL_ACCESS to the root pool and
  // the parent of the one that is created; ERROR_ALREADY_EXISTS; ERROR_INVALID_MEDIA_POOL for a
  // parent that is a system pool or holds media; those of security::new_pool_descriptor().
  Result<Guid> create(std::string_view path, const std::optional<Guid>& media_type,
                      std::uint32_t action, const GivenSecurity& given) const;

  // GetNtmsMediaPoolName: the path from the top, `\Import\4mm DDS`; that of the root pool is `\`.
  // Errors: ERROR_INVALID_MEDIA_POOL, then ERROR_ACCESS_DENIED without NTMS_USE_ACCESS.
  Result<std::string> path(const Guid& pool) const;

  // DeleteNtmsMediaPool. Open requests for new media in the pool are refused.
  // Errors, in this order: ERROR_INVALID_MEDIA_POOL for an unknown pool, ERROR_ACCESS_DENIED
  // without NTMS_MODIFY_ACCESS, ERROR_INVALID_MEDIA_POOL for a system pool and the root pool,
  // ERROR_NOT_EMPTY when it holds media, online or offline, or pools.
  Result<void> remove(const Guid& pool) const;

  // AddNtmsMediaType: the library takes media of this type, for which the three system pools exist
  // from then on.
  // Errors, in this order: ERROR_INVALID_MEDIA, ERROR_INVALID_LIBRARY, ERROR_ACCESS_DENIED without
  // NTMS_MODIFY_ACCESS, ERROR_LIBRARY_OFFLINE for the offline library and one that is not present,
  // ERROR_RESOURCE_DISABLED.
  Result<void> add_media_type(const Guid& media_type, const Guid& library) const;

  // DeleteNtmsMediaType: the library takes no media of this type any more. When nobody does and no
  // medium of the type is left, its system pools go too.
  // Errors, in this order: ERROR_INVALID_MEDIA, ERROR_INVALID_LIBRARY, ERROR_ACCESS_DENIED without
  // NTMS_MODIFY_ACCESS, ERROR_NOT_EMPTY when a medium of the type is in the library.
  Result<void> remove_media_type(const Guid& media_type, const Guid& library) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
