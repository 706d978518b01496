// SPDX-License-Identifier: MIT
// Changes of the states of slots, ports, doors and devices, by the tables of
// model/state_machines.h, each within the caller's transaction.
#pragma once

#include <string>

#include "model/state_machines.h"
#include "store/records.h"

namespace ntms::operations {

// Applies an event to the state of an object and stores the object if that changes it. An event
// that the table does not know in the present state changes nothing.
void apply(store::Writer& writer, model::Slot& slot, model::SlotEvent event);
void apply(store::Writer& writer, model::Port& port, model::PortEvent event);
void apply(store::Writer& writer, model::Port& port, model::ContentEvent event);
void apply(store::Writer& writer, model::Door& door, model::DoorEvent event);

// The same for all ports or doors of a library: they are opened and closed together.
void apply_to_ports(store::Writer& writer, const Guid& library, model::PortEvent event);
void apply_to_doors(store::Writer& writer, const Guid& library, model::DoorEvent event);

// What an element address of the library is: the slot, port or drive there, or nothing.
std::optional<model::Slot> slot_at(store::Reader& reader, const Guid& library,
                                   std::uint32_t address);
std::optional<model::Port> port_at(store::Reader& reader, const Guid& library,
                                   std::uint32_t address);
std::optional<model::Drive> drive_at(store::Reader& reader, const Guid& library,
                                     std::uint32_t address);

}  // namespace ntms::operations
