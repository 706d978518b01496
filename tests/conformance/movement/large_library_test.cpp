// SPDX-License-Identifier: MIT
// As many elements as addresses allow for.
#include <set>

#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class LargeLibrary : public MovementOnEmulator {
 protected:
  static constexpr unsigned kSlots = 60'000;
  static constexpr unsigned kMedia = 2'000;
};

// The cartridges begin in the first slots; the arm brings some to the last.
TEST_F(LargeLibrary, OfSixtyThousandSlots) {
  LibraryShape shape;
  shape.slots = kSlots;
  shape.media = kMedia;
  ASSERT_NO_FATAL_FAILURE(create(shape));
  constexpr unsigned kMoved = 5;
  for (unsigned i = 0; i < kMoved; ++i) {
    ASSERT_TRUE(robot().foreign_move(kSlot, i, kSlot, kSlots - 1 - i));
  }
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(library_info().Info.Library.dwNumberOfSlots, kSlots);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, kMedia);

  std::vector<NTMS_GUID> ids(kSlots);
  DWORD count = kSlots;
  Id of = library();
  ASSERT_EQ(EnumerateNtmsObject(session(), of.get(), ids.data(), &count, NTMS_STORAGESLOT, 0),
            ERROR_SUCCESS);
  EXPECT_EQ(count, kSlots);
  EXPECT_EQ(std::set<Id>(ids.begin(), ids.end()).size(), kSlots);

  for (unsigned i = 0; i < kMoved; ++i) {
    const auto place = media_info(medium(i)).Location;
    const Info slot_info = rsm().get(Id(place), NTMS_STORAGESLOT);
    EXPECT_EQ(slot_info.Info.StorageSlot.Number, kSlots - i);
    EXPECT_EQ(slot_info.Info.StorageSlot.State, DWORD{NTMS_SLOTSTATE_FULL});
  }

  const Id ejected = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  take(medium(0));
  ASSERT_TRUE(wait_for_state(ejected, NTMS_LM_PASSED)) << picture();

  Id side = side_of(medium(1));
  Id drive_id;
  ASSERT_EQ(MountNtmsMedia(session(), side.get(), drive_id.get(), 1, NTMS_MOUNT_READ,
                           NTMS_PRIORITY_NORMAL, 60'000, nullptr),
            ERROR_SUCCESS);
  ASSERT_TRUE(robot().foreign_move(kSlot, kMedia - 1, kSlot, kSlots - 1));
  ASSERT_EQ(InventoryNtmsLibrary(session(), of.get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(kMedia - 1), kSlots - 1); }));
  ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, 0), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(1), kSlots - 2); })) << picture();
}

}  // namespace
}  // namespace ntms::conformance
