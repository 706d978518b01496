// SPDX-License-Identifier: MIT
// docs/compatibility.md tells the truth: its table has every export once, and an export is
// "undescribed" exactly when undescribed.cpp answers for it.
#include <gtest/gtest.h>

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

// The exports that undescribed.cpp defines.
std::set<std::string> undescribed() {
  const std::regex definition(R"(\bNTMS_EXPORT\s+(?:DWORD|HANDLE)\s+WINAPI\s+(\w+)\()");
  const std::regex mark(R"(\bNTMS_EXPORT\b)");
  const std::string text = read_text(NTMS_SOURCE_DIR "/src/ntmsapi/undescribed.cpp");
  const std::sregex_iterator begin(text.begin(), text.end(), definition);
  const std::sregex_iterator marks(text.begin(), text.end(), mark);
  const std::sregex_iterator end;
  EXPECT_EQ(std::distance(begin, end), std::distance(marks, end))
      << "it marks something that this test does not see as a definition";
  std::set<std::string> names;
  for (auto match = begin; match != end; ++match) names.insert((*match)[1]);
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

TEST(Compatibility, StatesAreCompletePartialOrUndescribed) {
  for (const Entry& entry : documented()) {
    EXPECT_TRUE(entry.state == "complete" || entry.state == "partial" ||
                entry.state == "undescribed")
        << entry.name << " is \"" << entry.state << '"';
  }
}

TEST(Compatibility, UndescribedMeansAnsweredByThatFile) {
  std::set<std::string> documented_so;
  for (const Entry& entry : documented()) {
    if (entry.state == "undescribed") {
      documented_so.insert(entry.name);
    }
  }
  EXPECT_EQ(documented_so, undescribed());
}

TEST(Compatibility, PartialSaysWhatIsMissing) {
  const std::string text = read_text(NTMS_SOURCE_DIR "/docs/compatibility.md");
  const std::regex bare(R"(\| (\w+) \| partial \|\s*\|)");
  std::smatch match;
  EXPECT_FALSE(std::regex_search(text, match, bare)) << match[1];
}

}  // namespace
