// SPDX-License-Identifier: MIT
// The changer over iSCSI: what its own behaviour, its link and another initiator add to the tests
// that run on both robots.
#include <algorithm>

#include "conformance/tgt_backend.h"
#include "integration/scenario.h"

namespace ntms::integration {
namespace {

class Tgt : public LibraryTest {
 protected:
  void start_tgt(const LibraryShape& shape = {}) {
    ASSERT_NO_FATAL_FAILURE(start(shape, Robot::tgt));
  }
  test::TgtTarget& target() { return dynamic_cast<TgtBackend&>(robot()).target(); }
  void set_time_outs(unsigned seconds) {
    for (unsigned i = 0; i < elements(NTMS_IEPORT).size(); ++i) set_time_out(seconds, i);
  }
};

TEST_F(Tgt, TimeOut) {
  ASSERT_NO_FATAL_FAILURE(start_tgt());
  ASSERT_NO_FATAL_FAILURE(set_time_outs(1));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_FALSE(rsm().find(medium(0)));
  const auto posted = service_requests();
  ASSERT_EQ(posted.size(), 1U);
  EXPECT_EQ(posted[0].Arg1Type, NTMS_IEPORT);
  EXPECT_TRUE(agree());
  // The person comes after all.
  const auto ports = elements(NTMS_IEPORT);
  for (unsigned i = 0; i < ports.size(); ++i) {
    if (ports[i].Info.IEPort.Content == NTMS_PORTCONTENT_FULL) {
      EXPECT_EQ(Id(ports[i].ObjectGuid), Id(posted[0].Arg1));
      robot().take(i);
    }
  }
  EXPECT_TRUE(wait_until([&] { return service_requests().empty(); })) << picture();
  EXPECT_TRUE(agree_soon());
}

TEST_F(Tgt, PortFullOfStrangers) {
  ASSERT_NO_FATAL_FAILURE(create({}, Robot::tgt));
  robot().put(0, "GUEST1");
  robot().put(1, "GUEST2");
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_NO_FATAL_FAILURE(set_time_outs(2));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_FAILED));
  EXPECT_EQ(rsm().request(operation).dwErrorCode, ERROR_IEPORT_FULL);
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(agree());
}

// Another initiator has the cartridge in a drive.
TEST_F(Tgt, ForceTakesItOutOfADrive) {
  ASSERT_NO_FATAL_FAILURE(start_tgt());
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kDrive, 0));
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return media_info(medium(0)).LocationType == NTMS_DRIVE; }))
      << picture();
  Id operation = stranger();
  EXPECT_EQ(rsm().eject(medium(0), NTMS_EJECT_START, &operation), ERROR_BUSY);
  EXPECT_EQ(operation, stranger());
  operation = start_eject(medium(0), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_TRUE(agree_soon());
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_F(Tgt, LinkLostWhileIdle) {
  ASSERT_NO_FATAL_FAILURE(start_tgt());
  target().drop_connections();
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_F(Tgt, LinkLostWhileTheCartridgeIsInThePort) {
  ASSERT_NO_FATAL_FAILURE(start_tgt());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  target().drop_connections();
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_F(Tgt, LinkLostOverAndOver) {
  ASSERT_NO_FATAL_FAILURE(start_tgt());
  for (unsigned i = 0; i < 3; ++i) {
    const Id operation = start_eject(medium(i));
    target().drop_connections();
    ASSERT_TRUE(wait_until([&] {
      return rsm().state(operation) == NTMS_LM_FAILED || port_of(medium(i)) >= 0;
    })) << picture();
    if (port_of(medium(i)) >= 0) {
      ASSERT_TRUE(wait_for_extended(medium(i)));
      take(medium(i));
      ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
    }
    EXPECT_TRUE(agree_soon());
  }
}

// A target that says nothing for a while: nothing is lost, and the calls do not hang.
TEST_F(Tgt, TargetFallsSilent) {
  ASSERT_NO_FATAL_FAILURE(start_tgt());
  target().pause();
  const auto begin = std::chrono::steady_clock::now();
  const Id operation = start_eject(medium(0));
  EXPECT_EQ(rsm().list(NTMS_STORAGESLOT, library()).size(), 12U);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(2));
  target().resume();
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(Tgt, CartridgePutIntoThePortBySomebody) {
  ASSERT_NO_FATAL_FAILURE(start_tgt());
  robot().put(1, "GUEST1");
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return port(1).Info.IEPort.Content == NTMS_PORTCONTENT_FULL; }))
      << picture();
  EXPECT_TRUE(medium_with("GUEST1").is_null());
  EXPECT_TRUE(agree());
}

}  // namespace
}  // namespace ntms::integration
