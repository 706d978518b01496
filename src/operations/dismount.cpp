// SPDX-License-Identifier: MIT
#include "operations/dismount.h"

#include <algorithm>

#include "operations/admission.h"
#include "operations/device_states.h"
#include "operations/doors.h"
#include "operations/drive_unload.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/lone_drive.h"
#include "operations/messages.h"
#include "operations/mount_queue.h"
#include "operations/reconcile.h"
#include "operations/requests.h"
#include "operations/sides.h"
#include "operations/transfer.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::Phase;

namespace {

// After a change of owner the move may have happened: the inventory tells. True when it has.
asio::awaitable<Result<bool>> settle(LibraryContext& context, Guid request_id, Guid drive) {
  bool interrupted = false;
  const auto known = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, request_id);
    interrupted = request && request->phase == Phase::moving;
    if (!interrupted) return {};
    request->phase = Phase::none;
    save_progress(writer, *request);
    return {};
  });
  if (!known) co_return known.error();
  if (!interrupted && !context.inventory_stale && !context.changer->attention_pending()) {
    co_return false;
  }
  const auto arm = co_await context.arm.lock();
  const auto fresh = co_await refresh_inventory(context, false);
  if (!fresh) co_return fresh.error();
  const auto empty = context.db.read([&](store::Reader& reader) {
    return reader.number("SELECT count(*) FROM drive WHERE guid=?1 AND state<>?2", drive,
                         NTMS_DRIVESTATE_DISMOUNTED) == 0;
  });
  if (!empty) co_return empty.error();
  if (*empty && !interrupted) co_return fail(ERROR_EMPTY, "the drive is empty");
  co_return *empty;
}

// Stores where the cartridge of a drive is after a move to a slot.
void record(store::Writer& writer, const LibraryContext& context, const Guid& drive_id,
            const Guid& slot_id, const TransferEnd& end) {
  auto drive = writer.find<model::Drive>(drive_id);
  auto slot = writer.find<model::Slot>(slot_id);
  const auto library = writer.find<model::Library>(context.library);
  if (!drive || !slot || !library || end.where == Whereabouts::unknown) return;
  if (end.where == Whereabouts::source) {
    // It stayed in the drive; nobody uses it any more.
    if (!end.blocked && drive->state != NTMS_DRIVESTATE_UNLOADED) {
      drive->state = NTMS_DRIVESTATE_UNLOADED;
      writer.update(*drive);
    }
    return;
  }
  drive->state = NTMS_DRIVESTATE_DISMOUNTED;
  drive->saved_side = Guid{};
  writer.update(*drive);
  auto medium = writer.first<model::PhysicalMedium>("t.location=?1", drive->id);
  if (end.where == Whereabouts::target) {
    note_working(writer, context);
    if (medium) {
      medium->mounted_side = Guid{};
      medium->media_state = NTMS_MEDIASTATE_IDLE;
      medium->home_slot = slot->id;
      put_medium(writer, *medium, slot->id, NTMS_STORAGESLOT);
      apply(writer, *slot, model::SlotEvent::put);
      end_deferred(writer, medium->id);
    } else {
      admit(writer, *library, *slot, end.bar_code);
    }
  } else if (medium) {
    medium->mounted_side = Guid{};
    medium->media_state = NTMS_MEDIASTATE_IDLE;
    medium->location = Guid{};
    medium->location_type = NTMS_STORAGESLOT;
    writer.update(*medium);
    note_defect(writer, context, messages::lost_on_the_way_home(context.name, medium->bar_code));
  }
}

// One move from a drive that has been unloaded to a slot. ERROR_NOT_EMPTY: the slot was not as free
// as believed, and the inventory has told so. The caller holds the arm.
asio::awaitable<Result<void>> move_to_slot(LibraryContext& context, Guid request_id,
                                           Guid drive_id) {
  Place from{scsi::ElementType::data_transfer, 0};
  Place to{scsi::ElementType::storage, 0};
  Guid slot_id;
  std::string bar_code;
  SideUp side;
  const auto decided = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, request_id);
    const auto drive = writer.find<model::Drive>(drive_id);
    if (!request || !drive) return fail(ERROR_INVALID_DRIVE, "the drive was deleted");
    const auto medium = writer.first<model::PhysicalMedium>("t.location=?1", drive->id);
    const auto slot = slot_for_return(writer, *drive, medium);
    if (!slot) return fail(ERROR_LIBRARY_FULL, "there is no free slot for the cartridge");
    from.address = static_cast<std::uint16_t>(drive->element_address);
    to.address = static_cast<std::uint16_t>(slot->element_address);
    slot_id = slot->id;
    if (medium) bar_code = medium->bar_code;
    side.believed = number_of_side(writer, drive->saved_side);
    request->phase = Phase::moving;
    request->source = from.address;
    request->target = to.address;
    save_progress(writer, *request);
    return {};
  });
  if (!decided) co_return decided.error();
  const TransferEnd end = co_await transfer(context, from, to, bar_code, side);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, request_id)) {
      request->phase = Phase::none;
      save_progress(writer, *request);
    }
    record(writer, context, drive_id, slot_id, end);
    return {};
  });
  if (!stored) {
    context.inventory_stale = true;
    co_return stored.error();
  }
  if (end.where == Whereabouts::target) co_return Result<void>{};
  if (end.blocked) co_return fail(ERROR_BUSY, why_blocked(context));
  context.inventory_stale = true;
  if (end.where != Whereabouts::unknown) {
    if (const auto fresh = co_await refresh_inventory(context, false); !fresh) {
      context.log->warn("{}: inventory: {}", context.name, fresh.error().reason);
    }
  }
  co_return end.why_not;
}

}  // namespace

std::optional<model::Slot> slot_for_return(store::Reader& reader, const model::Drive& drive,
                                           const std::optional<model::PhysicalMedium>& medium) {
  if (medium) {
    auto home = reader.find<model::Slot>(medium->home_slot);
    if (home && home->library == drive.library && home->state != NTMS_SLOTSTATE_NOTPRESENT &&
        reader.number("SELECT count(*) FROM physical_medium WHERE location=?1", home->id) == 0) {
      return home;
    }
  }
  return first_free_slot(reader, drive.library);
}

Result<void> note_unloaded(LibraryContext& context, const Guid& drive_id) {
  return context.db.write([&](store::Writer& writer) -> Result<void> {
    auto drive = writer.find<model::Drive>(drive_id);
    if (!drive || drive->state == NTMS_DRIVESTATE_DISMOUNTED) return {};
    drive->state = NTMS_DRIVESTATE_UNLOADED;
    writer.update(*drive);
    if (auto medium = writer.first<model::PhysicalMedium>("t.location=?1", drive->id)) {
      medium->media_state = NTMS_MEDIASTATE_UNLOADED;
      medium->mounted_side = Guid{};
      writer.update(*medium);
    }
    return {};
  });
}

asio::awaitable<Result<void>> empty_drive(LibraryContext& context, Guid request, Guid drive_id) {
  if (is_lone_drive(context)) co_return co_await unload_lone_drive(context, drive_id);
  constexpr int kMostOccupied = 8;  // slots found full that were believed empty
  const auto settled = co_await settle(context, request, drive_id);
  if (!settled) co_return settled.error();
  if (*settled) co_return Result<void>{};
  const auto element = context.db.read([&](store::Reader& reader) -> std::uint32_t {
    const auto drive = reader.find<model::Drive>(drive_id);
    return drive ? drive->element_address : 0;
  });
  if (!element) co_return element.error();
  co_await unload_drive(context, static_cast<std::uint16_t>(*element), false);
  if (const auto noted = note_unloaded(context, drive_id); !noted) co_return noted.error();
  const auto arm = co_await context.arm.lock();
  for (int occupied = 0;; ++occupied) {
    const Result<void> outcome = co_await move_to_slot(context, request, drive_id);
    const bool again = !outcome && outcome.error().code == ERROR_NOT_EMPTY;
    if (!again || occupied == kMostOccupied) co_return outcome;
  }
}

namespace {

// The drive of a cartridge that is dismounted: the one it is in now, which after a deferred
// dismount may be another than then. Null when it is in none.
Guid drive_of(store::Reader& reader, const model::LibraryRequest& request) {
  if (request.side.is_null()) return request.drive;
  const auto medium = reader.find<model::PhysicalMedium>(request.medium);
  return medium && medium->location_type == NTMS_DRIVE ? medium->location : Guid{};
}

// The application is done with the cartridge, which stays in the drive until somebody needs that or
// the drive's delay is over.
void defer(store::Writer& writer, const LibraryContext& context, model::LibraryRequest& request,
           model::Drive& drive) {
  constexpr std::int64_t kSecond = 1000;
  if (is_lone_drive(writer, context.library)) {
    release_lone_drive(writer, drive.id);  // nobody else can need the drive
    finish(writer, request, NTMS_LM_PASSED);
    return;
  }
  drive.state = NTMS_DRIVESTATE_DISMOUNTABLE;
  writer.update(drive);
  if (auto medium = writer.find<model::PhysicalMedium>(request.medium)) {
    medium->media_state = NTMS_MEDIASTATE_IDLE;
    medium->mounted_side = Guid{};
    writer.update(*medium);
  }
  request.deadline = context.clock.now_ms() + kSecond * drive.defer_dismount_delay;
  request.state =
      model::next_state(request.state, model::RequestEvent::deferred).value_or(request.state);
  request.reason = "the cartridge stays in its drive until somebody needs that";
  writer.update(request);
  save_progress(writer, request);
  writer.complete(NTMS_PARTITION, request.side);
}

// Starts the dismount of a medium. True when the drive is to be emptied now.
bool begin_dismount(store::Writer& writer, const LibraryContext& context,
                    model::LibraryRequest& request, const Guid& drive_id) {
  auto drive = writer.find<model::Drive>(drive_id);
  if (!drive) {
    finish(writer, request, NTMS_LM_PASSED);  // it has been taken out meanwhile
    return false;
  }
  if (request.option == kDismountDeferred && request.state == NTMS_LM_QUEUED) {
    defer(writer, context, request, *drive);
    return false;
  }
  if (request.state != NTMS_LM_INPROCESS) start(writer, request);
  return true;
}

}  // namespace

asio::awaitable<void> run_dismount(LibraryContext& context, Guid id) {
  Guid drive;
  bool begun = false;
  const auto begin = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return {};
    if (wants_to_end(*request) && request->phase == Phase::none) {
      finish_withdrawn(writer, *request);
      return {};
    }
    drive = drive_of(writer, *request);
    if (!request->side.is_null()) {
      begun = begin_dismount(writer, context, *request, drive);
      return {};
    }
    if (is_lone_drive(writer, context.library)) {
      release_lone_drive(writer, drive);
      finish(writer, *request, NTMS_LM_PASSED);
      return {};
    }
    begun = true;
    if (request->state != NTMS_LM_INPROCESS) start(writer, *request);
    return {};
  });
  if (!begin || !begun) co_return;
  context.busy_drives.insert(drive);
  const Result<void> outcome = co_await empty_drive(context, id, drive);
  context.busy_drives.erase(drive);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return {};
    request->phase = Phase::none;
    if (outcome) {
      finish(writer, *request, NTMS_LM_PASSED);
    } else if (outcome.error().code == ERROR_BUSY) {
      wait_for(writer, *request, outcome.error().reason);
      save_progress(writer, *request);
    } else {
      finish(writer, *request, NTMS_LM_FAILED, outcome.error().code, outcome.error().reason);
    }
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

}  // namespace ntms::operations
