// SPDX-License-Identifier: MIT
// A cartridge that a move left in the robot's arm is brought home: no cartridge is lost because
// somebody pulled a plug (contract: concepts 20; hardware-notes).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/library_context.h"

namespace ntms::operations {

// Moves what the arm holds to the home slot of the medium that it can be, or to any free slot, and
// records it. Takes the arm. What cannot be brought home is a defect, for which the operator is
// asked; it is tried again when an inventory shows it once more.
boost::asio::awaitable<void> empty_arm(LibraryContext& context);

}  // namespace ntms::operations
