// SPDX-License-Identifier: MIT
#include "bench/emulated_library.h"

#include <ntms/emulator.h>

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>

namespace ntms::bench {
namespace {

constexpr std::int64_t kStart = 1'767'225'600'000;  // of a virtual clock: 2026-01-01

void check(int code, const char* doing) {
  if (code != NTMS_EMULATOR_OK) {
    throw std::runtime_error(std::string(doing) + ": " + ntms_emulator_strerror(code));
  }
}

}  // namespace

std::string create(const std::filesystem::path& file, const EmulatedLibrary& library) {
  ntms_emulator_geometry geometry{};
  geometry.size = sizeof geometry;
  geometry.slots = library.slots;
  geometry.drives = library.drives;
  geometry.ports = library.ports;
  geometry.doors = 1;
  geometry.bar_code_reader = 1;
  geometry.virtual_clock = library.virtual_clock ? 1 : 0;
  geometry.clock_start = kStart;
  check(ntms_emulator_create(file.c_str(), &geometry), "making an emulated library");
  ntms_emulator* opened = nullptr;
  check(ntms_emulator_open(file.c_str(), &opened), "opening an emulated library");
  const std::unique_ptr<ntms_emulator, void (*)(ntms_emulator*)> emulator(opened,
                                                                          &ntms_emulator_close);
  for (std::uint32_t i = 0; i < library.media; ++i) {
    std::array<char, 16> bar_code{};
    std::snprintf(bar_code.data(), bar_code.size(), "B%05uL8", i);
    check(ntms_emulator_load_slot(emulator.get(), i, bar_code.data()), "loading a slot");
  }
  return "emulator:" + file.string();
}

}  // namespace ntms::bench
