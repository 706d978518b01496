// SPDX-License-Identifier: MIT
#include "operations/mount_queue.h"

#include <utility>
#include <vector>

#include "operations/requests.h"

namespace ntms::operations {
using model::LibraryRequest;

namespace {

std::vector<LibraryRequest> waiting_mounts(store::Reader& reader, const Guid& medium) {
  return reader.list<LibraryRequest>(
      "t.medium=?1 AND t.operation=?2 AND t.state IN (0,1,5,6) AND t.phase=0", medium,
      NTMS_LM_MOUNT);
}

void delete_operator_requests(store::Writer& writer, const Guid& medium) {
  for (const auto& request : writer.list<model::OperatorRequest>(
           "t.arg1=?1 AND t.state IN (1,2,3) AND t.request=?2", medium, NTMS_OPREQ_MOVEMEDIA)) {
    writer.remove<model::OperatorRequest>(request.id);
  }
  release_from_operator(writer, medium);
}

}  // namespace

void ask_to_move(store::Writer& writer, model::PhysicalMedium& medium, const Guid& library,
                 const std::string& application, const std::string& user,
                 const std::string& computer) {
  if (medium.media_state == NTMS_MEDIASTATE_IDLE) {
    medium.media_state = NTMS_MEDIASTATE_OPREQ;
    writer.update(medium);
  }
  if (writer.number("SELECT count(*) FROM operator_request WHERE arg1=?1 AND state IN (1,2,3)"
                    " AND request=?2",
                    medium.id, NTMS_OPREQ_MOVEMEDIA) != 0) {
    return;
  }
  model::OperatorRequest request;
  request.request = NTMS_OPREQ_MOVEMEDIA;
  request.submitted = writer.now();
  request.arg1_type = NTMS_PHYSICAL_MEDIA;
  request.arg1 = medium.id;
  request.arg2_type = NTMS_LIBRARY;
  request.arg2 = library;
  request.application = application;
  request.user = user;
  request.computer = computer;
  request.by_system = true;
  writer.insert(request);
}

void queue_dismount(store::Writer& writer, const model::PhysicalMedium& medium, const Guid& side,
                    LibraryRequest request) {
  request.medium = medium.id;
  request.side = side;
  request.drive = medium.location;
  request.slot = medium.home_slot;
  writer.insert(request);
}

void withdraw_mount(store::Writer& writer, LibraryRequest& request) {
  const bool started = request.state == NTMS_LM_INPROCESS;
  if (started) {
    request.cancel = true;
    save_progress(writer, request);
    writer.update(request);  // wakes the owner
    return;
  }
  finish(writer, request, NTMS_LM_CANCELLED, ERROR_CANCELLED, "the caller no longer waits");
  if (waiting_mounts(writer, request.medium).empty()) {
    delete_operator_requests(writer, request.medium);
  }
}

void refuse_mounts(store::Writer& writer, const Guid& medium) {
  for (LibraryRequest& request : waiting_mounts(writer, medium)) {
    if (request.state == NTMS_LM_INPROCESS) continue;
    finish(writer, request, NTMS_LM_FAILED, ERROR_REQUEST_REFUSED,
           "the operator does not bring the cartridge");
  }
  release_from_operator(writer, medium);
}

bool is_waited_for(store::Reader& reader, const Guid& id) {
  const auto medium = reader.find<model::PhysicalMedium>(id);
  if (!medium || waiting_mounts(reader, id).empty()) return false;
  const auto library = reader.find<model::Library>(medium->library);
  return !library || library->type == NTMS_LIBRARYTYPE_OFFLINE ||
         library->operational_state == NTMS_NOT_PRESENT;
}

void bring_mounts_to(store::Writer& writer, model::PhysicalMedium& medium) {
  // Those that wait while it is in no library go on waiting where they are.
  const auto library = writer.find<model::Library>(medium.library);
  if (!library || library->type == NTMS_LIBRARYTYPE_OFFLINE) return;
  bool any = false;
  for (LibraryRequest& request : waiting_mounts(writer, medium.id)) {
    any = true;
    if (request.library == medium.library && request.slot == medium.home_slot) continue;
    request.library = medium.library;
    request.slot = medium.home_slot;
    if (!request.drive_given) request.drive = Guid{};
    writer.update(request);
  }
  if (any && medium.media_state == NTMS_MEDIASTATE_IDLE) {
    medium.media_state = NTMS_MEDIASTATE_INUSE;
    writer.update(medium);
  }
}

void end_deferred(store::Writer& writer, const Guid& medium) {
  for (LibraryRequest& request :
       writer.list<LibraryRequest>("t.medium=?1 AND t.operation=?2 AND t.state=?3", medium,
                                   NTMS_LM_DISMOUNT, NTMS_LM_DEFERRED)) {
    finish(writer, request, NTMS_LM_PASSED);
  }
}

}  // namespace ntms::operations
