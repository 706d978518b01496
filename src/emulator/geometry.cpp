// SPDX-License-Identifier: MIT
// From what a tester asks for to the geometry of a library: defaults, addresses, checks.
#include "emulator/geometry.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <vector>

namespace ntms::emulator {
namespace {

constexpr std::uint32_t kLastAddress = 0xFFFF;
constexpr std::uint32_t kMaximumDoors = 64;
constexpr std::size_t kSerialLength = 32;

std::string text_or(const char* text, const char* otherwise) {
  return text != nullptr && *text != '\0' ? text : otherwise;
}

bool printable(const std::string& text, std::size_t limit) {
  return text.size() <= limit &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

// A kind of element on its way to an address.
struct Kind {
  std::uint32_t* first;
  std::uint32_t count;
  std::uint32_t standard;
};

Result<> assign_addresses(Geometry& geometry) {
  const std::array<Kind, 4> kinds{{{&geometry.first_transport, 1, 1},
                                   {&geometry.first_port, geometry.ports, 16},
                                   {&geometry.first_drive, geometry.drives, 256},
                                   {&geometry.first_slot, geometry.slots, 1024}}};
  std::uint64_t next = 0;
  for (const Kind& kind : kinds) {
    if (*kind.first == 0) {
      *kind.first = static_cast<std::uint32_t>(std::max<std::uint64_t>(kind.standard, next));
    }
    next = std::max<std::uint64_t>(next, std::uint64_t{*kind.first} + kind.count);
    if (next > kLastAddress + 1) {
      return fail(kErrorInvalidParameter, "the elements do not fit into 16-bit addresses");
    }
  }
  for (const Kind& a : kinds) {
    for (const Kind& b : kinds) {
      if (a.first != b.first && a.count != 0 && b.count != 0 && *a.first < *b.first + b.count &&
          *b.first < *a.first + a.count) {
        return fail(kErrorInvalidParameter, "element addresses overlap");
      }
    }
  }
  return {};
}

}  // namespace

std::size_t known_members(std::size_t size) {
  if (size == sizeof(ntms_emulator_geometry)) return size;
  if (size == kSecondGeometrySize) return offsetof(ntms_emulator_geometry, cleaner_stays);
  if (size == kFirstGeometrySize) return offsetof(ntms_emulator_geometry, port_unreported);
  return 0;
}

std::string random_serial() {
  static constexpr char kDigits[] = "0123456789ABCDEF";
  std::random_device entropy;
  std::string serial = "EMU";
  for (int i = 0; i < 8; ++i) serial += kDigits[entropy() & 15];
  return serial;
}

Result<Geometry> make_geometry(const ntms_emulator_geometry& given) {
  const std::size_t members = known_members(given.size);
  if (members == 0) return fail(kErrorInvalidParameter, "unknown structure size");
  ntms_emulator_geometry asked{};
  std::memcpy(&asked, &given, members);
  if (asked.stand_alone != 0) {
    asked.slots = asked.ports = asked.doors = asked.magazines = 0;
    asked.drives = 1;
  }
  if (asked.sides > 2) return fail(kErrorInvalidParameter, "a cartridge has one or two sides");
  if (asked.port_kind > NTMS_EMULATOR_PORT_PASS_THROUGH) {
    return fail(kErrorInvalidParameter, "unknown kind of port");
  }
  if (asked.doors > kMaximumDoors || asked.slots > kLastAddress || asked.drives > kLastAddress ||
      asked.ports > kLastAddress || asked.first_transport > kLastAddress ||
      asked.first_port > kLastAddress || asked.first_drive > kLastAddress ||
      asked.first_slot > kLastAddress) {
    return fail(kErrorInvalidParameter, "too many elements or an address above 65535");
  }
  if (asked.magazines > asked.slots) {
    return fail(kErrorInvalidParameter, "a magazine has at least one slot");
  }
  Geometry geometry;
  geometry.slots = asked.slots;
  geometry.drives = asked.drives;
  geometry.ports = asked.ports;
  geometry.doors = asked.doors;
  geometry.first_transport = asked.first_transport;
  geometry.first_port = asked.first_port;
  geometry.first_drive = asked.first_drive;
  geometry.first_slot = asked.first_slot;
  geometry.bar_code_reader = asked.bar_code_reader != 0;
  geometry.two_sided = asked.sides == 2;
  geometry.port_kind = asked.port_kind;
  geometry.unload_before_move = asked.unload_before_move != 0;
  geometry.virtual_clock = asked.virtual_clock != 0;
  geometry.port_unreported = asked.port_unreported != 0;
  geometry.doors_unlocked = asked.doors_unlocked != 0;
  geometry.magazines = asked.magazines;
  geometry.cleaner_stays = asked.cleaner_stays != 0;
  geometry.stand_alone = asked.stand_alone != 0;
  geometry.vendor = text_or(asked.vendor, "NTMS");
  geometry.product = text_or(asked.product, "EMULATED CHANGER");
  geometry.revision = text_or(asked.revision, "1.0");
  geometry.serial = text_or(asked.serial, "");
  if (geometry.serial.empty()) geometry.serial = random_serial();
  geometry.drive_vendor = text_or(asked.drive_vendor, "NTMS");
  geometry.drive_product = text_or(asked.drive_product, "EMULATED TAPE");
  geometry.drive_revision = text_or(asked.drive_revision, "1.0");
  if (!printable(geometry.vendor, 8) || !printable(geometry.product, 16) ||
      !printable(geometry.revision, 4) || !printable(geometry.serial, kSerialLength) ||
      !printable(geometry.drive_vendor, 8) || !printable(geometry.drive_product, 16) ||
      !printable(geometry.drive_revision, 4)) {
    return fail(kErrorInvalidParameter, "an INQUIRY string is too long or not printable ASCII");
  }
  if (const auto placed = assign_addresses(geometry); !placed) return placed.error();
  return geometry;
}

std::uint32_t Geometry::count(ElementType type) const {
  switch (type) {
    case ElementType::transport:
      return 1;
    case ElementType::storage:
      return slots;
    case ElementType::port:
      return ports;
    case ElementType::drive:
      return drives;
    case ElementType::all:
      return 1 + slots + ports + drives;
  }
  return 0;
}

std::uint32_t Geometry::first(ElementType type) const {
  switch (type) {
    case ElementType::transport:
      return first_transport;
    case ElementType::storage:
      return first_slot;
    case ElementType::port:
      return first_port;
    case ElementType::drive:
      return first_drive;
    case ElementType::all:
      return 0;
  }
  return 0;
}

Range Geometry::magazine(std::uint32_t index) const {
  const std::uint32_t share = slots / magazines;
  const bool last = index + 1 == magazines;
  return {index * share, last ? slots - index * share : share};
}

std::string Geometry::drive_serial(std::uint32_t index) const {
  // Ten characters for the first 99 drives of a library, as many parsers of the 34-byte T10
  // designator expect.
  const std::string tail = serial.size() > 8 ? serial.substr(serial.size() - 8) : serial;
  const std::string number = std::to_string(index + 1);
  return tail + (number.size() < 2 ? "0" : "") + number;
}

}  // namespace ntms::emulator
