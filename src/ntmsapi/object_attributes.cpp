// SPDX-License-Identifier: MIT
// The exports that read and write attributes of objects (functions-objects 7 and 8).
#include <ntmsapi.h>

#include <algorithm>
#include <span>
#include <string>

#include "boundary.h"
#include "caller_text.h"
#include "export.h"
#include "server/object_attributes.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::server::ObjectAttributes;

// So many elements of any character set are more characters than a name can have.
constexpr std::size_t kLongestName = std::size_t{NTMS_MAXATTR_NAMELEN} * 4;

// The name as UTF-8, cut when it is too long to be that of an attribute.
template <class Character>
std::string name_of(const Character* name) {
  return ntms::abi::to_utf8(name, ntms::abi::bounded_length(name, kLongestName));
}

template <class Character>
DWORD get(HANDLE session, const char* function, const NTMS_GUID* object, DWORD type,
          const Character* name, void* data, DWORD* size) noexcept {
  return ntms::abi::run(session, function, [&](Call& call) -> Result<void> {
    if (object == nullptr) return missing("lpObjectId");
    if (name == nullptr) return missing("lpAttributeName");
    if (data == nullptr) return missing("lpAttributeData");
    if (size == nullptr) return missing("lpAttributeSize");
    const auto stored =
        ObjectAttributes(call.database, call.session).get(to_guid(*object), type, name_of(name));
    if (!stored) return stored.error();
    const DWORD capacity = *size;
    *size = static_cast<DWORD>(stored->size());
    if (capacity < stored->size()) {
      return fail(ERROR_INSUFFICIENT_BUFFER, "the buffer has no room for the attribute");
    }
    std::copy(stored->begin(), stored->end(), static_cast<std::uint8_t*>(data));
    return {};
  });
}

template <class Character>
DWORD set(HANDLE session, const char* function, const NTMS_GUID* object, const Character* name,
          const void* data, DWORD size) noexcept {
  return ntms::abi::run(session, function, [&](Call& call) -> Result<void> {
    if (object == nullptr) return missing("lpObjectId");
    if (name == nullptr) return missing("lpAttributeName");
    if (data == nullptr && size != 0) return missing("lpAttributeData");
    return ObjectAttributes(call.database, call.session)
        .set(to_guid(*object), name_of(name),
             std::span(static_cast<const std::uint8_t*>(data), size));
  });
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI GetNtmsObjectAttributeA(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                                 DWORD dwType, LPCSTR lpAttributeName,
                                                 LPVOID lpAttributeData, LPDWORD lpAttributeSize) {
  return get(hSession, "GetNtmsObjectAttributeA", lpObjectId, dwType, lpAttributeName,
             lpAttributeData, lpAttributeSize);
}

NTMS_EXPORT DWORD WINAPI GetNtmsObjectAttributeW(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                                 DWORD dwType, LPCWSTR lpAttributeName,
                                                 LPVOID lpAttributeData, LPDWORD lpAttributeSize) {
  return get(hSession, "GetNtmsObjectAttributeW", lpObjectId, dwType, lpAttributeName,
             lpAttributeData, lpAttributeSize);
}

// The type is not looked at: the identifier alone names the object.
NTMS_EXPORT DWORD WINAPI SetNtmsObjectAttributeA(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD,
                                                 LPCSTR lpAttributeName, LPVOID lpAttributeData,
                                                 DWORD dwAttributeSize) {
  return set(hSession, "SetNtmsObjectAttributeA", lpObjectId, lpAttributeName, lpAttributeData,
             dwAttributeSize);
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectAttributeW(HANDLE hSession, LPNTMS_GUID lpObjectId, DWORD,
                                                 LPCWSTR lpAttributeName, LPVOID lpAttributeData,
                                                 DWORD dwAttributeSize) {
  return set(hSession, "SetNtmsObjectAttributeW", lpObjectId, lpAttributeName, lpAttributeData,
             dwAttributeSize);
}

}  // extern "C"
