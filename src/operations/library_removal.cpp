// SPDX-License-Identifier: MIT
#include "operations/library_removal.h"

#include <ntmsapi.h>

#include "model/states.h"
#include "operations/requests.h"

namespace ntms::operations {
using model::LibraryRequest;
using model::PhysicalMedium;

namespace {

template <class T>
void remove_devices(store::Writer& writer, const Guid& library) {
  for (const T& device : writer.list<T>("t.library=?1", library)) writer.remove<T>(device.id);
}

}  // namespace

void cancel_all(store::Writer& writer, std::vector<LibraryRequest> requests, const char* reason) {
  for (LibraryRequest& request : requests) {
    request.phase = model::Phase::none;
    finish(writer, request, NTMS_LM_CANCELLED, ERROR_CANCELLED, reason);
  }
}

void complete_all(store::Writer& writer, std::vector<model::OperatorRequest> requests) {
  for (model::OperatorRequest& request : requests) {
    request.state = NTMS_OPSTATE_COMPLETE;
    request.answered = writer.now();
    writer.update(request);
  }
}

void take_offline(store::Writer& writer, std::vector<PhysicalMedium> media) {
  const auto offline = writer.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE);
  for (PhysicalMedium& medium : media) {
    medium.library = offline ? offline->id : Guid{};
    medium.location = medium.home_slot = medium.mounted_side = Guid{};
    medium.location_type = NTMS_STORAGESLOT;
    medium.media_state = NTMS_MEDIASTATE_IDLE;
    writer.update(medium);
  }
}

void remove_library(store::Writer& writer, const Guid& id) {
  cancel_all(writer, writer.list<LibraryRequest>("t.library=?1 AND t.state IN (0,1,5,6)", id),
             "the library was deleted");
  take_offline(writer, writer.list<PhysicalMedium>("t.library=?1", id));
  complete_all(writer,
               writer.list<model::OperatorRequest>(
                   "t.state IN (1,2,3) AND t.by_system=1 AND (t.arg1=?1 OR t.arg2=?1 OR t.arg1 IN"
                   " (SELECT guid FROM changer WHERE library=?1"
                   " UNION ALL SELECT guid FROM drive WHERE library=?1"
                   " UNION ALL SELECT guid FROM slot WHERE library=?1"
                   " UNION ALL SELECT guid FROM port WHERE library=?1"
                   " UNION ALL SELECT guid FROM door WHERE library=?1))",
                   id));
  remove_devices<model::Drive>(writer, id);
  remove_devices<model::Slot>(writer, id);
  remove_devices<model::Port>(writer, id);
  remove_devices<model::Door>(writer, id);
  remove_devices<model::Changer>(writer, id);
  if (writer.execute("DELETE FROM ui_destination WHERE object=?1", id) != 0) {
    writer.note(NTMS_OBJ_DELETE, NTMS_UI_DESTINATION, id);
  }
  writer.remove<model::Library>(id);
}

std::vector<std::string> remove_lone_libraries(store::Writer& writer, const std::string& serial) {
  std::vector<std::string> kept;
  if (serial.empty()) return kept;
  for (const model::Library& lone : writer.list<model::Library>(
           "t.type=?1 AND t.serial=?2", NTMS_LIBRARYTYPE_STANDALONE, serial)) {
    const bool wanted = writer.number(
                            "SELECT count(*) FROM library_request WHERE library=?1"
                            " AND state IN (0,1,5,6)",
                            lone.id) != 0;
    bool in_use = wanted;
    for (const auto& medium : writer.list<PhysicalMedium>("t.library=?1", lone.id)) {
      in_use = in_use || model::is_in_use(medium.media_state);
    }
    if (in_use) {
      kept.push_back(lone.name);
    } else {
      remove_library(writer, lone.id);
    }
  }
  return kept;
}

std::optional<std::string> library_of_drive(store::Reader& reader, const std::string& serial) {
  if (serial.empty()) return std::nullopt;
  if (reader.first<model::Library>("t.type=?1 AND t.serial=?2", NTMS_LIBRARYTYPE_STANDALONE,
                                   serial)) {
    return std::nullopt;
  }
  for (const model::Drive& drive : reader.list<model::Drive>("t.serial=?1", serial)) {
    const auto library = reader.find<model::Library>(drive.library);
    if (!library || library->type != NTMS_LIBRARYTYPE_ONLINE) continue;
    const bool has_left = library->operational_state != NTMS_NOT_PRESENT &&
                          library->operational_state != NTMS_INITIALIZING &&
                          drive.operational_state == NTMS_NOT_PRESENT;
    if (!has_left) return library->name;
  }
  return std::nullopt;
}

}  // namespace ntms::operations
