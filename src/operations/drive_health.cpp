// SPDX-License-Identifier: MIT
#include "operations/drive_health.h"

#include <optional>
#include <vector>

#include "model/state_machines.h"
#include "operations/element_states.h"
#include "operations/lone_drive.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::DeviceEvent;

namespace {

bool is_unanswered(const device::Verdict& verdict) {
  return verdict.delivery != scsi::Delivery::delivered;
}

// The drive itself is broken. That a cartridge could not be loaded or let go of (53h) may be the
// cartridge's fault.
bool is_defect(const device::Verdict& verdict) {
  constexpr std::uint8_t kLoadOrEjectFailed = 0x53;
  return verdict.action == device::Action::drive_down && !is_unanswered(verdict) &&
         verdict.sense.asc != kLoadOrEjectFailed;
}

void apply(model::Drive& drive, DeviceEvent event) {
  drive.operational_state =
      model::next_state(drive.operational_state, event).value_or(drive.operational_state);
}

// Drives that did not answer, and those that nobody is asked to see to any more.
std::vector<model::Drive> drives_in_question(store::Reader& reader, const LibraryContext& context) {
  auto drives = reader.list<model::Drive>(
      "t.library=?1 AND t.enabled=1 AND (t.operational_state=?2 OR (t.operational_state=?3 AND NOT"
      " EXISTS (SELECT 1 FROM operator_request o WHERE o.arg1=t.guid AND o.state IN (1,2,3)"
      " AND o.by_system=1 AND o.request=?4)))",
      context.library, NTMS_NOT_PRESENT, NTMS_NEEDS_SERVICE, NTMS_OPREQ_DEVICESERVICE);
  std::erase_if(drives, [&](const model::Drive& drive) {
    const auto element = static_cast<std::uint16_t>(drive.element_address);
    if (context.busy_drives.contains(drive.id) || !context.drives.contains(element)) return true;
    return drive.operational_state == NTMS_NOT_PRESENT && !context.lost_drives.contains(element);
  });
  return drives;
}

void store_trouble(store::Writer& writer, LibraryContext& context, model::Drive drive,
                   const device::Verdict& verdict) {
  if (is_unanswered(verdict)) {
    context.lost_drives.try_emplace(static_cast<std::uint16_t>(drive.element_address),
                                    drive.mapping_reason);
    apply(drive, DeviceEvent::lost);
    drive.mapping_reason = "it does not answer: " + verdict.words;
  } else {
    apply(drive, DeviceEvent::defect);
    post_device_service(writer, NTMS_DRIVE, drive.id,
                        messages::drive_needs_service(context.name, drive.name, verdict.words));
  }
  writer.update(drive);
}

// What a look at a drive has told.
void store_look(store::Writer& writer, LibraryContext& context, const Guid& id,
                const device::Verdict& verdict) {
  auto drive = writer.find<model::Drive>(id);
  if (!drive || drive->operational_state == NTMS_READY) return;
  if (is_unanswered(verdict)) return;
  const auto lost = context.lost_drives.find(static_cast<std::uint16_t>(drive->element_address));
  if (lost != context.lost_drives.end()) {
    drive->mapping_reason = lost->second;
    apply(*drive, DeviceEvent::found);
    apply(*drive, DeviceEvent::checked);
    writer.update(*drive);
  }
  if (is_defect(verdict)) {
    store_trouble(writer, context, *drive, verdict);
  } else if (drive->operational_state == NTMS_NEEDS_SERVICE) {
    note_drive_working(writer, *drive);
  }
}

}  // namespace

void note_drive_trouble(LibraryContext& context, std::uint16_t element,
                        const device::Verdict& verdict) {
  if (is_lone_drive(context) || (!is_unanswered(verdict) && !is_defect(verdict))) return;
  std::string name;
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    name.clear();
    const auto drive = drive_at(writer, context.library, element);
    if (!drive || drive->operational_state != NTMS_READY) return {};
    name = drive->name;
    store_trouble(writer, context, *drive, verdict);
    return {};
  });
  if (!stored) {
    context.log->error("{}: {}", context.name, stored.error().reason);
  } else if (!name.empty()) {
    context.log->warn("{}: {} is out of use: {}", context.name, name, verdict.words);
  }
}

void note_move_trouble(LibraryContext& context, std::uint16_t from, std::uint16_t to,
                       const device::Verdict& verdict) {
  const bool missing = verdict.sense.asc == 0x3B && verdict.sense.ascq == 0x1A;
  if (is_unanswered(verdict) || !missing) return;
  for (const std::uint16_t element : {from, to}) {
    if (context.changer->geometry().data_transfer.contains(element)) {
      note_drive_trouble(context, element, verdict);
    }
  }
}

void note_drive_working(store::Writer& writer, model::Drive drive) {
  complete_device_service(writer, drive.id);
  if (drive.operational_state != NTMS_NEEDS_SERVICE) return;
  apply(drive, DeviceEvent::repaired);
  writer.update(drive);
}

bool is_drive_in_question(store::Reader& reader, const LibraryContext& context) {
  return !drives_in_question(reader, context).empty();
}

asio::awaitable<void> look_at_drives(LibraryContext& context) {
  const auto drives =
      context.db.read([&](store::Reader& reader) { return drives_in_question(reader, context); });
  if (!drives) {
    context.log->error("{}: {}", context.name, drives.error().reason);
    co_return;
  }
  for (const model::Drive& drive : *drives) {
    const auto element = static_cast<std::uint16_t>(drive.element_address);
    const auto found = context.drives.find(element);
    if (found == context.drives.end() || !context.busy_drives.insert(drive.id).second) continue;
    co_await found->second->test_ready();
    const device::Verdict verdict = found->second->last_verdict();
    context.busy_drives.erase(drive.id);
    const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
      store_look(writer, context, drive.id, verdict);
      return {};
    });
    if (!stored) {
      context.log->error("{}: {}", context.name, stored.error().reason);
    } else if (!is_unanswered(verdict)) {
      context.lost_drives.erase(element);
      context.log->info("{}: {} answers", context.name, drive.name);
    }
  }
}

}  // namespace ntms::operations
