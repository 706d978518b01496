// SPDX-License-Identifier: MIT
#include "model/state_machines.h"

#include <ntmsapi.h>

#include <algorithm>
#include <array>

namespace ntms::model {
namespace {

template <class Event>
constexpr Transition row(std::uint32_t from, Event event, std::uint32_t to) {
  return {from, static_cast<std::uint32_t>(event), to};
}

// What a person does by hand shows itself only in the element status: from full to empty and back.
constexpr std::array kSlot = {
    row(NTMS_SLOTSTATE_UNKNOWN, SlotEvent::found_empty, NTMS_SLOTSTATE_EMPTY),
    row(NTMS_SLOTSTATE_UNKNOWN, SlotEvent::found_full, NTMS_SLOTSTATE_FULL),
    row(NTMS_SLOTSTATE_NEEDSINVENTORY, SlotEvent::found_empty, NTMS_SLOTSTATE_EMPTY),
    row(NTMS_SLOTSTATE_NEEDSINVENTORY, SlotEvent::found_full, NTMS_SLOTSTATE_FULL),
    row(NTMS_SLOTSTATE_FULL, SlotEvent::found_empty, NTMS_SLOTSTATE_EMPTY),
    row(NTMS_SLOTSTATE_EMPTY, SlotEvent::found_full, NTMS_SLOTSTATE_FULL),
    row(NTMS_SLOTSTATE_FULL, SlotEvent::taken, NTMS_SLOTSTATE_EMPTY),
    row(NTMS_SLOTSTATE_NEEDSINVENTORY, SlotEvent::taken, NTMS_SLOTSTATE_EMPTY),
    row(NTMS_SLOTSTATE_EMPTY, SlotEvent::put, NTMS_SLOTSTATE_FULL),
    row(NTMS_SLOTSTATE_NEEDSINVENTORY, SlotEvent::put, NTMS_SLOTSTATE_FULL),
    row(NTMS_SLOTSTATE_FULL, SlotEvent::inventory_requested, NTMS_SLOTSTATE_NEEDSINVENTORY),
    row(NTMS_SLOTSTATE_UNKNOWN, SlotEvent::magazine_removed, NTMS_SLOTSTATE_NOTPRESENT),
    row(NTMS_SLOTSTATE_FULL, SlotEvent::magazine_removed, NTMS_SLOTSTATE_NOTPRESENT),
    row(NTMS_SLOTSTATE_EMPTY, SlotEvent::magazine_removed, NTMS_SLOTSTATE_NOTPRESENT),
    row(NTMS_SLOTSTATE_NEEDSINVENTORY, SlotEvent::magazine_removed, NTMS_SLOTSTATE_NOTPRESENT),
    row(NTMS_SLOTSTATE_NOTPRESENT, SlotEvent::magazine_back, NTMS_SLOTSTATE_NEEDSINVENTORY),
};
constexpr std::array<std::string_view, 5> kSlotStates = {"UNKNOWN", "FULL", "EMPTY", "NOTPRESENT",
                                                         "NEEDSINVENTORY"};
constexpr std::array<std::string_view, 7> kSlotEvents = {
    "found_empty",         "found_full",       "taken",        "put",
    "inventory_requested", "magazine_removed", "magazine_back"};

constexpr std::array kDoor = {
    row(NTMS_DOORSTATE_CLOSED, DoorEvent::opened, NTMS_DOORSTATE_OPEN),
    row(NTMS_DOORSTATE_OPEN, DoorEvent::closed, NTMS_DOORSTATE_CLOSED),
    row(NTMS_DOORSTATE_OPEN, DoorEvent::overdue, NTMS_DOORSTATE_OPEN),
};
constexpr std::array<std::string_view, 3> kDoorStates = {"UNKNOWN", "CLOSED", "OPEN"};
constexpr std::array<std::string_view, 3> kDoorEvents = {"opened", "closed", "overdue"};

constexpr std::array kPort = {
    row(NTMS_PORTPOSITION_RETRACTED, PortEvent::extended, NTMS_PORTPOSITION_EXTENDED),
    row(NTMS_PORTPOSITION_EXTENDED, PortEvent::filled, NTMS_PORTPOSITION_RETRACTED),
    row(NTMS_PORTPOSITION_EXTENDED, PortEvent::emptied, NTMS_PORTPOSITION_RETRACTED),
    row(NTMS_PORTPOSITION_EXTENDED, PortEvent::closed_by_hand, NTMS_PORTPOSITION_RETRACTED),
    row(NTMS_PORTPOSITION_EXTENDED, PortEvent::stopped, NTMS_PORTPOSITION_RETRACTED),
    row(NTMS_PORTPOSITION_EXTENDED, PortEvent::retract_requested, NTMS_PORTPOSITION_RETRACTED),
    row(NTMS_PORTPOSITION_EXTENDED, PortEvent::timed_out, NTMS_PORTPOSITION_RETRACTED),
};
constexpr std::array<std::string_view, 3> kPortStates = {"UNKNOWN", "EXTENDED", "RETRACTED"};
constexpr std::array<std::string_view, 7> kPortEvents = {
    "extended", "filled", "emptied", "closed_by_hand", "stopped", "retract_requested", "timed_out"};

constexpr std::array kContent = {
    row(NTMS_PORTCONTENT_UNKNOWN, ContentEvent::placed, NTMS_PORTCONTENT_FULL),
    row(NTMS_PORTCONTENT_UNKNOWN, ContentEvent::removed, NTMS_PORTCONTENT_EMPTY),
    row(NTMS_PORTCONTENT_EMPTY, ContentEvent::placed, NTMS_PORTCONTENT_FULL),
    row(NTMS_PORTCONTENT_FULL, ContentEvent::removed, NTMS_PORTCONTENT_EMPTY),
};
constexpr std::array<std::string_view, 3> kContentStates = {"UNKNOWN", "FULL", "EMPTY"};
constexpr std::array<std::string_view, 2> kContentEvents = {"placed", "removed"};

// A side that comes back from outside with a known label keeps the state it had.
constexpr std::array kSide = {
    row(NTMS_PARTSTATE_UNKNOWN, SideEvent::not_recognized, NTMS_PARTSTATE_FOREIGN),
    row(NTMS_PARTSTATE_UNKNOWN, SideEvent::recognized, NTMS_PARTSTATE_IMPORT),
    row(NTMS_PARTSTATE_UNKNOWN, SideEvent::unusable, NTMS_PARTSTATE_INCOMPATIBLE),
    // Read again: what belongs to nobody follows its label, what lies in the free pool too.
    row(NTMS_PARTSTATE_FOREIGN, SideEvent::recognized, NTMS_PARTSTATE_IMPORT),
    row(NTMS_PARTSTATE_IMPORT, SideEvent::not_recognized, NTMS_PARTSTATE_FOREIGN),
    row(NTMS_PARTSTATE_INCOMPATIBLE, SideEvent::recognized, NTMS_PARTSTATE_IMPORT),
    row(NTMS_PARTSTATE_INCOMPATIBLE, SideEvent::not_recognized, NTMS_PARTSTATE_FOREIGN),
    row(NTMS_PARTSTATE_AVAILABLE, SideEvent::recognized, NTMS_PARTSTATE_IMPORT),
    row(NTMS_PARTSTATE_AVAILABLE, SideEvent::not_recognized, NTMS_PARTSTATE_FOREIGN),
    row(NTMS_PARTSTATE_UNKNOWN, SideEvent::free_label_wanted, NTMS_PARTSTATE_UNPREPARED),
    row(NTMS_PARTSTATE_FOREIGN, SideEvent::free_label_wanted, NTMS_PARTSTATE_UNPREPARED),
    row(NTMS_PARTSTATE_IMPORT, SideEvent::free_label_wanted, NTMS_PARTSTATE_UNPREPARED),
    row(NTMS_PARTSTATE_AVAILABLE, SideEvent::free_label_wanted, NTMS_PARTSTATE_UNPREPARED),
    row(NTMS_PARTSTATE_UNPREPARED, SideEvent::free_label_written, NTMS_PARTSTATE_AVAILABLE),
    row(NTMS_PARTSTATE_AVAILABLE, SideEvent::allocated, NTMS_PARTSTATE_ALLOCATED),
    row(NTMS_PARTSTATE_RESERVED, SideEvent::allocated, NTMS_PARTSTATE_ALLOCATED),
    row(NTMS_PARTSTATE_IMPORT, SideEvent::allocated, NTMS_PARTSTATE_ALLOCATED),
    row(NTMS_PARTSTATE_AVAILABLE, SideEvent::sibling_allocated, NTMS_PARTSTATE_RESERVED),
    row(NTMS_PARTSTATE_ALLOCATED, SideEvent::completed, NTMS_PARTSTATE_COMPLETE),
    row(NTMS_PARTSTATE_ALLOCATED, SideEvent::deallocated, NTMS_PARTSTATE_AVAILABLE),
    row(NTMS_PARTSTATE_COMPLETE, SideEvent::deallocated, NTMS_PARTSTATE_AVAILABLE),
    row(NTMS_PARTSTATE_ALLOCATED, SideEvent::worn_out, NTMS_PARTSTATE_DECOMMISSIONED),
    row(NTMS_PARTSTATE_COMPLETE, SideEvent::worn_out, NTMS_PARTSTATE_DECOMMISSIONED),
    row(NTMS_PARTSTATE_AVAILABLE, SideEvent::decommissioned, NTMS_PARTSTATE_DECOMMISSIONED),
    row(NTMS_PARTSTATE_RESERVED, SideEvent::released, NTMS_PARTSTATE_AVAILABLE),
};
constexpr std::array<std::string_view, 10> kSideStates = {
    "UNKNOWN",   "UNPREPARED", "INCOMPATIBLE", "DECOMMISSIONED", "AVAILABLE",
    "ALLOCATED", "COMPLETE",   "FOREIGN",      "IMPORT",         "RESERVED"};
constexpr std::array<std::string_view, 12> kSideEvents = {
    "not_recognized",     "recognized", "unusable",          "free_label_wanted",
    "free_label_written", "allocated",  "sibling_allocated", "completed",
    "deallocated",        "worn_out",   "decommissioned",    "released"};

constexpr std::array kRequest = {
    row(NTMS_LM_QUEUED, RequestEvent::started, NTMS_LM_INPROCESS),
    row(NTMS_LM_WAITING, RequestEvent::started, NTMS_LM_INPROCESS),
    row(NTMS_LM_DEFERRED, RequestEvent::started, NTMS_LM_INPROCESS),
    row(NTMS_LM_QUEUED, RequestEvent::waits, NTMS_LM_WAITING),
    row(NTMS_LM_INPROCESS, RequestEvent::waits, NTMS_LM_WAITING),
    row(NTMS_LM_QUEUED, RequestEvent::deferred, NTMS_LM_DEFERRED),
    row(NTMS_LM_INPROCESS, RequestEvent::passed, NTMS_LM_PASSED),
    row(NTMS_LM_INPROCESS, RequestEvent::failed, NTMS_LM_FAILED),
    row(NTMS_LM_WAITING, RequestEvent::failed, NTMS_LM_FAILED),
    row(NTMS_LM_QUEUED, RequestEvent::vanished, NTMS_LM_INVALID),
    row(NTMS_LM_QUEUED, RequestEvent::cancelled, NTMS_LM_CANCELLED),
    row(NTMS_LM_WAITING, RequestEvent::cancelled, NTMS_LM_CANCELLED),
    row(NTMS_LM_DEFERRED, RequestEvent::cancelled, NTMS_LM_CANCELLED),
    row(NTMS_LM_INPROCESS, RequestEvent::cancelled, NTMS_LM_CANCELLED),
    row(NTMS_LM_QUEUED, RequestEvent::stopped, NTMS_LM_STOPPED),
    row(NTMS_LM_WAITING, RequestEvent::stopped, NTMS_LM_STOPPED),
    row(NTMS_LM_INPROCESS, RequestEvent::stopped, NTMS_LM_STOPPED),
};
constexpr std::array<std::string_view, 9> kRequestStates = {"QUEUED",   "INPROCESS", "PASSED",
                                                            "FAILED",   "INVALID",   "WAITING",
                                                            "DEFERRED", "CANCELLED", "STOPPED"};
constexpr std::array<std::string_view, 8> kRequestEvents = {
    "started", "waits", "deferred", "passed", "failed", "vanished", "cancelled", "stopped"};

constexpr std::array kOperator = {
    row(NTMS_OPSTATE_SUBMITTED, OperatorEvent::read, NTMS_OPSTATE_ACTIVE),
    row(NTMS_OPSTATE_ACTIVE, OperatorEvent::acknowledged, NTMS_OPSTATE_INPROGRESS),
    row(NTMS_OPSTATE_SUBMITTED, OperatorEvent::refused, NTMS_OPSTATE_REFUSED),
    row(NTMS_OPSTATE_ACTIVE, OperatorEvent::refused, NTMS_OPSTATE_REFUSED),
    row(NTMS_OPSTATE_INPROGRESS, OperatorEvent::refused, NTMS_OPSTATE_REFUSED),
    row(NTMS_OPSTATE_SUBMITTED, OperatorEvent::satisfied, NTMS_OPSTATE_COMPLETE),
    row(NTMS_OPSTATE_ACTIVE, OperatorEvent::satisfied, NTMS_OPSTATE_COMPLETE),
    row(NTMS_OPSTATE_INPROGRESS, OperatorEvent::satisfied, NTMS_OPSTATE_COMPLETE),
    row(NTMS_OPSTATE_SUBMITTED, OperatorEvent::seen_done, NTMS_OPSTATE_COMPLETE),
    row(NTMS_OPSTATE_ACTIVE, OperatorEvent::seen_done, NTMS_OPSTATE_COMPLETE),
    row(NTMS_OPSTATE_INPROGRESS, OperatorEvent::seen_done, NTMS_OPSTATE_COMPLETE),
};
constexpr std::array<std::string_view, 6> kOperatorStates = {"UNKNOWN",    "SUBMITTED", "ACTIVE",
                                                             "INPROGRESS", "REFUSED",   "COMPLETE"};
constexpr std::array<std::string_view, 5> kOperatorEvents = {"read", "acknowledged", "refused",
                                                             "satisfied", "seen_done"};

constexpr std::array kDevice = {
    row(NTMS_INITIALIZING, DeviceEvent::checked, NTMS_READY),
    row(NTMS_INITIALIZING, DeviceEvent::defect, NTMS_NEEDS_SERVICE),
    row(NTMS_INITIALIZING, DeviceEvent::lost, NTMS_NOT_PRESENT),
    row(NTMS_READY, DeviceEvent::defect, NTMS_NEEDS_SERVICE),
    row(NTMS_READY, DeviceEvent::lost, NTMS_NOT_PRESENT),
    row(NTMS_NEEDS_SERVICE, DeviceEvent::repaired, NTMS_READY),
    row(NTMS_NEEDS_SERVICE, DeviceEvent::lost, NTMS_NOT_PRESENT),
    row(NTMS_NOT_PRESENT, DeviceEvent::found, NTMS_INITIALIZING),
};
constexpr std::array<std::string_view, 22> kDeviceStates = [] {
  std::array<std::string_view, 22> names{};
  names[NTMS_READY] = "READY";
  names[NTMS_INITIALIZING] = "INITIALIZING";
  names[NTMS_NEEDS_SERVICE] = "NEEDS_SERVICE";
  names[NTMS_NOT_PRESENT] = "NOT_PRESENT";
  return names;
}();
constexpr std::array<std::string_view, 5> kDeviceEvents = {"found", "checked", "defect", "repaired",
                                                           "lost"};

constexpr std::array<StateMachine, 8> kMachines = {{
    {"slot", "Storage slot", kSlot, kSlotStates, kSlotEvents, NTMS_SLOTSTATE_UNKNOWN},
    {"door", "Door", kDoor, kDoorStates, kDoorEvents, NTMS_DOORSTATE_CLOSED},
    {"port_position", "Port, position", kPort, kPortStates, kPortEvents,
     NTMS_PORTPOSITION_RETRACTED},
    {"port_content", "Port, content", kContent, kContentStates, kContentEvents,
     NTMS_PORTCONTENT_UNKNOWN},
    {"side", "Side", kSide, kSideStates, kSideEvents, NTMS_PARTSTATE_UNKNOWN},
    {"library_request", "Library request", kRequest, kRequestStates, kRequestEvents,
     NTMS_LM_QUEUED},
    {"operator_request", "Operator request", kOperator, kOperatorStates, kOperatorEvents,
     NTMS_OPSTATE_SUBMITTED},
    {"device", "Presence of a library, changer or drive", kDevice, kDeviceStates, kDeviceEvents,
     NTMS_INITIALIZING},
}};

// An event whose result is the present state (a full slot is found full) changes nothing.
std::optional<std::uint32_t> look_up(std::span<const Transition> table, std::uint32_t from,
                                     std::uint32_t event) {
  bool reaches_from = false;
  for (const Transition& transition : table) {
    if (transition.event != event) continue;
    if (transition.from == from) return transition.to;
    reaches_from = reaches_from || transition.to == from;
  }
  return reaches_from ? std::optional(from) : std::nullopt;
}

}  // namespace

std::optional<std::uint32_t> next_state(std::uint32_t from, SlotEvent event) {
  return look_up(kSlot, from, static_cast<std::uint32_t>(event));
}
std::optional<std::uint32_t> next_state(std::uint32_t from, DoorEvent event) {
  return look_up(kDoor, from, static_cast<std::uint32_t>(event));
}
std::optional<std::uint32_t> next_state(std::uint32_t from, PortEvent event) {
  return look_up(kPort, from, static_cast<std::uint32_t>(event));
}
std::optional<std::uint32_t> next_state(std::uint32_t from, ContentEvent event) {
  return look_up(kContent, from, static_cast<std::uint32_t>(event));
}
std::optional<std::uint32_t> next_state(std::uint32_t from, SideEvent event) {
  return look_up(kSide, from, static_cast<std::uint32_t>(event));
}
std::optional<std::uint32_t> next_state(std::uint32_t from, RequestEvent event) {
  return look_up(kRequest, from, static_cast<std::uint32_t>(event));
}
std::optional<std::uint32_t> next_state(std::uint32_t from, OperatorEvent event) {
  return look_up(kOperator, from, static_cast<std::uint32_t>(event));
}
std::optional<std::uint32_t> next_state(std::uint32_t from, DeviceEvent event) {
  return look_up(kDevice, from, static_cast<std::uint32_t>(event));
}

std::span<const StateMachine> state_machines() {
  return kMachines;
}

std::string_view state_name(const StateMachine& machine, std::uint32_t state) {
  return state < machine.states.size() ? machine.states[state] : std::string_view{};
}

}  // namespace ntms::model
