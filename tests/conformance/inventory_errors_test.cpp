// SPDX-License-Identifier: MIT
// The error table of InventoryNtmsLibrary (contract: functions-library-control 4).

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class InventoryErrors : public LibraryTest {
 protected:
  static constexpr DWORD kActions[] = {NTMS_INVENTORY_FAST, NTMS_INVENTORY_DEFAULT,
                                       NTMS_INVENTORY_SLOT, NTMS_INVENTORY_STOP};

  void expect_failure(const Id& id, DWORD code) {
    const auto requests = rsm().list(NTMS_LIBREQUEST);
    for (const DWORD action : kActions) {
      EXPECT_EQ(InventoryNtmsLibrary(session(), id.get(), action), code) << "action " << action;
    }
    EXPECT_EQ(rsm().list(NTMS_LIBREQUEST), requests);
  }
};

TEST_F(InventoryErrors, InvalidHandle) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD action : kActions) {
    EXPECT_EQ(InventoryNtmsLibrary(nullptr, library().get(), action), ERROR_INVALID_HANDLE);
    EXPECT_EQ(InventoryNtmsLibrary(INVALID_HANDLE_VALUE, nullptr, action), ERROR_INVALID_HANDLE);
  }
}

TEST_F(InventoryErrors, MissingLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD action : kActions) {
    EXPECT_EQ(InventoryNtmsLibrary(session(), nullptr, action), ERROR_INVALID_PARAMETER);
  }
}

TEST_F(InventoryErrors, UnknownActions) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto requests = rsm().list(NTMS_LIBREQUEST);
  for (const DWORD action : {0U, 6U, 7U, 0x7FFFFFFFU, 0xFFFFFFFFU}) {
    EXPECT_EQ(InventoryNtmsLibrary(session(), library().get(), action), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(InventoryNtmsLibrary(session(), stranger().get(), action), ERROR_INVALID_PARAMETER)
        << "the action is looked at before the library";
  }
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST), requests);
  EXPECT_EQ(slot(0).Info.StorageSlot.State, NTMS_SLOTSTATE_FULL);
}

TEST_F(InventoryErrors, UnknownLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {stranger(), Id{}, medium(0), Id(drive(0).ObjectGuid)}) {
    expect_failure(id, ERROR_INVALID_LIBRARY);
  }
}

TEST_F(InventoryErrors, OfflineLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_failure(offline_library(), ERROR_INVALID_LIBRARY);
}

TEST_F(InventoryErrors, LibraryIsDisabled) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  expect_failure(library(), ERROR_RESOURCE_DISABLED);
  EXPECT_EQ(slot(0).Info.StorageSlot.State, NTMS_SLOTSTATE_FULL) << "nothing was marked";
}

TEST_F(InventoryErrors, LibraryIsNotConnected) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 0), NTMS_EMULATOR_OK);
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; }))
      << picture();
  expect_failure(library(), ERROR_DEVICE_NOT_AVAILABLE);
  // And it comes back by itself.
  ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), 1), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_until([&] { return library_ready(library()); })) << picture();
  EXPECT_TRUE(agree_soon());
}

#ifndef _WIN32  // there is no second user to become
TEST_F(InventoryErrors, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  for (const DWORD action : kActions) {
    user->write_line("inventory " + std::to_string(action));
    EXPECT_EQ(user->read_line(), "inventory 5");
  }
  EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(slot(0).Info.StorageSlot.State, NTMS_SLOTSTATE_FULL) << "nothing was marked";
}
#endif

}  // namespace
}  // namespace ntms::conformance
