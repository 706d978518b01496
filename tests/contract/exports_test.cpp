// SPDX-License-Identifier: MIT
// The shared library exports the 75 names of the contract and no other, and the lists that the
// linkers are given say the same.
#include <dlfcn.h>
#include <gtest/gtest.h>

#include <memory>
#include <regex>
#include <set>
#include <string>

#include "elf_exports.h"
#include "tables.h"

namespace {

using ntms::contract_test::elf_exports;
using ntms::contract_test::read_table;
using ntms::contract_test::read_text;

std::set<std::string> contract_names() {
  std::set<std::string> names;
  for (const auto& row : read_table(NTMS_CONTRACT_DIR "/exports.tsv")) {
    names.insert(row.cells.at(0));
  }
  return names;
}

// Names on lines of their own, as in ntmsapi.map and ntmsapi.def.
std::multiset<std::string> listed_names(const std::string& file, const std::regex& line) {
  const std::string text = read_text(NTMS_SOURCE_DIR "/src/ntmsapi/" + file);
  std::multiset<std::string> names;
  for (std::sregex_iterator match(text.begin(), text.end(), line), end; match != end; ++match) {
    names.insert((*match)[1]);
  }
  return names;
}

TEST(Exports, TheReaderRefusesWhatIsNoSharedObject) {
  EXPECT_THROW(elf_exports(NTMS_CONTRACT_DIR "/exports.tsv"), std::runtime_error);
  EXPECT_THROW(elf_exports(NTMS_CONTRACT_DIR "/no such file"), std::runtime_error);
}

TEST(Exports, LibraryExportsExactlyTheNamesOfTheContract) {
  const std::set<std::string> contract = contract_names();
  EXPECT_EQ(contract.size(), 75U);
  EXPECT_EQ(elf_exports(NTMS_LIBRARY), contract);
}

TEST(Exports, EveryNameCanBeLookedUpAtRunTime) {
  const auto close = [](void* handle) { dlclose(handle); };
  const std::unique_ptr<void, decltype(close)> library(dlopen(NTMS_LIBRARY, RTLD_NOW | RTLD_LOCAL),
                                                       close);
  ASSERT_NE(library, nullptr) << dlerror();
  for (const std::string& name : contract_names()) {
    EXPECT_NE(dlsym(library.get(), name.c_str()), nullptr) << name;
  }
  EXPECT_EQ(dlsym(library.get(), "NtmsNoSuchFunction"), nullptr);
}

TEST(Exports, VersionScriptAndModuleDefinitionListTheSameNames) {
  const std::set<std::string> contract = contract_names();
  const std::multiset<std::string> once(contract.begin(), contract.end());
  EXPECT_EQ(listed_names("ntmsapi.map", std::regex(R"(\n    (\w+);)")), once);
  EXPECT_EQ(listed_names("ntmsapi.def", std::regex(R"(\n    (\w+)(?=\n))")), once);
}

TEST(Exports, DecoratedNamesForX86HaveTheBytesOfTheContract) {
  std::multiset<std::string> decorated;
  for (const auto& row : read_table(NTMS_CONTRACT_DIR "/exports.tsv")) {
    decorated.insert(row.cells.at(0) + "@" + row.cells.at(1));
  }
  EXPECT_EQ(listed_names("ntmsapi_x86.def", std::regex(R"(\n    (\w+@\d+)(?=\n))")), decorated);
}

}  // namespace
