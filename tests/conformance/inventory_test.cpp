// SPDX-License-Identifier: MIT
// InventoryNtmsLibrary: what it finds, and how it is marked, queued and stopped (contract:
// functions-library-control 4, concepts 9, 11 and 13).
#include <algorithm>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class Inventory : public RobotTest {
 protected:
  // Starts an inventory and returns its request.
  Id start_inventory(DWORD action = NTMS_INVENTORY_FAST) {
    const auto before = rsm().list(NTMS_LIBREQUEST);
    EXPECT_EQ(InventoryNtmsLibrary(session(), library().get(), action), ERROR_SUCCESS);
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      const bool known = std::find(before.begin(), before.end(), id) != before.end();
      if (!known && rsm().request(id).OperationCode == NTMS_LM_INVENTORY) return id;
    }
    ADD_FAILURE() << "no request" << picture();
    return {};
  }
  void inventory(DWORD action = NTMS_INVENTORY_FAST) {
    const Id request = start_inventory(action);
    ASSERT_FALSE(request.is_null());
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  }
};

// The person behind the door of the emulated library.
class InventoryByHand : public Inventory {
 protected:
  void start_with_door(LibraryShape shape = {}) {
    shape.doors = 1;
    ASSERT_NO_FATAL_FAILURE(start(shape));
  }
  void open_door() { ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK); }
  void close_door_and_look() {
    ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
    inventory();
  }
  void swap(unsigned first, unsigned second) {
    ASSERT_EQ(ntms_emulator_slot_swap(emulator().handle(), first, second), NTMS_EMULATOR_OK);
  }
  void remove(unsigned index) {
    ASSERT_EQ(ntms_emulator_slot_take(emulator().handle(), index, nullptr), NTMS_EMULATOR_OK);
  }
  void insert(unsigned index, const char* bar_code) {
    ASSERT_EQ(ntms_emulator_slot_put(emulator().handle(), index, bar_code), NTMS_EMULATOR_OK);
  }
};

TEST_P(Inventory, FirstOne) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, 8U);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfSlots, 12U);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfDrives, 2U);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfPorts, 2U);
  EXPECT_TRUE(agree());
  for (unsigned i = 0; i < 8; ++i) {
    const Id m = medium(i);
    const auto info = media_info(m);
    EXPECT_TRUE(is_in_slot(m, i));
    EXPECT_EQ(Id(info.HomeSlot), Id(slot(i).ObjectGuid));
    EXPECT_EQ(info.BarCodeState, NTMS_BARCODESTATE_OK);
    EXPECT_EQ(info.MediaState, NTMS_MEDIASTATE_IDLE);
    EXPECT_EQ(info.dwNumberOfPartitions, 1U);
    EXPECT_EQ(text(rsm().get(m).szName), robot().bar_code(i)) << "named after its bar code";
    EXPECT_NE(text(info.szSequenceNumber), "");
    EXPECT_EQ(rsm().get(info.MediaPool).Info.MediaPool.PoolType, NTMS_POOLTYPE_IMPORT);
    EXPECT_EQ(rsm().get(side_of(m), NTMS_PARTITION).Info.Partition.State, NTMS_PARTSTATE_UNKNOWN);
  }
}

TEST_P(Inventory, ChangesNothingWhenNothingChanged) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto media = rsm().list(NTMS_PHYSICAL_MEDIA);
  for (const DWORD action : {NTMS_INVENTORY_FAST, NTMS_INVENTORY_SLOT, NTMS_INVENTORY_DEFAULT}) {
    ASSERT_NO_FATAL_FAILURE(inventory(action));
    EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA), media);
    EXPECT_TRUE(agree());
  }
}

TEST_P(Inventory, FollowsMovesOfAnotherProgram) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_TRUE(robot().foreign_move(kSlot, 1, kSlot, 10));
  ASSERT_TRUE(robot().foreign_move(kSlot, 2, kDrive, 0));
  ASSERT_NO_FATAL_FAILURE(inventory());
  EXPECT_TRUE(agree());
  EXPECT_TRUE(is_in_slot(medium(1), 10));
  EXPECT_EQ(Id(media_info(medium(1)).HomeSlot), Id(slot(10).ObjectGuid));
  EXPECT_EQ(media_info(medium(2)).LocationType, NTMS_DRIVE);
  EXPECT_EQ(Id(media_info(medium(2)).Location), Id(drive(0).ObjectGuid));
  EXPECT_NE(drive(0).Info.Drive.State, NTMS_DRIVESTATE_DISMOUNTED);
  ASSERT_TRUE(robot().foreign_move(kDrive, 0, kSlot, 2));
  ASSERT_NO_FATAL_FAILURE(inventory());
  EXPECT_TRUE(is_in_slot(medium(2), 2));
  EXPECT_EQ(media_info(medium(2)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_TRUE(agree());
}

TEST_P(Inventory, RequestsByAction) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id fast = start_inventory(NTMS_INVENTORY_FAST);
  EXPECT_EQ(rsm().request(fast).OperationOption, 0U);
  EXPECT_EQ(Id(rsm().request(fast).Library), library());
  EXPECT_TRUE(Id(rsm().request(fast).PhysMediaId).is_null());
  EXPECT_TRUE(wait_for_state(fast, NTMS_LM_PASSED));
  const Id slots = start_inventory(NTMS_INVENTORY_SLOT);
  EXPECT_EQ(rsm().request(slots).OperationOption, 1U);
  EXPECT_TRUE(wait_for_state(slots, NTMS_LM_PASSED));
}

NTMS_ON_BOTH_ROBOTS(Inventory);

TEST_P(InventoryByHand, MovedCartridge) {
  ASSERT_NO_FATAL_FAILURE(start_with_door());
  const Id m = medium(0);
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(swap(0, 9));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_EQ(medium_with("MED001L8"), m);
  EXPECT_TRUE(is_in_slot(m, 9));
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, SwappedCartridges) {
  ASSERT_NO_FATAL_FAILURE(start_with_door());
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(swap(0, 1));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_TRUE(is_in_slot(medium(0), 1));
  EXPECT_TRUE(is_in_slot(medium(1), 0));
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA).size(), 8U);
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, NewCartridge) {
  ASSERT_NO_FATAL_FAILURE(start_with_door());
  const long long baseline = last_change();
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(insert(11, "NEW001L8"));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  const Id m = medium_with("NEW001L8");
  ASSERT_FALSE(m.is_null());
  EXPECT_TRUE(is_in_slot(m, 11));
  EXPECT_EQ(rsm().get(media_info(m).MediaPool).Info.MediaPool.PoolType, NTMS_POOLTYPE_IMPORT);
  EXPECT_TRUE(agree());
  const auto log = changes(baseline);
  EXPECT_EQ(std::count(log.begin(), log.end(), Change{NTMS_OBJ_INSERT, NTMS_PHYSICAL_MEDIA, m}), 1);
  EXPECT_EQ(std::count(log.begin(), log.end(), Change{NTMS_OBJ_INSERT, NTMS_PARTITION, side_of(m)}),
            1);
}

TEST_P(InventoryByHand, MissingCartridge) {
  ASSERT_NO_FATAL_FAILURE(start_with_door());
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(remove(3));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_FALSE(rsm().find(medium(3))) << "as if ejected: an import medium is deleted";
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, 7U);
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, MissingAndBack) {
  ASSERT_NO_FATAL_FAILURE(start_with_door());
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  const Id m = medium(3);
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(remove(3));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_EQ(Id(media_info(m).CurrentLibrary), offline_library());
  EXPECT_TRUE(Id(media_info(m).Location).is_null());
  EXPECT_TRUE(agree());
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(insert(10, "MED004L8"));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_EQ(medium_with("MED004L8"), m) << "no duplicate";
  EXPECT_TRUE(is_in_slot(m, 10));
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, ExchangedForANewOne) {
  ASSERT_NO_FATAL_FAILURE(start_with_door());
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(remove(2));
  ASSERT_NO_FATAL_FAILURE(insert(2, "NEW001L8"));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_FALSE(rsm().find(medium(2)));
  EXPECT_TRUE(is_in_slot(medium_with("NEW001L8"), 2));
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, WithoutBarCodeReader) {
  LibraryShape shape;
  shape.bar_code_reader = false;
  ASSERT_NO_FATAL_FAILURE(start_with_door(shape));
  EXPECT_EQ(library_info().Info.Library.BarCodeReaderInstalled, FALSE);
  const auto media = rsm().list(NTMS_PHYSICAL_MEDIA, library());
  ASSERT_EQ(media.size(), 8U);
  for (const Id& id : media) {
    EXPECT_EQ(media_info(id).BarCodeState, NTMS_BARCODESTATE_UNREADABLE);
    EXPECT_EQ(text(media_info(id).szBarCode), "");
    EXPECT_EQ(text(rsm().get(id).szName), text(media_info(id).szSequenceNumber));
  }
  const auto in_slot = [&](unsigned index) {
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA, library())) {
      if (is_in_slot(id, index)) return id;
    }
    return Id{};
  };
  const Id gone = in_slot(3);
  const Id kept = in_slot(0);
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(remove(3));
  ASSERT_NO_FATAL_FAILURE(insert(10, nullptr));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_FALSE(rsm().find(gone)) << "its slot went from full to empty";
  EXPECT_EQ(in_slot(0), kept) << "what did not change is trusted";
  EXPECT_FALSE(in_slot(10).is_null()) << "from empty to full";
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA, library()).size(), 8U);
}

TEST_P(InventoryByHand, DuplicateBarCodes) {
  LibraryShape shape;
  shape.bar_codes = {"SAME01L8", "SAME01L8", "OTHER1L8"};
  shape.media = 3;
  ASSERT_NO_FATAL_FAILURE(start_with_door(shape));
  const auto in_slot = [&](unsigned index) {
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA, library())) {
      if (is_in_slot(id, index)) return id;
    }
    return Id{};
  };
  const Id first = in_slot(0);
  const Id second = in_slot(1);
  ASSERT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA, library()).size(), 3U);
  ASSERT_FALSE(first.is_null());
  ASSERT_FALSE(second.is_null());
  ASSERT_FALSE(first == second) << "two cartridges are two media";
  ASSERT_NO_FATAL_FAILURE(inventory());
  EXPECT_EQ(in_slot(0), first);
  EXPECT_EQ(in_slot(1), second);
  ASSERT_NO_FATAL_FAILURE(open_door());
  ASSERT_NO_FATAL_FAILURE(swap(0, 10));
  ASSERT_NO_FATAL_FAILURE(close_door_and_look());
  EXPECT_EQ(in_slot(10), first);
  EXPECT_EQ(in_slot(1), second);
  // One of the two is ejected: the other stays.
  const Id operation = start_eject(second);
  ASSERT_TRUE(wait_for_extended(second));
  take(second);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(rsm().find(first));
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, CartridgePutIntoAPortIsNoMedium) {
  ASSERT_NO_FATAL_FAILURE(create());
  emulator().put(1, "GUEST001");
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(port(1).Info.IEPort.Content, NTMS_PORTCONTENT_FULL);
  EXPECT_EQ(port(0).Info.IEPort.Content, NTMS_PORTCONTENT_EMPTY);
  EXPECT_TRUE(medium_with("GUEST001").is_null());
  EXPECT_TRUE(agree());
}

// Slots only: what another program has put into a drive meanwhile is not given up for lost.
TEST_P(InventoryByHand, SlotsOnly) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(0);
  ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kDrive, 0));
  ASSERT_TRUE(emulator().foreign_move(kSlot, 1, kSlot, 10));
  ASSERT_NO_FATAL_FAILURE(inventory(NTMS_INVENTORY_SLOT));
  EXPECT_TRUE(rsm().find(m));
  EXPECT_EQ(Id(media_info(m).CurrentLibrary), library());
  EXPECT_EQ(slot(0).Info.StorageSlot.State, NTMS_SLOTSTATE_EMPTY);
  EXPECT_TRUE(is_in_slot(medium(1), 10));
  ASSERT_NO_FATAL_FAILURE(inventory(NTMS_INVENTORY_FAST));
  EXPECT_EQ(Id(media_info(m).Location), Id(drive(0).ObjectGuid));
  EXPECT_TRUE(agree());
}

// The marks are there when the call returns; the arm is busy, so that the work itself cannot be.
TEST_P(InventoryByHand, MarksFullSlotsBeforeItReturns) {
  LibraryShape shape;
  shape.virtual_clock = true;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  emulator().set_move_time(1000);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  const Id request = start_inventory();
  for (unsigned i = 1; i < 12; ++i) {
    EXPECT_EQ(slot(i).Info.StorageSlot.State,
              i < 8 ? NTMS_SLOTSTATE_NEEDSINVENTORY : NTMS_SLOTSTATE_EMPTY)
        << "slot " << i;
  }
  EXPECT_NE(rsm().state(request), NTMS_LM_PASSED);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(1000);
    return rsm().state(request) == NTMS_LM_PASSED;
  })) << picture();
  ASSERT_TRUE(wait_for_extended(medium(0))) << "an inventory takes nothing away from an eject";
  EXPECT_TRUE(agree_soon());
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_P(InventoryByHand, StoppedKeepsTheMarks) {
  LibraryShape shape;
  shape.virtual_clock = true;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  emulator().set_move_time(1000);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  const Id request = start_inventory();
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(100);
    return rsm().state(request) == NTMS_LM_STOPPED;
  })) << picture();
  EXPECT_EQ(slot(5).Info.StorageSlot.State, NTMS_SLOTSTATE_NEEDSINVENTORY);
  EXPECT_NE(rsm().request(request).TimeCompleted.wYear, 0);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(1000);
    return port_of(medium(0)) >= 0;
  }));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  ASSERT_NO_FATAL_FAILURE(inventory());
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, StopWithoutARunningOne) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto requests = rsm().list(NTMS_LIBREQUEST);
  EXPECT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_STOP), ERROR_SUCCESS);
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST), requests);
  EXPECT_TRUE(agree());
}

TEST_P(InventoryByHand, DefaultFollowsTheLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(library_info().Info.Library.InventoryMethod, NTMS_INVENTORY_FAST);
  ASSERT_NO_FATAL_FAILURE(inventory(NTMS_INVENTORY_DEFAULT));
  Info info = library_info();
  info.dwSize = sizeof info;
  info.Info.Library.InventoryMethod = NTMS_INVENTORY_NONE;
  ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  EXPECT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_DEFAULT), ERROR_SUCCESS)
      << "nothing to do";
  for (unsigned i = 0; i < 8; ++i) {
    EXPECT_EQ(slot(i).Info.StorageSlot.State, NTMS_SLOTSTATE_FULL);
  }
}

TEST_P(InventoryByHand, CompletionNoticeNamesTheLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  const long long baseline = last_change();
  ASSERT_NO_FATAL_FAILURE(inventory());
  const auto log = changes(baseline);
  EXPECT_EQ(
      std::count(log.begin(), log.end(), Change{NTMS_EVENT_COMPLETE, NTMS_LIBRARY, library()}), 1)
      << describe(log);
}

INSTANTIATE_TEST_SUITE_P(On, InventoryByHand, ::testing::Values(Robot::emulator), robot_name);

}  // namespace
}  // namespace ntms::conformance
