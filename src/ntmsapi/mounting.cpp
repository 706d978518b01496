// SPDX-License-Identifier: MIT
// Mounting and dismounting (contract: functions-media-services 1 and 2).
#include "server/mounting.h"

#include <span>
#include <vector>

#include "boundary.h"
#include "export.h"
#include "server/waiting.h"

namespace {

using ntms::fail;
using ntms::Guid;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::from_guid;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::server::Mounting;
using ntms::server::MountOrder;

constexpr DWORD kMountOptions = NTMS_MOUNT_READ | NTMS_MOUNT_WRITE |
                                NTMS_MOUNT_ERROR_NOT_AVAILABLE | NTMS_MOUNT_ERROR_OFFLINE |
                                NTMS_MOUNT_SPECIFIC_DRIVE | NTMS_MOUNT_NOWAIT;
// A caller who does not wait still waits for what needs no move: a few commands to the drive.
constexpr DWORD kWithoutMoves = 60'000;  // milliseconds
// No caller has so many drives; a count beyond it is one of the old signed constants by mistake.
constexpr DWORD kMostMedia = 65'535;

std::vector<Guid> guids(const NTMS_GUID* ids, DWORD count) {
  std::vector<Guid> result;
  result.reserve(count);
  for (const NTMS_GUID& id : std::span(ids, count)) result.push_back(to_guid(id));
  return result;
}

Result<void> mount(Call& call, const MountOrder& order, DWORD timeout, LPNTMS_GUID drives) {
  const bool wait = (order.options & NTMS_MOUNT_NOWAIT) == 0;
  const Mounting mounting(call.database, call.session);
  const auto ticket = mounting.begin(order, wait && timeout == 0);
  if (!ticket) return ticket.error();
  if (!wait) return {};
  const auto answer = ntms::server::wait_for_answer(
      call.server, timeout == 0 ? kWithoutMoves : timeout, [&] { return mounting.look(*ticket); });
  if (!answer || !*answer) mounting.give_up(*ticket);
  if (!answer) return fail(ERROR_TIMEOUT, "the media were not mounted in time");
  if (!*answer) return answer->error();
  std::size_t i = 0;
  for (const Guid& drive : **answer) drives[i++] = from_guid(drive);
  return {};
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI MountNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId,
                                        LPNTMS_GUID lpDriveId, DWORD dwCount, DWORD dwOptions,
                                        int dwPriority, DWORD dwTimeout,
                                        LPNTMS_MOUNT_INFORMATION /*lpMountInformation*/) {
  return ntms::abi::run(hSession, "MountNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    if (lpDriveId == nullptr) return missing("lpDriveId");
    if (dwCount == 0 || dwCount > kMostMedia) {
      return fail(ERROR_INVALID_PARAMETER, "dwCount is 0 or makes no sense");
    }
    if ((dwOptions & ~kMountOptions) != 0) {
      return fail(ERROR_INVALID_PARAMETER, "dwOptions has bits that mean nothing");
    }
    MountOrder order;
    order.media = guids(lpMediaId, dwCount);
    if ((dwOptions & NTMS_MOUNT_SPECIFIC_DRIVE) != 0) order.drives = guids(lpDriveId, dwCount);
    order.options = dwOptions;
    order.priority = dwPriority;
    return mount(call, order, dwTimeout, lpDriveId);
  });
}

NTMS_EXPORT DWORD WINAPI DismountNtmsMedia(HANDLE hSession, LPNTMS_GUID lpMediaId, DWORD dwCount,
                                           DWORD dwOptions) {
  return ntms::abi::run(hSession, "DismountNtmsMedia", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    if (dwCount == 0 || dwCount > kMostMedia) {
      return fail(ERROR_INVALID_PARAMETER, "dwCount is 0 or makes no sense");
    }
    if (dwOptions > NTMS_DISMOUNT_IMMEDIATE) {
      return fail(ERROR_INVALID_PARAMETER, "dwOptions is deferred or immediate, not both");
    }
    const auto media = guids(lpMediaId, dwCount);
    return Mounting(call.database, call.session).dismount(media, dwOptions);
  });
}

}  // extern "C"
