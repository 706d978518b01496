// SPDX-License-Identifier: MIT
#include "operations/device_states.h"

#include "operations/requests.h"

namespace ntms::operations {
namespace {

using model::DeviceEvent;

template <class T>
void change(store::Writer& writer, std::vector<T> devices, DeviceEvent event) {
  for (T& device : devices) {
    const auto next = model::next_state(device.operational_state, event);
    if (!next || *next == device.operational_state) continue;
    device.operational_state = *next;
    writer.update(device);
  }
}

}  // namespace

std::uint32_t presence_of_drive(std::uint32_t before, bool found) {
  std::uint32_t state = before;
  const auto happen = [&](DeviceEvent event) {
    state = model::next_state(state, event).value_or(state);
  };
  if (found) {
    happen(DeviceEvent::found);
    happen(DeviceEvent::checked);
  } else {
    happen(DeviceEvent::lost);
  }
  return state;
}

void apply_to_library(store::Writer& writer, const Guid& id, DeviceEvent event,
                      const std::string& reason) {
  auto library = writer.find<model::Library>(id);
  if (!library) return;
  const auto next = model::next_state(library->operational_state, event);
  if (!next) return;
  if (library->operational_state != *next || library->state_reason != reason) {
    library->operational_state = *next;
    library->state_reason = reason;
    writer.update(*library);
  }
  change(writer, writer.list<model::Changer>("t.library=?1", id), event);
  if (event == DeviceEvent::found || event == DeviceEvent::checked || event == DeviceEvent::lost) {
    change(writer, writer.list<model::Drive>("t.library=?1", id), event);
  }
}

void note_defect(store::Writer& writer, const LibraryContext& context, const std::string& message) {
  apply_to_library(writer, context.library, DeviceEvent::defect, message);
  post_device_service(writer, NTMS_LIBRARY, context.library, message);
}

void note_working(store::Writer& writer, const LibraryContext& context) {
  if (writer.number("SELECT operational_state FROM library WHERE guid=?1", context.library) !=
      NTMS_NEEDS_SERVICE) {
    return;
  }
  apply_to_library(writer, context.library, DeviceEvent::repaired, "");
  complete_device_service(writer, context.library);
}

bool is_said_to_be_repaired(store::Reader& reader, const Guid& library) {
  return reader.number("SELECT operational_state FROM library WHERE guid=?1", library) ==
             NTMS_NEEDS_SERVICE &&
         reader.number(
             "SELECT count(*) FROM operator_request WHERE arg1=?1 AND state IN (1,2,3)"
             " AND by_system=1 AND request=?2",
             library, NTMS_OPREQ_DEVICESERVICE) == 0;
}

}  // namespace ntms::operations
