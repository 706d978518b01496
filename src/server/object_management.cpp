// SPDX-License-Identifier: MIT
#include "server/object_management.h"

#include <ntmsapi.h>

#include <array>
#include <string>

#include "server/access.h"
#include "server/object_lookup.h"
#include "server/object_types.h"

namespace ntms::server {
namespace {

// How the objects of a type are found, by the kind of container; ?1 is the container's identifier.
// A null pointer: not a container of this type. Rows are numbered (id) in the order of creation.
struct Queries {
  const char* everywhere;
  const char* library = nullptr;
  const char* pool = nullptr;
  const char* medium = nullptr;
  const char* logical_medium = nullptr;
  const char* side = nullptr;
};

constexpr const char* kTopLevelPools =
    "SELECT guid FROM media_pool WHERE parent IS NULL AND root=0 ORDER BY id";
constexpr const char* kRootAndTopLevelPools =
    "SELECT guid FROM media_pool WHERE parent IS NULL ORDER BY root DESC, id";

// In the order of the types' numbers, from NTMS_CHANGER on (functions-objects 4, container x type).
constexpr std::array<Queries, 16> kQueries = {{
    // NTMS_CHANGER
    {.everywhere = "SELECT guid FROM changer ORDER BY id",
     .library = "SELECT guid FROM changer WHERE library=?1 ORDER BY id"},
    // NTMS_CHANGER_TYPE
    {.everywhere = "SELECT guid FROM changer_type ORDER BY id"},
    // NTMS_COMPUTER
    {.everywhere = "SELECT guid FROM computer ORDER BY id"},
    // NTMS_DRIVE
    {.everywhere = "SELECT guid FROM drive ORDER BY id",
     .library = "SELECT guid FROM drive WHERE library=?1 ORDER BY id"},
    // NTMS_DRIVE_TYPE
    {.everywhere = "SELECT guid FROM drive_type ORDER BY id"},
    // NTMS_IEDOOR
    {.everywhere = "SELECT guid FROM door ORDER BY id",
     .library = "SELECT guid FROM door WHERE library=?1 ORDER BY id"},
    // NTMS_IEPORT
    {.everywhere = "SELECT guid FROM port ORDER BY id",
     .library = "SELECT guid FROM port WHERE library=?1 ORDER BY id"},
    // NTMS_LIBRARY
    {.everywhere = "SELECT guid FROM library ORDER BY id"},
    // NTMS_LIBREQUEST
    {.everywhere = "SELECT guid FROM library_request ORDER BY id",
     .library = "SELECT guid FROM library_request WHERE library=?1 ORDER BY id"},
    // NTMS_LOGICAL_MEDIA
    {.everywhere = "SELECT guid FROM logical_medium ORDER BY id",
     .pool = "SELECT guid FROM logical_medium WHERE pool=?1 ORDER BY id",
     .side = "SELECT l.guid FROM side s JOIN logical_medium l ON l.guid=s.logical_medium "
             "WHERE s.guid=?1"},
    // NTMS_MEDIA_POOL
    {.everywhere = kTopLevelPools,
     .pool = "SELECT guid FROM media_pool WHERE parent=?1 ORDER BY id"},
    // NTMS_MEDIA_TYPE
    {.everywhere = "SELECT guid FROM media_type ORDER BY id",
     .library = "SELECT t.guid FROM library_media_type r JOIN media_type t ON t.guid=r.media_type "
                "WHERE r.library=?1 ORDER BY t.id"},
    // NTMS_PARTITION: the sides of one medium by their numbers
    {.everywhere = "SELECT guid FROM side ORDER BY id",
     .pool = "SELECT s.guid FROM physical_medium m JOIN side s ON s.medium=m.guid "
             "WHERE m.pool=?1 ORDER BY m.id, s.side",
     .medium = "SELECT guid FROM side WHERE medium=?1 ORDER BY side",
     .logical_medium = "SELECT guid FROM side WHERE logical_medium=?1 ORDER BY side"},
    // NTMS_PHYSICAL_MEDIA
    {.everywhere = "SELECT guid FROM physical_medium ORDER BY id",
     .library = "SELECT guid FROM physical_medium WHERE library=?1 ORDER BY id",
     .pool = "SELECT guid FROM physical_medium WHERE pool=?1 ORDER BY id"},
    // NTMS_STORAGESLOT
    {.everywhere = "SELECT guid FROM slot ORDER BY id",
     .library = "SELECT guid FROM slot WHERE library=?1 ORDER BY id"},
    // NTMS_OPREQUEST
    {.everywhere = "SELECT guid FROM operator_request ORDER BY id"},
}};

// The query for a container of this type. Not a container at all: nothing found.
Result<const char*> query_of(const Queries& queries, const Guid& container,
                             std::uint32_t container_type, std::uint32_t type) {
  const char* query = nullptr;
  switch (container_type) {
    case NTMS_LIBRARY:
      query = queries.library;
      break;
    case NTMS_MEDIA_POOL:
      query = queries.pool;
      break;
    case NTMS_PHYSICAL_MEDIA:
      query = queries.medium;
      break;
    case NTMS_LOGICAL_MEDIA:
      query = queries.logical_medium;
      break;
    case NTMS_PARTITION:
      query = queries.side;
      break;
    default:
      return not_found(container);
  }
  if (query == nullptr) {
    return fail(ERROR_INVALID_PARAMETER, "objects of type " + std::to_string(type) +
                                             " are not listed by objects of type " +
                                             std::to_string(container_type));
  }
  return query;
}

Result<std::vector<Guid>> list(store::Reader& reader, const Session& session, const Guid& container,
                               std::uint32_t type) {
  const auto container_type = reader.type_of(container);
  if (!container_type) return not_found(container);
  const auto query = query_of(kQueries[type - NTMS_CHANGER], container, *container_type, type);
  if (!query) return query.error();
  if (auto allowed = check_object(reader, session, *container_type, container, NTMS_USE_ACCESS);
      !allowed) {
    return allowed.error();
  }

  if (*container_type == NTMS_LIBRARY && type != NTMS_PHYSICAL_MEDIA &&
      reader.number("SELECT type FROM library WHERE guid=?1", container) ==
          NTMS_LIBRARYTYPE_OFFLINE) {
    return std::vector<Guid>{};  // the offline library has media and nothing else
  }
  if (*container_type == NTMS_MEDIA_POOL && type == NTMS_MEDIA_POOL &&
      reader.number("SELECT root FROM media_pool WHERE guid=?1", container) != 0) {
    return usable(reader, session, type, reader.ids(kTopLevelPools));
  }
  return usable(reader, session, type, reader.ids(*query, container));
}

}  // namespace

Result<std::vector<Guid>> ObjectManagement::enumerate(const std::optional<Guid>& container,
                                                      std::uint32_t type,
                                                      std::uint32_t options) const {
  if (!is_object_type(type)) return not_a_type(type);
  if (options > NTMS_ENUM_ROOTPOOL) {
    return fail(ERROR_INVALID_PARAMETER, "the options have unknown bits");
  }
  const bool with_root = options == NTMS_ENUM_ROOTPOOL;
  if (with_root && (type != NTMS_MEDIA_POOL || container)) {
    return fail(ERROR_INVALID_PARAMETER, "the root pool is listed with the top-level pools only");
  }
  return database_.read([&](store::Reader& reader) -> Result<std::vector<Guid>> {
    if (container) return list(reader, session_, *container, type);
    return usable(
        reader, session_, type,
        reader.ids(with_root ? kRootAndTopLevelPools : kQueries[type - NTMS_CHANGER].everywhere));
  });
}

}  // namespace ntms::server
