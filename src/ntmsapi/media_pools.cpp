// SPDX-License-Identifier: MIT
// Media pools and the media types of libraries (functions-media-services 6, 7, 12, 13 and 15).
#include "server/media_pools.h"

#include <algorithm>
#include <optional>
#include <string>

#include "boundary.h"
#include "caller_text.h"
#include "export.h"
#include "security_attributes.h"

namespace {

using ntms::fail;
using ntms::Guid;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::server::MediaPools;

// More than the longest path has in either character set.
constexpr std::size_t kReadAtMost = std::size_t{4} * NTMS_POOLHIERARCHY_LENGTH;

MediaPools pools(Call& call) {
  return {call.database, call.session};
}

template <class Character>
DWORD create(HANDLE session, const char* name, const Character* path, const NTMS_GUID* media_type,
             DWORD action, const SECURITY_ATTRIBUTES* security, NTMS_GUID* id) noexcept {
  return ntms::abi::run(session, name, [&](Call& call) -> Result<void> {
    if (path == nullptr) return missing("lpPoolName");
    if (id == nullptr) return missing("lpPoolId");
    std::optional<Guid> type;
    if (media_type != nullptr) type = to_guid(*media_type);
    const std::string text = ntms::abi::to_utf8(path, ntms::abi::bounded_length(path, kReadAtMost));
    const auto pool = pools(call).create(
        text, type, action, [&] { return ntms::abi::copy_security_attributes(security); });
    return ntms::abi::hand_out(pool, id);
  });
}

template <class Character>
DWORD get_name(HANDLE session, const char* name, const NTMS_GUID* id, Character* buffer,
               DWORD* size) noexcept {
  return ntms::abi::run(session, name, [&](Call& call) -> Result<void> {
    if (buffer == nullptr) return missing("lpNameBuf");
    if (size == nullptr) return missing("lpdwBufSize");
    if (id == nullptr) return fail(ERROR_INVALID_MEDIA_POOL, "lpPoolId is missing");
    const auto path = pools(call).path(to_guid(*id));
    if (!path) return path.error();
    const auto text = ntms::abi::from_utf8<Character>(*path);
    const DWORD needed = static_cast<DWORD>(text.size()) + 1;
    Result<void> result;
    if (*size < needed) {
      result = fail(ERROR_INSUFFICIENT_BUFFER, "the buffer has no room for the path");
    } else {
      std::copy_n(text.c_str(), needed, buffer);
    }
    *size = needed;
    return result;
  });
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaPoolA(HANDLE hSession, LPCSTR lpPoolName,
                                              LPNTMS_GUID lpMediaType, DWORD dwAction,
                                              LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                              LPNTMS_GUID lpPoolId) {
  return create(hSession, "CreateNtmsMediaPoolA", lpPoolName, lpMediaType, dwAction,
                lpSecurityAttributes, lpPoolId);
}

NTMS_EXPORT DWORD WINAPI CreateNtmsMediaPoolW(HANDLE hSession, LPCWSTR lpPoolName,
                                              LPNTMS_GUID lpMediaType, DWORD dwAction,
                                              LPSECURITY_ATTRIBUTES lpSecurityAttributes,
                                              LPNTMS_GUID lpPoolId) {
  return create(hSession, "CreateNtmsMediaPoolW", lpPoolName, lpMediaType, dwAction,
                lpSecurityAttributes, lpPoolId);
}

NTMS_EXPORT DWORD WINAPI GetNtmsMediaPoolNameA(HANDLE hSession, LPNTMS_GUID lpPoolId,
                                               LPSTR lpNameBuf, LPDWORD lpdwBufSize) {
  return get_name(hSession, "GetNtmsMediaPoolNameA", lpPoolId, lpNameBuf, lpdwBufSize);
}

NTMS_EXPORT DWORD WINAPI GetNtmsMediaPoolNameW(HANDLE hSession, LPNTMS_GUID lpPoolId,
                                               LPWSTR lpNameBuf, LPDWORD lpdwBufSize) {
  return get_name(hSession, "GetNtmsMediaPoolNameW", lpPoolId, lpNameBuf, lpdwBufSize);
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsMediaPool(HANDLE hSession, LPNTMS_GUID lpPoolId) {
  return ntms::abi::run(hSession, "DeleteNtmsMediaPool", [&](Call& call) -> Result<void> {
    if (lpPoolId == nullptr) return missing("lpPoolId");
    return pools(call).remove(to_guid(*lpPoolId));
  });
}

NTMS_EXPORT DWORD WINAPI AddNtmsMediaType(HANDLE hSession, LPNTMS_GUID lpMediaTypeId,
                                          LPNTMS_GUID lpLibId) {
  return ntms::abi::run(hSession, "AddNtmsMediaType", [&](Call& call) -> Result<void> {
    if (lpMediaTypeId == nullptr) return missing("lpMediaTypeId");
    if (lpLibId == nullptr) return missing("lpLibId");
    return pools(call).add_media_type(to_guid(*lpMediaTypeId), to_guid(*lpLibId));
  });
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsMediaType(HANDLE hSession, LPNTMS_GUID lpMediaTypeId,
                                             LPNTMS_GUID lpLibId) {
  return ntms::abi::run(hSession, "DeleteNtmsMediaType", [&](Call& call) -> Result<void> {
    if (lpMediaTypeId == nullptr) return missing("lpMediaTypeId");
    if (lpLibId == nullptr) return missing("lpLibId");
    return pools(call).remove_media_type(to_guid(*lpMediaTypeId), to_guid(*lpLibId));
  });
}

}  // extern "C"
