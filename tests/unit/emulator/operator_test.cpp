// SPDX-License-Identifier: MIT
// The file, the operator's hands and the C interface.
#include <cstring>
#include <fstream>

#include "support.h"

namespace ntms::emulator {
namespace {

class OperatorTest : public LibraryTest {};

TEST_F(OperatorTest, RefusesWhatIsNoLibrary) {
  ntms_emulator* handle = nullptr;
  EXPECT_EQ(ntms_emulator_open(path_.c_str(), &handle), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(ntms_emulator_open(folder_.string().c_str(), &handle), NTMS_EMULATOR_FORMAT);
  std::ofstream(path_) << "certainly no library, but long enough to look at: "
                       << std::string(4096, 'x');
  EXPECT_EQ(ntms_emulator_open(path_.c_str(), &handle), NTMS_EMULATOR_FORMAT);
  EXPECT_EQ(ntms_emulator_create(path_.c_str(), &geometry_), NTMS_EMULATOR_EXISTS);
  EXPECT_EQ(ntms_emulator_create((folder_ / "no" / "folder").string().c_str(), &geometry_),
            NTMS_EMULATOR_DENIED);
  EXPECT_EQ(handle, nullptr);
  const auto missing = Device::open((folder_ / "missing").string(), 0, "default");
  ASSERT_FALSE(missing.has_value());
  EXPECT_EQ(missing.error().code, 2U);
  const auto damaged = Device::open(path_, 0, "default");
  ASSERT_FALSE(damaged.has_value());
  EXPECT_EQ(damaged.error().code, 11U);
  std::ofstream(folder_ / "empty").flush();
  EXPECT_EQ(Device::open((folder_ / "empty").string(), 0, "default").error().code, 11U);
}

TEST_F(OperatorTest, RefusesSenselessGeometry) {
  const auto refused = [&](auto change) {
    ntms_emulator_geometry geometry = geometry_;
    change(geometry);
    return ntms_emulator_create(path_.c_str(), &geometry);
  };
  EXPECT_EQ(ntms_emulator_create(path_.c_str(), nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_create(nullptr, &geometry_), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(refused([](auto& g) { g.size = 4; }), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(refused([](auto& g) { g.sides = 3; }), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(refused([](auto& g) { g.port_kind = 6; }), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(refused([](auto& g) { g.slots = 65000; }), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(refused([](auto& g) { g.magazines = g.slots + 1; }), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(refused([](auto& g) { g.first_slot = 256; }), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(refused([](auto& g) { g.vendor = "more than eight"; }), NTMS_EMULATOR_INVALID);
  EXPECT_FALSE(std::filesystem::exists(path_));
}

TEST_F(OperatorTest, RefusesNullsAndIndicesOutOfRange) {
  make();
  std::uint32_t value = 0;
  ntms_emulator_element_info info{};
  EXPECT_EQ(ntms_emulator_load_slot(nullptr, 0, "X"), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_load_slot(emulator_, 10, "X"), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_load_slot(emulator_, 9, "#X"), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_load_slot(emulator_, 9, std::string(33, 'X').c_str()),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 2, "X"), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "#99"), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(ntms_emulator_port_take(emulator_, 2, nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_door_open(emulator_, 1), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_count(emulator_, 9, &value), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_element(emulator_, NTMS_EMULATOR_SLOT, 0, &info), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_find(emulator_, "X", &value, nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_find(emulator_, "X", &value, &value), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(ntms_emulator_removal_prevented(emulator_, 3, &value), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_set_tape_alert(emulator_, 0, 65, 1), NTMS_EMULATOR_INVALID);
  for (int code = 0; code < 20; ++code) EXPECT_GT(std::strlen(ntms_emulator_strerror(code)), 0U);
}

TEST_F(OperatorTest, PortsTakeAndGive) {
  make();
  char barcode[33];
  EXPECT_EQ(ntms_emulator_port_take(emulator_, 0, barcode), NTMS_EMULATOR_EMPTY);
  ASSERT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW002"), NTMS_EMULATOR_OCCUPIED);
  EXPECT_EQ(ntms_emulator_find(emulator_, "NEW002", nullptr, nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(place("NEW002"), "nowhere");  // a failed function changes nothing
  ASSERT_EQ(ntms_emulator_tape_append(emulator_, "NEW001", 0, "data", 4), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_port_take(emulator_, 0, barcode), NTMS_EMULATOR_OK);
  EXPECT_STREQ(barcode, "NEW001");
  EXPECT_EQ(place("NEW001"), "shelf 0");
  std::uint32_t shelf = 0;
  ASSERT_EQ(ntms_emulator_count(emulator_, NTMS_EMULATOR_SHELF, &shelf), NTMS_EMULATOR_OK);
  EXPECT_EQ(shelf, 1U);
  ASSERT_EQ(ntms_emulator_port_put(emulator_, 1, "NEW001"), NTMS_EMULATOR_OK);
  std::uint64_t blocks = 0;
  ASSERT_EQ(ntms_emulator_tape_block_count(emulator_, "NEW001", 0, &blocks), NTMS_EMULATOR_OK);
  EXPECT_EQ(blocks, 1U);
}

TEST_F(OperatorTest, UnlabelledAndDuplicateCartridgesHaveNumbers) {
  make();
  ASSERT_EQ(ntms_emulator_port_put(emulator_, 0, nullptr), NTMS_EMULATOR_OK);
  const auto blank = element(NTMS_EMULATOR_PORT, 0);
  EXPECT_STREQ(blank.barcode, "");
  const std::string name = "#" + std::to_string(blank.cartridge);
  ASSERT_EQ(ntms_emulator_port_take(emulator_, 0, nullptr), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_port_put(emulator_, 1, name.c_str()), NTMS_EMULATOR_OK);
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 1).cartridge, blank.cartridge);
  // TAPE00 is in the library: one more with the same label is another cartridge.
  ASSERT_EQ(ntms_emulator_port_put(emulator_, 0, "TAPE00"), NTMS_EMULATOR_OK);
  EXPECT_NE(element(NTMS_EMULATOR_PORT, 0).cartridge, element(NTMS_EMULATOR_SLOT, 0).cartridge);
}

TEST_F(OperatorTest, UnlockedPortsIgnorePrevent) {
  geometry_.port_kind = NTMS_EMULATOR_PORT_UNLOCKED;
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(said(changer->execute(prevent(true))), "good");
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_LOCKED);
}

TEST_F(OperatorTest, SlotsAreReachedThroughADoor) {
  make();
  char barcode[33];
  EXPECT_EQ(ntms_emulator_slot_put(emulator_, 9, "NEW001"), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(ntms_emulator_slot_take(emulator_, 0, barcode), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(ntms_emulator_slot_swap(emulator_, 0, 1), NTMS_EMULATOR_LOCKED);
  ASSERT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_OK);
  std::uint32_t open = 0;
  ASSERT_EQ(ntms_emulator_door_is_open(emulator_, 0, &open), NTMS_EMULATOR_OK);
  EXPECT_EQ(open, 1U);
  EXPECT_EQ(ntms_emulator_slot_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_OCCUPIED);
  EXPECT_EQ(ntms_emulator_slot_put(emulator_, 9, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_slot_take(emulator_, 0, barcode), NTMS_EMULATOR_OK);
  EXPECT_STREQ(barcode, "TAPE00");
  EXPECT_EQ(ntms_emulator_slot_swap(emulator_, 0, 1), NTMS_EMULATOR_OK);  // one side empty
  EXPECT_EQ(place("TAPE01"), "slot 0");
  EXPECT_EQ(ntms_emulator_slot_swap(emulator_, 2, 3), NTMS_EMULATOR_OK);
  EXPECT_EQ(place("TAPE02"), "slot 3");
  EXPECT_EQ(place("TAPE03"), "slot 2");
  EXPECT_EQ(ntms_emulator_slot_swap(emulator_, 3, 3), NTMS_EMULATOR_OK);
  EXPECT_EQ(place("TAPE02"), "slot 3");
}

TEST_F(OperatorTest, ExecutesAsAnIndependentInitiator) {
  make();
  const auto other = unit(kChanger);
  std::uint8_t data[36];
  ntms_emulator_command command{};
  EXPECT_EQ(ntms_emulator_execute(emulator_, &command), NTMS_EMULATOR_INVALID);
  command.size = sizeof command;
  command.initiator = "tester";
  EXPECT_EQ(ntms_emulator_execute(emulator_, &command), NTMS_EMULATOR_INVALID);
  command.cdb_length = 6;
  ASSERT_EQ(ntms_emulator_execute(emulator_, &command), NTMS_EMULATOR_OK);
  EXPECT_EQ(command.status, 2U);
  EXPECT_EQ(command.sense_length, 18U);
  EXPECT_EQ(command.sense[12], 0x29);
  ASSERT_EQ(ntms_emulator_execute(emulator_, &command), NTMS_EMULATOR_OK);
  EXPECT_EQ(command.status, 0U);
  command.cdb[0] = 0x12;
  command.cdb[4] = sizeof data;
  command.data_in = data;
  command.data_in_size = sizeof data;
  ASSERT_EQ(ntms_emulator_execute(emulator_, &command), NTMS_EMULATOR_OK);
  EXPECT_EQ(command.data_in_length, sizeof data);
  EXPECT_EQ(data[0], 8);
  command.cdb[0] = 0x1E;
  command.cdb[4] = 1;
  ASSERT_EQ(ntms_emulator_execute(emulator_, &command), NTMS_EMULATOR_OK);
  ASSERT_EQ(said(other->execute(prevent(false))), "good");
  std::uint32_t prevented = 0;
  ASSERT_EQ(ntms_emulator_removal_prevented(emulator_, 0, &prevented), NTMS_EMULATOR_OK);
  EXPECT_EQ(prevented, 1U);
}

TEST_F(OperatorTest, RaisesAttentions) {
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(ntms_emulator_raise_attention(emulator_, 0, 0x3F, 0x01), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "6/3F/01");
}

TEST_F(OperatorTest, LargeLibraries) {
  geometry_.slots = 60000;
  geometry_.ports = 300;  // more than the default gap: the kinds after it move up
  make(0);
  const auto changer = unit(kChanger);
  auto assignment = changer->execute(command_of({0x1A, 8, 0x1D, 0, 255, 0}, 255));
  EXPECT_EQ(scsi::get_be16(assignment.data, 4 + 14), 316);
  const unsigned first = scsi::get_be16(assignment.data, 4 + 6);
  EXPECT_EQ(first, 1024U);
  for (unsigned i = 0; i < 10000; i += 1000) {
    ASSERT_EQ(ntms_emulator_load_slot(emulator_, i, ("T" + std::to_string(i)).c_str()),
              NTMS_EMULATOR_OK);
  }
  const auto reply = changer->execute(element_status(2, 0, 10000));
  ASSERT_EQ(said(reply), "good");
  EXPECT_EQ(reply.data.size(), 16U + 10000 * 52);
  EXPECT_EQ(reply.data[16 + 9000 * 52 + 12], 'T');
  EXPECT_EQ(changer->execute(element_status(2)).data.size(), 16U + 60000 * 52);
  EXPECT_EQ(said(changer->execute(move(first + 9000, first + 59999))), "good");
  EXPECT_EQ(place("T9000"), "slot 59999");
}

}  // namespace
}  // namespace ntms::emulator
