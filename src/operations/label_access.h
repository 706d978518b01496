// SPDX-License-Identifier: MIT
// The label of the cartridge that a drive has loaded, compared with what is recorded, and the free
// label (contract: concepts 12; media-labels 4 and 7). Tapes only.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "device/drive.h"
#include "operations/free_pool.h"
#include "operations/library_context.h"

namespace ntms::operations {

// What the label of a cartridge with two sides tells.
enum class LabelCheck {
  right,
  other_side,  // the right cartridge, though with its other side up, whatever the robot tells
};

// Whether the label on the tape is the one recorded for the side that `request` is about. A side
// without a recorded label is any tape. Where it is another one, the place of both cartridges is
// corrected, and where nobody knows the place of the one expected, it is looked for (identity.h,
// follow_up()). The drive is ready and left at the beginning of the tape.
// Errors: ERROR_INVALID_MEDIA with both labels in words; what the drive's sense data means.
boost::asio::awaitable<Result<LabelCheck>> verify_label(LibraryContext& context,
                                                        device::Drive& drive, Guid request);

// What the free labels on all sides of a cartridge have in common (media-labels 5.3).
struct Labelling {
  Guid id;
  std::uint32_t family = 1;  // random, not 0
  std::int64_t written = 0;  // seconds since 1970-01-01 UTC
};

// A fresh one, of now.
Labelling new_labelling(const LibraryContext& context);

// Writes the free label of `side`, which is up in the drive, reads it back and compares. Before
// that the cartridge must be the chosen one: the recorded label of the side, if there is one, is
// verified. The drive is ready and left at the beginning of the tape. Errors: as verify_label();
// ERROR_WRITE_PROTECT; ERROR_NOT_SUPPORTED for drives that are no tape drives; ERROR_INVALID_MEDIA
// when the tape does not read back what was written.
boost::asio::awaitable<Result<WrittenLabel>> write_free_label(LibraryContext& context,
                                                              device::Drive& drive, Guid request,
                                                              Guid side, Labelling labelling);

}  // namespace ntms::operations
