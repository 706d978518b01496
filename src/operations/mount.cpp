// SPDX-License-Identifier: MIT
#include "operations/mount.h"

#include <algorithm>
#include <vector>

#include "device/tape.h"
#include "operations/drive_job.h"
#include "operations/eject_support.h"
#include "operations/identify.h"
#include "operations/label_access.h"
#include "operations/lone_drive.h"
#include "operations/mount_queue.h"
#include "operations/prepare.h"
#include "operations/requests.h"
#include "runtime/events.h"
#include "transport/open.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;

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
  // 0: holds the side; 1: holds the cartridge, with its other side up; 2: empty; 3: to be emptied
  int rank = 0;
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
      candidate.rank = 2;
    } else if (inside->id == request.medium &&
               (drive.saved_side == request.side || is_lone_drive(context))) {
      candidate.rank = 0;  // in a drive that stands alone the label tells whether it is so
    } else if (inside->id == request.medium) {
      candidate.rank = 1;
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
      candidate.rank = 3;
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

// Brings the cartridge into the drive and sees by its label that it is the right one, with the
// right side up: where the label tells otherwise than the robot, the cartridge is turned over once.
// False as put_in_place().
asio::awaitable<bool> put_in_right(LibraryContext& context, Job job) {
  for (;;) {
    if (!co_await put_in_place(context, job)) co_return false;
    device::Drive& drive = *context.drives.at(job.element);
    if (drive.device_type() != scsi::kTypeTape) co_return true;
    const auto label = co_await verify_label(context, drive, job.request);
    if (label && *label == LabelCheck::right) co_return true;
    Error wrong(ERROR_INVALID_MEDIA, "the cartridge shows its other side");
    if (!label) {
      wrong = label.error();
      note_trouble_of(context, job);
    }
    runtime::report(context.log, spdlog::level::err, runtime::Event::other_medium,
                    context.name + ": " + wrong.reason);
    if (label && !job.turned && context.changer->turns_media()) {
      job.turned = true;
      const auto home = co_await bring_home(context, job, job.drive);
      if (home) continue;
      wrong = home.error();
    }
    co_await undo(context, job, NTMS_LM_FAILED, wrong);
    co_return false;
  }
}

asio::awaitable<void> mount(LibraryContext& context, const Job& job) {
  if (!co_await put_in_right(context, job)) co_return;
  std::optional<device::TapeFacts> facts;
  device::Drive& drive = *context.drives.at(job.element);
  if (drive.device_type() == scsi::kTypeTape) {
    if (const auto told = co_await device::tape_facts(drive, true)) facts = *told;
  }
  const std::string name = device_name_now(context, job);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_loaded(writer, job, name, facts);
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
  context.busy_drives.erase(drive);
}

}  // namespace ntms::operations
