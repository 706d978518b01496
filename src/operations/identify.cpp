// SPDX-License-Identifier: MIT
#include "operations/identify.h"

#include <string_view>

#include "device/media_types.h"
#include "operations/identity.h"
#include "operations/label_reader.h"
#include "operations/lone_drive.h"
#include "operations/mount_queue.h"
#include "operations/requests.h"
#include "operations/sides.h"
#include "platform/system.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::PhysicalMedium;

namespace {

constexpr std::string_view kIdentifies = "identifies";  // whether new media are identified

std::optional<LibraryRequest> queued_identification(store::Reader& reader, const Guid& medium) {
  return reader.first<LibraryRequest>(
      "t.medium=?1 AND t.operation=?2 AND t.state IN (0,1,5) AND t.medium IS NOT NULL", medium,
      NTMS_LM_CLASSIFY);
}

// The side of a request's medium that is looked at next; nothing when there is none left. In a
// drive that stands alone only the side that a person has turned up can be looked at.
Result<std::optional<Guid>> next_side(LibraryContext& context, const Guid& request_id,
                                      std::uint32_t number) {
  return context.db.read([&](store::Reader& reader) -> std::optional<Guid> {
    const auto request = unfinished(reader, request_id);
    if (!request || !can_bring_up(context, number)) return std::nullopt;
    if (is_lone_drive(context)) {
      if (number != 0) return std::nullopt;
      if (!request->side.is_null()) return request->side;
    }
    const auto side = side_with_number(reader, request->medium, number);
    return side ? std::optional(side->id) : std::nullopt;
  });
}

// The drive's and the cartridge's part of the end: out of the drive, or in it until somebody needs
// that.
void let_go(store::Writer& writer, const Job& job, const LibraryRequest& request, const Guid& up,
            bool stays) {
  if (!stays) {
    record_failed_load(writer, job);
    return;
  }
  auto drive = writer.find<model::Drive>(job.drive);
  auto medium = writer.find<PhysicalMedium>(request.medium);
  if (!drive || !medium) return;
  drive->state = NTMS_DRIVESTATE_DISMOUNTABLE;
  drive->saved_side = up;
  writer.update(*drive);
  medium->media_state = NTMS_MEDIASTATE_IDLE;
  medium->mounted_side = Guid{};
  writer.update(*medium);
  const auto library = writer.find<model::Library>(medium->library);
  if (!library || library->type != NTMS_LIBRARYTYPE_ONLINE) return;
  LibraryRequest later = the_library().request(writer, NTMS_LM_DISMOUNT, medium->library);
  later.option = kDismountDeferred;
  queue_dismount(writer, *medium, up, std::move(later));
}

// What has been learnt about a cartridge.
struct Learnt {
  bool proved = false;  // the label on one of its sides has told which one it is
  bool stays = false;   // the request has ended; the cartridge stays in its drive
};

// Stores what the label on the side that is up tells. With the last side the cartridge is let go
// of, and the request ends unless it is to be taken home.
Result<void> conclude(LibraryContext& context, const Job& job,
                      const std::optional<labels::Label>& label, bool last, Learnt& learnt) {
  return context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, job.request);
    if (!request) return fail(ERROR_CANCELLED, "the request is gone");
    const bool follows = !request->work_item.is_null();
    const auto identity =
        settle_identity(writer, job.side, label, {.follow_up = follows, .proved = learnt.proved});
    request = unfinished(writer, job.request);
    if (!identity || !request) return fail(ERROR_INVALID_MEDIA, "the cartridge was deleted");
    learnt.proved = identity->proved;
    const auto first = side_with_number(writer, identity->medium, 0);
    request->medium = identity->medium;
    request->side = first ? first->id : identity->side;
    writer.update(*request);
    if (identity->another) {
      follow_up(writer, context, request->id, identity->look_at, identity->expected_is_lost);
    }
    if (!last) return {};
    const auto library = writer.find<model::Library>(context.library);
    learnt.stays = request->option == kLeaveInDrive ||
                   (library && library->type == NTMS_LIBRARYTYPE_STANDALONE);
    let_go(writer, job, *request, identity->side, learnt.stays);
    if (learnt.stays) finish(writer, *request, NTMS_LM_PASSED);
    return {};
  });
}

// Reads the label of the side that is up and stores what it tells. An error ends the request.
asio::awaitable<Result<void>> look_at_side(LibraryContext& context, const Job& job, bool last,
                                           Learnt& learnt) {
  device::Drive& drive = *context.drives.at(job.element);
  if (drive.device_type() != scsi::kTypeTape) {
    co_return fail(ERROR_NOT_SUPPORTED, "labels are read from tapes only");
  }
  const auto label = co_await context.labels->read(drive, context.log, context.name);
  if (!label) co_return label.error();
  co_return conclude(context, job, *label, last, learnt);
}

void finish_passed(LibraryContext& context, const Guid& id) {
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, id)) finish(writer, *request, NTMS_LM_PASSED);
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

}  // namespace

LibraryRequest Asker::request(const store::Writer& writer, std::uint32_t operation,
                              const Guid& library) const {
  LibraryRequest request;
  request.id = Guid::make();
  request.operation = operation;
  request.library = library;
  request.round = round;
  request.work_item = work_item;
  request.time_queued = writer.now();
  request.application = application;
  request.user = user;
  request.computer = computer;
  return request;
}

Asker the_library() {
  Asker asker;
  asker.user = platform::user_name();
  asker.computer = platform::computer_name();
  return asker;
}

bool is_cleaner_bar_code(const model::Library& library, const std::string& bar_code) {
  return (library.flags & NTMS_LIBRARYFLAG_RECOGNIZECLEANERBARCODE) != 0 &&
         bar_code.starts_with("CLN");
}

bool identifies_new_media(store::Reader& reader) {
  return reader.setting(kIdentifies).value_or(0) != 0;
}

void set_identifies_new_media(store::Writer& writer, bool yes) {
  writer.set_setting(kIdentifies, std::int64_t{yes ? 1 : 0});
}

void queue_identification(store::Writer& writer, const PhysicalMedium& medium, const Asker& asker) {
  const auto library = writer.find<model::Library>(medium.library);
  if (!library || is_cleaner_bar_code(*library, medium.bar_code)) return;
  if (auto queued = queued_identification(writer, medium.id)) {
    // Asked for by somebody, it is carried out even if the medium is identified meanwhile.
    if (queued->round.is_null() && !asker.round.is_null()) {
      queued->round = asker.round;
      save_progress(writer, *queued);
    }
    if (queued->work_item.is_null() && !asker.work_item.is_null()) {
      queued->work_item = asker.work_item;
      writer.update(*queued);
    }
    return;
  }
  LibraryRequest request = asker.request(writer, NTMS_LM_CLASSIFY, medium.library);
  request.medium = medium.id;
  request.slot = medium.home_slot;
  if (const auto side = writer.first<model::Side>("t.medium=?1", medium.id)) {
    request.side = side->id;
  }
  writer.insert(request);
}

void queue_identification_of_all(store::Writer& writer, const Guid& library, const Asker& asker) {
  const auto type = writer.first<model::MediaType>("t.code=?1", device::kCleanerCartridge);
  const Guid cleaner = type ? type->id : Guid{};
  for (const Guid& id : writer.ids("SELECT m.guid FROM physical_medium m"
                                   " JOIN slot s ON s.guid=m.location WHERE m.library=?1"
                                   " AND m.media_type<>?2 ORDER BY s.number",
                                   library, cleaner)) {
    if (const auto medium = writer.find<PhysicalMedium>(id)) {
      queue_identification(writer, *medium, asker);
    }
  }
}

void queue_identification_of_unknown(store::Writer& writer, const Guid& library) {
  const Asker asker = the_library();
  for (const Guid& id : writer.ids("SELECT DISTINCT m.guid FROM physical_medium m"
                                   " JOIN slot s ON s.guid=m.location"
                                   " JOIN side p ON p.medium=m.guid"
                                   " WHERE m.library=?1 AND p.state=?2 ORDER BY s.number",
                                   library, NTMS_PARTSTATE_UNKNOWN)) {
    if (const auto medium = writer.find<PhysicalMedium>(id)) {
      queue_identification(writer, *medium, asker);
    }
  }
}

asio::awaitable<void> identify(LibraryContext& context, const Job& request_job) {
  Job job = request_job;
  Learnt learnt;
  auto side = next_side(context, job.request, 0);
  for (std::uint32_t number = 0; side && *side; ++number) {
    job.side = **side;
    if (!co_await put_in_place(context, job)) co_return;
    side = next_side(context, job.request, number + 1);
    if (!side) co_return;
    const bool last = !side->has_value();
    const auto done = co_await look_at_side(context, job, last, learnt);
    if (!done) {
      co_await undo(context, job, NTMS_LM_FAILED, done.error());
      co_return;
    }
    if (learnt.stays) co_return;
    // The cartridge may have turned out to be another one.
    if (!last) side = next_side(context, job.request, number + 1);
  }
  co_await take_home(context, job);
  finish_passed(context, job.request);
}

asio::awaitable<void> look_into_slot(LibraryContext& context, Guid id) {
  const auto begun = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return fail(ERROR_CANCELLED, "the request is gone");
    if (request->state != NTMS_LM_INPROCESS) start(writer, *request);
    return {};
  });
  if (!begun) co_return;
  const auto arm = co_await context.arm.lock();
  // In the transaction of what the robot tells.
  const auto end = [id](store::Writer& writer) {
    auto request = unfinished(writer, id);
    if (!request) return;
    const auto medium = writer.first<PhysicalMedium>("t.location=?1", request->slot);
    if (!medium) {
      finish(writer, *request, NTMS_LM_PASSED);
      return;
    }
    request->medium = medium->id;
    if (const auto side = writer.first<model::Side>("t.medium=?1", medium->id)) {
      request->side = side->id;
    }
    wait_for(writer, *request, "waits for a drive");
    writer.update(*request);
  };
  const auto fresh = co_await refresh_inventory(context, false, end);
  if (fresh) co_return;
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, id)) {
      finish(writer, *request, NTMS_LM_FAILED, fresh.error().code, fresh.error().reason);
    }
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

void follow_up(store::Writer& writer, const LibraryContext& context, const Guid& cause,
               const Guid& look_at, bool expected_is_lost) {
  const auto library = writer.find<model::Library>(context.library);
  if (library && library->type == NTMS_LIBRARYTYPE_STANDALONE) {
    retire_absent(writer, library->id);  // there is no other place where it could be
    return;
  }
  if (!library || !library->auto_recovery) return;
  Asker asker = the_library();
  asker.work_item = cause;
  asker.round = cause;
  if (!look_at.is_null()) {
    if (const auto medium = writer.find<PhysicalMedium>(look_at)) {
      queue_identification(writer, *medium, asker);
    }
    return;
  }
  const auto request = writer.find<LibraryRequest>(cause);
  // One full inventory looks for all that are lost; what it finds does not start another one.
  const bool first =
      request && (request->operation != NTMS_LM_CLASSIFY || request->round.is_null());
  if (!expected_is_lost || !first) return;
  LibraryRequest inventory = asker.request(writer, NTMS_LM_INVENTORY, library->id);
  inventory.work_item = Guid{};
  inventory.round = inventory.id;
  writer.insert(inventory);
  writer.mark_full_slots(library->id);
  asker.round = inventory.id;
  asker.work_item = Guid{};
  queue_identification_of_all(writer, library->id, asker);
}

}  // namespace ntms::operations
