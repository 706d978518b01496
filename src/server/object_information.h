// SPDX-License-Identifier: MIT
// What GetNtmsObjectInformation shows of an object and what SetNtmsObjectInformation may change of
// it, without regard to character sets and layouts (functions-objects 1 and 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "base/error.h"
#include "base/guid.h"
#include "model/objects.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// The dwNumberOf... members, counted when the object is read. Those that the object's type does not
// have are 0.
struct Counters {
  // NTMS_LIBRARY
  std::uint32_t drives = 0;
  std::uint32_t slots = 0;
  std::uint32_t doors = 0;
  std::uint32_t ports = 0;
  std::uint32_t changers = 0;
  std::uint32_t media_types = 0;
  std::uint32_t library_requests = 0;  // unfinished ones
  // NTMS_LIBRARY and NTMS_MEDIA_POOL
  std::uint32_t physical_media = 0;
  // NTMS_MEDIA_POOL
  std::uint32_t logical_media = 0;
  std::uint32_t media_pools = 0;  // directly below
  // NTMS_PHYSICAL_MEDIA and NTMS_LOGICAL_MEDIA
  std::uint32_t sides = 0;
};

using AnyObject =
    std::variant<model::Changer, model::ChangerType, model::Computer, model::Drive,
                 model::DriveType, model::Door, model::Port, model::Library, model::LibraryRequest,
                 model::LogicalMedium, model::MediaPool, model::MediaType, model::Side,
                 model::PhysicalMedium, model::Slot, model::OperatorRequest>;

// An object as callers see it, which is as stored except for:
//  - the offline library, of which only the members of every object and the library type are kept;
//  - a library's NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING, which follows its cleaner uses;
//  - a logical medium's pool, which is that of the medium behind it as long as there is one.
struct ObjectView {
  std::uint32_t type = NTMS_UNKNOWN;  // NtmsObjectsTypes, the type of `object`
  AnyObject object;
  Counters counters;
};

// New values for the writable members of one object. A member without a value keeps what is stored;
// members that the object's type does not have are ignored.
struct WritableMembers {
  std::optional<std::string> name = {};  // types of has_writable_name(), UTF-8
  std::optional<std::string> description = {};

  // NTMS_COMPUTER
  std::optional<std::uint32_t> lib_request_purge_time = {};  // seconds
  std::optional<std::uint32_t> op_request_purge_time = {};   // seconds
  std::optional<std::uint32_t> lib_request_flags = {};
  std::optional<std::uint32_t> op_request_flags = {};
  std::optional<std::uint32_t> media_pool_policy = {};
  // NTMS_DRIVE
  std::optional<std::uint32_t> defer_dismount_delay = {};  // seconds
  // NTMS_IEDOOR
  std::optional<std::uint16_t> max_open_secs = {};
  // NTMS_IEPORT
  std::optional<std::uint16_t> max_extend_secs = {};
  // NTMS_LIBRARY
  std::optional<bool> auto_recovery = {};
  std::optional<std::uint32_t> cleaner_uses = {};
  std::optional<std::uint32_t> library_flags = {};  // bits that callers may not set are ignored
  std::optional<std::uint32_t> inventory_method = {};
  // NTMS_MEDIA_POOL
  std::optional<Guid> media_type = {};
  std::optional<std::uint32_t> allocation_policy = {};
  std::optional<std::uint32_t> deallocation_policy = {};
  std::optional<std::uint32_t> max_allocates = {};
};

// Reads and changes objects on behalf of a session. Holds references only: as cheap to make as to
// keep. Thread safety: all functions may be called from any thread.
class ObjectInformation {
 public:
  // Both must outlive the object.
  ObjectInformation(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // The type of the object with this identifier; no right is needed to learn it.
  // Errors: ERROR_OBJECT_NOT_FOUND.
  Result<std::uint32_t> type_of(const Guid& id) const;

  // The object with this identifier and its counters, all of the same moment. `type` is the type
  // expected, or NTMS_UNKNOWN for any, which costs another query.
  // Errors, in this order: ERROR_INVALID_PARAMETER when `type` is not an object type,
  // ERROR_OBJECT_NOT_FOUND, ERROR_INVALID_PARAMETER when the object is of another type,
  // ERROR_ACCESS_DENIED without NTMS_USE_ACCESS.
  Result<ObjectView> get(const Guid& id, std::uint32_t type) const;

  // Stores the members given and the time of the change, all or nothing. `type` as in get().
  // Errors, in this order: ERROR_INVALID_PARAMETER when `type` is not an object type or a value is
  // wrong whatever the object; ERROR_OBJECT_NOT_FOUND; ERROR_INVALID_PARAMETER when the object is
  // of another type; ERROR_ACCESS_DENIED without NTMS_MODIFY_ACCESS (libraries:
  // NTMS_CONTROL_ACCESS) and for any change of a system pool or the root pool but its description;
  // ERROR_INVALID_PARAMETER when a value does not fit the object; ERROR_ALREADY_EXISTS when a pool
  // beside this one has the name. Values: functions-objects 2.
  Result<void> set(const Guid& id, std::uint32_t type, const WritableMembers& members) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
