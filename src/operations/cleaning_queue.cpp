// SPDX-License-Identifier: MIT
#include "operations/cleaning_queue.h"

#include "device/media_types.h"
#include "operations/admission.h"
#include "operations/identify.h"
#include "operations/requests.h"
#include "platform/system.h"

namespace ntms::operations {
using model::LibraryRequest;

std::optional<model::PhysicalMedium> usable_cleaner(store::Reader& reader,
                                                    const model::Library& library) {
  if (library.cleaner_uses == 0) return std::nullopt;
  auto cleaner = cleaner_of(reader, library);
  if (!cleaner || !cleaner->enabled || cleaner->media_state != NTMS_MEDIASTATE_IDLE) {
    return std::nullopt;
  }
  return cleaner;
}

void request_cleaning(store::Writer& writer, const model::Drive& drive) {
  const auto library = writer.find<model::Library>(drive.library);
  if (!library || !library->supports_cleaning || !library->enabled || !drive.enabled) return;
  if (writer.number("SELECT count(*) FROM library_request WHERE drive=?1 AND operation=?2"
                    " AND state IN (0,1,5,6)",
                    drive.id, NTMS_LM_CLEANDRIVE) != 0) {
    return;
  }
  LibraryRequest request = the_library().request(writer, NTMS_LM_CLEANDRIVE, library->id);
  request.drive = drive.id;
  request.round = request.id;
  writer.insert(request);
}

void ask_for_cleaner(store::Writer& writer, const Guid& library, const std::string& message) {
  if (writer.number("SELECT count(*) FROM operator_request WHERE arg1=?1 AND state IN (1,2,3)"
                    " AND by_system=1 AND request=?2",
                    library, NTMS_OPREQ_CLEANER) != 0) {
    return;
  }
  model::OperatorRequest request;
  request.request = NTMS_OPREQ_CLEANER;
  request.submitted = writer.now();
  request.message = message;
  request.arg1_type = NTMS_LIBRARY;
  request.arg1 = library;
  request.application = "Removable Storage";
  request.user = platform::user_name();
  request.computer = platform::computer_name();
  request.by_system = true;
  writer.insert(request);
}

void complete_cleaner_requests(store::Writer& writer, const Guid& library) {
  for (auto& request : writer.list<model::OperatorRequest>(
           "t.arg1=?1 AND t.state IN (1,2,3) AND t.by_system=1 AND t.request=?2", library,
           NTMS_OPREQ_CLEANER)) {
    complete_request(writer, request);
  }
}

void refuse_cleanings(store::Writer& writer, const Guid& id) {
  const auto library = writer.find<model::Library>(id);
  if (!library || usable_cleaner(writer, *library)) return;
  for (LibraryRequest& request :
       writer.list<LibraryRequest>("t.library=?1 AND t.operation=?2 AND t.state=?3 AND t.phase=0",
                                   id, NTMS_LM_CLEANDRIVE, NTMS_LM_WAITING)) {
    finish(writer, request, NTMS_LM_FAILED, ERROR_REQUEST_REFUSED,
           "the operator does not bring a cleaner cartridge");
  }
}

void forget_queued_cleanings(store::Writer& writer) {
  for (const LibraryRequest& request : writer.list<LibraryRequest>(
           "t.operation=?1 AND t.state IN (0,5) AND t.phase=0", NTMS_LM_CLEANDRIVE)) {
    writer.remove<LibraryRequest>(request.id);
  }
}

void note_cleaner(store::Writer& writer, const Guid& id) {
  auto library = writer.find<model::Library>(id);
  if (!library || (library->flags & NTMS_LIBRARYFLAG_CLEANERPRESENT) != 0) return;
  const auto cleaner = cleaner_of(writer, *library);
  if (!cleaner || writer.number("SELECT code FROM media_type WHERE guid=?1", cleaner->media_type) !=
                      device::kCleanerCartridge) {
    return;
  }
  library->flags |= NTMS_LIBRARYFLAG_CLEANERPRESENT | NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING;
  library->cleaner_uses = kUsesNotCounted;  // nobody has said how often it cleans
  writer.update(*library);
  complete_cleaner_requests(writer, id);
}

}  // namespace ntms::operations
