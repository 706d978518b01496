// SPDX-License-Identifier: MIT
#include "server/library_access.h"

#include "model/states.h"
#include "operations/admission.h"
#include "operations/cleaner_slot.h"
#include "operations/requests.h"
#include "server/access.h"
#include "server/new_request.h"

namespace ntms::server {
using model::LibraryRequest;

namespace {

constexpr std::uint32_t kInjectMany = 4;  // OperationOption

bool has_ports(store::Reader& reader, const Guid& library) {
  return reader.number("SELECT EXISTS (SELECT 1 FROM port WHERE library=?1)", library) != 0;
}

bool has_doors(store::Reader& reader, const Guid& library) {
  return reader.number("SELECT EXISTS (SELECT 1 FROM door WHERE library=?1)", library) != 0;
}

// Whether a request of this kind is queued or running in the library.
bool is_pending(store::Reader& reader, const Guid& library, std::uint32_t operation) {
  return reader.number(
             "SELECT EXISTS (SELECT 1 FROM library_request WHERE library=?1 AND operation=?2"
             " AND state IN (0,1,5,6))",
             library, operation) != 0;
}

Error is_disabled(const model::Library& library, std::uint32_t code) {
  return fail(code, library.name + " is disabled");
}

}  // namespace

// The library, if the session may control it. The offline library has neither port nor door.
Result<model::Library> LibraryAccess::find_library(store::Reader& reader, const Guid& id) {
  auto library = reader.find<model::Library>(id);
  if (!library) return fail(ERROR_INVALID_LIBRARY, "no such library");
  if (auto allowed = check_library(reader, session_, id, NTMS_CONTROL_ACCESS); !allowed) {
    return allowed.error();
  }
  if (library->type == NTMS_LIBRARYTYPE_OFFLINE) {
    return fail(ERROR_LIBRARY_OFFLINE, "it is the offline library");
  }
  return *std::move(library);
}

Result<Guid> LibraryAccess::start_inject(const Guid& id, bool many) {
  Guid operation;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    if (library->operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_LIBRARY_OFFLINE, library->name + " is not connected");
    }
    if (!library->enabled) return is_disabled(*library, ERROR_DEVICE_NOT_AVAILABLE);
    if (!has_ports(writer, id)) {
      return fail(ERROR_RESOURCE_NOT_PRESENT,
                  library->name + " has no insert/eject port; use its door");
    }
    if (library->type == NTMS_LIBRARYTYPE_STANDALONE) {
      if (writer.number("SELECT count(*) FROM drive WHERE library=?1 AND state<>?2", id,
                        NTMS_DRIVESTATE_DISMOUNTED) != 0) {
        return fail(ERROR_LIBRARY_FULL, "the drive of " + library->name + " holds a cartridge");
      }
    } else if (!operations::has_free_slot(writer, id)) {
      return fail(ERROR_LIBRARY_FULL, "there is no free slot in " + library->name);
    }
    LibraryRequest request = new_request(session_, writer, NTMS_LM_INJECT, id);
    request.option = many ? kInjectMany : 0;
    operation = request.id;
    writer.insert(request);
    return {};
  });
  if (!stored) return stored.error();
  return operation;
}

// Ends an operation at the port before its time-out.
Result<void> LibraryAccess::stop(store::Writer& writer, const Guid& library, const Guid& operation,
                                 std::uint32_t kind) {
  auto request = operations::unfinished(writer, operation);
  if (!request || request->operation != kind || request->library != library) {
    return fail(ERROR_INVALID_OPERATION, "no such operation is queued or running in this library");
  }
  if (request->state == NTMS_LM_QUEUED && request->phase == model::Phase::none) {
    operations::finish(writer, *request, NTMS_LM_STOPPED, ERROR_SUCCESS, "stopped");
  } else {
    request->stop = true;
    operations::save_progress(writer, *request);
  }
  return {};
}

Result<void> LibraryAccess::stop_inject(const Guid& id, const Guid& operation) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    if (const auto library = find_library(writer, id); !library) return library.error();
    return stop(writer, id, operation, NTMS_LM_INJECT);
  });
}

Result<void> LibraryAccess::retract_inject(const Guid& id, const Guid& operation) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    if (const auto library = find_library(writer, id); !library) return library.error();
    auto request = operations::unfinished(writer, operation);
    if (!request || request->operation != NTMS_LM_INJECT || request->option != kInjectMany ||
        request->library != id) {
      return fail(ERROR_INVALID_OPERATION, "no such inject of many is queued or running");
    }
    // A port that has not been opened yet need not be closed.
    if (request->phase != model::Phase::in_port) return {};
    request->retract = true;
    operations::save_progress(writer, *request);
    return {};
  });
}

Result<void> LibraryAccess::access_door(const Guid& id, std::uint32_t action) {
  if (action > NTMS_INVENTORY_DEFAULT) {
    return fail(ERROR_INVALID_PARAMETER, "not an inventory action after door access");
  }
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    if (library->operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_LIBRARY_OFFLINE, library->name + " is not connected");
    }
    if (!library->enabled) return is_disabled(*library, ERROR_RESOURCE_DISABLED);
    if (!has_doors(writer, id)) {
      return fail(ERROR_RESOURCE_NOT_PRESENT, library->name + " has no door");
    }
    LibraryRequest request = new_request(session_, writer, NTMS_LM_DOORACCESS, id);
    request.option = action;
    writer.insert(request);
    return {};
  });
}

// What the cleaner functions ask of a library.
Result<void> LibraryAccess::check_cleaner_library(store::Reader& reader,
                                                  const model::Library& library) {
  if (library.operational_state == NTMS_NOT_PRESENT) {
    return fail(ERROR_DEVICE_NOT_AVAILABLE, library.name + " is not connected");
  }
  if (!library.enabled) return is_disabled(library, ERROR_RESOURCE_DISABLED);
  if (reader.number("SELECT EXISTS (SELECT 1 FROM changer WHERE library=?1)", library.id) == 0) {
    return fail(ERROR_RESOURCE_NOT_PRESENT, library.name + " has no changer");
  }
  return {};
}

Result<void> LibraryAccess::reserve_cleaner_slot(const Guid& id, const Guid& slot_id) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    const auto slot = writer.find<model::Slot>(slot_id);
    if (!slot || slot->library != id) {
      return fail(ERROR_OBJECT_NOT_FOUND, "no such slot in " + library->name);
    }
    if (auto ready = check_cleaner_library(writer, *library); !ready) return ready;
    if (is_pending(writer, id, NTMS_LM_RESERVECLEANER)) {
      return fail(ERROR_CLEANER_SLOT_SET, "a slot is just being reserved");
    }
    if (auto free = operations::check_reserve(writer, *library, *slot); !free) return free;
    LibraryRequest request = new_request(session_, writer, NTMS_LM_RESERVECLEANER, id);
    request.slot = slot_id;
    writer.insert(request);
    return {};
  });
}

Result<void> LibraryAccess::release_cleaner_slot(const Guid& id) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    if (auto ready = check_cleaner_library(writer, *library); !ready) return ready;
    if (is_pending(writer, id, NTMS_LM_RELEASECLEANER)) {
      return fail(ERROR_CLEANER_SLOT_NOT_SET, "the slot is just being released");
    }
    if (auto free = operations::check_release(writer, *library); !free) return free;
    LibraryRequest request = new_request(session_, writer, NTMS_LM_RELEASECLEANER, id);
    request.slot = library->cleaner_slot;
    writer.insert(request);
    return {};
  });
}

Result<Guid> LibraryAccess::start_cleaner_inject(const Guid& id, std::uint32_t cleans_left) {
  Guid operation;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    if (auto ready = check_cleaner_library(writer, *library); !ready) return ready;
    if (!has_ports(writer, id) && !has_doors(writer, id)) {
      return fail(ERROR_RESOURCE_NOT_PRESENT, library->name + " has neither port nor door");
    }
    // The very conditions under which the slot could be released: present and empty.
    if (auto empty = operations::check_release(writer, *library); !empty) return empty;
    if (is_pending(writer, id, NTMS_LM_INJECTCLEANER)) {
      return fail(ERROR_RESOURCE_NOT_AVAILABLE, "a cleaner is just being injected");
    }
    LibraryRequest request = new_request(session_, writer, NTMS_LM_INJECTCLEANER, id);
    request.slot = library->cleaner_slot;
    request.cleans_left = cleans_left;
    operation = request.id;
    writer.insert(request);
    return {};
  });
  if (!stored) return stored.error();
  return operation;
}

Result<Guid> LibraryAccess::start_cleaner_eject(const Guid& id) {
  Guid operation;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    if (auto ready = check_cleaner_library(writer, *library); !ready) return ready;
    if (!has_ports(writer, id) && !has_doors(writer, id)) {
      return fail(ERROR_RESOURCE_NOT_PRESENT, library->name + " has neither port nor door");
    }
    if (library->cleaner_slot.is_null()) {
      return fail(ERROR_CLEANER_SLOT_NOT_SET, library->name + " has no cleaner slot");
    }
    const auto slot = writer.find<model::Slot>(library->cleaner_slot);
    if (!slot || slot->state == NTMS_SLOTSTATE_NOTPRESENT) {
      return fail(ERROR_RESOURCE_NOT_PRESENT, "the cleaner slot is not present");
    }
    auto cleaner = operations::cleaner_of(writer, *library);
    if (!cleaner || is_pending(writer, id, NTMS_LM_EJECTCLEANER)) {
      return fail(ERROR_EMPTY, slot->name + " holds no cleaner");
    }
    LibraryRequest request = new_request(session_, writer, NTMS_LM_EJECTCLEANER, id);
    request.slot = slot->id;
    request.medium = cleaner->id;
    operation = request.id;
    writer.insert(request);
    cleaner->media_state = NTMS_MEDIASTATE_INUSE;
    writer.update(*cleaner);
    return {};
  });
  if (!stored) return stored.error();
  return operation;
}

Result<void> LibraryAccess::stop_cleaner_inject(const Guid& id, const Guid& operation) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    if (!has_ports(writer, id)) {
      return fail(ERROR_NOT_SUPPORTED, library->name + " has no port at which to stop");
    }
    return stop(writer, id, operation, NTMS_LM_INJECTCLEANER);
  });
}

Result<void> LibraryAccess::stop_cleaner_eject(const Guid& id, const Guid& operation) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = find_library(writer, id);
    if (!library) return library.error();
    if (!has_ports(writer, id)) {
      return fail(ERROR_INVALID_OPERATION, library->name + " has no port at which to stop");
    }
    return stop(writer, id, operation, NTMS_LM_EJECTCLEANER);
  });
}

Result<void> LibraryAccess::clean_drive(const Guid& id) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto drive = writer.find<model::Drive>(id);
    if (!drive) return fail(ERROR_INVALID_DRIVE, "no such drive");
    const auto library = writer.find<model::Library>(drive->library);
    if (!library) return fail(ERROR_INVALID_LIBRARY, "a drive without a library");
    if (auto allowed = check_library(writer, session_, library->id, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    if (library->operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_RESOURCE_NOT_PRESENT, library->name + " is not connected");
    }
    if (!library->enabled) return is_disabled(*library, ERROR_RESOURCE_DISABLED);
    if (!drive->enabled) return fail(ERROR_RESOURCE_DISABLED, drive->name + " is disabled");
    if (drive->operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_DEVICE_NOT_AVAILABLE, drive->name + " is not connected");
    }
    if (library->type == NTMS_LIBRARYTYPE_STANDALONE) {
      // A person cleans it: all that can be done here is to write that down.
      drive->last_cleaned = writer.now();
      writer.update(*drive);
      return {};
    }
    LibraryRequest request = new_request(session_, writer, NTMS_LM_CLEANDRIVE, library->id);
    request.drive = id;
    writer.insert(request);
    return {};
  });
}

Result<void> LibraryAccess::dismount_drive(const Guid& id) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto drive = writer.find<model::Drive>(id);
    if (!drive) return fail(ERROR_INVALID_DRIVE, "no such drive");
    const auto library = writer.find<model::Library>(drive->library);
    if (!library) return fail(ERROR_INVALID_LIBRARY, "a drive without a library");
    if (auto allowed = check_library(writer, session_, library->id, NTMS_MODIFY_ACCESS); !allowed) {
      return allowed;
    }
    if (library->operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_LIBRARY_OFFLINE, library->name + " is not connected");
    }
    if (!library->enabled) return is_disabled(*library, ERROR_DEVICE_NOT_AVAILABLE);
    if (!drive->enabled) return fail(ERROR_DEVICE_NOT_AVAILABLE, drive->name + " is disabled");
    if (drive->state == NTMS_DRIVESTATE_DISMOUNTED) {
      return fail(ERROR_INVALID_STATE, drive->name + " holds no medium");
    }
    auto medium = writer.first<model::PhysicalMedium>("t.location=?1", id);
    if (medium && medium->media_state == NTMS_MEDIASTATE_INUSE) {
      return fail(ERROR_INVALID_STATE, medium->name + " is in use");
    }
    LibraryRequest request = new_request(session_, writer, NTMS_LM_DISMOUNT, library->id);
    request.drive = id;
    if (medium) {
      request.medium = medium->id;
      request.slot = medium->home_slot;
    }
    writer.insert(request);
    if (medium) {
      medium->media_state = NTMS_MEDIASTATE_INUSE;
      writer.update(*medium);
    }
    return {};
  });
}

}  // namespace ntms::server
