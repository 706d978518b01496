// SPDX-License-Identifier: MIT
// One move of the robot, with a look before and after it: what the robot says about the move is
// not believed, what it shows is.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <string>

#include "operations/library_context.h"

namespace ntms::operations {

struct Place {
  scsi::ElementType type = scsi::ElementType::storage;
  std::uint16_t address = 0;
};

// Where the cartridge is afterwards.
enum class Whereabouts {
  target,
  source,     // it has not been moved
  nowhere,    // in neither element, as far as can be seen
  unknown,    // the elements could not be read
  not_there,  // it was not in the source, so nothing was moved
};

// Sides of a cartridge that has two.
struct SideUp {
  std::uint32_t wanted = 0;    // the side that is to be up in a drive; elsewhere side 0 is
  std::uint32_t believed = 0;  // that which is up in the source, for robots that do not tell
  bool turned = false;         // in its slot the other side is up, though the robot does not tell
};

struct TransferEnd {
  Whereabouts where = Whereabouts::unknown;
  Error why_not;              // why it is not in the target; code 0 when it is
  std::string bar_code;       // as read in the source before the move; empty: none
  bool blocked = false;       // not moved because somebody has opened the library
  std::uint32_t side_up = 0;  // in the target, as far as the robot tells
};

// Moves what is in `from`, if it can be the cartridge with this bar code (empty: whatever is
// there), to `to`. The caller holds the arm and has committed what it is about to do; a drive as
// the source has been unloaded. On the way to a drive, and back from there, a cartridge is turned
// over if another side than that which is up is to be.
boost::asio::awaitable<TransferEnd> transfer(LibraryContext& context, Place from, Place to,
                                             const std::string& bar_code, SideUp side = {});

// Turns over in its place what somebody else has left in a slot with its other side up. From then
// on the robot tells right again which side is up wherever the cartridge is moved. The caller holds
// the arm. Errors: what the robot's sense data means.
boost::asio::awaitable<Result<void>> straighten(LibraryContext& context,
                                                const scsi::ElementStatus& slot);

// Whether a cartridge has to be turned over on a move.
bool must_turn(const LibraryContext& context, const scsi::ElementStatus& source,
               scsi::ElementType to, SideUp side);

}  // namespace ntms::operations
