// SPDX-License-Identifier: MIT
// Requests to the library and to the operator, and the presence of devices, from one state to the
// next (contract: concepts 4.1, 15 and 16; docs/states.md). Which test is for which transition:
// state_map.tsv.
#include "conformance/movement/states_fixture.h"

namespace ntms::conformance {
namespace {

class RequestStates : public StatesTest {
 protected:
  void expect_course(const Id& request, const std::vector<DWORD>& states) {
    EXPECT_EQ(course(kRequests, request), states) << picture();
  }
  DWORD stop(const Id& request) {
    return EjectNtmsMedia(session(), nullptr, request.get(), NTMS_EJECT_STOP);
  }
  DWORD cancel(const Id& request) { return CancelNtmsLibraryRequest(session(), request.get()); }
  // A library whose port is full of what belongs to nobody, and an eject that waits for room.
  Id start_waiting(bool virtual_clock = false) {
    Id operation;
    start_with_guests(virtual_clock);
    if (HasFatalFailure()) return operation;
    operation = start_eject(medium(0));
    EXPECT_TRUE(wait_for_state(operation, NTMS_LM_WAITING)) << picture();
    return operation;
  }
  bool open_door() {
    return wait_until(
        [&] { return ntms_emulator_door_open(emulator().handle(), 0) == NTMS_EMULATOR_OK; });
  }
  void close_door() {
    ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  }

 private:
  void start_with_guests(bool virtual_clock) {
    ASSERT_NO_FATAL_FAILURE(watch());
    ASSERT_NO_FATAL_FAILURE(create({.ports = 1, .virtual_clock = virtual_clock}));
    put(0, "GUEST001");
    ASSERT_NO_FATAL_FAILURE(open());
  }
};

TEST_F(RequestStates, Passes) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_INPROCESS, NTMS_LM_PASSED});
}

TEST_F(RequestStates, Fails) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 5, 0x53, 0x02);
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED));
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_INPROCESS, NTMS_LM_FAILED});
}

TEST_F(RequestStates, WaitsBeforeItsStart) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.doors = 1}));
  ASSERT_TRUE(open_door());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING));
  ASSERT_NO_FATAL_FAILURE(close_door());
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_WAITING, NTMS_LM_INPROCESS, NTMS_LM_PASSED});
}

TEST_F(RequestStates, WaitsAfterItsStart) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.ports = 1, .doors = 1}));
  const Id operation = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  ASSERT_TRUE(open_door());
  put(0, "NEW001L8");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING)) << picture();
  ASSERT_NO_FATAL_FAILURE(close_door());
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_INPROCESS, NTMS_LM_WAITING, NTMS_LM_INPROCESS,
                            NTMS_LM_PASSED});
}

TEST_F(RequestStates, FailsWhileItWaits) {
  const Id operation = start_waiting(true);
  ASSERT_TRUE(wait_for_open_port());  // from then on its time runs
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED)) << picture();
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_WAITING, NTMS_LM_FAILED});
  EXPECT_EQ(rsm().request(operation).dwErrorCode, DWORD{ERROR_IEPORT_FULL});
}

// The medium leaves by the door before its request is looked at, and is forgotten.
TEST_F(RequestStates, ObjectVanishes) {
  ASSERT_NO_FATAL_FAILURE(start_watched({.doors = 1}));
  ASSERT_EQ(AccessNtmsLibraryDoor(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, medium(0).get()), ERROR_SUCCESS);
  Id request;
  for (const Id& id : rsm().list(NTMS_LIBREQUEST, library())) {
    if (rsm().request(id).OperationCode == NTMS_LM_DISABLEMEDIA) request = id;
  }
  ASSERT_EQ(rsm().state(request), DWORD{NTMS_LM_QUEUED});
  ASSERT_TRUE(open_door());
  ASSERT_EQ(ntms_emulator_slot_take(emulator().handle(), 0, nullptr), NTMS_EMULATOR_OK);
  ASSERT_NO_FATAL_FAILURE(close_door());
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_INVALID)) << picture();
  expect_course(request, {NTMS_LM_QUEUED, NTMS_LM_INVALID});
  EXPECT_EQ(rsm().request(request).dwErrorCode, DWORD{ERROR_OBJECT_NOT_FOUND});
}

TEST_F(RequestStates, CancelledInTheQueue) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const Id first = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const Id second = start_inject();
  ASSERT_EQ(cancel(second), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(second), DWORD{NTMS_LM_CANCELLED});
  expect_course(second, {NTMS_LM_QUEUED, NTMS_LM_CANCELLED});
  take(medium(0));
  EXPECT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
}

TEST_F(RequestStates, CancelledWhileItWaits) {
  const Id operation = start_waiting();
  ASSERT_EQ(cancel(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_CANCELLED));
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_WAITING, NTMS_LM_CANCELLED});
}

TEST_F(RequestStates, CancelledInProcess) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_EQ(cancel(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_CANCELLED));
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_INPROCESS, NTMS_LM_CANCELLED});
}

TEST_F(RequestStates, StoppedInTheQueue) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const Id first = start_inject();
  ASSERT_TRUE(wait_for_open_port());
  const Id second = start_eject(medium(0));
  ASSERT_EQ(stop(second), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(second), DWORD{NTMS_LM_STOPPED});
  expect_course(second, {NTMS_LM_QUEUED, NTMS_LM_STOPPED});
  EXPECT_EQ(cancel(first), ERROR_SUCCESS);
}

TEST_F(RequestStates, StoppedWhileItWaits) {
  const Id operation = start_waiting();
  ASSERT_EQ(stop(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_WAITING, NTMS_LM_STOPPED});
}

TEST_F(RequestStates, StoppedInProcess) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_EQ(stop(operation), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  expect_course(operation, {NTMS_LM_QUEUED, NTMS_LM_INPROCESS, NTMS_LM_STOPPED});
}

// There is no console that could mark a request as read: the database is told so.
class OperatorStates : public StatesTest {
 protected:
  Id message() {
    Id id;
    EXPECT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MESSAGE, NTMS_W("text"), nullptr,
                                         nullptr, id.get()),
              ERROR_SUCCESS);
    return id;
  }
  void set_state(const Id& request, DWORD state) {
    sql("UPDATE operator_request SET state=" + std::to_string(state) + " WHERE guid=X'" +
        request.hex() + "'");
    ASSERT_EQ(this->state(request), state);
  }
  DWORD state(const Id& request) { return rsm().get(request, NTMS_OPREQUEST).Info.OpRequest.State; }
  Id open_request() {
    for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
      if (state(id) == NTMS_OPSTATE_SUBMITTED) return id;
    }
    return {};
  }
};

TEST_F(OperatorStates, AnswersOfSomebodyWhoHasRead) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD read : {NTMS_OPSTATE_ACTIVE, NTMS_OPSTATE_INPROGRESS}) {
    const Id refused = message();
    ASSERT_NO_FATAL_FAILURE(set_state(refused, read));
    EXPECT_EQ(CancelNtmsOperatorRequest(session(), refused.get()), ERROR_SUCCESS);
    EXPECT_EQ(state(refused), DWORD{NTMS_OPSTATE_REFUSED});
    const Id satisfied = message();
    ASSERT_NO_FATAL_FAILURE(set_state(satisfied, read));
    EXPECT_EQ(SatisfyNtmsOperatorRequest(session(), satisfied.get()), ERROR_SUCCESS);
    EXPECT_EQ(state(satisfied), DWORD{NTMS_OPSTATE_COMPLETE});
  }
}

TEST_F(OperatorStates, ServerSeesThatItIsDone) {
  ASSERT_NO_FATAL_FAILURE(start({.doors = 1, .virtual_clock = true}));
  for (const DWORD read : {NTMS_OPSTATE_SUBMITTED, NTMS_OPSTATE_ACTIVE, NTMS_OPSTATE_INPROGRESS}) {
    ASSERT_EQ(AccessNtmsLibraryDoor(session(), library().get(), NTMS_INVENTORY_NONE),
              ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_OPEN));
    ASSERT_TRUE(wait_until(
        [&] { return ntms_emulator_door_open(emulator().handle(), 0) == NTMS_EMULATOR_OK; }));
    emulator().advance(1'801'000);
    ASSERT_TRUE(wait_until([&] { return !open_request().is_null(); })) << picture();
    EXPECT_EQ(elements(NTMS_IEDOOR)[0].Info.IEDoor.State, DWORD{NTMS_DOORSTATE_OPEN})
        << "being overdue does not close it";
    const Id request = open_request();
    ASSERT_NO_FATAL_FAILURE(set_state(request, read));
    ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
    EXPECT_TRUE(wait_until([&] { return state(request) == NTMS_OPSTATE_COMPLETE; })) << read;
    ASSERT_TRUE(wait_for_door(NTMS_DOORSTATE_CLOSED));
  }
}

class DeviceStates : public StatesTest {
 protected:
  void set_online(bool online) {
    ASSERT_EQ(ntms_emulator_set_online(emulator().handle(), online ? 1 : 0), NTMS_EMULATOR_OK);
  }
  // A move that ends with a hardware error.
  void break_down() {
    emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01);
    const Id operation = start_eject(medium(0));
    ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED));
    ASSERT_EQ(library_info().dwOperationalState, DWORD{NTMS_NEEDS_SERVICE}) << picture();
  }
  // The library is found again after it was away, and every look at its elements from the second
  // inventory of the start on ends with this fault.
  void find_with_fault(unsigned kind) {
    ASSERT_NO_FATAL_FAILURE(start_watched());
    const auto looks = static_cast<std::uint32_t>(emulator().commands(0xB8));
    ASSERT_EQ(looks % 2, 0U) << "a start looks twice";
    ASSERT_NO_FATAL_FAILURE(set_online(false));
    ASSERT_NO_FATAL_FAILURE(reopen());
    ASSERT_TRUE(wait_for_steps(1, kLibraries, NTMS_READY, NTMS_NOT_PRESENT));
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    ASSERT_NO_FATAL_FAILURE(set_online(true));
    ntms_emulator_fault fault{};
    fault.size = sizeof fault;
    fault.opcode = 0xB8;
    fault.nth = looks / 2 + 1;
    fault.times = NTMS_EMULATOR_UNTIL_CLEARED;
    fault.kind = kind;
    fault.sense_key = 4;
    fault.asc = 0x15;
    fault.ascq = 0x01;
    ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
    forget();
    rsm() = Rsm::open();
    ASSERT_TRUE(wait_for_steps(1, kLibraries, NTMS_NOT_PRESENT, NTMS_INITIALIZING)) << picture();
  }
  void repair() { ASSERT_EQ(ntms_emulator_clear_faults(emulator().handle()), NTMS_EMULATOR_OK); }
  bool wait_for_library(DWORD state) {
    return wait_until([&] { return library_info().dwOperationalState == state; });
  }
  void satisfy_all() {
    for (const Id& id : rsm().list(NTMS_OPREQUEST)) SatisfyNtmsOperatorRequest(session(), id.get());
  }
};

TEST_F(DeviceStates, CheckedAtTheStart) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  const std::vector<DWORD> expected{NTMS_INITIALIZING, NTMS_READY};
  EXPECT_EQ(course(kLibraries, library()), expected);
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_READY});
}

TEST_F(DeviceStates, LostAndFound) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  forget();
  ASSERT_NO_FATAL_FAILURE(set_online(false));
  ASSERT_NO_FATAL_FAILURE(reopen());
  ASSERT_TRUE(wait_for_library(NTMS_NOT_PRESENT));
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_NOT_PRESENT});
  ASSERT_NO_FATAL_FAILURE(set_online(true));
  ASSERT_TRUE(wait_for_library(NTMS_READY));
  const std::vector<DWORD> expected{NTMS_READY, NTMS_NOT_PRESENT, NTMS_INITIALIZING, NTMS_READY};
  EXPECT_EQ(course(kLibraries, library()), expected);
  EXPECT_EQ(course(kDrives, drive(0).ObjectGuid), expected);
}

TEST_F(DeviceStates, DefectAndRepaired) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  forget();
  ASSERT_NO_FATAL_FAILURE(break_down());
  ASSERT_EQ(service_requests().size(), 1U);
  satisfy_all();
  ASSERT_TRUE(wait_for_library(NTMS_READY)) << picture();
  const std::vector<DWORD> expected{NTMS_READY, NTMS_NEEDS_SERVICE, NTMS_READY};
  EXPECT_EQ(course(kLibraries, library()), expected);
}

TEST_F(DeviceStates, LostWhileItNeedsService) {
  ASSERT_NO_FATAL_FAILURE(start_watched());
  ASSERT_NO_FATAL_FAILURE(break_down());
  forget();
  ASSERT_NO_FATAL_FAILURE(set_online(false));
  ASSERT_NO_FATAL_FAILURE(reopen());
  EXPECT_TRUE(wait_for_steps(1, kLibraries, NTMS_NEEDS_SERVICE, NTMS_NOT_PRESENT)) << picture();
}

TEST_F(DeviceStates, LostWhileItIsChecked) {
  ASSERT_NO_FATAL_FAILURE(find_with_fault(NTMS_EMULATOR_LINK_LOST_BEFORE));
  ASSERT_TRUE(wait_for_steps(1, kLibraries, NTMS_INITIALIZING, NTMS_NOT_PRESENT)) << picture();
  ASSERT_NO_FATAL_FAILURE(repair());
  EXPECT_TRUE(wait_for_library(NTMS_READY)) << picture();
  EXPECT_TRUE(service_requests(false).empty());
}

TEST_F(DeviceStates, DefectWhileItIsChecked) {
  ASSERT_NO_FATAL_FAILURE(find_with_fault(NTMS_EMULATOR_FAIL_BEFORE));
  ASSERT_TRUE(wait_for_steps(1, kLibraries, NTMS_INITIALIZING, NTMS_NEEDS_SERVICE)) << picture();
  ASSERT_FALSE(service_requests().empty());
  EXPECT_EQ(Id(service_requests()[0].Arg1), library());
  ASSERT_NO_FATAL_FAILURE(repair());
  EXPECT_TRUE(wait_until([&] {
    satisfy_all();
    return library_info().dwOperationalState == NTMS_READY;
  })) << picture();
  EXPECT_EQ(steps(kLibraries, NTMS_NEEDS_SERVICE, NTMS_READY), 1U);
}

}  // namespace
}  // namespace ntms::conformance
