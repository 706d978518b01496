// SPDX-License-Identifier: MIT
#include "server/mounting.h"

#include <ntmsapi.h>

#include <algorithm>
#include <set>
#include <string>

#include "model/states.h"
#include "operations/mount_queue.h"
#include "operations/requests.h"
#include "server/access.h"
#include "server/new_request.h"

namespace ntms::server {
using model::LibraryRequest;

namespace {

constexpr std::int32_t kHighest = 15;
constexpr std::uint32_t kDeferred = 1;  // OperationOption

// A medium as the call named it, with everything that decides about it.
struct Subject {
  model::Side side;
  model::PhysicalMedium medium;
  model::Library library;
  bool offline = false;  // in the offline library, or in one that is not there
};

Result<Subject> resolve(store::Reader& reader, const Guid& id) {
  Subject subject;
  std::optional<model::Side> side = reader.find<model::Side>(id);
  if (!side && reader.find<model::LogicalMedium>(id)) {
    side = reader.first<model::Side>("t.logical_medium=?1", id);
  }
  if (!side) return fail(ERROR_INVALID_MEDIA, id.to_string() + " is no logical medium or side");
  auto medium = reader.find<model::PhysicalMedium>(side->medium);
  if (!medium) return fail(ERROR_INVALID_MEDIA, "a side without a cartridge");
  auto library = reader.find<model::Library>(medium->library);
  if (!library) return fail(ERROR_INVALID_LIBRARY, medium->name + " is in no library");
  subject.side = *std::move(side);
  subject.medium = *std::move(medium);
  subject.library = *std::move(library);
  subject.offline = subject.library.type == NTMS_LIBRARYTYPE_OFFLINE ||
                    subject.library.operational_state == NTMS_NOT_PRESENT;
  return subject;
}

// All of them; no cartridge twice.
Result<std::vector<Subject>> resolve_all(store::Reader& reader, std::span<const Guid> ids) {
  std::vector<Subject> subjects;
  std::set<Guid> media;
  for (const Guid& id : ids) {
    auto subject = resolve(reader, id);
    if (!subject) return subject.error();
    if (!media.insert(subject->medium.id).second) {
      return fail(ERROR_INVALID_MEDIA, subject->medium.name + " was named twice");
    }
    subjects.push_back(*std::move(subject));
  }
  return subjects;
}

Result<std::vector<model::Drive>> find_drives(store::Reader& reader, std::span<const Guid> ids) {
  std::vector<model::Drive> drives;
  std::set<Guid> seen;
  for (const Guid& id : ids) {
    auto drive = reader.find<model::Drive>(id);
    if (!drive || !seen.insert(id).second) {
      return fail(ERROR_INVALID_DRIVE, id.to_string() + " is no drive, or was named twice");
    }
    drives.push_back(*std::move(drive));
  }
  return drives;
}

Error disabled(const std::string& name) {
  return fail(ERROR_RESOURCE_DISABLED, name + " is disabled");
}

Result<void> check_enabled(const std::vector<Subject>& subjects,
                           const std::vector<model::Drive>& drives) {
  for (const Subject& subject : subjects) {
    if (!subject.library.enabled) return disabled(subject.library.name);
    if (!subject.medium.enabled || !subject.side.enabled) return disabled(subject.medium.name);
  }
  for (const model::Drive& drive : drives) {
    if (!drive.enabled) return disabled(drive.name);
  }
  return {};
}

// Whether a library can use media of a type.
bool takes(store::Reader& reader, const Guid& library, const Guid& media_type) {
  return reader.number("SELECT count(*) FROM library_media_type WHERE library=?1 AND media_type=?2",
                       library, media_type) != 0;
}

// The library that all media shall be mounted in: that of the drives, else of the media that are
// online, else one that could take what is offline; null when there is none.
Result<Guid> target_library(store::Reader& reader, const std::vector<Subject>& subjects,
                            const std::vector<model::Drive>& drives) {
  Guid target;
  for (const Subject& subject : subjects) {
    if (subject.offline) continue;
    if (!target.is_null() && target != subject.library.id) {
      return fail(ERROR_INVALID_LIBRARY, "the media are in different libraries");
    }
    target = subject.library.id;
  }
  for (const model::Drive& drive : drives) {
    if (!target.is_null() && drive.library != target) {
      return fail(ERROR_DRIVE_MEDIA_MISMATCH, drive.name + " is in another library");
    }
    target = drive.library;
  }
  if (target.is_null()) {
    const auto library = reader.first<model::Library>(
        "t.type IN (2,3) AND t.enabled=1 AND t.operational_state=0 AND t.guid IN"
        " (SELECT library FROM library_media_type WHERE media_type=?1)",
        subjects.front().medium.media_type);
    if (library) target = library->id;
  }
  if (!target.is_null() && !drives.empty()) {
    for (const Subject& subject : subjects) {
      if (!takes(reader, target, subject.medium.media_type)) {
        return fail(ERROR_DRIVE_MEDIA_MISMATCH,
                    subject.medium.name + " is of a type that the drive does not take");
      }
    }
  }
  return target;
}

// Whether the side is loaded and was mounted for this session.
bool is_loaded_for(store::Reader& reader, const Session& session, const Subject& subject) {
  if (subject.medium.location_type != NTMS_DRIVE ||
      subject.medium.media_state != NTMS_MEDIASTATE_LOADED ||
      subject.medium.mounted_side != subject.side.id) {
    return false;
  }
  const auto last = reader.first<LibraryRequest>(
      "t.medium=?1 AND t.operation=17 AND t.state=2 AND t.id=(SELECT max(r.id) FROM"
      " library_request r WHERE r.medium=?1 AND r.operation=17 AND r.state=2)",
      subject.medium.id);
  return last && last->session == session.id;
}

// Whether the side lies in a drive from which nobody uses it, and nothing else is to be done with
// it.
bool needs_no_move(store::Reader& reader, const Subject& subject) {
  return reader.number(
             "SELECT count(*) FROM drive WHERE guid=?1 AND state=?2 AND saved_side=?3"
             " AND enabled=1 AND operational_state=0",
             subject.medium.location, NTMS_DRIVESTATE_DISMOUNTABLE, subject.side.id) != 0;
}

// Asks the operator for a cartridge, unless that is open already.
void ask_for(store::Writer& writer, const Session& session, model::PhysicalMedium& medium,
             const Guid& library) {
  operations::ask_to_move(writer, medium, library, session.application, session.user,
                          session.computer);
}

// Behind all queued mounts of the library with equal or higher priority.
void put_in_order(store::Writer& writer, LibraryRequest& request) {
  auto mounts = writer.list<LibraryRequest>(
      "t.library=?1 AND t.operation=?2 AND t.state IN (0,1,5,6)", request.library, NTMS_LM_MOUNT);
  std::stable_sort(mounts.begin(), mounts.end(),
                   [](const LibraryRequest& a, const LibraryRequest& b) {
                     return a.order_number < b.order_number;
                   });
  const auto rank = [](const LibraryRequest& mount) {
    return static_cast<std::int32_t>(mount.priority);
  };
  const auto place = std::find_if(mounts.rbegin(), mounts.rend(), [&](const LibraryRequest& mount) {
                       return rank(mount) >= rank(request);
                     }).base();
  request.order_number = static_cast<std::uint32_t>(place - mounts.begin()) + 1;
  for (auto later = place; later != mounts.end(); ++later) {
    later->order_number = static_cast<std::uint32_t>(later - mounts.begin()) + 2;
    writer.update(*later);
  }
}

// The rights to what mounting and dismounting need: the pools of the media, the libraries they are
// in, and those of the drives that were named.
Result<void> check_use(store::Reader& reader, const Session& session,
                       const std::vector<Subject>& subjects,
                       const std::vector<model::Drive>& drives) {
  for (const Subject& subject : subjects) {
    if (auto allowed = check_pool(reader, session, subject.medium.pool, NTMS_USE_ACCESS);
        !allowed) {
      return allowed;
    }
    if (auto allowed = check_library(reader, session, subject.library.id, NTMS_USE_ACCESS);
        !allowed) {
      return allowed;
    }
  }
  for (const model::Drive& drive : drives) {
    if (auto allowed = check_library(reader, session, drive.library, NTMS_USE_ACCESS); !allowed) {
      return allowed;
    }
  }
  return {};
}

// ERROR_BUSY when not all could be mounted at once, ERROR_RESOURCE_NOT_AVAILABLE when never.
Result<void> check_available(store::Reader& reader, const std::vector<Subject>& subjects,
                             const std::vector<model::Drive>& drives, const Guid& target,
                             const std::set<Guid>& loaded) {
  std::int64_t wanted = 0;
  std::int64_t in_place = 0;
  for (const Subject& subject : subjects) {
    if (loaded.contains(subject.medium.id)) continue;
    ++wanted;
    if (subject.offline) continue;
    if (subject.medium.media_state != NTMS_MEDIASTATE_IDLE) {
      return fail(ERROR_BUSY, subject.medium.name + " is in use");
    }
    if (needs_no_move(reader, subject)) ++in_place;
  }
  for (const model::Drive& drive : drives) {
    if (drive.operational_state != NTMS_READY) {
      return fail(ERROR_RESOURCE_NOT_AVAILABLE, drive.name + " is not ready");
    }
    if (drive.state != NTMS_DRIVESTATE_DISMOUNTED && drive.state != NTMS_DRIVESTATE_DISMOUNTABLE) {
      return fail(ERROR_BUSY, drive.name + " is in use");
    }
  }
  const std::int64_t free =
      reader.number(
          "SELECT count(*) FROM drive WHERE library=?1 AND enabled=1 AND"
          " operational_state=0 AND state IN (?2,?3)",
          target, NTMS_DRIVESTATE_DISMOUNTED, NTMS_DRIVESTATE_DISMOUNTABLE) -
      reader.number(
          "SELECT count(*) FROM library_request WHERE library=?1 AND operation=17 AND"
          " state IN (0,5)",
          target);
  if (free + in_place < wanted) return fail(ERROR_BUSY, "all drives are in use");
  return {};
}

}  // namespace

Result<MountTicket> Mounting::begin(const MountOrder& order, bool immediate) const {
  MountTicket ticket;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    ticket = MountTicket{};
    auto subjects = resolve_all(writer, order.media);
    if (!subjects) return subjects.error();
    const auto drives = find_drives(writer, order.drives);
    if (!drives) return drives.error();
    if (auto allowed = check_use(writer, session_, *subjects, *drives); !allowed) {
      return allowed.error();
    }
    for (const Subject& subject : *subjects) {
      if (subject.side.state == NTMS_PARTSTATE_COMPLETE &&
          (order.options & NTMS_MOUNT_WRITE) != 0) {
        return fail(ERROR_WRITE_PROTECT, subject.medium.name + " is complete");
      }
      if (subject.side.state == NTMS_PARTSTATE_DECOMMISSIONED ||
          subject.side.state == NTMS_PARTSTATE_INCOMPATIBLE) {
        return fail(ERROR_INVALID_STATE, subject.medium.name + " can no longer be mounted");
      }
    }
    if (auto enabled = check_enabled(*subjects, *drives); !enabled) return enabled.error();
    const auto target = target_library(writer, *subjects, *drives);
    if (!target) return target.error();
    const bool any_offline = std::any_of(subjects->begin(), subjects->end(),
                                         [](const Subject& subject) { return subject.offline; });
    if (any_offline && (order.options & NTMS_MOUNT_ERROR_OFFLINE) != 0) {
      return fail(ERROR_MEDIA_OFFLINE, "a medium is not in a library");
    }

    std::set<Guid> loaded;
    for (const Subject& subject : *subjects) {
      if (is_loaded_for(writer, session_, subject)) loaded.insert(subject.medium.id);
    }
    if (!target->is_null()) {
      const std::int64_t able = writer.number(
          "SELECT count(*) FROM drive WHERE library=?1 AND enabled=1 AND operational_state=0",
          *target);
      if (able < static_cast<std::int64_t>(subjects->size()) &&
          (subjects->size() > 1 || (order.options & NTMS_MOUNT_ERROR_NOT_AVAILABLE) != 0)) {
        return fail(ERROR_RESOURCE_NOT_AVAILABLE, "the library has not that many drives");
      }
    }
    if ((order.options & NTMS_MOUNT_ERROR_NOT_AVAILABLE) != 0) {
      if (auto now = check_available(writer, *subjects, *drives, *target, loaded); !now) {
        return now.error();
      }
    }
    if (immediate) {
      for (const Subject& subject : *subjects) {
        if (!loaded.contains(subject.medium.id) && !needs_no_move(writer, subject)) {
          return fail(ERROR_TIMEOUT, subject.medium.name + " is not in a drive");
        }
      }
    }

    ticket.group = Guid::make();
    for (std::size_t i = 0; i < subjects->size(); ++i) {
      Subject& subject = (*subjects)[i];
      ticket.media.push_back(subject.medium.id);
      if (loaded.contains(subject.medium.id)) {
        ticket.requests.push_back(Guid{});
        continue;
      }
      LibraryRequest request = new_request(session_, writer, NTMS_LM_MOUNT, *target);
      request.round = ticket.group;
      request.session = session_.id;
      request.side = subject.side.id;
      request.medium = subject.medium.id;
      request.slot = subject.medium.home_slot;
      request.priority =
          static_cast<std::uint32_t>(std::clamp<std::int32_t>(order.priority, -kHighest, kHighest));
      if (!drives->empty()) {
        request.drive = (*drives)[i].id;
        request.drive_given = true;
      }
      put_in_order(writer, request);
      writer.insert(request);
      ticket.requests.push_back(request.id);
      if (subject.offline) {
        ask_for(writer, session_, subject.medium, *target);
      } else if (subject.medium.media_state == NTMS_MEDIASTATE_IDLE) {
        subject.medium.media_state = NTMS_MEDIASTATE_INUSE;
        writer.update(subject.medium);
      }
    }
    return {};
  });
  if (!stored) return stored.error();
  return ticket;
}

std::optional<Result<std::vector<Guid>>> Mounting::look(const MountTicket& ticket) const {
  using Answer = Result<std::vector<Guid>>;
  if (session_.is_closed()) return Answer(fail(ERROR_CANCELLED, "the session was closed"));
  bool waiting = false;
  auto found = database_.read([&](store::Reader& reader) -> Answer {
    waiting = false;
    std::vector<Guid> drives;
    for (std::size_t i = 0; i < ticket.requests.size(); ++i) {
      if (!ticket.requests[i].is_null()) {
        const auto request = reader.find<LibraryRequest>(ticket.requests[i]);
        if (!request || request->state == NTMS_LM_CANCELLED) {
          return fail(ERROR_CANCELLED, "the mount was cancelled");
        }
        if (request->state == NTMS_LM_FAILED || request->state == NTMS_LM_INVALID) {
          return fail(request->error_code != 0 ? request->error_code : ERROR_INVALID_STATE,
                      request->reason);
        }
        if (request->state != NTMS_LM_PASSED) waiting = true;
        drives.push_back(request->drive);
        continue;
      }
      const auto medium = reader.find<model::PhysicalMedium>(ticket.media[i]);
      drives.push_back(medium ? medium->location : Guid{});
    }
    return drives;
  });
  if (found && waiting) return std::nullopt;
  return found;
}

void Mounting::give_up(const MountTicket& ticket) const {
  // What cannot be stored now stays queued and is carried out or cancelled later; there is nobody
  // left to tell.
  (void)database_.write([&](store::Writer& writer) -> Result<void> {
    for (const Guid& id : ticket.requests) {
      auto request = writer.find<LibraryRequest>(id);
      if (!request) continue;
      if (request->state == NTMS_LM_PASSED) {
        const auto medium = writer.find<model::PhysicalMedium>(request->medium);
        if (medium && medium->media_state == NTMS_MEDIASTATE_LOADED) {
          operations::queue_dismount(
              writer, *medium, request->side,
              new_request(session_, writer, NTMS_LM_DISMOUNT, medium->library));
        }
      } else if (!model::is_finished(request->state)) {
        operations::withdraw_mount(writer, *request);
      }
    }
    return {};
  });
}

Result<void> Mounting::dismount(std::span<const Guid> media, std::uint32_t options) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto subjects = resolve_all(writer, media);
    if (!subjects) return subjects.error();
    if (auto allowed = check_use(writer, session_, *subjects, {}); !allowed) return allowed;
    for (const Subject& subject : *subjects) {
      const std::string& name = subject.medium.name;
      if (subject.library.type == NTMS_LIBRARYTYPE_OFFLINE) {
        return fail(ERROR_MEDIA_OFFLINE, name + " is offline");
      }
      const auto drive = writer.find<model::Drive>(subject.medium.location);
      const bool in_use = subject.medium.media_state == NTMS_MEDIASTATE_LOADED ||
                          subject.medium.media_state == NTMS_MEDIASTATE_MOUNTED;
      if (!drive || !in_use || subject.medium.mounted_side != subject.side.id) {
        return fail(ERROR_INVALID_STATE, name + " is not mounted");
      }
      if (!subject.medium.enabled) return fail(ERROR_MEDIA_NOT_AVAILABLE, name + " is disabled");
      if (!drive->enabled || !subject.library.enabled ||
          subject.library.operational_state == NTMS_NOT_PRESENT) {
        return fail(ERROR_DEVICE_NOT_AVAILABLE, drive->name + " cannot be used");
      }
    }
    for (const Subject& subject : *subjects) {
      LibraryRequest request = new_request(session_, writer, NTMS_LM_DISMOUNT, subject.library.id);
      if ((options & NTMS_DISMOUNT_DEFERRED) != 0) request.option = kDeferred;
      operations::queue_dismount(writer, subject.medium, subject.side.id, std::move(request));
    }
    return {};
  });
}

}  // namespace ntms::server
