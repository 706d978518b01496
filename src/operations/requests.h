// SPDX-License-Identifier: MIT
// The transitions of library and operator requests that the operations make, each within the
// caller's transaction (contract: functions-library-control 0.3, concepts 15 and 16).
#pragma once

#include <string>

#include "store/records.h"

namespace ntms::operations {

// The request as it is now, if it still exists and is not finished.
std::optional<model::LibraryRequest> unfinished(store::Reader& reader, const Guid& request);

// QUEUED or WAITING to INPROCESS. Stores the private progress too.
void start(store::Writer& writer, model::LibraryRequest& request);

// To WAITING, with what it waits for. Nothing happens when it waits already.
void wait_for(store::Writer& writer, model::LibraryRequest& request, const std::string& reason);

// To an end state (NTMS_LM_PASSED, FAILED, CANCELLED, STOPPED) with the code for dwErrorCode and
// the reason; releases the medium's INUSE mark and sends the completion notice.
void finish(store::Writer& writer, model::LibraryRequest& request, std::uint32_t state,
            std::uint32_t error_code = 0, const std::string& reason = {});

// Stores the members that are private to the queue; nobody outside can see the change, so none is
// notified.
void save_progress(store::Writer& writer, const model::LibraryRequest& request);

// MediaState INUSE back to IDLE unless another unfinished request holds the medium.
void release_medium(store::Writer& writer, const Guid& medium, const Guid& except_request);

// Posts a NTMS_OPREQ_DEVICESERVICE request of the server about an object, unless the very same is
// open already. Returns its id.
Guid post_device_service(store::Writer& writer, std::uint32_t object_type, const Guid& object,
                         const std::string& message);

// SUBMITTED, ACTIVE or INPROGRESS to COMPLETE, because the work is seen to be done.
void complete_request(store::Writer& writer, model::OperatorRequest& request);

// Completes the server's own open requests about an object, because the work is seen to be done.
void complete_device_service(store::Writer& writer, const Guid& object);

// Completes the open NTMS_OPREQ_MOVEMEDIA requests about a medium that ask for it in the library
// where it is now, and takes it out of NTMS_MEDIASTATE_OPREQ when no other is left; a free label
// that is to be written on it is written there (carry_write_scratch). For whatever brings a
// cartridge into another library. Nothing happens when there is no such medium.
void complete_move_media(store::Writer& writer, const Guid& medium);

// MediaState OPREQ back to IDLE unless an open NTMS_OPREQ_MOVEMEDIA request is about the medium.
void release_from_operator(store::Writer& writer, const Guid& medium);

}  // namespace ntms::operations
