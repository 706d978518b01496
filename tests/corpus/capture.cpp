// SPDX-License-Identifier: MIT
#include "corpus/capture.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <string_view>

namespace ntms::corpus {
namespace {

constexpr std::uint32_t kFileNotFound = 2;
constexpr std::uint32_t kInvalidData = 13;
constexpr std::string_view kExpect = "expect: ";
constexpr std::string_view kRise = "rise ";
constexpr std::size_t kMostBytes = 16 << 20;

std::optional<std::size_t> number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Adds the bytes of a line; "@@" stands for the two bytes of `risen`. False: it is not well formed.
bool add_bytes(std::vector<std::uint8_t>& bytes, std::string_view line,
               std::optional<std::size_t> risen) {
  while (!line.empty()) {
    if (line[0] == ' ') {
      line.remove_prefix(1);
      continue;
    }
    if (line[0] == '"') {
      const std::size_t end = line.find('"', 1);
      if (end == std::string_view::npos) return false;
      bytes.insert(bytes.end(), line.begin() + 1, line.begin() + static_cast<std::ptrdiff_t>(end));
      line.remove_prefix(end + 1);
      continue;
    }
    const std::string_view word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    if (word == "@@" && risen) {
      bytes.push_back(static_cast<std::uint8_t>(*risen >> 8));
      bytes.push_back(static_cast<std::uint8_t>(*risen));
      continue;
    }
    const auto byte = number(word.substr(0, 2), 16);
    const bool repeated = word.size() > 3 && word[2] == '*';
    const auto times = repeated ? number(word.substr(3), 10) : 1;
    if (!byte || word.size() < 2 || (word.size() != 2 && !repeated)) return false;
    if (!times || *times > kMostBytes - std::min(kMostBytes, bytes.size())) return false;
    bytes.insert(bytes.end(), *times, static_cast<std::uint8_t>(*byte));
  }
  return true;
}

// "rise FIRST COUNT: ...": the line COUNT times, "@@" rising from FIRST (decimal) on.
bool add_rising(std::vector<std::uint8_t>& bytes, std::string_view line) {
  line.remove_prefix(kRise.size());
  const std::size_t blank = line.find(' ');
  const std::size_t colon = line.find(':');
  if (blank == std::string_view::npos || colon == std::string_view::npos || colon < blank) {
    return false;
  }
  const auto first = number(line.substr(0, blank), 10);
  const auto count = number(line.substr(blank + 1, colon - blank - 1), 10);
  if (!first || !count || *first + *count > 0x10000) return false;
  for (std::size_t i = 0; i < *count; ++i) {
    if (!add_bytes(bytes, line.substr(colon + 1), *first + i)) return false;
  }
  return true;
}

// The line without its comment: from a '#' outside of quotes on.
std::string_view without_comment(std::string_view line) {
  bool quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '"') quoted = !quoted;
    if (line[i] == '#' && !quoted) return line.substr(0, i);
  }
  return line;
}

}  // namespace

Result<Capture> read_capture(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(kFileNotFound, "cannot read " + file.string());
  Capture capture;
  capture.parser = file.parent_path().filename().string();
  std::string line;
  for (int count = 1; std::getline(in, line); ++count) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.starts_with(kExpect)) {
      capture.expected.push_back(line.substr(kExpect.size()));
      continue;
    }
    const std::string_view data = without_comment(line);
    const bool understood = data.starts_with(kRise) ? add_rising(capture.bytes, data)
                                                    : add_bytes(capture.bytes, data, std::nullopt);
    if (!understood) {
      return fail(kInvalidData,
                  file.string() + ":" + std::to_string(count) + ": neither bytes nor \"expect: \"");
    }
  }
  return capture;
}

std::vector<std::filesystem::path> find_captures(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() == ".hex") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace ntms::corpus
