// SPDX-License-Identifier: MIT
#include "operations/sides.h"

#include <algorithm>

#include "operations/element_states.h"
#include "operations/lone_drive.h"

namespace ntms::operations {

std::vector<model::Side> sides_of(store::Reader& reader, const Guid& medium) {
  auto sides = reader.list<model::Side>("t.medium=?1", medium);
  std::stable_sort(sides.begin(), sides.end(),
                   [](const model::Side& a, const model::Side& b) { return a.side < b.side; });
  return sides;
}

std::optional<model::Side> side_with_number(store::Reader& reader, const Guid& medium,
                                            std::uint32_t number) {
  return reader.first<model::Side>("t.medium=?1 AND t.side=?2", medium, number);
}

std::uint32_t number_of_side(store::Reader& reader, const Guid& side) {
  const auto found = reader.find<model::Side>(side);
  return found ? found->side : 0;
}

bool can_bring_up(const LibraryContext& context, std::uint32_t side) {
  return side == 0 || context.changer->turns_media() || is_lone_drive(context);
}

bool is_turned(const LibraryContext& context, const scsi::ElementStatus& element,
               std::uint32_t believed) {
  if (!context.changer->turns_media()) return false;
  return element.source ? element.inverted : believed != 0;
}

void record_sides_up(store::Writer& writer, const Guid& library,
                     const std::vector<scsi::ElementStatus>& drives) {
  for (const scsi::ElementStatus& element : drives) {
    if (!element.full || !element.source) continue;
    auto drive = drive_at(writer, library, element.address);
    if (!drive) continue;
    const auto inside = writer.first<model::PhysicalMedium>("t.location=?1", drive->id);
    if (!inside) continue;
    const auto sides = sides_of(writer, inside->id);
    if (sides.size() < 2) continue;
    const Guid& up = sides[element.inverted ? 1 : 0].id;
    if (drive->saved_side == up) continue;
    drive->saved_side = up;
    writer.update(*drive);
  }
}

}  // namespace ntms::operations
