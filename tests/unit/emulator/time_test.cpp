// SPDX-License-Identifier: MIT
// Motions with a duration, on the real and on the virtual clock, and what becomes of them when
// their caller gives up or is killed.
#include <future>
#include <thread>

#include "emulator/process.h"
#include "support.h"
#include "support/program.h"

#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

namespace ntms::emulator {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t kStart = 1'000'000'000'000;

class TimeTest : public LibraryTest {
 protected:
  void make_virtual() {
    geometry_.virtual_clock = 1;
    geometry_.clock_start = kStart;
    make();
  }

  void advance(std::int64_t milliseconds) {
    ASSERT_EQ(ntms_emulator_clock_advance(emulator_, milliseconds), NTMS_EMULATOR_OK);
  }

  // Waits until the unit has received `count` commands of an operation code.
  void wait_for_command(std::uint32_t opcode, std::uint64_t count) {
    std::uint64_t seen = 0;
    const auto give_up = steady_clock::now() + std::chrono::seconds(30);
    while (seen < count && steady_clock::now() < give_up) {
      ASSERT_EQ(ntms_emulator_command_count(emulator_, kChanger, opcode, &seen), NTMS_EMULATOR_OK);
      std::this_thread::yield();
    }
    ASSERT_EQ(seen, count);
  }
};

TEST_F(TimeTest, ThereMustBeAVirtualClock) {
  make();
  std::int64_t now = 0;
  EXPECT_EQ(ntms_emulator_clock_now(emulator_, &now), NTMS_EMULATOR_NO_CLOCK);
  EXPECT_EQ(ntms_emulator_clock_advance(emulator_, 1), NTMS_EMULATOR_NO_CLOCK);
  EXPECT_EQ(ntms_emulator_clock_set(emulator_, 1), NTMS_EMULATOR_NO_CLOCK);
  const auto clock = VirtualClock::of(path_);
  ASSERT_TRUE(clock.has_value());
  EXPECT_FALSE(clock->has_value());
}

TEST_F(TimeTest, VirtualClockIsSharedAndDoesNotGoBack) {
  make_virtual();
  const auto clock = VirtualClock::of(path_);
  ASSERT_TRUE(clock.has_value() && clock->has_value());
  EXPECT_EQ((*clock)->now_ms(), kStart);
  advance(1500);
  EXPECT_EQ((*clock)->now_ms(), kStart + 1500);
  EXPECT_EQ(ntms_emulator_clock_set(emulator_, kStart), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_clock_advance(emulator_, -1), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_clock_set(emulator_, kStart + 2000), NTMS_EMULATOR_OK);
  EXPECT_EQ((*clock)->now_ms(), kStart + 2000);
}

TEST_F(TimeTest, AMoveTakesItsTime) {
  make();
  durations(30);
  const auto changer = unit(kChanger);
  const auto began = steady_clock::now();
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  EXPECT_GE(steady_clock::now() - began, milliseconds(29));
  EXPECT_EQ(place("TAPE00"), "drive 0");
}

TEST_F(TimeTest, ATimeOutDoesNotStopTheArm) {
  make();
  durations(300);
  const auto changer = unit(kChanger);
  auto hasty = move(kSlot, kDrive);
  hasty.timeout = milliseconds(20);
  EXPECT_EQ(said(changer->execute(hasty)), "timed out");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  // The next command waits for the arm; INQUIRY does not need it.
  EXPECT_EQ(said(changer->execute(command_of({0x12, 0, 0, 0, 36, 0}, 36))), "good");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "good");
  EXPECT_EQ(place("TAPE00"), "drive 0");
}

TEST_F(TimeTest, OthersWaitNoLongerThanTheirTimeOut) {
  make_virtual();
  durations(5000);
  const auto mover = unit(kChanger, "a");
  const auto other = unit(kChanger, "b");
  const auto drive = unit(kFirstDriveLun, "b");
  auto moved = std::async(std::launch::async, [&] { return mover->execute(move(kSlot, kDrive)); });
  wait_for_command(0xA5, 1);
  auto hasty = test_unit_ready();
  hasty.timeout = milliseconds(20);
  EXPECT_EQ(said(other->execute(hasty)), "timed out");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "2/3A/00");
  EXPECT_EQ(ntms_emulator_door_open(emulator_, 0), NTMS_EMULATOR_LOCKED);
  EXPECT_EQ(place("TAPE00"), "slot 0");
  advance(5000);
  EXPECT_EQ(said(moved.get()), "good");
  EXPECT_EQ(place("TAPE00"), "drive 0");
}

TEST_F(TimeTest, DurationsAndTimeOutsElapseInVirtualTime) {
  make_virtual();
  durations(600'000);
  const auto changer = unit(kChanger);
  auto patient = move(kSlot, kDrive);
  patient.timeout = std::chrono::minutes(20);
  auto first = std::async(std::launch::async, [&] { return changer->execute(patient); });
  wait_for_command(0xA5, 1);
  advance(3'600'000);  // past the end and the time-out: the end came first
  EXPECT_EQ(said(first.get()), "good");

  auto hasty = move(kSlot + 1, kDrive + 1);
  hasty.timeout = std::chrono::minutes(5);
  auto second = std::async(std::launch::async, [&] { return changer->execute(hasty); });
  wait_for_command(0xA5, 2);
  advance(300'000);
  advance(1);
  EXPECT_EQ(said(second.get()), "timed out");
  EXPECT_EQ(place("TAPE01"), "slot 1");
  advance(300'000);
  EXPECT_EQ(place("TAPE01"), "drive 1");
}

TEST_F(TimeTest, ADriveNeedsItsTimeToLoad) {
  make_virtual();
  durations(0, 40'000);
  const auto changer = unit(kChanger);
  const auto drive = unit(kFirstDriveLun);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "2/04/01");
  advance(39'999);
  EXPECT_EQ(said(drive->execute(command_of({0x01, 0, 0, 0, 0, 0}))), "2/04/01");
  advance(1);
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "6/28/00");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "good");
  ASSERT_EQ(said(drive->execute(command_of({0x1B, 0, 0, 0, 0, 0}))), "good");
  ASSERT_EQ(said(drive->execute(command_of({0x1B, 1, 0, 0, 1, 0}))), "good");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "2/04/01");
  auto load = command_of({0x1B, 0, 0, 0, 1, 0});
  load.timeout = std::chrono::minutes(2);
  auto loading = std::async(std::launch::async, [&] { return drive->execute(load); });
  std::uint64_t loads = 0;
  while (loads < 3) {
    ASSERT_EQ(ntms_emulator_command_count(emulator_, 1, 0x1B, &loads), NTMS_EMULATOR_OK);
  }
  advance(40'000);
  EXPECT_EQ(said(loading.get()), "good");
}

TEST_F(TimeTest, TimedOutAfterLetsTheMoveEnd) {
  make_virtual();
  durations(5000);
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, 0xA5);
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "timed out");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  advance(5000);
  EXPECT_EQ(place("TAPE00"), "drive 0");
}

TEST_F(TimeTest, PortsAndInitializationTakeTheirTime) {
  geometry_.port_kind = NTMS_EMULATOR_PORT_MOTORIZED;
  make();
  durations(0, 0, 20, 20);
  const auto changer = unit(kChanger);
  auto began = steady_clock::now();
  EXPECT_EQ(said(changer->execute(command_of({0x07, 0, 0, 0, 0, 0}))), "good");
  EXPECT_GE(steady_clock::now() - began, milliseconds(19));
  began = steady_clock::now();
  EXPECT_EQ(said(changer->execute(command_of({0x1B, 0, 0, kPort, 0, 0}))), "good");
  EXPECT_GE(steady_clock::now() - began, milliseconds(19));
  EXPECT_EQ(element(NTMS_EMULATOR_PORT, 0).extended, 1U);
}

// Starts a process that begins a move of five virtual seconds, and kills it on the way.
class KillTest : public TimeTest {
 protected:
  // A process of its own that moves the first tape to the first drive; `how`: once or forever.
  test::Program mover(const std::string& initiator, const std::string& how) const {
    return test::Program({test::program_beside("emulator_mover"), path_, initiator,
                          std::to_string(kSlot), std::to_string(kDrive), how});
  }

  void kill_in_the_middle(std::uint32_t policy) {
    make_virtual();
    durations(5000);
    ASSERT_EQ(ntms_emulator_set_caller_death(emulator_, policy), NTMS_EMULATOR_OK);
    test::Program doomed = mover("doomed", "once");
    wait_for_command(0xA5, 1);
    doomed.kill();
    EXPECT_EQ(place("TAPE00"), "slot 0");  // the arm is still on its way
    advance(5000);
  }
};

TEST_F(KillTest, TheMoveFinishes) {
  kill_in_the_middle(NTMS_EMULATOR_MOVE_FINISHES);
  EXPECT_EQ(place("TAPE00"), "drive 0");
  durations(0);
  EXPECT_EQ(said(unit(kChanger)->execute(move(kSlot + 1, kDrive + 1))), "good");
}

TEST_F(KillTest, TheCartridgeStaysAtItsSource) {
  kill_in_the_middle(NTMS_EMULATOR_MOVE_STAYS_AT_SOURCE);
  EXPECT_EQ(place("TAPE00"), "slot 0");
  ntms_emulator_trace_entry entry{};
  entry.size = sizeof entry;
  ASSERT_EQ(ntms_emulator_trace(emulator_, 2, &entry), NTMS_EMULATOR_OK);
  EXPECT_EQ(entry.delivery, static_cast<std::uint32_t>(NTMS_EMULATOR_UNDER_WAY));
}

TEST_F(KillTest, TheCartridgeStaysInTheTransport) {
  kill_in_the_middle(NTMS_EMULATOR_MOVE_STAYS_IN_TRANSPORT);
  EXPECT_EQ(place("TAPE00"), "transport 0");
}

// A process that does nothing but commands without pause is killed many times; the file stays whole
// and every cartridge is in exactly one place.
TEST_F(KillTest, TheFileSurvivesAnyInstant) {
  make();
  for (int round = 0; round < 20; ++round) {
    const std::string name = "round" + std::to_string(round);
    std::uint64_t before = 0;
    std::uint64_t seen = 0;
    ASSERT_EQ(ntms_emulator_command_count(emulator_, kChanger, 0xA5, &before), NTMS_EMULATOR_OK);
    test::Program child = mover(name, "forever");
    while (seen < before + 5 + static_cast<std::uint64_t>(round)) {
      ASSERT_EQ(ntms_emulator_command_count(emulator_, kChanger, 0xA5, &seen), NTMS_EMULATOR_OK);
    }
    child.kill();
    const std::string where = place("TAPE00");
    EXPECT_TRUE(where == "slot 0" || where == "drive 0") << where;
  }
  EXPECT_EQ(place("TAPE04"), "slot 4");
}

TEST(ProcessTest, TellsTheLivingFromTheDead) {
  EXPECT_TRUE(is_alive(this_process()));
  ProcessId another = this_process();
  another.start += 1;
  EXPECT_FALSE(is_alive(another));
}

#ifndef _WIN32  // where a process that has ended is gone
TEST(ProcessTest, TakesAZombieForDead) {
  const pid_t child = ::fork();
  ASSERT_NE(child, -1);
  if (child == 0) ::_exit(0);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(is_alive({child, this_process().start}));  // a zombie, or a wrong start time
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
}
#endif

}  // namespace
}  // namespace ntms::emulator
