// SPDX-License-Identifier: MIT
#include "emulator/scenario_options.h"

#include <algorithm>
#include <array>
#include <set>
#include <span>

#include "emulator/opcodes.h"
#include "emulator/quirks.h"

namespace ntms::emulator {
namespace {

constexpr std::uint32_t kMostElements = 65535;
constexpr std::int64_t kLongestMotion = 0xFFFFFFFF;  // what ntms_emulator_durations can hold

using Values = ntms_emulator_geometry;

struct NumberOption {
  std::string_view name;
  std::uint32_t Values::*member;
};
constexpr std::array kNumbers{
    NumberOption{"slots", &Values::slots},
    NumberOption{"drives", &Values::drives},
    NumberOption{"ports", &Values::ports},
    NumberOption{"doors", &Values::doors},
    NumberOption{"magazines", &Values::magazines},
    NumberOption{"sides", &Values::sides},
    NumberOption{"first_transport", &Values::first_transport},
    NumberOption{"first_port", &Values::first_port},
    NumberOption{"first_drive", &Values::first_drive},
    NumberOption{"first_slot", &Values::first_slot},
};
constexpr std::array kSwitches{
    NumberOption{"bar_code_reader", &Values::bar_code_reader},
    NumberOption{"unload_before_move", &Values::unload_before_move},
    NumberOption{"port_unreported", &Values::port_unreported},
    NumberOption{"doors_unlocked", &Values::doors_unlocked},
    NumberOption{"cleaner_stays", &Values::cleaner_stays},
    NumberOption{"stand_alone", &Values::stand_alone},
};

struct TextOption {
  std::string_view name;
  std::string LibraryOptions::*member;
};
constexpr std::array kTexts{
    TextOption{"vendor", &LibraryOptions::vendor},
    TextOption{"product", &LibraryOptions::product},
    TextOption{"revision", &LibraryOptions::revision},
    TextOption{"serial", &LibraryOptions::serial},
    TextOption{"drive_vendor", &LibraryOptions::drive_vendor},
    TextOption{"drive_product", &LibraryOptions::drive_product},
    TextOption{"drive_revision", &LibraryOptions::drive_revision},
};

struct Name {
  std::string_view name;
  std::uint32_t value;
};
constexpr std::array kPortKinds{
    Name{"lockable", NTMS_EMULATOR_PORT_LOCKABLE},
    Name{"motorized", NTMS_EMULATOR_PORT_MOTORIZED},
    Name{"unlocked", NTMS_EMULATOR_PORT_UNLOCKED},
    Name{"move-extends", NTMS_EMULATOR_PORT_MOVE_EXTENDS},
    Name{"by-hand", NTMS_EMULATOR_PORT_BY_HAND},
    Name{"pass-through", NTMS_EMULATOR_PORT_PASS_THROUGH},
};
constexpr std::array kFaultKinds{
    Name{"fail-before", NTMS_EMULATOR_FAIL_BEFORE},
    Name{"fail-after", NTMS_EMULATOR_FAIL_AFTER},
    Name{"timeout-before", NTMS_EMULATOR_TIMEOUT_BEFORE},
    Name{"timeout-after", NTMS_EMULATOR_TIMEOUT_AFTER},
    Name{"link-lost-before", NTMS_EMULATOR_LINK_LOST_BEFORE},
    Name{"link-lost-after", NTMS_EMULATOR_LINK_LOST_AFTER},
    Name{"busy", NTMS_EMULATOR_BUSY},
    Name{"reservation-conflict", NTMS_EMULATOR_RESERVATION_CONFLICT},
    Name{"torn", NTMS_EMULATOR_TORN},
};
constexpr std::array kYesOrNo{Name{"no", 0}, Name{"yes", 1}};
constexpr std::array kClocks{Name{"real", 0}, Name{"virtual", 1}};

struct DurationOption {
  std::string_view name;
  std::uint32_t ntms_emulator_durations::*member;
};
constexpr std::array kDurations{
    DurationOption{"move", &ntms_emulator_durations::move_ms},
    DurationOption{"load", &ntms_emulator_durations::load_ms},
    DurationOption{"initialize", &ntms_emulator_durations::initialize_ms},
    DurationOption{"port", &ntms_emulator_durations::port_ms},
    DurationOption{"clean", &ntms_emulator_durations::clean_ms},
};

struct PaceOption {
  std::string_view name;
  std::int64_t Pace::*member;
};
constexpr std::array kPaces{
    PaceOption{"step", &Pace::step},
    PaceOption{"longest", &Pace::longest},
    PaceOption{"quiet", &Pace::quiet},
    PaceOption{"patience", &Pace::patience},
};

enum class Has : std::uint8_t { both, changer, drive };
struct Operation {
  std::string_view name;
  std::uint8_t opcode;
  Has has;
};
constexpr std::array kOperations{
    Operation{"test-unit-ready", op::kTestUnitReady, Has::both},
    Operation{"request-sense", op::kRequestSense, Has::both},
    Operation{"inquiry", op::kInquiry, Has::both},
    Operation{"mode-sense-6", op::kModeSense6, Has::both},
    Operation{"mode-sense-10", op::kModeSense10, Has::both},
    Operation{"log-sense", op::kLogSense, Has::both},
    Operation{"prevent-allow", op::kPreventAllow, Has::both},
    Operation{"report-luns", op::kReportLuns, Has::both},
    Operation{"move-medium", op::kMoveMedium, Has::changer},
    Operation{"exchange-medium", op::kExchangeMedium, Has::changer},
    Operation{"position-to-element", op::kPositionToElement, Has::changer},
    Operation{"read-element-status", op::kReadElementStatus, Has::changer},
    Operation{"initialize-element-status", op::kInitializeElementStatus, Has::changer},
    Operation{"open-close-port", op::kOpenCloseImportExport, Has::changer},
    Operation{"load-unload", op::kLoadUnload, Has::drive},
    Operation{"rewind", op::kRewind, Has::drive},
    Operation{"read", op::kRead6, Has::drive},
    Operation{"write", op::kWrite6, Has::drive},
    Operation{"write-filemarks", op::kWriteFilemarks6, Has::drive},
    Operation{"space", op::kSpace6, Has::drive},
    Operation{"locate", op::kLocate10, Has::drive},
    Operation{"read-position", op::kReadPosition, Has::drive},
    Operation{"read-block-limits", op::kReadBlockLimits, Has::drive},
    Operation{"mode-select-6", op::kModeSelect6, Has::drive},
    Operation{"mode-select-10", op::kModeSelect10, Has::drive},
    Operation{"erase", op::kErase6, Has::drive},
};

// The entry of that name; null if there is none.
template <class Table>
const typename Table::value_type* named(const Table& table, std::string_view name) {
  const auto found =
      std::find_if(table.begin(), table.end(), [&](const auto& e) { return e.name == name; });
  return found == table.end() ? nullptr : &*found;
}

// The value of one of a few words.
std::uint32_t one_of(std::string_view what, std::string_view word, std::span<const Name> names) {
  std::string all;
  for (const Name& name : names) {
    if (name.name == word) return name.value;
    all += (all.empty() ? "" : ", ") + std::string(name.name);
  }
  throw WrongLine(std::string(what) + " \"" + std::string(word) + "\" is none of " + all);
}

// Calls `use` for the options that follow, each of which may be given once.
template <class Use>
void each_option(Words& words, const Use& use) {
  std::set<std::string> given;
  while (const auto option = words.take_option()) {
    if (!given.insert(option->name).second) {
      throw WrongLine(option->name + " is given twice");
    }
    if (!use(*option)) throw WrongLine("\"" + option->name + "=\" does not belong here");
  }
}

bool store(const Option& option, LibraryOptions& library) {
  Values& values = library.numbers;
  if (const auto* number = named(kNumbers, option.name)) {
    values.*number->member = number_of(option.name, option.value, 0, kMostElements);
  } else if (const auto* yes_or_no = named(kSwitches, option.name)) {
    values.*yes_or_no->member = one_of(option.name, option.value, kYesOrNo);
  } else if (const auto* text = named(kTexts, option.name)) {
    library.*text->member = option.value;
  } else if (option.name == "port_kind") {
    values.port_kind = one_of(option.name, option.value, kPortKinds);
  } else if (option.name == "clock") {
    values.virtual_clock = one_of(option.name, option.value, kClocks);
  } else if (option.name == "start") {
    values.clock_start = date_of(option.name, option.value);
  } else {
    return false;
  }
  return true;
}

// Key, code and qualifier as in 4/15/01.
void store_sense(const Option& option, ntms_emulator_fault& fault) {
  constexpr std::uint32_t kMostKey = 0x0F;
  const std::string_view text = option.value;
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    throw WrongLine("sense \"" + option.value + "\" is not written like 4/15/01");
  }
  fault.sense_key =
      static_cast<std::uint8_t>(hex_of("the sense key", text.substr(0, slash), kMostKey));
  const AdditionalSense additional = additional_sense_of(text.substr(slash + 1));
  fault.asc = additional.asc;
  fault.ascq = additional.ascq;
}

}  // namespace

AdditionalSense additional_sense_of(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) {
    throw WrongLine("sense \"" + std::string(text) + "\" is not written like 28/00");
  }
  return {static_cast<std::uint8_t>(hex_of("the sense code", text.substr(0, slash), 0xFF)),
          static_cast<std::uint8_t>(hex_of("the sense qualifier", text.substr(slash + 1), 0xFF))};
}

LibraryOptions library_options(Words& words) {
  LibraryOptions library;
  library.numbers.size = sizeof library.numbers;
  ntms_emulator_geometry_init(&library.numbers);
  bool start = false;
  each_option(words, [&](const Option& option) {
    start = start || option.name == "start";
    return store(option, library);
  });
  if (start && library.numbers.virtual_clock == 0) {
    throw WrongLine("start= needs clock=virtual");
  }
  return library;
}

ntms_emulator_durations durations_options(Words& words) {
  ntms_emulator_durations durations{};
  durations.size = sizeof durations;
  each_option(words, [&](const Option& option) {
    const auto* known = named(kDurations, option.name);
    if (known == nullptr) return false;
    durations.*known->member =
        static_cast<std::uint32_t>(duration_of(option.name, option.value, kLongestMotion));
    return true;
  });
  return durations;
}

Pace pace_options(Words& words) {
  Pace pace;
  each_option(words, [&](const Option& option) {
    const auto* known = named(kPaces, option.name);
    if (known == nullptr) return false;
    pace.*known->member = duration_of(option.name, option.value, kLongestDuration);
    return true;
  });
  if (pace.step == 0) throw WrongLine("step=0s would let the time stand still");
  pace.longest = std::max(pace.longest, pace.step);
  return pace;
}

Unit unit_of(Words& words) {
  if (words.take_if("drive")) {
    return {number_of("the drive", words.take("the number of the drive"), 1, kMostElements)};
  }
  words.take_if("changer");
  return {};
}

std::uint32_t opcode_of(Words& words, const Unit& unit) {
  constexpr std::string_view kHex = "0x";
  const std::string name = words.take("the name of a command");
  if (name == "any") return NTMS_EMULATOR_ANY_OPCODE;
  if (name.starts_with(kHex)) {
    // FFh stands for any command.
    return hex_of("the operation code", name.substr(kHex.size()), NTMS_EMULATOR_ANY_OPCODE - 1);
  }
  const auto* operation = named(kOperations, name);
  if (operation == nullptr) throw WrongLine("\"" + name + "\" is no command");
  if (operation->has == Has::drive && !unit.is_drive()) {
    throw WrongLine(name + " is a command for a drive: write \"drive 1 " + name + "\"");
  }
  if (operation->has == Has::changer && unit.is_drive()) {
    throw WrongLine(name + " is no command for a drive");
  }
  return operation->opcode;
}

QuirkSetting quirk_setting(Words& words) {
  const std::string name = words.take("the name of a quirk");
  const QuirkName* quirk = quirk_named(name);
  if (quirk == nullptr) throw WrongLine("\"" + name + "\" is no quirk");
  if (words.take_if("off")) return {quirk->number, 0};
  if (!quirk->timed) {
    words.expect("on");
    return {quirk->number, 1};
  }
  const std::string text = words.take("a duration or off");
  return {quirk->number, static_cast<std::uint32_t>(duration_of(name, text, kLongestMotion))};
}

void fault_options(Words& words, ntms_emulator_fault& fault) {
  fault.size = sizeof fault;
  fault.nth = fault.times = 1;
  bool sense = false;
  each_option(words, [&](const Option& option) {
    if (option.name == "kind") {
      fault.kind = one_of(option.name, option.value, kFaultKinds);
    } else if (option.name == "sense") {
      store_sense(option, fault);
      sense = true;
    } else if (option.name == "nth") {
      fault.nth = number_of(option.name, option.value, 1, 1'000'000);
    } else if (option.name == "times") {
      fault.times = option.value == "always" ? NTMS_EMULATOR_UNTIL_CLEARED
                                             : number_of(option.name, option.value, 1, 1'000'000);
    } else {
      return false;
    }
    return true;
  });
  if (fault.kind == 0) throw WrongLine("kind= is missing");
  const bool needs_sense = fault.kind == NTMS_EMULATOR_FAIL_BEFORE ||
                           fault.kind == NTMS_EMULATOR_FAIL_AFTER ||
                           fault.kind == NTMS_EMULATOR_TORN;
  if (needs_sense && !sense) throw WrongLine("sense= is missing");
  if (!needs_sense && sense) throw WrongLine("a fault of this kind has no sense=");
}

}  // namespace ntms::emulator
