// SPDX-License-Identifier: MIT
// Makes the database agree with what the robot reports. The robot is the truth, the database is
// belief (docs/architecture.md); what the report does not show is left as it is or marked unknown.
#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>

#include "device/changer.h"
#include "store/records.h"

namespace ntms::operations {

struct ReconcileOptions {
  // Look at slots only; drives and what is in them stay as they are.
  bool slots_only = false;
  // Media whose place is the business of a running request; neither moved nor sent offline.
  std::set<Guid> protected_media;
  // The elements between which running requests move them. What lies there without a bar code may
  // be just such a medium and is not taken for a new one.
  std::set<std::uint32_t> protected_elements;
  // By drive element address: whether the drive answered that it is ready. Drives without an entry
  // were not asked.
  std::map<std::uint16_t, bool> drive_ready;
};

// What changed, for the log.
struct ReconcileSummary {
  std::size_t confirmed = 0;  // media found where they were believed to be
  std::size_t moved = 0;      // found in another place of the library
  std::size_t returned = 0;   // came back from the offline library
  std::size_t added = 0;      // not known before
  std::size_t gone = 0;       // no longer in the library

  bool anything() const { return moved + returned + added + gone != 0; }
  std::string to_string() const;
};

// Applies an inventory of `library` (contract: concepts 9, 11 and 13). Media are recognised
//  1. where they were believed to be, by the same bar code or, where the robot reads none, by still
//     being there (a differential inventory);
//  2. elsewhere in the library by bar code: moved by hand;
//  3. in the offline library by bar code: returned, with their identity;
//  4. otherwise they are new: recorded with state NTMS_PARTSTATE_UNKNOWN in the import pool of the
//     library's media type until they are identified (identify.h).
// Two elements with the same bar code are two media. Media of the library that were not found
// anywhere leave it as if ejected; those whose magazine is missing go to the offline library and
// come back with it. Elements missing from the report change nothing.
// Import/export elements: their content is recorded; a medium in one is no medium of the library
// unless an eject put it there.
ReconcileSummary reconcile(store::Writer& writer, const model::Library& library,
                           const device::Inventory& inventory, const ReconcileOptions& options);

// The medium leaves the library: it goes to the offline library or is deleted, by the table of
// model/eject_fate.h. Works on the stored state of the medium; nothing happens if it is gone.
void leave_library(store::Writer& writer, const Guid& medium);

// Records that a medium is at `location`. A medium that was believed to be there is somewhere else:
// its place becomes unknown until an inventory finds it. True when there was one.
bool put_medium(store::Writer& writer, model::PhysicalMedium& medium, const Guid& location,
                std::uint32_t location_type);

// Creates a medium found at `location` that nobody knows; its identification is queued where the
// library does that by itself. Returns its record.
model::PhysicalMedium add_medium(store::Writer& writer, const model::Library& library,
                                 const Guid& location, std::uint32_t location_type,
                                 const Guid& home_slot, const std::string& bar_code);

// The same for one whose label has been read already.
model::PhysicalMedium add_identified_medium(store::Writer& writer, const model::Library& library,
                                            const Guid& location, std::uint32_t location_type,
                                            const Guid& home_slot);

}  // namespace ntms::operations
