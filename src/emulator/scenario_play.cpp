// SPDX-License-Identifier: MIT
#include "emulator/scenario_play.h"

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <thread>
#include <utility>

#include "emulator/call.h"
#include "emulator/handle.h"
#include "emulator/hands.h"
#include "emulator/scenario_words.h"

namespace ntms::emulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLook{1};       // how often somebody is looked for who sends commands
constexpr milliseconds kRealTick{20};  // how often it is looked whether a real time has come
// A program that never stops sending commands does not keep the virtual clock from going on.
constexpr milliseconds kLongestRest{100};

// The end of a play before its last line.
struct Halt {
  Played played;
};

std::int64_t real_now() {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

class Player {
 public:
  Player(ntms_emulator* emulator, const Scenario& scenario, const ScenarioWatch& watch)
      : emulator_(emulator), scenario_(scenario), pace_(scenario.pace), watch_(watch) {}

  void play();

 private:
  void prepare();
  void travel(const Step& step);
  // Tries until `attempt` gives no reason any more why it is not so.
  void wait(const Step& step, const std::function<std::optional<std::string>()>& attempt);
  bool settle();
  void tell(const Step& step, bool played);
  std::int64_t now();
  std::uint64_t sent();
  bool arm_moves();

  std::optional<std::string> act(const Step& step);
  int do_it(const Action& action);
  int take_named(const Action& action, ElementType type);
  std::optional<std::string> not_yet(const Condition& condition);
  std::optional<std::string> not_yet_in(const Condition& condition);
  bool on_shelf(const std::string& barcode);
  std::uint64_t count(const Condition& condition);

  static void require(int code, const std::string& what = "");

  ntms_emulator* emulator_;
  const Scenario& scenario_;
  const Pace& pace_;
  const ScenarioWatch& watch_;
  bool virtual_ = false;
  std::int64_t start_ = 0;
  std::uint64_t last_sent_ = 0;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> counts_;  // at the start
};

void Player::require(int code, const std::string& what) {
  if (code == NTMS_EMULATOR_OK) return;
  throw Halt{{code, (what.empty() ? "" : what + ": ") + ntms_emulator_strerror(code)}};
}

void Player::play() {
  prepare();
  for (const Step& step : scenario_.steps) {
    if (step.at) travel(step);
    if (step.action) {
      wait(step, [&] { return act(step); });
    } else {
      wait(step, [&] { return not_yet(step.condition); });
    }
    tell(step, true);
  }
}

void Player::prepare() {
  Result<> fits;
  require(looking(emulator_, [&](View& view) -> int {
    fits = check(scenario_, view.file.geometry());
    virtual_ = view.file.geometry().virtual_clock;
    return NTMS_EMULATOR_OK;
  }));
  if (!fits) throw Halt{{NTMS_EMULATOR_INVALID, fits.error().reason}};
  for (const Step& step : scenario_.steps) {
    const Condition& condition = step.condition;
    if (step.action || condition.state != State::commands) continue;
    counts_[{condition.lun, condition.opcode}] = count(condition);
  }
  start_ = now();
  last_sent_ = sent();
}

std::int64_t Player::now() {
  if (!virtual_) return real_now();
  std::int64_t time = 0;
  require(ntms_emulator_clock_now(emulator_, &time));
  return time;
}

std::uint64_t Player::sent() {
  std::uint64_t last = 0;
  require(ntms_emulator_trace_last(emulator_, &last));
  return last;
}

bool Player::arm_moves() {
  bool moving = false;
  require(looking(emulator_, [&](View& view) -> int {
    moving = view.moving.has_value();
    return NTMS_EMULATOR_OK;
  }));
  return moving;
}

void Player::tell(const Step& step, bool played) {
  if (watch_ && !watch_(step, played)) {
    throw Halt{{NTMS_EMULATOR_STOPPED, in_line(step.line, "stopped here")}};
  }
}

// Waits until nobody has sent a command for a moment, so that the program under test has done what
// it wants to do at this time of the virtual clock. Whether there was something to be seen.
bool Player::settle() {
  const auto began = steady_clock::now();
  auto since = began;
  bool active = false;
  for (;;) {
    const std::uint64_t last = sent();
    const auto time = steady_clock::now();
    if (last != last_sent_) {
      last_sent_ = last;
      active = true;
      since = time;
    }
    const milliseconds quiet(pace_.quiet);
    if (time - since >= quiet || time - began >= std::max(kLongestRest, quiet)) return active;
    std::this_thread::sleep_for(kLook);
  }
}

// Lets the time of a line come.
void Player::travel(const Step& step) {
  const std::int64_t target = start_ + *step.at;
  std::int64_t stride = pace_.step;
  for (std::int64_t left = target - now(); left > 0; left = target - now()) {
    tell(step, false);
    if (!virtual_) {
      std::this_thread::sleep_for(std::min(kRealTick, milliseconds(left)));
      continue;
    }
    const bool active = settle();
    if (active || arm_moves()) stride = pace_.step;
    require(ntms_emulator_clock_advance(emulator_, std::min(stride, left)));
    stride = std::min(stride * 2, pace_.longest);
  }
}

void Player::wait(const Step& step, const std::function<std::optional<std::string>()>& attempt) {
  const std::int64_t limit = now() + step.within;
  const std::int64_t real_limit = real_now() + pace_.patience;
  for (;;) {
    if (virtual_) settle();
    const auto reason = attempt();
    if (!reason) return;
    tell(step, false);
    const std::int64_t left = limit - now();
    // A program that took its time before it moved something must still see the arm arrive.
    const bool for_the_arm = left <= 0 && virtual_ && real_now() < real_limit && arm_moves();
    if (left > 0 && virtual_) {
      require(ntms_emulator_clock_advance(emulator_, std::min(pace_.step, left)));
    } else if (for_the_arm) {
      require(ntms_emulator_clock_advance(emulator_, pace_.step));
    } else if (left > 0 || (virtual_ && real_now() < real_limit)) {
      // At the end of the virtual time the program gets some real time to be done with it.
      std::this_thread::sleep_for(virtual_ ? kLook : std::min(kRealTick, milliseconds(left)));
    } else {
      throw Halt{{NTMS_EMULATOR_NOT_PLAYED,
                  in_line(step.line, step.text + ": still not after " + duration_text(step.within) +
                                         ": " + *reason)}};
    }
  }
}

// ---- What happens -------------------------------------------------------------------------------

std::optional<std::string> Player::act(const Step& step) {
  const int code = do_it(*step.action);
  switch (code) {
    case NTMS_EMULATOR_OK:
      return std::nullopt;
    case NTMS_EMULATOR_LOCKED:
    case NTMS_EMULATOR_OCCUPIED:
    case NTMS_EMULATOR_EMPTY:
      return ntms_emulator_strerror(code);  // a person waits
    default:
      require(code, in_line(step.line, step.text));
      return std::nullopt;
  }
}

int Player::do_it(const Action& action) {
  const char* cartridge = action.cartridge.c_str();
  switch (action.verb) {
    case Verb::port_put:
      return ntms_emulator_port_put(emulator_, action.index, cartridge);
    case Verb::port_take:
      return take_named(action, ElementType::port);
    case Verb::station_pull:
      return ntms_emulator_port_pull_out(emulator_);
    case Verb::station_push:
      return ntms_emulator_port_push_in(emulator_);
    case Verb::door_open:
      return ntms_emulator_door_open(emulator_, action.index);
    case Verb::door_close:
      return ntms_emulator_door_close(emulator_, action.index);
    case Verb::magazine_pull:
      return ntms_emulator_magazine_pull(emulator_, action.index);
    case Verb::magazine_push:
      return ntms_emulator_magazine_push(emulator_, action.index);
    case Verb::drive_insert:
      return ntms_emulator_drive_insert(emulator_, action.index, cartridge);
    case Verb::drive_eject:
      return ntms_emulator_drive_eject(emulator_, action.index);
    case Verb::drive_take:
      return take_named(action, ElementType::drive);
    case Verb::slot_put:
      return ntms_emulator_slot_put(emulator_, action.index, cartridge);
    case Verb::slot_take:
      return take_named(action, ElementType::storage);
    case Verb::slots_swap:
      return ntms_emulator_slot_swap(emulator_, action.index, action.second);
    case Verb::link:
      return ntms_emulator_set_online(emulator_, action.on ? 1 : 0);
    case Verb::durations:
      return ntms_emulator_set_durations(emulator_, &action.durations);
    case Verb::caller_death:
      return ntms_emulator_set_caller_death(emulator_, action.number);
    case Verb::fault:
      return ntms_emulator_inject_fault(emulator_, &action.fault);
    case Verb::clear_faults:
      return ntms_emulator_clear_faults(emulator_);
    case Verb::attention:
      return ntms_emulator_raise_attention(emulator_, action.lun, action.asc, action.ascq);
    case Verb::tape_alert:
      return ntms_emulator_set_tape_alert(emulator_, action.lun, action.number, action.on ? 1 : 0);
    case Verb::quirk:
      return ntms_emulator_set_quirk(emulator_, action.number, action.value);
    case Verb::write_protect:
      return ntms_emulator_set_write_protected(emulator_, cartridge, action.on ? 1 : 0);
    case Verb::cleaner:
      return ntms_emulator_set_cleaner(emulator_, cartridge, action.number);
  }
  return NTMS_EMULATOR_INVALID;
}

// Takes a cartridge out if it is the one that is wanted; looking and taking are one transaction.
int Player::take_named(const Action& action, ElementType type) {
  return guarded(emulator_, [&](View& view) -> int {
    const auto element = Elements(view.file).by_number(type, action.index);
    if (!element) return NTMS_EMULATOR_INVALID;
    if (!action.cartridge.empty() && element->barcode != action.cartridge) {
      return NTMS_EMULATOR_EMPTY;
    }
    Hands hands(view.file, view.now, view.moving);
    std::string barcode;
    if (type == ElementType::port) return hands.port_take(action.index, barcode);
    if (type == ElementType::drive) return hands.drive_take(action.index, barcode);
    return hands.slot_take(action.index, barcode);
  });
}

// ---- What is expected ---------------------------------------------------------------------------

std::optional<std::string> unless(bool met, const std::string& instead) {
  return met ? std::nullopt : std::optional(instead);
}

std::optional<std::string> Player::not_yet(const Condition& condition) {
  std::uint32_t value = 0;
  switch (condition.state) {
    case State::door_open:
    case State::door_closed: {
      require(ntms_emulator_door_is_open(emulator_, condition.index, &value));
      const bool open = value != 0;
      return unless(open == (condition.state == State::door_open),
                    open ? "it is open" : "it is closed");
    }
    case State::magazine_out:
    case State::magazine_in: {
      require(ntms_emulator_magazine_is_pulled(emulator_, condition.index, &value));
      const bool out = value != 0;
      return unless(out == (condition.state == State::magazine_out),
                    out ? "it is out" : "it is in");
    }
    case State::removal_prevented:
    case State::removal_allowed: {
      require(ntms_emulator_removal_prevented(emulator_, kChangerLun, &value));
      const bool prevented = value != 0;
      return unless(prevented == (condition.state == State::removal_prevented),
                    prevented ? "removal is prevented" : "removal is allowed");
    }
    case State::commands: {
      const std::uint64_t seen = count(condition) - counts_[{condition.lun, condition.opcode}];
      return unless(seen >= condition.count, std::to_string(seen) + " have come");
    }
    default:
      return not_yet_in(condition);
  }
}

// What is expected of an element, or of the shelf.
std::optional<std::string> Player::not_yet_in(const Condition& condition) {
  if (condition.type == NTMS_EMULATOR_SHELF) {
    return unless(on_shelf(condition.cartridge), "it is not on the shelf");
  }
  ntms_emulator_element_info element{};
  element.size = sizeof element;
  require(ntms_emulator_element(emulator_, condition.type, condition.index, &element));
  const bool full = element.full != 0;
  const std::string label = element.barcode[0] != '\0' ? element.barcode : "no label";
  const std::string contents = full ? "a cartridge with " + label + " is there" : "it is empty";
  switch (condition.state) {
    case State::holds:
      return unless(full && condition.cartridge == element.barcode, contents);
    case State::empty:
      return unless(!full, contents);
    case State::full:
      return unless(full, contents);
    case State::loaded:
      return unless(element.loaded != 0, full ? "the tape is unloaded" : contents);
    case State::unloaded:
      return unless(element.loaded == 0, "the tape is loaded");
    case State::extended:
      return unless(element.extended != 0, "it is retracted");
    default:
      return unless(element.extended == 0, "it is extended");
  }
}

bool Player::on_shelf(const std::string& barcode) {
  bool found = false;
  require(looking(emulator_, [&](View& view) -> int {
    found = Elements(view.file).find_on_shelf(barcode).has_value();
    return NTMS_EMULATOR_OK;
  }));
  return found;
}

std::uint64_t Player::count(const Condition& condition) {
  std::uint64_t commands = 0;
  require(ntms_emulator_command_count(emulator_, condition.lun, condition.opcode, &commands));
  return commands;
}

}  // namespace

Played play_scenario(ntms_emulator* emulator, const Scenario& scenario,
                     const ScenarioWatch& watch) {
  try {
    Player(emulator, scenario, watch).play();
    return {};
  } catch (const Halt& halt) {
    return halt.played;
  }
}

}  // namespace ntms::emulator
