// SPDX-License-Identifier: MIT
// Cartridges that come into a slot of the library: which record is theirs, and where there is room
// (contract: concepts 13.1, 13.3; functions-library-control 2 and 16).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "store/records.h"

namespace ntms::operations {

// The slots that a cartridge from outside may be given, in the order of their numbers: nothing is
// recorded in them, they are present, not reserved for a cleaner, and not the home of a medium that
// is in a drive or a port.
std::vector<model::Slot> free_slots(store::Reader& reader, const Guid& library);

// The first of free_slots(), and whether there is any; much cheaper.
std::optional<model::Slot> first_free_slot(store::Reader& reader, const Guid& library);
bool has_free_slot(store::Reader& reader, const Guid& library);

// Records that the cartridge with this bar code (empty: unreadable) lies in `slot` now. It is, in
// this order: a medium of the library that nobody knew the place of, with the same bar code; the
// medium of the offline library with the same bar code that left last, which is back with its
// identity; else a new one, in state NTMS_PARTSTATE_UNKNOWN in the import pool. Operator requests
// to bring it are completed. Whoever was believed to be in the slot is nowhere now.
model::PhysicalMedium admit(store::Writer& writer, const model::Library& library, model::Slot& slot,
                            const std::string& bar_code);

// Records the cleaner cartridge that lies in the library's cleaner slot now, with the number of
// cleans that are left (0xFFFFFFFF: not counted).
model::PhysicalMedium admit_cleaner(store::Writer& writer, model::Library& library,
                                    model::Slot& slot, const std::string& bar_code,
                                    std::uint32_t cleans_left);

// The cleaner cartridge of a library, if one is recorded in its cleaner slot.
std::optional<model::PhysicalMedium> cleaner_of(store::Reader& reader,
                                                const model::Library& library);

}  // namespace ntms::operations
