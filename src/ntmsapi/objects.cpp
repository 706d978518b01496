// SPDX-License-Identifier: MIT
// The exports that read, change and list objects (functions-objects 1, 2 and 4).
#include <ntmsapi.h>

#include <algorithm>
#include <cstring>
#include <functional>
#include <optional>

#include "boundary.h"
#include "export.h"
#include "object_codec.h"
#include "server/object_information.h"
#include "server/object_management.h"

namespace {

using ntms::Error;
using ntms::fail;
using ntms::Guid;
using ntms::Result;
using ntms::abi::Ansi;
using ntms::abi::Call;
using ntms::abi::Layout;
using ntms::abi::Wide;

// ntms::abi::run() without a copy of the body, so that no memory is needed before its guard.
template <class F>
DWORD run(HANDLE session, const char* name, F body) noexcept {
  return ntms::abi::run(session, name, std::ref(body));
}

// The object and the structure of a call, once both are known to belong together.
struct Subject {
  Guid id;
  std::uint32_t type = NTMS_UNKNOWN;
  Layout layout = Layout::current;
};

template <class Charset>
Result<Subject> examine(const ntms::server::ObjectInformation& objects, const NTMS_GUID* id,
                        const void* information) {
  if (id == nullptr || information == nullptr) {
    return fail(ERROR_INVALID_PARAMETER, "the identifier or the structure is missing");
  }
  const auto stated = ntms::abi::read_stated<Charset>(information);
  if (!stated) return stated.error();

  Subject subject{.id = ntms::abi::to_guid(*id), .type = stated->type};
  if (subject.type == NTMS_UNKNOWN) {
    const auto type = objects.type_of(subject.id);
    if (!type) return type.error();
    subject.type = *type;
  }
  const auto layout = ntms::abi::choose_layout<Charset>(stated->size, subject.type);
  if (!layout) return layout.error();
  subject.layout = *layout;
  return subject;
}

template <class Charset>
DWORD get_information(HANDLE session, const char* name, const NTMS_GUID* id,
                      void* information) noexcept {
  return run(session, name, [&](Call& call) -> Result<void> {
    const ntms::server::ObjectInformation objects(call.database, call.session);
    const auto subject = examine<Charset>(objects, id, information);
    if (!subject) return subject.error();
    const auto view = objects.get(subject->id, subject->type);
    if (!view) return view.error();
    ntms::abi::encode<Charset>(*view, subject->layout, information);
    return {};
  });
}

template <class Charset>
DWORD set_information(HANDLE session, const char* name, const NTMS_GUID* id,
                      const void* information) noexcept {
  return run(session, name, [&](Call& call) -> Result<void> {
    const ntms::server::ObjectInformation objects(call.database, call.session);
    const auto subject = examine<Charset>(objects, id, information);
    if (!subject) return subject.error();
    const auto members = ntms::abi::decode<Charset>(information, subject->layout, subject->type);
    if (!members) return members.error();
    return objects.set(subject->id, subject->type, *members);
  });
}

Result<void> enumerate(Call& call, const NTMS_GUID* container, NTMS_GUID* list, DWORD* size,
                       DWORD type, DWORD options) {
  if (size == nullptr) return fail(ERROR_INVALID_PARAMETER, "the size is missing");
  const DWORD capacity = *size;
  if (list == nullptr && capacity != 0) {
    return fail(ERROR_INVALID_PARAMETER, "the list is missing");
  }
  std::optional<Guid> parent;
  if (container != nullptr) parent = ntms::abi::to_guid(*container);
  const auto found =
      ntms::server::ObjectManagement(call.database, call.session).enumerate(parent, type, options);
  if (!found) return found.error();

  static_assert(sizeof(Guid) == sizeof(NTMS_GUID));
  const std::size_t copied = std::min<std::size_t>(found->size(), capacity);
  if (copied != 0) std::memcpy(list, found->data(), copied * sizeof(NTMS_GUID));
  *size = static_cast<DWORD>(found->size());
  if (copied < found->size()) {
    return fail(ERROR_INSUFFICIENT_BUFFER, "the list has no room for all objects");
  }
  return {};
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI GetNtmsObjectInformationA(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                                   LPNTMS_OBJECTINFORMATIONA lpInfo) {
  return get_information<Ansi>(hSession, "GetNtmsObjectInformationA", lpObjectId, lpInfo);
}

NTMS_EXPORT DWORD WINAPI GetNtmsObjectInformationW(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                                   LPNTMS_OBJECTINFORMATIONW lpInfo) {
  return get_information<Wide>(hSession, "GetNtmsObjectInformationW", lpObjectId, lpInfo);
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectInformationA(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                                   LPNTMS_OBJECTINFORMATIONA lpInfo) {
  return set_information<Ansi>(hSession, "SetNtmsObjectInformationA", lpObjectId, lpInfo);
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectInformationW(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                                   LPNTMS_OBJECTINFORMATIONW lpInfo) {
  return set_information<Wide>(hSession, "SetNtmsObjectInformationW", lpObjectId, lpInfo);
}

NTMS_EXPORT DWORD WINAPI EnumerateNtmsObject(HANDLE hSession, const LPNTMS_GUID lpContainerId,
                                             LPNTMS_GUID lpList, LPDWORD lpdwListSize, DWORD dwType,
                                             DWORD dwOptions) {
  return run(hSession, "EnumerateNtmsObject", [&](Call& call) {
    return enumerate(call, lpContainerId, lpList, lpdwListSize, dwType, dwOptions);
  });
}

}  // extern "C"
