// SPDX-License-Identifier: MIT
// What the fuzz targets share.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>
#include <vector>

namespace ntms::fuzz {

using Buffer = std::vector<std::uint8_t>;
using Bytes = std::span<const std::uint8_t>;

// Ends the program, which libFuzzer takes for a finding, when a property does not hold.
inline void check(bool holds, const char* property) {
  if (holds) return;
  std::fprintf(stderr, "violated: %s\n", property);
  std::abort();
}

// Whether a part lies within the whole; an empty one may lie anywhere.
inline bool inside(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

// Whether a text that came out of a padded field can be shown.
inline bool printable(const std::string& text) {
  for (const char c : text) {
    if (c < ' ' || c > '~') return false;
  }
  return true;
}

// A copy with nothing behind it, so that the address sanitizer sees a byte too far.
inline Buffer part_of(Bytes data, std::size_t size) {
  return Buffer(data.begin(), data.begin() + static_cast<std::ptrdiff_t>(size));
}

}  // namespace ntms::fuzz

// What libFuzzer calls with each input; always 0.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
