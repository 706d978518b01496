// SPDX-License-Identifier: MIT
// CleanNtmsDrive, and drives that ask for cleaning (contract: functions-library-control 6, concepts
// 8 and 14).
#include "conformance/drives/cleaning_fixture.h"

namespace ntms::conformance {
namespace {

class Cleaning : public CleaningTest {};

TEST_F(Cleaning, QueuedAndCarriedOut) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.virtual_clock = true}));
  set_cleaning_time(kMinute);
  const long long before = last_change();
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id request = cleaning();
  ASSERT_FALSE(request.is_null());
  EXPECT_EQ(Id(rsm().request(request).DriveId), drive_id());
  EXPECT_EQ(Id(rsm().request(request).Library), library());
  ASSERT_TRUE(wait_until([&] { return drive_state() == NTMS_DRIVESTATE_BEING_CLEANED; }));
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_INPROCESS});
  EXPECT_EQ(info().dwCleanerUsesRemaining, 19U);
  EXPECT_EQ(drive(0).Info.Drive.LastCleanedTs.wYear, 0U);
  EXPECT_EQ(CancelNtmsLibraryRequest(session(), Id(request).get()), ERROR_ACCESS_DENIED);
  emulator().advance(kMinute);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(is_in_slot(cleaner(), kCleanerSlot));
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_NE(drive(0).Info.Drive.LastCleanedTs.wYear, 0U);
  EXPECT_EQ(media_info(cleaner()).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(emulated_uses(), 49U);
  EXPECT_TRUE(cleaner_requests().empty());
  EXPECT_TRUE(has_change(changes(before), {NTMS_EVENT_COMPLETE, NTMS_DRIVE, drive_id()}));
  EXPECT_TRUE(agree());
}

TEST_F(Cleaning, TheArmIsFreeMeanwhile) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.virtual_clock = true}));
  set_cleaning_time(kMinute);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  const Id ejected = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(ejected, NTMS_LM_PASSED));
  EXPECT_EQ(rsm().state(cleaning()), DWORD{NTMS_LM_INPROCESS});
  emulator().advance(kMinute);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
}

TEST_F(Cleaning, UsesThatAreNotCounted) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({}, 0xFFFFFFFF));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0xFFFFFFFFU);
}

TEST_F(Cleaning, DrivesThatMustUnload) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.unload_before_move = true, .cleaner_stays = true}));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(is_in_slot(cleaner(), kCleanerSlot));
  EXPECT_TRUE(agree());
}

TEST_F(Cleaning, TheLastUseAsksForAnotherCleaner) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({}, 1));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id first = cleaning();
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0U);
  ASSERT_EQ(cleaner_requests().size(), 1U);
  EXPECT_EQ(Id(cleaner_requests()[0].Arg1), library());
  EXPECT_EQ(cleaner_requests()[0].Arg1Type, DWORD{NTMS_LIBRARY});
  EXPECT_EQ(text(cleaner_requests()[0].szApplication), "Removable Storage");
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id second = cleaning(first);
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_WAITING));
  EXPECT_EQ(cleaner_requests().size(), 1U) << "asked once";
  Id operation;
  ASSERT_EQ(EjectNtmsCleaner(session(), library().get(), operation.get(), NTMS_EJECT_START),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_extended(cleaner()));
  take(cleaner());
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  ASSERT_NO_FATAL_FAILURE(bring_cleaner(20, "CLN002L1"));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(cleaner_requests().empty()) << "seen to be done";
}

TEST_F(Cleaning, TheCountMayBeRaised) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({}, 0));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_WAITING));
  EXPECT_EQ(cleaner_requests().size(), 1U);
  Info changed = library_info();
  changed.Info.Library.dwCleanerUsesRemaining = 3;
  ASSERT_EQ(rsm().set(changed), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(info().dwCleanerUsesRemaining, 2U);
  EXPECT_TRUE(cleaner_requests().empty());
}

TEST_F(Cleaning, WithoutACleanerTheOperatorIsAsked) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id request = cleaning();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  ASSERT_EQ(cleaner_requests().size(), 1U);
  // Done without a cleaner being there: asked again.
  const Id asked = cleaner_request_ids().at(0);
  ASSERT_EQ(SatisfyNtmsOperatorRequest(session(), Id(asked).get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] {
    const auto ids = cleaner_request_ids();
    return ids.size() == 1 && !(ids[0] == asked);
  }));
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_WAITING});
  ASSERT_EQ(CancelNtmsOperatorRequest(session(), cleaner_request_ids().at(0).get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_FAILED));
  EXPECT_EQ(rsm().request(request).dwErrorCode, DWORD{ERROR_REQUEST_REFUSED});
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
}

TEST_F(Cleaning, CancelledWhileItWaits) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id request = cleaning();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), Id(request).get()), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_CANCELLED});
}

TEST_F(Cleaning, ASpentCleanerIsToBeReplaced) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({}, 0xFFFFFFFF, 0));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_WAITING));
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0U);
  EXPECT_EQ(info().dwFlags & NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING, 0U);
  EXPECT_EQ(cleaner_requests().size(), 1U);
  EXPECT_TRUE(is_in_slot(cleaner(), kCleanerSlot));
  EXPECT_EQ(media_info(cleaner()).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_EQ(drive(0).Info.Drive.LastCleanedTs.wYear, 0U);
  EXPECT_TRUE(agree());
}

TEST_F(Cleaning, ATapeInTheCleanerSlot) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({}, 20, kIsATape));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_FAILED));
  EXPECT_EQ(rsm().request(cleaning()).dwErrorCode, DWORD{ERROR_INVALID_CLEANER});
  EXPECT_TRUE(is_in_slot(cleaner(), kCleanerSlot));
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0U);
  EXPECT_EQ(cleaner_requests().size(), 1U);
}

TEST_F(Cleaning, ADriveThatNeverEnds) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.virtual_clock = true}));
  set_cleaning_time(1000 * kMinute);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  emulator().advance(31LL * kMinute);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_FAILED));
  EXPECT_EQ(rsm().request(cleaning()).dwErrorCode, DWORD{ERROR_UNABLE_TO_CLEAN});
}

TEST_F(Cleaning, ALinkLostMeanwhile) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.virtual_clock = true}));
  set_cleaning_time(kMinute);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  ntms_emulator_fault fault{};
  fault.size = sizeof fault;
  fault.lun = 1;
  fault.opcode = 0;
  fault.times = 6;
  fault.kind = NTMS_EMULATOR_LINK_LOST_BEFORE;
  ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
  const auto looks = commands_of_drive(0);
  ASSERT_TRUE(wait_until([&] { return commands_of_drive(0) > looks + 6; }));
  emulator().advance(kMinute);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
}

TEST_F(Cleaning, RobotFailsOnTheWayIn) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner());
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_FAILED));
  EXPECT_TRUE(is_in_slot(cleaner(), kCleanerSlot));
  EXPECT_EQ(info().dwCleanerUsesRemaining, 20U);
  EXPECT_EQ(media_info(cleaner()).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(drive_state(), DWORD{NTMS_DRIVESTATE_DISMOUNTED});
  EXPECT_TRUE(agree());
}

TEST_F(Cleaning, RobotFailsOnTheWayHome) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner());
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01, 2);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id first = cleaning();
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_FAILED));
  EXPECT_TRUE(is_in_drive(cleaner())) << picture();
  EXPECT_TRUE(agree());
  ASSERT_EQ(DismountNtmsDrive(session(), drive_id().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_slot(cleaner(), kCleanerSlot); })) << picture();
}

TEST_F(Cleaning, WaitsForAnOpenDoor) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.doors = 1, .doors_unlocked = true}));
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_WAITING)) << picture();
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(agree());
}

TEST_F(Cleaning, DoorOpenedWhileTheCleanerIsInTheDrive) {
  ASSERT_NO_FATAL_FAILURE(
      start_with_cleaner({.doors = 1, .virtual_clock = true, .doors_unlocked = true}));
  set_cleaning_time(kMinute);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  emulator().advance(kMinute);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_WAITING)) << picture();
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
  EXPECT_NE(drive(0).Info.Drive.LastCleanedTs.wYear, 0U);
  EXPECT_TRUE(agree());
}

TEST_F(Cleaning, TheDriveIsEmptiedFirst) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner());
  mount(medium(0));
  dismount(medium(0), NTMS_DISMOUNT_DEFERRED);
  ASSERT_TRUE(wait_until([&] { return drive_state() == NTMS_DRIVESTATE_DISMOUNTABLE; }));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(is_in_slot(medium(0), 0)) << picture();
  EXPECT_TRUE(agree());
}

TEST_F(Cleaning, WaitsForADriveInUse) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner());
  mount(medium(0));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_WAITING));
  dismount(medium(0), NTMS_DISMOUNT_IMMEDIATE);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
}

TEST_F(Cleaning, OneCleanerForTwoDrives) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.virtual_clock = true}));
  set_cleaning_time(kMinute);
  ASSERT_EQ(clean(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  const Id first = cleaning();
  ASSERT_EQ(clean(1), ERROR_SUCCESS);
  const Id second = cleaning(first);
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_WAITING));
  EXPECT_TRUE(cleaner_requests().empty()) << "it is only in use";
  emulator().advance(kMinute);
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED)) << picture();
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  emulator().advance(kMinute);
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(info().dwCleanerUsesRemaining, 18U);
}

TEST_F(Cleaning, DrivesAskForIt) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner());
  EXPECT_EQ(info().LibrarySupportsDriveCleaning, TRUE);
  for (const unsigned flag : {20U, 21U}) {
    mount(medium(0));
    const Id asks(drive_of(medium(0)));
    const unsigned index = asks == drive_id(0) ? 0 : 1;
    const auto known = cleanings();
    ASSERT_EQ(ntms_emulator_set_tape_alert(emulator().handle(), index + 1, flag, 1),
              NTMS_EMULATOR_OK);
    dismount(medium(0), NTMS_DISMOUNT_IMMEDIATE);
    ASSERT_TRUE(wait_until([&] { return cleanings().size() == known.size() + 1; })) << picture();
    const Id request = cleanings().back();
    EXPECT_EQ(text(rsm().request(request).szApplication), "Removable Storage");
    EXPECT_EQ(Id(rsm().request(request).DriveId), asks);
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << picture();
  }
}

TEST_F(Cleaning, SenseDataAsksForIt) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner());
  mount(medium(0));
  ntms_emulator_fault fault{};
  fault.size = sizeof fault;
  fault.lun = drive_of(medium(0)) == drive_id(0) ? 1 : 2;
  fault.opcode = 0x1B;  // the UNLOAD succeeds with a remark
  fault.kind = NTMS_EMULATOR_FAIL_AFTER;
  fault.sense_key = 1;
  fault.ascq = 0x17;
  ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
  dismount(medium(0), NTMS_DISMOUNT_IMMEDIATE);
  ASSERT_TRUE(wait_until([&] { return cleanings().size() == 1; })) << picture();
  ASSERT_TRUE(wait_for_state(cleanings()[0], NTMS_LM_PASSED)) << picture();
}

TEST_F(Cleaning, AskedForOnce) {
  ASSERT_NO_FATAL_FAILURE(start({.drives = 1, .ports = 1}));
  for (int round = 0; round < 2; ++round) {
    mount(medium(0));
    ASSERT_EQ(ntms_emulator_set_tape_alert(emulator().handle(), 1, 20, 1), NTMS_EMULATOR_OK);
    dismount(medium(0), NTMS_DISMOUNT_IMMEDIATE);
    ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  }
  EXPECT_EQ(cleanings().size(), 1U) << "the first one waits for a cleaner";
}

TEST_F(Cleaning, QueuedOnesDoNotSurviveAServiceRestart) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id request = cleaning();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE setting SET value='another' WHERE name='boot'"));
  EXPECT_FALSE(rsm().find(request));
}

TEST_F(Cleaning, ThoseThatHaveBegunAreCancelledByAServiceRestart) {
  ASSERT_NO_FATAL_FAILURE(start_with_cleaner({.virtual_clock = true}));
  set_cleaning_time(kMinute);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id request = cleaning();
  ASSERT_TRUE(wait_until([&] { return is_in_drive(cleaner()); })) << picture();
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE setting SET value='another' WHERE name='boot'"));
  EXPECT_EQ(rsm().state(request), DWORD{NTMS_LM_CANCELLED});
}

TEST_F(Cleaning, CleanersKnownByTheirBarCodes) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1, .doors = 1}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  Info changed = library_info();
  changed.Info.Library.dwFlags |= NTMS_LIBRARYFLAG_RECOGNIZECLEANERBARCODE;
  ASSERT_EQ(rsm().set(changed), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  for (const unsigned slot_index : {kCleanerSlot, kCleanerSlot - 1}) {
    const char* const code = slot_index == kCleanerSlot ? kCleaner : "CLN002L1";
    ASSERT_EQ(ntms_emulator_slot_put(emulator().handle(), slot_index, code), NTMS_EMULATOR_OK);
    ASSERT_EQ(ntms_emulator_set_cleaner(emulator().handle(), code, 50), NTMS_EMULATOR_OK);
  }
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !cleaner().is_null(); }));
  EXPECT_NE(info().dwFlags & NTMS_LIBRARYFLAG_CLEANERPRESENT, 0U);
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0xFFFFFFFFU) << "nobody has said how often";
  const Info type = rsm().get(Id(media_info(medium_with("CLN002L1")).MediaType), NTMS_MEDIA_TYPE);
  EXPECT_EQ(type.Info.MediaType.MediaType, 0x32U);
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(cleaning(), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(emulated_uses(), 49U);
}

}  // namespace
}  // namespace ntms::conformance
