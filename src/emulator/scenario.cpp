// SPDX-License-Identifier: MIT
// Whether a library has what a scenario speaks of.
#include "emulator/scenario.h"

#include <algorithm>
#include <array>

namespace ntms::emulator {
namespace {

constexpr std::array kNouns{
    NounName{"slot", Noun::slot, 1, NTMS_EMULATOR_SLOT},
    NounName{"drive", Noun::drive, 1, NTMS_EMULATOR_DRIVE},
    NounName{"port", Noun::port, 1, NTMS_EMULATOR_PORT},
    NounName{"door", Noun::door, 0, NTMS_EMULATOR_SHELF},
    NounName{"magazine", Noun::magazine, 0, NTMS_EMULATOR_SHELF},
};

template <class Fits>
const NounName* first_noun(const Fits& fits) {
  const auto* found = std::find_if(kNouns.begin(), kNouns.end(), fits);
  return found == kNouns.end() ? nullptr : found;
}

std::string missing(const Need& need, std::uint32_t count) {
  const NounName& name = *name_of(need.noun);
  const std::string noun(name.name);
  const std::string number = std::to_string(need.number);
  if (count == 0) return "there is no " + noun + " " + number + ": the library has none";
  return "there is no " + noun + " " + number + ": the last one is " +
         std::to_string(count - 1 + name.first);
}

std::uint32_t count_of(const Geometry& geometry, Noun noun) {
  switch (noun) {
    case Noun::slot:
      return geometry.slots;
    case Noun::drive:
      return geometry.drives;
    case Noun::port:
      return geometry.ports;
    case Noun::door:
      return geometry.doors;
    default:
      return geometry.magazines;
  }
}

// Why the station cannot be pulled or pushed, or a drive not be fed by hand, if it cannot.
std::string out_of_reach(const Geometry& geometry, Noun noun) {
  if (noun == Noun::lone_drive) {
    return geometry.stand_alone ? "" : "nobody reaches the drives of a library (stand_alone=yes)";
  }
  const bool pushed_only = noun == Noun::station_pushed && geometry.move_extends();
  if (geometry.ports != 0 && (geometry.by_hand() || pushed_only)) return "";
  return "the library has no station to pull or push (port_kind=by-hand)";
}

}  // namespace

ntms_emulator_geometry LibraryOptions::geometry() const {
  ntms_emulator_geometry values = numbers;
  values.vendor = vendor.c_str();
  values.product = product.c_str();
  values.revision = revision.c_str();
  values.serial = serial.c_str();
  values.drive_vendor = drive_vendor.c_str();
  values.drive_product = drive_product.c_str();
  values.drive_revision = drive_revision.c_str();
  return values;
}

const NounName* name_of(Noun noun) {
  return first_noun([&](const NounName& entry) { return entry.noun == noun; });
}

const NounName* element_named(std::string_view name) {
  return first_noun([&](const NounName& entry) {
    return entry.name == name && entry.type != NTMS_EMULATOR_SHELF;
  });
}

std::string in_line(std::size_t line, const std::string& reason) {
  return "line " + std::to_string(line) + ": " + reason;
}

Result<> check(const Scenario& scenario, const Geometry& geometry) {
  for (const Need& need : scenario.needs) {
    const NounName* name = name_of(need.noun);
    if (name == nullptr) {
      const std::string reason = out_of_reach(geometry, need.noun);
      if (!reason.empty()) return fail(kErrorInvalidParameter, in_line(need.line, reason));
      continue;
    }
    const std::uint32_t count = count_of(geometry, need.noun);
    if (need.number - name->first >= count) {
      return fail(kErrorInvalidParameter, in_line(need.line, missing(need, count)));
    }
  }
  return {};
}

}  // namespace ntms::emulator
