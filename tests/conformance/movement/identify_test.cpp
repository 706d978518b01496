// SPDX-License-Identifier: MIT
// Identification: IdentifyNtmsSlot (functions-library-control 5), and what follows an inject, an
// inventory and a mount (concepts 11 to 13).
#include <gtest/gtest.h>

#include <future>

#include "conformance/movement/identify_fixture.h"

namespace ntms::conformance {
namespace {

using test::WideString;

TEST_F(IdentifyTest, MissingAndWrongArguments) {
  start_with({"AAA001"});
  Id slot_id(slot(0).ObjectGuid);
  EXPECT_EQ(IdentifyNtmsSlot(nullptr, slot_id.get(), 0), ERROR_INVALID_HANDLE);
  EXPECT_EQ(IdentifyNtmsSlot(session(), nullptr, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(identify(0, 3), ERROR_INVALID_PARAMETER);
  Id unknown = parse_id("00112233445566778899AABBCCDDEEFF");
  EXPECT_EQ(IdentifyNtmsSlot(session(), unknown.get(), 0), ERROR_OBJECT_NOT_FOUND);
  Id drive_id(drive(0).ObjectGuid);
  EXPECT_EQ(IdentifyNtmsSlot(session(), drive_id.get(), 0), ERROR_OBJECT_NOT_FOUND);
}

TEST_F(IdentifyTest, DisabledAbsentAndMissingThings) {
  start_with({"AAA001"});
  Id library_id = library();
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library_id.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !library_info().Enabled; }));
  EXPECT_EQ(identify(0), ERROR_RESOURCE_DISABLED);
  ASSERT_EQ(EnableNtmsObject(session(), NTMS_LIBRARY, library_id.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_ready(library()); }));
  // Enabling looks into the robot, which may come after the first statement.
  EXPECT_TRUE(wait_until([&] {
    sql("UPDATE slot SET state=3 WHERE guid=x'" + Id(slot(5).ObjectGuid).hex() + "'");
    return identify(5) == ERROR_RESOURCE_NOT_PRESENT;
  }));
  sql("UPDATE library SET operational_state=21 WHERE guid=x'" + library().hex() + "'");
  EXPECT_EQ(identify(0), ERROR_LIBRARY_OFFLINE);
}

TEST_F(IdentifyTest, EmptySlotIsASuccessWithoutAMove) {
  start_with({"AAA001"});
  const auto moves = emulator().commands(0xA5);
  const auto before = rsm().list(NTMS_LIBREQUEST).size();
  EXPECT_EQ(identify(7), ERROR_SUCCESS);
  EXPECT_EQ(emulator().commands(0xA5), moves);
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), before);
}

TEST_F(IdentifyTest, NewMediaAreIdentified) {
  start_with({"AAA001", "", "AAA003"});
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_IMPORT);
  EXPECT_EQ(pool_type_of(medium(0)), NTMS_POOLTYPE_IMPORT);
  EXPECT_EQ(label_of(medium(0)), "AAA001");
  EXPECT_EQ(WideString(side_info(medium(0)).szOmidLabelType), NTMS_W("ANSI VOL1"));
  EXPECT_EQ(state_of(medium(1)), NTMS_PARTSTATE_FOREIGN);
  EXPECT_EQ(pool_type_of(medium(1)), NTMS_POOLTYPE_FOREIGN);
  EXPECT_EQ(label_of(medium(1)), "");
  EXPECT_EQ(label_of(medium(2)), "AAA003");
  EXPECT_EQ(identifications().size(), 3U);
  for (unsigned i = 0; i < 3; ++i) {
    EXPECT_TRUE(is_in_slot(medium(i), i));
    EXPECT_EQ(media_info(medium(i)).MediaState, NTMS_MEDIASTATE_IDLE);
  }
  EXPECT_TRUE(agree());
}

TEST_F(IdentifyTest, NotWithoutBeingWanted) {
  test::set_environment("NTMS_IDENTIFY", "no");
  start_with({"AAA001", ""});
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_UNKNOWN);
  EXPECT_TRUE(identifications().empty());
  EXPECT_EQ(identify(0), ERROR_SUCCESS);
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_IMPORT);
  EXPECT_EQ(state_of(medium(1)), NTMS_PARTSTATE_UNKNOWN);
}

TEST_F(IdentifyTest, NamesComeFromTheLabelWhereThereIsNoBarCode) {
  LibraryShape shape;
  shape.bar_code_reader = false;
  shape.bar_codes = {"CART01"};
  shape.media = 1;
  create(shape);
  write_label("CART01", "NAMED1");
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  const Id only = medium_in_slot(0);
  EXPECT_EQ(WideString(rsm().get(only, NTMS_PHYSICAL_MEDIA).szName), NTMS_W("NAMED1"));
}

TEST_F(IdentifyTest, LeftInTheDriveWhenAsked) {
  start_with({"AAA001"});
  ASSERT_EQ(identify(0, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  const auto info = media_info(medium(0));
  EXPECT_EQ(info.LocationType, static_cast<DWORD>(NTMS_DRIVE));
  EXPECT_EQ(info.MediaState, NTMS_MEDIASTATE_IDLE);
  const auto in_drive = rsm().get(Id(info.Location), NTMS_DRIVE).Info.Drive;
  EXPECT_EQ(in_drive.State, NTMS_DRIVESTATE_DISMOUNTABLE);
  // A mount of it takes it as it is.
  const auto moves = emulator().commands(0xA5);
  Id drive_id;
  EXPECT_EQ(mount(medium(0), &drive_id), ERROR_SUCCESS);
  EXPECT_EQ(emulator().commands(0xA5), moves);
  EXPECT_EQ(drive_id, Id(info.Location));
}

TEST_F(IdentifyTest, CompletionNoticeOfTheSlot) {
  start_with({"AAA001"});
  const long long before = last_change();
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  const Change wanted{NTMS_EVENT_COMPLETE, NTMS_STORAGESLOT, Id(slot(0).ObjectGuid)};
  const auto seen = changes(before);
  EXPECT_NE(std::find(seen.begin(), seen.end(), wanted), seen.end()) << describe(seen);
}

TEST_F(IdentifyTest, ReturnsFromOfflineWithoutABarCodeAndKeepsItsIdentity) {
  LibraryShape shape;
  shape.bar_code_reader = false;
  shape.ports = 1;
  shape.bar_codes = {"CART01", "CART02"};
  shape.media = 2;
  create(shape);
  write_label("CART01", "BACK01");
  write_label("CART02", "BACK02");
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  const Id known = medium_in_slot(0);
  const Id logical = allocate(known);
  const Id operation = start_eject(known);
  ASSERT_TRUE(wait_for_extended(known));
  take(known);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  ASSERT_EQ(Id(media_info(known).CurrentLibrary), offline_library());

  const Id inject = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "CART01");
  ASSERT_TRUE(wait_for_end(inject)) << picture();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(Id(media_info(known).CurrentLibrary), library());
  EXPECT_EQ(state_of(known), NTMS_PARTSTATE_ALLOCATED);
  EXPECT_EQ(Id(side_info(known).LogicalMedia), logical);
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA).size(), 2U) << picture();
  EXPECT_TRUE(agree());
}

TEST_F(IdentifyTest, SwappedByHandIsFoundAtTheMount) {
  LibraryShape shape;
  shape.bar_code_reader = false;
  shape.bar_codes = {"CART01", "CART02", "CART03"};
  shape.media = 3;
  create(shape);
  write_label("CART01", "SWAP01");
  write_label("CART02", "SWAP02");
  write_label("CART03", "SWAP03");
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  const Id first = medium_in_slot(0);
  const Id second = medium_in_slot(1);
  allocate(first);
  allocate(second);
  // Somebody exchanges the two; nothing shows from outside.
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kSlot, 9));
  ASSERT_TRUE(robot().foreign_move(kSlot, 1, kSlot, 0));
  ASSERT_TRUE(robot().foreign_move(kSlot, 9, kSlot, 1));
  Id drive_id;
  EXPECT_EQ(mount(first, &drive_id), ERROR_INVALID_MEDIA);
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_TRUE(is_in_slot(first, 1)) << picture();
  EXPECT_TRUE(is_in_slot(second, 0)) << picture();
  EXPECT_EQ(state_of(first), NTMS_PARTSTATE_ALLOCATED);
  EXPECT_EQ(state_of(second), NTMS_PARTSTATE_ALLOCATED);
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA).size(), 3U);
  EXPECT_EQ(mount(first, &drive_id), ERROR_SUCCESS);
}

TEST_F(IdentifyTest, LostByHandIsLookedForInTheWholeLibrary) {
  LibraryShape shape;
  shape.bar_code_reader = false;
  shape.bar_codes = {"CART01", "CART02", "CART03"};
  shape.media = 3;
  create(shape);
  write_label("CART01", "LOST01");
  write_label("CART02", "");
  write_label("CART03", "LOST03");
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  const Id first = medium_in_slot(0);
  const Id third = medium_in_slot(2);
  allocate(first);
  allocate(third);
  // The blank tape is where the first should be, and the other way round.
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kSlot, 9));
  ASSERT_TRUE(robot().foreign_move(kSlot, 1, kSlot, 0));
  ASSERT_TRUE(robot().foreign_move(kSlot, 9, kSlot, 1));
  Id drive_id;
  EXPECT_EQ(mount(first, &drive_id), ERROR_INVALID_MEDIA);
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_TRUE(is_in_slot(first, 1)) << picture();
  EXPECT_TRUE(is_in_slot(third, 2)) << picture();
  EXPECT_EQ(mount(first, &drive_id), ERROR_SUCCESS);
}

TEST_F(IdentifyTest, NotLookedForWithoutAutoRecovery) {
  LibraryShape shape;
  shape.bar_code_reader = false;
  shape.bar_codes = {"CART01", "CART02"};
  shape.media = 2;
  create(shape);
  write_label("CART01", "LOST01");
  write_label("CART02", "");
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  Info info = library_info();
  info.Info.Library.AutoRecovery = FALSE;
  ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  const Id first = medium_in_slot(0);
  allocate(first);
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kSlot, 9));
  ASSERT_TRUE(robot().foreign_move(kSlot, 1, kSlot, 0));
  ASSERT_TRUE(robot().foreign_move(kSlot, 9, kSlot, 1));
  const auto before = identifications().size();
  Id drive_id;
  EXPECT_EQ(mount(first, &drive_id), ERROR_INVALID_MEDIA);
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(identifications().size(), before);
  EXPECT_TRUE(Id(media_info(first).Location).is_null());
  EXPECT_EQ(state_of(first), NTMS_PARTSTATE_ALLOCATED);
}

TEST_F(IdentifyTest, AnothersBarCodeDoesNotMakeItTheOther) {
  LibraryShape shape;
  shape.ports = 1;
  shape.bar_codes = {"REAL01L8", "STICK1L8"};
  start_with({"REAL01", ""}, shape);
  const Id first = medium(0);
  allocate(first);
  for (unsigned i = 0; i < 2; ++i) {
    const Id operation = start_eject(medium(i));
    ASSERT_TRUE(wait_for_extended(medium(i)));
    take(medium(i));
    ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  }
  // It comes back with the other's sticker.
  write_label("STICK1L8", "REAL01");
  start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "STICK1L8");
  ASSERT_TRUE(wait_until([&] { return Id(media_info(first).CurrentLibrary) == library(); }))
      << picture();
  ASSERT_TRUE(wait_until([&] { return media_info(first).MediaState == NTMS_MEDIASTATE_IDLE; }));
  EXPECT_EQ(WideString(media_info(first).szBarCode), NTMS_W("STICK1L8"));
  EXPECT_EQ(state_of(first), NTMS_PARTSTATE_ALLOCATED);
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA).size(), 1U) << picture();
}

TEST_F(IdentifyTest, WrittenOverByAProgramThatDidNotTell) {
  start_with({"MINE01"});
  const Id first = medium(0);
  allocate(first);
  write_label(robot().bar_code(0), "");
  Id drive_id;
  EXPECT_EQ(mount(first, &drive_id), ERROR_INVALID_MEDIA);
  ASSERT_TRUE(wait_for_quiet());
  EXPECT_TRUE(is_in_slot(first, 0)) << "the bar code tells that it is this cartridge";
  EXPECT_EQ(state_of(first), NTMS_PARTSTATE_ALLOCATED);
  EXPECT_EQ(label_of(first), "MINE01");
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA).size(), 1U);
}

TEST_F(IdentifyTest, FullInventoryReadsEveryLabel) {
  start_with({"FULL01", "FULL02", ""});
  // What belongs to nobody follows its label.
  write_label(robot().bar_code(0), "");
  write_label(robot().bar_code(1), "OTHER2");
  write_label(robot().bar_code(2), "NEW003");
  const auto before = identifications().size();
  ASSERT_EQ(inventory(NTMS_INVENTORY_OMID), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(identifications().size(), before + 3);
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_FOREIGN);
  EXPECT_EQ(pool_type_of(medium(0)), NTMS_POOLTYPE_FOREIGN);
  EXPECT_EQ(label_of(medium(0)), "");
  EXPECT_EQ(label_of(medium(1)), "OTHER2");
  EXPECT_EQ(state_of(medium(2)), NTMS_PARTSTATE_IMPORT);
  EXPECT_EQ(label_of(medium(2)), "NEW003");
  for (unsigned i = 0; i < 3; ++i) {
    EXPECT_EQ(slot(i).Info.StorageSlot.State, NTMS_SLOTSTATE_FULL);
  }
}

TEST_F(IdentifyTest, DefaultMethodCanBeTheFullInventory) {
  start_with({"FULL01"});
  Info info = library_info();
  info.Info.Library.InventoryMethod = NTMS_INVENTORY_OMID;
  ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  const auto before = identifications().size();
  ASSERT_EQ(inventory(NTMS_INVENTORY_DEFAULT), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet());
  EXPECT_EQ(identifications().size(), before + 1);
}

TEST_F(IdentifyTest, StoppedInventoryCancelsWhatHasNotBegun) {
  LibraryShape shape;
  shape.drives = 1;
  start_with({"STOP01", "STOP02", "STOP03", "STOP04"}, shape);
  // The only drive is in use: nothing can begin.
  Id drive_id;
  ASSERT_EQ(mount(medium(3), &drive_id), ERROR_SUCCESS);
  const auto before = identifications().size();
  ASSERT_EQ(inventory(NTMS_INVENTORY_OMID), ERROR_SUCCESS);
  ASSERT_EQ(identifications().size(), before + 3);
  ASSERT_EQ(inventory(NTMS_INVENTORY_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet()) << picture();
  std::size_t cancelled = 0;
  for (const auto& request : identifications()) cancelled += request.State == NTMS_LM_CANCELLED;
  EXPECT_EQ(cancelled, 3U);
}

TEST_F(IdentifyTest, WaitingIdentificationIsInNobodysWay) {
  LibraryShape shape;
  shape.drives = 1;
  start_with({"WAIT01", "WAIT02"}, shape);
  Id drive_id;
  ASSERT_EQ(mount(medium(1), &drive_id), ERROR_SUCCESS);
  ASSERT_EQ(inventory(NTMS_INVENTORY_OMID), ERROR_SUCCESS);
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  Id side = side_of(medium(1));
  ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, 0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet()) << picture();
}

TEST_F(IdentifyTest, CancelledWhileItWaits) {
  LibraryShape shape;
  shape.drives = 1;
  start_with({"CANC01", "CANC02"}, shape);
  Id drive_id;
  ASSERT_EQ(mount(medium(1), &drive_id), ERROR_SUCCESS);
  auto call = std::async(std::launch::async, [&] { return identify(0); });
  ASSERT_TRUE(wait_until([&] { return !unfinished_request_of(medium(0)).is_null(); }));
  Id request = unfinished_request_of(medium(0));
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
  EXPECT_EQ(call.get(), ERROR_CANCELLED);
}

TEST_F(IdentifyTest, DriveThatCannotReadItSaysSo) {
  test::set_environment("NTMS_IDENTIFY", "no");
  start_with({"BAD001"});
  // Cannot read medium, incompatible format: at the test after the load.
  ntms_emulator_fault fault{};
  fault.size = sizeof fault;
  fault.lun = 1;
  fault.opcode = 0x08;
  fault.nth = 1;
  fault.kind = NTMS_EMULATOR_FAIL_BEFORE;
  fault.sense_key = 3;
  fault.asc = 0x30;
  fault.ascq = 0x02;
  ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
  EXPECT_EQ(identify(0), ERROR_MEDIA_INCOMPATIBLE);
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_INCOMPATIBLE);
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  // Read again, and read this time.
  EXPECT_EQ(identify(0), ERROR_SUCCESS);
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_IMPORT);
}

TEST_F(IdentifyTest, BlankAfterAll) {
  start_with({""});
  sql("UPDATE side SET state=2");
  EXPECT_EQ(identify(0), ERROR_SUCCESS);
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_FOREIGN);
}

TEST_F(IdentifyTest, FreeMediaThatWereWrittenOver) {
  start_with({"", ""});
  Id free_pool;
  const WideString path =
      NTMS_W("\\Free\\") +
      WideString(rsm().get(Id(media_info(medium(0)).MediaType), NTMS_MEDIA_TYPE).szName);
  ASSERT_EQ(CreateNtmsMediaPoolW(session(), path.c_str(), nullptr, NTMS_OPEN_EXISTING, nullptr,
                                 free_pool.get()),
            ERROR_SUCCESS);
  for (unsigned i = 0; i < 2; ++i) {
    Id cartridge = medium(i);
    ASSERT_EQ(MoveToNtmsMediaPool(session(), cartridge.get(), free_pool.get()), ERROR_SUCCESS);
  }
  ASSERT_TRUE(wait_for_quiet()) << picture();
  ASSERT_EQ(state_of(medium(0)), NTMS_PARTSTATE_AVAILABLE);
  ASSERT_EQ(pool_type_of(medium(0)), NTMS_POOLTYPE_SCRATCH);
  write_label(robot().bar_code(0), "DATA01");
  write_label(robot().bar_code(1), "");
  EXPECT_EQ(identify(0), ERROR_SUCCESS);
  EXPECT_EQ(identify(1), ERROR_SUCCESS);
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_IMPORT) << "what is on it now may be of value";
  EXPECT_EQ(pool_type_of(medium(0)), NTMS_POOLTYPE_IMPORT);
  EXPECT_EQ(state_of(medium(1)), NTMS_PARTSTATE_FOREIGN);
}

TEST_F(IdentifyTest, CleanersAreNotMountedToBeIdentified) {
  LibraryShape shape;
  shape.bar_codes = {"CLN001L1"};
  shape.media = 1;
  create(shape);
  test::set_environment("NTMS_IDENTIFY", "no");
  open();
  Info info = library_info();
  info.Info.Library.dwFlags |= NTMS_LIBRARYFLAG_RECOGNIZECLEANERBARCODE;
  ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  ASSERT_EQ(inventory(NTMS_INVENTORY_OMID), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet());
  EXPECT_TRUE(identifications().empty());
}

}  // namespace
}  // namespace ntms::conformance
