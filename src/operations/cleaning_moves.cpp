// SPDX-License-Identifier: MIT
// The moves of a cleaner and the wait for the drive: decide, commit, move, look, commit.
#include "operations/cleaning.h"
#include "operations/cleaning_job.h"
#include "operations/cleaning_queue.h"
#include "operations/device_states.h"
#include "operations/dismount.h"
#include "operations/doors.h"
#include "operations/drive_access.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/requests.h"
#include "operations/transfer.h"
#include "runtime/signal.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::Phase;

namespace {

Place place_of_drive(const CleaningJob& job) {
  return {scsi::ElementType::data_transfer, job.drive_element};
}

Place place_of_slot(const CleaningJob& job) {
  return {scsi::ElementType::storage, job.slot_element};
}

void set_drive(store::Writer& writer, const Guid& id, std::uint32_t state) {
  auto drive = writer.find<model::Drive>(id);
  if (!drive || drive->state == state) return;
  drive->state = state;
  drive->saved_side = Guid{};
  writer.update(*drive);
}

// Nobody knows where the cleaner is.
void lose(store::Writer& writer, const LibraryContext& context, const CleaningJob& job) {
  if (auto cleaner = writer.find<model::PhysicalMedium>(job.cleaner)) {
    if (auto slot = writer.find<model::Slot>(cleaner->location)) {
      apply(writer, *slot, model::SlotEvent::taken);
    }
    cleaner->location = Guid{};
    cleaner->location_type = NTMS_STORAGESLOT;
    cleaner->media_state = NTMS_MEDIASTATE_IDLE;
    writer.update(*cleaner);
  }
  set_drive(writer, job.drive, NTMS_DRIVESTATE_DISMOUNTED);
  note_defect(writer, context, messages::lost_on_the_way_home(context.name, job.bar_code));
}

// Stores where the cleaner is after the move into the drive. In the drive it is used once more.
void record_arrival(store::Writer& writer, const LibraryContext& context, const CleaningJob& job,
                    const TransferEnd& end) {
  auto request = unfinished(writer, job.request);
  auto cleaner = writer.find<model::PhysicalMedium>(job.cleaner);
  auto library = writer.find<model::Library>(context.library);
  if (!request || !cleaner || !library) return;
  request->phase = Phase::none;
  if (end.where == Whereabouts::target) {
    note_working(writer, context);
    if (auto slot = writer.find<model::Slot>(job.slot)) {
      apply(writer, *slot, model::SlotEvent::taken);
    }
    cleaner->media_state = NTMS_MEDIASTATE_MOUNTED;
    put_medium(writer, *cleaner, job.drive, NTMS_DRIVE);
    set_drive(writer, job.drive, NTMS_DRIVESTATE_BEING_CLEANED);
    if (library->cleaner_uses != 0 && library->cleaner_uses != kUsesNotCounted) {
      --library->cleaner_uses;
      writer.update(*library);
    }
    request->phase = Phase::cleaning;
    request->deadline = context.clock.now_ms() + kCleaningLimitMs;
  } else if (end.where == Whereabouts::nowhere) {
    lose(writer, context, job);
  } else {
    set_drive(writer, job.drive, NTMS_DRIVESTATE_DISMOUNTED);
  }
  save_progress(writer, *request);
}

// Stores where the cleaner is after the move home.
void record_return(store::Writer& writer, const LibraryContext& context, const CleaningJob& job,
                   const TransferEnd& end) {
  auto cleaner = writer.find<model::PhysicalMedium>(job.cleaner);
  if (!cleaner) return;
  if (end.where == Whereabouts::target) {
    note_working(writer, context);
    cleaner->media_state = NTMS_MEDIASTATE_IDLE;
    put_medium(writer, *cleaner, job.slot, NTMS_STORAGESLOT);
    if (auto slot = writer.find<model::Slot>(job.slot)) {
      apply(writer, *slot, model::SlotEvent::put);
    }
    set_drive(writer, job.drive, NTMS_DRIVESTATE_DISMOUNTED);
  } else if (end.where == Whereabouts::nowhere) {
    lose(writer, context, job);
  } else if (!end.blocked) {
    cleaner->media_state = NTMS_MEDIASTATE_UNLOADED;
    writer.update(*cleaner);
    set_drive(writer, job.drive, NTMS_DRIVESTATE_UNLOADED);
  }
}

void log_failure(const LibraryContext& context, const Result<void>& stored) {
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

// Where the cleaner is after a change of owner, as the end of the move that was under way.
asio::awaitable<TransferEnd> look_for_cleaner(LibraryContext& context, const CleaningJob& job,
                                              Place from, Place to) {
  TransferEnd end;
  const auto arm = co_await context.arm.lock();
  const auto sources = co_await read_patiently(context, from.type, only(from.address));
  if (!sources) {
    end.why_not = sources.error();
    co_return end;
  }
  const auto targets = co_await read_patiently(context, to.type, only(to.address));
  if (!targets) {
    end.why_not = targets.error();
    co_return end;
  }
  const auto* source = element_at(*sources, from.address);
  const auto* target = element_at(*targets, to.address);
  if (target != nullptr && may_be(*target, job.bar_code)) {
    end.where = Whereabouts::target;
  } else if (source != nullptr && may_be(*source, job.bar_code)) {
    end.where = Whereabouts::source;
  } else {
    end.where = Whereabouts::nowhere;
    end.why_not = Error(ERROR_MEDIUM_NOT_ACCESSIBLE, "the cleaner cartridge is in neither place");
  }
  co_return end;
}

// Takes what nobody uses out of the drive.
asio::awaitable<Result<void>> make_room(LibraryContext& context, const CleaningJob& job) {
  const auto empty = context.db.read([&](store::Reader& reader) {
    const auto drive = reader.find<model::Drive>(job.drive);
    return !drive || drive->state == NTMS_DRIVESTATE_DISMOUNTED;
  });
  if (!empty) co_return empty.error();
  if (*empty && job.phase != Phase::moving) co_return Result<void>{};
  Result<void> emptied = co_await empty_drive(context, job.request, job.drive);
  if (!emptied && emptied.error().code == ERROR_EMPTY) co_return Result<void>{};
  co_return emptied;
}

}  // namespace

void end_cleaning(LibraryContext& context, const CleaningJob& job, std::uint32_t state,
                  const Error& error) {
  log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, job.request);
    if (!request) return {};
    request->phase = Phase::none;
    if (state != NTMS_LM_WAITING) {
      finish(writer, *request, state, error.code, error.reason);
      return {};
    }
    release_medium(writer, job.cleaner, job.request);
    request->medium = Guid{};
    request->error_code = 0;
    wait_for(writer, *request, error.reason);
    return {};
  }));
}

asio::awaitable<bool> bring_cleaner_in(LibraryContext& context, const CleaningJob& job) {
  TransferEnd end;
  if (job.phase == Phase::moving && job.source == job.slot_element) {
    end = co_await look_for_cleaner(context, job, place_of_slot(job), place_of_drive(job));
  }
  if (end.where != Whereabouts::target && end.where != Whereabouts::nowhere) {
    if (const auto room = co_await make_room(context, job); !room) {
      const bool open = room.error().code == ERROR_BUSY;
      end_cleaning(context, job, open ? NTMS_LM_WAITING : NTMS_LM_FAILED, room.error());
      co_return false;
    }
    if (context.stopping) co_return false;
    const auto arm = co_await context.arm.lock();
    const auto decided = context.db.write([&](store::Writer& writer) -> Result<void> {
      auto request = unfinished(writer, job.request);
      if (!request) return fail(ERROR_CANCELLED, "the request is gone");
      request->phase = Phase::moving;
      request->source = job.slot_element;
      request->target = job.drive_element;
      save_progress(writer, *request);
      set_drive(writer, job.drive, NTMS_DRIVESTATE_BEING_CLEANED);
      return {};
    });
    if (!decided) {
      log_failure(context, decided);
      co_return false;
    }
    end = co_await transfer(context, place_of_slot(job), place_of_drive(job), job.bar_code);
  }
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_arrival(writer, context, job, end);
    return {};
  });
  if (!stored) {
    log_failure(context, stored);
    context.inventory_stale = true;
    co_return false;
  }
  if (end.where == Whereabouts::target) co_return true;
  if (!end.blocked) context.inventory_stale = true;
  if (end.blocked) {
    end_cleaning(context, job, NTMS_LM_WAITING, Error(ERROR_BUSY, why_blocked(context)));
  } else {
    end_cleaning(context, job, NTMS_LM_FAILED, end.why_not);
  }
  co_return false;
}

asio::awaitable<std::optional<Error>> wait_until_clean(LibraryContext& context,
                                                       const CleaningJob& job) {
  const auto deadline = context.db.read([&](store::Reader& reader) -> std::int64_t {
    const auto request = unfinished(reader, job.request);
    return request ? request->deadline : 0;
  });
  const auto found = context.drives.find(job.drive_element);
  if (!deadline || found == context.drives.end()) {
    co_return Error(ERROR_UNABLE_TO_CLEAN, "the drive is not reached any more");
  }
  device::Drive& drive = *found->second;
  runtime::Signal pause(context.executor, context.clock);
  while (!context.stopping) {
    const auto ready = co_await drive.test_ready();
    // A lost connection says nothing about the cleaning.
    const bool lost = drive.last_verdict().delivery != scsi::Delivery::delivered;
    const bool busy = ready == device::DriveReadiness::cleaning ||
                      ready == device::DriveReadiness::becoming_ready || lost;
    if (ready == device::DriveReadiness::ready) {
      co_return Error(ERROR_INVALID_CLEANER, "the cartridge in the cleaner slot is no cleaner");
    }
    if (!busy) {
      const std::string words = drive.last_verdict().words;
      const auto alerts = co_await drive.alerts();
      if (alerts && (*alerts)[scsi::kAlertCleanerSpent]) {
        co_return Error(ERROR_CLEANER_CARTRIDGE_SPENT, "the cleaner cartridge is used up");
      }
      if (alerts && (*alerts)[scsi::kAlertNoCleaner]) {
        co_return Error(ERROR_INVALID_CLEANER, "the drive cannot clean with this cartridge");
      }
      if (ready == device::DriveReadiness::error) {
        co_return Error(ERROR_UNABLE_TO_CLEAN, "the drive could not be cleaned: " + words);
      }
      co_return Error{};
    }
    if (context.clock.now_ms() >= *deadline) {
      co_return Error(ERROR_UNABLE_TO_CLEAN, "the drive did not finish cleaning in time");
    }
    co_await pause.wait(*deadline, context.poll_interval());
  }
  co_return std::nullopt;
}

asio::awaitable<bool> take_cleaner_home(LibraryContext& context, const CleaningJob& job,
                                        const Error& outcome) {
  TransferEnd end;
  if (job.phase == Phase::moving_home) {
    end = co_await look_for_cleaner(context, job, place_of_drive(job), place_of_slot(job));
  }
  if (end.where != Whereabouts::target && end.where != Whereabouts::nowhere) {
    if (const auto drive = context.drives.find(job.drive_element); drive != context.drives.end()) {
      // Drives that let go of it by themselves refuse; the move tells whether it can be taken.
      if (const auto unloaded = co_await drive->second->unload(); !unloaded) {
        context.log->debug("{}: unloading the cleaner: {}", context.name, unloaded.error().reason);
      } else {
        co_await wait_for_access(context, job.drive_element, false);
      }
    }
    const auto arm = co_await context.arm.lock();
    const auto decided = context.db.write([&](store::Writer& writer) -> Result<void> {
      auto request = unfinished(writer, job.request);
      if (!request) return fail(ERROR_CANCELLED, "the request is gone");
      request->phase = Phase::moving_home;
      request->source = job.drive_element;
      request->target = job.slot_element;
      request->error_code = outcome.code;  // for the next owner
      writer.update(*request);
      return {};
    });
    if (!decided) {
      log_failure(context, decided);
      co_return false;
    }
    end = co_await transfer(context, place_of_drive(job), place_of_slot(job), job.bar_code);
  }
  bool waits = false;
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    waits = false;
    record_return(writer, context, job, end);
    auto request = unfinished(writer, job.request);
    if (!request || !end.blocked) return {};
    waits = true;  // in the drive, until the library is closed
    wait_for(writer, *request, why_blocked(context));
    return {};
  });
  if (!stored) {
    log_failure(context, stored);
    context.inventory_stale = true;
    co_return false;
  }
  if (waits || end.where == Whereabouts::target) co_return !waits;
  context.inventory_stale = true;
  end_cleaning(context, job, NTMS_LM_FAILED, end.why_not);
  co_return false;
}

}  // namespace ntms::operations
