// SPDX-License-Identifier: MIT
// The C interface: scenarios.
#include <algorithm>
#include <exception>
#include <functional>
#include <memory>

#include "emulator/handle.h"
#include "emulator/quirks.h"
#include "emulator/scenario_parse.h"
#include "emulator/scenario_play.h"

using namespace ntms::emulator;

namespace {

struct Close {
  void operator()(ntms_emulator* emulator) const { ntms_emulator_close(emulator); }
};

void fill(Connection& db, const Geometry& geometry, const Scenario& scenario) {
  set_durations(db, scenario.durations);
  for (const QuirkSetting& quirk : scenario.quirks) {
    Quirks::set(db, quirk.number, quirk.value, clock_now(db, geometry));
  }
  Elements elements(db, geometry);
  for (const Content& content : scenario.contents) {
    const std::int64_t cartridge = elements.make_cartridge(content.barcode);
    if (!content.slot) continue;
    elements.put(geometry.first_slot + *content.slot, cartridge, std::nullopt, false, false);
  }
}

Played create(const char* path, const char* text) {
  const auto scenario = parse_scenario(text);
  if (!scenario) return {NTMS_EMULATOR_INVALID, scenario.error().reason};
  if (!scenario->library) return {NTMS_EMULATOR_INVALID, "there is no library line"};
  const auto made = LibraryFile::create(
      path, scenario->library->geometry(),
      [&](Connection& db, const Geometry& geometry) { fill(db, geometry, *scenario); });
  if (!made) return {code_of(made.error()), made.error().reason};
  return {};
}

Played play(ntms_emulator* emulator, const char* text, ntms_emulator_scenario_watch watch,
            void* context) {
  const auto scenario = parse_scenario(text);
  if (!scenario) return {NTMS_EMULATOR_INVALID, scenario.error().reason};
  ScenarioWatch told;
  if (watch != nullptr) {
    told = [&](const Step& step, bool played) {
      const auto line = static_cast<std::uint32_t>(step.line);
      return watch(context, line, played ? 1 : 0, step.text.c_str()) == 0;
    };
  }
  return play_scenario(emulator, *scenario, told);
}

// Runs `body` and hands its reason out.
int reporting(char* error, size_t error_size, const std::function<Played()>& body) {
  Played played;
  try {
    played = body();
  } catch (const std::exception&) {  // the boundary to C
    played = {NTMS_EMULATOR_IO, ntms_emulator_strerror(NTMS_EMULATOR_IO)};
  }
  if (error_size != 0) {
    const std::size_t length = std::min(played.reason.size(), error_size - 1);
    std::copy_n(played.reason.begin(), length, error);
    error[length] = '\0';
  }
  return played.code;
}

bool no_room(const char* error, size_t error_size) {
  return error == nullptr && error_size != 0;
}

}  // namespace

int ntms_emulator_scenario_create(const char* path, const char* text, char* error,
                                  size_t error_size) {
  if (path == nullptr || *path == '\0' || text == nullptr || no_room(error, error_size)) {
    return NTMS_EMULATOR_INVALID;
  }
  return reporting(error, error_size, [&] { return create(path, text); });
}

int ntms_emulator_scenario_play(ntms_emulator* emulator, const char* text,
                                ntms_emulator_scenario_watch watch, void* context, char* error,
                                size_t error_size) {
  if (emulator == nullptr || text == nullptr || no_room(error, error_size)) {
    return NTMS_EMULATOR_INVALID;
  }
  return reporting(error, error_size, [&] { return play(emulator, text, watch, context); });
}

int ntms_emulator_scenario_play_file(const char* path, const char* text,
                                     ntms_emulator_scenario_watch watch, void* context, char* error,
                                     size_t error_size) {
  if (text == nullptr || no_room(error, error_size)) return NTMS_EMULATOR_INVALID;
  return reporting(error, error_size, [&]() -> Played {
    ntms_emulator* raw = nullptr;
    const int code = ntms_emulator_open(path, &raw);
    if (code != NTMS_EMULATOR_OK) return {code, ntms_emulator_strerror(code)};
    const std::unique_ptr<ntms_emulator, Close> emulator(raw);
    return play(emulator.get(), text, watch, context);
  });
}
