// SPDX-License-Identifier: MIT
// CleanNtmsDrive: the rows of its error table (contract: functions-library-control 6), and memory
// and disk that fail under it.
#include "conformance/drives/cleaning_fixture.h"
#include "conformance/resources_fixture.h"

namespace ntms::conformance {
namespace {

class CleaningErrors : public CleaningTest {
 protected:
  void expect_refused(DWORD code) {
    EXPECT_EQ(clean(), code);
    EXPECT_TRUE(cleanings().empty());
  }
};

TEST_F(CleaningErrors, InvalidHandle) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(CleanNtmsDrive(nullptr, drive_id().get()), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CleanNtmsDrive(INVALID_HANDLE_VALUE, nullptr), ERROR_INVALID_HANDLE);
  EXPECT_TRUE(cleanings().empty());
}

TEST_F(CleaningErrors, MissingDrive) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(CleanNtmsDrive(session(), nullptr), ERROR_INVALID_PARAMETER);
}

TEST_F(CleaningErrors, UnknownDrive) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (Id id : {stranger(), Id{}, library(), medium(0)}) {
    EXPECT_EQ(CleanNtmsDrive(session(), id.get()), ERROR_INVALID_DRIVE);
  }
  EXPECT_TRUE(cleanings().empty());
}

TEST_F(CleaningErrors, DriveDisabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_DRIVE, drive_id().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return drive(0).Enabled == FALSE; }));
  expect_refused(ERROR_RESOURCE_DISABLED);
}

TEST_F(CleaningErrors, LibraryDisabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  expect_refused(ERROR_RESOURCE_DISABLED);
}

TEST_F(CleaningErrors, LibraryIsNotConnected) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }));
  expect_refused(ERROR_RESOURCE_NOT_PRESENT);
}

TEST_F(CleaningErrors, DriveIsNotPresent) {
  ASSERT_NO_FATAL_FAILURE(start());
  sql("UPDATE drive SET operational_state=21 WHERE number=1");
  expect_refused(ERROR_DEVICE_NOT_AVAILABLE);
}

TEST_F(CleaningErrors, DriveDisabledWhileItWaits) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_EQ(clean(), ERROR_SUCCESS);
  const Id request = cleaning();
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_DRIVE, drive_id().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_FAILED));
  EXPECT_EQ(rsm().request(request).dwErrorCode, DWORD{ERROR_RESOURCE_DISABLED});
}

#ifndef _WIN32  // there is no second user to become
TEST_F(CleaningErrors, AccessDeniedToAnyUser) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  ASSERT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  user->write_line("hands clean " + library().hex() + " " + drive_id().hex());
  EXPECT_EQ(user->read_line(), "hands 5");
  EXPECT_TRUE(cleanings().empty());
}
#endif

class CleaningResources : public ResourcesTest {
 protected:
  void start_open() {
    create({.doors = 1});
    ASSERT_NO_FATAL_FAILURE(open());
    drive_ = Id(drive(0).ObjectGuid);
    // The door is open, so that nothing is carried out before the next step.
    ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  }

  Id drive_;
};

TEST_F(CleaningResources, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_open());
  step_memory([this] { return CleanNtmsDrive(session(), drive_.get()); });
}

TEST_F(CleaningResources, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_open());
  expect_disk_failures([this] { return CleanNtmsDrive(session(), drive_.get()); });
}

}  // namespace
}  // namespace ntms::conformance
