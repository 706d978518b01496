// SPDX-License-Identifier: MIT
// rsm emulator: makes an emulated library and plays the person in front of it (ntms/emulator.h).
#include "ntms/emulator.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ntms/win32_types.h"
#include "platform/files.h"
#include "rsm/subcommands.h"

namespace ntms::rsm {
namespace {

constexpr std::uint32_t kMostElements = 65535;  // what element addresses allow; the emulator checks

struct Close {
  void operator()(ntms_emulator* emulator) const { ntms_emulator_close(emulator); }
};
using Emulator = std::unique_ptr<ntms_emulator, Close>;

// A Win32 code of about the same meaning.
std::uint32_t win32_code(int code) {
  std::uint32_t win32 = ERROR_DATABASE_FAILURE;
  switch (code) {
    case NTMS_EMULATOR_INVALID:
      win32 = ERROR_INVALID_PARAMETER;
      break;
    case NTMS_EMULATOR_NOT_FOUND:
      win32 = ERROR_OBJECT_NOT_FOUND;
      break;
    case NTMS_EMULATOR_EXISTS:
      win32 = ERROR_ALREADY_EXISTS;
      break;
    case NTMS_EMULATOR_DENIED:
      win32 = ERROR_ACCESS_DENIED;
      break;
    case NTMS_EMULATOR_FORMAT:
      win32 = ERROR_BAD_FORMAT;
      break;
    case NTMS_EMULATOR_LOCKED:
      win32 = ERROR_BUSY;
      break;
    case NTMS_EMULATOR_OCCUPIED:
      win32 = ERROR_NOT_EMPTY;
      break;
    case NTMS_EMULATOR_EMPTY:
      win32 = ERROR_EMPTY;
      break;
    case NTMS_EMULATOR_TOO_SMALL:
      win32 = ERROR_INSUFFICIENT_BUFFER;
      break;
    case NTMS_EMULATOR_NO_CLOCK:
      win32 = ERROR_INVALID_STATE;
      break;
    case NTMS_EMULATOR_NOT_PLAYED:
      win32 = ERROR_TIMEOUT;
      break;
    default:
      break;  // NTMS_EMULATOR_IO and what a later emulator may add
  }
  return win32;
}

// With the emulator's own words.
Error failure(int code, const std::string& what) {
  return fail(win32_code(code), what + ": " + ntms_emulator_strerror(code));
}

Result<Emulator> open(const std::string& path) {
  ntms_emulator* raw = nullptr;
  const int code = ntms_emulator_open(path.c_str(), &raw);
  if (code != NTMS_EMULATOR_OK) return failure(code, path);
  return Emulator(raw);
}

// Stores the number after a switch, if it was given. False: it is no such number.
bool take_number(const Arguments& arguments, std::string_view name, std::uint32_t least,
                 std::uint32_t& to) {
  const auto text = arguments.value(name);
  if (!text) return true;
  const auto given = number(*text, least, kMostElements);
  if (given) to = *given;
  return given.has_value();
}

// The bar code of cartridge 1, 2, ...: EMU001L8.
std::string bar_code(const std::string& prefix, std::uint32_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < 3) digits.insert(0, 3 - digits.size(), '0');
  return prefix + digits + "L8";
}

Outcome fill(const std::string& path, const std::string& prefix, std::uint32_t media) {
  const auto emulator = open(path);
  if (!emulator) return emulator.error();
  for (std::uint32_t index = 0; index < media; ++index) {
    const std::string code = bar_code(prefix, index + 1);
    const int result = ntms_emulator_load_slot(emulator->get(), index, code.c_str());
    if (result != NTMS_EMULATOR_OK) return failure(result, "The cartridge " + code);
  }
  return {};
}

// The text of the scenario file that the switch names.
Result<std::string> scenario_of(const Arguments& arguments) {
  const std::string file = arguments.value("scenario").value_or("");
  std::ifstream in(file, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (!in.is_open() || in.bad()) {
    return fail(ERROR_OBJECT_NOT_FOUND, file + ": the scenario file cannot be read");
  }
  return text;
}

// How a scenario function ended; `error` are its own words, which name the line.
Outcome scenario_outcome(int code, const Arguments& arguments, const std::string& error) {
  if (code == NTMS_EMULATOR_OK) return {};
  return fail(win32_code(code), arguments.value("scenario").value_or("") + ": " + error);
}

constexpr std::size_t kReasonSize = 1024;

void print_name(const std::string& path, std::ostream& out) {
  out << "emulator:" << platform::path_text(std::filesystem::absolute(path)) << '\n';
}

Outcome create_from_scenario(const std::string& path, const Arguments& arguments,
                             std::ostream& out) {
  const auto text = scenario_of(arguments);
  if (!text) return text.error();
  std::array<char, kReasonSize> error{};
  const int code =
      ntms_emulator_scenario_create(path.c_str(), text->c_str(), error.data(), error.size());
  if (code == NTMS_EMULATOR_OK) print_name(path, out);
  return scenario_outcome(code, arguments, error.data());
}

// For the watcher of a scenario: prints the lines that have been played.
int print_played(void* out, std::uint32_t line, std::uint32_t played, const char* text) {
  if (played != 0) {
    print_columns(*static_cast<std::ostream*>(out), {{std::to_string(line), text}});
    static_cast<std::ostream*>(out)->flush();
  }
  return 0;
}

Outcome play(const std::string& path, const Arguments& arguments, std::ostream& out) {
  if (!arguments.has("scenario")) return wrong_usage("/scenario is missing: the file to play.");
  const auto text = scenario_of(arguments);
  if (!text) return text.error();
  const auto emulator = open(path);
  if (!emulator) return emulator.error();
  std::array<char, kReasonSize> error{};
  const int code = ntms_emulator_scenario_play(emulator->get(), text->c_str(), print_played, &out,
                                               error.data(), error.size());
  if (code == NTMS_EMULATOR_OK) out << kSuccess << '\n';
  return scenario_outcome(code, arguments, error.data());
}

Outcome create(const std::string& path, const Arguments& arguments, std::ostream& out) {
  ntms_emulator_geometry geometry{};
  geometry.size = sizeof geometry;
  ntms_emulator_geometry_init(&geometry);
  std::uint32_t media = 0;
  if (!take_number(arguments, "slots", 0, geometry.slots) ||
      !take_number(arguments, "drives", 0, geometry.drives) ||
      !take_number(arguments, "ports", 0, geometry.ports) ||
      !take_number(arguments, "doors", 0, geometry.doors) ||
      !take_number(arguments, "media", 0, media)) {
    return wrong_usage("The numbers of elements and media are decimal, at most 65535.");
  }
  if (media > geometry.slots) return wrong_usage("There are more media than slots.");
  geometry.virtual_clock = arguments.has("virtualclock") ? 1 : 0;

  const int code = ntms_emulator_create(path.c_str(), &geometry);
  if (code != NTMS_EMULATOR_OK) return failure(code, path);
  Outcome filled = fill(path, arguments.value("prefix").value_or("EMU"), media);
  if (filled.code != 0) {
    std::error_code ignored;  // the first error is the one to report
    std::filesystem::remove(path, ignored);
    return filled;
  }
  print_name(path, out);
  return {};
}

std::string_view noun_of(std::uint32_t type) {
  if (type == NTMS_EMULATOR_TRANSPORT) return "Transport";
  if (type == NTMS_EMULATOR_SLOT) return "Slot";
  if (type == NTMS_EMULATOR_PORT) return "Port";
  return "Drive";
}

std::string contents(const ntms_emulator_element_info& element) {
  if (element.full == 0) return "empty";
  std::string text(std::begin(element.barcode),
                   std::find(std::begin(element.barcode), std::end(element.barcode), '\0'));
  if (text.empty()) text = "#" + std::to_string(element.cartridge);
  if (element.loaded != 0) text += ", loaded";
  return element.extended != 0 ? text + ", extended" : text;
}

Outcome show(const std::string& path, std::ostream& out) {
  const auto emulator = open(path);
  if (!emulator) return emulator.error();
  std::vector<std::vector<std::string>> rows{{"ELEMENT", "ADDRESS", "CONTENTS"}};
  for (const std::uint32_t type :
       {NTMS_EMULATOR_TRANSPORT, NTMS_EMULATOR_SLOT, NTMS_EMULATOR_PORT, NTMS_EMULATOR_DRIVE}) {
    std::uint32_t count = 0;
    const int counted = ntms_emulator_count(emulator->get(), type, &count);
    if (counted != NTMS_EMULATOR_OK) return failure(counted, path);
    for (std::uint32_t index = 0; index < count; ++index) {
      ntms_emulator_element_info element{};
      element.size = sizeof element;
      const int code = ntms_emulator_element(emulator->get(), type, index, &element);
      if (code != NTMS_EMULATOR_OK) return failure(code, path);
      rows.push_back({std::string(noun_of(type)) + " " + std::to_string(index + 1),
                      std::to_string(element.address), contents(element)});
    }
  }
  std::uint32_t outside = 0;
  const int counted = ntms_emulator_count(emulator->get(), NTMS_EMULATOR_SHELF, &outside);
  if (counted != NTMS_EMULATOR_OK) return failure(counted, path);
  rows.push_back(
      {"Shelf", "", std::to_string(outside) + (outside == 1 ? " cartridge" : " cartridges")});
  print_columns(out, rows);
  return {};
}

Outcome put_or_take(bool put, const std::string& path, const Arguments& arguments,
                    std::ostream& out) {
  std::uint32_t port = 0;
  if (!arguments.has("port") || !take_number(arguments, "port", 1, port)) {
    return wrong_usage("/port is missing: the number of the port; the first is 1.");
  }
  const auto emulator = open(path);
  if (!emulator) return emulator.error();
  const std::string what = "Port " + std::to_string(port);
  if (put) {
    const std::string cartridge = arguments.value("barcode").value_or("");
    const int code = ntms_emulator_port_put(emulator->get(), port - 1, cartridge.c_str());
    if (code != NTMS_EMULATOR_OK) return failure(code, what);
    out << kSuccess << '\n';
    return {};
  }
  char barcode[33] = {};  // NOLINT(*-avoid-c-arrays): the size is the interface's
  const int code = ntms_emulator_port_take(emulator->get(), port - 1, barcode);
  if (code != NTMS_EMULATOR_OK) return failure(code, what);
  print_columns(out, {{barcode}});
  return {};
}

// The first switch that was given and is none of `allowed`.
std::optional<std::string_view> stranger(const Arguments& arguments,
                                         const std::vector<std::string_view>& allowed) {
  for (const std::string_view name : {"slots", "drives", "ports", "doors", "media", "prefix",
                                      "virtualclock", "port", "barcode", "scenario"}) {
    if (arguments.has(name) && std::find(allowed.begin(), allowed.end(), name) == allowed.end()) {
      return name;
    }
  }
  return std::nullopt;
}

}  // namespace

Outcome run_emulator(const Arguments& arguments, std::ostream& out) {
  const std::string verb = lower(arguments.operands()[0]);
  const std::string& path = arguments.operands()[1];
  std::vector<std::string_view> allowed;
  if (verb == "play" || (verb == "create" && arguments.has("scenario"))) {
    allowed = {"scenario"};
  } else if (verb == "create") {
    allowed = {"slots", "drives", "ports", "doors", "media", "prefix", "virtualclock"};
  } else if (verb == "put") {
    allowed = {"port", "barcode"};
  } else if (verb == "take") {
    allowed = {"port"};
  } else if (verb != "show") {
    return wrong_usage("\"" + verb + "\" is none of create, play, show, put and take.");
  }
  if (const auto name = stranger(arguments, allowed)) {
    return wrong_usage("/" + std::string(*name) + " does not go with " + verb +
                       (arguments.has("scenario") && verb == "create" ? " /scenario." : "."));
  }
  if (verb == "play") return play(path, arguments, out);
  if (arguments.has("scenario")) return create_from_scenario(path, arguments, out);
  if (verb == "create") return create(path, arguments, out);
  if (verb == "show") return show(path, out);
  return put_or_take(verb == "put", path, arguments, out);
}

}  // namespace ntms::rsm
