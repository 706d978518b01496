// SPDX-License-Identifier: MIT
// What the object functions share: the answers when an identifier or a type is wrong, and what
// follows from a change.
#pragma once

#include <ntmsapi.h>

#include <string>

#include "base/error.h"
#include "base/guid.h"
#include "server/object_types.h"
#include "store/records.h"

namespace ntms::server {

// dwCleanerUsesRemaining of a cleaner that is used until it fails (functions-objects 2).
inline constexpr std::uint32_t kCleanerUsesNotCounted = 0xFFFFFFFF;

inline Error not_found(const Guid& id) {
  return fail(ERROR_OBJECT_NOT_FOUND, "there is no object " + id.to_string());
}

inline Error not_a_type(std::uint32_t type) {
  return fail(ERROR_INVALID_PARAMETER, std::to_string(type) + " is not an object type");
}

// Why an object of the type that was asked for was not found: there is none, or it has another
// type.
inline Error not_of_type(store::Reader& reader, const Guid& id) {
  const auto actual = reader.type_of(id);
  if (!actual) return not_found(id);
  return fail(ERROR_INVALID_PARAMETER,
              "object " + id.to_string() + " has type " + std::to_string(*actual));
}

// Notes a change of something that belongs to an object: its modification time and a notification.
inline void touch(store::Writer& writer, std::uint32_t type, const Guid& id) {
  with_object_type(type, [&](auto tag) {
    if (auto object = writer.find<typename decltype(tag)::type>(id)) writer.update(*object);
  });
}

}  // namespace ntms::server
