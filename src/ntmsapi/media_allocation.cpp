// SPDX-License-Identifier: MIT
// The allocation of media (functions-media-services 3).
#include "server/media_allocation.h"

#include "boundary.h"
#include "export.h"
#include "server/waiting.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::server::Allocated;
using ntms::server::MediaAllocation;
using ntms::server::Wish;

constexpr DWORD kAllOptions =
    NTMS_ALLOCATE_NEW | NTMS_ALLOCATE_NEXT | NTMS_ALLOCATE_ERROR_IF_UNAVAILABLE;

Result<void> check(DWORD options, const NTMS_ALLOCATION_INFORMATION* information) {
  constexpr DWORD kBoth = NTMS_ALLOCATE_NEW | NTMS_ALLOCATE_NEXT;
  if ((options & ~kAllOptions) != 0 || (options & kBoth) == kBoth) {
    return fail(ERROR_INVALID_PARAMETER, "the options are not valid");
  }
  if (information != nullptr && information->dwSize != sizeof *information) {
    return fail(ERROR_INVALID_PARAMETER, "the allocation information has another size");
  }
  return {};
}

Result<Allocated> allocate(Call& call, const Wish& wish, DWORD timeout) {
  MediaAllocation allocation(call.database, call.session, wish);
  if (timeout == 0 || !wish.is_open()) return allocation.now();
  const auto answer =
      ntms::server::wait_for_answer(call.server, timeout, [&] { return allocation.poll(); });
  if (answer) return *answer;
  if (auto undone = allocation.give_up(); !undone) return undone.error();
  return fail(ERROR_TIMEOUT, "no new media were brought in time");
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI AllocateNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaPool,
                                           LPNTMS_GUID lpPartition, LPNTMS_GUID lpMediaId,
                                           DWORD dwOptions, DWORD dwTimeout,
                                           LPNTMS_ALLOCATION_INFORMATION lpAllocateInformation) {
  const bool next = (dwOptions & NTMS_ALLOCATE_NEXT) != 0;
  const DWORD code = ntms::abi::run(hSession, "AllocateNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpMediaPool == nullptr) return missing("lpMediaPool");
    if (lpMediaId == nullptr) return missing("lpMediaId");
    if (auto valid = check(dwOptions, lpAllocateInformation); !valid) return valid;
    Wish wish;
    wish.pool = to_guid(*lpMediaPool);
    if (lpPartition != nullptr) wish.side = to_guid(*lpPartition);
    if (next) wish.same_medium = to_guid(*lpMediaId);
    wish.reserve_others = (dwOptions & NTMS_ALLOCATE_NEW) != 0;
    const bool wait = (dwOptions & NTMS_ALLOCATE_ERROR_IF_UNAVAILABLE) == 0;
    const auto allocated = allocate(call, wish, wait ? dwTimeout : 0);
    if (!allocated) return allocated.error();
    *lpMediaId = ntms::abi::from_guid(allocated->logical_medium);
    if (lpAllocateInformation != nullptr) {
      lpAllocateInformation->AllocatedFrom = ntms::abi::from_guid(allocated->from);
    }
    return {};
  });
  if (code != ERROR_SUCCESS && lpMediaId != nullptr && !next) *lpMediaId = NTMS_GUID{};
  return code;
}

}  // extern "C"
