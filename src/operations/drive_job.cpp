// SPDX-License-Identifier: MIT
#include "operations/drive_job.h"

#include "operations/arm_recovery.h"
#include "operations/device_states.h"
#include "operations/dismount.h"
#include "operations/doors.h"
#include "operations/drive_health.h"
#include "operations/drive_load.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/exchange.h"
#include "operations/identity.h"
#include "operations/lone_drive.h"
#include "operations/messages.h"
#include "operations/mount_queue.h"
#include "operations/reconcile.h"
#include "operations/requests.h"
#include "operations/sides.h"
#include "operations/transfer.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;

namespace {

// The side of the request's cartridge that is to be up in the drive.
std::optional<model::Side> wanted_side(store::Reader& reader, const LibraryRequest& request,
                                       const Job& job) {
  if (!job.side.is_null()) return reader.find<model::Side>(job.side);
  if (!request.side.is_null()) return reader.find<model::Side>(request.side);
  return side_with_number(reader, request.medium, 0);
}

// What there is to be done, as far as is known.
struct Situation {
  bool gone = false;       // the request has ended
  bool withdrawn = false;  // it shall end
  bool in_drive = false;   // the side is in the drive already
  bool drive_full = false;
  bool interrupted = false;  // a move was under way when the last owner left
  std::uint32_t side = 0;    // the number of the side that is wanted
  Guid other_drive;          // which the cartridge is in, or is in with its other side up
  bool stays = false;        // in the drive until somebody needs that
};

Result<Situation> look(LibraryContext& context, const Job& job) {
  return context.db.read([&](store::Reader& reader) {
    Situation situation;
    const auto request = unfinished(reader, job.request);
    const auto drive = reader.find<model::Drive>(job.drive);
    situation.gone = !request || !drive;
    if (situation.gone) return situation;
    situation.withdrawn = wants_to_end(*request);
    situation.interrupted = request->phase == Phase::moving;
    situation.drive_full = drive->state != NTMS_DRIVESTATE_DISMOUNTED;
    const auto side = wanted_side(reader, *request, job);
    situation.side = side ? side->side : 0;
    const auto medium = reader.find<model::PhysicalMedium>(request->medium);
    if (!medium || medium->location_type != NTMS_DRIVE) return situation;
    const bool right_side =
        is_lone_drive(context) || !side || drive->saved_side == side->id ||
        reader.number("SELECT count(*) FROM side WHERE medium=?1", medium->id) == 1;
    const bool here = medium->location == drive->id;
    situation.in_drive = here && right_side && situation.drive_full;
    if (!situation.in_drive && (situation.drive_full || !here)) {
      situation.other_drive = medium->location;
    }
    situation.stays = here && drive->state == NTMS_DRIVESTATE_DISMOUNTABLE;
    return situation;
  });
}

// Deferred dismounts of cartridges that an interrupted exchange has brought home.
void end_deferred_at_home(store::Writer& writer, const LibraryContext& context) {
  for (const Guid& medium :
       writer.ids("SELECT m.guid FROM physical_medium m, library_request r WHERE r.library=?1"
                  " AND r.operation=?2 AND r.state=?3 AND m.guid=r.medium AND m.location_type=?4"
                  " AND m.location IS NOT NULL",
                  context.library, NTMS_LM_DISMOUNT, NTMS_LM_DEFERRED, NTMS_STORAGESLOT)) {
    end_deferred(writer, medium);
  }
}

// The robot tells where everything is, after a change of owner or when there is doubt.
asio::awaitable<Result<void>> settle(LibraryContext& context, const Job& job, bool interrupted) {
  if (interrupted) {
    const auto cleared = context.db.write([&](store::Writer& writer) -> Result<void> {
      if (auto request = unfinished(writer, job.request)) {
        request->phase = Phase::none;
        save_progress(writer, *request);
      }
      return {};
    });
    if (!cleared) co_return cleared.error();
  } else if (!context.inventory_stale && !context.changer->attention_pending()) {
    co_return Result<void>{};
  }
  {
    const auto arm = co_await context.arm.lock();
    const auto fresh = co_await refresh_inventory(
        context, false, [&](store::Writer& writer) { end_deferred_at_home(writer, context); });
    if (!fresh) co_return fresh.error();
  }
  // It may be the very cartridge that is wanted.
  if (context.arm_holds && !context.stopping) co_await empty_arm(context);
  co_return Result<void>{};
}

// Stores where the cartridge is after the move into the drive.
void record_move(store::Writer& writer, LibraryContext& context, const Job& job,
                 const TransferEnd& end) {
  auto request = unfinished(writer, job.request);
  auto drive = writer.find<model::Drive>(job.drive);
  if (request) {
    request->phase = Phase::none;
    save_progress(writer, *request);
  }
  if (!request || !drive) return;
  auto medium = writer.find<model::PhysicalMedium>(request->medium);
  if (!medium) return;
  if (end.where == Whereabouts::target) {
    note_working(writer, context);
    if (auto slot = writer.find<model::Slot>(medium->location)) {
      apply(writer, *slot, model::SlotEvent::taken);
    }
    medium->media_state = NTMS_MEDIASTATE_MOUNTED;
    medium->mounted_side = job.side.is_null() ? request->side : job.side;
    drive->saved_side = medium->mounted_side;
    // What the arm has not turned over, whatever it was told, shows its other side.
    if (number_of_side(writer, drive->saved_side) != end.side_up) {
      if (const auto up = side_with_number(writer, medium->id, end.side_up)) {
        drive->saved_side = medium->mounted_side = up->id;
      }
    }
    put_medium(writer, *medium, drive->id, NTMS_DRIVE);
    drive->state = NTMS_DRIVESTATE_MOUNTED;
    writer.update(*drive);
  } else if (end.where == Whereabouts::nowhere) {
    medium->location = Guid{};
    medium->location_type = NTMS_STORAGESLOT;
    writer.update(*medium);
    note_defect(writer, context, messages::lost_on_the_way(context.name, medium->bar_code));
  }
}

// Moves the cartridge into the drive, which is empty. ERROR_BUSY: the library is open, to be tried
// again. The caller holds the arm.
asio::awaitable<Result<void>> move_in(LibraryContext& context, const Job& job) {
  Place from{scsi::ElementType::storage, 0};
  const Place to{scsi::ElementType::data_transfer, job.element};
  std::string bar_code;
  SideUp up;
  const auto decided = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, job.request);
    if (!request) return fail(ERROR_CANCELLED, "the request is gone");
    const auto side = wanted_side(writer, *request, job);
    up.wanted = side ? side->side : 0;
    up.turned = job.turned;
    const auto medium = writer.find<model::PhysicalMedium>(request->medium);
    if (!medium) return fail(ERROR_INVALID_MEDIA, "the cartridge was deleted");
    if (const auto slot = writer.find<model::Slot>(medium->location)) {
      from.address = static_cast<std::uint16_t>(slot->element_address);
    } else if (const auto other = writer.find<model::Drive>(medium->location)) {
      from = {scsi::ElementType::data_transfer, static_cast<std::uint16_t>(other->element_address)};
    } else if (const auto port = writer.find<model::Port>(medium->location)) {
      from = {scsi::ElementType::import_export, static_cast<std::uint16_t>(port->element_address)};
    } else {
      return fail(ERROR_MEDIUM_NOT_ACCESSIBLE, "nobody knows where " + medium->name + " is");
    }
    bar_code = medium->bar_code;
    request->phase = Phase::moving;
    request->source = from.address;
    request->target = to.address;
    save_progress(writer, *request);
    return {};
  });
  if (!decided) co_return decided.error();
  const TransferEnd end = co_await transfer(context, from, to, bar_code, up);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_move(writer, context, job, end);
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

void end_request(LibraryContext& context, const Job& job, std::uint32_t state, std::uint32_t code,
                 const std::string& reason) {
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, job.request);
    if (!request) return {};
    request->phase = Phase::none;
    if (state == NTMS_LM_WAITING) {
      if (!request->drive_given) request->drive = Guid{};
      wait_for(writer, *request, reason);
      save_progress(writer, *request);
    } else {
      finish(writer, *request, state, code, reason);
    }
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

}  // namespace

void record_failed_load(store::Writer& writer, const Job& job) {
  auto drive = writer.find<model::Drive>(job.drive);
  if (!drive) return;
  drive->state = NTMS_DRIVESTATE_UNLOADED;
  writer.update(*drive);
  if (auto medium = writer.first<model::PhysicalMedium>("t.location=?1", drive->id)) {
    medium->media_state = NTMS_MEDIASTATE_UNLOADED;
    medium->mounted_side = Guid{};
    writer.update(*medium);
  }
}

asio::awaitable<void> take_home(LibraryContext& context, const Job& job) {
  if (is_lone_drive(context)) {
    const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
      release_lone_drive(writer, job.drive);
      return {};
    });
    if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
    co_return;
  }
  const Result<void> emptied = co_await empty_drive(context, job.request, job.drive);
  if (emptied) co_return;
  context.log->warn("{}: a cartridge stays in its drive: {}", context.name, emptied.error().reason);
}

asio::awaitable<Result<void>> bring_home(LibraryContext& context, const Job& job, Guid drive) {
  const bool other = context.busy_drives.insert(drive).second;
  const Result<void> emptied = co_await empty_drive(context, job.request, drive);
  if (other) context.busy_drives.erase(drive);
  if (!emptied && emptied.error().code != ERROR_EMPTY) co_return emptied.error();
  co_return context.db.write([&](store::Writer& writer) -> Result<void> {
    const auto request = unfinished(writer, job.request);
    if (!request) return {};
    auto medium = writer.find<model::PhysicalMedium>(request->medium);
    if (!medium || medium->media_state != NTMS_MEDIASTATE_IDLE) return {};
    medium->media_state = NTMS_MEDIASTATE_INUSE;
    writer.update(*medium);
    return {};
  });
}

void note_trouble_of(LibraryContext& context, const Job& job) {
  const auto drive = context.drives.find(job.element);
  if (drive == context.drives.end()) return;
  note_drive_trouble(context, job.element, drive->second->last_verdict());
}

asio::awaitable<void> undo(LibraryContext& context, const Job& job, std::uint32_t state,
                           Error error) {
  const auto marked = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_failed_load(writer, job);
    const auto request = unfinished(writer, job.request);
    if (request && request->operation == NTMS_LM_CLASSIFY &&
        error.code == ERROR_MEDIA_INCOMPATIBLE) {
      mark_incompatible(writer, request->medium);
    }
    return {};
  });
  if (!marked) context.log->error("{}: {}", context.name, marked.error().reason);
  co_await take_home(context, job);
  end_request(context, job, state, error.code, error.reason);
}

namespace {

// Ends a request whose cartridge is not in the drive as it has to be. One that is there with its
// other side up is taken out.
asio::awaitable<void> end_without(LibraryContext& context, const Job& job,
                                  const Situation& situation, Error error) {
  const std::uint32_t state = error.code == ERROR_CANCELLED ? NTMS_LM_CANCELLED : NTMS_LM_FAILED;
  if (situation.other_drive == job.drive && !situation.stays) {
    co_await undo(context, job, state, std::move(error));
  } else {
    end_request(context, job, state, error.code, error.reason);
  }
}

// Moves the cartridge into the drive with the right side up, after everything that is in the way
// has been moved. ERROR_BUSY: the library is open, to be tried again.
asio::awaitable<Result<void>> make_room_and_move(LibraryContext& context, const Job& job,
                                                 Situation situation) {
  if (!situation.other_drive.is_null()) {
    const auto home = co_await bring_home(context, job, situation.other_drive);
    if (!home) co_return home.error();
  } else if (situation.drive_full) {
    const auto exchanged = co_await exchange_in_drive(context, job.request, job.drive);
    if (!exchanged) co_return exchanged.error();
  }
  const auto now = look(context, job);
  if (!now) co_return now.error();
  if (now->gone || now->in_drive || context.stopping) co_return Result<void>{};
  if (now->drive_full) {
    const auto emptied = co_await empty_drive(context, job.request, job.drive);
    if (!emptied && emptied.error().code != ERROR_EMPTY) co_return emptied.error();
  }
  if (context.stopping) co_return Result<void>{};
  const auto arm = co_await context.arm.lock();
  co_return co_await move_in(context, job);
}

}  // namespace

asio::awaitable<bool> put_in_place(LibraryContext& context, const Job& job) {
  auto situation = look(context, job);
  if (!situation || situation->gone) co_return false;
  if (const auto settled = co_await settle(context, job, situation->interrupted); !settled) {
    end_request(context, job, NTMS_LM_FAILED, settled.error().code, settled.error().reason);
    co_return false;
  }
  situation = look(context, job);
  if (!situation || situation->gone || context.stopping) co_return false;
  if (situation->withdrawn && !situation->in_drive) {
    co_await end_without(context, job, *situation,
                         Error(ERROR_CANCELLED, "the caller no longer waits"));
    co_return false;
  }
  if (!can_bring_up(context, situation->side)) {
    co_await end_without(
        context, job, *situation,
        Error(ERROR_RESOURCE_NOT_AVAILABLE, context.name + " does not turn media over"));
    co_return false;
  }
  if (!situation->in_drive && is_lone_drive(context)) {
    ask_to_insert(context, job);  // a look at the drive has told that it is not there any more
    co_return false;
  }
  if (!situation->in_drive) {
    const auto moved = co_await make_room_and_move(context, job, *situation);
    if (!moved) {
      const bool open = moved.error().code == ERROR_BUSY;
      end_request(context, job, open ? NTMS_LM_WAITING : NTMS_LM_FAILED, moved.error().code,
                  moved.error().reason);
      co_return false;
    }
    situation = look(context, job);
    if (!situation || situation->gone || context.stopping) co_return false;
    if (situation->other_drive == job.drive) {
      co_await undo(context, job, NTMS_LM_FAILED,
                    Error(ERROR_MEDIUM_NOT_ACCESSIBLE,
                          "the robot reported success but did not turn the cartridge over"));
      co_return false;
    }
  }
  if (context.stopping) co_return false;
  if (const auto loaded = co_await load_in_drive(context, job); !loaded) {
    if (is_lone_drive(context) && loaded.error().code == ERROR_EMPTY) {
      ask_to_insert(context, job);
      co_return false;
    }
    if (context.stopping) co_return false;
    note_trouble_of(context, job);
    const bool withdrawn = loaded.error().code == ERROR_CANCELLED;
    co_await undo(context, job, withdrawn ? NTMS_LM_CANCELLED : NTMS_LM_FAILED, loaded.error());
    co_return false;
  }
  const auto now = look(context, job);
  if (!now || now->gone) co_return false;
  if (now->withdrawn) {
    co_await undo(context, job, NTMS_LM_CANCELLED,
                  Error(ERROR_CANCELLED, "the caller no longer waits"));
    co_return false;
  }
  co_return true;
}

}  // namespace ntms::operations
