// SPDX-License-Identifier: MIT
// MountNtmsMedia and DismountNtmsMedia (functions-media-services 1 and 2): errors first, then the
// cartridge in the drive and back, on both robots.
#include <gtest/gtest.h>

#include <future>
#include <limits>
#include <vector>

#include "conformance/library_fixture.h"
#include "ntms/emulator.h"

namespace ntms::conformance {
namespace {

constexpr DWORD kPatience = 60'000;  // milliseconds, far more than a mount takes here

class MountTest : public LibraryTest {
 protected:
  struct Mounted {
    DWORD code = 0;
    Id drive;
  };

  Mounted mount(const Id& medium_or_side, DWORD options = NTMS_MOUNT_READ,
                DWORD timeout = kPatience, const Id& wanted = {}) const {
    Mounted result;
    result.drive = wanted;
    Id id = medium_or_side;
    result.code = MountNtmsMedia(session(), id.get(), result.drive.get(), 1, options,
                                 NTMS_PRIORITY_NORMAL, timeout, nullptr);
    return result;
  }

  DWORD dismount(const Id& side, DWORD options = 0) const {
    Id id = side;
    return DismountNtmsMedia(session(), id.get(), 1, options);
  }

  NTMS_DRIVEINFORMATIONW drive_info(const Id& id) const {
    return rsm_info(id, NTMS_DRIVE).Info.Drive;
  }
  Info rsm_info(const Id& id, DWORD type) const {
    Info info{};
    info.dwSize = sizeof info;
    info.dwType = type;
    Id copy = id;
    EXPECT_EQ(GetNtmsObjectInformationW(session(), copy.get(), &info), ERROR_SUCCESS);
    return info;
  }
  DWORD media_state(const Id& id) const { return media_info(id).MediaState; }

  bool wait_for_idle(const Id& id) {
    return wait_until([&] { return media_state(id) == NTMS_MEDIASTATE_IDLE; });
  }
};

TEST_F(MountTest, MissingAndWrongArguments) {
  start();
  Id side = side_of(medium(0));
  Id drive;
  EXPECT_EQ(MountNtmsMedia(nullptr, side.get(), drive.get(), 1, 0, 0, 0, nullptr),
            ERROR_INVALID_HANDLE);
  EXPECT_EQ(MountNtmsMedia(session(), nullptr, drive.get(), 1, 0, 0, 0, nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(MountNtmsMedia(session(), side.get(), nullptr, 1, 0, 0, 0, nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(MountNtmsMedia(session(), side.get(), drive.get(), 0, 0, 0, 0, nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(mount(side, 0x40).code, ERROR_INVALID_PARAMETER);
  EXPECT_EQ(DismountNtmsMedia(nullptr, side.get(), 1, 0), ERROR_INVALID_HANDLE);
  EXPECT_EQ(DismountNtmsMedia(session(), nullptr, 1, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(DismountNtmsMedia(session(), side.get(), 0, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(dismount(side, NTMS_DISMOUNT_DEFERRED | NTMS_DISMOUNT_IMMEDIATE),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(dismount(side, 4), ERROR_INVALID_PARAMETER);
  EXPECT_TRUE(rsm().list(NTMS_LIBREQUEST).empty());
}

TEST_F(MountTest, UnknownMediaAndDrives) {
  start();
  const Id side = side_of(medium(0));
  EXPECT_EQ(mount(parse_id("00112233445566778899AABBCCDDEEFF")).code, ERROR_INVALID_MEDIA);
  EXPECT_EQ(mount(Id{}).code, ERROR_INVALID_MEDIA);
  EXPECT_EQ(mount(medium(0)).code, ERROR_INVALID_MEDIA) << "a cartridge is neither side nor LMID";
  EXPECT_EQ(mount(side, NTMS_MOUNT_SPECIFIC_DRIVE, kPatience,
                  parse_id("00112233445566778899AABBCCDDEEFF"))
                .code,
            ERROR_INVALID_DRIVE);
  std::vector<NTMS_GUID> twice{*Id(side).get(), *Id(side).get()};
  std::vector<NTMS_GUID> drives(2);
  EXPECT_EQ(MountNtmsMedia(session(), twice.data(), drives.data(), 2, 0, 0, kPatience, nullptr),
            ERROR_INVALID_MEDIA);
  EXPECT_EQ(dismount(parse_id("00112233445566778899AABBCCDDEEFF")), ERROR_INVALID_MEDIA);
  EXPECT_EQ(dismount(medium(0)), ERROR_INVALID_MEDIA);
  EXPECT_EQ(DismountNtmsMedia(session(), twice.data(), 2, 0), ERROR_INVALID_MEDIA);
  EXPECT_TRUE(rsm().list(NTMS_LIBREQUEST).empty());
}

TEST_F(MountTest, WhatIsNotMountedCannotBeDismounted) {
  start();
  EXPECT_EQ(dismount(side_of(medium(0))), ERROR_INVALID_STATE);
}

TEST_F(MountTest, CompleteSidesAreForReading) {
  start();
  const Id side = side_of(medium(0));
  reopen_with("UPDATE side SET state=6 WHERE guid=x'" + side.hex() + "'");
  EXPECT_EQ(mount(side, NTMS_MOUNT_WRITE).code, ERROR_WRITE_PROTECT);
  EXPECT_EQ(mount(side, NTMS_MOUNT_READ).code, ERROR_SUCCESS);
}

TEST_F(MountTest, DisabledThings) {
  start();
  const Id side = side_of(medium(0));
  Id cartridge = medium(0);
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, cartridge.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !rsm().get(cartridge, NTMS_PHYSICAL_MEDIA).Enabled; }));
  EXPECT_EQ(mount(side).code, ERROR_RESOURCE_DISABLED);
  ASSERT_EQ(EnableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, cartridge.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return rsm().get(cartridge, NTMS_PHYSICAL_MEDIA).Enabled; }));
  Id drive_id(drive(0).ObjectGuid);
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_DRIVE, drive_id.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !rsm().get(drive_id, NTMS_DRIVE).Enabled; }));
  EXPECT_EQ(mount(side, NTMS_MOUNT_SPECIFIC_DRIVE, kPatience, drive_id).code,
            ERROR_RESOURCE_DISABLED);
}

TEST_F(MountTest, SidesThatCannotBeMounted) {
  start();
  const Id side = side_of(medium(0));
  for (const char* const state : {"2", "3"}) {  // INCOMPATIBLE, DECOMMISSIONED
    reopen_with(std::string("UPDATE side SET state=") + state + " WHERE guid=x'" + side.hex() +
                "'");
    EXPECT_EQ(mount(side).code, ERROR_INVALID_STATE) << state;
  }
}

TEST_F(MountTest, MediaOfDifferentLibraries) {
  create();
  LibraryShape other;
  other.bar_codes = {"OTH001L8", "OTH002L8"};
  other.media = 2;
  create_another(other);
  open();
  const Id there = medium_with("OTH001L8");
  ASSERT_FALSE(there.is_null());
  std::vector<NTMS_GUID> sides{*side_of(medium(0)).get(), *side_of(there).get()};
  std::vector<NTMS_GUID> drives(2);
  EXPECT_EQ(MountNtmsMedia(session(), sides.data(), drives.data(), 2, 0, 0, kPatience, nullptr),
            ERROR_INVALID_LIBRARY);
  EXPECT_EQ(
      mount(side_of(there), NTMS_MOUNT_SPECIFIC_DRIVE, kPatience, Id(drive(0).ObjectGuid)).code,
      ERROR_DRIVE_MEDIA_MISMATCH);
}

TEST_F(MountTest, DisabledThingsCannotBeDismounted) {
  start();
  const Id side = side_of(medium(0));
  const auto mounted = mount(side);
  ASSERT_EQ(mounted.code, ERROR_SUCCESS);
  reopen_with("UPDATE physical_medium SET enabled=0 WHERE guid=x'" + medium(0).hex() + "'");
  EXPECT_EQ(dismount(side), ERROR_MEDIA_NOT_AVAILABLE);
  reopen_with("UPDATE physical_medium SET enabled=1; UPDATE drive SET enabled=0");
  EXPECT_EQ(dismount(side), ERROR_DEVICE_NOT_AVAILABLE);
}

class MountOnRobots : public MountTest, public ::testing::WithParamInterface<Robot> {
 protected:
  void start(const LibraryShape& shape = {}) { LibraryTest::start(shape, GetParam()); }
};

TEST_P(MountOnRobots, ThereAndBack) {
  start();
  const Id side = side_of(medium(1));
  const auto mounted = mount(side, NTMS_MOUNT_READ | NTMS_MOUNT_WRITE);
  ASSERT_EQ(mounted.code, ERROR_SUCCESS) << picture();
  const auto info = media_info(medium(1));
  EXPECT_EQ(info.MediaState, static_cast<DWORD>(NTMS_MEDIASTATE_LOADED));
  EXPECT_EQ(info.LocationType, static_cast<DWORD>(NTMS_DRIVE));
  EXPECT_EQ(Id(info.Location), mounted.drive);
  EXPECT_EQ(Id(info.MountedPartition), side);
  EXPECT_EQ(Id(info.HomeSlot), Id(slot(1).ObjectGuid));
  EXPECT_EQ(slot(1).Info.StorageSlot.State, static_cast<DWORD>(NTMS_SLOTSTATE_EMPTY));
  auto in_drive = drive_info(mounted.drive);
  EXPECT_EQ(in_drive.State, NTMS_DRIVESTATE_LOADED);
  EXPECT_EQ(Id(in_drive.SavedPartitionId), side);
  EXPECT_EQ(in_drive.dwMountCount, 1U);
  EXPECT_EQ(rsm_info(side, NTMS_PARTITION).Info.Partition.dwMountCount, 1U);
  EXPECT_TRUE(agree_soon());

  ASSERT_EQ(dismount(side), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_idle(medium(1))) << picture();
  EXPECT_TRUE(is_in_slot(medium(1), 1)) << picture();
  in_drive = drive_info(mounted.drive);
  EXPECT_EQ(in_drive.State, NTMS_DRIVESTATE_DISMOUNTED);
  EXPECT_TRUE(Id(in_drive.SavedPartitionId).is_null());
  EXPECT_EQ(slot(1).Info.StorageSlot.State, static_cast<DWORD>(NTMS_SLOTSTATE_FULL));
  EXPECT_TRUE(agree_soon());
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) EXPECT_TRUE(wait_for_state(id, NTMS_LM_PASSED));
}

TEST_P(MountOnRobots, DeferredStaysAndIsUsedAgainWithoutAMove) {
  start();
  const Id side = side_of(medium(0));
  const auto first = mount(side);
  ASSERT_EQ(first.code, ERROR_SUCCESS);
  ASSERT_EQ(dismount(side, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_idle(medium(0)));
  EXPECT_EQ(drive_info(first.drive).State, NTMS_DRIVESTATE_DISMOUNTABLE);
  EXPECT_EQ(media_info(medium(0)).LocationType, static_cast<DWORD>(NTMS_DRIVE));
  const auto again = mount(side, NTMS_MOUNT_READ, 0);
  EXPECT_EQ(again.code, ERROR_SUCCESS) << "it needs no move";
  EXPECT_EQ(again.drive, first.drive);
  EXPECT_EQ(drive_info(first.drive).dwMountCount, 2U);
}

TEST_P(MountOnRobots, AnotherCartridgeEvictsADeferredOne) {
  LibraryShape shape;
  shape.drives = 1;
  start(shape);
  ASSERT_EQ(mount(side_of(medium(0))).code, ERROR_SUCCESS);
  ASSERT_EQ(dismount(side_of(medium(0)), NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_idle(medium(0)));
  const auto second = mount(side_of(medium(1)));
  ASSERT_EQ(second.code, ERROR_SUCCESS) << picture();
  EXPECT_TRUE(is_in_slot(medium(0), 0)) << picture();
  EXPECT_TRUE(agree_soon());
  // The deferred one, too.
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) EXPECT_TRUE(wait_for_state(id, NTMS_LM_PASSED));
}

INSTANTIATE_TEST_SUITE_P(On, MountOnRobots, NTMS_ROBOTS, robot_name);

TEST_F(MountTest, LoadedForTheSessionIsMountedAlready) {
  start();
  const Id side = side_of(medium(0));
  const auto first = mount(side);
  ASSERT_EQ(first.code, ERROR_SUCCESS);
  const auto again = mount(side, NTMS_MOUNT_READ, 0);
  EXPECT_EQ(again.code, ERROR_SUCCESS);
  EXPECT_EQ(again.drive, first.drive);
  EXPECT_EQ(drive_info(first.drive).dwMountCount, 1U);
  const Rsm other = Rsm::open();
  Id id = side;
  Id drive;
  EXPECT_EQ(MountNtmsMedia(other.handle(), id.get(), drive.get(), 1, NTMS_MOUNT_ERROR_NOT_AVAILABLE,
                           0, kPatience, nullptr),
            ERROR_BUSY);
  EXPECT_TRUE(drive.is_null());
}

TEST_F(MountTest, AFullLibraryOfDrivesIsWaitedFor) {
  LibraryShape shape;
  shape.drives = 1;
  start(shape);
  ASSERT_EQ(mount(side_of(medium(0))).code, ERROR_SUCCESS);
  EXPECT_EQ(mount(side_of(medium(1)), NTMS_MOUNT_ERROR_NOT_AVAILABLE).code, ERROR_BUSY);
  EXPECT_EQ(mount(side_of(medium(1)), NTMS_MOUNT_READ, 0).code, ERROR_TIMEOUT);
  EXPECT_EQ(mount(side_of(medium(1)), NTMS_MOUNT_READ, 30).code, ERROR_TIMEOUT);
  EXPECT_EQ(media_state(medium(1)), static_cast<DWORD>(NTMS_MEDIASTATE_IDLE));
  auto waiting = std::async(std::launch::async, [&] { return mount(side_of(medium(1))); });
  ASSERT_TRUE(wait_until([&] { return !unfinished_request_of(medium(1)).is_null(); }));
  ASSERT_EQ(dismount(side_of(medium(0))), ERROR_SUCCESS);
  EXPECT_EQ(waiting.get().code, ERROR_SUCCESS) << picture();
  EXPECT_TRUE(is_in_slot(medium(0), 0));
}

TEST_F(MountTest, NowaitOnlyQueues) {
  start();
  const auto queued = mount(side_of(medium(0)), NTMS_MOUNT_NOWAIT);
  EXPECT_EQ(queued.code, ERROR_SUCCESS);
  EXPECT_TRUE(queued.drive.is_null());
  EXPECT_TRUE(wait_until(
      [&] { return media_state(medium(0)) == static_cast<DWORD>(NTMS_MEDIASTATE_LOADED); }));
}

TEST_F(MountTest, ManyAtOnce) {
  LibraryShape shape;
  shape.drives = 2;
  start(shape);
  std::vector<NTMS_GUID> sides{*side_of(medium(0)).get(), *side_of(medium(1)).get()};
  std::vector<NTMS_GUID> drives(2);
  ASSERT_EQ(MountNtmsMedia(session(), sides.data(), drives.data(), 2, 0, 0, kPatience, nullptr),
            ERROR_SUCCESS)
      << picture();
  EXPECT_NE(Id(drives[0]), Id(drives[1]));
  EXPECT_EQ(Id(media_info(medium(0)).Location), Id(drives[0]));
  EXPECT_EQ(Id(media_info(medium(1)).Location), Id(drives[1]));
  sides.push_back(*side_of(medium(2)).get());
  drives.resize(3);
  EXPECT_EQ(MountNtmsMedia(session(), sides.data(), drives.data(), 3, 0, 0, kPatience, nullptr),
            ERROR_RESOURCE_NOT_AVAILABLE)
      << "there are only two drives";
}

TEST_F(MountTest, TheNamedDriveIsUsed) {
  LibraryShape shape;
  shape.drives = 2;
  start(shape);
  const Id second(drive(1).ObjectGuid);
  const auto mounted = mount(side_of(medium(0)), NTMS_MOUNT_SPECIFIC_DRIVE, kPatience, second);
  ASSERT_EQ(mounted.code, ERROR_SUCCESS);
  EXPECT_EQ(mounted.drive, second);
}

TEST_F(MountTest, CancelledByTheQueue) {
  LibraryShape shape;
  shape.drives = 1;
  start(shape);
  ASSERT_EQ(mount(side_of(medium(0))).code, ERROR_SUCCESS);
  auto waiting = std::async(std::launch::async, [&] { return mount(side_of(medium(1))); });
  Id request;
  ASSERT_TRUE(wait_until([&] {
    request = unfinished_request_of(medium(1));
    return !request.is_null();
  }));
  ASSERT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
  EXPECT_EQ(waiting.get().code, ERROR_CANCELLED);
}

TEST_F(MountTest, ClosingTheSessionEndsTheWait) {
  LibraryShape shape;
  shape.drives = 1;
  start(shape);
  ASSERT_EQ(mount(side_of(medium(0))).code, ERROR_SUCCESS);
  Rsm other = Rsm::open();
  const HANDLE handle = other.handle();
  Id id = side_of(medium(1));
  auto waiting = std::async(std::launch::async, [&] {
    Id drive;
    return MountNtmsMedia(handle, id.get(), drive.get(), 1, 0, 0, INFINITE, nullptr);
  });
  ASSERT_TRUE(wait_until([&] { return !unfinished_request_of(medium(1)).is_null(); }));
  ASSERT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(waiting.get(), ERROR_CANCELLED);
}

// A cartridge that was ejected and is on record as offline.
class OfflineMountTest : public MountTest {
 protected:
  Id eject_one() {
    LibraryShape shape;
    shape.ports = 1;
    start(shape);
    const Id gone = medium(0);
    reopen_with("UPDATE computer SET media_pool_policy=2");
    const Id operation = start_eject(gone);
    EXPECT_TRUE(wait_for_extended(gone));
    take(gone);
    EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
    return gone;
  }

  std::vector<Id> move_requests() const {
    std::vector<Id> found;
    for (const Id& id : const_cast<OfflineMountTest*>(this)->rsm().list(NTMS_OPREQUEST)) {
      const auto info = rsm_info(id, NTMS_OPREQUEST).Info.OpRequest;
      if (info.Request == NTMS_OPREQ_MOVEMEDIA && info.State == NTMS_OPSTATE_SUBMITTED) {
        found.push_back(id);
      }
    }
    return found;
  }
};

TEST_F(OfflineMountTest, FailsAtOnceWhenToldSo) {
  const Id gone = eject_one();
  EXPECT_EQ(mount(side_of(gone), NTMS_MOUNT_ERROR_OFFLINE).code, ERROR_MEDIA_OFFLINE);
  EXPECT_EQ(dismount(side_of(gone)), ERROR_MEDIA_OFFLINE);
  EXPECT_TRUE(move_requests().empty());
}

TEST_F(OfflineMountTest, AsksTheOperatorUntilTheTimeIsOver) {
  const Id gone = eject_one();
  EXPECT_EQ(mount(side_of(gone), NTMS_MOUNT_READ, 50).code, ERROR_TIMEOUT);
  EXPECT_TRUE(move_requests().empty()) << "the operator need not bring it any more";
  EXPECT_EQ(media_state(gone), static_cast<DWORD>(NTMS_MEDIASTATE_IDLE));
}

TEST_F(OfflineMountTest, TheOperatorRefuses) {
  const Id gone = eject_one();
  auto waiting = std::async(std::launch::async, [&] { return mount(side_of(gone)); });
  ASSERT_TRUE(wait_until([&] { return move_requests().size() == 1; }));
  EXPECT_EQ(media_state(gone), static_cast<DWORD>(NTMS_MEDIASTATE_OPREQ));
  Id request = move_requests().front();
  const auto asked = rsm_info(request, NTMS_OPREQUEST).Info.OpRequest;
  EXPECT_EQ(Id(asked.Arg1), gone);
  EXPECT_EQ(Id(asked.Arg2), library());
  ASSERT_EQ(CancelNtmsOperatorRequest(session(), request.get()), ERROR_SUCCESS);
  EXPECT_EQ(waiting.get().code, ERROR_REQUEST_REFUSED);
  EXPECT_EQ(media_state(gone), static_cast<DWORD>(NTMS_MEDIASTATE_IDLE));
}

TEST_F(OfflineMountTest, SayingItIsDoneWithoutBringingItAsksAgain) {
  const Id gone = eject_one();
  auto waiting = std::async(std::launch::async, [&] { return mount(side_of(gone)); });
  ASSERT_TRUE(wait_until([&] { return move_requests().size() == 1; }));
  Id request = move_requests().front();
  ASSERT_EQ(SatisfyNtmsOperatorRequest(session(), request.get()), ERROR_SUCCESS);
  ASSERT_EQ(move_requests().size(), 1U);
  Id fresh = move_requests().front();
  EXPECT_NE(fresh, request);
  ASSERT_EQ(CancelNtmsOperatorRequest(session(), fresh.get()), ERROR_SUCCESS);
  EXPECT_EQ(waiting.get().code, ERROR_REQUEST_REFUSED);
}

TEST_F(OfflineMountTest, ItIsMountedWhenTheOperatorBringsIt) {
  const Id gone = eject_one();
  auto waiting = std::async(std::launch::async, [&] { return mount(side_of(gone)); });
  ASSERT_TRUE(wait_until([&] { return move_requests().size() == 1; }));
  Id operation;
  Id where = library();
  ASSERT_EQ(InjectNtmsMedia(session(), where.get(), operation.get(), NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_TRUE(
      wait_until([&] { return port(0).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED; }));
  robot().put(0, robot().bar_code(0));
  EXPECT_EQ(waiting.get().code, ERROR_SUCCESS) << picture();
  EXPECT_TRUE(move_requests().empty());
  EXPECT_EQ(media_state(gone), static_cast<DWORD>(NTMS_MEDIASTATE_LOADED));
}

}  // namespace
}  // namespace ntms::conformance
