// SPDX-License-Identifier: MIT
// EnableNtmsObject and DisableNtmsObject (contract: functions-objects 5 and 6, concepts 4.1).

#include <algorithm>
#include <fstream>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class Enable : public LibraryTest {
 protected:
  DWORD enable(DWORD type, const Id& id) { return EnableNtmsObject(session(), type, id.get()); }
  DWORD disable(DWORD type, const Id& id) { return DisableNtmsObject(session(), type, id.get()); }

  bool wait_enabled(const Id& id, bool wanted) {
    const bool reached = wait_until([&] { return (rsm().get(id).Enabled != FALSE) == wanted; });
    EXPECT_TRUE(reached) << picture();
    return reached;
  }
  // The newest request with this operation.
  Id request_of(DWORD operation) {
    Id result;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (rsm().request(id).OperationCode == operation) result = id;
    }
    EXPECT_FALSE(result.is_null()) << "no request with operation " << operation << picture();
    return result;
  }
};

TEST_F(Enable, MediumOffAndOn) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(0);
  EXPECT_EQ(enable(NTMS_PHYSICAL_MEDIA, m), ERROR_INVALID_STATE) << "already enabled";
  EXPECT_EQ(disable(NTMS_PHYSICAL_MEDIA, m), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(m, false));
  const Id off = request_of(NTMS_LM_DISABLEMEDIA);
  EXPECT_TRUE(wait_for_state(off, NTMS_LM_PASSED));
  EXPECT_EQ(Id(rsm().request(off).PhysMediaId), m);
  EXPECT_EQ(Id(rsm().request(off).Library), library());
  EXPECT_EQ(disable(NTMS_PHYSICAL_MEDIA, m), ERROR_INVALID_STATE);
  EXPECT_NE(rsm().get(side_of(m)).Enabled, FALSE) << "the side's own member stays";
  EXPECT_EQ(enable(NTMS_PHYSICAL_MEDIA, m), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(m, true));
  EXPECT_TRUE(wait_for_state(request_of(NTMS_LM_ENABLEMEDIA), NTMS_LM_PASSED));
  EXPECT_EQ(media_info(m).MediaState, NTMS_MEDIASTATE_IDLE);
  const Id operation = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  take(m);
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(Enable, DriveOffAndOn) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id d = drive(1).ObjectGuid;
  EXPECT_EQ(enable(NTMS_DRIVE, d), ERROR_INVALID_STATE);
  EXPECT_EQ(disable(NTMS_DRIVE, d), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(d, false));
  EXPECT_EQ(Id(rsm().request(request_of(NTMS_LM_DISABLEDRIVE)).DriveId), d);
  EXPECT_EQ(disable(NTMS_DRIVE, d), ERROR_INVALID_STATE);
  EXPECT_EQ(enable(NTMS_DRIVE, d), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(d, true));
  EXPECT_TRUE(wait_for_state(request_of(NTMS_LM_ENABLEDRIVE), NTMS_LM_PASSED));
}

TEST_F(Enable, LibraryOffAndOn) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(enable(NTMS_LIBRARY, library()), ERROR_INVALID_STATE);
  EXPECT_EQ(disable(NTMS_LIBRARY, library()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(library(), false));
  EXPECT_TRUE(wait_for_state(request_of(NTMS_LM_DISABLELIBRARY), NTMS_LM_PASSED));
  EXPECT_EQ(disable(NTMS_LIBRARY, library()), ERROR_INVALID_STATE);
  EXPECT_NE(drive(0).Enabled, FALSE) << "contained objects keep their own member";
  Id operation;
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_START, &operation), ERROR_DEVICE_NOT_AVAILABLE);
  EXPECT_EQ(enable(NTMS_LIBRARY, library()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(library(), true));
  EXPECT_TRUE(wait_for_state(request_of(NTMS_LM_ENABLELIBRARY), NTMS_LM_PASSED));
  ASSERT_TRUE(wait_until([&] { return library_ready(library()); })) << picture();
  operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

// What happened while nobody looked is found when it is enabled again.
TEST_F(Enable, LibraryIsInventoriedWhenEnabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(disable(NTMS_LIBRARY, library()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(library(), false));
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kSlot, 11));
  ASSERT_EQ(enable(NTMS_LIBRARY, library()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(library(), true));
  ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(0), 11); })) << picture();
  EXPECT_TRUE(agree_soon());
  // Looking at the cartridges takes a robot many minutes in which it serves nobody.
  EXPECT_EQ(emulator().commands(0x07) + emulator().commands(0x37), 0U)
      << "INITIALIZE ELEMENT STATUS";
}

TEST_F(Enable, DisabledDriveGivesUpItsCartridge) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kDrive, 0));
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(reopen_with(
      "UPDATE drive SET state=7 WHERE guid=(SELECT location FROM physical_medium WHERE "
      "bar_code='MED001L8'); UPDATE physical_medium SET media_state=0, mounted_side=NULL WHERE "
      "bar_code='MED001L8'"));
  ASSERT_EQ(media_info(medium(0)).LocationType, NTMS_DRIVE);
  const Id d = drive(0).ObjectGuid;
  EXPECT_EQ(disable(NTMS_DRIVE, d), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(d, false));
  ASSERT_TRUE(wait_for_state(request_of(NTMS_LM_DISABLEDRIVE), NTMS_LM_PASSED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(drive(0).Info.Drive.State, NTMS_DRIVESTATE_DISMOUNTED);
  EXPECT_TRUE(agree_soon());
}

TEST_F(Enable, DriveInUseWaits) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kDrive, 0));
  ASSERT_NO_FATAL_FAILURE(open());
  const Id d = drive(0).ObjectGuid;
  EXPECT_EQ(disable(NTMS_DRIVE, d), ERROR_SUCCESS);
  const Id request = request_of(NTMS_LM_DISABLEDRIVE);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  // A forced eject empties the drive: now it can be disabled.
  const Id operation = start_eject(medium(0), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_enabled(d, false));
}

TEST_F(Enable, MediumInUseWaits) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(disable(NTMS_PHYSICAL_MEDIA, medium(0)), ERROR_SUCCESS);
  const Id request = request_of(NTMS_LM_DISABLEMEDIA);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_enabled(medium(0), false));
}

TEST_F(Enable, OfflineMediumAtOnce) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(disable(NTMS_PHYSICAL_MEDIA, medium(0)), ERROR_SUCCESS);
  EXPECT_EQ(rsm().get(medium(0)).Enabled, FALSE) << "done at once";
  EXPECT_EQ(rsm().state(request_of(NTMS_LM_DISABLEMEDIA)), NTMS_LM_PASSED);
  EXPECT_EQ(disable(NTMS_PHYSICAL_MEDIA, medium(0)), ERROR_INVALID_STATE);
  EXPECT_EQ(enable(NTMS_PHYSICAL_MEDIA, medium(0)), ERROR_SUCCESS);
  EXPECT_NE(rsm().get(medium(0)).Enabled, FALSE);
}

TEST_F(Enable, OtherTypesAreRefused) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (DWORD type = 0; type < 22; ++type) {
    if (type == NTMS_LIBRARY || type == NTMS_DRIVE || type == NTMS_PHYSICAL_MEDIA) continue;
    EXPECT_EQ(enable(type, medium(0)), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(disable(type, medium(0)), ERROR_INVALID_PARAMETER) << type;
  }
  EXPECT_EQ(disable(NTMS_STORAGESLOT, slot(0).ObjectGuid), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(disable(0xFFFFFFFF, medium(0)), ERROR_INVALID_PARAMETER);
  EXPECT_NE(rsm().get(medium(0)).Enabled, FALSE);
}

TEST_F(Enable, MissingPointer) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD type : {NTMS_LIBRARY, NTMS_DRIVE, NTMS_PHYSICAL_MEDIA}) {
    EXPECT_EQ(EnableNtmsObject(session(), type, nullptr), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(DisableNtmsObject(session(), type, nullptr), ERROR_INVALID_PARAMETER);
  }
}

TEST_F(Enable, UnknownObject) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD type : {NTMS_LIBRARY, NTMS_DRIVE, NTMS_PHYSICAL_MEDIA}) {
    EXPECT_EQ(enable(type, stranger()), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(disable(type, stranger()), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(disable(type, Id{}), ERROR_OBJECT_NOT_FOUND);
  }
  // An object of another type than the one named.
  EXPECT_EQ(disable(NTMS_DRIVE, medium(0)), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(disable(NTMS_LIBRARY, drive(0).ObjectGuid), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(disable(NTMS_PHYSICAL_MEDIA, library()), ERROR_OBJECT_NOT_FOUND);
}

TEST_F(Enable, OfflineLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(enable(NTMS_LIBRARY, offline_library()), ERROR_LIBRARY_OFFLINE);
  EXPECT_EQ(disable(NTMS_LIBRARY, offline_library()), ERROR_LIBRARY_OFFLINE);
}

TEST_F(Enable, InvalidHandle) {
  for (const DWORD type : {NTMS_LIBRARY, NTMS_DRIVE, NTMS_PHYSICAL_MEDIA, NTMS_UNKNOWN}) {
    EXPECT_EQ(EnableNtmsObject(nullptr, type, stranger().get()), ERROR_INVALID_HANDLE);
    EXPECT_EQ(DisableNtmsObject(INVALID_HANDLE_VALUE, type, nullptr), ERROR_INVALID_HANDLE);
  }
}

#ifndef _WIN32  // there is no second user to become
TEST_F(Enable, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  for (const DWORD type : {NTMS_LIBRARY, NTMS_DRIVE, NTMS_PHYSICAL_MEDIA}) {
    user->write_line("disable " + std::to_string(type) + " 0");
    EXPECT_EQ(user->read_line(), "disable 5");
    user->write_line("enable " + std::to_string(type) + " 0");
    EXPECT_EQ(user->read_line(), "enable 5");
  }
  EXPECT_EQ(user->wait(), 0);
  EXPECT_NE(library_info().Enabled, FALSE);
}
#endif

// The configuration can name a library without putting it in service: nothing of it is touched.
TEST_F(Enable, LibraryNamedAsNotEnabled) {
  ASSERT_NO_FATAL_FAILURE(create());
  set_devices({});
  std::ofstream(data() / "ntms.conf") << "# a library somebody else may be using\ndevice "
                                      << robot().uri() << " name=Archive enabled=no\n";
  rsm() = Rsm::open();
  Id found;
  ASSERT_TRUE(wait_until([&] {
    for (const Id& id : rsm().list(NTMS_LIBRARY)) {
      const Info info = rsm().get(id);
      if (info.Info.Library.LibraryType == NTMS_LIBRARYTYPE_ONLINE &&
          info.Info.Library.dwNumberOfSlots == 12) {
        found = id;
      }
    }
    return !found.is_null();
  })) << picture();
  EXPECT_EQ(rsm().get(found).Enabled, FALSE);
  EXPECT_EQ(text(rsm().get(found).szName), "Archive");
  EXPECT_EQ(emulator().commands(0x1E), 0U) << "locked something";
  ASSERT_EQ(enable(NTMS_LIBRARY, found), ERROR_SUCCESS);
  ASSERT_TRUE(wait_enabled(found, true));
  ASSERT_TRUE(wait_until([&] {
    return library_ready(found) && rsm().get(found).Info.Library.dwNumberOfMedia == 8;
  })) << picture();
}

}  // namespace
}  // namespace ntms::conformance
