// SPDX-License-Identifier: MIT
// Reading of the contract's tables (tab-separated text) for the tests beside it.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace ntms::contract_test {

// One row of a table: its line number in the file (the heading is line 1) and its cells.
struct Row {
  int line = 0;
  std::vector<std::string> cells;
};

// The whole text of a file. Throws std::runtime_error when it cannot be read. Any thread.
inline std::string read_text(const std::filesystem::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file || text.str().empty()) {
    throw std::runtime_error("cannot read " + path.string());
  }
  return text.str();
}

// All rows of a table below its heading. Throws std::runtime_error when it cannot be read.
// Any thread.
inline std::vector<Row> read_table(const std::filesystem::path& path) {
  std::istringstream text(read_text(path));
  std::vector<Row> rows;
  std::string line;
  for (int number = 1; std::getline(text, line); ++number) {
    if (number == 1) {
      continue;
    }
    Row row{number, {}};
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) {
      row.cells.push_back(cell);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace ntms::contract_test
