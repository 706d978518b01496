// SPDX-License-Identifier: MIT
// The computers that user interface messages go to (functions-session 12 and 13, concepts 16).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// The destinations of one instance: the computer, a library, or (without an object) the session
// itself, whose list ends with it and is nobody else's business. Holds references only. Thread
// safety: all functions may be called from any thread. A failed call changes nothing.
class UiOptions {
 public:
  // Both must outlive the object.
  UiOptions(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // GetNtmsUIOptions: the names in alphabetical order, UTF-8.
  //   object  the computer object or a library; none: this session
  //   type    NTMS_UITYPE_INFO, _REQ or _ERR
  // Errors, in this order: ERROR_INVALID_PARAMETER for any other type; ERROR_OBJECT_NOT_FOUND;
  // ERROR_INVALID_PARAMETER for an object of another type; ERROR_ACCESS_DENIED without
  // NTMS_USE_ACCESS to the object.
  Result<std::vector<std::string>> get(const std::optional<Guid>& object, std::uint32_t type) const;

  // SetNtmsUIOptions.
  //   object, type  as above
  //   operation     NTMS_UIDEST_ADD, _DELETE or _DELETEALL
  //   name          a computer's name, UTF-8, with or without "\\" before it; empty: this computer.
  //                 Not looked at with NTMS_UIDEST_DELETEALL
  // Errors, in this order: ERROR_INVALID_PARAMETER for any other type or operation, and for a name
  // that is nothing but "\\"; those for the object as above, ERROR_ACCESS_DENIED without
  // NTMS_USE_ACCESS and NTMS_MODIFY_ACCESS; ERROR_ALREADY_EXISTS when the name to be added is
  // listed; ERROR_OBJECT_NOT_FOUND when the one to be deleted is not. Names are compared without
  // regard to the case of ASCII letters.
  Result<void> set(const std::optional<Guid>& object, std::uint32_t type, std::uint32_t operation,
                   const std::string& name) const;

 private:
  Result<void> check_object(store::Reader& reader, const Guid& object, std::uint32_t rights) const;

  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
