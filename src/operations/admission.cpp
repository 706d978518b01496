// SPDX-License-Identifier: MIT
#include "operations/admission.h"

#include "device/media_types.h"
#include "operations/cleaning_queue.h"
#include "operations/configure.h"
#include "operations/element_states.h"
#include "operations/reconcile.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace {

// ?1 library, ?2 NTMS_SLOTSTATE_NOTPRESENT.
#define NTMS_IS_FREE                                                                   \
  "t.library=?1 AND t.state<>?2"                                                       \
  " AND NOT EXISTS (SELECT 1 FROM physical_medium m WHERE m.location=t.guid)"          \
  " AND t.guid NOT IN (SELECT home_slot FROM physical_medium m WHERE m.library=?1"     \
  "  AND m.home_slot IS NOT NULL AND (m.location IS NULL OR m.location<>m.home_slot))" \
  " AND t.guid NOT IN (SELECT cleaner_slot FROM library l WHERE l.guid=?1"             \
  "  AND l.cleaner_slot IS NOT NULL)"

std::optional<model::PhysicalMedium> known_cartridge(store::Reader& reader, const Guid& library,
                                                     const std::string& bar_code) {
  if (bar_code.empty()) return std::nullopt;
  if (auto lost = reader.first<model::PhysicalMedium>(
          "t.bar_code=?1 AND t.library=?2 AND t.location IS NULL", bar_code, library)) {
    return lost;
  }
  std::optional<model::PhysicalMedium> latest;
  for (auto& medium : reader.list<model::PhysicalMedium>(
           "t.bar_code=?1 AND t.library IN (SELECT guid FROM library WHERE type=?2)", bar_code,
           NTMS_LIBRARYTYPE_OFFLINE)) {
    if (!latest || latest->modified < medium.modified) latest = std::move(medium);
  }
  return latest;
}

// Whoever was believed to be in the slot is not.
void vacate(store::Writer& writer, const Guid& slot) {
  if (auto displaced = writer.first<model::PhysicalMedium>("t.location=?1", slot)) {
    displaced->location = Guid{};
    writer.update(*displaced);
  }
}

}  // namespace

std::vector<model::Slot> free_slots(store::Reader& reader, const Guid& library) {
  return reader.list<model::Slot>(NTMS_IS_FREE, library, NTMS_SLOTSTATE_NOTPRESENT);
}

std::optional<model::Slot> first_free_slot(store::Reader& reader, const Guid& library) {
  return reader.first<model::Slot>(NTMS_IS_FREE, library, NTMS_SLOTSTATE_NOTPRESENT);
}

bool has_free_slot(store::Reader& reader, const Guid& library) {
  return reader.number("SELECT EXISTS (SELECT 1 FROM slot t WHERE " NTMS_IS_FREE ")", library,
                       NTMS_SLOTSTATE_NOTPRESENT) != 0;
}

model::PhysicalMedium admit(store::Writer& writer, const model::Library& library, model::Slot& slot,
                            const std::string& bar_code) {
  apply(writer, slot, model::SlotEvent::put);
  auto known = known_cartridge(writer, library.id, bar_code);
  if (!known) {
    vacate(writer, slot.id);
    return add_medium(writer, library, slot.id, NTMS_STORAGESLOT, slot.id, bar_code);
  }
  known->library = library.id;
  known->home_slot = slot.id;
  known->media_state = NTMS_MEDIASTATE_IDLE;
  known->mounted_side = Guid{};
  put_medium(writer, *known, slot.id, NTMS_STORAGESLOT);
  complete_move_media(writer, known->id);
  return *std::move(known);
}

model::PhysicalMedium admit_cleaner(store::Writer& writer, model::Library& library,
                                    model::Slot& slot, const std::string& bar_code,
                                    std::uint32_t cleans_left) {
  apply(writer, slot, model::SlotEvent::put);
  const auto type = writer.first<model::MediaType>("t.code=?1", device::kCleanerCartridge);
  model::PhysicalMedium cleaner;
  cleaner.library = library.id;
  cleaner.pool = system_pool(writer, NTMS_POOLTYPE_FOREIGN, *type);
  cleaner.media_type = type->id;
  cleaner.location = cleaner.home_slot = slot.id;
  cleaner.bar_code = bar_code;
  cleaner.bar_code_state = bar_code.empty() ? NTMS_BARCODESTATE_UNREADABLE : NTMS_BARCODESTATE_OK;
  cleaner.sequence_number = std::to_string(writer.next("sequence_number"));
  cleaner.name = bar_code.empty() ? cleaner.sequence_number : bar_code;
  vacate(writer, slot.id);
  writer.insert(cleaner);
  model::Side side;
  side.medium = cleaner.id;
  side.state = NTMS_PARTSTATE_FOREIGN;
  side.name = cleaner.name;
  writer.insert(side);
  library.cleaner_uses = cleans_left;
  library.flags |= NTMS_LIBRARYFLAG_CLEANERPRESENT;
  if (cleans_left == kUsesNotCounted) {
    library.flags |= NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING;
  } else {
    library.flags &= ~static_cast<std::uint32_t>(NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING);
  }
  writer.update(library);
  if (cleans_left != 0) complete_cleaner_requests(writer, library.id);
  return cleaner;
}

std::optional<model::PhysicalMedium> cleaner_of(store::Reader& reader,
                                                const model::Library& library) {
  if (library.cleaner_slot.is_null()) return std::nullopt;
  return reader.first<model::PhysicalMedium>("t.location=?1", library.cleaner_slot);
}

}  // namespace ntms::operations
