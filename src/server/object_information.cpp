// SPDX-License-Identifier: MIT
// Reading objects. Setting them: object_changes.cpp.
#include "server/object_information.h"

#include <ntmsapi.h>

#include <utility>

#include "server/access.h"
#include "server/object_lookup.h"
#include "server/object_types.h"

namespace ntms::server {
namespace {

template <class... Values>
std::uint32_t count(store::Reader& reader, const char* sql, const Values&... values) {
  return static_cast<std::uint32_t>(reader.number(sql, values...));
}

// Counts what belongs to the object and makes it what callers see. Most types need nothing.
void complete(store::Reader&, const model::Object&, Counters&) {}

void complete(store::Reader& reader, model::Library& library, Counters& counters) {
  counters.physical_media =
      count(reader, "SELECT count(*) FROM physical_medium WHERE library=?1", library.id);
  if (library.type == NTMS_LIBRARYTYPE_OFFLINE) {
    model::Library bare;
    static_cast<model::Object&>(bare) = static_cast<model::Object&&>(library);
    bare.type = NTMS_LIBRARYTYPE_OFFLINE;
    bare.inventory_method = NTMS_INVENTORY_NONE;
    bare.auto_recovery = false;
    library = std::move(bare);
    return;
  }
  if (library.cleaner_uses == kCleanerUsesNotCounted) {
    library.flags |= NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING;
  } else {
    library.flags &= ~std::uint32_t{NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING};
  }
  counters.drives = count(reader, "SELECT count(*) FROM drive WHERE library=?1", library.id);
  counters.slots = count(reader, "SELECT count(*) FROM slot WHERE library=?1", library.id);
  counters.doors = count(reader, "SELECT count(*) FROM door WHERE library=?1", library.id);
  counters.ports = count(reader, "SELECT count(*) FROM port WHERE library=?1", library.id);
  counters.changers = count(reader, "SELECT count(*) FROM changer WHERE library=?1", library.id);
  counters.media_types =
      count(reader, "SELECT count(*) FROM library_media_type WHERE library=?1", library.id);
  // The states are those of the partial index library_request_unfinished.
  counters.library_requests = count(
      reader, "SELECT count(*) FROM library_request WHERE library=?1 AND state IN (0, 1, 5, 6)",
      library.id);
}

void complete(store::Reader& reader, const model::MediaPool& pool, Counters& counters) {
  counters.physical_media =
      count(reader, "SELECT count(*) FROM physical_medium WHERE pool=?1", pool.id);
  counters.logical_media =
      count(reader, "SELECT count(*) FROM logical_medium WHERE pool=?1", pool.id);
  counters.media_pools =
      pool.root ? count(reader, "SELECT count(*) FROM media_pool WHERE parent IS NULL AND root=0")
                : count(reader, "SELECT count(*) FROM media_pool WHERE parent=?1", pool.id);
}

void complete(store::Reader& reader, model::PhysicalMedium& medium, Counters& counters) {
  // The slot of a medium that left with its magazine is remembered, but it is no home any more.
  if (medium.location.is_null() && !medium.home_slot.is_null() &&
      reader.number("SELECT type FROM library WHERE guid=?1", medium.library) ==
          NTMS_LIBRARYTYPE_OFFLINE) {
    medium.home_slot = Guid{};
  }
  counters.sides = count(reader, "SELECT count(*) FROM side WHERE medium=?1", medium.id);
}

void complete(store::Reader& reader, model::LogicalMedium& medium, Counters& counters) {
  const auto pools = reader.ids(
      "SELECT m.pool FROM side s JOIN physical_medium m ON m.guid=s.medium "
      "WHERE s.logical_medium=?1",
      medium.id);
  counters.sides = static_cast<std::uint32_t>(pools.size());
  if (!pools.empty()) medium.pool = pools.front();
}

template <class T>
Result<ObjectView> view(store::Reader& reader, const Session& session, const Guid& id) {
  auto object = reader.find<T>(id);
  if (!object) return not_of_type(reader, id);
  if (auto allowed =
          check_object(reader, session, store::Table<T>::type, object->id, NTMS_USE_ACCESS);
      !allowed) {
    return allowed.error();
  }
  ObjectView answer;
  answer.type = store::Table<T>::type;
  complete(reader, *object, answer.counters);
  answer.object.emplace<T>(std::move(*object));
  return answer;
}

}  // namespace

Result<std::uint32_t> ObjectInformation::type_of(const Guid& id) const {
  return database_.read([&](store::Reader& reader) -> Result<std::uint32_t> {
    if (const auto type = reader.type_of(id)) return {boost::system::in_place_value, *type};
    return not_found(id);
  });
}

Result<ObjectView> ObjectInformation::get(const Guid& id, std::uint32_t type) const {
  if (type != NTMS_UNKNOWN && !is_object_type(type)) return not_a_type(type);
  return database_.read([&](store::Reader& reader) -> Result<ObjectView> {
    std::uint32_t actual = type;
    if (actual == NTMS_UNKNOWN) {
      const auto found = reader.type_of(id);
      if (!found) return not_found(id);
      actual = *found;
    }
    return with_object_type(
        actual, [&](auto tag) { return view<typename decltype(tag)::type>(reader, session_, id); });
  });
}

}  // namespace ntms::server
