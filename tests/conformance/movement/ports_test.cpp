// SPDX-License-Identifier: MIT
// Ports and magazines as real ones are: extended by the move itself or by hand, passing cartridges
// on, hiding what is in them; magazines that are pulled and pushed back
// (contract: functions-library-control 0.6, 1 and 2; concepts 9 and 10).
#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class Ports : public MovementOnEmulator {
 protected:
  void start_with(unsigned kind, unsigned ports = 2, bool unreported = false) {
    LibraryShape shape;
    shape.ports = ports;
    shape.port_kind = kind;
    shape.port_unreported = unreported;
    shape.virtual_clock = unreported;
    start(shape);
  }
  ntms_emulator* hands() { return emulator().handle(); }
  bool pull_out() {
    return wait_until([&] { return ntms_emulator_port_pull_out(hands()) == NTMS_EMULATOR_OK; });
  }
  void push_in() { EXPECT_EQ(ntms_emulator_port_push_in(hands()), NTMS_EMULATOR_OK); }
  bool take_from(unsigned index) {
    return wait_until(
        [&] { return ntms_emulator_port_take(hands(), index, nullptr) == NTMS_EMULATOR_OK; });
  }
};

TEST_F(Ports, ExtendedByTheMoveItself) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_MOVE_EXTENDS));
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id operation = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(0));
  take(medium(1));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(agree());
  Id inject_operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &inject_operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(inject_operation));
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(Ports, PulledOutByHandToTake) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_BY_HAND));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const auto index = static_cast<unsigned>(port_of(medium(0)));
  EXPECT_EQ(ntms_emulator_port_take(hands(), index, nullptr), NTMS_EMULATOR_LOCKED)
      << "it is still in the library";
  ASSERT_TRUE(pull_out());
  ASSERT_TRUE(take_from(index));
  push_in();
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(wait_until([&] { return emulator().locked(); }));
  EXPECT_TRUE(agree());
}

TEST_F(Ports, PushedInByHandAfterPutting) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_BY_HAND, 3));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_TRUE(pull_out());
  put(0, "NEW001L8");
  put(2, "NEW003L8");
  // The engine has to see it out before it is in again.
  const auto looks = emulator().commands(0xB8);
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xB8) >= looks + 2; }));
  push_in();
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_FALSE(medium_with("NEW003L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(Ports, PassThroughOnTheWayOut) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_PASS_THROUGH, 1));
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  for (unsigned index = 0; index < 3; ++index) {
    const Id operation = start_eject(medium(index));
    ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
    EXPECT_EQ(Id(media_info(medium(index)).CurrentLibrary), offline_library());
    EXPECT_EQ(media_info(medium(index)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  }
  EXPECT_TRUE(service_requests().empty()) << "nothing is wrong";
  EXPECT_EQ(library_info().dwOperationalState, DWORD{NTMS_READY});
  EXPECT_TRUE(agree());
}

TEST_F(Ports, PassThroughOnTheWayIn) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_PASS_THROUGH, 1));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(Ports, HiddenContentIsTakenForEjectedAtTheTimeOut) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_MOTORIZED, 2, true));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const auto index = static_cast<unsigned>(port_of(medium(0)));
  const auto looks = emulator().commands(0xB8);
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xB8) >= looks + 3; }));
  EXPECT_EQ(rsm().state(operation), DWORD{NTMS_LM_INPROCESS})
      << "nobody knows whether it was taken";
  ASSERT_TRUE(take_from(index));
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(rsm().find(medium(0)));
  EXPECT_TRUE(service_requests().empty()) << "once retracted it is seen to be empty";
  EXPECT_EQ(port(index).Info.IEPort.Content, DWORD{NTMS_PORTCONTENT_EMPTY});
  EXPECT_TRUE(agree());
}

TEST_F(Ports, HiddenContentThatNobodyTook) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_MOTORIZED, 2, true));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const auto index = static_cast<unsigned>(port_of(medium(0)));
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_FALSE(rsm().find(medium(0))) << "it counts as ejected";
  ASSERT_EQ(service_requests().size(), 1U);
  EXPECT_EQ(port(index).Info.IEPort.Content, DWORD{NTMS_PORTCONTENT_FULL});
  EXPECT_TRUE(agree());
}

TEST_F(Ports, HiddenContentIsFoundWhenStopped) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_MOTORIZED, 1, true));
  Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_TRUE(wait_until(
      [&] { return ntms_emulator_port_put(hands(), 0, "NEW001L8") == NTMS_EMULATOR_OK; }));
  EXPECT_EQ(rsm().state(operation), DWORD{NTMS_LM_INPROCESS});
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_FALSE(medium_with("NEW001L8").is_null());
  EXPECT_TRUE(agree());
}

TEST_F(Ports, TakenAndPutBack) {
  ASSERT_NO_FATAL_FAILURE(start_with(NTMS_EMULATOR_PORT_LOCKABLE));
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  const std::string bar_code = robot().bar_code(0);
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  const auto index = static_cast<unsigned>(port_of(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  put(index, bar_code);  // while the other one still waits
  take(medium(1));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED)) << picture();
  Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_EQ(inject(NTMS_INJECT_STOP, &operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(operation));
  EXPECT_EQ(records_of(bar_code), 1U);
  EXPECT_EQ(Id(media_info(medium(0)).CurrentLibrary), library());
  EXPECT_TRUE(agree());
}

class Magazines : public MovementOnEmulator {
 protected:
  // Three magazines of four slots; nothing locks them.
  void start_with_magazines(bool bar_codes) {
    LibraryShape shape;
    shape.magazines = 3;
    shape.doors_unlocked = true;
    shape.bar_code_reader = bar_codes;
    start(shape);
  }
  void pull(unsigned index) {
    ASSERT_EQ(ntms_emulator_magazine_pull(emulator().handle(), index), NTMS_EMULATOR_OK);
  }
  void push(unsigned index) {
    ASSERT_EQ(ntms_emulator_magazine_push(emulator().handle(), index), NTMS_EMULATOR_OK);
  }
  void take_inventory() {
    ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
    Id request;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) request = id;
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << picture();
  }
  DWORD slot_state(unsigned index) { return slot(index).Info.StorageSlot.State; }
};

TEST_F(Magazines, PulledAndPushedBack) {
  ASSERT_NO_FATAL_FAILURE(start_with_magazines(true));
  pull(0);
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  for (unsigned index = 0; index < 4; ++index) {
    EXPECT_EQ(slot_state(index), DWORD{NTMS_SLOTSTATE_NOTPRESENT});
    ASSERT_TRUE(rsm().find(medium(index))) << "nobody has ejected it";
    EXPECT_EQ(Id(media_info(medium(index)).CurrentLibrary), offline_library());
    EXPECT_TRUE(Id(media_info(medium(index)).Location).is_null());
    EXPECT_TRUE(Id(media_info(medium(index)).HomeSlot).is_null());
  }
  push(0);
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  for (unsigned index = 0; index < 4; ++index) EXPECT_TRUE(is_in_slot(medium(index), index));
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA).size(), 8U);
  EXPECT_TRUE(agree());
}

TEST_F(Magazines, WithoutBarCodesTheyComeBackToTheirSlots) {
  ASSERT_NO_FATAL_FAILURE(start_with_magazines(false));
  std::vector<Id> media;
  for (unsigned index = 0; index < 8; ++index) {
    for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA)) {
      if (is_in_slot(id, index)) media.push_back(id);
    }
  }
  ASSERT_EQ(media.size(), 8U);
  pull(1);
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  EXPECT_EQ(Id(media_info(media[5]).CurrentLibrary), offline_library());
  push(1);
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  for (unsigned index = 0; index < 8; ++index) EXPECT_TRUE(is_in_slot(media[index], index));
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA).size(), 8U);
}

TEST_F(Magazines, PushedBackWithOtherCartridges) {
  ASSERT_NO_FATAL_FAILURE(start_with_magazines(true));
  pull(0);
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  ASSERT_EQ(ntms_emulator_slot_swap(emulator().handle(), 0, 1), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_slot_take(emulator().handle(), 2, nullptr), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_slot_put(emulator().handle(), 2, "NEW001L8"), NTMS_EMULATOR_OK);
  push(0);
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  EXPECT_TRUE(is_in_slot(medium(0), 1));
  EXPECT_TRUE(is_in_slot(medium(1), 0));
  EXPECT_TRUE(is_in_slot(medium_with("NEW001L8"), 2));
  EXPECT_EQ(Id(media_info(medium(2)).CurrentLibrary), offline_library()) << "it stayed outside";
  EXPECT_TRUE(agree());
}

TEST_F(Magazines, EjectOfWhatIsOutOfReach) {
  ASSERT_NO_FATAL_FAILURE(start_with_magazines(true));
  pull(0);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_end(operation)) << picture();
  EXPECT_EQ(rsm().state(operation), DWORD{NTMS_LM_FAILED});
  EXPECT_EQ(Id(media_info(medium(0)).CurrentLibrary), offline_library());
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  push(0);
  ASSERT_NO_FATAL_FAILURE(take_inventory());
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(agree());
}

}  // namespace
}  // namespace ntms::conformance
