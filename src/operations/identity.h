// SPDX-License-Identifier: MIT
// Which record a cartridge is the body of, once the label on it has been read (contract: concepts
// 5.1, 6, 12 and 13.3). Labels count before bar codes; whatever belongs to somebody keeps its
// record and its state, only its place is corrected.
#pragma once

#include <optional>
#include <string>

#include "labels/label.h"
#include "store/records.h"

namespace ntms::operations {

struct Identity {
  Guid medium;  // the record of the cartridge that was looked at
  Guid side;    // and of its side
  // The cartridge is another one than was recorded at its place.
  bool another = false;
  // The label has told so: it is recorded for the side.
  bool proved = false;
  // The record that was there before has no place any more.
  bool expected_is_lost = false;
  // Where the one that was expected may be instead: the cartridge there is recorded as it, and is
  // to be identified too. Null: nobody knows.
  Guid look_at;
};

// What is to be known about the look itself.
struct IdentitySetting {
  // The look follows from another one that has exchanged two records; it does not exchange again.
  bool follow_up = false;
  // The label on another side of the cartridge has told already which one it is.
  bool proved = false;
};

// Decides by the label `found` (nothing: blank, or nobody knows it) on side `side` which record the
// cartridge is that is recorded as its medium, and stores what follows:
//  - the label recorded for the side: nothing changes;
//  - the label of a medium that is offline, or whose place nobody knows: it is that medium, which
//  is
//    back with its identity; of several the one with the same bar code, else the one that left
//    last;
//  - the label of a medium believed to be in another slot where no bar code tells: the two records
//    change places;
//  - any other label, or none: a medium that belongs to nobody becomes IMPORT in the import pool or
//    FOREIGN in the unrecognized pool; one that belongs to somebody stays where its bar code tells
//    that it is; failing that the cartridge is a new medium and the one expected is nowhere.
// A cartridge with two sides is told by either label; one of them that is not recorded changes
// nothing about which cartridge it is when the other one has proved that.
// Everything within the caller's transaction. Nothing when the side has been deleted.
std::optional<Identity> settle_identity(store::Writer& writer, const Guid& side,
                                        const std::optional<labels::Label>& found,
                                        const IdentitySetting& setting);

// A cartridge that the drive cannot use: sides that nobody has identified are INCOMPATIBLE.
void mark_incompatible(store::Writer& writer, const Guid& medium);

}  // namespace ntms::operations
