// SPDX-License-Identifier: MIT
// A library in a folder of its own, and short ways to send commands to it by hand.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "emulator/device.h"
#include "ntms/emulator.h"
#include "scsi/bytes.h"
#include "support/system.h"

namespace ntms::emulator {

using std::chrono::milliseconds;

inline constexpr unsigned kChanger = 0;
inline constexpr unsigned kFirstDriveLun = 1;

inline scsi::Command command_of(std::initializer_list<int> cdb, std::size_t data_in = 0) {
  scsi::Command command;
  for (const int byte : cdb) {
    command.cdb.bytes.at(command.cdb.length++) = static_cast<std::uint8_t>(byte);
  }
  command.data_in_length = data_in;
  return command;
}

inline scsi::Command test_unit_ready() {
  return command_of({0, 0, 0, 0, 0, 0});
}

inline scsi::Command move(unsigned from, unsigned to, bool invert = false) {
  scsi::Command command = command_of({0xA5, 0, 0, 0, 0, 0, 0, 0, 0, 0, invert ? 1 : 0, 0});
  scsi::put_be16(command.cdb.bytes, 4, from);
  scsi::put_be16(command.cdb.bytes, 6, to);
  return command;
}

inline scsi::Command exchange(unsigned source, unsigned first, unsigned second) {
  scsi::Command command = command_of({0xA6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
  scsi::put_be16(command.cdb.bytes, 4, source);
  scsi::put_be16(command.cdb.bytes, 6, first);
  scsi::put_be16(command.cdb.bytes, 8, second);
  return command;
}

inline scsi::Command prevent(bool on) {
  return command_of({0x1E, 0, 0, 0, on ? 1 : 0, 0});
}

// READ ELEMENT STATUS; type 0: all.
inline scsi::Command element_status(int type, unsigned start = 0, unsigned number = 0xFFFF,
                                    bool tags = true, bool identifiers = false,
                                    std::size_t allocation = 0xFFFFFF) {
  scsi::Command command = command_of(
      {0xB8, type | (tags ? 0x10 : 0), 0, 0, 0, 0, identifiers ? 1 : 0, 0, 0, 0, 0, 0}, allocation);
  scsi::put_be16(command.cdb.bytes, 2, start);
  scsi::put_be16(command.cdb.bytes, 4, number);
  scsi::put_be24(command.cdb.bytes, 7, static_cast<std::uint32_t>(allocation));
  return command;
}

// What a reply says, as one word for comparisons: "good", "5/3B/0E", "busy", "timed out", ...
inline std::string said(const scsi::Reply& reply) {
  switch (reply.delivery) {
    case scsi::Delivery::timed_out:
      return "timed out";
    case scsi::Delivery::link_lost:
      return "link lost";
    case scsi::Delivery::not_sent:
      return "not sent: " + reply.detail;
    case scsi::Delivery::delivered:
      break;
  }
  if (reply.status == scsi::kStatusGood) return "good";
  if (reply.status == scsi::kStatusBusy) return "busy";
  if (reply.status == scsi::kStatusReservationConflict) return "conflict";
  if (reply.status != scsi::kStatusCheckCondition || reply.sense.size() < 18) return "odd";
  char text[16];
  std::snprintf(text, sizeof text, "%X/%02X/%02X", reply.sense[2] & 15, reply.sense[12],
                reply.sense[13]);
  return text;
}

// Makes a library before each test: 10 slots (1024...), 2 drives (256, 257), 2 ports (16, 17),
// transport 1, one door. Cartridges TAPE00 to TAPE04 are in the first slots.
class LibraryTest : public ::testing::Test {
 protected:
  static constexpr unsigned kTransport = 1;
  static constexpr unsigned kPort = 16;
  static constexpr unsigned kDrive = 256;
  static constexpr unsigned kSlot = 1024;

  void SetUp() override {
    folder_ = test::make_temporary_directory("ntms-emulator");
    path_ = (folder_ / "library").string();
    ntms_emulator_geometry_init(&geometry_);
    geometry_.slots = 10;
    geometry_.drives = 2;
    geometry_.ports = 2;
  }

  void TearDown() override {
    ntms_emulator_close(emulator_);
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }

  // Makes the library of geometry_, and fills it.
  void make(unsigned tapes = 5) {
    ASSERT_EQ(ntms_emulator_create(path_.c_str(), &geometry_), NTMS_EMULATOR_OK);
    ASSERT_EQ(ntms_emulator_open(path_.c_str(), &emulator_), NTMS_EMULATOR_OK);
    for (unsigned i = 0; i < tapes; ++i) {
      ASSERT_EQ(ntms_emulator_load_slot(emulator_, i, ("TAPE0" + std::to_string(i)).c_str()),
                NTMS_EMULATOR_OK);
    }
  }

  // A unit whose first unit attention has been taken.
  std::unique_ptr<Device> unit(unsigned lun, const std::string& initiator = "default") {
    auto device = Device::open(path_, lun, initiator);
    EXPECT_TRUE(device.has_value());
    if (!device) return nullptr;
    EXPECT_EQ(said((*device)->execute(test_unit_ready())), "6/29/00");
    return *std::move(device);
  }

  ntms_emulator_element_info element(std::uint32_t type, std::uint32_t index) {
    ntms_emulator_element_info info{};
    info.size = sizeof info;
    EXPECT_EQ(ntms_emulator_element(emulator_, type, index, &info), NTMS_EMULATOR_OK);
    return info;
  }

  // Where a cartridge is, as e.g. "slot 3".
  std::string place(const std::string& cartridge) {
    std::uint32_t type = 99;
    std::uint32_t index = 0;
    if (ntms_emulator_find(emulator_, cartridge.c_str(), &type, &index) != NTMS_EMULATOR_OK) {
      return "nowhere";
    }
    static const char* const kNames[] = {"shelf", "transport", "slot", "port", "drive"};
    return std::string(kNames[type]) + " " + std::to_string(index);
  }

  void durations(std::uint32_t move_ms, std::uint32_t load_ms = 0, std::uint32_t initialize_ms = 0,
                 std::uint32_t port_ms = 0, std::uint32_t clean_ms = 0) {
    ntms_emulator_durations values{sizeof values, move_ms, load_ms,
                                   initialize_ms, port_ms, clean_ms};
    ASSERT_EQ(ntms_emulator_set_durations(emulator_, &values), NTMS_EMULATOR_OK);
  }

  void fault(std::uint32_t kind, std::uint32_t opcode, const std::vector<int>& sense = {4, 0x15, 1},
             std::uint32_t nth = 1, std::uint32_t times = 1,
             std::uint32_t lun = NTMS_EMULATOR_ANY_LUN) {
    ntms_emulator_fault values{};
    values.size = sizeof values;
    values.lun = lun;
    values.opcode = opcode;
    values.nth = nth;
    values.times = times;
    values.kind = kind;
    values.sense_key = static_cast<std::uint8_t>(sense.at(0));
    values.asc = static_cast<std::uint8_t>(sense.at(1));
    values.ascq = static_cast<std::uint8_t>(sense.at(2));
    ASSERT_EQ(ntms_emulator_inject_fault(emulator_, &values), NTMS_EMULATOR_OK);
  }

  std::filesystem::path folder_;
  std::string path_;
  ntms_emulator_geometry geometry_{};
  ntms_emulator* emulator_ = nullptr;
};

}  // namespace ntms::emulator
