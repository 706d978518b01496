// SPDX-License-Identifier: MIT
// Names of computers without regard to the case of ASCII letters, as SQLite's NOCASE compares.
#pragma once

#include <algorithm>
#include <set>
#include <string>
#include <string_view>

namespace ntms::server {

struct NameLess {
  bool operator()(std::string_view a, std::string_view b) const {
    const auto lower = [](char c) {
      return static_cast<unsigned char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
    };
    return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(),
                                        [&](char x, char y) { return lower(x) < lower(y); });
  }
};

// Each name once, in alphabetical order.
using DestinationNames = std::set<std::string, NameLess>;

}  // namespace ntms::server
