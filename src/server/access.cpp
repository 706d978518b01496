// SPDX-License-Identifier: MIT
#include "server/access.h"

#include <ntmsapi.h>

#include <map>

namespace ntms::server {
namespace {

// How the guard of an object of a type is found; ?1 is the object's identifier.
struct GuardQuery {
  std::uint32_t guard;
  const char* sql;  // null: the object itself, or the computer
};

GuardQuery guard_query(std::uint32_t type) {
  switch (type) {
    case NTMS_CHANGER:
      return {NTMS_LIBRARY, "SELECT library FROM changer WHERE guid=?1"};
    case NTMS_DRIVE:
      return {NTMS_LIBRARY, "SELECT library FROM drive WHERE guid=?1"};
    case NTMS_IEDOOR:
      return {NTMS_LIBRARY, "SELECT library FROM door WHERE guid=?1"};
    case NTMS_IEPORT:
      return {NTMS_LIBRARY, "SELECT library FROM port WHERE guid=?1"};
    case NTMS_STORAGESLOT:
      return {NTMS_LIBRARY, "SELECT library FROM slot WHERE guid=?1"};
    case NTMS_LIBREQUEST:
      return {NTMS_LIBRARY, "SELECT library FROM library_request WHERE guid=?1"};
    case NTMS_LIBRARY:
      return {NTMS_LIBRARY, nullptr};
    case NTMS_PHYSICAL_MEDIA:
      return {NTMS_MEDIA_POOL, "SELECT pool FROM physical_medium WHERE guid=?1"};
    case NTMS_PARTITION:
      return {NTMS_MEDIA_POOL,
              "SELECT m.pool FROM side s JOIN physical_medium m ON m.guid=s.medium "
              "WHERE s.guid=?1"};
    case NTMS_LOGICAL_MEDIA:
      return {NTMS_MEDIA_POOL, "SELECT pool FROM logical_medium WHERE guid=?1"};
    case NTMS_MEDIA_POOL:
      return {NTMS_MEDIA_POOL, nullptr};
    default:
      return {NTMS_COMPUTER, nullptr};
  }
}

}  // namespace

Guard guard_of(store::Reader& reader, std::uint32_t type, const Guid& id) {
  const GuardQuery query = guard_query(type);
  if (query.guard == NTMS_COMPUTER) return {NTMS_COMPUTER, {}};
  if (query.sql == nullptr) return {query.guard, id};
  const auto found = reader.ids(query.sql, id);
  if (found.empty() || found.front().is_null()) return {NTMS_COMPUTER, {}};
  return {query.guard, found.front()};
}

security::StoredDescriptor descriptor_of(store::Reader& reader, const Guard& guard) {
  std::optional<security::StoredDescriptor> stored;
  switch (guard.type) {
    case NTMS_MEDIA_POOL:
      stored = reader.blob("SELECT security FROM media_pool WHERE guid=?1", guard.id);
      break;
    case NTMS_LIBRARY:
      stored = reader.blob("SELECT security FROM library WHERE guid=?1", guard.id);
      break;
    default:
      stored = reader.blob("SELECT security FROM computer");
  }
  return stored ? *std::move(stored) : security::default_descriptor();
}

void store_descriptor(store::Writer& writer, const Guard& guard,
                      const security::StoredDescriptor& descriptor) {
  switch (guard.type) {
    case NTMS_MEDIA_POOL:
      writer.execute("UPDATE media_pool SET security=?2 WHERE guid=?1", guard.id, descriptor);
      break;
    case NTMS_LIBRARY:
      writer.execute("UPDATE library SET security=?2 WHERE guid=?1", guard.id, descriptor);
      break;
    default:
      writer.execute("UPDATE computer SET security=?1", descriptor);
  }
}

Result<void> check_guard(store::Reader& reader, const Session& session, const Guard& guard,
                         std::uint32_t rights) {
  if (session.caller().is_administrator ||
      security::is_granted(descriptor_of(reader, guard), session.caller(), rights)) {
    return {};
  }
  return fail(ERROR_ACCESS_DENIED, session.user + " lacks the right to do this");
}

Result<void> check_pool(store::Reader& reader, const Session& session, const Guid& pool,
                        std::uint32_t rights) {
  return check_guard(reader, session, {NTMS_MEDIA_POOL, pool}, rights);
}

Result<void> check_root_pool(store::Reader& reader, const Session& session, std::uint32_t rights) {
  const auto root = reader.ids("SELECT guid FROM media_pool WHERE root=1");
  return check_pool(reader, session, root.empty() ? Guid{} : root.front(), rights);
}

Result<void> check_library(store::Reader& reader, const Session& session, const Guid& library,
                           std::uint32_t rights) {
  if (library.is_null()) return check_computer(reader, session, rights);
  return check_guard(reader, session, {NTMS_LIBRARY, library}, rights);
}

Result<void> check_computer(store::Reader& reader, const Session& session, std::uint32_t rights) {
  return check_guard(reader, session, {NTMS_COMPUTER, {}}, rights);
}

Result<void> check_computer(store::Database& database, const Session& session,
                            std::uint32_t rights) {
  if (session.caller().is_administrator) return {};
  return database.read(
      [&](store::Reader& reader) { return check_computer(reader, session, rights); });
}

Result<void> check_object(store::Reader& reader, const Session& session, std::uint32_t type,
                          const Guid& id, std::uint32_t rights) {
  if (session.caller().is_administrator) return {};  // without a look for the guard
  return check_guard(reader, session, guard_of(reader, type, id), rights);
}

std::vector<Guid> usable(store::Reader& reader, const Session& session, std::uint32_t type,
                         std::vector<Guid> objects) {
  if (session.caller().is_administrator) return objects;
  std::map<Guid, bool> answers;  // by guard
  std::erase_if(objects, [&](const Guid& object) {
    const Guard guard = guard_of(reader, type, object);
    const auto known = answers.find(guard.id);
    if (known != answers.end()) return !known->second;
    const bool granted = check_guard(reader, session, guard, NTMS_USE_ACCESS).has_value();
    answers.emplace(guard.id, granted);
    return !granted;
  });
  return objects;
}

}  // namespace ntms::server
