// SPDX-License-Identifier: MIT
// What is done with a cartridge in a drive: which drive, making room in it, moving, loading,
// verifying, labelling (contract: functions-media-services 1, 4 and 16; concepts 7, 8 and 12).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "operations/library_context.h"

namespace ntms::operations {

struct DriveChoice {
  Guid drive;                // null: the request is not to be started now
  bool lacks_drive = false;  // nothing but a drive, or enough of them, is missing
};

// Chooses the drive for a request that is to be started: the given one, else the one that holds the
// side, else an empty one, else the one whose cartridge has been waiting longest to be taken out. A
// cartridge that another request asks for stays in its drive, so that this one needs no move; not
// any more when `overdue`: then only requests that have been started count. A request that cannot
// be started now is marked WAITING with the reason, one that was withdrawn is finished. Drives in
// `context.busy_drives` are left alone; the one chosen is added there.
Result<DriveChoice> choose_drive(LibraryContext& context, const Guid& request, bool overdue);

// How many drives there are that some mount could have now.
std::size_t drives_to_give(store::Reader& reader, const LibraryContext& context);

// Carries out, with the drive chosen for it, a mount (NTMS_LM_MOUNT: the cartridge stays loaded) or
// the writing of a free label (NTMS_LM_WRITESCRATCH: it goes home afterwards, and to the free
// pool). Ends PASSED, FAILED or CANCELLED; WAITING while the library is open, and stays INPROCESS
// when the engine is leaving. The drive is taken out of `context.busy_drives` at the end.
boost::asio::awaitable<void> run_in_drive(LibraryContext& context, Guid request, Guid drive);

}  // namespace ntms::operations
