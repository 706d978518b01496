// SPDX-License-Identifier: MIT
// Makes emulated libraries for the benchmarks.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace ntms::bench {

struct EmulatedLibrary {
  std::uint32_t slots = 0;
  std::uint32_t media = 0;  // in the first slots, with bar codes
  std::uint32_t ports = 1;
  std::uint32_t drives = 2;
  bool virtual_clock = false;
};

// Makes the file and returns the library's URI. All motions take no time. Throws
// std::runtime_error.
std::string create(const std::filesystem::path& file, const EmulatedLibrary& library);

}  // namespace ntms::bench
