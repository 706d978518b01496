// SPDX-License-Identifier: MIT
#include "operations/cleaning.h"

#include "model/states.h"
#include "operations/cleaning_job.h"
#include "operations/cleaning_queue.h"
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

// Why the drive cannot be cleaned now; empty when it can.
std::string obstacle(store::Reader& reader, const LibraryRequest& request,
                     const model::Drive& drive) {
  if (reader.number("SELECT count(*) FROM library_request WHERE library=?1 AND guid<>?2"
                    " AND operation=?3 AND (state=1 OR phase<>0)",
                    request.library, request.id, NTMS_LM_CLEANDRIVE) != 0) {
    return "the cleaner cartridge is in use";
  }
  const auto inside = reader.first<model::PhysicalMedium>("t.location=?1", drive.id);
  if (!inside) return {};
  const bool wanted = reader.number(
                          "SELECT count(*) FROM library_request WHERE medium=?1 AND operation>6"
                          " AND state IN (0,1,5)",
                          inside->id) != 0;
  return wanted || model::is_in_use(inside->media_state) ? messages::waits_for_dismount(drive.name)
                                                         : std::string();
}

// Starts a cleaning that has not begun. False when it waits or has ended.
bool start_cleaning(store::Writer& writer, const LibraryContext& context, LibraryRequest& request,
                    const model::Drive& drive, const model::Library& library) {
  if (wants_to_end(request)) {
    finish_withdrawn(writer, request);
    return false;
  }
  if (!drive.enabled) {
    finish(writer, request, NTMS_LM_FAILED, ERROR_RESOURCE_DISABLED, drive.name + " is disabled");
    return false;
  }
  if (!context.drives.contains(static_cast<std::uint16_t>(drive.element_address))) {
    finish(writer, request, NTMS_LM_FAILED, ERROR_DEVICE_NOT_AVAILABLE,
           drive.name + " is not connected");
    return false;
  }
  if (const auto why = obstacle(writer, request, drive); !why.empty()) {
    wait_for(writer, request, why);
    return false;
  }
  auto cleaner = usable_cleaner(writer, library);
  if (!cleaner) {
    ask_for_cleaner(writer, library.id,
                    messages::bring_cleaner(library.name, drive.name,
                                            request.application == Asker().application));
    wait_for(writer, request, "waits for a cleaner cartridge");
    return false;
  }
  complete_cleaner_requests(writer, library.id);
  cleaner->media_state = NTMS_MEDIASTATE_INUSE;
  writer.update(*cleaner);
  request.medium = cleaner->id;
  request.slot = library.cleaner_slot;
  start(writer, request);
  return true;
}

// The cleaning to be carried out now; nothing when it waits or has ended.
Result<std::optional<CleaningJob>> begin(LibraryContext& context, const Guid& id) {
  std::optional<CleaningJob> job;
  const auto begun = context.db.write([&](store::Writer& writer) -> Result<void> {
    job.reset();
    auto request = unfinished(writer, id);
    if (!request) return {};
    const auto drive = writer.find<model::Drive>(request->drive);
    const auto library = writer.find<model::Library>(context.library);
    if (!drive || !library) {
      finish(writer, *request, NTMS_LM_INVALID, ERROR_INVALID_DRIVE, "the drive was deleted");
      return {};
    }
    const bool begun_before = request->phase != Phase::none || request->state == NTMS_LM_INPROCESS;
    if (!begun_before && !start_cleaning(writer, context, *request, *drive, *library)) return {};
    if (request->state != NTMS_LM_INPROCESS) start(writer, *request);
    const auto cleaner = writer.find<model::PhysicalMedium>(request->medium);
    const auto slot = writer.find<model::Slot>(request->slot);
    if (!cleaner || !slot) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_INVALID_CLEANER, "the cleaner was deleted");
      return {};
    }
    job.emplace();
    job->request = id;
    job->drive = drive->id;
    job->cleaner = cleaner->id;
    job->slot = slot->id;
    job->drive_element = static_cast<std::uint16_t>(drive->element_address);
    job->slot_element = static_cast<std::uint16_t>(slot->element_address);
    job->bar_code = cleaner->bar_code;
    job->phase = request->phase;
    job->source = static_cast<std::uint16_t>(request->source);
    job->outcome = request->error_code;
    return {};
  });
  if (!begun) return begun.error();
  return job;
}

void log_failure(const LibraryContext& context, const Result<void>& stored) {
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

// The cleaner is home: what has become of the cleaning (0: the drive is clean).
void conclude(LibraryContext& context, const CleaningJob& job, const Error& outcome) {
  bool again = false;
  log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
    again = outcome.code == ERROR_CLEANER_CARTRIDGE_SPENT;
    auto request = unfinished(writer, job.request);
    auto library = writer.find<model::Library>(context.library);
    if (!request || !library) return {};
    request->phase = Phase::none;
    if (again || outcome.code == ERROR_INVALID_CLEANER) {
      library->cleaner_uses = 0;
      library->flags &= ~static_cast<std::uint32_t>(NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING);
      writer.update(*library);
    }
    if (library->cleaner_uses == 0) {
      ask_for_cleaner(writer, library->id,
                      outcome.code == ERROR_INVALID_CLEANER
                          ? messages::not_a_cleaner(library->name, job.bar_code)
                          : messages::cleaner_spent(library->name));
    }
    if (again) return {};
    if (outcome.code == ERROR_SUCCESS) {
      if (auto drive = writer.find<model::Drive>(job.drive)) {
        drive->last_cleaned = writer.now();
        writer.update(*drive);
      }
      finish(writer, *request, NTMS_LM_PASSED);
    } else {
      finish(writer, *request, NTMS_LM_FAILED, outcome.code, outcome.reason);
    }
    return {};
  }));
  if (again) end_cleaning(context, job, NTMS_LM_WAITING, outcome);
}

std::string reason_of(std::uint32_t code) {
  switch (code) {
    case ERROR_SUCCESS:
      return {};
    case ERROR_CLEANER_CARTRIDGE_SPENT:
      return "the cleaner cartridge is used up";
    case ERROR_INVALID_CLEANER:
      return "the cartridge in the cleaner slot does not clean";
    default:
      return "the drive could not be cleaned";
  }
}

asio::awaitable<void> clean(LibraryContext& context, const CleaningJob& job) {
  Error outcome(job.outcome, reason_of(job.outcome));
  if (job.phase != Phase::moving_home) {
    if (job.phase != Phase::cleaning && !co_await bring_cleaner_in(context, job)) co_return;
    const auto end = co_await wait_until_clean(context, job);
    if (!end) co_return;
    outcome = *end;
  }
  if (co_await take_cleaner_home(context, job, outcome)) conclude(context, job, outcome);
}

}  // namespace

asio::awaitable<void> run_cleaning(LibraryContext& context, Guid request) {
  const auto job = begin(context, request);
  if (!job) {
    context.log->error("{}: {}", context.name, job.error().reason);
    co_return;
  }
  if (!*job) co_return;
  context.busy_drives.insert((*job)->drive);
  co_await clean(context, **job);
  context.busy_drives.erase((*job)->drive);
}

}  // namespace ntms::operations
