// SPDX-License-Identifier: MIT
// The time-out of an eject, MaxExtendSecs of the ports, in virtual time (contract:
// functions-library-control 1, Time-out; concepts 10).
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class EjectTimeOut : public LibraryTest {
 protected:
  void create_timed(unsigned ports = 2, unsigned port_kind = NTMS_EMULATOR_PORT_LOCKABLE) {
    LibraryShape shape;
    shape.virtual_clock = true;
    shape.ports = ports;
    shape.port_kind = port_kind;
    ASSERT_NO_FATAL_FAILURE(create(shape));
  }
};

TEST_F(EjectTimeOut, DefaultIsThreeHundredSeconds) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(port(0).Info.IEPort.MaxExtendSecs, 300);
  const Id m = medium(0);
  const Id operation = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  const auto port_index = static_cast<unsigned>(port_of(m));
  const Id the_port = port(port_index).ObjectGuid;
  emulator().advance(299'000);
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  emulator().advance(2'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(rsm().request(operation).dwErrorCode, ERROR_SUCCESS);
  EXPECT_FALSE(rsm().find(m)) << "it counts as ejected";
  EXPECT_EQ(port(port_index).Info.IEPort.Content, NTMS_PORTCONTENT_FULL);
  EXPECT_EQ(port(port_index).Info.IEPort.Position, NTMS_PORTPOSITION_RETRACTED);
  const auto posted = service_requests();
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(posted[0].Arg1Type, NTMS_IEPORT);
  EXPECT_EQ(Id(posted[0].Arg1), the_port);
  EXPECT_EQ(posted[0].Arg2Type, NTMS_UNKNOWN);
  EXPECT_EQ(posted[0].State, NTMS_OPSTATE_SUBMITTED);
  EXPECT_NE(text(posted[0].szMessage), "");
  EXPECT_TRUE(agree());
}

TEST_F(EjectTimeOut, OperatorRequestEndsWhenThePortIsEmptied) {
  ASSERT_NO_FATAL_FAILURE(create_timed(2, NTMS_EMULATOR_PORT_UNLOCKED));
  ASSERT_NO_FATAL_FAILURE(open());
  const Id m = medium(0);
  const Id operation = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  const auto port_index = static_cast<unsigned>(port_of(m));
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  ASSERT_EQ(service_requests().size(), 1U);
  EXPECT_EQ(port(port_index).Info.IEPort.Content, NTMS_PORTCONTENT_FULL);
  emulator().take(port_index);
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(1000);
    return service_requests().empty();
  })) << picture();
  EXPECT_EQ(service_requests(false).at(0).State, NTMS_OPSTATE_COMPLETE);
  EXPECT_EQ(port(port_index).Info.IEPort.Content, NTMS_PORTCONTENT_EMPTY);
}

TEST_F(EjectTimeOut, WhoIsAskedToEmptyThePortCanReachIt) {
  ASSERT_NO_FATAL_FAILURE(create_timed(2, NTMS_EMULATOR_PORT_LOCKABLE));
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const auto port_index = static_cast<unsigned>(port_of(medium(0)));
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  ASSERT_EQ(service_requests().size(), 1U);
  ASSERT_TRUE(wait_until([&] {
    return ntms_emulator_port_take(emulator().handle(), port_index, nullptr) == NTMS_EMULATOR_OK;
  })) << "it is locked";
  ASSERT_TRUE(wait_until([&] { return service_requests().empty(); })) << picture();
  EXPECT_TRUE(wait_until([&] { return emulator().locked(); })) << "and locked again afterwards";
}

TEST_F(EjectTimeOut, GoesOfflineByItsFate) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(Id(media_info(medium(0)).CurrentLibrary), offline_library());
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
}

TEST_F(EjectTimeOut, ZeroSecondsEndAsSoonAsThePortIsOpen) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(set_time_out(0, 0));
  ASSERT_NO_FATAL_FAILURE(set_time_out(0, 1));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(rsm().find(medium(0)));
  EXPECT_EQ(service_requests().size(), 1U);
  EXPECT_TRUE(agree());
}

TEST_F(EjectTimeOut, TheLargestOfThePortsIsTheLibrarys) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(set_time_out(5, 0));
  ASSERT_NO_FATAL_FAILURE(set_time_out(1000, 1));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  emulator().advance(900'000);
  // The stop finds it still in the port.
  EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_end(operation));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_STOPPED);
  const Id second = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  emulator().advance(1'001'000);
  EXPECT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
}

TEST_F(EjectTimeOut, OneOperatorRequestForARound) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  emulator().advance(301'000);
  EXPECT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  EXPECT_EQ(service_requests().size(), 1U);
}

// One of two was taken in time: the request to the operator is about the other.
TEST_F(EjectTimeOut, HalfTaken) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id first = unfinished_request_of(medium(0));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  const Id still_full = port(static_cast<unsigned>(port_of(medium(1)))).ObjectGuid;
  take(medium(0));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  const auto posted = service_requests();
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(Id(posted[0].Arg1), still_full);
  EXPECT_TRUE(agree());
}

TEST_F(EjectTimeOut, PortOccupiedByStrangers) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  emulator().put(0, "GUEST1");
  emulator().put(1, "GUEST2");
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING));
  ASSERT_TRUE(wait_until([&] { return !emulator().locked(); })) << "a person must get at the port";
  emulator().advance(299'000);
  EXPECT_EQ(rsm().state(operation), NTMS_LM_WAITING);
  // The time-out runs from when the port was opened, a moment after the state was seen.
  ASSERT_TRUE(wait_until([&] {
    emulator().advance(1'000);
    return rsm().state(operation) == NTMS_LM_FAILED;
  })) << picture();
  EXPECT_EQ(rsm().request(operation).dwErrorCode, ERROR_IEPORT_FULL);
  EXPECT_NE(rsm().request(operation).TimeCompleted.wYear, 0);
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(emulator().commands(0xA5), 0U);
  EXPECT_TRUE(agree());
}

TEST_F(EjectTimeOut, PortFreedInTime) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  emulator().put(0, "GUEST1");
  emulator().put(1, "GUEST2");
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_WAITING));
  ASSERT_TRUE(wait_until([&] { return !emulator().locked(); }));
  emulator().advance(250'000);
  emulator().take(1);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(port_of(medium(0)), 1);
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  emulator().advance(200'000);  // its own time began when it came out
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(service_requests().empty());
  EXPECT_TRUE(agree());
}

// After a time-out the library goes on: the element still occupied is not used.
TEST_F(EjectTimeOut, NextEjectUsesTheOtherElement) {
  ASSERT_NO_FATAL_FAILURE(create_timed());
  ASSERT_NO_FATAL_FAILURE(open());
  const Id first = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const int used = port_of(medium(0));
  emulator().advance(301'000);
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  const Id second = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  EXPECT_NE(port_of(medium(1)), used);
  take(medium(1));
  EXPECT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

}  // namespace
}  // namespace ntms::conformance
