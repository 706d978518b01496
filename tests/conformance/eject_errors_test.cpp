// SPDX-License-Identifier: MIT
// The error table of EjectNtmsMedia, row by row (contract: functions-library-control 1, Errors, and
// 0.1). Memory and disk failures are in resources_test.cpp.

#include <filesystem>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class EjectErrors : public LibraryTest {
 protected:
  // The call fails with this code, writes no output and creates no request.
  void expect_failure(const Id& m, DWORD action, DWORD code) {
    const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
    Id operation = stranger();
    EXPECT_EQ(rsm().eject(m, action, &operation), code) << "action " << action;
    EXPECT_EQ(operation, stranger()) << "an output was written";
    EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests);
  }
  void expect_failure_of_all(const Id& m, DWORD code) {
    for (const DWORD action : {NTMS_EJECT_START, NTMS_EJECT_QUEUE, NTMS_EJECT_FORCE}) {
      expect_failure(m, action, code);
    }
  }
};

TEST_F(EjectErrors, InvalidHandle) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  for (HANDLE handle :
       {static_cast<HANDLE>(nullptr), INVALID_HANDLE_VALUE, static_cast<HANDLE>(&operation)}) {
    for (DWORD action = 0; action < 6; ++action) {
      EXPECT_EQ(EjectNtmsMedia(handle, medium(0).get(), operation.get(), action),
                ERROR_INVALID_HANDLE);
      EXPECT_EQ(EjectNtmsMedia(handle, nullptr, nullptr, action), ERROR_INVALID_HANDLE)
          << "the handle is looked at first";
    }
  }
  EXPECT_EQ(operation, stranger());
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
}

TEST_F(EjectErrors, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  for (const DWORD action : {NTMS_EJECT_START, NTMS_EJECT_STOP, NTMS_EJECT_FORCE}) {
    EXPECT_EQ(EjectNtmsMedia(session(), medium(0).get(), nullptr, action), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(EjectNtmsMedia(session(), nullptr, nullptr, action), ERROR_INVALID_PARAMETER);
  }
  for (const DWORD action : {NTMS_EJECT_QUEUE, NTMS_EJECT_FORCE}) {
    EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), action), ERROR_INVALID_PARAMETER);
  }
  EXPECT_EQ(operation, stranger());
  EXPECT_TRUE(unfinished_request_of(medium(0)).is_null());
}

TEST_F(EjectErrors, UnknownActions) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD action : {4U, 5U, 6U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    expect_failure(medium(0), action, ERROR_INVALID_PARAMETER);
  }
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
}

TEST_F(EjectErrors, NullMediumWithoutABatch) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_START),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(EjectNtmsMedia(session(), Id{}.get(), operation.get(), NTMS_EJECT_START),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(operation, stranger());
}

TEST_F(EjectErrors, UnknownMedium) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_failure_of_all(stranger(), ERROR_INVALID_MEDIA);
  expect_failure(Id{}, NTMS_EJECT_QUEUE, ERROR_INVALID_MEDIA);
  expect_failure(Id{}, NTMS_EJECT_FORCE, ERROR_INVALID_MEDIA);
}

TEST_F(EjectErrors, OnlyPhysicalMediaAreEjected) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {side_of(medium(0)), Id(slot(0).ObjectGuid), library(),
                       Id(drive(0).ObjectGuid), Id(media_info(medium(0)).MediaPool)}) {
    expect_failure_of_all(id, ERROR_INVALID_MEDIA);
  }
  ASSERT_NO_FATAL_FAILURE(reopen_with(
      "INSERT INTO logical_medium(guid, created, modified, enabled, operational_state, name,"
      " description, pool) SELECT randomblob(16), 1, 1, 1, 0, 'mine', '', pool FROM"
      " physical_medium WHERE bar_code='MED001L8'; UPDATE side SET state=5, logical_medium=(SELECT"
      " guid FROM logical_medium) WHERE medium=(SELECT guid FROM physical_medium WHERE"
      " bar_code='MED001L8')"));
  const auto logical = rsm().list(NTMS_LOGICAL_MEDIA);
  ASSERT_EQ(logical.size(), 1U);
  expect_failure_of_all(logical[0], ERROR_INVALID_MEDIA);
}

TEST_F(EjectErrors, HeldByAnotherRequest) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  expect_failure(medium(0), NTMS_EJECT_START, ERROR_BUSY);
  expect_failure(medium(0), NTMS_EJECT_QUEUE, ERROR_BUSY);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  expect_failure(medium(0), NTMS_EJECT_START, ERROR_BUSY);
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  expect_failure_of_all(medium(0), ERROR_INVALID_MEDIA);
}

TEST_F(EjectErrors, MediumIsOffline) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  ASSERT_EQ(Id(media_info(medium(0)).CurrentLibrary), offline_library());
  expect_failure_of_all(medium(0), ERROR_LIBRARY_OFFLINE);
}

TEST_F(EjectErrors, LibraryIsNotPresent) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }))
      << picture();
  expect_failure_of_all(medium(0), ERROR_LIBRARY_OFFLINE);
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
}

TEST_F(EjectErrors, MediumIsDisabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, medium(0).get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return rsm().get(medium(0)).Enabled == FALSE; }));
  expect_failure_of_all(medium(0), ERROR_MEDIA_NOT_AVAILABLE);
}

TEST_F(EjectErrors, LibraryIsDisabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  expect_failure_of_all(medium(0), ERROR_DEVICE_NOT_AVAILABLE);
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
}

TEST_F(EjectErrors, LibraryWithoutPort) {
  LibraryShape shape;
  shape.ports = 0;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  ASSERT_EQ(library_info().Info.Library.dwNumberOfPorts, 0U);
  expect_failure_of_all(medium(0), ERROR_RESOURCE_NOT_PRESENT);
}

TEST_F(EjectErrors, StopOfWhatIsNoEject) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  Id inventory;
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
    if (rsm().request(id).OperationCode == NTMS_LM_INVENTORY) inventory = id;
  }
  ASSERT_FALSE(inventory.is_null());
  for (const Id& id : {stranger(), Id{}, inventory, medium(0), library()}) {
    Id operation = id;
    EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP),
              ERROR_INVALID_OPERATION);
    EXPECT_EQ(operation, id) << "not written";
  }
}

#ifndef _WIN32  // there is no second user to become
TEST_F(EjectErrors, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  const std::string zero(32, '0');
  for (const int action : {0, 2, 3}) {
    user->write_line("eject MED001L8 " + std::to_string(action));
    EXPECT_EQ(user->read_line(), "eject 5 " + zero);
  }
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  user->write_line("stop " + operation.hex());
  EXPECT_EQ(user->read_line(), "stop 5");
  EXPECT_EQ(user->wait(), 0);
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}
#endif

TEST_F(EjectErrors, LastErrorIsLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id operation = stranger();
  SetLastError(ERROR_INVALID_STATE);
  const DWORD code = rsm().eject(stranger(), NTMS_EJECT_START, &operation);
  const DWORD last_error = GetLastError();
  EXPECT_EQ(code, ERROR_INVALID_MEDIA);
  EXPECT_EQ(last_error, ERROR_INVALID_STATE);
  SetLastError(ERROR_INVALID_STATE);
  const DWORD queued = rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr);
  const DWORD last_error_of_success = GetLastError();
  EXPECT_EQ(queued, ERROR_SUCCESS);
  EXPECT_EQ(last_error_of_success, ERROR_INVALID_STATE);
}

}  // namespace
}  // namespace ntms::conformance
