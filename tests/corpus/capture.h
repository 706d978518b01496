// SPDX-License-Identifier: MIT
// Captures: what devices sent, as commented hex text (README.md has the form).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"

namespace ntms::corpus {

struct Capture {
  std::string parser;                 // the name of the folder: what the bytes are given to
  std::vector<std::string> expected;  // what describe() has to say of them
  std::vector<std::uint8_t> bytes;
};

// Reads a file. Error: ERROR_INVALID_DATA with the line when it is not well formed,
// ERROR_FILE_NOT_FOUND when it cannot be read. Any thread.
Result<Capture> read_capture(const std::filesystem::path& file);

// All captures below `folder`, one folder for each parser, in the order of their names. Throws
// std::filesystem::filesystem_error when there is no such folder.
std::vector<std::filesystem::path> find_captures(const std::filesystem::path& folder);

}  // namespace ntms::corpus
