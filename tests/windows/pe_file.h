// SPDX-License-Identifier: MIT
// What a DLL says about itself: its header, what it exports and what it imports.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>

namespace ntms::windows_test {

struct PeFile {
  std::uint16_t machine = 0;          // IMAGE_FILE_MACHINE_...
  std::uint16_t characteristics = 0;  // IMAGE_DLLCHARACTERISTICS_...
  std::uint16_t os_major = 0;         // the oldest Windows it is for
  std::uint16_t os_minor = 0;
  std::uint16_t subsystem_major = 0;
  std::uint16_t subsystem_minor = 0;
  bool relocatable = false;       // has relocations, without which ASLR has no effect
  std::set<std::string> exports;  // names
  std::map<std::string, std::set<std::string>> imports;  // by DLL in lower case; "#7" by ordinal
};

// Reads a DLL or program of either bitness. Throws std::runtime_error when it cannot be read or is
// none. Source: Microsoft PE and COFF Specification.
PeFile read_pe_file(const std::filesystem::path& path);

}  // namespace ntms::windows_test
