// SPDX-License-Identifier: MIT
#include "server/library_control.h"

#include <algorithm>

#include "model/states.h"
#include "operations/enabling.h"
#include "operations/identify.h"
#include "operations/requests.h"
#include "server/access.h"
#include "server/new_request.h"

namespace ntms::server {
using model::LibraryRequest;
using model::PhysicalMedium;

namespace {

constexpr std::uint32_t kImmediate = 0;       // OperationOption
constexpr std::uint32_t kForceImmediate = 2;  // likewise
constexpr std::uint32_t kSlotsOnly = 1;       // OperationOption of an inventory

std::vector<LibraryRequest> pending_batch(store::Reader& reader, const Guid& library) {
  return reader.list<LibraryRequest>(
      "t.library=?1 AND t.operation=?2 AND t.held=1 AND t.state IN (0,1,5,6)", library,
      NTMS_LM_EJECT);
}

// Releases the held members to the worker, as one round under `round`.
void release_batch(store::Writer& writer, std::vector<LibraryRequest>& members, const Guid& round) {
  for (LibraryRequest& member : members) {
    member.held = false;
    member.round = round;
    operations::save_progress(writer, member);
  }
}

// Those of full inventories; what the library wants to know of new media is another matter, and
// what has been begun is brought to its end.
void cancel_identifications(store::Writer& writer, const Guid& library) {
  for (auto& request : writer.list<LibraryRequest>(
           "t.library=?1 AND t.operation=?2 AND t.state IN (0,5) AND t.round IN"
           " (SELECT guid FROM library_request WHERE library=?1 AND operation=?3)",
           library, NTMS_LM_CLASSIFY, NTMS_LM_INVENTORY)) {
    operations::finish(writer, request, NTMS_LM_CANCELLED, ERROR_CANCELLED,
                       "the inventory was stopped");
  }
}

}  // namespace

// The library's own state for an eject (functions-library-control 0.1 step 6).
Result<void> LibraryControl::check_library(const model::Library& library) {
  if (library.type == NTMS_LIBRARYTYPE_OFFLINE) {
    return fail(ERROR_LIBRARY_OFFLINE, "the medium is in the offline library");
  }
  if (library.operational_state == NTMS_NOT_PRESENT) {
    return fail(ERROR_LIBRARY_OFFLINE, library.name + " is not connected");
  }
  if (!library.enabled) return fail(ERROR_DEVICE_NOT_AVAILABLE, library.name + " is disabled");
  return {};
}

Result<LibraryControl::Ejectable> LibraryControl::check_medium(store::Reader& reader,
                                                               const Guid& id, EjectKind kind) {
  auto medium = reader.find<PhysicalMedium>(id);
  if (!medium) return fail(ERROR_INVALID_MEDIA, "no such medium");
  const auto library = reader.find<model::Library>(medium->library);
  if (!library) return fail(ERROR_DATABASE_FAILURE, "a medium without a library");
  if (auto allowed = server::check_library(reader, session_, library->id, NTMS_CONTROL_ACCESS);
      !allowed) {
    return allowed.error();
  }
  if (auto ready = check_library(*library); !ready) return ready.error();
  const auto ports = static_cast<std::size_t>(
      reader.number("SELECT count(*) FROM port WHERE library=?1", library->id));
  if (ports == 0) {
    return fail(ERROR_RESOURCE_NOT_PRESENT,
                library->name + " has no insert/eject port; use its door");
  }
  if (!medium->enabled) return fail(ERROR_MEDIA_NOT_AVAILABLE, medium->name + " is disabled");
  if (kind == EjectKind::force) return Ejectable{*std::move(medium), ports};
  if (medium->location_type == NTMS_DRIVE) {
    const auto drive = reader.find<model::Drive>(medium->location);
    if (drive && !drive->enabled) {
      return fail(ERROR_RESOURCE_DISABLED, drive->name + ", which holds it, is disabled");
    }
  }
  return Ejectable{*std::move(medium), ports};
}

Result<Guid> LibraryControl::eject(const Guid& id, EjectKind kind) {
  Guid operation;
  Guid library;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    auto checked = check_medium(writer, id, kind);
    if (!checked) return checked.error();
    PhysicalMedium* const medium = &checked->medium;
    library = medium->library;
    std::vector<LibraryRequest> batch;
    if (kind != EjectKind::force) {
      batch = pending_batch(writer, library);
      const auto member = std::find_if(batch.begin(), batch.end(),
                                       [&](const auto& request) { return request.medium == id; });
      if (member != batch.end()) {
        if (kind == EjectKind::queue) return fail(ERROR_BUSY, "the medium is queued already");
        operation = member->id;
        release_batch(writer, batch, operation);
        return {};
      }
      if (model::is_in_use(medium->media_state)) {
        return fail(ERROR_BUSY, medium->name + " is in use");
      }
      if (batch.size() + 1 > checked->ports && (kind == EjectKind::queue || !batch.empty())) {
        return fail(ERROR_BUSY, "the batch is larger than the port");
      }
    }
    LibraryRequest request = new_request(session_, writer, NTMS_LM_EJECT, library);
    request.option = kind == EjectKind::force ? kForceImmediate : kImmediate;
    request.medium = id;
    request.slot = medium->home_slot;
    if (medium->location_type == NTMS_DRIVE) request.drive = medium->location;
    request.held = kind == EjectKind::queue;
    operation = request.id;
    writer.insert(request);
    medium->media_state = NTMS_MEDIASTATE_INUSE;
    writer.update(*medium);
    if (kind == EjectKind::start) release_batch(writer, batch, operation);
    return {};
  });
  if (!stored) return stored.error();
  if (kind == EjectKind::queue) session_.set_last_batch_library(library);
  return operation;
}

Result<Guid> LibraryControl::start_batch() {
  Guid operation;
  const Guid last = session_.last_batch_library();
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    Guid library = last;
    std::vector<LibraryRequest> batch;
    if (!library.is_null()) batch = pending_batch(writer, library);
    if (batch.empty()) {
      const auto libraries = writer.ids(
          "SELECT DISTINCT library FROM library_request WHERE held=1 AND operation=10"
          " AND state IN (0,1,5,6)");
      if (libraries.size() != 1) {
        return fail(ERROR_INVALID_PARAMETER,
                    libraries.empty() ? "no eject is queued" : "several libraries have a batch");
      }
      library = libraries.front();
      batch = pending_batch(writer, library);
    }
    if (auto allowed = server::check_library(writer, session_, library, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    const auto found = writer.find<model::Library>(library);
    if (!found) return fail(ERROR_DATABASE_FAILURE, "a batch without a library");
    if (auto ready = check_library(*found); !ready) return ready;
    operation = batch.back().id;
    release_batch(writer, batch, operation);
    return {};
  });
  if (!stored) return stored.error();
  return operation;
}

Result<Guid> LibraryControl::start_eject(const Guid& medium) {
  return medium.is_null() ? start_batch() : eject(medium, EjectKind::start);
}

Result<void> LibraryControl::queue_eject(const Guid& medium) {
  const auto queued = eject(medium, EjectKind::queue);
  if (!queued) return queued.error();
  return {};
}

Result<Guid> LibraryControl::force_eject(const Guid& medium) {
  return eject(medium, EjectKind::force);
}

Result<void> LibraryControl::stop_eject(const Guid& operation) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto named = operations::unfinished(writer, operation);
    if (!named || named->operation != NTMS_LM_EJECT || named->held) {
      return fail(ERROR_INVALID_OPERATION, "no such eject is queued or running");
    }
    if (auto allowed = server::check_library(writer, session_, named->library, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    // The id that a batch was started under stands for the whole batch.
    auto requests =
        named->round == operation
            ? writer.list<LibraryRequest>("t.round=?1 AND t.state IN (0,1,5,6)", operation)
            : std::vector<LibraryRequest>{*named};
    for (LibraryRequest& request : requests) {
      if (request.state == NTMS_LM_QUEUED && request.phase == model::Phase::none) {
        operations::finish(writer, request, NTMS_LM_STOPPED, ERROR_SUCCESS, "stopped");
      } else {
        request.stop = true;
        operations::save_progress(writer, request);
      }
    }
    return {};
  });
}

Result<void> LibraryControl::inventory(const Guid& id, std::uint32_t action) {
  if (action == NTMS_INVENTORY_NONE || action >= NTMS_INVENTORY_MAX) {
    return fail(ERROR_INVALID_PARAMETER, "not an inventory action");
  }
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto library = writer.find<model::Library>(id);
    if (!library) return fail(ERROR_INVALID_LIBRARY, "no such library");
    if (auto allowed = server::check_library(writer, session_, id, NTMS_CONTROL_ACCESS); !allowed) {
      return allowed;
    }
    if (library->type == NTMS_LIBRARYTYPE_OFFLINE) {
      return fail(ERROR_INVALID_LIBRARY, "the offline library has nothing to look at");
    }
    if (library->operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_DEVICE_NOT_AVAILABLE, library->name + " is not connected");
    }
    if (!library->enabled) return fail(ERROR_RESOURCE_DISABLED, library->name + " is disabled");
    if (action == NTMS_INVENTORY_STOP) {
      for (auto& request : writer.list<LibraryRequest>(
               "t.library=?1 AND t.operation=?2 AND t.state IN (0,1,5,6)", id, NTMS_LM_INVENTORY)) {
        if (request.state == NTMS_LM_QUEUED) {
          operations::finish(writer, request, NTMS_LM_STOPPED, ERROR_SUCCESS, "stopped");
        } else {
          request.stop = true;
          operations::save_progress(writer, request);
        }
      }
      cancel_identifications(writer, id);
      return {};
    }
    const std::uint32_t method =
        action == NTMS_INVENTORY_DEFAULT ? library->inventory_method : action;
    if (method == NTMS_INVENTORY_NONE) return {};
    queue_inventory(writer, id, method);
    return {};
  });
}

void LibraryControl::queue_inventory(store::Writer& writer, const Guid& library,
                                     std::uint32_t method) const {
  writer.mark_full_slots(library);
  LibraryRequest request = new_request(session_, writer, NTMS_LM_INVENTORY, library);
  request.option = method == NTMS_INVENTORY_SLOT ? kSlotsOnly : 0;
  writer.insert(request);
  if (method != NTMS_INVENTORY_OMID) return;
  operations::Asker asker;
  asker.application = session_.application;
  asker.user = session_.user;
  asker.computer = session_.computer;
  asker.round = request.id;
  operations::queue_identification_of_all(writer, library, asker);
}

Result<void> LibraryControl::cancel_request(const Guid& id) {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto target = operations::unfinished(writer, id);
    if (!target) return fail(ERROR_OBJECT_NOT_FOUND, "no such request is queued or running");
    if (auto allowed =
            server::check_library(writer, session_, target->library, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    const bool untouched = target->phase == model::Phase::none &&
                           (target->state == NTMS_LM_QUEUED || target->state == NTMS_LM_WAITING ||
                            target->state == NTMS_LM_DEFERRED);
    // Executed now: what only waits for the operator, and an inventory, can still be ended.
    const bool can_end = target->phase == model::Phase::in_port ||
                         target->phase == model::Phase::door_open ||
                         (target->operation == NTMS_LM_INVENTORY && target->work_item.is_null());
    if (!untouched && !can_end) {
      return fail(ERROR_ACCESS_DENIED, "the request is being carried out");
    }
    LibraryRequest removal = new_request(session_, writer, NTMS_LM_REMOVE, target->library);
    removal.work_item = id;
    removal.state = NTMS_LM_PASSED;  // it is done with this very call
    removal.time_completed = writer.now();
    writer.insert(removal);
    if (untouched) {
      operations::finish(writer, *target, NTMS_LM_CANCELLED, ERROR_CANCELLED, "cancelled");
    } else {
      target->cancel = true;
      operations::save_progress(writer, *target);
    }
    writer.complete(NTMS_LIBREQUEST, id);
    return {};
  });
}

Result<void> LibraryControl::set_enabled(std::uint32_t type, const Guid& id, bool enabled) {
  if (type != NTMS_LIBRARY && type != NTMS_DRIVE && type != NTMS_PHYSICAL_MEDIA) {
    return fail(ERROR_INVALID_PARAMETER, "only libraries, drives and media can be disabled");
  }
  return database_.write([&](store::Writer& writer) -> Result<void> {
    LibraryRequest request = new_request(session_, writer, NTMS_LM_REMOVE, Guid{});
    bool now = false;
    bool found = false;
    const auto of = [&](std::uint32_t enable, std::uint32_t disable) {
      request.operation = enabled ? enable : disable;
      found = true;
    };
    if (type == NTMS_LIBRARY) {
      if (const auto library = writer.find<model::Library>(id)) {
        of(NTMS_LM_ENABLELIBRARY, NTMS_LM_DISABLELIBRARY);
        request.library = id;
        now = library->enabled;
      }
    } else if (type == NTMS_DRIVE) {
      if (const auto drive = writer.find<model::Drive>(id)) {
        of(NTMS_LM_ENABLEDRIVE, NTMS_LM_DISABLEDRIVE);
        request.library = drive->library;
        request.drive = id;
        now = drive->enabled;
      }
    } else if (const auto medium = writer.find<PhysicalMedium>(id)) {
      of(NTMS_LM_ENABLEMEDIA, NTMS_LM_DISABLEMEDIA);
      request.library = medium->library;
      request.medium = id;
      now = medium->enabled;
    }
    if (!found) return fail(ERROR_OBJECT_NOT_FOUND, "no such object");
    if (auto allowed = server::check_library(writer, session_, request.library, NTMS_MODIFY_ACCESS);
        !allowed) {
      return allowed;
    }
    const auto library = writer.find<model::Library>(request.library);
    const bool offline = library && library->type == NTMS_LIBRARYTYPE_OFFLINE;
    if (offline && type != NTMS_PHYSICAL_MEDIA) {
      return fail(ERROR_LIBRARY_OFFLINE, "the offline library cannot be enabled or disabled");
    }
    if (now == enabled) {
      return fail(ERROR_INVALID_STATE,
                  enabled ? "it is enabled already" : "it is disabled already");
    }
    writer.insert(request);
    // No worker serves the offline library: its media are done at once.
    if (offline) operations::enable_medium(writer, request);
    return {};
  });
}

}  // namespace ntms::server
