// SPDX-License-Identifier: MIT
// Named private data that applications keep with objects (functions-objects 7 and 8).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// The bytes of an attribute, which nobody here looks into.
using AttributeData = std::vector<std::uint8_t>;

// The attribute that every drive has as long as no application stores one of this name: why it is
// taken for the one in its bay, or why none is, in words (UTF-8).
inline constexpr std::string_view kMappingAttribute = "DriveMapping";

// Whether an attribute can have this name (UTF-8): it is not empty and has at most 31 UTF-16 units.
bool is_attribute_name(std::string_view name);

// Attributes on behalf of a session. Names are compared byte by byte; an attribute dies with its
// object. Holds references only. Thread safety: all functions may be called from any thread.
class ObjectAttributes {
 public:
  // Both must outlive the object.
  ObjectAttributes(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // The data of an attribute, or of kMappingAttribute. `type` (NtmsObjectsTypes) has to be an
  // object type, but not that of the object. Errors, in this order: ERROR_INVALID_PARAMETER when
  // `type` is not an object type, ERROR_OBJECT_NOT_FOUND for an unknown object, ERROR_ACCESS_DENIED
  // without NTMS_USE_ACCESS, ERROR_OBJECT_NOT_FOUND when it has no such attribute, ERROR_NO_DATA
  // when the attribute has NTMS_MAXATTR_LENGTH bytes or more, as only somebody else can have stored
  // it.
  Result<AttributeData> get(const Guid& object, std::uint32_t type, std::string_view name) const;

  // Stores an attribute, or deletes it when there is no data, which is a success also when there
  // was none. A change is one of the object: its modification time and a notification.
  // Errors, in this order: ERROR_INVALID_NAME (is_attribute_name), ERROR_NO_DATA for
  // NTMS_MAXATTR_LENGTH bytes or more, ERROR_OBJECT_NOT_FOUND, ERROR_ACCESS_DENIED without
  // NTMS_MODIFY_ACCESS.
  Result<void> set(const Guid& object, std::string_view name,
                   std::span<const std::uint8_t> data) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
