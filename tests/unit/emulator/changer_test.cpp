// SPDX-License-Identifier: MIT
// The changer's command set: refusals first, then what the commands do and report.
#include "support.h"

namespace ntms::emulator {
namespace {

class ChangerTest : public LibraryTest {};

TEST_F(ChangerTest, RefusesWrongElements) {
  make();
  const auto changer = unit(kChanger);
  EXPECT_EQ(said(changer->execute(move(99, kDrive))), "5/21/01");
  EXPECT_EQ(said(changer->execute(move(kSlot, 99))), "5/21/01");
  EXPECT_EQ(said(changer->execute(move(kSlot, kTransport))), "5/21/01");
  auto wrong_arm = move(kSlot, kDrive);
  wrong_arm.cdb.bytes[3] = 2;
  EXPECT_EQ(said(changer->execute(wrong_arm)), "5/21/01");
  EXPECT_EQ(said(changer->execute(exchange(99, kDrive, kSlot))), "5/21/01");
  EXPECT_EQ(said(changer->execute(command_of({0x2B, 0, 0, 0, 0, 99, 0, 0, 0, 0}))), "5/21/01");
  EXPECT_EQ(said(changer->execute(command_of({0x37, 1, 0, 99, 0, 0, 0, 1, 0, 0}))), "5/21/01");
}

TEST_F(ChangerTest, RefusesEmptySourceAndFullDestination) {
  make();
  const auto changer = unit(kChanger);
  EXPECT_EQ(said(changer->execute(move(kSlot + 9, kDrive))), "5/3B/0E");
  EXPECT_EQ(said(changer->execute(move(kSlot, kSlot + 1))), "5/3B/0D");
  EXPECT_EQ(said(changer->execute(move(kSlot, kSlot))), "5/3B/0D");
  EXPECT_EQ(said(changer->execute(exchange(kSlot + 9, kSlot, kSlot + 9))), "5/3B/0E");
  EXPECT_EQ(said(changer->execute(exchange(kSlot, kSlot + 9, kSlot))), "5/3B/0E");
  EXPECT_EQ(said(changer->execute(exchange(kSlot, kSlot + 1, kSlot + 2))), "5/3B/0D");
  EXPECT_EQ(place("TAPE00"), "slot 0");
}

TEST_F(ChangerTest, RefusesUnknownCommandsFieldsAndUnits) {
  make();
  const auto changer = unit(kChanger);
  EXPECT_EQ(said(changer->execute(command_of({0xC0, 0, 0, 0, 0, 0}))), "5/20/00");
  EXPECT_EQ(said(changer->execute(command_of({0x1B, 0, 0, 16, 0, 0}))), "5/20/00");
  EXPECT_EQ(said(changer->execute(command_of({0x1A, 0, 0x05, 0, 255, 0}, 255))), "5/24/00");
  EXPECT_EQ(said(changer->execute(command_of({0x12, 1, 0x99, 0, 255, 0}, 255))), "5/24/00");
  EXPECT_EQ(said(changer->execute(element_status(7))), "5/24/00");
  EXPECT_EQ(said(changer->execute(move(kSlot, kSlot + 8, true))), "5/24/00");
  EXPECT_EQ(said(changer->execute(command_of({0x1A, 0, 0xDD, 0, 255, 0}, 255))), "5/39/00");

  auto nobody = Device::open(path_, 9, "default");
  ASSERT_TRUE(nobody.has_value());
  EXPECT_EQ(said((*nobody)->execute(test_unit_ready())), "5/25/00");
  const auto inquiry = (*nobody)->execute(command_of({0x12, 0, 0, 0, 36, 0}, 36));
  ASSERT_EQ(said(inquiry), "good");
  EXPECT_EQ(inquiry.data[0], 0x7F);
  const auto sense = (*nobody)->execute(command_of({0x03, 0, 0, 0, 18, 0}, 18));
  ASSERT_EQ(sense.data.size(), 18U);
  EXPECT_EQ(sense.data[12], 0x25);
}

TEST_F(ChangerTest, DoesNotMoveWithADoorOpen) {
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "2/04/03");
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "2/04/03");
  EXPECT_EQ(said(changer->execute(exchange(kSlot, kSlot + 1, kSlot))), "2/04/03");
  EXPECT_EQ(said(changer->execute(command_of({7, 0, 0, 0, 0, 0}))), "2/04/03");
  EXPECT_EQ(said(changer->execute(element_status(2))), "good");
  ASSERT_EQ(ntms_emulator_door_close(emulator_, 0), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "6/28/00");
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
}

TEST_F(ChangerTest, RefusesToPullFromALockedDrive) {
  make();
  const auto changer = unit(kChanger);
  const auto drive = unit(kFirstDriveLun);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  EXPECT_EQ(said(drive->execute(prevent(true))), "6/28/00");
  EXPECT_EQ(said(drive->execute(prevent(true))), "good");
  EXPECT_EQ(said(changer->execute(move(kDrive, kSlot))), "5/53/02");
  EXPECT_EQ(said(drive->execute(command_of({0x1B, 0, 0, 0, 0, 0}))), "5/53/02");
  EXPECT_EQ(said(drive->execute(prevent(false))), "good");
  EXPECT_EQ(said(changer->execute(move(kDrive, kSlot))), "good");
}

TEST_F(ChangerTest, RefusesToPullALoadedTapeIfTheDriveMustUnloadFirst) {
  geometry_.unload_before_move = 1;
  make();
  const auto changer = unit(kChanger);
  const auto drive = unit(kFirstDriveLun);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  EXPECT_EQ(said(changer->execute(move(kDrive, kSlot))), "5/53/00");
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 0).access, 0U);
  EXPECT_EQ(changer->execute(element_status(4)).data.at(18) & 0x08, 0);
  EXPECT_EQ(said(drive->execute(command_of({0x1B, 0, 0, 0, 0, 0}))), "6/28/00");
  EXPECT_EQ(said(drive->execute(command_of({0x1B, 0, 0, 0, 0, 0}))), "good");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "2/04/02");
  EXPECT_EQ(said(changer->execute(move(kDrive, kSlot))), "good");
}

TEST_F(ChangerTest, MovesAndRemembersTheSource) {
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(said(changer->execute(move(kSlot + 2, kDrive + 1))), "good");
  EXPECT_EQ(place("TAPE02"), "drive 1");
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 1).source, kSlot + 2);
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 1).loaded, 1U);
  ASSERT_EQ(said(changer->execute(move(kDrive + 1, kPort))), "good");
  const auto port = element(NTMS_EMULATOR_PORT, 0);
  EXPECT_STREQ(port.barcode, "TAPE02");
  EXPECT_EQ(port.has_source, 1U);
  EXPECT_EQ(port.source, kSlot + 2);
  EXPECT_EQ(port.import_export, 0U);
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 1).loaded, 0U);
}

TEST_F(ChangerTest, ExchangesInOneCommand) {
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  ASSERT_EQ(said(changer->execute(exchange(kSlot + 1, kDrive, kSlot))), "good");
  EXPECT_EQ(place("TAPE01"), "drive 0");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  ASSERT_EQ(said(changer->execute(exchange(kSlot + 2, kSlot + 3, kSlot + 2))), "good");
  EXPECT_EQ(place("TAPE02"), "slot 3");
  EXPECT_EQ(place("TAPE03"), "slot 2");
}

TEST_F(ChangerTest, TurnsTwoSidedMedia) {
  geometry_.sides = 2;
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive, true))), "good");
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 0).side, 1U);
  EXPECT_EQ(changer->execute(element_status(4)).data.at(16 + 9) & 0xC0, 0xC0);
  ASSERT_EQ(said(changer->execute(move(kDrive, kDrive, true))), "good");
  EXPECT_EQ(element(NTMS_EMULATOR_DRIVE, 0).side, 0U);
  const auto page = changer->execute(command_of({0x1A, 0, 0x1E, 0, 255, 0}, 255));
  ASSERT_EQ(page.data.size(), 8U);
  EXPECT_EQ(page.data[6], 1);
}

TEST_F(ChangerTest, ReportsElementsOfAllTypes) {
  make();
  const auto changer = unit(kChanger);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  ASSERT_EQ(ntms_emulator_port_put(emulator_, 1, "NEW001"), NTMS_EMULATOR_OK);
  ASSERT_EQ(said(changer->execute(test_unit_ready())), "6/28/01");

  const auto all = changer->execute(element_status(0));
  ASSERT_EQ(said(all), "good");
  EXPECT_EQ(scsi::get_be16(all.data, 0), kTransport);
  EXPECT_EQ(scsi::get_be16(all.data, 2), 15);
  EXPECT_EQ(scsi::get_be24(all.data, 5), all.data.size() - 8);
  EXPECT_EQ(all.data.size(), 8U + 4 * 8 + 15 * 52);
  EXPECT_EQ(all.data[8], 1);  // first page: the transport

  const auto ports = changer->execute(element_status(3));
  ASSERT_EQ(ports.data.size(), 16U + 2 * 52);
  EXPECT_EQ(ports.data[16 + 2], 0x38);       // empty: access, both ways enabled
  EXPECT_EQ(ports.data[16 + 52 + 2], 0x3B);  // full, and put there by the operator
  EXPECT_EQ(ports.data[16 + 52 + 9], 0x00);  // from no slot

  const auto drives = changer->execute(element_status(4));
  const std::size_t at = 16;
  EXPECT_EQ(scsi::get_be16(drives.data, at), kDrive);
  EXPECT_EQ(drives.data[at + 2], 0x09);
  EXPECT_EQ(drives.data[at + 9], 0x80);
  EXPECT_EQ(scsi::get_be16(drives.data, at + 10), kSlot);
  EXPECT_EQ(std::string(drives.data.begin() + 28, drives.data.begin() + 36), "TAPE00  ");
}

TEST_F(ChangerTest, HonoursStartNumberAndAllocation) {
  make();
  const auto changer = unit(kChanger);
  const auto some = changer->execute(element_status(2, kSlot + 3, 2));
  EXPECT_EQ(scsi::get_be16(some.data, 0), kSlot + 3);
  EXPECT_EQ(scsi::get_be16(some.data, 2), 2);
  const auto cut = changer->execute(element_status(2, 0, 0xFFFF, true, false, 30));
  EXPECT_EQ(cut.data.size(), 30U);
  EXPECT_EQ(scsi::get_be24(cut.data, 5), 8U + 10 * 52);  // what a larger allocation would get
  const auto none = changer->execute(element_status(2, 0xFFFF));
  EXPECT_EQ(said(none), "good");
  EXPECT_EQ(none.data.size(), 8U);
  const auto bare = changer->execute(element_status(2, 0, 1, false));
  EXPECT_EQ(bare.data.size(), 16U + 16);
  EXPECT_EQ(bare.data[9], 0);
}

TEST_F(ChangerTest, NamesTheDrivesBehindTheElements) {
  make();
  const auto changer = unit(kChanger);
  const auto reply = changer->execute(element_status(4, 0, 1, true, true));
  ASSERT_EQ(said(reply), "good");
  const auto page83 = unit(kFirstDriveLun)->execute(command_of({0x12, 1, 0x83, 0, 255, 0}, 255));
  ASSERT_EQ(said(page83), "good");
  const std::size_t length = page83.data.at(7);
  EXPECT_EQ(length, 34U);
  const std::size_t at = 16 + 12 + 36;
  EXPECT_EQ(reply.data.at(at) & 0x0F, 2);
  EXPECT_EQ(reply.data.at(at + 1) & 0x0F, 1);
  EXPECT_EQ(reply.data.at(at + 3), length);
  EXPECT_TRUE(std::equal(page83.data.begin() + 8, page83.data.end(),
                         reply.data.begin() + static_cast<std::ptrdiff_t>(at) + 4));
}

TEST_F(ChangerTest, LeavesTagsOutWithoutAReaderAndBlankWithoutALabel) {
  make(0);
  ASSERT_EQ(ntms_emulator_load_slot(emulator_, 0, nullptr), NTMS_EMULATOR_OK);
  const auto labelled = unit(kChanger)->execute(element_status(2, 0, 2));
  EXPECT_EQ(labelled.data.at(16 + 2) & 1, 1);
  EXPECT_EQ(labelled.data.at(16 + 12), ' ');
  EXPECT_EQ(labelled.data.at(16 + 52 + 12), 0);

  ntms_emulator_close(emulator_);
  emulator_ = nullptr;
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directories(folder_);
  geometry_.bar_code_reader = 0;
  make();
  const auto plain = unit(kChanger)->execute(element_status(2, 0, 1, true));
  EXPECT_EQ(plain.data.size(), 16U + 16);
  EXPECT_EQ(plain.data[9], 0);
}

TEST_F(ChangerTest, DescribesItself) {
  make();
  const auto changer = unit(kChanger);
  const auto inquiry = changer->execute(command_of({0x12, 0, 0, 0, 96, 0}, 96));
  ASSERT_EQ(inquiry.data.size(), 36U);
  EXPECT_EQ(inquiry.data[0], 8);
  EXPECT_EQ(std::string(inquiry.data.begin() + 8, inquiry.data.begin() + 12), "NTMS");
  const auto serial = changer->execute(command_of({0x12, 1, 0x80, 0, 96, 0}, 96));
  EXPECT_EQ(std::string(serial.data.begin() + 4, serial.data.begin() + 7), "EMU");
  EXPECT_EQ(serial.data.size(), 4U + 11);

  const auto assignment = changer->execute(command_of({0x1A, 8, 0x1D, 0, 255, 0}, 255));
  ASSERT_EQ(assignment.data.size(), 4U + 20);
  const scsi::Bytes page = scsi::Bytes(assignment.data).subspan(4);
  EXPECT_EQ(scsi::get_be16(page, 2), kTransport);
  EXPECT_EQ(scsi::get_be16(page, 6), kSlot);
  EXPECT_EQ(scsi::get_be16(page, 8), 10);
  EXPECT_EQ(scsi::get_be16(page, 10), kPort);
  EXPECT_EQ(scsi::get_be16(page, 14), kDrive);
  EXPECT_EQ(scsi::get_be16(page, 16), 2);
  const auto all = changer->execute(command_of({0x5A, 0, 0x3F, 0, 0, 0, 0, 0, 255, 0}, 255));
  EXPECT_EQ(all.data.size(), 8U + 20 + 4 + 20);
  EXPECT_EQ(scsi::get_be16(all.data, 0), all.data.size() - 2);

  const auto luns = changer->execute(command_of({0xA0, 0, 0, 0, 0, 0, 0, 0, 0, 64, 0, 0}, 64));
  ASSERT_EQ(luns.data.size(), 8U + 3 * 8);
  EXPECT_EQ(luns.data[8 + 16 + 1], 2);
  EXPECT_EQ(changer->luns(), (std::vector<unsigned>{0, 1, 2}));
}

TEST_F(ChangerTest, ReportsTapeAlertOnce) {
  make();
  const auto changer = unit(kChanger);
  const auto alerts = command_of({0x4D, 0, 0x6E, 0, 0, 0, 0, 2, 0, 0}, 512);
  ASSERT_EQ(ntms_emulator_set_tape_alert(emulator_, kChanger, 17, 1), NTMS_EMULATOR_OK);
  const auto first = changer->execute(alerts);
  ASSERT_EQ(first.data.size(), 4U + 64 * 5);
  EXPECT_EQ(first.data[4 + 16 * 5 + 4], 1);
  EXPECT_EQ(changer->execute(alerts).data[4 + 16 * 5 + 4], 0);
}

TEST_F(ChangerTest, MotorizedPortsOpenAndClose) {
  geometry_.port_kind = NTMS_EMULATOR_PORT_MOTORIZED;
  make();
  const auto changer = unit(kChanger);
  const auto open = command_of({0x1B, 0, 0, kPort, 0, 0});
  const auto close = command_of({0x1B, 0, 0, kPort, 1, 0});
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(said(changer->execute(command_of({0x1B, 0, 0, 99, 0, 0}))), "5/21/01");
  EXPECT_EQ(said(changer->execute(command_of({0x1B, 0, 0, kPort, 7, 0}))), "5/24/00");
  ASSERT_EQ(said(changer->execute(prevent(true))), "good");
  EXPECT_EQ(said(changer->execute(open)), "5/53/02");
  ASSERT_EQ(said(changer->execute(prevent(false))), "good");
  ASSERT_EQ(said(changer->execute(open)), "good");
  std::uint32_t extended = 0;
  ASSERT_EQ(ntms_emulator_port_extended(emulator_, 0, &extended), NTMS_EMULATOR_OK);
  EXPECT_EQ(extended, 1U);
  EXPECT_EQ(ntms_emulator_port_put(emulator_, 0, "NEW001"), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "6/28/01");
  EXPECT_EQ(changer->execute(element_status(3, 0, 1)).data.at(16 + 2) & 0x08, 0);
  EXPECT_EQ(said(changer->execute(move(kPort, kDrive))), "5/3B/11");
  EXPECT_EQ(said(changer->execute(move(kSlot, kPort))), "5/3B/11");
  ASSERT_EQ(said(changer->execute(close)), "good");
  EXPECT_EQ(said(changer->execute(move(kPort, kDrive))), "good");
}

}  // namespace
}  // namespace ntms::emulator
