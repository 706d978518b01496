// SPDX-License-Identifier: MIT
#include "operations/door_access.h"

#include "model/states.h"
#include "operations/admission.h"
#include "operations/dismount.h"
#include "operations/doors.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/identify.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;

namespace {

constexpr std::chrono::milliseconds kPause{1000};
constexpr std::uint32_t kSeenOpen = 1;  // `source` of a request whose doors were seen open

// What the operator is to do, in words.
std::string instruction(store::Reader& reader, const LibraryContext& context,
                        const LibraryRequest& request) {
  const auto slot = reader.find<model::Slot>(request.slot);
  const std::string place = slot ? slot->name : "the cleaner slot";
  switch (request.operation) {
    case NTMS_LM_INJECTCLEANER:
      return messages::put_cleaner_in(context.name, place);
    case NTMS_LM_EJECTCLEANER:
      return messages::take_cleaner_out(context.name, place);
    default:
      return messages::open_the_door(context.name);
  }
}

// The inventory that follows; NTMS_INVENTORY_NONE when none does.
std::uint32_t inventory_method(store::Reader& reader, const LibraryRequest& request) {
  if (request.operation != NTMS_LM_DOORACCESS) return NTMS_INVENTORY_NONE;
  if (request.option != NTMS_INVENTORY_DEFAULT) return request.option;
  const auto library = reader.find<model::Library>(request.library);
  return library ? library->inventory_method : std::uint32_t{NTMS_INVENTORY_FAST};
}

// The inventory request that belongs to a door access.
std::optional<LibraryRequest> inventory_of(store::Reader& reader, const Guid& door_access) {
  return reader.first<LibraryRequest>("t.work_item=?1 AND t.operation=?2 AND t.state IN (0,1,5,6)",
                                      door_access, NTMS_LM_INVENTORY);
}

}  // namespace

bool DoorAccess::store(const std::function<Result<void>(store::Writer&)>& work) {
  const auto stored = context_.db.write(work);
  if (!stored) {
    context_.log->error("{}: door access: the database refused a change: {}", context_.name,
                        stored.error().reason);
  }
  return stored.has_value();
}

asio::awaitable<void> DoorAccess::run() {
  while (!context_.stopping) {
    const auto read =
        context_.db.read([&](store::Reader& reader) { return unfinished(reader, request_); });
    if (!read) {
      co_await changed_.wait({}, kPause);
      continue;
    }
    if (!*read) break;
    const LibraryRequest& request = **read;
    switch (request.phase) {
      case Phase::none:
      case Phase::moving:  // while the drives were being emptied
        co_await empty_drives();
        co_await unlock();
        break;
      case Phase::door_open:
        if (wants_to_end(request) || co_await is_closed()) {
          co_await lock();
        } else {
          co_await changed_.wait({}, context_.poll_interval());
        }
        break;
      default:
        co_await follow_up();
        break;
    }
  }
}

// Brings the cartridges home that nobody uses, where the doors stay shut otherwise. One that stays
// in its drive is the operator's affair.
asio::awaitable<void> DoorAccess::empty_drives() {
  if (!context_.empty_drives_for_doors) co_return;
  const auto drives = context_.db.read([&](store::Reader& reader) {
    return reader.ids(
        "SELECT d.guid FROM drive d WHERE d.library=?1 AND d.state<>0 AND NOT EXISTS (SELECT 1"
        " FROM physical_medium m WHERE m.location=d.guid AND m.media_state=1)",
        context_.library);
  });
  if (!drives) co_return;
  for (const Guid& drive : *drives) {
    if (context_.stopping) co_return;
    const auto emptied = co_await empty_drive(context_, request_, drive);
    if (!emptied) {
      context_.log->warn("{}: a drive could not be emptied for the door: {}", context_.name,
                         emptied.error().reason);
    }
  }
}

// Gives the library to the operator. A library that cannot be unlocked is open to everybody anyway.
asio::awaitable<void> DoorAccess::unlock() {
  const auto arm = co_await context_.arm.lock();
  // Attentions of what was before are none of its business.
  (void)co_await context_.changer->look_at_doors();
  (void)context_.changer->take_contents_changed();
  if (const auto unlocked = co_await context_.changer->prevent(false); !unlocked) {
    context_.log->debug("{}: the doors cannot be unlocked: {}", context_.name,
                        unlocked.error().reason);
  }
  context_.inventory_stale = true;
  context_.blocked = context_.paused = false;  // who has opened it has it now
  const bool stored = store([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, request_);
    if (!request) return {};
    if (wants_to_end(*request)) {
      finish_withdrawn(writer, *request);
      return {};
    }
    request->phase = Phase::door_open;
    request->source = 0;
    request->target = newest_asked(writer);  // answers to what was asked before are not meant
    request->deadline = door_deadline(writer, context_);
    if (request->state == NTMS_LM_INPROCESS) {
      save_progress(writer, *request);
    } else {
      start(writer, *request);
    }
    apply_to_doors(writer, context_.library, model::DoorEvent::opened);
    if (request->operation != NTMS_LM_DOORACCESS) {
      post_device_service(writer, NTMS_LIBRARY, context_.library,
                          instruction(writer, context_, *request));
    }
    return {};
  });
  if (!stored) co_await changed_.wait({}, kPause);
}

// Whether the operator has finished: the library was seen open and is so no more, an attention
// tells that it was opened meanwhile, or the operator has said so.
asio::awaitable<bool> DoorAccess::is_closed() {
  const auto arm = co_await context_.arm.lock();
  co_await context_.changer->settle_lock();
  const auto seen = co_await context_.changer->look_at_doors();
  // Also one that a new owner took when it connected.
  changed_contents_ = context_.changer->take_contents_changed() || changed_contents_;
  bool closed = false;
  store([&](store::Writer& writer) -> Result<void> {
    closed = false;
    auto request = unfinished(writer, request_);
    if (!request) return {};
    if (seen.verdict.action == device::Action::operator_needed && request->source != kSeenOpen) {
      request->source = kSeenOpen;
      save_progress(writer, *request);
    }
    if (seen.verdict.ok()) {
      closed = request->source == kSeenOpen || changed_contents_ ||
               was_answered(writer, context_, request->target);
      if (closed) return {};
    }
    if (context_.clock.now_ms() >= request->deadline) ask_to_close(writer, context_);
    return {};
  });
  co_return closed;
}

// Takes the library back.
asio::awaitable<void> DoorAccess::lock() {
  const auto arm = co_await context_.arm.lock();
  if (const auto locked = co_await context_.changer->prevent(true); !locked) {
    context_.log->debug("{}: the doors cannot be locked: {}", context_.name, locked.error().reason);
  }
  context_.inventory_stale = true;
  store([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, request_);
    if (!request) return {};
    note_lock(writer, *request);
    if (wants_to_end(*request)) {
      request->phase = Phase::none;
      finish_withdrawn(writer, *request);
      return {};
    }
    request->phase = Phase::door_closed;
    save_progress(writer, *request);
    if (inventory_method(writer, *request) == NTMS_INVENTORY_NONE) return {};
    // The inventory is a request of its own, carried out here.
    writer.mark_full_slots(context_.library);
    if (inventory_of(writer, request_)) return {};  // opened once more before it was taken
    LibraryRequest inventory;
    inventory.operation = NTMS_LM_INVENTORY;
    inventory.library = context_.library;
    inventory.work_item = request->id;
    inventory.time_queued = writer.now();
    inventory.application = "Removable Storage";
    inventory.user = request->user;
    inventory.computer = request->computer;
    writer.insert(inventory);
    start(writer, inventory);
    return {};
  });
}

void DoorAccess::note_lock(store::Writer& writer, LibraryRequest& request) {
  note_closed(writer, context_);
  if (request.operation == NTMS_LM_DOORACCESS) return;
  const std::string message = instruction(writer, context_, request);
  for (auto& asked : writer.list<model::OperatorRequest>(
           "t.arg1=?1 AND t.state IN (1,2,3) AND t.by_system=1 AND t.message=?2", context_.library,
           message)) {
    complete_request(writer, asked);
  }
}

// The doors are closed: the inventory, or a look at the cleaner slot.
asio::awaitable<void> DoorAccess::follow_up() {
  const auto arm = co_await context_.arm.lock();
  if (!co_await may_move(context_)) {
    // Opened once more, before it was locked: the operator has not finished.
    store([&](store::Writer& writer) -> Result<void> {
      if (auto request = unfinished(writer, request_)) {
        request->phase = Phase::door_open;
        request->source = kSeenOpen;
        save_progress(writer, *request);
      }
      return {};
    });
    context_.blocked = context_.paused = false;
    co_return;
  }
  const auto request =
      context_.db.read([&](store::Reader& reader) { return unfinished(reader, request_); });
  if (!request || !*request) co_return;
  if ((*request)->operation == NTMS_LM_DOORACCESS) {
    co_await take_inventory();
  } else {
    co_await look_at_cleaner_slot(**request);
  }
}

// The full inventory: every cartridge is identified.
void DoorAccess::read_labels(store::Writer& writer) {
  const auto request = unfinished(writer, request_);
  const auto inventory = inventory_of(writer, request_);
  if (!request || !inventory || inventory_method(writer, *request) != NTMS_INVENTORY_OMID) return;
  Asker asker = the_library();
  asker.round = inventory->id;
  queue_identification_of_all(writer, context_.library, asker);
}

// Carries out the inventory request that belongs to the access, if there is one.
asio::awaitable<void> DoorAccess::take_inventory() {
  const auto end = [this](store::Writer& writer, std::uint32_t state, const Error& error) {
    if (auto inventory = inventory_of(writer, request_)) {
      finish(writer, *inventory, state, error.code, error.reason);
    }
    if (auto request = unfinished(writer, request_)) {
      request->phase = Phase::none;
      finish(writer, *request, state, error.code, error.reason);
    }
  };
  const auto wanted = context_.db.read(
      [&](store::Reader& reader) { return inventory_of(reader, request_).has_value(); });
  if (!wanted) {
    co_await changed_.wait({}, kPause);
    co_return;
  }
  if (*wanted) {
    const auto passed = [&](store::Writer& writer) {
      read_labels(writer);
      end(writer, NTMS_LM_PASSED, Error{});
    };
    const auto fresh = co_await refresh_inventory(context_, false, passed);
    if (fresh) co_return;
    context_.log->error("{}: the inventory after door access failed: {}", context_.name,
                        fresh.error().reason);
    store([&](store::Writer& writer) -> Result<void> {
      end(writer, NTMS_LM_FAILED, fresh.error());
      return {};
    });
    co_return;
  }
  store([&](store::Writer& writer) -> Result<void> {
    end(writer, NTMS_LM_PASSED, Error{});
    return {};
  });
}

// Records what the operator has put into the cleaner slot, or taken out of it.
asio::awaitable<void> DoorAccess::look_at_cleaner_slot(LibraryRequest request) {
  const auto slot = context_.db.read(
      [&](store::Reader& reader) { return reader.find<model::Slot>(request.slot); });
  if (!slot) {
    co_await changed_.wait({}, kPause);
    co_return;
  }
  Result<std::vector<scsi::ElementStatus>> elements =
      fail(ERROR_RESOURCE_NOT_PRESENT, "the cleaner slot was deleted");
  if (*slot) {
    elements = co_await read_patiently(context_, scsi::ElementType::storage,
                                       only((*slot)->element_address));
  }
  store([&](store::Writer& writer) -> Result<void> {
    auto stored = unfinished(writer, request_);
    auto library = writer.find<model::Library>(context_.library);
    auto place = writer.find<model::Slot>(request.slot);
    if (!stored || !library) return {};
    stored->phase = Phase::none;
    if (!elements || !place) {
      finish(writer, *stored, NTMS_LM_FAILED, elements.error().code, elements.error().reason);
      return {};
    }
    const auto* seen = element_at(*elements, place->element_address);
    const bool full = seen != nullptr && seen->full;
    if (stored->operation == NTMS_LM_INJECTCLEANER) {
      if (!full) {
        finish(writer, *stored, NTMS_LM_FAILED, ERROR_EMPTY, place->name + " is still empty");
        return {};
      }
      admit_cleaner(writer, *library, *place, seen->volume_tag, stored->cleans_left);
    } else {
      if (full) {
        finish(writer, *stored, NTMS_LM_FAILED, ERROR_NOT_EMPTY,
               "the cleaner is still in " + place->name);
        return {};
      }
      apply(writer, *place, model::SlotEvent::taken);
      if (const auto cleaner = cleaner_of(writer, *library)) leave_library(writer, cleaner->id);
    }
    finish(writer, *stored, NTMS_LM_PASSED);
    return {};
  });
}

}  // namespace ntms::operations
