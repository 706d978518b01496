// SPDX-License-Identifier: MIT
// Who gets the arm and the drives, and when (concepts 15; functions-media-services 1): the arm
// works while drives load, and no request waits for ever behind others of its class.
#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <vector>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

constexpr unsigned kMove = 0xA5;
constexpr DWORD kPatience = 60'000;  // milliseconds
// So many later mounts may be served before one that waits for drives they could have had.
constexpr int kMostOvertaken = 16;

class ScheduleTest : public LibraryTest {
 protected:
  // Only queues.
  void queue(const Rsm& as, unsigned index) const {
    Id side = side_of(medium(index));
    Id drive_id;
    ASSERT_EQ(MountNtmsMedia(as.handle(), side.get(), drive_id.get(), 1, NTMS_MOUNT_NOWAIT,
                             NTMS_PRIORITY_NORMAL, 0, nullptr),
              ERROR_SUCCESS);
  }
  void queue(unsigned index) { queue(rsm(), index); }
  DWORD mount(std::vector<unsigned> indices) const {
    std::vector<NTMS_GUID> sides;
    for (const unsigned index : indices) sides.push_back(*side_of(medium(index)).get());
    std::vector<NTMS_GUID> drives(sides.size());
    return MountNtmsMedia(session(), sides.data(), drives.data(), static_cast<DWORD>(sides.size()),
                          NTMS_MOUNT_READ, NTMS_PRIORITY_NORMAL, kPatience, nullptr);
  }
  void leave_in_drive(unsigned index) {
    Id side = side_of(medium(index));
    ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  }
  bool is_loaded(unsigned index) const {
    return media_info(medium(index)).MediaState == static_cast<DWORD>(NTMS_MEDIASTATE_LOADED);
  }
  bool wait_until_loaded(unsigned index) {
    return wait_until([&] { return is_loaded(index); });
  }
  bool wait_for_moves(unsigned long long count) {
    return wait_until([&] { return emulator().commands(kMove) == count; });
  }
  bool is_a_drive_dismountable() {
    const auto drives = elements(NTMS_DRIVE);
    return std::any_of(drives.begin(), drives.end(), [](const Info& info) {
      return info.Info.Drive.State == NTMS_DRIVESTATE_DISMOUNTABLE;
    });
  }
  // Returns when the library has carried out a request that comes before all mounts.
  void see_the_queue_looked_through(unsigned unused) {
    Id cartridge = medium(unused);
    ASSERT_EQ(DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, cartridge.get()), ERROR_SUCCESS);
    ASSERT_TRUE(wait_until([&] { return !rsm().get(cartridge, NTMS_PHYSICAL_MEDIA).Enabled; }));
  }
  int loading_drives() {
    int loading = 0;
    for (const Info& info : elements(NTMS_DRIVE)) {
      loading += info.Info.Drive.State == NTMS_DRIVESTATE_MOUNTED ? 1 : 0;
    }
    return loading;
  }
};

TEST_F(ScheduleTest, TheArmWorksWhileDrivesLoad) {
  LibraryShape shape;
  shape.drives = 3;
  shape.virtual_clock = true;
  start(shape);
  constexpr unsigned kMoveTime = 10'000;
  constexpr unsigned kLoadTime = 60'000;
  const ntms_emulator_durations durations{sizeof durations, kMoveTime, kLoadTime, 0, 0, 0};
  ASSERT_EQ(ntms_emulator_set_durations(emulator().handle(), &durations), NTMS_EMULATOR_OK);
  const auto before = emulator().commands(kMove);
  for (unsigned i = 0; i < 3; ++i) queue(i);
  for (unsigned i = 0; i < 3; ++i) {
    // Not one of the drives is ready when the next cartridge is on its way.
    ASSERT_TRUE(wait_for_moves(before + i + 1)) << picture();
    EXPECT_TRUE(wait_until([&] { return loading_drives() == static_cast<int>(i); })) << picture();
    emulator().advance(kMoveTime);
  }
  EXPECT_TRUE(wait_until([&] { return loading_drives() == 3; })) << picture();
  emulator().advance(kLoadTime - 2 * kMoveTime);
  EXPECT_TRUE(wait_until_loaded(0)) << picture();
  emulator().advance(2 * kMoveTime);
  EXPECT_TRUE(wait_until_loaded(1));
  EXPECT_TRUE(wait_until_loaded(2));
}

// A call for two drives gets them although there is always somebody who needs only one.
TEST_F(ScheduleTest, ACallForSeveralDrivesIsNotStarved) {
  LibraryShape shape;
  shape.drives = 2;
  start(shape);
  ASSERT_EQ(mount({0}), ERROR_SUCCESS);
  ASSERT_EQ(mount({4}), ERROR_SUCCESS);
  auto both = std::async(std::launch::async, [&] { return mount({2, 3}); });
  for (const unsigned index : {2U, 3U}) {
    ASSERT_TRUE(wait_until([&] {
      const Id request = unfinished_request_of(medium(index));
      return !request.is_null() && rsm().state(request) == NTMS_LM_WAITING;
    }));
  }
  unsigned in_use = 4;
  unsigned next = 5;
  for (int i = 0; i < kMostOvertaken; ++i) {
    queue(next);
    leave_in_drive(in_use);
    ASSERT_TRUE(wait_until_loaded(next)) << i << picture();
    std::swap(in_use, next);
  }
  queue(next);
  leave_in_drive(in_use);
  ASSERT_TRUE(wait_until([&] { return is_a_drive_dismountable() || is_loaded(next); }));
  ASSERT_NO_FATAL_FAILURE(see_the_queue_looked_through(7));
  EXPECT_NE(rsm().state(unfinished_request_of(medium(next))), DWORD{NTMS_LM_INPROCESS});
  EXPECT_FALSE(is_loaded(next)) << "the drive is kept for the call that needs two";
  leave_in_drive(0);
  EXPECT_EQ(both.get(), ERROR_SUCCESS) << picture();
  EXPECT_FALSE(is_loaded(next)) << "it came later";
  leave_in_drive(2);
  EXPECT_TRUE(wait_until_loaded(next)) << "it is next";
}

// A cartridge that is asked for again and again is used again without a move; others get their
// turn.
TEST_F(ScheduleTest, WhatIsInTheDriveDoesNotKeepItForEver) {
  LibraryShape shape;
  shape.drives = 1;
  start(shape);
  const Rsm other = Rsm::open();
  queue(0);
  ASSERT_TRUE(wait_until_loaded(0)) << picture();
  queue(1);
  ASSERT_TRUE(
      wait_until([&] { return rsm().state(unfinished_request_of(medium(1))) == NTMS_LM_WAITING; }));
  int rounds = 0;
  for (; rounds < 2 * kMostOvertaken && !is_loaded(1); ++rounds) {
    queue(rounds % 2 == 0 ? other : rsm(), 0);
    const Id again = unfinished_request_of(medium(0));
    ASSERT_FALSE(again.is_null());
    leave_in_drive(0);
    ASSERT_TRUE(wait_until([&] { return is_loaded(1) || rsm().state(again) == NTMS_LM_PASSED; }))
        << picture();
  }
  // How many of the calls the engine finds in one look is a matter of luck.
  EXPECT_TRUE(is_loaded(1)) << "not within " << rounds << " rounds";
  EXPECT_GT(rounds, 1) << "it needs no move";
}

// By order number: what was put first is first, although it came last.
TEST_F(ScheduleTest, MountsGoByTheirOrder) {
  LibraryShape shape;
  shape.drives = 1;
  start(shape);
  queue(0);
  ASSERT_TRUE(wait_until_loaded(0));
  for (const unsigned index : {1U, 2U, 3U}) queue(index);
  Id last = unfinished_request_of(medium(3));
  ASSERT_EQ(SetNtmsRequestOrder(session(), last.get(), 1), ERROR_SUCCESS);
  unsigned in_use = 0;
  for (const unsigned index : {3U, 1U, 2U}) {
    leave_in_drive(in_use);
    // The one in use is seen loaded until the dismount has been begun.
    const auto another = [&](unsigned i) { return i != in_use && is_loaded(i); };
    ASSERT_TRUE(wait_until([&] { return another(1) || another(2) || another(3); })) << picture();
    EXPECT_TRUE(is_loaded(index)) << picture();
    in_use = index;
  }
}

}  // namespace
}  // namespace ntms::conformance
