// SPDX-License-Identifier: MIT
// The order and the removal of requests (contract: functions-library-control 9 to 11).
#include "server/request_management.h"

#include <vector>

#include "boundary.h"
#include "export.h"

namespace {

using ntms::fail;
using ntms::Guid;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::to_guid;
using ntms::server::RequestManagement;

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI GetNtmsRequestOrder(HANDLE hSession, LPNTMS_GUID lpRequestId,
                                             LPDWORD lpdwOrderNumber) {
  return ntms::abi::run(hSession, "GetNtmsRequestOrder", [&](Call& call) -> Result<void> {
    if (lpRequestId == nullptr) return fail(ERROR_INVALID_PARAMETER, "lpRequestId is missing");
    if (lpdwOrderNumber == nullptr) {
      return fail(ERROR_INVALID_PARAMETER, "lpdwOrderNumber is missing");
    }
    const auto order = RequestManagement(call.database, call.session).order(to_guid(*lpRequestId));
    if (!order) return order.error();
    *lpdwOrderNumber = *order;
    return {};
  });
}

NTMS_EXPORT DWORD WINAPI SetNtmsRequestOrder(HANDLE hSession, LPNTMS_GUID lpRequestId,
                                             DWORD dwOrderNumber) {
  return ntms::abi::run(hSession, "SetNtmsRequestOrder", [&](Call& call) -> Result<void> {
    if (lpRequestId == nullptr) return fail(ERROR_INVALID_PARAMETER, "lpRequestId is missing");
    return RequestManagement(call.database, call.session)
        .set_order(to_guid(*lpRequestId), dwOrderNumber);
  });
}

NTMS_EXPORT DWORD WINAPI DeleteNtmsRequests(HANDLE hSession, LPNTMS_GUID lpRequestId, DWORD dwType,
                                            DWORD dwCount) {
  return ntms::abi::run(hSession, "DeleteNtmsRequests", [&](Call& call) -> Result<void> {
    if (lpRequestId == nullptr) return fail(ERROR_INVALID_PARAMETER, "lpRequestId is missing");
    std::vector<Guid> requests;
    requests.reserve(dwCount);
    for (DWORD i = 0; i < dwCount; ++i) requests.push_back(to_guid(lpRequestId[i]));
    return RequestManagement(call.database, call.session).remove(dwType, requests);
  });
}

}  // extern "C"
