// SPDX-License-Identifier: MIT
#include "conformance/backend.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <stdexcept>

namespace ntms::conformance {
namespace {

void require(int code, const char* what) {
  if (code != NTMS_EMULATOR_OK) {
    throw std::runtime_error(std::string(what) + ": " + ntms_emulator_strerror(code));
  }
}

ntms_emulator_element_info element(ntms_emulator* emulator, unsigned type, unsigned index) {
  ntms_emulator_element_info info{};
  info.size = sizeof info;
  require(ntms_emulator_element(emulator, type, index, &info), "element");
  return info;
}

}  // namespace

EmulatorBackend::EmulatorBackend(const std::filesystem::path& file, const LibraryShape& shape)
    : file_(file), bar_codes_(shape.bar_codes), reader_(shape.bar_code_reader) {
  ntms_emulator_geometry geometry{};
  geometry.size = sizeof geometry;
  geometry.slots = shape.slots;
  geometry.drives = shape.drives;
  geometry.ports = shape.ports;
  geometry.doors = shape.doors;
  geometry.bar_code_reader = shape.bar_code_reader ? 1 : 0;
  geometry.port_kind = shape.port_kind;
  geometry.virtual_clock = shape.virtual_clock ? 1 : 0;
  geometry.clock_start = 1'700'000'000'000;
  geometry.unload_before_move = shape.unload_before_move ? 1 : 0;
  geometry.magazines = shape.magazines;
  geometry.doors_unlocked = shape.doors_unlocked ? 1 : 0;
  geometry.port_unreported = shape.port_unreported ? 1 : 0;
  geometry.cleaner_stays = shape.cleaner_stays ? 1 : 0;
  if (shape.two_sided) {
    geometry.sides = shape.turns_media ? 2 : 1;
    geometry.drive_vendor = "SONY";
    geometry.drive_product = "SMO-F551";  // 5.25-inch MO
  }
  require(ntms_emulator_create(file.string().c_str(), &geometry), "create");
  require(ntms_emulator_open(file.string().c_str(), &emulator_), "open");
  for (unsigned i = 0; i < shape.media; ++i) {
    if (bar_codes_.size() <= i) {
      std::array<char, 16> code{};
      std::snprintf(code.data(), code.size(), "MED%03uL8", i + 1);
      bar_codes_.emplace_back(code.data());
    }
    require(ntms_emulator_load_slot(emulator_, i, bar_codes_[i].c_str()), "load_slot");
  }
}

EmulatorBackend::EmulatorBackend(const std::filesystem::path& file) : file_(file), reader_(true) {
  require(ntms_emulator_open(file.string().c_str(), &emulator_), "open");
  std::uint32_t slots = 0;
  require(ntms_emulator_count(emulator_, kSlot, &slots), "count");
  for (std::uint32_t i = 0; i < slots; ++i) {
    bar_codes_.emplace_back(element(emulator_, kSlot, i).barcode);
  }
}

EmulatorBackend::~EmulatorBackend() {
  ntms_emulator_close(emulator_);
}

std::vector<Element> EmulatorBackend::truth() {
  std::vector<Element> result;
  for (const unsigned type : {kTransport, kSlot, kPort, kDrive}) {
    std::uint32_t count = 0;
    require(ntms_emulator_count(emulator_, type, &count), "count");
    for (unsigned i = 0; i < count; ++i) {
      const auto info = element(emulator_, type, i);
      result.push_back({type, i, info.full != 0, reader_ ? info.barcode : ""});
    }
  }
  return result;
}

void EmulatorBackend::put(unsigned port, const std::string& bar_code) {
  EXPECT_STREQ(ntms_emulator_strerror(ntms_emulator_port_put(emulator_, port, bar_code.c_str())),
               ntms_emulator_strerror(NTMS_EMULATOR_OK));
}

void EmulatorBackend::take(unsigned port) {
  EXPECT_STREQ(ntms_emulator_strerror(ntms_emulator_port_take(emulator_, port, nullptr)),
               ntms_emulator_strerror(NTMS_EMULATOR_OK));
}

bool EmulatorBackend::foreign_move(unsigned from_type, unsigned from, unsigned to_type,
                                   unsigned to) {
  return foreign_move(from_type, from, to_type, to, false);
}

bool EmulatorBackend::foreign_turn(unsigned from_type, unsigned from, unsigned to_type,
                                   unsigned to) {
  return foreign_move(from_type, from, to_type, to, true);
}

unsigned EmulatorBackend::side_up(unsigned type, unsigned index) const {
  return element(emulator_, type, index).side;
}

bool EmulatorBackend::foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to,
                                   bool turn) {
  const unsigned source = element(emulator_, from_type, from).address;
  const unsigned target = element(emulator_, to_type, to).address;
  // The first commands of an initiator can end with a unit attention each.
  for (int attempt = 0; attempt < 4; ++attempt) {
    ntms_emulator_command command{};
    command.size = sizeof command;
    command.initiator = "another-program";
    const std::array<unsigned, 12> cdb{
        0xA5,           0, 0, 0, source >> 8, source & 0xFF, target >> 8, target & 0xFF, 0, 0,
        turn ? 1U : 0U, 0};
    for (std::size_t i = 0; i < cdb.size(); ++i) {
      command.cdb[i] = static_cast<std::uint8_t>(cdb[i]);
    }
    command.cdb_length = 12;
    require(ntms_emulator_execute(emulator_, &command), "execute");
    if (command.delivery == NTMS_EMULATOR_DELIVERED && command.status == 0) return true;
    const bool attention = command.sense_length > 2 && (command.sense[2] & 0xF) == 6;
    if (!attention) return false;
  }
  return false;
}

void EmulatorBackend::advance(long long milliseconds) {
  require(ntms_emulator_clock_advance(emulator_, milliseconds), "clock_advance");
}

void EmulatorBackend::set_move_time(unsigned milliseconds) {
  ntms_emulator_durations durations{};
  durations.size = sizeof durations;
  durations.move_ms = milliseconds;
  require(ntms_emulator_set_durations(emulator_, &durations), "set_durations");
}

void EmulatorBackend::fail_move(unsigned kind, unsigned key, unsigned asc, unsigned ascq,
                                unsigned nth) {
  ntms_emulator_fault fault{};
  fault.size = sizeof fault;
  fault.lun = 0;
  fault.opcode = 0xA5;
  fault.nth = nth;
  fault.kind = kind;
  fault.sense_key = static_cast<std::uint8_t>(key);
  fault.asc = static_cast<std::uint8_t>(asc);
  fault.ascq = static_cast<std::uint8_t>(ascq);
  require(ntms_emulator_inject_fault(emulator_, &fault), "inject_fault");
}

unsigned long long EmulatorBackend::commands(unsigned opcode) const {
  std::uint64_t count = 0;
  require(ntms_emulator_command_count(emulator_, 0, opcode, &count), "command_count");
  return count;
}

bool EmulatorBackend::locked() const {
  std::uint32_t prevented = 0;
  require(ntms_emulator_removal_prevented(emulator_, 0, &prevented), "removal_prevented");
  return prevented != 0;
}

}  // namespace ntms::conformance
