// SPDX-License-Identifier: MIT
// Several processes at one database: one owns the robots, the others see and steer its work, and
// take over when it dies (contract: concepts 20).
#include <future>

#include "integration/scenario.h"

namespace ntms::integration {
namespace {

class MultiProcess : public RobotTest {
 protected:
  // A process that owns the robots: it opened the first session.
  Application owner() {
    Application application(worker());
    EXPECT_EQ(application.ask("open"), "open 0");
    return application;
  }
};

TEST_P(MultiProcess, EjectOfAClientIsDoneByTheOwner) {
  ASSERT_NO_FATAL_FAILURE(start());
  Application client(worker());
  ASSERT_EQ(client.ask("open"), "open 0");
  const Id operation = client.eject(robot().bar_code(0));
  client.begin("await " + operation.hex());
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_EQ(client.answer(), "await " + std::to_string(NTMS_LM_PASSED) + " 0");
  EXPECT_EQ(client.end(), 0);
  EXPECT_TRUE(agree());
}

TEST_P(MultiProcess, ClientOfAnotherOwner) {
  ASSERT_NO_FATAL_FAILURE(create({}, GetParam()));
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(first.ask("stop " + operation.hex()), "stop 0") << "from another process";
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(agree_soon());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  EXPECT_EQ(first.end(), 0);
}

TEST_P(MultiProcess, OwnerKilledWhileTheCartridgeIsInThePort) {
  ASSERT_NO_FATAL_FAILURE(create({}, GetParam()));
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = first.eject(robot().bar_code(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  first.kill();
  // The one that is left takes over: the cartridge counts as taken when the operator takes it.
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
  // And new work is done.
  const Id next = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(1));
  EXPECT_TRUE(wait_for_state(next, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_P(MultiProcess, OwnerLeavesWhileTheCartridgeIsInThePort) {
  ASSERT_NO_FATAL_FAILURE(create({}, GetParam()));
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = first.eject(robot().bar_code(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(first.ask("close"), "close 0");
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(first.end(), 0);
  EXPECT_TRUE(agree_soon());
}

NTMS_ON_BOTH_ROBOTS(MultiProcess);

class TakeOver : public LibraryTest {
 protected:
  Application owner() {
    Application application(worker());
    EXPECT_EQ(application.ask("open"), "open 0");
    return application;
  }
};

TEST_F(TakeOver, BeginsWithinTwoSeconds) {
  ASSERT_NO_FATAL_FAILURE(create());
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  first.kill();
  const auto begin = std::chrono::steady_clock::now();
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

// Everything that was acknowledged before the owner died is there afterwards, and is done.
TEST_F(TakeOver, NothingAcknowledgedIsLost) {
  ASSERT_NO_FATAL_FAILURE(create());
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  std::vector<Id> operations;
  operations.push_back(first.eject(robot().bar_code(0)));
  for (unsigned i = 1; i < 4; ++i) operations.push_back(first.eject(robot().bar_code(i)));
  ASSERT_EQ(first.ask("eject " + robot().bar_code(5) + " 2").substr(0, 7), "eject 0");
  first.kill();
  for (unsigned i = 0; i < 4; ++i) {
    ASSERT_TRUE(wait_for_extended(medium(i)));
    take(medium(i));
    ASSERT_TRUE(wait_for_state(operations[i], NTMS_LM_PASSED));
  }
  EXPECT_EQ(rsm().state(unfinished_request_of(medium(5))), NTMS_LM_QUEUED)
      << "the held batch stays held";
  EXPECT_TRUE(agree_soon());
}

TEST_F(TakeOver, StopsThatWereAcknowledgedAreDone) {
  ASSERT_NO_FATAL_FAILURE(create());
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = first.eject(robot().bar_code(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_EQ(first.ask("stop " + operation.hex()), "stop 0");
  first.kill();
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(agree_soon());
}

// The owner dies while the arm moves; how the move ends is the robot's affair.
class KilledInAMove : public TakeOver, public ::testing::WithParamInterface<std::uint32_t> {};

TEST_P(KilledInAMove, IsSettledByLookingAtTheRobot) {
  ASSERT_NO_FATAL_FAILURE(create());
  emulator().set_move_time(1500);
  ASSERT_EQ(ntms_emulator_set_caller_death(emulator().handle(), GetParam()), NTMS_EMULATOR_OK);
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = first.eject(robot().bar_code(0));
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  first.kill();
  emulator().set_move_time(0);
  ASSERT_TRUE(wait_until([&] {
    const DWORD state = rsm().state(operation);
    if (state == NTMS_LM_FAILED) return true;
    const int index = port_of(medium(0));
    return index >= 0 &&
           port(static_cast<unsigned>(index)).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED;
  })) << picture();
  if (GetParam() == NTMS_EMULATOR_MOVE_FINISHES) {
    EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS) << "it came out" << picture();
  }
  if (GetParam() == NTMS_EMULATOR_MOVE_STAYS_IN_TRANSPORT) {
    EXPECT_EQ(rsm().state(operation), NTMS_LM_FAILED) << picture();
    ASSERT_TRUE(rsm().find(medium(0))) << "it has not left the library";
    EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); }))
        << "what the arm holds is brought home" << picture();
    EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
    EXPECT_TRUE(agree_soon());
    return;
  }
  EXPECT_TRUE(agree_soon());
  if (port_of(medium(0)) >= 0) {
    take(medium(0));
    EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  } else {
    EXPECT_TRUE(is_in_slot(medium(0), 0));
    EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  }
  EXPECT_TRUE(agree_soon());
}

// An inject whose owner dies in the move goes on under the next one: the cartridge is in a slot or
// in the port, known once, wherever the move ended.
TEST_P(KilledInAMove, OfAnInject) {
  LibraryShape shape;
  shape.ports = 1;
  ASSERT_NO_FATAL_FAILURE(create(shape));
  ASSERT_EQ(ntms_emulator_set_caller_death(emulator().handle(), GetParam()), NTMS_EMULATOR_OK);
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(first.ask("hands inject " + library().hex()), "hands 0");
  Id operation;
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) operation = id;
  ASSERT_TRUE(
      wait_until([&] { return port(0).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED; }));
  emulator().set_move_time(1500);
  robot().put(0, "NEW001L8");
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  first.kill();
  emulator().set_move_time(0);
  ASSERT_TRUE(wait_until([&] {
    const Id found = medium_with("NEW001L8");
    return !found.is_null() && media_info(found).LocationType == NTMS_STORAGESLOT &&
           !Id(media_info(found).Location).is_null();
  })) << picture();
  Id stopped = operation;
  (void)InjectNtmsMedia(session(), library().get(), stopped.get(), NTMS_INJECT_STOP);
  ASSERT_TRUE(wait_for_end(operation)) << picture();
  std::size_t records = 0;
  for (const Id& id : rsm().list(NTMS_PHYSICAL_MEDIA)) {
    records += text(media_info(id).szBarCode) == "NEW001L8" ? 1 : 0;
  }
  EXPECT_EQ(records, 1U);
  EXPECT_TRUE(agree_soon());
}

// A drive that is being emptied when the owner dies.
TEST_P(KilledInAMove, OfADismount) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kDrive, 0));
  ASSERT_EQ(ntms_emulator_set_caller_death(emulator().handle(), GetParam()), NTMS_EMULATOR_OK);
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const auto moves = emulator().commands(0xA5);
  emulator().set_move_time(1500);
  ASSERT_EQ(first.ask("hands dismount " + library().hex() + " " + Id(drive(0).ObjectGuid).hex()),
            "hands 0");
  Id operation;
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) operation = id;
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == moves + 1; }));
  first.kill();
  emulator().set_move_time(0);
  ASSERT_TRUE(wait_for_end(operation)) << picture();
  ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  EXPECT_EQ(drive(0).Info.Drive.State, NTMS_DRIVESTATE_DISMOUNTED);
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_TRUE(agree_soon());
}

// Two cartridges are on their way: both are found, and the mount goes on.
TEST_P(KilledInAMove, OfAnExchange) {
  LibraryShape shape;
  shape.drives = 1;
  ASSERT_NO_FATAL_FAILURE(create(shape));
  ASSERT_EQ(ntms_emulator_set_caller_death(emulator().handle(), GetParam()), NTMS_EMULATOR_OK);
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const auto mount = [&](unsigned index) {
    Id side = side_of(medium(index));
    Id drive_id;
    return MountNtmsMedia(session(), side.get(), drive_id.get(), 1, NTMS_MOUNT_READ,
                          NTMS_PRIORITY_NORMAL, 60'000, nullptr);
  };
  ASSERT_EQ(mount(0), ERROR_SUCCESS);
  Id side = side_of(medium(0));
  ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_DEFERRED), ERROR_SUCCESS);
  ASSERT_TRUE(
      wait_until([&] { return drive(0).Info.Drive.State == NTMS_DRIVESTATE_DISMOUNTABLE; }));
  emulator().set_move_time(1500);
  auto waiting = std::async(std::launch::async, [&] { return mount(1); });
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA6) == 1; }));
  first.kill();
  emulator().set_move_time(0);
  EXPECT_EQ(waiting.get(), ERROR_SUCCESS) << picture();
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(media_info(medium(1)).MediaState, NTMS_MEDIASTATE_LOADED);
  EXPECT_EQ(Id(media_info(medium(1)).Location), Id(drive(0).ObjectGuid));
  EXPECT_EQ(drive(0).Info.Drive.State, NTMS_DRIVESTATE_LOADED);
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
    EXPECT_TRUE(wait_for_state(id, NTMS_LM_PASSED)) << picture();
  }
  EXPECT_TRUE(agree_soon());
}

// The cartridge is being turned over on its way into the drive, or on its way home: whichever side
// is up where the move has ended, the wanted one is in the drive, and side 0 is up in the slot.
TEST_P(KilledInAMove, OfATurningMount) {
  LibraryShape shape;
  shape.drives = 1;
  shape.two_sided = true;
  ASSERT_NO_FATAL_FAILURE(create(shape));
  ASSERT_EQ(ntms_emulator_set_caller_death(emulator().handle(), GetParam()), NTMS_EMULATOR_OK);
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  Id side = rsm().list(NTMS_PARTITION, medium(0)).at(1);
  emulator().set_move_time(1500);
  auto waiting = std::async(std::launch::async, [&] {
    Id drive_id;
    return MountNtmsMedia(session(), side.get(), drive_id.get(), 1, NTMS_MOUNT_READ,
                          NTMS_PRIORITY_NORMAL, 60'000, nullptr);
  });
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == 1; }));
  first.kill();
  emulator().set_move_time(0);
  ASSERT_EQ(waiting.get(), ERROR_SUCCESS) << picture();
  EXPECT_EQ(emulator().side_up(kDrive, 0), 1U);
  EXPECT_EQ(Id(media_info(medium(0)).MountedPartition), side);
  EXPECT_EQ(Id(drive(0).Info.Drive.SavedPartitionId), side);

  ASSERT_EQ(DismountNtmsMedia(session(), side.get(), 1, NTMS_DISMOUNT_IMMEDIATE), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  EXPECT_EQ(emulator().side_up(kSlot, 0), 0U);
  EXPECT_TRUE(agree_soon());
}

TEST_P(KilledInAMove, OfATurningDismount) {
  LibraryShape shape;
  shape.drives = 1;
  shape.two_sided = true;
  ASSERT_NO_FATAL_FAILURE(create(shape));
  ASSERT_TRUE(emulator().foreign_turn(kSlot, 0, kDrive, 0));
  ASSERT_EQ(ntms_emulator_set_caller_death(emulator().handle(), GetParam()), NTMS_EMULATOR_OK);
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(Id(drive(0).Info.Drive.SavedPartitionId), rsm().list(NTMS_PARTITION, medium(0)).at(1));
  const auto moves = emulator().commands(0xA5);
  emulator().set_move_time(1500);
  ASSERT_EQ(first.ask("hands dismount " + library().hex() + " " + Id(drive(0).ObjectGuid).hex()),
            "hands 0");
  ASSERT_TRUE(wait_until([&] { return emulator().commands(0xA5) == moves + 1; }));
  first.kill();
  emulator().set_move_time(0);
  ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  EXPECT_EQ(emulator().side_up(kSlot, 0), 0U);
  EXPECT_TRUE(agree_soon());
}

// The next owner waits on for the operator at the doors.
TEST_F(TakeOver, DoorAccessGoesOn) {
  LibraryShape shape;
  shape.doors = 1;
  ASSERT_NO_FATAL_FAILURE(create(shape));
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(first.ask("hands door " + library().hex()), "hands 0");
  Id operation;
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) operation = id;
  ASSERT_TRUE(wait_until(
      [&] { return elements(NTMS_IEDOOR)[0].Info.IEDoor.State == NTMS_DOORSTATE_OPEN; }));
  ASSERT_EQ(ntms_emulator_door_open(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_EQ(ntms_emulator_slot_swap(emulator().handle(), 0, 1), NTMS_EMULATOR_OK);
  first.kill();
  ASSERT_TRUE(wait_until([&] { return library_ready(library()); }));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  ASSERT_EQ(ntms_emulator_door_close(emulator().handle(), 0), NTMS_EMULATOR_OK);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(is_in_slot(medium(0), 1));
  EXPECT_TRUE(is_in_slot(medium(1), 0));
  EXPECT_TRUE(agree_soon());
}

INSTANTIATE_TEST_SUITE_P(AndTheMove, KilledInAMove,
                         ::testing::Values(NTMS_EMULATOR_MOVE_FINISHES,
                                           NTMS_EMULATOR_MOVE_STAYS_AT_SOURCE,
                                           NTMS_EMULATOR_MOVE_STAYS_IN_TRANSPORT),
                         [](const auto& policy) {
                           switch (policy.param) {
                             case NTMS_EMULATOR_MOVE_FINISHES:
                               return "Finishes";
                             case NTMS_EMULATOR_MOVE_STAYS_AT_SOURCE:
                               return "StaysAtSource";
                             default:
                               return "StaysInTransport";
                           }
                         });

// Many processes at once, all asking for something.
TEST_F(TakeOver, ManyClients) {
  LibraryShape shape;
  shape.ports = 6;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  std::vector<std::unique_ptr<Application>> clients;
  std::vector<Id> operations;
  for (unsigned i = 0; i < 6; ++i) {
    clients.push_back(std::make_unique<Application>(worker()));
    ASSERT_EQ(clients.back()->ask("open"), "open 0");
  }
  for (unsigned i = 0; i < 6; ++i) {
    clients[i]->begin("eject " + robot().bar_code(i) + " 0");
  }
  for (unsigned i = 0; i < 6; ++i) {
    const std::string reply = clients[i]->answer();
    ASSERT_TRUE(reply.starts_with("eject 0 ")) << reply;
    operations.push_back(parse_id(reply.substr(8)));
    clients[i]->begin("await " + operations.back().hex());
  }
  std::vector<bool> taken(6, false);
  ASSERT_TRUE(wait_until([&] {
    bool all = true;
    for (unsigned i = 0; i < 6; ++i) {
      const int index = taken[i] ? -1 : port_of(medium(i));
      if (index >= 0 &&
          port(static_cast<unsigned>(index)).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED) {
        taken[i] = ntms_emulator_port_take(emulator().handle(), static_cast<unsigned>(index),
                                           nullptr) == NTMS_EMULATOR_OK;
      }
      all = all && taken[i];
    }
    return all;
  })) << picture();
  for (auto& client : clients) {
    EXPECT_EQ(client->answer(), "await " + std::to_string(NTMS_LM_PASSED) + " 0");
    EXPECT_EQ(client->end(), 0);
  }
  EXPECT_TRUE(agree_soon());
}

// A process that ends without closing its sessions neither hangs nor takes anything with it.
TEST_F(TakeOver, ProcessThatJustEnds) {
  ASSERT_NO_FATAL_FAILURE(create());
  Application first = owner();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = first.eject(robot().bar_code(0));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(first.end(), 0);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(6));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

}  // namespace
}  // namespace ntms::integration
