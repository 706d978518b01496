// SPDX-License-Identifier: MIT
// Cartridges with two sides (contract: functions-media-services 1 and 2; hardware-notes 1; SMC-3
// 6.5 and 6.11). The side that a drive is to read is up in it; in slots and ports side 0 is up. The
// arm turns a cartridge over on a move (INVERT). Which side is up tells the robot: its INVERT bit
// says whether a cartridge was turned over since it left its slot.
#pragma once

#include <cstdint>
#include <vector>

#include "operations/library_context.h"

namespace ntms::operations {

// The sides of a medium in the order of their numbers.
std::vector<model::Side> sides_of(store::Reader& reader, const Guid& medium);

// The side of a medium with this number; nothing when there is none.
std::optional<model::Side> side_with_number(store::Reader& reader, const Guid& medium,
                                            std::uint32_t number);

// The number of a side; 0 when there is none with this identifier.
std::uint32_t number_of_side(store::Reader& reader, const Guid& side);

// Whether this library can bring a side up: side 0 always, the other one where the arm turns media
// over. In a drive that stands alone a person does that.
bool can_bring_up(const LibraryContext& context, std::uint32_t side);

// Whether what is in an element shows its other side. `believed` is the number of the side that is
// up as far as is recorded, for robots that do not tell.
bool is_turned(const LibraryContext& context, const scsi::ElementStatus& element,
               std::uint32_t believed);

// The media in the drives of a library: which side is recorded as being up becomes what the robot
// tells. Media with one side are left alone. In the caller's transaction.
void record_sides_up(store::Writer& writer, const Guid& library,
                     const std::vector<scsi::ElementStatus>& drives);

}  // namespace ntms::operations
