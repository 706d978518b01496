// SPDX-License-Identifier: MIT
// Scenarios that make libraries and that are played, with and without a program that moves media.
#include <atomic>
#include <future>
#include <optional>
#include <thread>

#include "support.h"

namespace ntms::emulator {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t kStart = 1'767'600'000'000;  // 2026-01-05T08:00:00
const std::string kLibrary =
    "library slots=10 drives=2 ports=2 magazines=2 clock=virtual start=2026-01-05T08:00:00\n"
    "slot 1 holds TAPE00\n"
    "slot 2 holds TAPE01\n";
constexpr std::int64_t kMinute = 60'000;

class ScenarioTest : public LibraryTest {
 protected:
  // Makes the library of a text and opens it.
  void make(const std::string& text) {
    ASSERT_EQ(ntms_emulator_scenario_create(path_.c_str(), text.c_str(), error_, sizeof error_),
              NTMS_EMULATOR_OK)
        << error_;
    EXPECT_STREQ(error_, "");
    ASSERT_EQ(ntms_emulator_open(path_.c_str(), &emulator_), NTMS_EMULATOR_OK);
  }

  // Plays a text and returns the code; the reason is in error_.
  int play(const std::string& text, ntms_emulator_scenario_watch watch = nullptr,
           void* context = nullptr) {
    return ntms_emulator_scenario_play(emulator_, text.c_str(), watch, context, error_,
                                       sizeof error_);
  }

  std::int64_t passed() {
    std::int64_t now = 0;
    EXPECT_EQ(ntms_emulator_clock_now(emulator_, &now), NTMS_EMULATOR_OK);
    return now - kStart;
  }

  char error_[200] = "untouched";
};

// Waits for a time of the virtual clock; false if the program is told to end first.
bool wait_until(const VirtualClock& clock, std::int64_t time, const std::atomic<bool>& stop) {
  while (!stop && clock.now_ms() < time) std::this_thread::sleep_for(milliseconds(1));
  return !stop;
}

// A program under test in a thread of its own. It ends when its body returns, and is told to end
// when the test does.
class Program {
 public:
  template <class Body>
  explicit Program(const Body& body) : thread_([this, body] { body(stop_); }) {}
  ~Program() {
    stop_ = true;
    thread_.join();
  }

 private:
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

TEST_F(ScenarioTest, RefusesNulls) {
  make(kLibrary);
  EXPECT_EQ(ntms_emulator_scenario_create(nullptr, "", error_, sizeof error_),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_scenario_create("x", nullptr, error_, sizeof error_),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_scenario_create("x", "library", nullptr, 1), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_scenario_play(nullptr, "", nullptr, nullptr, error_, sizeof error_),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_scenario_play(emulator_, nullptr, nullptr, nullptr, nullptr, 0),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_scenario_play(emulator_, "", nullptr, nullptr, nullptr, 1),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_scenario_play_file(nullptr, "", nullptr, nullptr, nullptr, 0),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_scenario_play(emulator_, "", nullptr, nullptr, nullptr, 0),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(play("# nothing happens\n"), NTMS_EMULATOR_OK);
}

TEST_F(ScenarioTest, MakesNothingFromAWrongText) {
  const auto refused = [&](const std::string& text) {
    return ntms_emulator_scenario_create(path_.c_str(), text.c_str(), error_, sizeof error_);
  };
  EXPECT_EQ(refused(""), NTMS_EMULATOR_INVALID);
  EXPECT_STREQ(error_, "there is no library line");
  EXPECT_EQ(refused("library\nslot 21 holds A"), NTMS_EMULATOR_INVALID);
  EXPECT_STREQ(error_, "line 2: there is no slot 21: the last one is 20");
  char shorter[8];
  EXPECT_EQ(ntms_emulator_scenario_create(path_.c_str(), "library\nx", shorter, sizeof shorter),
            NTMS_EMULATOR_INVALID);
  EXPECT_STREQ(shorter, "line 2:");
  EXPECT_FALSE(std::filesystem::exists(path_));
  make(kLibrary);
  EXPECT_EQ(refused(kLibrary), NTMS_EMULATOR_EXISTS);
  EXPECT_NE(std::string(error_).find("already exists"), std::string::npos) << error_;
}

TEST_F(ScenarioTest, MakesTheLibraryItDescribes) {
  make(
      "library slots=4 drives=1 ports=1 clock=virtual\n"
      "durations move=5s\n"
      "slot 1 holds A00001\n"
      "slot 4 holds unlabelled\n"
      "shelf holds A00002\n"
      "at +0s port 1 put A00002\n");
  EXPECT_EQ(place("A00001"), "slot 0");
  EXPECT_EQ(element(NTMS_EMULATOR_SLOT, 3).full, 1U);
  EXPECT_STREQ(element(NTMS_EMULATOR_SLOT, 3).barcode, "");
  EXPECT_EQ(place("A00002"), "shelf 0");  // nothing has been played
  const auto changer = unit(kChanger);
  fault(NTMS_EMULATOR_TIMEOUT_AFTER, 0xA5);
  ASSERT_EQ(said(changer->execute(move(kSlot, kDrive))), "timed out");
  EXPECT_EQ(place("A00001"), "slot 0");
  ASSERT_EQ(ntms_emulator_clock_advance(emulator_, 5000), NTMS_EMULATOR_OK);
  EXPECT_EQ(place("A00001"), "drive 0");
}

TEST_F(ScenarioTest, DoesNothingIfTheLibraryLacksSomething) {
  make(kLibrary);
  EXPECT_EQ(play("then door 0 open\nthen door 1 open"), NTMS_EMULATOR_INVALID);
  EXPECT_STREQ(error_, "line 2: there is no door 1: the last one is 0");
  EXPECT_EQ(play("then door 0 open\nthen station pull"), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(play("then door 0 open\nthen jump"), NTMS_EMULATOR_INVALID);
  std::uint32_t open = 9;
  ASSERT_EQ(ntms_emulator_door_is_open(emulator_, 0, &open), NTMS_EMULATOR_OK);
  EXPECT_EQ(open, 0U);
  EXPECT_EQ(passed(), 0);
}

TEST_F(ScenarioTest, SaysWhatItWaitedForInVain) {
  make(kLibrary + "pace patience=1ms\n");
  const std::string pace = "pace patience=1ms\n";
  EXPECT_EQ(play(pace + "expect slot 1 holds TAPE01 within 60s"), NTMS_EMULATOR_NOT_PLAYED);
  EXPECT_STREQ(error_,
               "line 2: expect slot 1 holds TAPE01 within 60s: still not after 1m: a cartridge "
               "with TAPE00 is there");
  EXPECT_EQ(passed(), kMinute);
  EXPECT_EQ(play(pace + "then port 1 take within 5s"), NTMS_EMULATOR_NOT_PLAYED);
  EXPECT_STREQ(error_,
               "line 2: then port 1 take within 5s: still not after 5s: no cartridge is there");
  EXPECT_EQ(play(pace + "then slot 1 put A within 5s"), NTMS_EMULATOR_NOT_PLAYED);
  EXPECT_STREQ(error_,
               "line 2: then slot 1 put A within 5s: still not after 5s: the library does not let "
               "the operator do that now");
  for (const char* text :
       {"expect slot 3 full", "expect slot 1 empty", "expect drive 1 loaded",
        "expect port 1 extended", "expect door 0 open", "expect magazine 1 out",
        "expect removal prevented", "expect shelf holds TAPE00", "expect transport holds TAPE00",
        "expect command inquiry times 1", "then port 1 take TAPE00"}) {
    EXPECT_EQ(play(pace + text + " within 0s"), NTMS_EMULATOR_NOT_PLAYED) << text;
  }
  for (const char* text :
       {"expect slot 1 full", "expect slot 3 empty", "expect drive 1 unloaded",
        "expect port 1 retracted", "expect door 0 closed", "expect magazine 1 in",
        "expect removal allowed", "expect transport empty"}) {
    EXPECT_EQ(play(pace + text + " within 0s"), NTMS_EMULATOR_OK) << text;
  }
  // What cannot come true by waiting is not waited for.
  EXPECT_EQ(play("then cartridge NOBODY protect"), NTMS_EMULATOR_NOT_FOUND);
  EXPECT_EQ(std::string(error_).find("line 1: then cartridge NOBODY protect: "), 0U) << error_;
}

TEST_F(ScenarioTest, PlaysAPersonOnVirtualTime) {
  make(kLibrary + "shelf holds NEW001\n");
  const std::uint64_t before = element(NTMS_EMULATOR_SLOT, 0).cartridge;
  ASSERT_EQ(play("at +0s    port 1 put NEW001\n"
                 "at +30m   door 0 open\n"
                 "then      slots 1 2 swap\n"
                 "then      slot 3 put NEW002\n"
                 "then      slot 1 take TAPE01\n"
                 "expect    door 0 open\n"
                 "then      door 0 close\n"
                 "at +1h    magazine 1 pull\n"
                 "expect    magazine 1 out\n"
                 "then      slot 10 put unlabelled\n"
                 "then      magazine 1 push\n"
                 "at +1h1m  port 1 take\n"
                 "expect    shelf holds NEW001\n"
                 "expect    port 1 empty\n"),
            NTMS_EMULATOR_OK)
      << error_;
  EXPECT_STREQ(error_, "");
  EXPECT_EQ(passed(), 61 * kMinute);
  EXPECT_EQ(element(NTMS_EMULATOR_SLOT, 1).cartridge, before);
  EXPECT_EQ(place("TAPE01"), "shelf 0");
  EXPECT_EQ(place("NEW002"), "slot 2");
  EXPECT_EQ(element(NTMS_EMULATOR_SLOT, 9).full, 1U);
}

TEST_F(ScenarioTest, PlaysTheStation) {
  make("library ports=2 port_kind=by-hand clock=virtual\n");
  ASSERT_EQ(play("then station pull\nexpect port 2 extended\nthen port 2 put A\n"
                 "then station push\nexpect port 2 retracted\n"),
            NTMS_EMULATOR_OK)
      << error_;
  EXPECT_EQ(place("A"), "port 1");
}

TEST_F(ScenarioTest, PlaysATester) {
  make(kLibrary);
  const auto changer = unit(kChanger);
  const auto drive = unit(kFirstDriveLun);
  ASSERT_EQ(play("at +1s fault move-medium nth=2 kind=fail-before sense=4/15/01\n"
                 "then attention 3f/01\n"
                 "then alert drive 1 20 on\n"
                 "then cartridge TAPE00 protect\n"
                 "then caller-death stays-at-source\n"
                 "then durations load=1m\n"),
            NTMS_EMULATOR_OK)
      << error_;
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "6/3F/01");
  EXPECT_EQ(said(changer->execute(move(kSlot, kDrive))), "good");
  EXPECT_EQ(said(changer->execute(move(kSlot + 1, kDrive + 1))), "4/15/01");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "2/04/01");
  const auto alerts = drive->execute(command_of({0x4D, 0, 0x6E, 0, 0, 0, 0, 2, 0, 0}, 512));
  EXPECT_EQ(alerts.data.at(4 + 19 * 5 + 4), 1);
  ASSERT_EQ(play("then link down"), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "link lost");
  ASSERT_EQ(play("then link up\nthen fault any kind=busy times=always\nthen faults clear\n"
                 "at +1m expect"),
            NTMS_EMULATOR_INVALID);
  ASSERT_EQ(play("then link up\nthen fault any kind=busy times=always\nthen faults clear\n"),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(said(changer->execute(test_unit_ready())), "good");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "2/04/01");
  ASSERT_EQ(play("at +1m link up"), NTMS_EMULATOR_OK);
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "6/28/00");
  EXPECT_EQ(said(drive->execute(command_of({0x0A, 0, 0, 0, 0, 0}))), "7/27/00");
}

TEST_F(ScenarioTest, APersonWaitsForTheLockAndTheProgramHasItsTime) {
  make(kLibrary);
  const auto clock = VirtualClock::of(path_);
  ASSERT_TRUE(clock.has_value() && clock->has_value());
  const auto changer = unit(kChanger);
  ASSERT_EQ(said(changer->execute(prevent(true))), "good");
  // Unlocks after five minutes of its time.
  const Program program([&](const std::atomic<bool>& stop) {
    if (wait_until(**clock, kStart + 5 * kMinute, stop)) changer->execute(prevent(false));
  });
  ASSERT_EQ(play("expect removal prevented\n"
                 "then   door 0 open\n"
                 "expect removal allowed\n"),
            NTMS_EMULATOR_OK)
      << error_;
  EXPECT_GE(passed(), 5 * kMinute);
  EXPECT_LE(passed(), 10 * kMinute);
}

TEST_F(ScenarioTest, TheProgramPutsAwayWhatThePersonBrings) {
  make(kLibrary + "durations move=20s\n");
  const auto clock = VirtualClock::of(path_);
  ASSERT_TRUE(clock.has_value() && clock->has_value());
  const auto changer = unit(kChanger);
  // Looks for 28h/01h every five seconds and moves what is in the first port to the tenth slot.
  const Program program([&](const std::atomic<bool>& stop) {
    for (auto next = kStart; wait_until(**clock, next, stop); next += 5000) {
      if (said(changer->execute(test_unit_ready())) != "6/28/01") continue;
      changer->execute(move(kPort, kSlot + 9));
      return;
    }
  });
  ASSERT_EQ(play("expect command test-unit-ready times 2\n"
                 "at +1m port 1 put NEW001\n"
                 "then   port 1 put NEW002      # waits until the first one is gone\n"
                 "expect slot 10 holds NEW001 within 0s\n"
                 "expect command move-medium times 1 within 0s\n"),
            NTMS_EMULATOR_OK)
      << error_;
  EXPECT_EQ(place("NEW002"), "port 0");
  EXPECT_GE(passed(), kMinute + 20'000);  // the arm was waited for
}

TEST_F(ScenarioTest, AnExpectationMayComeTrueInRealTimeAtTheEndOfTheVirtual) {
  make(kLibrary);
  const auto changer = unit(kChanger);
  // A program that is slow in real time: it acts only when the virtual time is long over.
  struct Slow {
    Device& changer;
    ntms_emulator* emulator;
    int looks = 0;
  } slow{*changer, emulator_};
  const auto watch = [](void* context, std::uint32_t, std::uint32_t, const char*) {
    auto& program = *static_cast<Slow*>(context);
    std::int64_t now = 0;
    ntms_emulator_clock_now(program.emulator, &now);
    if (now == kStart + 2000 && ++program.looks == 5) program.changer.execute(move(kSlot, kDrive));
    return 0;
  };
  ASSERT_EQ(
      play("pace quiet=1ms patience=60s\nexpect drive 1 holds TAPE00 within 2s", watch, &slow),
      NTMS_EMULATOR_OK)
      << error_;
  EXPECT_EQ(passed(), 2000);
}

// The same with an arm that takes its time, which the clock must then bring.
TEST_F(ScenarioTest, TheArmArrivesAfterTheEndOfTheVirtualTime) {
  make(kLibrary + "durations move=20s\n");
  const auto changer = unit(kChanger);
  struct Slow {
    ntms_emulator* emulator;
    int looks = 0;
    std::atomic<bool> acts{false};
  } slow{emulator_};
  const auto watch = [](void* context, std::uint32_t, std::uint32_t, const char*) {
    auto& seen = *static_cast<Slow*>(context);
    std::int64_t now = 0;
    ntms_emulator_clock_now(seen.emulator, &now);
    if (now >= kStart + 2000 && ++seen.looks == 5) seen.acts = true;
    return 0;
  };
  const Program program([&](const std::atomic<bool>& stop) {
    while (!stop && !slow.acts) std::this_thread::sleep_for(milliseconds(1));
    if (!stop) changer->execute(move(kSlot, kDrive));
  });
  ASSERT_EQ(
      play("pace quiet=1ms patience=60s\nexpect drive 1 holds TAPE00 within 2s", watch, &slow),
      NTMS_EMULATOR_OK)
      << error_;
  EXPECT_EQ(passed(), 22'000);
}

TEST_F(ScenarioTest, AProgramThatNeverRestsDoesNotStopTheTime) {
  make(kLibrary);
  const auto changer = unit(kChanger);
  const Program program([&](const std::atomic<bool>& stop) {
    while (!stop) changer->execute(test_unit_ready());
  });
  ASSERT_EQ(play("pace step=1m\nat +3m link up"), NTMS_EMULATOR_OK) << error_;
  EXPECT_EQ(passed(), 3 * kMinute);
}

TEST_F(ScenarioTest, StepsGrowWhileNobodySendsCommands) {
  make(kLibrary);
  struct Watched {
    int looks = 0;
  } watched;
  const auto watch = [](void* context, std::uint32_t, std::uint32_t played, const char*) {
    if (played == 0) ++static_cast<Watched*>(context)->looks;
    return 0;
  };
  ASSERT_EQ(play("pace step=1s longest=1h quiet=1ms\nat +1d link up", watch, &watched),
            NTMS_EMULATOR_OK)
      << error_;
  EXPECT_EQ(passed(), 24 * 60 * kMinute);
  EXPECT_LT(watched.looks, 40);
  EXPECT_GT(watched.looks, 24);
}

TEST_F(ScenarioTest, TellsItsWatcherAndStopsForIt) {
  make(kLibrary);
  std::string told;
  const auto watch = [](void* context, std::uint32_t line, std::uint32_t played, const char* text) {
    auto& lines = *static_cast<std::string*>(context);
    if (played != 0) lines += std::to_string(line) + " " + text + "\n";
    return line == 3 ? 1 : 0;
  };
  EXPECT_EQ(play("then link up   # first\n\nexpect port 1 full\nthen link down", watch, &told),
            NTMS_EMULATOR_STOPPED);
  EXPECT_EQ(told, "1 then link up\n");
  EXPECT_STREQ(error_, "line 3: stopped here");
  EXPECT_LT(passed(), kMinute);
}

TEST_F(ScenarioTest, IsPlayedOnAFileByName) {
  make(kLibrary);
  EXPECT_EQ(ntms_emulator_scenario_play_file(path_.c_str(), "at +1s port 1 put A", nullptr, nullptr,
                                             error_, sizeof error_),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(place("A"), "port 0");
  EXPECT_EQ(passed(), 1000);
  EXPECT_EQ(ntms_emulator_scenario_play_file((folder_ / "no").string().c_str(), "", nullptr,
                                             nullptr, error_, sizeof error_),
            NTMS_EMULATOR_NOT_FOUND);
  EXPECT_NE(std::string(error_), "");
}

TEST_F(ScenarioTest, WithoutAVirtualClockRealTimePasses) {
  make("library ports=1\n");
  const auto began = steady_clock::now();
  ASSERT_EQ(play("at +30ms port 1 put A"), NTMS_EMULATOR_OK) << error_;
  EXPECT_GE(steady_clock::now() - began, milliseconds(29));
  EXPECT_EQ(place("A"), "port 0");
  EXPECT_EQ(play("expect port 1 empty within 30ms"), NTMS_EMULATOR_NOT_PLAYED);
  EXPECT_STREQ(error_,
               "line 1: expect port 1 empty within 30ms: still not after 30ms: a cartridge with A "
               "is there");
}

TEST_F(ScenarioTest, ADriveThatStandsAlone) {
  make("library stand_alone=yes clock=virtual\n");
  EXPECT_EQ(play("then drive 1 insert CLN001\n"
                 "expect drive 1 holds CLN001\n"
                 "then cartridge CLN001 cleaner 3\n"
                 "then drive 1 eject\n"
                 "expect drive 1 unloaded\n"
                 "then drive 1 take CLN001\n"
                 "expect shelf holds CLN001\n"
                 "then drive 1 insert CLN001\n"),
            NTMS_EMULATOR_OK)
      << error_;
  std::uint32_t uses = 0;
  EXPECT_EQ(ntms_emulator_cleaner_uses(emulator_, "CLN001", &uses), NTMS_EMULATOR_OK);
  EXPECT_EQ(uses, 2U);
}

}  // namespace
}  // namespace ntms::emulator
