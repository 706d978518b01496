// SPDX-License-Identifier: MIT
#include "server/change_detection.h"

#include <ntmsapi.h>

#include <set>

#include "server/library_control.h"
#include "server/object_lookup.h"

namespace ntms::server {
namespace {

Result<void> check_targets(store::Reader& reader, std::uint32_t type,
                           const std::vector<Guid>& targets) {
  bool missing = false;
  for (const Guid& id : targets) {
    const auto actual = reader.type_of(id);
    if (actual && *actual != type) return not_of_type(reader, id);
    missing |= !actual;
  }
  if (!missing) return {};
  return fail(type == NTMS_LIBRARY ? ERROR_INVALID_LIBRARY : ERROR_INVALID_MEDIA,
              "there is no such object");
}

// The stand-alone libraries that a target stands for.
std::vector<Guid> libraries_of(store::Reader& reader, std::uint32_t type, const Guid& target) {
  switch (type) {
    case NTMS_LIBRARY:
      return reader.ids("SELECT guid FROM library WHERE guid=?1 AND type=?2", target,
                        NTMS_LIBRARYTYPE_STANDALONE);
    case NTMS_MEDIA_TYPE:
      return reader.ids(
          "SELECT l.guid FROM library_media_type r JOIN library l ON l.guid=r.library"
          " WHERE r.media_type=?1 AND l.type=?2 ORDER BY l.id",
          target, NTMS_LIBRARYTYPE_STANDALONE);
    default:
      return reader.ids(
          "SELECT l.guid FROM physical_medium m JOIN library_media_type r"
          " ON r.media_type=m.media_type JOIN library l ON l.guid=r.library"
          " WHERE m.guid=?1 AND l.type=?2 ORDER BY l.id",
          target, NTMS_LIBRARYTYPE_STANDALONE);
  }
}

bool can_be_polled(store::Reader& reader, const Guid& id) {
  const auto library = reader.find<model::Library>(id);
  return library && library->enabled && library->operational_state != NTMS_NOT_PRESENT &&
         reader.number(
             "SELECT count(*) FROM library_request WHERE library=?1 AND operation=?2"
             " AND state=?3",
             id, NTMS_LM_INVENTORY, NTMS_LM_QUEUED) == 0;
}

}  // namespace

Result<void> ChangeDetection::poll(std::uint32_t type, const std::vector<Guid>& targets) const {
  if (type != NTMS_LIBRARY && type != NTMS_PHYSICAL_MEDIA && type != NTMS_MEDIA_TYPE) {
    return fail(ERROR_INVALID_PARAMETER, "no type of objects that can be watched");
  }
  // Most calls have nothing to do: they take no turn among the writers.
  std::set<Guid> libraries;
  auto chosen = database_.read([&](store::Reader& reader) -> Result<void> {
    if (auto valid = check_targets(reader, type, targets); !valid) return valid;
    for (const Guid& target : targets) {
      for (const Guid& id : libraries_of(reader, type, target)) libraries.insert(id);
    }
    return {};
  });
  if (!chosen || libraries.empty()) return chosen;
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const LibraryControl control(database_, session_);
    for (const Guid& id : libraries) {
      if (can_be_polled(writer, id)) control.queue_inventory(writer, id, NTMS_INVENTORY_FAST);
    }
    return {};
  });
}

}  // namespace ntms::server
