// SPDX-License-Identifier: MIT
// Sessions and objects over the C interface.
#include "rsm/objects.h"

#include <algorithm>
#include <array>
#include <bit>

#include "platform/text.h"

namespace ntms::rsm {
namespace {

struct TypeName {
  DWORD type;
  std::string_view name;
};

constexpr auto kTypes = std::to_array<TypeName>({
    {NTMS_CHANGER, "changer"},
    {NTMS_CHANGER_TYPE, "changer_type"},
    {NTMS_COMPUTER, "computer"},
    {NTMS_DRIVE, "drive"},
    {NTMS_DRIVE_TYPE, "drive_type"},
    {NTMS_IEDOOR, "iedoor"},
    {NTMS_IEPORT, "ieport"},
    {NTMS_LIBRARY, "library"},
    {NTMS_LIBREQUEST, "librequest"},
    {NTMS_LOGICAL_MEDIA, "logical_media"},
    {NTMS_MEDIA_POOL, "media_pool"},
    {NTMS_MEDIA_TYPE, "media_type"},
    {NTMS_PARTITION, "partition"},
    {NTMS_PHYSICAL_MEDIA, "physical_media"},
    {NTMS_STORAGESLOT, "storageslot"},
    {NTMS_OPREQUEST, "oprequest"},
    {NTMS_UI_DESTINATION, "ui_destination"},
});

// How often a list that grows between two calls is asked for again: enough for any real growth, and
// an end when something is wrong.
constexpr int kEnumerateAttempts = 100;

template <std::size_t size>
std::string utf8(const WCHAR (&text)[size]) {  // NOLINT(*-avoid-c-arrays): the ABI's array
  std::u16string units;
  for (const WCHAR unit : text) {
    if (unit == 0) break;
    units.push_back(static_cast<char16_t>(unit));
  }
  return platform::to_utf8(units);
}

std::string words(DWORD type) {
  return std::string(type_name(type).value_or("object"));
}

}  // namespace

Result<Session> Session::open() {
  static constexpr WCHAR kApplication[] = {'r', 's', 'm', 0};  // NOLINT(*-avoid-c-arrays)
  const HANDLE handle = OpenNtmsSessionW(nullptr, kApplication, 0);
  if (handle == INVALID_HANDLE_VALUE) {
    const DWORD code = GetLastError();
    return fail(code, "The session with the Removable Storage server could not be opened.");
  }
  return Session(handle);
}

Session::~Session() {
  // A failed close leaves nothing to do: the process ends next.
  if (handle_ != INVALID_HANDLE_VALUE) CloseNtmsSession(handle_);
}

NTMS_GUID to_ntms(const Guid& guid) {
  return std::bit_cast<NTMS_GUID>(guid.bytes);
}

Guid to_guid(const NTMS_GUID& guid) {
  Guid result;
  result.bytes = std::bit_cast<decltype(result.bytes)>(guid);
  return result;
}

Result<std::vector<Guid>> enumerate(const Session& session, DWORD type,
                                    const std::optional<Guid>& container) {
  NTMS_GUID inside = container ? to_ntms(*container) : NTMS_GUID{};
  std::vector<NTMS_GUID> ids(64);
  DWORD code = ERROR_INSUFFICIENT_BUFFER;
  for (int attempt = 0; attempt < kEnumerateAttempts && code == ERROR_INSUFFICIENT_BUFFER;
       ++attempt) {
    auto count = static_cast<DWORD>(ids.size());
    code = EnumerateNtmsObject(session.handle(), container ? &inside : nullptr, ids.data(), &count,
                               type, NTMS_ENUM_DEFAULT);
    if (code == ERROR_SUCCESS || code == ERROR_INSUFFICIENT_BUFFER) ids.resize(count);
  }
  if (code != ERROR_SUCCESS)
    return fail(code, "Objects of the type " + words(type) + " cannot be listed.");
  std::vector<Guid> result;
  result.reserve(ids.size());
  for (const NTMS_GUID& id : ids) result.push_back(to_guid(id));
  return result;
}

Result<NTMS_OBJECTINFORMATIONW> information(const Session& session, const Guid& id, DWORD type) {
  NTMS_OBJECTINFORMATIONW info{};
  info.dwSize = sizeof info;
  info.dwType = type;
  NTMS_GUID object = to_ntms(id);
  const DWORD code = GetNtmsObjectInformationW(session.handle(), &object, &info);
  if (code != ERROR_SUCCESS) {
    return fail(code, "The object " + id.to_string() + " (" + words(type) + ") cannot be read.");
  }
  return info;
}

Result<std::vector<NTMS_OBJECTINFORMATIONW>> list(const Session& session, DWORD type,
                                                  const std::optional<Guid>& container) {
  const auto ids = enumerate(session, type, container);
  if (!ids) return ids.error();
  std::vector<NTMS_OBJECTINFORMATIONW> result;
  for (const Guid& id : *ids) {
    const auto info = information(session, id, type);
    if (info) {
      result.push_back(*info);
    } else if (info.error().code != ERROR_OBJECT_NOT_FOUND) {
      return info.error();
    }
  }
  return result;
}

std::string name_of(const NTMS_OBJECTINFORMATIONW& info) {
  return utf8(info.szName);
}

std::string description_of(const NTMS_OBJECTINFORMATIONW& info) {
  return utf8(info.szDescription);
}

std::string device_of(const NTMS_DRIVEINFORMATIONW& drive) {
  return utf8(drive.szDeviceName);
}

Result<std::string> attribute(const Session& session, const Guid& id, DWORD type,
                              const char* name) {
  NTMS_GUID object = to_ntms(id);
  std::string data(NTMS_MAXATTR_LENGTH, '\0');
  auto size = static_cast<DWORD>(data.size());
  const DWORD code =
      GetNtmsObjectAttributeA(session.handle(), &object, type, name, data.data(), &size);
  if (code != ERROR_SUCCESS) {
    return fail(code, "The object " + id.to_string() + " (" + words(type) + ") has no " + name);
  }
  data.resize(size);
  return data;
}

Result<Guid> resolve(const Session& session, DWORD type, const ObjectName& name,
                     const std::optional<Guid>& container) {
  if (const Guid* guid = std::get_if<Guid>(&name)) {
    if (!container) return *guid;
    const auto inside = enumerate(session, type, container);
    if (!inside) return inside.error();
    if (std::find(inside->begin(), inside->end(), *guid) != inside->end()) return *guid;
    return fail(ERROR_OBJECT_NOT_FOUND,
                "The library has no " + words(type) + " " + guid->to_string() + ".");
  }
  const std::string& wanted = std::get<std::string>(name);
  const auto objects = list(session, type, container);
  if (!objects) return objects.error();
  std::vector<Guid> matches;
  for (const NTMS_OBJECTINFORMATIONW& info : *objects) {
    if (name_of(info) == wanted) matches.push_back(to_guid(info.ObjectGuid));
  }
  if (matches.empty()) {
    return fail(ERROR_OBJECT_NOT_FOUND, "No " + words(type) + " is named \"" + wanted + "\".");
  }
  if (matches.size() == 1) return matches.front();
  std::string reason = "Several objects are named \"" + wanted + "\"; use one of these GUIDs:";
  for (const Guid& match : matches) reason += "\n" + match.to_string();
  return fail(ERROR_INVALID_PARAMETER, reason);
}

std::optional<std::string_view> type_name(DWORD type) {
  for (const TypeName& entry : kTypes) {
    if (entry.type == type) return entry.name;
  }
  return std::nullopt;
}

std::optional<DWORD> type_number(std::string_view name) {
  const std::string wanted = lower(name);
  for (const TypeName& entry : kTypes) {
    if (entry.name == wanted) return entry.type;
  }
  return std::nullopt;
}

}  // namespace ntms::rsm
