// SPDX-License-Identifier: MIT
// What a library is made of, fixed when its file is made.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/error.h"
#include "ntms/emulator.h"

namespace ntms::emulator {

// SMC-3 element type codes (SMC-3 6.11).
enum class ElementType : std::uint8_t { all = 0, transport = 1, storage = 2, port = 3, drive = 4 };

// `count` indices from `first` on.
struct Range {
  std::uint32_t first = 0, count = 0;
};

struct Geometry {
  std::uint32_t slots = 0, drives = 0, ports = 0, doors = 0;
  std::uint32_t first_transport = 0, first_port = 0, first_drive = 0, first_slot = 0;
  bool bar_code_reader = false;
  bool two_sided = false;
  std::uint32_t port_kind = NTMS_EMULATOR_PORT_LOCKABLE;
  bool unload_before_move = false;
  bool virtual_clock = false;
  bool port_unreported = false;
  bool doors_unlocked = false;
  std::uint32_t magazines = 0;
  bool cleaner_stays = false;
  bool stand_alone = false;
  std::string vendor, product, revision, serial;
  std::string drive_vendor, drive_product, drive_revision;

  bool motorized() const { return port_kind == NTMS_EMULATOR_PORT_MOTORIZED; }
  bool move_extends() const { return port_kind == NTMS_EMULATOR_PORT_MOVE_EXTENDS; }
  bool by_hand() const { return port_kind == NTMS_EMULATOR_PORT_BY_HAND; }
  bool pass_through() const { return port_kind == NTMS_EMULATOR_PORT_PASS_THROUGH; }
  Range magazine(std::uint32_t index) const;  // the slots in it, by index
  std::uint32_t count(ElementType type) const;
  std::uint32_t first(ElementType type) const;          // address of the first of its type
  std::string drive_serial(std::uint32_t index) const;  // of the drive behind LUN index + 1
};

// Size of ntms_emulator_geometry before the members of file format 2 were added.
inline constexpr std::size_t kFirstGeometrySize =
    (offsetof(ntms_emulator_geometry, port_unreported) + alignof(ntms_emulator_geometry) - 1) /
    alignof(ntms_emulator_geometry) * alignof(ntms_emulator_geometry);

// The same before those of file format 3.
inline constexpr std::size_t kSecondGeometrySize =
    (offsetof(ntms_emulator_geometry, cleaner_stays) + alignof(ntms_emulator_geometry) - 1) /
    alignof(ntms_emulator_geometry) * alignof(ntms_emulator_geometry);
static_assert(kFirstGeometrySize != kSecondGeometrySize &&
              kSecondGeometrySize != sizeof(ntms_emulator_geometry));

// How many bytes of a structure of that size are members that it has; 0 when it has no known size.
std::size_t known_members(std::size_t size);

// Applies the defaults and assigns addresses. Of a structure with an earlier size only that much is
// read. ERROR_INVALID_PARAMETER with a reason.
Result<Geometry> make_geometry(const ntms_emulator_geometry& given);

// "EMU" and eight random hex digits.
std::string random_serial();

// Win32 error codes the emulator gives.
inline constexpr std::uint32_t kErrorFileNotFound = 2;
inline constexpr std::uint32_t kErrorAccessDenied = 5;
inline constexpr std::uint32_t kErrorBadFormat = 11;
inline constexpr std::uint32_t kErrorWriteFault = 29;
inline constexpr std::uint32_t kErrorReadFault = 30;
inline constexpr std::uint32_t kErrorFileExists = 80;
inline constexpr std::uint32_t kErrorInvalidParameter = 87;

}  // namespace ntms::emulator
