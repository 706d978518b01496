// SPDX-License-Identifier: MIT
#include "operations/mount.h"

#include <algorithm>
#include <array>
#include <vector>

#include "device/tape.h"
#include "operations/arm_recovery.h"
#include "operations/device_states.h"
#include "operations/dismount.h"
#include "operations/drive_job.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/exchange.h"
#include "operations/free_pool.h"
#include "operations/identify.h"
#include "operations/identity.h"
#include "operations/label_access.h"
#include "operations/lone_drive.h"
#include "operations/messages.h"
#include "operations/mount_queue.h"
#include "operations/reconcile.h"
#include "operations/requests.h"
#include "operations/transfer.h"
#include "runtime/events.h"
#include "transport/open.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;

namespace {

// The drive of a stand-alone library, with a cartridge that an operator has put there: it can be
// identified nowhere else.
std::optional<model::Drive> drive_with_stranger(store::Reader& reader,
                                                const LibraryContext& context,
                                                const LibraryRequest& request) {
  if (request.operation != NTMS_LM_CLASSIFY) return std::nullopt;
  const auto library = reader.find<model::Library>(context.library);
  if (!library || library->type != NTMS_LIBRARYTYPE_STANDALONE) return std::nullopt;
  auto drive = reader.first<model::Drive>(
      "t.library=?1 AND t.enabled=1 AND t.operational_state=0 AND t.saved_side IS NULL"
      " AND t.guid=(SELECT location FROM physical_medium WHERE guid=?2)",
      context.library, request.medium);
  if (!drive || context.busy_drives.contains(drive->id)) return std::nullopt;
  return drive;
}

// Why a mount cannot be started now; empty when it can.
std::string obstacle(store::Reader& reader, const LibraryContext& context,
                     const LibraryRequest& request, const model::PhysicalMedium& medium) {
  // What the operator has to bring for this call comes first: its media are mounted together.
  if (reader.number("SELECT count(*) FROM library_request r, physical_medium m"
                    " WHERE r.round=?1 AND r.operation=17 AND r.state IN (0,1,5,6)"
                    " AND m.guid=r.medium AND m.library<>?2",
                    request.round, context.library) != 0) {
    return "waits for the operator to bring a cartridge";
  }
  if (medium.location_type == NTMS_IEPORT) return medium.name + " is in a port";
  if ((medium.media_state == NTMS_MEDIASTATE_LOADED ||
       medium.media_state == NTMS_MEDIASTATE_MOUNTED) &&
      !drive_with_stranger(reader, context, request)) {
    return medium.name + " is mounted for somebody else";
  }
  if (reader.number("SELECT count(*) FROM library_request WHERE medium=?1 AND guid<>?2"
                    " AND operation>6 AND ((operation NOT IN (17,19) AND state IN (0,1,5))"
                    " OR (operation IN (17,19) AND state=1))",
                    request.medium, request.id) != 0) {
    return medium.name + " is in use";
  }
  return {};
}

// A drive that the mount may have now, with what has to be done before.
struct Candidate {
  model::Drive drive;
  int rank = 0;                // 0: holds the side; 1: empty; 2: has to be emptied
  model::Time idle_since = 0;  // when the cartridge in it was dismounted
};

// The drives that nobody uses and that are reached; one that stands alone is used by one operation
// at a time, whatever is in it.
std::vector<model::Drive> idle_drives(store::Reader& reader, const LibraryContext& context) {
  auto drives = reader.list<model::Drive>(
      "t.library=?1 AND t.enabled=1 AND t.operational_state=0 AND (t.state IN (0,5,7)"
      " OR EXISTS (SELECT 1 FROM library l WHERE l.guid=t.library AND l.type=?2))",
      context.library, NTMS_LIBRARYTYPE_STANDALONE);
  std::erase_if(drives, [&](const model::Drive& drive) {
    return context.busy_drives.contains(drive.id) ||
           !context.drives.contains(static_cast<std::uint16_t>(drive.element_address));
  });
  return drives;
}

std::vector<Candidate> candidates(store::Reader& reader, const LibraryContext& context,
                                  const LibraryRequest& request, bool overdue) {
  std::vector<Candidate> found;
  if (auto drive = drive_with_stranger(reader, context, request)) {
    found.push_back({.drive = *std::move(drive)});
    return found;
  }
  for (model::Drive& drive : idle_drives(reader, context)) {
    if (request.drive_given && drive.id != request.drive) continue;
    Candidate candidate;
    const auto inside = reader.first<model::PhysicalMedium>("t.location=?1", drive.id);
    if (!inside) {
      // Full without a cartridge that anybody knows: an inventory or a person has to see to it.
      if (drive.state != NTMS_DRIVESTATE_DISMOUNTED) continue;
      candidate.rank = 1;
    } else if (inside->id == request.medium &&
               (drive.saved_side == request.side || is_lone_drive(context))) {
      candidate.rank = 0;  // in a drive that stands alone the label tells whether it is so
    } else if (is_lone_drive(context)) {
      continue;  // only a person can take out what is in it
    } else {
      // Not from under a request that has to do with it.
      if (reader.number("SELECT count(*) FROM library_request WHERE medium=?1 AND guid<>?2"
                        " AND operation>6 AND (state=1 OR (state IN (0,5) AND operation<>19"
                        " AND NOT (?3 AND operation=17)))",
                        inside->id, request.id, static_cast<std::int64_t>(overdue)) != 0) {
        continue;
      }
      candidate.rank = 2;
      candidate.idle_since = inside->modified;
    }
    candidate.drive = std::move(drive);
    found.push_back(std::move(candidate));
  }
  std::stable_sort(found.begin(), found.end(), [](const Candidate& a, const Candidate& b) {
    return std::pair(a.rank, a.idle_since) < std::pair(b.rank, b.idle_since);
  });
  return found;
}

// How many mounts of the same call have no drive yet, this one included: they get them together, so
// that two calls do not wait for each other's drives.
std::size_t members_without_drive(store::Reader& reader, const LibraryRequest& request) {
  return static_cast<std::size_t>(reader.number(
      "SELECT count(*) FROM library_request WHERE round=?1 AND operation=17 AND state IN (0,5)",
      request.round));
}

void give_drive_back(LibraryContext& context, const Guid& drive) {
  context.busy_drives.erase(drive);
}

// What there is to be done, as far as is known.
struct Situation {
  bool gone = false;       // the request has ended
  bool withdrawn = false;  // it shall end
  bool in_drive = false;   // the side is in the drive already
  bool drive_full = false;
  bool interrupted = false;  // a move was under way when the last owner left
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
    const auto inside = reader.first<model::PhysicalMedium>("t.location=?1", drive->id);
    situation.in_drive = inside && inside->id == request->medium && situation.drive_full;
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
    medium->mounted_side = request->side;
    put_medium(writer, *medium, drive->id, NTMS_DRIVE);
    drive->state = NTMS_DRIVESTATE_MOUNTED;
    drive->saved_side = request->side;
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
  const auto decided = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, job.request);
    if (!request) return fail(ERROR_CANCELLED, "the request is gone");
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
  const TransferEnd end = co_await transfer(context, from, to, bar_code);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_move(writer, context, job, end);
    return {};
  });
  if (!stored) {
    context.inventory_stale = true;
    co_return stored.error();
  }
  if (end.where == Whereabouts::target) co_return Result<void>{};
  if (end.blocked) co_return fail(ERROR_BUSY, messages::library_is_open(context.name));
  context.inventory_stale = true;
  if (end.where != Whereabouts::unknown) {
    if (const auto fresh = co_await refresh_inventory(context, false); !fresh) {
      context.log->warn("{}: inventory: {}", context.name, fresh.error().reason);
    }
  }
  co_return end.why_not;
}

// Loads the cartridge that is in the drive and waits until it is ready. Takes minutes: the arm is
// free meanwhile.
asio::awaitable<Result<void>> load(LibraryContext& context, const Job& job) {
  const auto found = context.drives.find(job.element);
  if (found == context.drives.end()) {
    co_return fail(ERROR_DEVICE_NOT_AVAILABLE, "the drive is not reached any more");
  }
  device::Drive& drive = *found->second;
  auto ready = co_await drive.wait_ready(scsi::kLoadTimeout);
  // A drive that stands alone may take in again what it has ejected.
  const bool ejected = ready == device::DriveReadiness::empty && is_lone_drive(context);
  if (ready == device::DriveReadiness::not_loaded || ejected) {
    if (const auto loaded = co_await drive.load(); !loaded) co_return loaded.error();
    ready = co_await drive.wait_ready(scsi::kLoadTimeout);
  }
  if (ready == device::DriveReadiness::ready) co_return Result<void>{};
  if (ready == device::DriveReadiness::empty) {
    co_return fail(ERROR_UNABLE_TO_LOAD_MEDIUM, "the drive does not see the cartridge");
  }
  const device::Verdict& verdict = drive.last_verdict();
  const bool incompatible =
      verdict.code == ERROR_MEDIA_INCOMPATIBLE || verdict.code == ERROR_CLEANER_CARTRIDGE_INSTALLED;
  co_return fail(incompatible ? ERROR_MEDIA_INCOMPATIBLE : ERROR_UNABLE_TO_LOAD_MEDIUM,
                 "the drive does not get ready: " + verdict.words);
}

// What the drive tells about the tape is kept with the cartridge.
void note_facts(model::PhysicalMedium& medium, const device::TapeFacts& facts) {
  if (facts.density != 0) medium.density_code = facts.density;
}

// What an application opens to reach the drive. Systems number their devices anew when they come
// back, which a drive may have done since its library was configured.
std::string device_name_now(const LibraryContext& context, const Job& job) {
  const auto found = context.drives.find(job.element);
  return found == context.drives.end() ? std::string()
                                       : transport::device_name(found->second->uri());
}

void record_loaded(store::Writer& writer, const Job& job, const std::string& device_name,
                   const std::optional<device::TapeFacts>& facts) {
  auto request = unfinished(writer, job.request);
  auto drive = writer.find<model::Drive>(job.drive);
  if (!request || !drive) return;
  auto medium = writer.find<model::PhysicalMedium>(request->medium);
  auto side = writer.find<model::Side>(request->side);
  if (!medium || !side) return;
  end_deferred(writer, medium->id);
  drive->state = NTMS_DRIVESTATE_LOADED;
  drive->saved_side = side->id;
  if (!device_name.empty()) drive->device_name = device_name;
  ++drive->mount_count;
  writer.update(*drive);
  ++side->mount_count;
  if (facts && facts->capacity != 0) side->capacity = static_cast<std::int64_t>(facts->capacity);
  writer.update(*side);
  medium->media_state = NTMS_MEDIASTATE_LOADED;
  medium->mounted_side = side->id;
  if (const auto type = writer.find<model::MediaType>(medium->media_type)) {
    medium->media_type_code = type->code;
  }
  if (facts) note_facts(*medium, *facts);
  writer.update(*medium);
  finish(writer, *request, NTMS_LM_PASSED);
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
    end_request(context, job, NTMS_LM_CANCELLED, ERROR_CANCELLED, "the caller no longer waits");
    co_return false;
  }
  if (!situation->in_drive && is_lone_drive(context)) {
    ask_to_insert(context, job);  // a look at the drive has told that it is not there any more
    co_return false;
  }
  if (!situation->in_drive && situation->drive_full) {
    if (const auto done = co_await exchange_in_drive(context, job.request, job.drive); !done) {
      end_request(context, job, NTMS_LM_WAITING, done.error().code, done.error().reason);
      co_return false;
    }
    situation = look(context, job);
    if (!situation || situation->gone || context.stopping) co_return false;
  }
  if (!situation->in_drive) {
    Result<void> moved;
    if (situation->drive_full) moved = co_await empty_drive(context, job.request, job.drive);
    if (context.stopping) co_return false;
    if (moved || moved.error().code == ERROR_EMPTY) {
      const auto arm = co_await context.arm.lock();
      moved = co_await move_in(context, job);
    }
    if (!moved) {
      const bool open = moved.error().code == ERROR_BUSY;
      end_request(context, job, open ? NTMS_LM_WAITING : NTMS_LM_FAILED, moved.error().code,
                  moved.error().reason);
      co_return false;
    }
  }
  if (context.stopping) co_return false;
  if (const auto loaded = co_await load(context, job); !loaded) {
    if (is_lone_drive(context) && loaded.error().code == ERROR_EMPTY) {
      ask_to_insert(context, job);
      co_return false;
    }
    co_await undo(context, job, NTMS_LM_FAILED, loaded.error());
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

namespace {

asio::awaitable<void> mount(LibraryContext& context, const Job& job) {
  if (!co_await put_in_place(context, job)) co_return;
  std::optional<device::TapeFacts> facts;
  device::Drive& drive = *context.drives.at(job.element);
  if (drive.device_type() == scsi::kTypeTape) {
    if (const auto right = co_await verify_label(context, drive, job.request); !right) {
      runtime::report(context.log, spdlog::level::err, runtime::Event::other_medium,
                      context.name + ": " + right.error().reason);
      co_await undo(context, job, NTMS_LM_FAILED, right.error());
      co_return;
    }
    if (const auto told = co_await device::tape_facts(drive, true)) facts = *told;
  }
  const std::string name = device_name_now(context, job);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_loaded(writer, job, name, facts);
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

// Writes the free label, takes the cartridge home, and has it in the free pool then.
asio::awaitable<void> prepare(LibraryContext& context, const Job& job) {
  if (!co_await put_in_place(context, job)) co_return;
  device::Drive& drive = *context.drives.at(job.element);
  const auto written = co_await write_free_label(context, drive, job.request);
  if (!written) {
    runtime::report(context.log, spdlog::level::err, runtime::Event::free_label_not_written,
                    context.name + ": " + written.error().reason);
    co_await undo(context, job, NTMS_LM_FAILED, written.error());
    co_return;
  }
  const auto marked = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_failed_load(writer, job);  // nobody uses it in the drive
    return {};
  });
  if (!marked) context.log->error("{}: {}", context.name, marked.error().reason);
  co_await take_home(context, job);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, job.request)) {
      const std::array labels{*written};
      complete_write_scratch(writer, *request, labels);
    }
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

}  // namespace

namespace {

// An identification that nobody needs any more ends before it has begun. True when it has ended.
bool finish_pointless(store::Writer& writer, LibraryRequest& request,
                      const model::PhysicalMedium& medium) {
  if (medium.library != request.library || medium.location.is_null()) {
    finish(writer, request, NTMS_LM_INVALID, ERROR_MEDIA_OFFLINE,
           medium.name + " is not in the library any more");
    return true;
  }
  if (!medium.enabled) {
    finish(writer, request, NTMS_LM_FAILED, ERROR_RESOURCE_DISABLED, medium.name + " is disabled");
    return true;
  }
  // Nobody has asked, and the medium is known by now.
  if (request.round.is_null() &&
      writer.number("SELECT count(*) FROM side WHERE medium=?1 AND state=?2", medium.id,
                    NTMS_PARTSTATE_UNKNOWN) == 0) {
    finish(writer, request, NTMS_LM_PASSED);
    return true;
  }
  return false;
}

}  // namespace

std::size_t drives_to_give(store::Reader& reader, const LibraryContext& context) {
  return idle_drives(reader, context).size();
}

Result<DriveChoice> choose_drive(LibraryContext& context, const Guid& id, Turn turn) {
  DriveChoice choice;
  Guid& chosen = choice.drive;
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    choice = DriveChoice{};
    auto request = unfinished(writer, id);
    if (!request) return {};
    if (request->state == NTMS_LM_INPROCESS) {
      // The last owner had begun with it: with the same drive.
      if (!context.busy_drives.contains(request->drive)) chosen = request->drive;
      return {};
    }
    if (wants_to_end(*request)) {
      finish_withdrawn(writer, *request);
      return {};
    }
    auto medium = writer.find<model::PhysicalMedium>(request->medium);
    if (!medium) {
      finish(writer, *request, NTMS_LM_INVALID, ERROR_INVALID_MEDIA, "the cartridge was deleted");
      return {};
    }
    if (request->operation == NTMS_LM_CLASSIFY && finish_pointless(writer, *request, *medium)) {
      return {};
    }
    if (const auto why = obstacle(writer, context, *request, *medium); !why.empty()) {
      wait_for(writer, *request, why);
      // It may have left the drive since the mount was queued.
      if (request->operation == NTMS_LM_MOUNT && medium->library != context.library &&
          is_lone_drive(context)) {
        ask_to_move(writer, *medium, context.library, request->application, request->user,
                    request->computer);
      }
      return {};
    }
    std::vector<Candidate> drives;
    if (turn != Turn::later) {
      drives = candidates(writer, context, *request, turn == Turn::overdue);
    }
    if (drives.empty() ||
        (!request->drive_given && drives.size() < members_without_drive(writer, *request))) {
      wait_for(writer, *request, "waits for a drive");
      choice.lacks_drive = true;
      return {};
    }
    chosen = request->drive = drives.front().drive.id;
    if (medium->media_state == NTMS_MEDIASTATE_IDLE) {
      medium->media_state = NTMS_MEDIASTATE_INUSE;  // an identification holds it only from now on
      writer.update(*medium);
    }
    start(writer, *request);
    return {};
  });
  if (!stored) return stored.error();
  if (!chosen.is_null()) context.busy_drives.insert(chosen);
  return choice;
}

asio::awaitable<void> run_in_drive(LibraryContext& context, Guid request, Guid drive) {
  Job job;
  job.request = request;
  job.drive = drive;
  std::uint32_t operation = 0;
  const auto element = context.db.read([&](store::Reader& reader) -> std::uint32_t {
    const auto found = reader.find<model::Drive>(drive);
    const auto row = reader.find<LibraryRequest>(request);
    operation = row ? row->operation : 0;
    return found ? found->element_address : 0;
  });
  if (element) {
    job.element = static_cast<std::uint16_t>(*element);
    if (operation == NTMS_LM_WRITESCRATCH) {
      co_await prepare(context, job);
    } else if (operation == NTMS_LM_CLASSIFY) {
      co_await identify(context, job);
    } else {
      co_await mount(context, job);
    }
  }
  give_drive_back(context, drive);
}

}  // namespace ntms::operations
