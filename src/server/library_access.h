// SPDX-License-Identifier: MIT
// What brings a person's hands to the library, or a cartridge out of a drive: inject, door access,
// cleaner cartridges, cleaning and dismounting a drive (contract: functions-library-control 2, 3,
// 6, 7, 14 to 17). Every call is one transaction that checks everything and then only writes rows;
// the owner of the robots carries them out.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Thread safety: all functions may be called from any thread. Errors are those of the contract's
// tables; a failed call changes nothing.
class LibraryAccess {
 public:
  // Both must outlive the object.
  LibraryAccess(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // InjectNtmsMedia START, or STARTMANY with `many`. Returns the operation's id.
  Result<Guid> start_inject(const Guid& library, bool many);

  // InjectNtmsMedia STOP, and RETRACT: closes the port now and takes in what is there.
  Result<void> stop_inject(const Guid& library, const Guid& operation);
  Result<void> retract_inject(const Guid& library, const Guid& operation);

  // AccessNtmsLibraryDoor; `action` is an NtmsInventoryMethod, of the inventory afterwards.
  Result<void> access_door(const Guid& library, std::uint32_t action);

  // ReserveNtmsCleanerSlot and ReleaseNtmsCleanerSlot.
  Result<void> reserve_cleaner_slot(const Guid& library, const Guid& slot);
  Result<void> release_cleaner_slot(const Guid& library);

  // InjectNtmsCleaner and EjectNtmsCleaner START; `cleans_left` 0xFFFFFFFF: not counted. Return the
  // operation's id.
  Result<Guid> start_cleaner_inject(const Guid& library, std::uint32_t cleans_left);
  Result<Guid> start_cleaner_eject(const Guid& library);

  // The same, STOP: in libraries with a port only.
  Result<void> stop_cleaner_inject(const Guid& library, const Guid& operation);
  Result<void> stop_cleaner_eject(const Guid& library, const Guid& operation);

  // CleanNtmsDrive.
  Result<void> clean_drive(const Guid& drive);

  // DismountNtmsDrive.
  Result<void> dismount_drive(const Guid& drive);

 private:
  Result<model::Library> find_library(store::Reader& reader, const Guid& library);
  Result<void> check_cleaner_library(store::Reader& reader, const model::Library& library);
  Result<void> stop(store::Writer& writer, const Guid& library, const Guid& operation,
                    std::uint32_t kind);

  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
