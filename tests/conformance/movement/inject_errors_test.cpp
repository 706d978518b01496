// SPDX-License-Identifier: MIT
// The error table of InjectNtmsMedia, row by row (contract: functions-library-control 2 and 0.1).
#include "conformance/failing.h"
#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class InjectErrors : public MovementOnEmulator {
 protected:
  void expect_failure(DWORD action, DWORD code, const Id& of) {
    const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
    Id operation = stranger();
    EXPECT_EQ(InjectNtmsMedia(session(), of.get(), operation.get(), action), code)
        << "action " << action;
    EXPECT_EQ(operation, stranger()) << "an output was written";
    EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests);
  }
  void expect_failure(DWORD action, DWORD code) { expect_failure(action, code, library()); }
};

constexpr DWORD kActions[] = {NTMS_INJECT_START, NTMS_INJECT_STOP, NTMS_INJECT_RETRACT,
                              NTMS_INJECT_STARTMANY};

TEST_F(InjectErrors, InvalidHandle) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  for (HANDLE handle : {static_cast<HANDLE>(nullptr), INVALID_HANDLE_VALUE}) {
    EXPECT_EQ(InjectNtmsMedia(handle, library().get(), operation.get(), NTMS_INJECT_START),
              ERROR_INVALID_HANDLE);
    EXPECT_EQ(InjectNtmsMedia(handle, nullptr, nullptr, 99), ERROR_INVALID_HANDLE);
  }
  EXPECT_EQ(operation, stranger());
}

TEST_F(InjectErrors, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  for (const DWORD action : kActions) {
    EXPECT_EQ(InjectNtmsMedia(session(), nullptr, operation.get(), action),
              ERROR_INVALID_PARAMETER);
    EXPECT_EQ(InjectNtmsMedia(session(), library().get(), nullptr, action),
              ERROR_INVALID_PARAMETER);
  }
  EXPECT_EQ(operation, stranger());
}

TEST_F(InjectErrors, UnknownActions) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD action : {4U, 5U, 0xFFFFFFFFU}) {
    expect_failure(action, ERROR_INVALID_PARAMETER);
    expect_failure(action, ERROR_INVALID_PARAMETER, stranger());
  }
}

TEST_F(InjectErrors, UnknownLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD action : kActions) {
    expect_failure(action, ERROR_INVALID_LIBRARY, stranger());
    expect_failure(action, ERROR_INVALID_LIBRARY, Id{});
    expect_failure(action, ERROR_INVALID_LIBRARY, medium(0));
  }
}

TEST_F(InjectErrors, OfflineLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD action : kActions) {
    expect_failure(action, ERROR_LIBRARY_OFFLINE, offline_library());
  }
}

TEST_F(InjectErrors, LibraryIsNotPresent) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }));
  expect_failure(NTMS_INJECT_START, ERROR_LIBRARY_OFFLINE);
  expect_failure(NTMS_INJECT_STARTMANY, ERROR_LIBRARY_OFFLINE);
}

TEST_F(InjectErrors, LibraryIsDisabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  expect_failure(NTMS_INJECT_START, ERROR_DEVICE_NOT_AVAILABLE);
  expect_failure(NTMS_INJECT_STARTMANY, ERROR_DEVICE_NOT_AVAILABLE);
}

TEST_F(InjectErrors, LibraryWithoutPort) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 0, .doors = 1}));
  expect_failure(NTMS_INJECT_START, ERROR_RESOURCE_NOT_PRESENT);
  expect_failure(NTMS_INJECT_STARTMANY, ERROR_RESOURCE_NOT_PRESENT);
}

TEST_F(InjectErrors, NoFreeSlot) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 8, .media = 8}));
  expect_failure(NTMS_INJECT_START, ERROR_LIBRARY_FULL);
  expect_failure(NTMS_INJECT_STARTMANY, ERROR_LIBRARY_FULL);
}

TEST_F(InjectErrors, OnlyTheCleanerSlotIsFree) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 9, .media = 8}));
  ASSERT_EQ(ReserveNtmsCleanerSlot(session(), library().get(), Id(slot(8).ObjectGuid).get()),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !Id(library_info().Info.Library.CleanerSlot).is_null(); }));
  expect_failure(NTMS_INJECT_START, ERROR_LIBRARY_FULL);
}

TEST_F(InjectErrors, StopAndRetractOfWhatIsNone) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id ejected = start_eject(medium(0));
  for (const DWORD action : {NTMS_INJECT_STOP, NTMS_INJECT_RETRACT}) {
    for (Id id : {stranger(), Id{}, ejected, medium(0), library()}) {
      EXPECT_EQ(inject(action, &id), ERROR_INVALID_OPERATION);
    }
  }
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(rsm().state(ejected), NTMS_LM_INPROCESS) << "another operation was stopped";
}

TEST_F(InjectErrors, RetractNeedsAnInjectOfMany) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = start_inject(NTMS_INJECT_START);
  ASSERT_TRUE(wait_for_open_port());
  EXPECT_EQ(inject(NTMS_INJECT_RETRACT, &operation), ERROR_INVALID_OPERATION);
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
}

TEST_F(InjectErrors, StopNamesTheRightLibrary) {
  ASSERT_NO_FATAL_FAILURE(create());
  create_another({.media = 1, .bar_codes = {"OTHER1L8"}});
  ASSERT_NO_FATAL_FAILURE(open());
  Id operation = start_inject();
  Id other;
  for (const Id& id : rsm().list(NTMS_LIBRARY)) {
    if (id != library() && id != offline_library()) other = id;
  }
  ASSERT_FALSE(other.is_null());
  EXPECT_EQ(InjectNtmsMedia(session(), other.get(), operation.get(), NTMS_INJECT_STOP),
            ERROR_INVALID_OPERATION);
  EXPECT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
}

TEST_F(InjectErrors, LibraryFullAtRunTime) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 9, .ports = 1, .media = 8}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  // The last free slot is taken by somebody else's move meanwhile.
  ASSERT_EQ(ntms_emulator_load_slot(emulator().handle(), 8, "SLYONE01"), NTMS_EMULATOR_OK);
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED)) << picture();
  EXPECT_EQ(rsm().request(operation).dwErrorCode, ERROR_LIBRARY_FULL);
  EXPECT_EQ(port(0).Info.IEPort.Content, NTMS_PORTCONTENT_FULL);
  EXPECT_FALSE(medium_with("SLYONE01").is_null()) << "what was found in the slot is known now";
  ASSERT_EQ(service_requests().size(), 1U);
  EXPECT_EQ(service_requests()[0].Arg1Type, NTMS_IEPORT);
  EXPECT_TRUE(agree());
}

}  // namespace
}  // namespace ntms::conformance
