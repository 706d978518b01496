// SPDX-License-Identifier: MIT
// The cleaner cartridge and its slot (contract: functions-library-control 14 to 17; concepts 14).
#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class Cleaner : public MovementTest {
 protected:
  static constexpr unsigned kSlot = 11;  // the last one, empty

  Id slot_id(unsigned index) { return Id(slot(index).ObjectGuid); }
  NTMS_LIBRARYINFORMATION info() { return library_info().Info.Library; }
  bool has_cleaner() { return (info().dwFlags & NTMS_LIBRARYFLAG_CLEANERPRESENT) != 0; }
  DWORD reserve(unsigned index = kSlot) {
    return ReserveNtmsCleanerSlot(session(), library().get(), slot_id(index).get());
  }
  // Reserves the slot and waits until it is.
  void reserve_slot() {
    ASSERT_EQ(reserve(), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] { return Id(info().CleanerSlot) == slot_id(kSlot); })) << picture();
  }
  DWORD inject_cleaner(DWORD action, Id* operation, DWORD cleans = 20) {
    return InjectNtmsCleaner(session(), library().get(), operation->get(), cleans, action);
  }
  DWORD eject_cleaner(DWORD action, Id* operation) {
    return EjectNtmsCleaner(session(), library().get(), operation->get(), action);
  }
  // Brings a cleaner into the reserved slot, through a port of one element.
  void bring_cleaner(DWORD cleans = 20) {
    Id operation;
    ASSERT_EQ(inject_cleaner(NTMS_INJECT_START, &operation, cleans), ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_open_port());
    put(0, "CLN001L1");
    ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  }
};

TEST_P(Cleaner, LifeOfACleaner) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  EXPECT_FALSE(has_cleaner());
  ASSERT_NO_FATAL_FAILURE(bring_cleaner());
  EXPECT_TRUE(has_cleaner());
  EXPECT_EQ(info().dwCleanerUsesRemaining, 20U);
  const Id cleaner = medium_with("CLN001L1");
  ASSERT_FALSE(cleaner.is_null());
  EXPECT_EQ(Id(media_info(cleaner).Location), slot_id(kSlot));
  EXPECT_TRUE(agree());
  Id operation;
  ASSERT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_SUCCESS);
  EXPECT_EQ(rsm().request(operation).OperationCode, DWORD{NTMS_LM_EJECTCLEANER});
  ASSERT_TRUE(wait_for_extended(cleaner));
  take(cleaner);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(rsm().find(cleaner)) << "cleaners are never kept offline";
  EXPECT_FALSE(has_cleaner());
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0U);
  EXPECT_EQ(Id(info().CleanerSlot), slot_id(kSlot)) << "the slot stays reserved";
  ASSERT_EQ(ReleaseNtmsCleanerSlot(session(), library().get()), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return Id(info().CleanerSlot).is_null(); }));
  EXPECT_TRUE(agree());
}

TEST_P(Cleaner, UsesThatAreNotCounted) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  ASSERT_NO_FATAL_FAILURE(bring_cleaner(0xFFFFFFFF));
  EXPECT_EQ(info().dwCleanerUsesRemaining, 0xFFFFFFFFU);
  EXPECT_NE(info().dwFlags & NTMS_LIBRARYFLAG_IGNORECLEANERUSESREMAINING, 0U);
}

TEST_P(Cleaner, StoppedInThePort) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  Id operation;
  ASSERT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_EQ(inject_cleaner(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_FALSE(has_cleaner());
  ASSERT_NO_FATAL_FAILURE(bring_cleaner());
  ASSERT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_extended(medium_with("CLN001L1")));
  ASSERT_EQ(eject_cleaner(NTMS_EJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(Id(media_info(medium_with("CLN001L1")).Location), slot_id(kSlot));
  EXPECT_TRUE(has_cleaner());
  EXPECT_TRUE(agree());
}

TEST_P(Cleaner, DataCartridgesAreNotPutIntoItsSlot) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 10, .ports = 1, .media = 8}));
  ASSERT_EQ(reserve(8), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !Id(info().CleanerSlot).is_null(); }));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(is_in_slot(medium_with("NEW001L8"), 9));
}

NTMS_ON_BOTH_ROBOTS(Cleaner);

class CleanerOnEmulator : public Cleaner {
 protected:
  void start(const LibraryShape& shape = {}) { LibraryTest::start(shape, Robot::emulator); }
};

TEST_F(CleanerOnEmulator, SecondCartridgeStaysInThePort) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 2}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  Id operation;
  ASSERT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_open_port());
  put(0, "CLN001L1");
  put(1, "CLN002L1");
  ASSERT_EQ(inject_cleaner(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(has_cleaner());
  EXPECT_EQ(port(1).Info.IEPort.Content, DWORD{NTMS_PORTCONTENT_FULL});
  EXPECT_TRUE(agree());
}

TEST_F(CleanerOnEmulator, ThroughTheDoor) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 0, .doors = 1}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  Id operation;
  ASSERT_EQ(inject_cleaner(NTMS_INJECT_START, &operation, 7), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  ASSERT_EQ(service_requests().size(), 1U) << "the operator is told what to do";
  EXPECT_NE(text(service_requests()[0].szMessage).find("Slot 12"), std::string::npos);
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_slot_put(emulator().handle(), kSlot, "CLN001L1"), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(has_cleaner());
  EXPECT_EQ(info().dwCleanerUsesRemaining, 7U);
  EXPECT_TRUE(service_requests().empty());
  ASSERT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_slot_take(emulator().handle(), kSlot, nullptr), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(has_cleaner());
  EXPECT_TRUE(medium_with("CLN001L1").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(CleanerOnEmulator, DoorClosedWithoutDoingIt) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 0, .doors = 1}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  Id operation;
  ASSERT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED));
  EXPECT_EQ(rsm().request(operation).dwErrorCode, DWORD{ERROR_EMPTY});
  EXPECT_FALSE(has_cleaner());
}

class CleanerErrors : public CleanerOnEmulator {
 protected:
  // All five calls that name a library, each with otherwise good arguments.
  void expect_of_all(const Id& of, DWORD code) {
    Id operation = stranger();
    EXPECT_EQ(ReserveNtmsCleanerSlot(session(), of.get(), slot_id(kSlot).get()), code);
    EXPECT_EQ(ReleaseNtmsCleanerSlot(session(), of.get()), code);
    EXPECT_EQ(InjectNtmsCleaner(session(), of.get(), operation.get(), 5, NTMS_INJECT_START), code);
    EXPECT_EQ(EjectNtmsCleaner(session(), of.get(), operation.get(), NTMS_EJECT_START), code);
    EXPECT_EQ(operation, stranger()) << "an output was written";
    EXPECT_TRUE(rsm().list(NTMS_LIBREQUEST).empty());
  }
};

TEST_F(CleanerErrors, InvalidHandle) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  const Id place = slot_id(kSlot);
  for (HANDLE handle : {static_cast<HANDLE>(nullptr), INVALID_HANDLE_VALUE}) {
    EXPECT_EQ(ReserveNtmsCleanerSlot(handle, library().get(), place.get()), ERROR_INVALID_HANDLE);
    EXPECT_EQ(ReleaseNtmsCleanerSlot(handle, library().get()), ERROR_INVALID_HANDLE);
    EXPECT_EQ(InjectNtmsCleaner(handle, library().get(), operation.get(), 5, 0),
              ERROR_INVALID_HANDLE);
    EXPECT_EQ(EjectNtmsCleaner(handle, library().get(), operation.get(), 0), ERROR_INVALID_HANDLE);
    EXPECT_EQ(EjectNtmsCleaner(handle, nullptr, nullptr, 99), ERROR_INVALID_HANDLE);
  }
  EXPECT_EQ(operation, stranger());
}

TEST_F(CleanerErrors, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  const DWORD wrong = ERROR_INVALID_PARAMETER;
  EXPECT_EQ(ReserveNtmsCleanerSlot(session(), nullptr, slot_id(kSlot).get()), wrong);
  EXPECT_EQ(ReserveNtmsCleanerSlot(session(), library().get(), nullptr), wrong);
  EXPECT_EQ(ReleaseNtmsCleanerSlot(session(), nullptr), wrong);
  for (const DWORD action : {0U, 1U}) {
    EXPECT_EQ(InjectNtmsCleaner(session(), nullptr, operation.get(), 5, action), wrong);
    EXPECT_EQ(InjectNtmsCleaner(session(), library().get(), nullptr, 5, action), wrong);
    EXPECT_EQ(EjectNtmsCleaner(session(), nullptr, operation.get(), action), wrong);
    EXPECT_EQ(EjectNtmsCleaner(session(), library().get(), nullptr, action), wrong);
  }
  EXPECT_EQ(operation, stranger());
}

TEST_F(CleanerErrors, UnknownActions) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  for (const DWORD action : {2U, 3U, 4U, 0xFFFFFFFFU}) {
    EXPECT_EQ(inject_cleaner(action, &operation), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(eject_cleaner(action, &operation), ERROR_INVALID_PARAMETER);
  }
  EXPECT_EQ(operation, stranger());
}

TEST_F(CleanerErrors, UnknownLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_of_all(stranger(), ERROR_INVALID_LIBRARY);
  expect_of_all(medium(0), ERROR_INVALID_LIBRARY);
}

TEST_F(CleanerErrors, OfflineLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_of_all(offline_library(), ERROR_LIBRARY_OFFLINE);
}

TEST_F(CleanerErrors, LibraryIsNotConnected) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }));
  expect_of_all(library(), ERROR_DEVICE_NOT_AVAILABLE);
}

TEST_F(CleanerErrors, LibraryIsDisabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  Id operation = stranger();
  EXPECT_EQ(reserve(), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(ReleaseNtmsCleanerSlot(session(), library().get()), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(operation, stranger());
}

TEST_F(CleanerErrors, ReservedTwice) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(reserve(), ERROR_SUCCESS);
  EXPECT_EQ(reserve(), ERROR_CLEANER_SLOT_SET) << "even before it has been carried out";
  EXPECT_EQ(reserve(10), ERROR_CLEANER_SLOT_SET);
  ASSERT_TRUE(wait_until([&] { return !Id(info().CleanerSlot).is_null(); }));
  EXPECT_EQ(reserve(), ERROR_CLEANER_SLOT_SET);
  EXPECT_EQ(reserve(10), ERROR_CLEANER_SLOT_SET);
}

TEST_F(CleanerErrors, OccupiedSlot) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(reserve(0), ERROR_RESOURCE_NOT_AVAILABLE);
}

TEST_F(CleanerErrors, SlotThatIsNotInstalled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  sql("UPDATE slot SET state=3 WHERE number=12 OR number=11");
  Id operation = stranger();
  EXPECT_EQ(ReleaseNtmsCleanerSlot(session(), library().get()), ERROR_RESOURCE_NOT_PRESENT);
  EXPECT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_RESOURCE_NOT_PRESENT);
  EXPECT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_RESOURCE_NOT_PRESENT);
  sql("UPDATE library SET cleaner_slot=NULL");
  EXPECT_EQ(reserve(10), ERROR_RESOURCE_NOT_AVAILABLE);
  EXPECT_EQ(operation, stranger());
}

TEST_F(CleanerErrors, UnknownSlot) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {stranger(), Id{}, medium(0), Id(drive(0).ObjectGuid)}) {
    EXPECT_EQ(ReserveNtmsCleanerSlot(session(), library().get(), id.get()), ERROR_OBJECT_NOT_FOUND);
  }
}

TEST_F(CleanerErrors, NoSlotReserved) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  EXPECT_EQ(ReleaseNtmsCleanerSlot(session(), library().get()), ERROR_CLEANER_SLOT_NOT_SET);
  EXPECT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_CLEANER_SLOT_NOT_SET);
  EXPECT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_CLEANER_SLOT_NOT_SET);
  EXPECT_EQ(operation, stranger());
}

TEST_F(CleanerErrors, SlotHoldsACleaner) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  ASSERT_NO_FATAL_FAILURE(bring_cleaner());
  Id operation = stranger();
  EXPECT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_RESOURCE_NOT_AVAILABLE);
  EXPECT_EQ(ReleaseNtmsCleanerSlot(session(), library().get()), ERROR_RESOURCE_NOT_AVAILABLE);
}

TEST_F(CleanerErrors, EmptySlot) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  Id operation = stranger();
  EXPECT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_EMPTY);
}

TEST_F(CleanerErrors, StopOfWhatIsNone) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id inject = start_inject();
  for (Id id : {stranger(), Id{}, inject}) {
    EXPECT_EQ(inject_cleaner(NTMS_INJECT_STOP, &id), ERROR_INVALID_OPERATION);
    EXPECT_EQ(eject_cleaner(NTMS_EJECT_STOP, &id), ERROR_INVALID_OPERATION);
  }
}

TEST_F(CleanerErrors, StopWithoutAPort) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 0, .doors = 1}));
  Id id = stranger();
  EXPECT_EQ(inject_cleaner(NTMS_INJECT_STOP, &id), ERROR_NOT_SUPPORTED);
  EXPECT_EQ(eject_cleaner(NTMS_EJECT_STOP, &id), ERROR_INVALID_OPERATION);
}

TEST_F(CleanerErrors, NeitherPortNorDoor) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 0, .doors = 0}));
  ASSERT_NO_FATAL_FAILURE(reserve_slot());
  Id operation = stranger();
  EXPECT_EQ(inject_cleaner(NTMS_INJECT_START, &operation), ERROR_RESOURCE_NOT_PRESENT);
  EXPECT_EQ(eject_cleaner(NTMS_EJECT_START, &operation), ERROR_RESOURCE_NOT_PRESENT);
}

}  // namespace
}  // namespace ntms::conformance
