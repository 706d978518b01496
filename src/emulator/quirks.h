// SPDX-License-Identifier: MIT
// What libraries do that others do not: the personality of an emulated changer, switched on and off
// by a tester (emulator.h, NTMS_EMULATOR_QUIRK_*).
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "emulator/sqlite.h"
#include "ntms/emulator.h"

namespace ntms::emulator {

// How a quirk is written in a scenario.
struct QuirkName {
  std::string_view name;
  std::uint32_t number = 0;  // NTMS_EMULATOR_QUIRK_*
  bool timed = false;        // its value is a duration in milliseconds
};

// The quirk of that name or number; null if there is none. Static storage.
const QuirkName* quirk_named(std::string_view name);
const QuirkName* quirk_numbered(std::uint32_t number);

// The quirks of a library file as they are when this is made. Used inside a transaction.
class Quirks {
 public:
  explicit Quirks(Connection& db);

  bool has(std::uint32_t number) const { return value(number) != 0; }
  // What it was switched on with: milliseconds if it is timed; 0: it is off.
  std::int64_t value(std::uint32_t number) const { return entries_[number].value; }
  // Whether a timed quirk began less than its duration ago.
  bool lasts(std::uint32_t number, std::int64_t now) const;

  // Switches a quirk on, or off with the value 0; one that is timed begins now.
  static void set(Connection& db, std::uint32_t number, std::uint32_t value, std::int64_t now);
  // Lets a timed quirk that is on begin anew.
  static void restart(Connection& db, std::uint32_t number, std::int64_t now);

 private:
  struct Entry {
    std::int64_t value = 0;
    std::int64_t since = 0;
  };
  std::array<Entry, NTMS_EMULATOR_QUIRK_LAST + 1> entries_{};
};

}  // namespace ntms::emulator
