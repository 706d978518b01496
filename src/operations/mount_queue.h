// SPDX-License-Identifier: MIT
// The rows of mounts and dismounts of media, as calls and operators change them, each within the
// caller's transaction (contract: functions-media-services 1 and 2, concepts 15 and 16). How they
// are carried out stands in mount.h.
#pragma once

#include <string>

#include "store/records.h"

namespace ntms::operations {

// OperationOption of dismounts.
inline constexpr std::uint32_t kDismountDeferred = 1;

// Asks the operator, in the name of a caller, to bring a cartridge into a library (null: any),
// unless a request for that is open, and marks the cartridge NTMS_MEDIASTATE_OPREQ.
void ask_to_move(store::Writer& writer, model::PhysicalMedium& medium, const Guid& library,
                 const std::string& application, const std::string& user,
                 const std::string& computer);

// Stores `request`, complete but for what it is about, as the dismount of a side of a cartridge
// that is in a drive.
void queue_dismount(store::Writer& writer, const model::PhysicalMedium& medium, const Guid& side,
                    model::LibraryRequest request);

// Takes a mount back: at once when nothing has been moved for it, else as soon as the robot is done
// with it. Operator requests for its cartridge that nobody else waits for are deleted.
void withdraw_mount(store::Writer& writer, model::LibraryRequest& request);

// The operator does not bring this cartridge: all mounts that wait for it fail.
void refuse_mounts(store::Writer& writer, const Guid& medium);

// Whether mounts wait for this cartridge, which is in no library.
bool is_waited_for(store::Reader& reader, const Guid& medium);

// The cartridge has come into a library: the mounts that wait for it are that library's now, and it
// is in use.
void bring_mounts_to(store::Writer& writer, model::PhysicalMedium& medium);

// Deferred dismounts of a cartridge that is home, or is mounted again, have passed.
void end_deferred(store::Writer& writer, const Guid& medium);

}  // namespace ntms::operations
