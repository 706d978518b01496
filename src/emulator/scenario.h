// SPDX-License-Identifier: MIT
// A scenario as it was understood: what a library is made of and filled with, and what happens to
// it over time. docs/emulator.md describes the text (scenario files).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "emulator/geometry.h"
#include "ntms/emulator.h"

namespace ntms::emulator {

// The `library` line: a geometry that owns its texts.
struct LibraryOptions {
  ntms_emulator_geometry numbers{};
  std::string vendor, product, revision, serial;
  std::string drive_vendor, drive_product, drive_revision;

  // Valid as long as this object stays where it is and is not changed.
  ntms_emulator_geometry geometry() const;
};

// `slot 3 holds MED001L8` or `shelf holds MED001L8`.
struct Content {
  std::optional<std::uint32_t> slot;  // index; none: the shelf
  std::string barcode;                // "": without a label
};

enum class Verb : std::uint8_t {
  // What a person does, and waits for if the library does not let him.
  port_put,
  port_take,
  station_pull,
  station_push,
  door_open,
  door_close,
  magazine_pull,
  magazine_push,
  drive_insert,
  drive_eject,
  drive_take,
  slot_put,
  slot_take,
  slots_swap,
  // What a tester does, which needs no waiting.
  link,
  durations,
  caller_death,
  fault,
  clear_faults,
  attention,
  tape_alert,
  write_protect,
  cleaner,
  quirk,
};

struct Action {
  Verb verb = Verb::link;
  std::uint32_t index = 0;   // of the port, drive, door, magazine or slot
  std::uint32_t second = 0;  // of the other slot
  std::string cartridge;     // "": without a label (put), any (take)
  std::uint32_t lun = 0;
  std::uint32_t number = 0;  // TapeAlert flag, policy, cleanings, quirk
  std::uint32_t value = 0;   // of the quirk
  bool on = false;
  std::uint8_t asc = 0, ascq = 0;  // of a unit attention
  ntms_emulator_fault fault{};
  ntms_emulator_durations durations{};
};

// `quirk late-access 3s`.
struct QuirkSetting {
  std::uint32_t number = 0;  // NTMS_EMULATOR_QUIRK_*
  std::uint32_t value = 0;   // as ntms_emulator_set_quirk has it
};

enum class State : std::uint8_t {
  holds,  // the cartridge
  empty,
  full,
  loaded,
  unloaded,
  extended,
  retracted,
  door_open,
  door_closed,
  magazine_out,
  magazine_in,
  removal_prevented,
  removal_allowed,
  commands,  // at least `count` of them since the play began
};

struct Condition {
  State state = State::empty;
  std::uint32_t type = NTMS_EMULATOR_SLOT;  // of the element; NTMS_EMULATOR_SHELF: outside
  std::uint32_t index = 0;                  // of the element, door or magazine
  std::string cartridge;
  std::uint32_t lun = 0, opcode = 0;
  std::uint64_t count = 0;
};

// One line that is played.
struct Step {
  std::size_t line = 0;            // number in the text, from 1
  std::string text;                // the line without comment
  std::optional<std::int64_t> at;  // ms after the start; none: right after the line before
  std::int64_t within = 0;         // ms of waiting
  std::optional<Action> action;    // either this
  Condition condition;             // or this must become true
};

// How time passes while a scenario is played.
struct Pace {
  std::int64_t step = 1000;        // ms of the virtual clock
  std::int64_t longest = 30'000;   // of a step while nobody sends commands
  std::int64_t quiet = 5;          // real ms without a command before the virtual clock goes on
  std::int64_t patience = 10'000;  // real ms that a wait lasts at least
};

// Something a line speaks of, which must exist in the library.
enum class Noun : std::uint8_t {
  slot,
  drive,
  port,
  door,
  magazine,
  station_pulled,
  station_pushed,
  lone_drive
};

// How a noun is written and counted.
struct NounName {
  std::string_view name;
  Noun noun;
  std::uint32_t first;  // number of the first one
  std::uint32_t type;   // NTMS_EMULATOR_* of such an element; NTMS_EMULATOR_SHELF: it is none
};

// The name of a noun; of the station, null.
const NounName* name_of(Noun noun);
// The element of that name; null if there is no such kind.
const NounName* element_named(std::string_view name);

struct Need {
  std::size_t line = 0;
  Noun noun = Noun::slot;
  std::uint32_t number = 0;  // as it was written: slots, drives and ports from 1, others from 0
};

struct Scenario {
  std::optional<LibraryOptions> library;
  ntms_emulator_durations durations{};
  std::vector<Content> contents;
  std::vector<QuirkSetting> quirks;  // from the start
  Pace pace;
  std::vector<Step> steps;
  std::vector<Need> needs;
};

// Whether a library has everything a scenario speaks of. ERROR_INVALID_PARAMETER, with the line.
Result<> check(const Scenario& scenario, const Geometry& geometry);

// The reason of an error in a line.
std::string in_line(std::size_t line, const std::string& reason);

}  // namespace ntms::emulator
