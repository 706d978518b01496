// SPDX-License-Identifier: MIT
// The life of allocated media and the moves between pools (functions-media-services 4, 5, 8 to 11
// and 16).
#include "server/media_life.h"

#include "boundary.h"
#include "export.h"
#include "server/media_moves.h"

namespace {

using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::server::MediaLife;
using ntms::server::MediaMoves;

MediaLife media(Call& call) {
  return {call.database, call.session};
}

MediaMoves moves(Call& call) {
  return {call.database, call.session};
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI DeallocateNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId, DWORD) {
  return ntms::abi::run(hSession, "DeallocateNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    return media(call).deallocate(to_guid(*lpMediaId));
  });
}

NTMS_EXPORT DWORD WINAPI SwapNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId1,
                                       LPNTMS_GUID lpMediaId2) {
  return ntms::abi::run(hSession, "SwapNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpMediaId1 == nullptr) return missing("lpMediaId1");
    if (lpMediaId2 == nullptr) return missing("lpMediaId2");
    return media(call).swap(to_guid(*lpMediaId1), to_guid(*lpMediaId2));
  });
}

NTMS_EXPORT DWORD WINAPI DecommissionNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId) {
  return ntms::abi::run(hSession, "DecommissionNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    return media(call).decommission(to_guid(*lpMediaId));
  });
}

NTMS_EXPORT DWORD WINAPI SetNtmsMediaComplete(HANDLE hSession, LPNTMS_GUID lpMediaId) {
  return ntms::abi::run(hSession, "SetNtmsMediaComplete", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    return media(call).set_complete(to_guid(*lpMediaId));
  });
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId) {
  return ntms::abi::run(hSession, "DeleteNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    return media(call).remove(to_guid(*lpMediaId));
  });
}

NTMS_EXPORT DWORD WINAPI MoveToNtmsMediaPool(HANDLE hSession, LPNTMS_GUID lpMediaId,
                                             LPNTMS_GUID lpPoolId) {
  return ntms::abi::run(hSession, "MoveToNtmsMediaPool", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    if (lpPoolId == nullptr) return missing("lpPoolId");
    return moves(call).move(to_guid(*lpMediaId), to_guid(*lpPoolId));
  });
}

NTMS_EXPORT DWORD WINAPI ChangeNtmsMediaType(HANDLE hSession, LPNTMS_GUID lpMediaId,
                                             LPNTMS_GUID lpPoolId) {
  return ntms::abi::run(hSession, "ChangeNtmsMediaType", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    if (lpPoolId == nullptr) return missing("lpPoolId");
    return moves(call).change_type(to_guid(*lpMediaId), to_guid(*lpPoolId));
  });
}

}  // extern "C"
