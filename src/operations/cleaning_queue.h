// SPDX-License-Identifier: MIT
// The rows of cleanings and of the requests for a cleaner cartridge, as calls, drives and operators
// change them, each within the caller's transaction (contract: functions-library-control 6,
// concepts 14 and 16). How drives are cleaned stands in cleaning.h.
#pragma once

#include <optional>
#include <string>

#include "store/records.h"

namespace ntms::operations {

// Uses of a cleaner that is used until it fails.
inline constexpr std::uint32_t kUsesNotCounted = 0xFFFFFFFF;

// The cleaner cartridge of a library if it can be used now: in its slot, enabled, idle, and with
// cleanings left.
std::optional<model::PhysicalMedium> usable_cleaner(store::Reader& reader,
                                                    const model::Library& library);

// A drive asks for cleaning: queues that by the server, unless it is queued already or the library
// cannot clean, is disabled, or the drive is.
void request_cleaning(store::Writer& writer, const model::Drive& drive);

// Asks the operator for a cleaner cartridge, unless that has been done.
void ask_for_cleaner(store::Writer& writer, const Guid& library, const std::string& message);

// The library has a cleaner that can be used: what has been asked for is done.
void complete_cleaner_requests(store::Writer& writer, const Guid& library);

// The operator brings no cleaner: the cleanings that wait for one fail.
void refuse_cleanings(store::Writer& writer, const Guid& library);

// The service was started anew: cleanings that have not begun are forgotten.
void forget_queued_cleanings(store::Writer& writer);

// Records that the cartridge in the cleaner slot, known by its bar code, is the library's cleaner.
// Nothing happens when it is none, or when the library has one already.
void note_cleaner(store::Writer& writer, const Guid& library);

}  // namespace ntms::operations
