// SPDX-License-Identifier: MIT
// Setting objects: the rules for each writable member (functions-objects 2).
#include <ntmsapi.h>

#include <string>

#include "server/access.h"
#include "server/object_information.h"
#include "server/object_lookup.h"
#include "server/object_types.h"

#ifdef _WIN32
#include <winioctl.h>  // FILE_DEVICE_CD_ROM
#endif

namespace ntms::server {
namespace {

constexpr std::uint32_t kLibRequestFlags =
    NTMS_LIBREQFLAGS_NOAUTOPURGE | NTMS_LIBREQFLAGS_NOFAILEDPURGE;
constexpr std::uint32_t kOpRequestFlags = NTMS_OPREQFLAGS_NOAUTOPURGE |
                                          NTMS_OPREQFLAGS_NOFAILEDPURGE | NTMS_OPREQFLAGS_NOALERTS |
                                          NTMS_OPREQFLAGS_NOTRAYICON;
constexpr std::uint32_t kMediaPoolPolicies =
    NTMS_POOLPOLICY_PURGEOFFLINESCRATCH | NTMS_POOLPOLICY_KEEPOFFLINEIMPORT;
constexpr std::uint32_t kSettableLibraryFlags =
    NTMS_LIBRARYFLAG_AUTODETECTCHANGE | NTMS_LIBRARYFLAG_RECOGNIZECLEANERBARCODE;

bool has_other_bits(const std::optional<std::uint32_t>& value, std::uint32_t allowed) {
  return value && (*value & ~allowed) != 0;
}

// Values that are wrong whatever the object.
Result<void> check_values(const WritableMembers& members) {
  if (has_other_bits(members.lib_request_flags, kLibRequestFlags)) {
    return fail(ERROR_INVALID_PARAMETER, "the library request flags have unknown bits");
  }
  if (has_other_bits(members.op_request_flags, kOpRequestFlags)) {
    return fail(ERROR_INVALID_PARAMETER, "the operator request flags have unknown bits");
  }
  if (has_other_bits(members.media_pool_policy, kMediaPoolPolicies)) {
    return fail(ERROR_INVALID_PARAMETER, "the media pool policy has unknown bits");
  }
  if (has_other_bits(members.allocation_policy, NTMS_ALLOCATE_FROMSCRATCH)) {
    return fail(ERROR_INVALID_PARAMETER, "the allocation policy has unknown bits");
  }
  if (has_other_bits(members.deallocation_policy, NTMS_DEALLOCATE_TOSCRATCH)) {
    return fail(ERROR_INVALID_PARAMETER, "the deallocation policy has unknown bits");
  }
  if (members.inventory_method && *members.inventory_method > NTMS_INVENTORY_OMID) {
    return fail(ERROR_INVALID_PARAMETER, "a library cannot have inventory method " +
                                             std::to_string(*members.inventory_method));
  }
  return {};
}

template <class To, class From>
void assign_if(To& to, const std::optional<From>& from) {
  if (from) to = *from;
}

template <class To, class From>
bool would_change(const To& stored, const std::optional<From>& wanted) {
  return wanted && !(*wanted == stored);
}

// Puts the members of the object's own type in place; name and description are the caller's.
Result<void> assign(store::Writer&, model::Object&, const WritableMembers&) {
  return {};
}

Result<void> assign(store::Writer&, model::Computer& computer, const WritableMembers& members) {
  assign_if(computer.lib_request_purge_time, members.lib_request_purge_time);
  assign_if(computer.op_request_purge_time, members.op_request_purge_time);
  assign_if(computer.lib_request_flags, members.lib_request_flags);
  assign_if(computer.op_request_flags, members.op_request_flags);
  assign_if(computer.media_pool_policy, members.media_pool_policy);
  return {};
}

Result<void> assign(store::Writer&, model::Drive& drive, const WritableMembers& members) {
  assign_if(drive.defer_dismount_delay, members.defer_dismount_delay);
  return {};
}

Result<void> assign(store::Writer&, model::Door& door, const WritableMembers& members) {
  assign_if(door.max_open_secs, members.max_open_secs);
  return {};
}

Result<void> assign(store::Writer&, model::Port& port, const WritableMembers& members) {
  assign_if(port.max_extend_secs, members.max_extend_secs);
  return {};
}

Result<void> assign(store::Writer& writer, model::Library& library,
                    const WritableMembers& members) {
  // An ATAPI CD changer is the one kind of changer that presents itself as a CD-ROM drive.
  if (members.auto_recovery && !*members.auto_recovery &&
      writer.number("SELECT count(*) FROM changer c JOIN changer_type t ON t.guid=c.changer_type "
                    "WHERE c.library=?1 AND t.device_type=?2",
                    library.id, FILE_DEVICE_CD_ROM) != 0) {
    return fail(ERROR_INVALID_PARAMETER,
                "automatic recovery cannot be switched off for an ATAPI CD changer");
  }
  assign_if(library.auto_recovery, members.auto_recovery);
  assign_if(library.cleaner_uses, members.cleaner_uses);
  assign_if(library.inventory_method, members.inventory_method);
  if (members.library_flags) {
    library.flags =
        (library.flags & ~kSettableLibraryFlags) | (*members.library_flags & kSettableLibraryFlags);
  }
  library.flags &= ~std::uint32_t{NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING};
  if (library.cleaner_uses == kCleanerUsesNotCounted) {
    library.flags |= NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING;
  }
  return {};
}

Result<void> check_pool_name(store::Writer& writer, const model::MediaPool& pool,
                             const std::string& name) {
  if (name.empty()) return fail(ERROR_INVALID_PARAMETER, "a media pool needs a name");
  if (name.find('\\') != std::string::npos) {
    return fail(ERROR_INVALID_PARAMETER, "a media pool's name cannot contain \\");
  }
  if (writer.number("SELECT count(*) FROM media_pool WHERE parent IS ?1 AND root=0 AND guid<>?2 "
                    "AND name=?3 COLLATE NOCASE",
                    pool.parent, pool.id, name) != 0) {
    return fail(ERROR_ALREADY_EXISTS, "there is a media pool \"" + name + "\" beside this one");
  }
  return {};
}

Result<void> check_pool_media_type(store::Writer& writer, const model::MediaPool& pool,
                                   const Guid& media_type) {
  if (writer.number("SELECT EXISTS(SELECT 1 FROM physical_medium WHERE pool=?1) OR "
                    "EXISTS(SELECT 1 FROM media_pool WHERE parent=?1)",
                    pool.id) != 0) {
    return fail(ERROR_INVALID_PARAMETER,
                "the media type of a pool that holds media or pools cannot change");
  }
  if (!media_type.is_null() && !writer.find<model::MediaType>(media_type)) {
    return fail(ERROR_INVALID_PARAMETER, "there is no media type " + media_type.to_string());
  }
  return {};
}

Result<void> assign(store::Writer& writer, model::MediaPool& pool, const WritableMembers& members) {
  const bool renamed = would_change(pool.name, members.name);
  const bool retyped = would_change(pool.media_type, members.media_type);
  if (pool.root || pool.type != NTMS_POOLTYPE_APPLICATION) {
    if (renamed || retyped || would_change(pool.allocation_policy, members.allocation_policy) ||
        would_change(pool.deallocation_policy, members.deallocation_policy) ||
        would_change(pool.max_allocates, members.max_allocates)) {
      return fail(ERROR_ACCESS_DENIED, "only the description of a system pool can change");
    }
    return {};
  }
  if (renamed) {
    if (auto valid = check_pool_name(writer, pool, *members.name); !valid) return valid;
  }
  if (retyped) {
    if (auto valid = check_pool_media_type(writer, pool, *members.media_type); !valid) return valid;
    pool.media_type = *members.media_type;
  }
  assign_if(pool.allocation_policy, members.allocation_policy);
  assign_if(pool.deallocation_policy, members.deallocation_policy);
  assign_if(pool.max_allocates, members.max_allocates);
  return {};
}

template <class T>
Result<void> change(store::Writer& writer, const Session& session, const Guid& id,
                    const WritableMembers& members) {
  constexpr std::uint32_t kType = store::Table<T>::type;
  auto object = writer.find<T>(id);
  if (!object) return not_of_type(writer, id);
  const std::uint32_t right = kType == NTMS_LIBRARY ? NTMS_CONTROL_ACCESS : NTMS_MODIFY_ACCESS;
  if (auto allowed = check_object(writer, session, kType, id, right); !allowed) return allowed;
  if (auto assigned = assign(writer, *object, members); !assigned) return assigned;
  if constexpr (has_writable_name(kType)) assign_if(object->name, members.name);
  assign_if(object->description, members.description);
  writer.update(*object);
  return {};
}

}  // namespace

Result<void> ObjectInformation::set(const Guid& id, std::uint32_t type,
                                    const WritableMembers& members) const {
  if (type != NTMS_UNKNOWN && !is_object_type(type)) return not_a_type(type);
  if (auto valid = check_values(members); !valid) return valid;
  return database_.write([&](store::Writer& writer) -> Result<void> {
    std::uint32_t actual = type;
    if (actual == NTMS_UNKNOWN) {
      const auto found = writer.type_of(id);
      if (!found) return not_found(id);
      actual = *found;
    }
    return with_object_type(actual, [&](auto tag) {
      return change<typename decltype(tag)::type>(writer, session_, id, members);
    });
  });
}

}  // namespace ntms::server
