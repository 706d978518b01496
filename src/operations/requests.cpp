// SPDX-License-Identifier: MIT
#include "operations/requests.h"

#include <stdexcept>

#include "model/state_machines.h"
#include "model/states.h"
#include "operations/free_pool.h"
#include "operations/mount_queue.h"
#include "platform/system.h"
#include "platform/text.h"

namespace ntms::operations {
namespace {

// The object whose channel carries the completion notice (concepts 17).
void notify_completion(store::Writer& writer, const model::LibraryRequest& request) {
  switch (request.operation) {
    case NTMS_LM_EJECT:
    case NTMS_LM_EJECTCLEANER:
    case NTMS_LM_INJECT:
    case NTMS_LM_INJECTCLEANER:
      writer.complete(NTMS_LIBREQUEST, request.id);
      break;
    case NTMS_LM_REMOVE:
      writer.complete(NTMS_LIBREQUEST, request.work_item);
      break;
    case NTMS_LM_INVENTORY:
    case NTMS_LM_DOORACCESS:
    case NTMS_LM_RESERVECLEANER:
    case NTMS_LM_RELEASECLEANER:
      writer.complete(NTMS_LIBRARY, request.library);
      break;
    case NTMS_LM_DISMOUNT:
      if (!request.side.is_null()) {
        writer.complete(NTMS_PARTITION, request.side);  // asked for by its medium
        break;
      }
      [[fallthrough]];
    case NTMS_LM_CLEANDRIVE:
      writer.complete(NTMS_DRIVE, request.drive);
      break;
    case NTMS_LM_WRITESCRATCH:
      notify_free_label(writer, request);
      break;
    case NTMS_LM_CLASSIFY:
      // IdentifyNtmsSlot; what the library and its inventories ask for has no notice.
      if (request.round == request.id) writer.complete(NTMS_STORAGESLOT, request.slot);
      break;
    default:  // enabling, disabling and the server's own work have no notice
      break;
  }
}

model::RequestEvent event_of_end(std::uint32_t state) {
  switch (state) {
    case NTMS_LM_PASSED:
      return model::RequestEvent::passed;
    case NTMS_LM_CANCELLED:
      return model::RequestEvent::cancelled;
    case NTMS_LM_STOPPED:
      return model::RequestEvent::stopped;
    case NTMS_LM_INVALID:
      return model::RequestEvent::vanished;
    default:
      return model::RequestEvent::failed;
  }
}

}  // namespace

std::optional<model::LibraryRequest> unfinished(store::Reader& reader, const Guid& id) {
  auto request = reader.find<model::LibraryRequest>(id);
  if (request && model::is_finished(request->state)) request.reset();
  return request;
}

void start(store::Writer& writer, model::LibraryRequest& request) {
  request.state =
      model::next_state(request.state, model::RequestEvent::started).value_or(request.state);
  request.reason.clear();
  writer.update(request);
}

void wait_for(store::Writer& writer, model::LibraryRequest& request, const std::string& reason) {
  if (request.state == NTMS_LM_WAITING && request.reason == reason) return;
  request.state =
      model::next_state(request.state, model::RequestEvent::waits).value_or(request.state);
  request.reason = reason;
  writer.update(request);
}

void finish(store::Writer& writer, model::LibraryRequest& request, std::uint32_t state,
            std::uint32_t error_code, const std::string& reason) {
  // Only what has never been looked at can have become invalid.
  if (state == NTMS_LM_INVALID && request.state != NTMS_LM_QUEUED) state = NTMS_LM_FAILED;
  const auto event = event_of_end(state);
  auto next = model::next_state(request.state, event);
  if (!next) {
    // What is done or fails at once has been started, be it for a moment.
    start(writer, request);
    next = model::next_state(request.state, event);
  }
  if (!next) throw std::logic_error("a request cannot end that way");
  request.state = *next;
  request.error_code = error_code;
  request.reason = reason;
  request.time_completed = writer.now();
  request.held = false;
  if (!request.medium.is_null()) release_medium(writer, request.medium, request.id);
  writer.update(request);
  notify_completion(writer, request);
}

void save_progress(store::Writer& writer, const model::LibraryRequest& request) {
  writer.execute(
      "UPDATE library_request SET held=?2, round=?3, stop=?4, cancel=?5, phase=?6, source=?7,"
      " target=?8, deadline=?9, retract=?10 WHERE guid=?1",
      request.id, request.held, request.round, request.stop, request.cancel, request.phase,
      request.source, request.target, request.deadline, request.retract);
}

void release_medium(store::Writer& writer, const Guid& id, const Guid& except_request) {
  auto medium = writer.find<model::PhysicalMedium>(id);
  if (!medium || medium->media_state != NTMS_MEDIASTATE_INUSE) return;
  // A request to enable or disable a medium does not use it, nor does an identification that has
  // not been started.
  if (writer.number("SELECT count(*) FROM library_request WHERE medium=?1 AND guid<>?2"
                    " AND operation>6 AND state IN (0,1,5,6) AND NOT (operation=19 AND state<>1)",
                    id, except_request) != 0) {
    return;
  }
  medium->media_state = NTMS_MEDIASTATE_IDLE;
  writer.update(*medium);
}

Guid post_device_service(store::Writer& writer, std::uint32_t object_type, const Guid& object,
                         const std::string& message) {
  if (const auto open = writer.first<model::OperatorRequest>(
          "t.arg1=?1 AND t.state IN (1,2,3) AND t.by_system=1 AND t.message=?2", object, message)) {
    return open->id;  // the person has been asked already
  }
  model::OperatorRequest request;
  request.request = NTMS_OPREQ_DEVICESERVICE;
  request.submitted = writer.now();
  request.message = message;
  request.arg1_type = object_type;
  request.arg1 = object;
  request.application = "Removable Storage";
  request.user = platform::user_name();
  request.computer = platform::computer_name();
  request.by_system = true;
  writer.insert(request);
  return request.id;
}

void complete_device_service(store::Writer& writer, const Guid& object) {
  for (auto& request : writer.list<model::OperatorRequest>(
           "t.arg1=?1 AND t.state IN (1,2,3) AND t.by_system=1 AND t.request=?2", object,
           NTMS_OPREQ_DEVICESERVICE)) {
    complete_request(writer, request);
  }
}

void complete_request(store::Writer& writer, model::OperatorRequest& request) {
  const auto next = model::next_state(request.state, model::OperatorEvent::seen_done);
  if (!next || *next == request.state) return;
  request.state = *next;
  request.answered = writer.now();
  writer.update(request);
}

void complete_move_media(store::Writer& writer, const Guid& id) {
  const auto medium = writer.find<model::PhysicalMedium>(id);
  if (!medium) return;
  for (auto& request : writer.list<model::OperatorRequest>(
           "t.arg1=?1 AND t.state IN (1,2,3) AND t.request=?2 AND t.arg2=?3", id,
           NTMS_OPREQ_MOVEMEDIA, medium->library)) {
    complete_request(writer, request);
  }
  release_from_operator(writer, id);
  if (auto arrived = writer.find<model::PhysicalMedium>(id)) bring_mounts_to(writer, *arrived);
  carry_write_scratch(writer, id);
}

void release_from_operator(store::Writer& writer, const Guid& id) {
  auto medium = writer.find<model::PhysicalMedium>(id);
  if (!medium || medium->media_state != NTMS_MEDIASTATE_OPREQ) return;
  if (writer.number("SELECT count(*) FROM operator_request WHERE arg1=?1 AND state IN (1,2,3)"
                    " AND request=?2",
                    id, NTMS_OPREQ_MOVEMEDIA) != 0) {
    return;
  }
  medium->media_state = NTMS_MEDIASTATE_IDLE;
  writer.update(*medium);
}

}  // namespace ntms::operations
