// SPDX-License-Identifier: MIT
#include "operations/element_states.h"

namespace ntms::operations {
namespace {

template <class T, class Event>
void change(store::Writer& writer, T& object, std::uint32_t& state, Event event) {
  const auto next = model::next_state(state, event);
  if (!next || *next == state) return;
  state = *next;
  writer.update(object);
}

}  // namespace

void apply(store::Writer& writer, model::Slot& slot, model::SlotEvent event) {
  change(writer, slot, slot.state, event);
}

void apply(store::Writer& writer, model::Port& port, model::PortEvent event) {
  change(writer, port, port.position, event);
}

void apply(store::Writer& writer, model::Port& port, model::ContentEvent event) {
  change(writer, port, port.content, event);
}

void apply(store::Writer& writer, model::Door& door, model::DoorEvent event) {
  change(writer, door, door.state, event);
}

void apply_to_ports(store::Writer& writer, const Guid& library, model::PortEvent event) {
  for (model::Port& port : writer.list<model::Port>("t.library=?1", library)) {
    apply(writer, port, event);
  }
}

void apply_to_doors(store::Writer& writer, const Guid& library, model::DoorEvent event) {
  for (model::Door& door : writer.list<model::Door>("t.library=?1", library)) {
    apply(writer, door, event);
  }
}

std::optional<model::Slot> slot_at(store::Reader& reader, const Guid& library,
                                   std::uint32_t address) {
  return reader.first<model::Slot>("t.library=?1 AND t.element_address=?2", library, address);
}

std::optional<model::Port> port_at(store::Reader& reader, const Guid& library,
                                   std::uint32_t address) {
  return reader.first<model::Port>("t.library=?1 AND t.element_address=?2", library, address);
}

std::optional<model::Drive> drive_at(store::Reader& reader, const Guid& library,
                                     std::uint32_t address) {
  return reader.first<model::Drive>("t.library=?1 AND t.element_address=?2", library, address);
}

}  // namespace ntms::operations
