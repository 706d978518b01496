// SPDX-License-Identifier: MIT
// docs/compatibility.md tells the truth: its table has every export once, and an export is "not
// yet" exactly when one of the not_built_*.cpp files answers for it.
#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "tables.h"

namespace {

using ntms::contract_test::read_table;
using ntms::contract_test::read_text;

struct Entry {
  std::string name;
  std::string state;
};

// Every row "| name | state | note |" of the document below its table's heading.
std::vector<Entry> documented() {
  const std::string text = read_text(NTMS_SOURCE_DIR "/docs/compatibility.md");
  const std::regex row(R"(\n\| (\w+) \| ([^|\n]+) \|[^|\n]*\|(?=\n))");
  std::vector<Entry> entries;
  for (std::sregex_iterator match(text.begin(), text.end(), row), end; match != end; ++match) {
    if ((*match)[1] != "export") {
      entries.push_back({(*match)[1], (*match)[2]});
    }
  }
  return entries;
}

// The exports that the not_built_*.cpp files define.
std::set<std::string> not_built() {
  const std::regex definition(R"(\bNTMS_EXPORT\s+(?:DWORD|HANDLE)\s+WINAPI\s+(\w+)\()");
  const std::regex mark(R"(\bNTMS_EXPORT\b)");
  std::set<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(NTMS_SOURCE_DIR "/src/ntmsapi")) {
    const std::string name = file.path().filename().string();
    if (!name.starts_with("not_built_") || !name.ends_with(".cpp")) {
      continue;
    }
    const std::string text = read_text(file.path());
    const std::sregex_iterator begin(text.begin(), text.end(), definition);
    const std::sregex_iterator marks(text.begin(), text.end(), mark);
    const std::sregex_iterator end;
    EXPECT_EQ(std::distance(begin, end), std::distance(marks, end))
        << name << " marks something that this test does not see as a definition";
    for (auto match = begin; match != end; ++match) {
      EXPECT_TRUE(names.insert((*match)[1]).second) << (*match)[1] << " is defined twice";
    }
  }
  return names;
}

TEST(Compatibility, TableHasEveryExportOnceAndNothingElse) {
  std::multiset<std::string> expected;
  for (const auto& row : read_table(NTMS_CONTRACT_DIR "/exports.tsv")) {
    expected.insert(row.cells.at(0));
  }
  ASSERT_EQ(expected.size(), 75U);
  std::multiset<std::string> names;
  for (const Entry& entry : documented()) {
    names.insert(entry.name);
  }
  EXPECT_EQ(names, expected);
}

TEST(Compatibility, StatesAreCompletePartialOrNotYet) {
  for (const Entry& entry : documented()) {
    EXPECT_TRUE(entry.state == "complete" || entry.state == "partial" || entry.state == "not yet")
        << entry.name << " is \"" << entry.state << '"';
  }
}

TEST(Compatibility, NotYetMeansAnsweredByANotBuiltFile) {
  std::set<std::string> not_yet;
  for (const Entry& entry : documented()) {
    if (entry.state == "not yet") {
      not_yet.insert(entry.name);
    }
  }
  EXPECT_EQ(not_yet, not_built());
}

TEST(Compatibility, PartialSaysWhatIsMissing) {
  const std::string text = read_text(NTMS_SOURCE_DIR "/docs/compatibility.md");
  const std::regex bare(R"(\| (\w+) \| partial \|\s*\|)");
  std::smatch match;
  EXPECT_FALSE(std::regex_search(text, match, bare)) << match[1];
}

}  // namespace
