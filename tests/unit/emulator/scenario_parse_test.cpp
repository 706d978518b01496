// SPDX-License-Identifier: MIT
// The text of scenarios: what is refused and why, then what every kind of line means.
#include "emulator/scenario_parse.h"

#include <gtest/gtest.h>

#include "emulator/scenario_words.h"

namespace ntms::emulator {
namespace {

const std::string kLibrary = "library slots=4 drives=1 ports=2 doors=1 magazines=2\n";

std::string reason_of(const std::string& text) {
  const auto scenario = parse_scenario(text);
  return scenario ? "understood" : scenario.error().reason;
}

// The reason why a line is wrong that follows the library line.
std::string wrong(const std::string& line) {
  const std::string reason = reason_of(kLibrary + line);
  const std::string prefix = "line 2: ";
  return reason.starts_with(prefix) ? reason.substr(prefix.size()) : reason;
}

// The only step of a text after the library line.
Step step_of(const std::string& line) {
  const auto scenario = parse_scenario(kLibrary + line);
  if (!scenario || scenario->steps.size() != 1) {
    ADD_FAILURE() << line << ": " << (scenario ? "not one step" : scenario.error().reason);
    return {};
  }
  return scenario->steps[0];
}

Action action_of(const std::string& line) {
  return step_of("then " + line).action.value_or(Action{});
}

Condition condition_of(const std::string& line) {
  const Step step = step_of("expect " + line);
  EXPECT_FALSE(step.action.has_value());
  return step.condition;
}

TEST(ScenarioParseTest, ErrorsNameTheLine) {
  EXPECT_EQ(reason_of("# comment\n\n  then dance\n"),
            "line 3: \"dance\" is nothing that can happen");
  EXPECT_EQ(reason_of("library\r\n\r\nfoo"),
            "line 3: a line does not begin with \"foo\" but with library, durations, pace, quirk, "
            "slot, shelf, at, then or expect");
  EXPECT_EQ(parse_scenario("x").error().code, 87U);
}

// A person at a drive that stands alone.
TEST(ScenarioParseTest, DrivesThatStandAlone) {
  const std::string library = "library stand_alone=yes cleaner_stays=yes\n";
  const auto scenario = parse_scenario(library +
                                       "durations clean=2m\n"
                                       "then drive 1 insert A\n"
                                       "then drive 1 eject\n"
                                       "then drive 1 take A within 5s\n"
                                       "then drive 1 take\n");
  ASSERT_TRUE(scenario) << scenario.error().reason;
  EXPECT_EQ(scenario->library->numbers.stand_alone, 1U);
  EXPECT_EQ(scenario->library->numbers.cleaner_stays, 1U);
  EXPECT_EQ(scenario->durations.clean_ms, 120'000U);
  ASSERT_EQ(scenario->steps.size(), 4U);
  EXPECT_EQ(scenario->steps[0].action->verb, Verb::drive_insert);
  EXPECT_EQ(scenario->steps[0].action->cartridge, "A");
  EXPECT_EQ(scenario->steps[1].action->verb, Verb::drive_eject);
  EXPECT_EQ(scenario->steps[2].action->verb, Verb::drive_take);
  EXPECT_EQ(scenario->steps[2].within, 5000);
  EXPECT_EQ(scenario->steps[3].action->cartridge, "");
  EXPECT_EQ(reason_of(library + "then drive 2 eject"),
            "line 2: there is no drive 2: the last one is 1");
  EXPECT_EQ(reason_of(library + "then slot 1 take"),
            "line 2: there is no slot 1: the library has none");
  EXPECT_EQ(wrong("then drive 1 eject"),
            "nobody reaches the drives of a library (stand_alone=yes)");
  EXPECT_EQ(wrong("then drive 1 paint"), "\"paint\" is none of insert, eject, take");
}

TEST(ScenarioParseTest, RefusesWrongWords) {
  EXPECT_EQ(wrong("then"), "what happens is missing at the end of the line");
  EXPECT_EQ(wrong("then door 0 slam"), "\"slam\" is neither open nor close");
  EXPECT_EQ(wrong("then door 0"), "open or close is missing at the end of the line");
  EXPECT_EQ(wrong("then magazine 0 burn"), "\"burn\" is neither pull nor push");
  EXPECT_EQ(wrong("then port 1 kick"), "\"kick\" is neither put nor take");
  EXPECT_EQ(wrong("then port 1 put"), "a bar code is missing at the end of the line");
  EXPECT_EQ(wrong("then port 1 put #1"), "a bar code is missing at the end of the line");
  EXPECT_EQ(wrong("then port 1 put \"A B\""), "\"A B\" cannot be a bar code");
  EXPECT_EQ(wrong("then port 1 put A B"), "the word \"B\" does not belong here");
  EXPECT_EQ(wrong("then slots 1 2 exchange"), "the word \"exchange\" should be \"swap\"");
  EXPECT_EQ(wrong("then slot 1 holds A"), "\"holds\" is neither put nor take");
  EXPECT_EQ(wrong("then link sideways"), "\"sideways\" is neither up nor down");
  EXPECT_EQ(wrong("then faults"), "\"clear\" is missing at the end of the line");
  EXPECT_EQ(wrong("then cartridge A paint"), "\"paint\" is neither protect nor unprotect");
  EXPECT_EQ(wrong("then caller-death never"), "the word \"never\" should be \"finishes\"");
  EXPECT_EQ(wrong("then alert drive 1 65 on"), "the flag \"65\" is not a number from 1 to 64");
  EXPECT_EQ(wrong("then alert 5 perhaps"), "\"perhaps\" is neither on nor off");
  EXPECT_EQ(wrong("then attention 28"), "sense \"28\" is not written like 28/00");
  EXPECT_EQ(wrong("then attention 128/00"),
            "the sense code \"128\" is not a hexadecimal number that fits there");
  EXPECT_EQ(wrong("slot 1 contains A"), "the word \"contains\" should be \"holds\"");
  EXPECT_EQ(wrong("slot 1 holds"), "a bar code is missing at the end of the line");
  EXPECT_EQ(wrong("then port 1 put \"A"), "a quote is not closed");
}

TEST(ScenarioParseTest, RefusesWrongConditions) {
  EXPECT_EQ(wrong("expect"), "what is expected is missing at the end of the line");
  EXPECT_EQ(wrong("expect rain"), "\"rain\" is nothing that can be expected");
  EXPECT_EQ(wrong("expect slot 1 loaded"), "a slot cannot be \"loaded\"");
  EXPECT_EQ(wrong("expect drive 1 extended"), "a drive cannot be \"extended\"");
  EXPECT_EQ(wrong("expect transport loaded"), "a transport cannot be \"loaded\"");
  EXPECT_EQ(wrong("expect shelf empty"), "the word \"empty\" should be \"holds\"");
  EXPECT_EQ(wrong("expect door 0 locked"), "\"locked\" is neither open nor closed");
  EXPECT_EQ(wrong("expect magazine 0 away"), "\"away\" is neither out nor in");
  EXPECT_EQ(wrong("expect removal maybe"), "\"maybe\" is neither prevented nor allowed");
  EXPECT_EQ(wrong("expect command any times 1"), "commands are counted singly");
  EXPECT_EQ(wrong("expect command inquiry times 0"),
            "the count \"0\" is not a number from 1 to 1000000");
  EXPECT_EQ(wrong("expect slot 1 empty within"), "a duration is missing at the end of the line");
}

TEST(ScenarioParseTest, RefusesWhatTheLibraryDoesNotHave) {
  EXPECT_EQ(wrong("then slot 5 take"), "there is no slot 5: the last one is 4");
  EXPECT_EQ(wrong("then slot 0 take"),
            "the number of the slot \"0\" is not a number from 1 to 65535");
  EXPECT_EQ(wrong("slot 5 holds A"), "there is no slot 5: the last one is 4");
  EXPECT_EQ(wrong("then slots 1 5 swap"), "there is no slot 5: the last one is 4");
  EXPECT_EQ(wrong("then port 3 take"), "there is no port 3: the last one is 2");
  EXPECT_EQ(wrong("then door 1 open"), "there is no door 1: the last one is 0");
  EXPECT_EQ(wrong("then magazine 2 pull"), "there is no magazine 2: the last one is 1");
  EXPECT_EQ(wrong("expect drive 2 empty"), "there is no drive 2: the last one is 1");
  EXPECT_EQ(wrong("then fault drive 2 read kind=busy"), "there is no drive 2: the last one is 1");
  EXPECT_EQ(wrong("expect command drive 2 read times 1"), "there is no drive 2: the last one is 1");
  EXPECT_EQ(wrong("then slot one take"),
            "the number of the slot \"one\" is not a number from 1 to 65535");
  EXPECT_EQ(wrong("then station pull"),
            "the library has no station to pull or push (port_kind=by-hand)");
  EXPECT_EQ(reason_of("library doors=0\nthen door 0 open"),
            "line 2: there is no door 0: the library has none");
  EXPECT_EQ(reason_of("library port_kind=move-extends\nthen station push"), "understood");
  EXPECT_EQ(reason_of("library port_kind=move-extends\nthen station pull"),
            "line 2: the library has no station to pull or push (port_kind=by-hand)");
  EXPECT_EQ(reason_of("then door 40 open"), "understood");  // the library is not known yet
}

TEST(ScenarioParseTest, RefusesWrongTimes) {
  EXPECT_EQ(wrong("at"), "the time is missing at the end of the line");
  EXPECT_EQ(wrong("at 5s link up"), "the time \"5s\" does not begin with + (time since the start)");
  EXPECT_EQ(wrong("at +5 link up"),
            "the time \"5\" is not a duration like 1h5m, 90s or 250ms (units d, h, m, s, ms)");
  for (const char* text : {"+", "+5x", "+s", "+5m1h", "+5s5s", "+-5s", "+1.5s", "+5 s"}) {
    EXPECT_NE(wrong("at " + std::string(text) + " link up"), "understood") << text;
  }
  EXPECT_EQ(wrong("at +4000d link up"), "the time \"4000d\" is longer than 3650d");
  EXPECT_EQ(wrong("at +3650d1s link up"), "the time \"3650d1s\" is longer than 3650d");
  EXPECT_EQ(reason_of("at +10s link up\nat +9s link down"),
            "line 2: the time +9s is before that of an earlier line");
  EXPECT_EQ(wrong("then link up within 5s"),
            "nothing has to be waited for here: leave \"within\" out");
}

TEST(ScenarioParseTest, RefusesWrongLibraries) {
  EXPECT_EQ(reason_of("library slots=many"),
            "line 1: slots \"many\" is not a number from 0 to 65535");
  EXPECT_EQ(reason_of("library wheels=4"), "line 1: \"wheels=\" does not belong here");
  EXPECT_EQ(reason_of("library large"), "line 1: the word \"large\" does not belong here");
  EXPECT_EQ(reason_of("library slots=1 slots=2"), "line 1: slots is given twice");
  EXPECT_EQ(reason_of("library\nlibrary"), "line 2: there is a library line already");
  EXPECT_EQ(reason_of("library sides=3"), "line 1: a cartridge has one or two sides");
  EXPECT_EQ(reason_of("library slots=2 magazines=3"), "line 1: a magazine has at least one slot");
  EXPECT_EQ(reason_of("library bar_code_reader=1"),
            "line 1: bar_code_reader \"1\" is none of no, yes");
  EXPECT_EQ(reason_of("library port_kind=revolving"),
            "line 1: port_kind \"revolving\" is none of lockable, motorized, unlocked, "
            "move-extends, by-hand, pass-through");
  EXPECT_EQ(reason_of("library clock=virtual start=yesterday"),
            "line 1: start \"yesterday\" is not a date like 2026-01-05T08:00:00");
  EXPECT_EQ(reason_of("library clock=virtual start=2026-02-30T08:00:00"),
            "line 1: start \"2026-02-30T08:00:00\" is not in the calendar");
  EXPECT_EQ(reason_of("library clock=virtual start=2026-02-03T24:00:00"),
            "line 1: start \"2026-02-03T24:00:00\" is not in the calendar");
  EXPECT_EQ(reason_of("library start=2026-02-03T08:00:00"), "line 1: start= needs clock=virtual");
  EXPECT_EQ(reason_of("then link up\nlibrary"),
            "line 2: this line belongs before the first at, then and expect");
  EXPECT_EQ(wrong("slot 1 holds A\nslot 1 holds B"), "line 3: this slot has been filled already");
  EXPECT_EQ(wrong("durations move=3"),
            "move \"3\" is not a duration like 1h5m, 90s or 250ms (units d, h, m, s, ms)");
  EXPECT_EQ(wrong("durations move=60d"), "move \"60d\" is longer than 49d17h2m47s295ms");
  EXPECT_EQ(wrong("durations dance=3s"), "\"dance=\" does not belong here");
  EXPECT_EQ(wrong("pace step=0s"), "step=0s would let the time stand still");
  EXPECT_EQ(wrong("pace speed=3s"), "\"speed=\" does not belong here");
}

TEST(ScenarioParseTest, RefusesWrongFaults) {
  EXPECT_EQ(wrong("then fault"), "the name of a command is missing at the end of the line");
  EXPECT_EQ(wrong("then fault jump kind=busy"), "\"jump\" is no command");
  EXPECT_EQ(wrong("then fault 0xFF kind=busy"),
            "the operation code \"FF\" is not a hexadecimal number that fits there");
  EXPECT_EQ(wrong("then fault read kind=busy"),
            "read is a command for a drive: write \"drive 1 read\"");
  EXPECT_EQ(wrong("then fault drive 1 move-medium kind=busy"),
            "move-medium is no command for a drive");
  EXPECT_EQ(wrong("then fault move-medium"), "kind= is missing");
  EXPECT_EQ(wrong("then fault move-medium kind=torn"), "sense= is missing");
  EXPECT_EQ(wrong("then fault move-medium kind=busy sense=4/15/01"),
            "a fault of this kind has no sense=");
  EXPECT_EQ(wrong("then fault move-medium kind=torn sense=4"),
            "sense \"4\" is not written like 4/15/01");
  EXPECT_EQ(wrong("then fault move-medium kind=torn sense=10/15/01"),
            "the sense key \"10\" is not a hexadecimal number that fits there");
  EXPECT_EQ(wrong("then fault move-medium kind=busy nth=0"),
            "nth \"0\" is not a number from 1 to 1000000");
  EXPECT_EQ(wrong("then fault move-medium kind=busy times=never"),
            "times \"never\" is not a number from 1 to 1000000");
  EXPECT_EQ(wrong("then fault move-medium kind=busy lun=1"), "\"lun=\" does not belong here");
}

TEST(ScenarioParseTest, UnderstandsLibraries) {
  const auto scenario = parse_scenario(
      "library slots=8 drives=3 ports=2 doors=2 magazines=4 sides=2 port_kind=by-hand "
      "clock=virtual start=2026-01-05T08:00:01 bar_code_reader=no unload_before_move=yes "
      "port_unreported=yes doors_unlocked=yes first_slot=2000 product=\"TWO WORDS\" serial=S1 # x\n"
      "durations move=3s load=1m30s initialize=250ms\n"
      "slot 2 holds A00001L8\n"
      "slot 3 holds unlabelled\n"
      "shelf holds B00001L8\n"
      "shelf holds B00002L8\n"
      "pace step=2s longest=1s quiet=0s patience=20ms\n");
  ASSERT_TRUE(scenario.has_value()) << scenario.error().reason;
  ASSERT_TRUE(scenario->library.has_value());
  const ntms_emulator_geometry geometry = scenario->library->geometry();
  EXPECT_EQ(geometry.size, sizeof geometry);
  EXPECT_EQ(geometry.slots, 8U);
  EXPECT_EQ(geometry.drives, 3U);
  EXPECT_EQ(geometry.ports, 2U);
  EXPECT_EQ(geometry.doors, 2U);
  EXPECT_EQ(geometry.magazines, 4U);
  EXPECT_EQ(geometry.sides, 2U);
  EXPECT_EQ(geometry.port_kind, static_cast<std::uint32_t>(NTMS_EMULATOR_PORT_BY_HAND));
  EXPECT_EQ(geometry.virtual_clock, 1U);
  EXPECT_EQ(geometry.clock_start, 1'767'600'001'000);
  EXPECT_EQ(geometry.bar_code_reader, 0U);
  EXPECT_EQ(geometry.unload_before_move, 1U);
  EXPECT_EQ(geometry.port_unreported, 1U);
  EXPECT_EQ(geometry.doors_unlocked, 1U);
  EXPECT_EQ(geometry.first_slot, 2000U);
  EXPECT_STREQ(geometry.product, "TWO WORDS");
  EXPECT_STREQ(geometry.serial, "S1");
  EXPECT_EQ(scenario->durations.move_ms, 3000U);
  EXPECT_EQ(scenario->durations.load_ms, 90'000U);
  EXPECT_EQ(scenario->durations.initialize_ms, 250U);
  EXPECT_EQ(scenario->durations.port_ms, 0U);
  ASSERT_EQ(scenario->contents.size(), 4U);
  EXPECT_EQ(scenario->contents[0].slot, 1U);
  EXPECT_EQ(scenario->contents[0].barcode, "A00001L8");
  EXPECT_EQ(scenario->contents[1].barcode, "");
  EXPECT_FALSE(scenario->contents[2].slot.has_value());
  EXPECT_EQ(scenario->pace.step, 2000);
  EXPECT_EQ(scenario->pace.longest, 2000);  // never shorter than a step
  EXPECT_EQ(scenario->pace.quiet, 0);
  EXPECT_EQ(scenario->pace.patience, 20);
  const auto plain = parse_scenario("library");
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->library->geometry().slots, 20U);
  EXPECT_EQ(plain->library->geometry().virtual_clock, 0U);
}

TEST(ScenarioParseTest, UnderstandsTimes) {
  const auto scenario = parse_scenario(
      "at +0s link up\nat +1h5m30s250ms\tlink  down # now\nthen link up\nexpect door 0 open\n");
  ASSERT_TRUE(scenario.has_value()) << scenario.error().reason;
  ASSERT_EQ(scenario->steps.size(), 4U);
  EXPECT_EQ(scenario->steps[0].at, 0);
  EXPECT_EQ(scenario->steps[1].at, 3'930'250);
  EXPECT_EQ(scenario->steps[1].text, "at +1h5m30s250ms link down");
  EXPECT_EQ(scenario->steps[1].line, 2U);
  EXPECT_FALSE(scenario->steps[2].at.has_value());
  EXPECT_FALSE(scenario->steps[3].at.has_value());
  EXPECT_EQ(scenario->steps[3].within, 600'000);
  EXPECT_EQ(step_of("at +1d port 1 take within 5m").within, 300'000);
  EXPECT_EQ(step_of("expect port 1 empty within 60s").within, 60'000);
  EXPECT_EQ(duration_text(0), "0s");
  EXPECT_EQ(duration_text(93'784'005), "1d2h3m4s5ms");
}

TEST(ScenarioParseTest, UnderstandsWhatAPersonDoes) {
  const Action put = action_of("port 2 put A00001L8");
  EXPECT_EQ(put.verb, Verb::port_put);
  EXPECT_EQ(put.index, 1U);
  EXPECT_EQ(put.cartridge, "A00001L8");
  EXPECT_EQ(action_of("port 1 put unlabelled").cartridge, "");
  EXPECT_EQ(action_of("port 1 take").verb, Verb::port_take);
  EXPECT_EQ(action_of("port 1 take within 5s").cartridge, "");
  EXPECT_EQ(action_of("port 1 take A within 5s").cartridge, "A");
  EXPECT_EQ(action_of("slot 3 put A").verb, Verb::slot_put);
  EXPECT_EQ(action_of("slot 3 take A").index, 2U);
  const Action swap = action_of("slots 3 4 swap");
  EXPECT_EQ(swap.verb, Verb::slots_swap);
  EXPECT_EQ(swap.index, 2U);
  EXPECT_EQ(swap.second, 3U);
  EXPECT_EQ(action_of("door 0 open").verb, Verb::door_open);
  EXPECT_EQ(action_of("door 0 close").index, 0U);
  EXPECT_EQ(action_of("magazine 1 pull").index, 1U);
  EXPECT_EQ(action_of("magazine 1 push").verb, Verb::magazine_push);
  const auto station = parse_scenario(
      "library port_kind=by-hand\nthen station pull\n"
      "then station push");
  ASSERT_TRUE(station.has_value()) << station.error().reason;
  EXPECT_EQ(station->steps[0].action->verb, Verb::station_pull);
  EXPECT_EQ(station->steps[1].action->verb, Verb::station_push);
}

TEST(ScenarioParseTest, UnderstandsWhatATesterDoes) {
  EXPECT_FALSE(action_of("link down").on);
  EXPECT_TRUE(action_of("link up").on);
  EXPECT_EQ(action_of("durations load=5s").durations.load_ms, 5000U);
  EXPECT_EQ(action_of("faults clear").verb, Verb::clear_faults);
  EXPECT_EQ(action_of("caller-death stays-at-source").number, 1U);
  EXPECT_EQ(action_of("caller-death stays-in-transport").number, 2U);
  EXPECT_EQ(action_of("caller-death finishes").number, 0U);
  const Action attention = action_of("attention drive 1 3f/01");
  EXPECT_EQ(attention.lun, 1U);
  EXPECT_EQ(attention.asc, 0x3F);
  EXPECT_EQ(attention.ascq, 0x01);
  EXPECT_EQ(action_of("attention changer 28/00").lun, 0U);
  const Action alert = action_of("alert drive 1 20 on");
  EXPECT_EQ(alert.lun, 1U);
  EXPECT_EQ(alert.number, 20U);
  EXPECT_TRUE(alert.on);
  const Action protect = action_of("cartridge A protect");
  EXPECT_EQ(protect.cartridge, "A");
  EXPECT_TRUE(protect.on);
  EXPECT_FALSE(action_of("cartridge A unprotect").on);
  const Action cleaner = action_of("cartridge CLN001 cleaner 50");
  EXPECT_EQ(cleaner.verb, Verb::cleaner);
  EXPECT_EQ(cleaner.cartridge, "CLN001");
  EXPECT_EQ(cleaner.number, 50U);
}

TEST(ScenarioParseTest, UnderstandsFaults) {
  const ntms_emulator_fault torn =
      action_of("fault move-medium nth=2 kind=torn sense=4/15/01 times=always").fault;
  EXPECT_EQ(torn.size, sizeof torn);
  EXPECT_EQ(torn.lun, 0U);
  EXPECT_EQ(torn.opcode, 0xA5U);
  EXPECT_EQ(torn.nth, 2U);
  EXPECT_EQ(torn.times, NTMS_EMULATOR_UNTIL_CLEARED);
  EXPECT_EQ(torn.kind, static_cast<std::uint32_t>(NTMS_EMULATOR_TORN));
  EXPECT_EQ(torn.sense_key, 4);
  EXPECT_EQ(torn.asc, 0x15);
  EXPECT_EQ(torn.ascq, 0x01);
  const ntms_emulator_fault read = action_of("fault drive 1 read kind=busy times=3").fault;
  EXPECT_EQ(read.lun, 1U);
  EXPECT_EQ(read.opcode, 0x08U);
  EXPECT_EQ(read.nth, 1U);
  EXPECT_EQ(read.times, 3U);
  EXPECT_EQ(action_of("fault changer 0xe7 kind=timeout-after").fault.opcode, 0xE7U);
  EXPECT_EQ(action_of("fault any kind=link-lost-before").fault.opcode, NTMS_EMULATOR_ANY_OPCODE);
  // The same code means one thing to the changer and another to a drive.
  EXPECT_EQ(action_of("fault open-close-port kind=busy").fault.opcode, 0x1BU);
  EXPECT_EQ(action_of("fault drive 1 load-unload kind=busy").fault.opcode, 0x1BU);
}

TEST(ScenarioParseTest, UnderstandsConditions) {
  const Condition holds = condition_of("slot 3 holds A within 60s");
  EXPECT_EQ(holds.state, State::holds);
  EXPECT_EQ(holds.type, static_cast<std::uint32_t>(NTMS_EMULATOR_SLOT));
  EXPECT_EQ(holds.index, 2U);
  EXPECT_EQ(holds.cartridge, "A");
  EXPECT_EQ(condition_of("port 1 empty").state, State::empty);
  EXPECT_EQ(condition_of("port 1 extended").state, State::extended);
  EXPECT_EQ(condition_of("port 1 retracted").state, State::retracted);
  EXPECT_EQ(condition_of("drive 1 full").type, static_cast<std::uint32_t>(NTMS_EMULATOR_DRIVE));
  EXPECT_EQ(condition_of("drive 1 loaded").state, State::loaded);
  EXPECT_EQ(condition_of("drive 1 unloaded").state, State::unloaded);
  EXPECT_EQ(condition_of("transport empty").type,
            static_cast<std::uint32_t>(NTMS_EMULATOR_TRANSPORT));
  EXPECT_EQ(condition_of("shelf holds A").type, static_cast<std::uint32_t>(NTMS_EMULATOR_SHELF));
  EXPECT_EQ(condition_of("door 0 closed").state, State::door_closed);
  EXPECT_EQ(condition_of("magazine 1 out").state, State::magazine_out);
  EXPECT_EQ(condition_of("removal prevented").state, State::removal_prevented);
  EXPECT_EQ(condition_of("removal allowed").state, State::removal_allowed);
  const Condition commands = condition_of("command drive 1 rewind times 3");
  EXPECT_EQ(commands.state, State::commands);
  EXPECT_EQ(commands.lun, 1U);
  EXPECT_EQ(commands.opcode, 0x01U);
  EXPECT_EQ(commands.count, 3U);
}

}  // namespace
}  // namespace ntms::emulator
