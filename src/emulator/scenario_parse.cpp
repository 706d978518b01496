// SPDX-License-Identifier: MIT
#include "emulator/scenario_parse.h"

#include <algorithm>

#include "emulator/hands.h"
#include "emulator/scenario_options.h"
#include "emulator/scenario_words.h"

namespace ntms::emulator {
namespace {

constexpr std::uint32_t kMostElements = 65535;
constexpr std::int64_t kUsualWait = 10LL * 60 * 1000;

// A cartridge in place of a bar code: one without a label.
constexpr std::string_view kUnlabelled = "unlabelled";
constexpr std::string_view kWithin = "within";

bool is_hand(Verb verb) {
  return verb <= Verb::slots_swap;
}

std::string barcode_of(Words& words) {
  std::string word = words.take("a bar code");
  if (!valid_barcode(word)) throw WrongLine("\"" + word + "\" cannot be a bar code");
  return word;
}

// What is expected of an element of that kind.
void state_of(Words& words, const std::string& kind, Condition& condition) {
  const std::string state = words.take("what is expected of it");
  const bool drive = condition.type == NTMS_EMULATOR_DRIVE;
  const bool port = condition.type == NTMS_EMULATOR_PORT;
  if (state == "holds") {
    condition.state = State::holds;
    condition.cartridge = barcode_of(words);
  } else if (state == "empty") {
    condition.state = State::empty;
  } else if (state == "full") {
    condition.state = State::full;
  } else if (drive && (state == "loaded" || state == "unloaded")) {
    condition.state = state == "loaded" ? State::loaded : State::unloaded;
  } else if (port && (state == "extended" || state == "retracted")) {
    condition.state = state == "extended" ? State::extended : State::retracted;
  } else {
    throw WrongLine("a " + kind + " cannot be \"" + state + "\"");
  }
}

class Parser {
 public:
  Result<Scenario> parse(std::string_view text);

 private:
  void line(Words& words);
  void content(Words& words, bool shelf);
  void step(Words& words);
  Action action(Words& words);
  Action put_or_take(Words& words, Noun noun, Verb put, Verb take);
  Action slots_action(Words& words);
  Action drive_action(Words& words);
  Action cartridge_action(Words& words);
  Action fault_action(Words& words);
  Action alert_action(Words& words);
  Action one_of_two(Words& words, std::uint32_t index, std::string_view first, Verb first_verb,
                    std::string_view second, Verb second_verb);
  bool on_or_off(Words& words, std::string_view on, std::string_view off);
  Condition condition(Words& words);
  Unit unit(Words& words);
  std::uint32_t number(Words& words, Noun noun);
  void before_the_steps() const;

  Scenario scenario_;
  std::optional<Geometry> geometry_;  // of the library line
  std::size_t line_ = 0;
  std::int64_t last_at_ = 0;
};

Result<Scenario> Parser::parse(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    ++line_;
    try {
      Words words(text.substr(0, end));
      if (!words.done()) line(words);
    } catch (const WrongLine& wrong) {
      return fail(kErrorInvalidParameter, in_line(line_, wrong.what()));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  if (geometry_) {
    if (const auto fits = check(scenario_, *geometry_); !fits) return fits.error();
  }
  return std::move(scenario_);
}

void Parser::line(Words& words) {
  const std::string first = words.text().substr(0, words.text().find(' '));
  if (first == "at" || first == "then" || first == "expect") {
    step(words);
  } else if (first == "library") {
    before_the_steps();
    words.take(first);
    if (scenario_.library) throw WrongLine("there is a library line already");
    LibraryOptions library = library_options(words);
    const auto made = make_geometry(library.geometry());
    if (!made) throw WrongLine(made.error().reason);
    geometry_ = *made;
    scenario_.library = std::move(library);
  } else if (first == "durations") {
    before_the_steps();
    words.take(first);
    scenario_.durations = durations_options(words);
  } else if (first == "pace") {
    before_the_steps();
    words.take(first);
    scenario_.pace = pace_options(words);
  } else if (first == "quirk") {
    before_the_steps();
    words.take(first);
    scenario_.quirks.push_back(quirk_setting(words));
  } else if (first == "slot" || first == "shelf") {
    before_the_steps();
    words.take(first);
    content(words, first == "shelf");
  } else {
    throw WrongLine("a line does not begin with \"" + first +
                    "\" but with library, durations, pace, quirk, slot, shelf, at, then or "
                    "expect");
  }
  words.end();
}

void Parser::before_the_steps() const {
  if (!scenario_.steps.empty()) {
    throw WrongLine("this line belongs before the first at, then and expect");
  }
}

void Parser::content(Words& words, bool shelf) {
  Content content;
  if (!shelf) {
    content.slot = number(words, Noun::slot);
    for (const Content& other : scenario_.contents) {
      if (other.slot == content.slot) throw WrongLine("this slot has been filled already");
    }
  }
  words.expect("holds");
  content.barcode = words.take_if(kUnlabelled) ? "" : barcode_of(words);
  scenario_.contents.push_back(std::move(content));
}

void Parser::step(Words& words) {
  Step step;
  step.line = line_;
  step.text = words.text();
  step.within = kUsualWait;
  const std::string when = words.take("a word");
  bool waits = true;
  if (when == "expect") {
    step.condition = condition(words);
  } else {
    if (when == "at") {
      const std::string time = words.take("the time");
      if (time.empty() || time[0] != '+') {
        throw WrongLine("the time \"" + time + "\" does not begin with + (time since the start)");
      }
      step.at = duration_of("the time", time.substr(1), kLongestDuration);
      if (*step.at < last_at_) {
        throw WrongLine("the time " + time + " is before that of an earlier line");
      }
      last_at_ = *step.at;
    }
    step.action = action(words);
    waits = is_hand(step.action->verb);
  }
  if (words.take_if(kWithin)) {
    if (!waits) throw WrongLine("nothing has to be waited for here: leave \"within\" out");
    step.within = duration_of("the time", words.take("a duration"), kLongestDuration);
  }
  scenario_.steps.push_back(std::move(step));
}

Action Parser::action(Words& words) {
  const std::string what = words.take("what happens");
  if (what == "port") return put_or_take(words, Noun::port, Verb::port_put, Verb::port_take);
  if (what == "slot") return put_or_take(words, Noun::slot, Verb::slot_put, Verb::slot_take);
  if (what == "slots") return slots_action(words);
  if (what == "drive") return drive_action(words);
  if (what == "door") {
    const std::uint32_t index = number(words, Noun::door);
    return one_of_two(words, index, "open", Verb::door_open, "close", Verb::door_close);
  }
  if (what == "magazine") {
    const std::uint32_t index = number(words, Noun::magazine);
    return one_of_two(words, index, "pull", Verb::magazine_pull, "push", Verb::magazine_push);
  }
  if (what == "station") {
    Action hand = one_of_two(words, 0, "pull", Verb::station_pull, "push", Verb::station_push);
    const bool pull = hand.verb == Verb::station_pull;
    scenario_.needs.push_back({line_, pull ? Noun::station_pulled : Noun::station_pushed});
    return hand;
  }
  Action action;
  if (what == "fault") return fault_action(words);
  if (what == "alert") return alert_action(words);
  if (what == "cartridge") return cartridge_action(words);
  if (what == "faults") {
    action.verb = Verb::clear_faults;
    words.expect("clear");
  } else if (what == "link") {
    action.verb = Verb::link;
    action.on = on_or_off(words, "up", "down");
  } else if (what == "quirk") {
    action.verb = Verb::quirk;
    const QuirkSetting setting = quirk_setting(words);
    action.number = setting.number;
    action.value = setting.value;
  } else if (what == "durations") {
    action.verb = Verb::durations;
    action.durations = durations_options(words);
  } else if (what == "attention") {
    action.verb = Verb::attention;
    action.lun = unit(words).lun;
    const AdditionalSense sense = additional_sense_of(words.take("the sense, like 28/00"));
    action.asc = sense.asc;
    action.ascq = sense.ascq;
  } else if (what == "caller-death") {
    action.verb = Verb::caller_death;
    if (words.take_if("stays-at-source")) {
      action.number = NTMS_EMULATOR_MOVE_STAYS_AT_SOURCE;
    } else if (words.take_if("stays-in-transport")) {
      action.number = NTMS_EMULATOR_MOVE_STAYS_IN_TRANSPORT;
    } else {
      words.expect("finishes");
      action.number = NTMS_EMULATOR_MOVE_FINISHES;
    }
  } else {
    throw WrongLine("\"" + what + "\" is nothing that can happen");
  }
  return action;
}

Action Parser::put_or_take(Words& words, Noun noun, Verb put, Verb take) {
  Action action;
  action.index = number(words, noun);
  if (on_or_off(words, "put", "take")) {
    action.verb = put;
    action.cartridge = words.take_if(kUnlabelled) ? "" : barcode_of(words);
  } else {
    action.verb = take;
    if (!words.done() && !words.next_is(kWithin)) action.cartridge = barcode_of(words);
  }
  return action;
}

Action Parser::slots_action(Words& words) {
  Action action;
  action.verb = Verb::slots_swap;
  action.index = number(words, Noun::slot);
  action.second = number(words, Noun::slot);
  words.expect("swap");
  return action;
}

// By hand, at a drive that stands alone.
Action Parser::drive_action(Words& words) {
  Action action;
  action.index = number(words, Noun::drive);
  scenario_.needs.push_back({line_, Noun::lone_drive});
  const std::string what = words.take("insert, eject or take");
  if (what == "insert") {
    action.verb = Verb::drive_insert;
    action.cartridge = words.take_if(kUnlabelled) ? "" : barcode_of(words);
  } else if (what == "take") {
    action.verb = Verb::drive_take;
    if (!words.done() && !words.next_is(kWithin)) action.cartridge = barcode_of(words);
  } else if (what == "eject") {
    action.verb = Verb::drive_eject;
  } else {
    throw WrongLine("\"" + what + "\" is none of insert, eject, take");
  }
  return action;
}

Action Parser::cartridge_action(Words& words) {
  constexpr std::uint32_t kMostCleanings = 1'000'000;
  Action action;
  action.cartridge = barcode_of(words);
  if (words.take_if("cleaner")) {
    action.verb = Verb::cleaner;
    action.number =
        number_of("the cleanings", words.take("how often it cleans"), 0, kMostCleanings);
  } else {
    action.verb = Verb::write_protect;
    action.on = on_or_off(words, "protect", "unprotect");
  }
  return action;
}

Action Parser::fault_action(Words& words) {
  Action action;
  action.verb = Verb::fault;
  const Unit target = unit(words);
  action.fault.lun = target.lun;
  action.fault.opcode = opcode_of(words, target);
  fault_options(words, action.fault);
  return action;
}

Action Parser::alert_action(Words& words) {
  constexpr std::uint32_t kFlags = 64;
  Action action;
  action.verb = Verb::tape_alert;
  action.lun = unit(words).lun;
  action.number = number_of("the flag", words.take("the number of the flag"), 1, kFlags);
  action.on = on_or_off(words, "on", "off");
  return action;
}

Action Parser::one_of_two(Words& words, std::uint32_t index, std::string_view first,
                          Verb first_verb, std::string_view second, Verb second_verb) {
  Action action;
  action.index = index;
  action.verb = on_or_off(words, first, second) ? first_verb : second_verb;
  return action;
}

bool Parser::on_or_off(Words& words, std::string_view on, std::string_view off) {
  const std::string word = words.take(std::string(on) + " or " + std::string(off));
  if (word != on && word != off) {
    throw WrongLine("\"" + word + "\" is neither " + std::string(on) + " nor " + std::string(off));
  }
  return word == on;
}

Condition Parser::condition(Words& words) {
  Condition condition;
  const std::string what = words.take("what is expected");
  if (const NounName* element = element_named(what)) {
    condition.type = element->type;
    condition.index = number(words, element->noun);
    state_of(words, what, condition);
  } else if (what == "transport") {
    condition.type = NTMS_EMULATOR_TRANSPORT;
    state_of(words, what, condition);
  } else if (what == "shelf") {
    condition.type = NTMS_EMULATOR_SHELF;
    condition.state = State::holds;
    words.expect("holds");
    condition.cartridge = barcode_of(words);
  } else if (what == "door") {
    condition.index = number(words, Noun::door);
    condition.state = on_or_off(words, "open", "closed") ? State::door_open : State::door_closed;
  } else if (what == "magazine") {
    condition.index = number(words, Noun::magazine);
    condition.state = on_or_off(words, "out", "in") ? State::magazine_out : State::magazine_in;
  } else if (what == "removal") {
    const bool prevented = on_or_off(words, "prevented", "allowed");
    condition.state = prevented ? State::removal_prevented : State::removal_allowed;
  } else if (what == "command") {
    condition.state = State::commands;
    const Unit target = unit(words);
    condition.lun = target.lun;
    condition.opcode = opcode_of(words, target);
    if (condition.opcode == NTMS_EMULATOR_ANY_OPCODE)
      throw WrongLine("commands are counted singly");
    words.expect("times");
    condition.count = number_of("the count", words.take("a count"), 1, 1'000'000);
  } else {
    throw WrongLine("\"" + what + "\" is nothing that can be expected");
  }
  return condition;
}

Unit Parser::unit(Words& words) {
  const Unit unit = unit_of(words);
  if (unit.is_drive()) scenario_.needs.push_back({line_, Noun::drive, unit.lun});
  return unit;
}

// The number of something, as an index from 0; that it exists is checked later.
std::uint32_t Parser::number(Words& words, Noun noun) {
  const NounName& name = *name_of(noun);
  const std::string what = "the number of the " + std::string(name.name);
  const std::uint32_t written = number_of(what, words.take(what), name.first, kMostElements);
  scenario_.needs.push_back({line_, noun, written});
  return written - name.first;
}

}  // namespace

Result<Scenario> parse_scenario(std::string_view text) {
  return Parser().parse(text);
}

}  // namespace ntms::emulator
