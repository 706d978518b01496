// SPDX-License-Identifier: MIT
// Slots, doors and ports from one state to the next (contract: concepts 9 and 10; docs/states.md).
// Which test is for which transition: state_map.tsv.
#include "conformance/movement/states_fixture.h"

namespace ntms::conformance {
namespace {

class SlotStates : public StatesTest {
 protected:
  void pull(unsigned magazine) {
    ASSERT_TRUE(wait_until([&] {
      return ntms_emulator_magazine_pull(emulator().handle(), magazine) == NTMS_EMULATOR_OK;
    }));
  }
  void push(unsigned magazine) {
    ASSERT_EQ(ntms_emulator_magazine_push(emulator().handle(), magazine), NTMS_EMULATOR_OK);
  }
  bool all_known() {
    return wait_until([&] { return library_ready(library()); });
  }
};

TEST_F(SlotStates, OfANewLibrary) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_UNKNOWN, NTMS_SLOTSTATE_FULL), 8U);
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_UNKNOWN, NTMS_SLOTSTATE_EMPTY), 4U);
  EXPECT_EQ(slot_state(7), DWORD{NTMS_SLOTSTATE_FULL});
  EXPECT_EQ(slot_state(8), DWORD{NTMS_SLOTSTATE_EMPTY});
}

TEST_F(SlotStates, FoundOtherwise) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kSlot, 11));
  forget();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_FULL, NTMS_SLOTSTATE_EMPTY), 1U);
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_EMPTY, NTMS_SLOTSTATE_FULL), 1U);
  EXPECT_EQ(slot_state(0), DWORD{NTMS_SLOTSTATE_EMPTY});
  EXPECT_EQ(slot_state(11), DWORD{NTMS_SLOTSTATE_FULL});
}

TEST_F(SlotStates, MarkedAndLookedAt) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kSlot, 11));
  forget();
  ASSERT_NO_FATAL_FAILURE(inventory());
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_FULL, NTMS_SLOTSTATE_NEEDSINVENTORY), 8U)
      << "marked when the call returns";
  ASSERT_TRUE(all_known());
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_NEEDSINVENTORY, NTMS_SLOTSTATE_FULL), 7U);
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_NEEDSINVENTORY, NTMS_SLOTSTATE_EMPTY), 1U);
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_EMPTY, NTMS_SLOTSTATE_FULL), 1U);
  EXPECT_TRUE(agree_soon());
}

TEST_F(SlotStates, TakenAndPut) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const Id of_slot = slot(0).ObjectGuid;
  forget();
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(slot_state(0), DWORD{NTMS_SLOTSTATE_EMPTY});
  ASSERT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(slot_state(0), DWORD{NTMS_SLOTSTATE_FULL});
  const std::vector<DWORD> expected{NTMS_SLOTSTATE_FULL, NTMS_SLOTSTATE_EMPTY, NTMS_SLOTSTATE_FULL};
  EXPECT_EQ(course(kSlots, of_slot), expected);
}

// The arm is on its way when everything is marked; the stop of the inventory keeps the marks.
TEST_F(SlotStates, TakenFromAMarkedSlot) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.virtual_clock = true}));
  const Id of_slot = slot(0).ObjectGuid;
  emulator().set_move_time(1000);
  forget();
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  ASSERT_NO_FATAL_FAILURE(inventory());
  EXPECT_EQ(slot_state(0), DWORD{NTMS_SLOTSTATE_NEEDSINVENTORY});
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(1000);
    return port_of(medium(0)) >= 0;
  })) << picture();
  EXPECT_EQ(slot_state(5), DWORD{NTMS_SLOTSTATE_NEEDSINVENTORY});
  const std::vector<DWORD> expected{NTMS_SLOTSTATE_FULL, NTMS_SLOTSTATE_NEEDSINVENTORY,
                                    NTMS_SLOTSTATE_EMPTY};
  EXPECT_EQ(course(kSlots, of_slot), expected);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

// No call leaves an empty slot in doubt for long: the database is told that this one is.
TEST_F(SlotStates, PutIntoAMarkedSlot) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  sql("UPDATE slot SET state=4 WHERE guid=X'" + Id(slot(0).ObjectGuid).hex() + "'");
  ASSERT_EQ(slot_state(0), DWORD{NTMS_SLOTSTATE_NEEDSINVENTORY});
  forget();
  ASSERT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_NEEDSINVENTORY, NTMS_SLOTSTATE_FULL), 1U);
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(agree());
}

// Slots 6 to 11 are the second magazine: two full, four empty.
TEST_F(SlotStates, MagazineRemovedAndBack) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.magazines = 2}));
  forget();
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_NO_FATAL_FAILURE(pull(1));
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_for_steps(4, kSlots, NTMS_SLOTSTATE_EMPTY, NTMS_SLOTSTATE_NOTPRESENT));
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_FULL, NTMS_SLOTSTATE_NOTPRESENT), 2U);
  for (unsigned index = 0; index < 12; ++index) {
    EXPECT_EQ(slot_state(index), DWORD{index < 6 ? NTMS_SLOTSTATE_FULL : NTMS_SLOTSTATE_NOTPRESENT})
        << index;
  }
  forget();
  ASSERT_NO_FATAL_FAILURE(push(1));
  ASSERT_NO_FATAL_FAILURE(inventory());
  ASSERT_TRUE(all_known()) << picture();
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_NOTPRESENT, NTMS_SLOTSTATE_NEEDSINVENTORY), 6U);
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_NEEDSINVENTORY, NTMS_SLOTSTATE_EMPTY), 4U);
  EXPECT_EQ(slot_state(6), DWORD{NTMS_SLOTSTATE_FULL});
  EXPECT_TRUE(agree_soon());
}

TEST_F(SlotStates, MagazineOfANewLibraryIsMissing) {
  ASSERT_NO_FATAL_FAILURE(watch());
  ASSERT_NO_FATAL_FAILURE(create({.magazines = 2}));
  ASSERT_NO_FATAL_FAILURE(pull(1));
  rsm() = Rsm::open();
  EXPECT_TRUE(wait_for_steps(6, kSlots, NTMS_SLOTSTATE_UNKNOWN, NTMS_SLOTSTATE_NOTPRESENT));
  EXPECT_EQ(steps(kSlots, NTMS_SLOTSTATE_UNKNOWN, NTMS_SLOTSTATE_FULL), 6U);
}

TEST_F(SlotStates, MagazineRemovedBeforeAnInventory) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.magazines = 2}));
  ASSERT_NO_FATAL_FAILURE(pull(1));
  forget();
  ASSERT_NO_FATAL_FAILURE(inventory());
  ASSERT_TRUE(wait_for_steps(2, kSlots, NTMS_SLOTSTATE_NEEDSINVENTORY, NTMS_SLOTSTATE_NOTPRESENT))
      << picture();
  EXPECT_EQ(slot_state(6), DWORD{NTMS_SLOTSTATE_NOTPRESENT});
}

class DoorStates : public StatesTest {};

TEST_F(DoorStates, OpenedAndClosed) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.doors = 1}));
  const Id door = elements(NTMS_IEDOOR)[0].ObjectGuid;
  EXPECT_EQ(elements(NTMS_IEDOOR)[0].Info.IEDoor.State, DWORD{NTMS_DOORSTATE_CLOSED});
  forget();
  ASSERT_EQ(AccessNtmsLibraryDoor(session(), library().get(), NTMS_INVENTORY_NONE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  ASSERT_TRUE(wait_until(
      [&] { return ntms_emulator_door_open(emulator().handle(), 0) == NTMS_EMULATOR_OK; }));
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_CLOSED));
  const std::vector<DWORD> expected{NTMS_DOORSTATE_CLOSED, NTMS_DOORSTATE_OPEN,
                                    NTMS_DOORSTATE_CLOSED};
  EXPECT_EQ(course(kDoors, door), expected);
}

// The answer that ended one access says nothing about the next, which was queued before it.
TEST_F(DoorStates, OneAccessAfterTheOther) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.doors = 1, .virtual_clock = true}));
  const auto access = [this] {
    const DWORD code = AccessNtmsLibraryDoor(session(), library().get(), NTMS_INVENTORY_NONE);
    EXPECT_EQ(code, DWORD{ERROR_SUCCESS});
  };
  access();
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  access();
  emulator().advance(1'801'000);
  ASSERT_TRUE(wait_until([&] { return service_requests().size() == 1; })) << picture();
  for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
    EXPECT_EQ(SatisfyNtmsOperatorRequest(session(), id.get()), ERROR_SUCCESS);
  }
  ASSERT_TRUE(wait_for_steps(2, kDoors, NTMS_DOORSTATE_CLOSED, NTMS_DOORSTATE_OPEN));
  ASSERT_TRUE(wait_until([&] {
    return ntms_emulator_door_open(emulator().handle(), 0) == NTMS_EMULATOR_OK;
  })) << "the second one waits for the operator";
  EXPECT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  EXPECT_TRUE(wait_for_steps(2, kDoors, NTMS_DOORSTATE_OPEN, NTMS_DOORSTATE_CLOSED));
}

class PortStates : public StatesTest {
 protected:
  void start_port(LibraryShape shape = {.ports = 1}) {
    ASSERT_NO_FATAL_FAILURE(start_watched(shape));
    EXPECT_EQ(position(), DWORD{NTMS_PORTPOSITION_RETRACTED});
    forget();
  }
  // Every port was extended and retracted this often, and is retracted.
  void expect_rounds(unsigned count) {
    const auto ports = static_cast<unsigned>(elements(NTMS_IEPORT).size());
    EXPECT_EQ(steps(kPositions, NTMS_PORTPOSITION_RETRACTED, NTMS_PORTPOSITION_EXTENDED),
              count * ports);
    EXPECT_EQ(steps(kPositions, NTMS_PORTPOSITION_EXTENDED, NTMS_PORTPOSITION_RETRACTED),
              count * ports);
    EXPECT_EQ(position(), DWORD{NTMS_PORTPOSITION_RETRACTED});
  }
};

TEST_F(PortStates, Filled) {
  ASSERT_NO_FATAL_FAILURE(start_port());
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  expect_rounds(1);
}

TEST_F(PortStates, Emptied) {
  ASSERT_NO_FATAL_FAILURE(start_port());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(content(0), DWORD{NTMS_PORTCONTENT_FULL});
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  expect_rounds(1);
  EXPECT_EQ(steps(kContents, NTMS_PORTCONTENT_EMPTY, NTMS_PORTCONTENT_FULL), 1U);
  EXPECT_EQ(steps(kContents, NTMS_PORTCONTENT_FULL, NTMS_PORTCONTENT_EMPTY), 1U);
}

TEST_F(PortStates, ClosedByHand) {
  ASSERT_NO_FATAL_FAILURE(start_port({.port_kind = NTMS_EMULATOR_PORT_BY_HAND}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_TRUE(wait_until(
      [&] { return ntms_emulator_port_pull_out(emulator().handle()) == NTMS_EMULATOR_OK; }));
  put(1, "NEW001L8");
  // A look that has seen it standing open.
  const unsigned long long looks = emulator().commands(0xB8);
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xB8) > looks + 2; }));
  EXPECT_EQ(position(), DWORD{NTMS_PORTPOSITION_EXTENDED});
  ASSERT_EQ(ntms_emulator_port_push_in(emulator().handle()), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  expect_rounds(1);
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
}

TEST_F(PortStates, Stopped) {
  ASSERT_NO_FATAL_FAILURE(start_port());
  Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  expect_rounds(1);
}

// An inject of many takes in what is there and opens the port again.
TEST_F(PortStates, RetractRequested) {
  ASSERT_NO_FATAL_FAILURE(start_port({}));
  Id operation = start_inject(NTMS_INJECT_STARTMANY);
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_EQ(inject(NTMS_INJECT_RETRACT, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(
      wait_for_steps(4, kPositions, NTMS_PORTPOSITION_RETRACTED, NTMS_PORTPOSITION_EXTENDED));
  EXPECT_EQ(full_slots(), 9U);
  EXPECT_EQ(rsm().state(operation), DWORD{NTMS_LM_INPROCESS});
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  expect_rounds(2);
}

TEST_F(PortStates, TimedOut) {
  ASSERT_NO_FATAL_FAILURE(start_port({.virtual_clock = true}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  expect_rounds(1);
}

TEST_F(PortStates, ContentsOfANewLibrary) {
  ASSERT_NO_FATAL_FAILURE(watch());
  ASSERT_NO_FATAL_FAILURE(create());
  put(0, "GUEST001");
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(steps(kContents, NTMS_PORTCONTENT_UNKNOWN, NTMS_PORTCONTENT_FULL), 1U);
  EXPECT_EQ(steps(kContents, NTMS_PORTCONTENT_UNKNOWN, NTMS_PORTCONTENT_EMPTY), 1U);
  EXPECT_EQ(content(0), DWORD{NTMS_PORTCONTENT_FULL});
  EXPECT_EQ(content(1), DWORD{NTMS_PORTCONTENT_EMPTY});
}

}  // namespace
}  // namespace ntms::conformance
