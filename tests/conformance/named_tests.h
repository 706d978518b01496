// SPDX-License-Identifier: MIT
// What the maps from rows of tables to tests share: reading a map, and asking test programs for the
// names of their tests.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "support/program.h"

namespace ntms::conformance {

// The rows of a map: columns separated by tabs, lines that begin with "#" are comments. A row with
// fewer than `columns` columns, or with nothing in the last one, is a test failure and left out.
inline std::vector<std::vector<std::string>> read_columns(const std::filesystem::path& file,
                                                          std::size_t columns) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream lines(file);
  EXPECT_TRUE(lines.is_open()) << file;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::vector<std::string> row(columns);
    std::istringstream rest(line);
    for (std::size_t i = 0; i < columns; ++i) {
      std::getline(rest, row[i], i + 1 < columns ? '\t' : '\n');
    }
    EXPECT_FALSE(row.back().empty()) << "not " << columns << " columns: " << line;
    if (!row.back().empty()) rows.push_back(std::move(row));
  }
  return rows;
}

// The tests of test programs, given as paths with blanks between. "On/Eject.TakenByTheOperator/tgt"
// is test "Eject.TakenByTheOperator".
inline std::set<std::string> tests_of(const std::string& programs) {
  std::set<std::string> result;
  std::istringstream names(programs);
  for (std::string program; names >> program;) {
    std::istringstream lines(test::run_program({program, "--gtest_list_tests"}));
    std::string suite;
    for (std::string line; std::getline(lines, line);) {
      line = line.substr(0, line.find('#'));
      line.erase(line.find_last_not_of(" \t") + 1);
      if (line.empty() || line.find(' ') != std::string::npos) {
        if (!line.starts_with("  ")) continue;
      }
      if (line.starts_with("  ")) {
        const std::string name = line.substr(2, line.find('/') - 2);
        result.insert(suite + name);
      } else {
        const auto slash = line.find('/');
        suite = slash == std::string::npos ? line : line.substr(slash + 1);
        if (!suite.ends_with('.')) suite.clear();
      }
    }
  }
  return result;
}

}  // namespace ntms::conformance
