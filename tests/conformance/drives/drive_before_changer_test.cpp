// SPDX-License-Identifier: MIT
// A tape drive that is seen before its changer, as when the computer starts faster than the
// library, stands alone until the changer is there, and then belongs to it.
#include "conformance/drives/cleaning_fixture.h"

namespace ntms::conformance {
namespace {

class DriveBeforeChanger : public CleaningTest {
 protected:
  std::string drive_uri() { return robot().uri() + "#1"; }

  // Opens a session that serves these devices.
  void open_with(const std::vector<std::string>& uris) {
    rsm().close();
    set_devices(uris);
    rsm() = Rsm::open();
    ASSERT_TRUE(rsm().is_open());
  }
  std::vector<Id> libraries(DWORD type) {
    std::vector<Id> found;
    for (const Id& id : rsm().list(NTMS_LIBRARY)) {
      if (rsm().get(id).Info.Library.LibraryType == type) found.push_back(id);
    }
    return found;
  }
  bool wait_for_lone_drive() {
    return wait_until([&] {
      const auto lone = libraries(NTMS_LIBRARYTYPE_STANDALONE);
      return lone.size() == 1 && library_ready(lone[0]);
    });
  }
  bool wait_for_changer() {
    return wait_until([&] {
      const auto with_changer = libraries(NTMS_LIBRARYTYPE_ONLINE);
      return with_changer.size() == 1 && library_ready(with_changer[0]);
    });
  }
};

TEST_F(DriveBeforeChanger, BelongsToTheChangerAsSoonAsThatIsThere) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_NO_FATAL_FAILURE(open_with({drive_uri()}));
  ASSERT_TRUE(wait_for_lone_drive());
  ASSERT_NO_FATAL_FAILURE(open_with({robot().uri()}));
  ASSERT_TRUE(wait_for_changer());
  EXPECT_TRUE(wait_until([&] { return libraries(NTMS_LIBRARYTYPE_STANDALONE).empty(); }));
  EXPECT_EQ(rsm().list(NTMS_DRIVE).size(), 2U);
}

TEST_F(DriveBeforeChanger, DoesNotStandAloneWhileItsLibraryIsAway) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_NO_FATAL_FAILURE(open_with({robot().uri()}));
  ASSERT_TRUE(wait_for_changer());
  ntms_emulator_fault fault{};
  fault.size = sizeof fault;
  fault.lun = 0;
  fault.opcode = NTMS_EMULATOR_ANY_OPCODE;
  fault.kind = NTMS_EMULATOR_LINK_LOST_BEFORE;
  fault.times = NTMS_EMULATOR_UNTIL_CLEARED;
  ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
  ASSERT_NO_FATAL_FAILURE(open_with({drive_uri()}));
  ASSERT_TRUE(wait_until([&] {
    const auto known = libraries(NTMS_LIBRARYTYPE_ONLINE);
    return known.size() == 1 && rsm().get(known[0]).dwOperationalState == NTMS_NOT_PRESENT;
  }));
  EXPECT_TRUE(libraries(NTMS_LIBRARYTYPE_STANDALONE).empty());
}

TEST_F(DriveBeforeChanger, NamedBesideItsChangerItIsServedOnce) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_NO_FATAL_FAILURE(open_with({robot().uri(), drive_uri()}));
  ASSERT_TRUE(wait_for_changer());
  EXPECT_TRUE(wait_until([&] { return libraries(NTMS_LIBRARYTYPE_STANDALONE).empty(); }));
  EXPECT_EQ(rsm().list(NTMS_DRIVE).size(), 2U);
}

// What an application has mounted is not taken from it.
TEST_F(DriveBeforeChanger, InUseItStaysUntilTheNextTime) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kDrive, 0));
  ASSERT_NO_FATAL_FAILURE(open_with({drive_uri()}));
  ASSERT_TRUE(wait_for_lone_drive());
  Id held;
  ASSERT_TRUE(wait_until([&] {
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA)) {
      if (media_info(id).LocationType == NTMS_DRIVE) held = id;
    }
    return !held.is_null();
  })) << picture();
  mount(held);
  ASSERT_NO_FATAL_FAILURE(open_with({robot().uri()}));
  ASSERT_TRUE(wait_for_changer());
  EXPECT_EQ(libraries(NTMS_LIBRARYTYPE_STANDALONE).size(), 1U);
  EXPECT_TRUE(is_in_drive(held));
  dismount(held, NTMS_DISMOUNT_IMMEDIATE);
  ASSERT_TRUE(wait_until([&] { return media_info(held).MediaState == NTMS_MEDIASTATE_IDLE; }))
      << picture();
  ASSERT_NO_FATAL_FAILURE(open_with({robot().uri()}));
  ASSERT_TRUE(wait_for_changer());
  EXPECT_TRUE(wait_until([&] { return libraries(NTMS_LIBRARYTYPE_STANDALONE).empty(); }));
}

}  // namespace
}  // namespace ntms::conformance
