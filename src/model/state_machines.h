// SPDX-License-Identifier: MIT
// The state machines of the objects, as tables: which event leads from which state to which
// (contract: concepts 4.1, 6, 9, 10, 15 and 16). Whoever changes such a state asks here;
// docs/states.md is drawn from here, and every row has a test (tests/conformance/state_map.tsv).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace ntms::model {

// Storage slots: NtmsSlotState.
enum class SlotEvent : std::uint32_t {
  found_empty,          // element status: no cartridge
  found_full,           // element status: a cartridge, recognised or new
  taken,                // the robot takes the cartridge
  put,                  // the robot puts one there
  inventory_requested,  // what it holds is to be proved
  magazine_removed,
  magazine_back,
};

// Doors: NtmsDoorState.
enum class DoorEvent : std::uint32_t {
  opened,   // unlocked for the operator, or seen open
  closed,   // the operator has finished; locked again
  overdue,  // open longer than MaxOpenSecs: the operator is asked to close it
};

// Ports, NtmsPortPosition.
enum class PortEvent : std::uint32_t {
  extended,           // given to the operator: inject start, or an eject delivered into it
  filled,             // a port of one element is full
  emptied,            // everything that was ejected has been taken
  closed_by_hand,     // the operator has pushed it in
  stopped,            // a stop or a cancel
  retract_requested,  // an inject was told to take in what is there
  timed_out,          // MaxExtendSecs is over
};

// Ports, NtmsPortContent.
enum class ContentEvent : std::uint32_t {
  placed,   // a cartridge is in it
  removed,  // moved to a slot, or taken
};

// Sides: NtmsPartitionState.
enum class SideEvent : std::uint32_t {
  not_recognized,      // identified: no label library claims the label, or there is none
  recognized,          // identified: a label that is not in the database
  unusable,            // identified: the drives cannot use the medium
  free_label_wanted,   // the medium is to go to the free pool
  free_label_written,  // it is there
  allocated,           // AllocateNtmsMedia
  sibling_allocated,   // another side of the medium, with NTMS_ALLOCATE_NEW
  completed,           // SetNtmsMediaComplete
  deallocated,         // DeallocateNtmsMedia
  worn_out,            // likewise, when it has been allocated as often as its pool allows
  decommissioned,      // DecommissionNtmsMedia
  released,            // the last allocated side of the medium was deallocated
};

// Library requests: NtmsLmState.
enum class RequestEvent : std::uint32_t {
  started,
  waits,     // for a drive, a medium or a person
  deferred,  // a dismount that is not due yet
  passed,
  failed,
  vanished,  // its object was deleted before the start
  cancelled,
  stopped,
};

// Operator requests: NtmsOpreqState.
enum class OperatorEvent : std::uint32_t {
  read,          // by an operator's console
  acknowledged,  // the operator is on the way
  refused,
  satisfied,  // the operator says that it is done
  seen_done,  // the server sees that it is done
};

// Libraries, changers and drives: dwOperationalState.
enum class DeviceEvent : std::uint32_t {
  found,     // it is there; its configuration is being checked
  checked,   // and in order
  defect,    // a hardware error; an operator request is posted
  repaired,  // the request is completed and the device answers, or it was enabled anew
  lost,      // not found at start, or removed
};

// One row of a table.
struct Transition {
  std::uint32_t from;
  std::uint32_t event;
  std::uint32_t to;
};

// The state after an event; the same one when the event changes nothing; nothing when the event
// cannot happen in that state. Pure.
std::optional<std::uint32_t> next_state(std::uint32_t from, SlotEvent event);
std::optional<std::uint32_t> next_state(std::uint32_t from, DoorEvent event);
std::optional<std::uint32_t> next_state(std::uint32_t from, PortEvent event);
std::optional<std::uint32_t> next_state(std::uint32_t from, ContentEvent event);
std::optional<std::uint32_t> next_state(std::uint32_t from, SideEvent event);
std::optional<std::uint32_t> next_state(std::uint32_t from, RequestEvent event);
std::optional<std::uint32_t> next_state(std::uint32_t from, OperatorEvent event);
std::optional<std::uint32_t> next_state(std::uint32_t from, DeviceEvent event);

// A machine for those who list all of them: documents and tests.
struct StateMachine {
  std::string_view name;   // "slot", "door", ...
  std::string_view title;  // for people
  std::span<const Transition> transitions;
  std::span<const std::string_view> states;  // names by number
  std::span<const std::string_view> events;  // likewise
  std::uint32_t initial;
};

// All machines, in the order of the enumerations above.
std::span<const StateMachine> state_machines();

// The name of a state of a machine: "READY", "NOT_PRESENT", ...; states without a name are empty.
std::string_view state_name(const StateMachine& machine, std::uint32_t state);

}  // namespace ntms::model
