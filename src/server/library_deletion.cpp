// SPDX-License-Identifier: MIT
#include "server/library_deletion.h"

#include <ntmsapi.h>

#include <string>
#include <vector>

#include "operations/requests.h"
#include "server/access.h"

namespace ntms::server {
using model::LibraryRequest;
using model::PhysicalMedium;

namespace {

// Ends what was asked of the objects before they go.
void cancel(store::Writer& writer, std::vector<LibraryRequest> requests, const char* reason) {
  for (LibraryRequest& request : requests) {
    request.phase = model::Phase::none;
    operations::finish(writer, request, NTMS_LM_CANCELLED, ERROR_CANCELLED, reason);
  }
}

// Nobody needs to do any more what the server asked for about these objects.
void complete(store::Writer& writer, std::vector<model::OperatorRequest> requests) {
  for (model::OperatorRequest& request : requests) {
    request.state = NTMS_OPSTATE_COMPLETE;
    request.answered = writer.now();
    writer.update(request);
  }
}

void take_offline(store::Writer& writer, std::vector<PhysicalMedium> media) {
  const auto offline = writer.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE);
  for (PhysicalMedium& medium : media) {
    medium.library = offline ? offline->id : Guid{};
    medium.location = medium.home_slot = medium.mounted_side = Guid{};
    medium.location_type = NTMS_STORAGESLOT;
    medium.media_state = NTMS_MEDIASTATE_IDLE;
    writer.update(medium);
  }
}

template <class T>
void remove_devices(store::Writer& writer, const Guid& library) {
  for (const T& device : writer.list<T>("t.library=?1", library)) writer.remove<T>(device.id);
}

void remove_with_devices(store::Writer& writer, const Guid& id) {
  cancel(writer, writer.list<LibraryRequest>("t.library=?1 AND t.state IN (0,1,5,6)", id),
         "the library was deleted");
  take_offline(writer, writer.list<PhysicalMedium>("t.library=?1", id));
  complete(writer,
           writer.list<model::OperatorRequest>(
               "t.state IN (1,2,3) AND t.by_system=1 AND (t.arg1=?1 OR t.arg2=?1 OR t.arg1 IN"
               " (SELECT guid FROM changer WHERE library=?1"
               " UNION ALL SELECT guid FROM drive WHERE library=?1"
               " UNION ALL SELECT guid FROM slot WHERE library=?1"
               " UNION ALL SELECT guid FROM port WHERE library=?1"
               " UNION ALL SELECT guid FROM door WHERE library=?1))",
               id));
  remove_devices<model::Drive>(writer, id);
  remove_devices<model::Slot>(writer, id);
  remove_devices<model::Port>(writer, id);
  remove_devices<model::Door>(writer, id);
  remove_devices<model::Changer>(writer, id);
  if (writer.execute("DELETE FROM ui_destination WHERE object=?1", id) != 0) {
    writer.note(NTMS_OBJ_DELETE, NTMS_UI_DESTINATION, id);
  }
  writer.remove<model::Library>(id);
}

}  // namespace

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
    remove_with_devices(writer, id);
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
      remove_with_devices(writer, library->id);
      return {};
    }
    // What the arm is just doing with a cartridge of this bay ends by what the robot shows then;
    // until that nobody knows where the cartridge is.
    cancel(writer,
           writer.list<LibraryRequest>("t.library=?2 AND t.state IN (0,1,5,6) AND t.phase=0 AND"
                                       " (t.drive=?1 OR t.medium IN"
                                       " (SELECT guid FROM physical_medium WHERE location=?1))",
                                       id, library->id),
           "the drive was deleted");
    for (PhysicalMedium& medium : writer.list<PhysicalMedium>("t.location=?1", id)) {
      if (writer.number("SELECT count(*) FROM library_request WHERE medium=?1"
                        " AND state IN (0,1,5,6)",
                        medium.id) == 0) {
        take_offline(writer, {medium});
        continue;
      }
      medium.location = Guid{};
      medium.location_type = NTMS_STORAGESLOT;
      writer.update(medium);
    }
    complete(writer, writer.list<model::OperatorRequest>(
                         "t.state IN (1,2,3) AND t.by_system=1 AND t.arg1=?1", id));
    writer.remove<model::Drive>(id);
    return {};
  });
}

}  // namespace ntms::server
