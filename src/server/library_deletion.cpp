// SPDX-License-Identifier: MIT
#include "server/library_deletion.h"

#include <ntmsapi.h>

#include <string>
#include <vector>

#include "operations/library_removal.h"
#include "server/access.h"

namespace ntms::server {
using model::LibraryRequest;
using model::PhysicalMedium;

Result<void> LibraryDeletion::remove_library(const Guid& id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = writer.find<model::Library>(id);
    if (!library) return fail(ERROR_INVALID_LIBRARY, "no such library");
    if (library->type == NTMS_LIBRARYTYPE_OFFLINE) {
      return fail(ERROR_INVALID_LIBRARY, "the offline library cannot be deleted");
    }
    if (auto allowed = check_library(writer, session_, id, NTMS_MODIFY_ACCESS); !allowed) {
      return allowed;
    }
    if (library->operational_state != NTMS_NOT_PRESENT) {
      return fail(ERROR_INVALID_STATE, library->name + " is present");
    }
    if (!library->enabled) return fail(ERROR_INVALID_STATE, library->name + " is disabled");
    operations::remove_library(writer, id);
    return {};
  });
}

Result<void> LibraryDeletion::remove_drive(const Guid& id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto drive = writer.find<model::Drive>(id);
    if (!drive) return fail(ERROR_INVALID_DRIVE, "no such drive");
    const auto library = writer.find<model::Library>(drive->library);
    if (!library) return fail(ERROR_INVALID_LIBRARY, "a drive without a library");
    if (auto allowed = check_library(writer, session_, library->id, NTMS_MODIFY_ACCESS); !allowed) {
      return allowed;
    }
    if (drive->operational_state != NTMS_NOT_PRESENT) {
      return fail(ERROR_INVALID_STATE, drive->name + " is present");
    }
    if (writer.number("SELECT EXISTS(SELECT 1 FROM slot WHERE library=?1)", library->id) == 0) {
      operations::remove_library(writer, library->id);
      return {};
    }
    // What the arm is just doing with a cartridge of this bay ends by what the robot shows then;
    // until that nobody knows where the cartridge is.
    operations::cancel_all(
        writer,
        writer.list<LibraryRequest>("t.library=?2 AND t.state IN (0,1,5,6) AND t.phase=0 AND"
                                    " (t.drive=?1 OR t.medium IN"
                                    " (SELECT guid FROM physical_medium WHERE location=?1))",
                                    id, library->id),
        "the drive was deleted");
    for (PhysicalMedium& medium : writer.list<PhysicalMedium>("t.location=?1", id)) {
      if (writer.number("SELECT count(*) FROM library_request WHERE medium=?1"
                        " AND state IN (0,1,5,6)",
                        medium.id) == 0) {
        operations::take_offline(writer, {medium});
        continue;
      }
      medium.location = Guid{};
      medium.location_type = NTMS_STORAGESLOT;
      writer.update(medium);
    }
    operations::complete_all(writer, writer.list<model::OperatorRequest>(
                                         "t.state IN (1,2,3) AND t.by_system=1 AND t.arg1=?1", id));
    writer.remove<model::Drive>(id);
    return {};
  });
}

}  // namespace ntms::server
