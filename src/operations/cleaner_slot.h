// SPDX-License-Identifier: MIT
// Reserving and releasing the slot of the cleaner cartridge (contract: functions-library-control 14
// and 15).
#pragma once

#include "store/records.h"

namespace ntms::operations {

// Carries out an NTMS_LM_RESERVECLEANER or NTMS_LM_RELEASECLEANER request within the caller's
// transaction: needs no device. Ends PASSED, or FAILED when what the call had found to be right is
// so no more.
void run_cleaner_slot(store::Writer& writer, model::LibraryRequest& request);

// What stands against reserving `slot`, or releasing the reserved slot, now.
// Errors: ERROR_CLEANER_SLOT_SET, ERROR_CLEANER_SLOT_NOT_SET, ERROR_RESOURCE_NOT_AVAILABLE when the
// slot is occupied (or, to be reserved, not present), ERROR_RESOURCE_NOT_PRESENT when the slot to
// be released is not present.
Result<void> check_reserve(store::Reader& reader, const model::Library& library,
                           const model::Slot& slot);
Result<void> check_release(store::Reader& reader, const model::Library& library);

}  // namespace ntms::operations
