// SPDX-License-Identifier: MIT
// InjectNtmsMedia on both robots (contract: functions-library-control 2; concepts 10, 13.1, 13.3).
#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class Inject : public MovementTest {};

TEST_P(Inject, OneCartridgeThroughAPortOfOne) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  EXPECT_EQ(rsm().request(operation).OperationCode, NTMS_LM_INJECT);
  EXPECT_EQ(rsm().request(operation).OperationOption, 0U);
  EXPECT_EQ(Id(rsm().request(operation).Library), library());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  const Id found = medium_with("NEW001L8");
  ASSERT_FALSE(found.is_null()) << picture();
  EXPECT_EQ(Id(media_info(found).CurrentLibrary), library());
  EXPECT_EQ(media_info(found).LocationType, NTMS_STORAGESLOT);
  EXPECT_EQ(Id(media_info(found).HomeSlot), Id(media_info(found).Location));
  EXPECT_EQ(media_info(found).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(rsm().get(Id(media_info(found).MediaPool)).Info.MediaPool.PoolType,
            NTMS_POOLTYPE_IMPORT);
  EXPECT_EQ(port(0).Info.IEPort.Position, NTMS_PORTPOSITION_RETRACTED);
  EXPECT_EQ(port(0).Info.IEPort.Content, NTMS_PORTCONTENT_EMPTY);
  EXPECT_TRUE(agree());
}

TEST_P(Inject, SeveralAtOnceWhenStopped) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 3}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  put(2, "NEW003L8");
  Id stopped = operation;
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &stopped), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED)) << picture();
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_FALSE(medium_with("NEW003L8").is_null());
  EXPECT_EQ(full_slots(), 10U);
  EXPECT_TRUE(agree());
}

TEST_P(Inject, StoppedWithoutACartridge) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  Id stopped = operation;
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &stopped), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(rsm().request(operation).dwErrorCode, ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_position(NTMS_PORTPOSITION_RETRACTED));
  EXPECT_EQ(full_slots(), 8U);
  EXPECT_EQ(inject(NTMS_INJECT_STOP, &stopped), ERROR_INVALID_OPERATION) << "it has ended";
  EXPECT_TRUE(agree());
}

TEST_P(Inject, CancelledTakesInWhatIsThere) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(1, "NEW001L8");
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), operation.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_CANCELLED));
  EXPECT_EQ(rsm().request(operation).dwErrorCode, ERROR_CANCELLED);
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_P(Inject, ManyRoundsUntilStopped) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = start_inject(NTMS_INJECT_STARTMANY);
  EXPECT_EQ(rsm().request(operation).OperationOption, 4U);
  for (const char* bar_code : {"NEW001L8", "NEW002L8", "NEW003L8"}) {
    ASSERT_TRUE(wait_for_open_port());
    put(0, bar_code);
    ASSERT_EQ(inject(NTMS_INJECT_RETRACT, &operation), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] { return !medium_with(bar_code).is_null(); })) << picture();
    EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  }
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(full_slots(), 11U);
  EXPECT_TRUE(agree());
}

TEST_P(Inject, ManyEndsWhenNothingIsFound) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = start_inject(NTMS_INJECT_STARTMANY);
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_EQ(inject(NTMS_INJECT_RETRACT, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_for_position(NTMS_PORTPOSITION_RETRACTED));
}

TEST_P(Inject, KnownOfflineMediumComesBackWithItsIdentity) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  const Id m = medium(3);
  const std::string bar_code = robot().bar_code(3);
  const Id side = side_of(m);
  const Id pool(media_info(m).MediaPool);
  const Id ejected = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  take(m);
  ASSERT_TRUE(wait_for_state(ejected, NTMS_LM_PASSED));
  ASSERT_EQ(Id(media_info(m).CurrentLibrary), offline_library());
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, bar_code);
  Id stopped = operation;
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &stopped), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(operation));
  EXPECT_EQ(Id(media_info(m).CurrentLibrary), library());
  EXPECT_EQ(media_info(m).LocationType, NTMS_STORAGESLOT);
  EXPECT_FALSE(Id(media_info(m).HomeSlot).is_null());
  EXPECT_EQ(media_info(m).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(side_of(m), side);
  EXPECT_EQ(Id(media_info(m).MediaPool), pool);
  EXPECT_EQ(records_of(bar_code), 1U);
  EXPECT_TRUE(agree());
}

TEST_P(Inject, ForgottenMediumIsANewOne) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(0);
  const std::string bar_code = robot().bar_code(0);
  const Id ejected = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  take(m);
  ASSERT_TRUE(wait_for_state(ejected, NTMS_LM_PASSED));
  ASSERT_FALSE(rsm().find(m));
  Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(1, bar_code);
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(operation));
  EXPECT_EQ(records_of(bar_code), 1U);
  EXPECT_NE(medium_with(bar_code), m);
  EXPECT_TRUE(agree());
}

TEST_P(Inject, SecondCartridgeWithTheSameBarCode) {
  ASSERT_NO_FATAL_FAILURE(start());
  const std::string bar_code = robot().bar_code(0);
  Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, bar_code);
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(operation));
  EXPECT_EQ(records_of(bar_code), 2U) << "two cartridges are two media";
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_EQ(full_slots(), 9U);
}

TEST_P(Inject, WaitsForTheEjectThatHasThePort) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id ejected = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  Id operation = start_inject();
  EXPECT_EQ(rsm().state(operation), NTMS_LM_QUEUED);
  take(medium(0));
  ASSERT_TRUE(wait_for_state(ejected, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_INPROCESS));
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(agree());
}

TEST_P(Inject, StoppedAndCancelledInTheQueue) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id ejected = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  Id first = start_inject();
  const Id second = start_inject(NTMS_INJECT_STARTMANY);
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &first), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(first), NTMS_LM_STOPPED);
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), second.get()), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(second), NTMS_LM_CANCELLED);
  take(medium(0));
  EXPECT_TRUE(wait_for_state(ejected, NTMS_LM_PASSED));
}

TEST_P(Inject, FewerSlotsThanCartridges) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 9, .ports = 3, .media = 8}));
  Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  put(1, "NEW002L8");
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(full_slots(), 9U);
  const auto asked = service_requests();
  ASSERT_EQ(asked.size(), 1U) << picture();
  EXPECT_EQ(asked[0].Arg1Type, NTMS_IEPORT);
  EXPECT_EQ(Id(asked[0].Arg1), Id(port(1).ObjectGuid));
  EXPECT_EQ(port(1).Info.IEPort.Content, NTMS_PORTCONTENT_FULL);
  EXPECT_TRUE(medium_with("NEW002L8").is_null()) << "what is in the port is no medium yet";
  EXPECT_TRUE(agree());
}

TEST_P(Inject, SlotOfAMediumInADriveIsKeptFree) {
  // The only slot that looks empty is the home of a tape in a drive.
  ASSERT_NO_FATAL_FAILURE(start({.slots = 8, .ports = 1, .media = 8}));
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_TRUE(robot().foreign_move(kSlot, 2, kDrive, 0));
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return slot(2).Info.StorageSlot.State == NTMS_SLOTSTATE_EMPTY; }));
  Id operation;
  EXPECT_EQ(inject(NTMS_INJECT_START, &operation), ERROR_LIBRARY_FULL);
}

NTMS_ON_BOTH_ROBOTS(Inject);

class InjectOnEmulator : public MovementOnEmulator {};

TEST_F(InjectOnEmulator, TimeOutWithoutACartridge) {
  ASSERT_NO_FATAL_FAILURE(start({.virtual_clock = true}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  emulator().advance(299'000);
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  emulator().advance(2'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(port(0).Info.IEPort.Position, NTMS_PORTPOSITION_RETRACTED);
  const auto asked = service_requests(false);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].Arg1Type, NTMS_IEPORT);
  EXPECT_NE(text(asked[0].szMessage).find("No cartridge"), std::string::npos);
  EXPECT_TRUE(wait_until([&] {
    emulator().advance(1000);
    return service_requests().empty();
  })) << "the port is seen to be empty";
}

TEST_F(InjectOnEmulator, TimeOutTakesInWhatIsThere) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 2, .virtual_clock = true}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  put(1, "NEW002L8");
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(full_slots(), 10U);
  EXPECT_TRUE(service_requests(false).empty());
  EXPECT_TRUE(agree());
}

TEST_F(InjectOnEmulator, ManyEndsAtTheTimeOut) {
  ASSERT_NO_FATAL_FAILURE(start({.virtual_clock = true}));
  const Id operation = start_inject(NTMS_INJECT_STARTMANY);
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
}

TEST_F(InjectOnEmulator, ZeroSecondsEndAtOnce) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1, .virtual_clock = true}));
  ASSERT_NO_FATAL_FAILURE(set_time_out(0));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(InjectOnEmulator, PortFullOfSomebodyElsesMediaIsTakenIn) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  put(0, "STRANGE1");  // nobody has locked it yet
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(medium_with("STRANGE1").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(InjectOnEmulator, MotorizedPortIsExtendedAndRetracted) {
  LibraryShape shape;
  shape.ports = 2;
  shape.port_kind = NTMS_EMULATOR_PORT_MOTORIZED;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  put(1, "NEW002L8");
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  for (uint32_t index = 0; index < 2; ++index) {
    uint32_t extended = 1;
    ASSERT_EQ(ntms_emulator_port_extended(emulator().handle(), index, &extended), NTMS_EMULATOR_OK);
    EXPECT_EQ(extended, 0U);
  }
  EXPECT_EQ(full_slots(), 10U);
  EXPECT_TRUE(agree());
}

TEST_F(InjectOnEmulator, PushedInByHandEndsTheWait) {
  LibraryShape shape;
  shape.ports = 2;
  shape.port_kind = NTMS_EMULATOR_PORT_MOTORIZED;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  const auto looks = emulator().commands(0xB8);
  // By its own initiator, as the button at the front panel would.
  const auto close = [&](unsigned address) {
    ntms_emulator_command command{};
    command.size = sizeof command;
    command.initiator = "panel";
    command.cdb[0] = 0x1B;
    command.cdb[2] = static_cast<uint8_t>(address >> 8);
    command.cdb[3] = static_cast<uint8_t>(address);
    command.cdb[4] = 1;
    command.cdb_length = 6;
    do {
      EXPECT_EQ(ntms_emulator_execute(emulator().handle(), &command), NTMS_EMULATOR_OK);
    } while (command.status == 2 && (command.sense[2] & 0x0F) == 6);
    return command.status == 0;
  };
  // The engine has seen it standing open.
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xB8) > looks + 1; }));
  ASSERT_TRUE(close(16));
  ASSERT_TRUE(close(17));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(InjectOnEmulator, SlotFoundFullOnTheWay) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  // Somebody else's program fills the slot that the database believes to be free.
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kSlot, 8));
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(is_in_slot(medium(0), 8)) << picture();
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(InjectOnEmulator, MoveThatFailsLeavesItInThePort) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01);
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED)) << picture();
  EXPECT_NE(rsm().request(operation).dwErrorCode, ERROR_SUCCESS);
  EXPECT_EQ(port(0).Info.IEPort.Content, NTMS_PORTCONTENT_FULL);
  ASSERT_EQ(service_requests().size(), 1U);
  EXPECT_EQ(service_requests()[0].Arg1Type, NTMS_IEPORT);
  EXPECT_TRUE(agree());
  // The next one takes it.
  const Id again = start_inject();
  ASSERT_TRUE(wait_for_state(again, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(service_requests().empty()) << "the port has been emptied";
  EXPECT_TRUE(agree());
}

TEST_F(InjectOnEmulator, MoveWithAnUnknownEndIsLookedAt) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  emulator().fail_move(NTMS_EMULATOR_TIMEOUT_AFTER);
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << "the robot has done it";
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_EQ(records_of("NEW001L8"), 1U);
  EXPECT_TRUE(agree());
}

TEST_F(InjectOnEmulator, WithoutABarCodeReader) {
  LibraryShape shape;
  shape.ports = 1;
  shape.bar_code_reader = false;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "UNREAD01");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(full_slots(), 9U);
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA, library()).size(), 9U);
}

TEST_F(InjectOnEmulator, NotificationsInOrder) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  const long long before = last_change();
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  std::vector<Change> of_request;
  for (const Change& change : changes(before)) {
    if (change.object == operation) of_request.push_back(change);
  }
  ASSERT_EQ(of_request.size(), 4U) << describe(of_request);
  EXPECT_EQ(of_request[0].operation, NTMS_OBJ_INSERT);
  EXPECT_EQ(of_request[1].operation, NTMS_OBJ_UPDATE);
  EXPECT_EQ(of_request[2].operation, NTMS_OBJ_UPDATE);
  EXPECT_EQ(of_request[3].operation, NTMS_EVENT_COMPLETE);
}

}  // namespace
}  // namespace ntms::conformance
