// SPDX-License-Identifier: MIT
// Offline media that a caller describes, for example those of another computer (contract:
// functions-objects 3).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "server/object_information.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// What CreateNtmsMedia is told of a medium. Texts are UTF-8, null ids are to be made.
struct NewSide {
  Guid id;
  bool enabled = true;
  std::string name;
  std::string description;
  Guid logical_medium;
  std::uint32_t state = 0;  // NtmsPartitionState
  std::string omid_type;
  std::vector<std::uint8_t> omid_id;
  std::string omid_info;
  std::uint32_t mount_count = 0;
  std::uint32_t allocate_count = 0;
  std::int64_t capacity = 0;  // bytes
};

struct NewMedium {
  Guid id;
  bool enabled = true;
  std::string name;  // empty: made from what else is known
  std::string description;
  Guid library;  // null: the offline library
  Guid pool;
  std::string bar_code;               // blanks at its end are dropped
  std::uint32_t number_of_sides = 0;  // as the caller states it
  std::uint32_t media_type_code = 0;
  std::uint32_t density_code = 0;
  std::vector<NewSide> sides;  // `number_of_sides`, unless that is more than any medium has
};

// The most sides that a medium can have.
inline constexpr std::uint32_t kMostSides = 2;

// What was created, as GetNtmsObjectInformation would show it.
struct CreatedMedium {
  ObjectView medium;
  std::vector<ObjectView> sides;
};

// Media on behalf of a session. Holds references only. Thread safety: all functions may be called
// from any thread. A failed call changes nothing.
class MediaCreation {
 public:
  // Both must outlive the object.
  MediaCreation(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // CreateNtmsMedia. A logical medium is made for each side that is ALLOCATED or COMPLETE.
  //   options  0 or NTMS_ERROR_ON_DUPLICATE
  // Errors, in this order: ERROR_INVALID_PARAMETER for unknown options, a side without an on-media
  // identifier, an unknown state, a logical medium for another state, or a library that is not the
  // offline one; ERROR_INVALID_MEDIA_POOL for what is no import or application pool for media;
  // ERROR_ACCESS_DENIED without NTMS_MODIFY_ACCESS to the pool and the computer;
  // ERROR_MEDIA_INCOMPATIBLE when media of the pool's type have another number of sides;
  // ERROR_INVALID_MEDIA when the bar code or an id is in use already, or with
  // NTMS_ERROR_ON_DUPLICATE an on-media identifier.
  Result<CreatedMedium> create(const NewMedium& wanted, std::uint32_t options) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
