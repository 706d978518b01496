// SPDX-License-Identifier: MIT
// Sessions and objects as the subcommands use them: the C interface with its handles and buffers
// wrapped. Everything may be called from any thread; errors carry the code of the failing call.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/guid.h"
#include "ntmsapi.h"
#include "rsm/arguments.h"

namespace ntms::rsm {

// A session with the Removable Storage server of this computer; closed when it goes.
class Session {
 public:
  // Errors: those of OpenNtmsSession.
  static Result<Session> open();

  Session(Session&& other) noexcept : handle_(std::exchange(other.handle_, INVALID_HANDLE_VALUE)) {}
  Session& operator=(Session&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // For a call of the C interface.
  HANDLE handle() const { return handle_; }

 private:
  explicit Session(HANDLE handle) : handle_(handle) {}
  HANDLE handle_;
};

// An identifier as the C interface takes it, and back.
NTMS_GUID to_ntms(const Guid& guid);
Guid to_guid(const NTMS_GUID& guid);

// Everything of a type, or what of it is in a container, in the order of the server.
// Errors: those of EnumerateNtmsObject.
Result<std::vector<Guid>> enumerate(const Session& session, DWORD type,
                                    const std::optional<Guid>& container = std::nullopt);

// The information structure of an object, which must be of that type.
// Errors: those of GetNtmsObjectInformation.
Result<NTMS_OBJECTINFORMATIONW> information(const Session& session, const Guid& id, DWORD type);

// The objects of enumerate() with their information. Objects that vanish meanwhile are left out.
Result<std::vector<NTMS_OBJECTINFORMATIONW>> list(
    const Session& session, DWORD type, const std::optional<Guid>& container = std::nullopt);

// Friendly name and description of an object, in UTF-8.
std::string name_of(const NTMS_OBJECTINFORMATIONW& info);
std::string description_of(const NTMS_OBJECTINFORMATIONW& info);

// What an application opens to reach a drive, in UTF-8; empty: no device is known for it.
std::string device_of(const NTMS_DRIVEINFORMATIONW& drive);

// An attribute of an object, taken for UTF-8.
// Errors: those of GetNtmsObjectAttribute.
Result<std::string> attribute(const Session& session, const Guid& id, DWORD type, const char* name);

// The one object of a type (in a container) that the command line names. A friendly name is
// compared with case. Errors: ERROR_OBJECT_NOT_FOUND; ERROR_INVALID_PARAMETER when several objects
// have the name, with all of them in the reason.
Result<Guid> resolve(const Session& session, DWORD type, const ObjectName& name,
                     const std::optional<Guid>& container = std::nullopt);

// The name of a type as the command writes it, such as "physical_media"; nothing for a number that
// is no type. type_number() is the reverse, in any case.
std::optional<std::string_view> type_name(DWORD type);
std::optional<DWORD> type_number(std::string_view name);

}  // namespace ntms::rsm
