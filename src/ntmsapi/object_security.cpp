// SPDX-License-Identifier: MIT
// The exports that read and change security descriptors (functions-objects 9 and 10).
#include "server/object_security.h"

#include <ntmsapi.h>

#include <algorithm>

#include "boundary.h"
#include "export.h"
#include "security_attributes.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::server::ObjectSecurity;

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI GetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                               DWORD dwType,
                                               SECURITY_INFORMATION RequestedInformation,
                                               PSECURITY_DESCRIPTOR lpSecurityDescriptor,
                                               DWORD nLength, LPDWORD lpnLengthNeeded) {
  return ntms::abi::run(hSession, "GetNtmsObjectSecurity", [&](Call& call) -> Result<void> {
    if (lpObjectId == nullptr) return missing("lpObjectId");
    if (lpnLengthNeeded == nullptr) return missing("lpnLengthNeeded");
    if (lpSecurityDescriptor == nullptr && nLength != 0) return missing("lpSecurityDescriptor");
    const auto descriptor = ObjectSecurity(call.database, call.session)
                                .get(to_guid(*lpObjectId), dwType, RequestedInformation);
    if (!descriptor) return descriptor.error();
    *lpnLengthNeeded = static_cast<DWORD>(descriptor->size());
    if (nLength < descriptor->size()) {
      return fail(ERROR_INSUFFICIENT_BUFFER, "the buffer has no room for the descriptor");
    }
    std::copy(descriptor->begin(), descriptor->end(),
              static_cast<std::uint8_t*>(lpSecurityDescriptor));
    return {};
  });
}

NTMS_EXPORT DWORD WINAPI SetNtmsObjectSecurity(HANDLE hSession, LPNTMS_GUID lpObjectId,
                                               DWORD dwType,
                                               SECURITY_INFORMATION SecurityInformation,
                                               PSECURITY_DESCRIPTOR lpSecurityDescriptor) {
  return ntms::abi::run(hSession, "SetNtmsObjectSecurity", [&](Call& call) -> Result<void> {
    if (lpObjectId == nullptr) return missing("lpObjectId");
    if (lpSecurityDescriptor == nullptr) return missing("lpSecurityDescriptor");
    const auto given = ntms::abi::copy_descriptor(lpSecurityDescriptor);
    if (!given) return given.error();
    return ObjectSecurity(call.database, call.session)
        .set(to_guid(*lpObjectId), dwType, SecurityInformation, *given);
  });
}

}  // extern "C"
