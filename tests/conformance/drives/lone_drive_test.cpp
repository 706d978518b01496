// SPDX-License-Identifier: MIT
// Drives that stand alone (contract: concepts 4, 8, 13 and 19; functions-library-control 1, 2, 6,
// 7, 12 and 13).
#include <future>

#include "conformance/drives/lone_drive_fixture.h"

namespace ntms::conformance {
namespace {

class LoneDrive : public LoneDriveTest {};

TEST_F(LoneDrive, IsALibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(info().LibraryType, DWORD{NTMS_LIBRARYTYPE_STANDALONE});
  EXPECT_EQ(info().dwNumberOfDrives, 1U);
  EXPECT_EQ(info().dwNumberOfPorts, 1U);
  EXPECT_EQ(info().dwNumberOfSlots, 0U);
  EXPECT_EQ(info().dwNumberOfDoors, 0U);
  EXPECT_EQ(info().dwNumberOfChangers, 0U);
  EXPECT_EQ(info().LibrarySupportsDriveCleaning, FALSE);
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_EQ(port().Content, DWORD{NTMS_PORTCONTENT_EMPTY});
  EXPECT_EQ(text(drive().Info.Drive.szDeviceName), uri_.substr(0, 63));
  EXPECT_EQ(Id(drive().Info.Drive.Library), library());
}

TEST_F(LoneDrive, WhatIsInItIsIdentified) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_NO_FATAL_FAILURE(make_tape("TAPE1", "DATA01"));
  insert("TAPE1");
  ASSERT_NO_FATAL_FAILURE(open());
  const Id medium = medium_inside();
  ASSERT_NO_FATAL_FAILURE(wait_for_identified());
  EXPECT_EQ(Id(media_info(medium).Location), drive_id());
  EXPECT_EQ(media_info(medium).LocationType, DWORD{NTMS_DRIVE});
  EXPECT_EQ(media_info(medium).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(Id(drive().Info.Drive.SavedPartitionId), side_of(medium));
  EXPECT_EQ(rsm().get(side_of(medium), NTMS_PARTITION).Info.Partition.State,
            DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_TRUE(port_shows(NTMS_PORTCONTENT_FULL));
  EXPECT_TRUE(is_threaded()) << "and stays in the drive";
}

TEST_F(LoneDrive, AnInventoryNoticesWhatPeopleDo) {
  ASSERT_NO_FATAL_FAILURE(start());
  insert("TAPE1");
  EXPECT_TRUE(media().empty()) << "nobody has looked";
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_FALSE(medium_inside().is_null());
  ASSERT_NO_FATAL_FAILURE(wait_for_identified());
  EXPECT_TRUE(port_shows(NTMS_PORTCONTENT_FULL));
  press_button();
  take_out();
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return media().empty(); }));
  EXPECT_TRUE(rsm().list(NTMS_PHYSICAL_MEDIA).empty()) << "blank media are not kept";
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_TRUE(port_shows(NTMS_PORTCONTENT_EMPTY));
}

TEST_F(LoneDrive, OneLookByChangeDetection) {
  ASSERT_NO_FATAL_FAILURE(start());
  insert("TAPE1");
  Id target = library();
  ASSERT_EQ(SetNtmsDeviceChangeDetection(session(), nullptr, target.get(), NTMS_LIBRARY, 1),
            ERROR_SUCCESS);
  EXPECT_FALSE(medium_inside().is_null());
}

TEST_F(LoneDrive, DetectsChangesByItselfWhenToldTo) {
  ASSERT_NO_FATAL_FAILURE(start());
  Info changed = rsm().get(library(), NTMS_LIBRARY);
  changed.Info.Library.dwFlags |= NTMS_LIBRARYFLAG_AUTODETECTCHANGE;
  ASSERT_EQ(rsm().set(changed), ERROR_SUCCESS);
  insert("TAPE1");
  EXPECT_FALSE(medium_inside().is_null());
  ASSERT_NO_FATAL_FAILURE(wait_for_identified());
  press_button();
  take_out();
  EXPECT_TRUE(wait_until([&] { return media().empty(); }));
}

TEST_F(LoneDrive, MediaOfApplicationsLeaveAndComeBack) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  press_button();
  take_out();
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_offline(own_); }));
  insert("TAPE1");
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return rsm().find(own_) && !is_offline(own_); }));
  EXPECT_EQ(Id(media_info(own_).Location), drive_id());
  EXPECT_EQ(media().size(), 1U) << "no second record";
}

TEST_F(LoneDrive, AnotherCartridgeIsNoticed) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  swap_for("TAPE2");
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_offline(own_) && media().size() == 1; }));
  EXPECT_FALSE(media().at(0) == own_);
  swap_for("TAPE1");
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return media().size() == 1 && media().at(0) == own_; }));
}

TEST_F(LoneDrive, KnownAgain) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  const Id known = library();
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(library(), known);
  EXPECT_EQ(medium_inside(), own_);
  EXPECT_EQ(mount(own_), ERROR_SUCCESS);
}

TEST_F(LoneDrive, MountAndDismount) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_EQ(mount(own_), ERROR_SUCCESS);
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_LOADED});
  EXPECT_EQ(media_info(own_).MediaState, DWORD{NTMS_MEDIASTATE_LOADED});
  ASSERT_EQ(dismount(own_, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return media_info(own_).MediaState == NTMS_MEDIASTATE_IDLE; }));
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTABLE});
  EXPECT_TRUE(is_threaded()) << "only released";
  ASSERT_TRUE(wait_for_state(request_of(NTMS_LM_DISMOUNT), NTMS_LM_PASSED));
  ASSERT_EQ(mount(own_), ERROR_SUCCESS);
  ASSERT_EQ(dismount(own_, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return media_info(own_).MediaState == NTMS_MEDIASTATE_IDLE; }));
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_UNLOADED});
  EXPECT_FALSE(is_threaded());
  ASSERT_EQ(mount(own_), ERROR_SUCCESS) << "the drive takes it in again";
  EXPECT_TRUE(is_threaded());
}

TEST_F(LoneDrive, TheOperatorIsAskedForWhatHasBeenTakenOut) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_EQ(mount(own_), ERROR_SUCCESS);
  ASSERT_EQ(dismount(own_, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return drive_state() == NTMS_DRIVESTATE_UNLOADED; }));
  take_out();
  auto mounted = std::async(std::launch::async, [&] { return mount(own_); });
  ASSERT_TRUE(wait_until([&] { return asked(NTMS_OPREQ_MOVEMEDIA).size() == 1; }));
  EXPECT_TRUE(is_offline(own_));
  insert("TAPE1");
  EXPECT_EQ(mounted.get(), ERROR_SUCCESS);
  EXPECT_TRUE(asked(NTMS_OPREQ_MOVEMEDIA).empty());
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_LOADED});
}

TEST_F(LoneDrive, WhatIsOfflineIsAskedForToo) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  press_button();
  take_out();
  ASSERT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_offline(own_); }));
  auto mounted = std::async(std::launch::async, [&] { return mount(own_); });
  ASSERT_TRUE(wait_until([&] { return asked(NTMS_OPREQ_MOVEMEDIA).size() == 1; }));
  insert("TAPE1");
  EXPECT_EQ(mounted.get(), ERROR_SUCCESS);
  ASSERT_EQ(dismount(own_, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return drive_state() == NTMS_DRIVESTATE_UNLOADED; }));
  take_out();
  auto refused = std::async(std::launch::async, [&] { return mount(own_); });
  ASSERT_TRUE(wait_until([&] { return asked(NTMS_OPREQ_MOVEMEDIA).size() == 1; }));
  Id request = asked(NTMS_OPREQ_MOVEMEDIA).at(0);
  ASSERT_EQ(CancelNtmsOperatorRequest(session(), request.get()), ERROR_SUCCESS);
  EXPECT_EQ(refused.get(), ERROR_REQUEST_REFUSED);
}

TEST_F(LoneDrive, TheWrongCartridgeIsNotMounted) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  swap_for("TAPE2");
  EXPECT_EQ(mount(own_), ERROR_INVALID_MEDIA);
}

TEST_F(LoneDrive, DismountOfTheDriveLeavesItThere) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_EQ(mount(own_), ERROR_SUCCESS);
  ASSERT_EQ(DismountNtmsDrive(session(), drive_id().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return drive_state() == NTMS_DRIVESTATE_DISMOUNTABLE; }));
  EXPECT_TRUE(is_threaded());
  ASSERT_TRUE(wait_for_state(request_of(NTMS_LM_DISMOUNT), NTMS_LM_PASSED));
}

TEST_F(LoneDrive, Eject) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  Id operation;
  ASSERT_EQ(eject(own_, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(is_offline(own_));
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_EQ(port().Content, DWORD{NTMS_PORTCONTENT_EMPTY});
  EXPECT_EQ(port().Position, DWORD{NTMS_PORTPOSITION_RETRACTED});
  take_out();
}

TEST_F(LoneDrive, EjectOfWhatIsNotKept) {
  ASSERT_NO_FATAL_FAILURE(start("BLANK1"));
  ASSERT_NO_FATAL_FAILURE(wait_for_identified());
  const Id medium = medium_inside();
  Id operation;
  ASSERT_EQ(eject(medium, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(rsm().find(medium));
}

TEST_F(LoneDrive, EjectOfAMountedMediumNeedsForce) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_EQ(mount(own_), ERROR_SUCCESS);
  Id operation;
  EXPECT_EQ(eject(own_, &operation), ERROR_BUSY);
  ASSERT_EQ(eject(own_, &operation, NTMS_EJECT_FORCE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(is_offline(own_));
  EXPECT_FALSE(is_threaded());
}

TEST_F(LoneDrive, EjectWaitsUntilItIsTakenAndCanBeStopped) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_NO_FATAL_FAILURE(show_ejected_cartridges());
  Id operation;
  ASSERT_EQ(eject(own_, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port().Position == NTMS_PORTPOSITION_EXTENDED; }));
  EXPECT_EQ(rsm().state(operation), DWORD{NTMS_LM_INPROCESS});
  EXPECT_FALSE(is_threaded());
  ASSERT_EQ(eject(Id{}, &operation, NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_FALSE(is_offline(own_));
  EXPECT_TRUE(is_threaded()) << "loaded again";
  EXPECT_EQ(media_info(own_).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  ASSERT_EQ(ntms_emulator_clear_faults(emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(mount(own_), ERROR_SUCCESS);
}

TEST_F(LoneDrive, EjectNobodyTakesCounts) {
  ASSERT_NO_FATAL_FAILURE(start_with_own(true));
  set_time_out(60);
  ASSERT_NO_FATAL_FAILURE(show_ejected_cartridges());
  Id operation;
  ASSERT_EQ(eject(own_, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port().Position == NTMS_PORTPOSITION_EXTENDED; }));
  ASSERT_EQ(ntms_emulator_clock_advance(emulator_, 60'000), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(is_offline(own_));
  EXPECT_EQ(port().Content, DWORD{NTMS_PORTCONTENT_FULL});
  EXPECT_EQ(asked(NTMS_OPREQ_DEVICESERVICE).size(), 1U);
  ASSERT_EQ(ntms_emulator_clear_faults(emulator_), NTMS_EMULATOR_OK);
  EXPECT_TRUE(wait_until([&] { return asked(NTMS_OPREQ_DEVICESERVICE).empty(); }))
      << "seen to be empty";
}

TEST_F(LoneDrive, EjectGoesOnWithTheNextOwner) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  ASSERT_NO_FATAL_FAILURE(show_ejected_cartridges());
  Id operation;
  ASSERT_EQ(eject(own_, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port().Position == NTMS_PORTPOSITION_EXTENDED; }));
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_clear_faults(emulator_), NTMS_EMULATOR_OK);
  take_out();
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(is_offline(own_));
}

TEST_F(LoneDrive, Inject) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation;
  ASSERT_EQ(InjectNtmsMedia(session(), Id(library()).get(), operation.get(), NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port().Position == NTMS_PORTPOSITION_EXTENDED; }));
  insert("TAPE1");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(medium_inside().is_null());
  EXPECT_EQ(port().Position, DWORD{NTMS_PORTPOSITION_RETRACTED});
  EXPECT_TRUE(port_shows(NTMS_PORTCONTENT_FULL));
  ASSERT_NO_FATAL_FAILURE(wait_for_identified());
  EXPECT_EQ(InjectNtmsMedia(session(), Id(library()).get(), operation.get(), NTMS_INJECT_START),
            ERROR_LIBRARY_FULL);
}

TEST_F(LoneDrive, InjectStoppedAndTimedOut) {
  ASSERT_NO_FATAL_FAILURE(start("", true));
  set_time_out(60);
  Id operation;
  ASSERT_EQ(InjectNtmsMedia(session(), Id(library()).get(), operation.get(), NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port().Position == NTMS_PORTPOSITION_EXTENDED; }));
  ASSERT_EQ(InjectNtmsMedia(session(), Id(library()).get(), operation.get(), NTMS_INJECT_STOP),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  ASSERT_EQ(InjectNtmsMedia(session(), Id(library()).get(), operation.get(), NTMS_INJECT_STARTMANY),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port().Position == NTMS_PORTPOSITION_EXTENDED; }));
  ASSERT_EQ(ntms_emulator_clock_advance(emulator_, 60'000), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(port().Position, DWORD{NTMS_PORTPOSITION_RETRACTED});
}

TEST_F(LoneDrive, CleaningIsOnlyWrittenDown) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(drive().Info.Drive.LastCleanedTs.wYear, 0U);
  ASSERT_EQ(CleanNtmsDrive(session(), drive_id().get()), ERROR_SUCCESS);
  EXPECT_NE(drive().Info.Drive.LastCleanedTs.wYear, 0U);
  EXPECT_TRUE(rsm().list(NTMS_LIBREQUEST).empty());
}

TEST_F(LoneDrive, HasNeitherDoorNorCleanerSlot) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id id = library();
  EXPECT_EQ(AccessNtmsLibraryDoor(session(), id.get(), NTMS_INVENTORY_FAST),
            ERROR_RESOURCE_NOT_PRESENT);
  EXPECT_EQ(ReleaseNtmsCleanerSlot(session(), id.get()), ERROR_RESOURCE_NOT_PRESENT);
}

TEST_F(LoneDrive, DeletedWithItsDrive) {
  ASSERT_NO_FATAL_FAILURE(start_with_own());
  const Id gone = drive_id();
  EXPECT_EQ(DeleteNtmsDrive(session(), Id(gone).get()), ERROR_INVALID_STATE) << "it is there";
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator_, 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until(
      [&] { return rsm().get(library(), NTMS_LIBRARY).dwOperationalState == NTMS_NOT_PRESENT; }));
  ASSERT_EQ(DeleteNtmsDrive(session(), Id(gone).get()), ERROR_SUCCESS);
  EXPECT_FALSE(rsm().find(library()));
  EXPECT_TRUE(is_offline(own_));
}

TEST_F(LoneDrive, WithoutIdentification) {
  test::set_environment("NTMS_IDENTIFY", "no");
  ASSERT_NO_FATAL_FAILURE(start("TAPE1"));
  const Id medium = medium_inside();
  EXPECT_TRUE(Id(drive().Info.Drive.SavedPartitionId).is_null()) << "put there by a person";
  EXPECT_EQ(mount(medium), ERROR_SUCCESS);
}

}  // namespace
}  // namespace ntms::conformance
