// SPDX-License-Identifier: MIT
// Foreign label libraries, well-behaved and otherwise (media-labels 4, step 5 to 7).
#include "labels/label_libraries.h"

#include <ntmsapi.h>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace {

using ntms::labels::Label;
using ntms::labels::LabelLibraries;
using ntms::platform::RegisteredLibrary;
using Bytes = std::vector<std::uint8_t>;

class LabelLibrariesTest : public ::testing::Test {
 protected:
  ntms::labels::Report report() {
    return [this](const std::string& words) { reports_.push_back(words); };
  }

  LabelLibraries load(std::chrono::milliseconds limit = std::chrono::seconds(30)) {
    return LabelLibraries::load({{"sample", NTMS_SAMPLE_LIBRARY}}, report(), limit);
  }

  std::optional<Label> claim(const LabelLibraries& libraries, std::string text) {
    text.resize(std::max<std::size_t>(text.size(), 512));
    return libraries.claim(Bytes(text.begin(), text.end()), report());
  }

  std::vector<std::string> reports_;
};

TEST_F(LabelLibrariesTest, WhatCannotBeLoadedIsLeftOut) {
  const auto libraries = LabelLibraries::load({{"relative", "some.so"},
                                               {"missing", "/no/such/library.so"},
                                               {"no library", __FILE__},
                                               {"sample", NTMS_SAMPLE_LIBRARY}},
                                              report());
  EXPECT_EQ(libraries.size(), 1U);
  ASSERT_EQ(reports_.size(), 3U);
  EXPECT_NE(reports_[0].find("relative"), std::string::npos) << reports_[0];
  EXPECT_NE(reports_[1].find("missing"), std::string::npos) << reports_[1];
  EXPECT_NE(reports_[2].find("no library"), std::string::npos) << reports_[2];
}

TEST_F(LabelLibrariesTest, WithoutLibrariesNothingIsClaimed) {
  const LabelLibraries none;
  EXPECT_EQ(none.wanted_bytes(), 65'536U);
  EXPECT_FALSE(claim(none, "SAMPLE TAPE 00000001"));
}

TEST_F(LabelLibrariesTest, ALibraryWithoutTheExportsIsLeftOut) {
  const auto libraries = LabelLibraries::load({{"another", NTMS_ANOTHER_LIBRARY}}, report());
  EXPECT_EQ(libraries.size(), 0U);
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_NE(reports_[0].find("lacks"), std::string::npos) << reports_[0];
}

TEST_F(LabelLibrariesTest, ClaimsItsOwnTapes) {
  const auto libraries = load();
  ASSERT_EQ(libraries.size(), 1U);
  EXPECT_EQ(libraries.wanted_bytes(), 100'000U);
  EXPECT_FALSE(claim(libraries, "ANOTHER TAPE 00000001"));
  const auto label = claim(libraries, "SAMPLE TAPE 00000042Monday\nmore");
  ASSERT_TRUE(label);
  EXPECT_EQ(label->type, "Sample Backup");
  EXPECT_EQ(std::string(label->id.begin(), label->id.end()), "00000042");
  EXPECT_EQ(label->info, "Monday");
  EXPECT_TRUE(reports_.empty());
}

TEST_F(LabelLibrariesTest, NonsenseIsNotAClaim) {
  const auto libraries = load();
  for (const char how : {'e', 't', 'u', 'z', 'x', 'd'}) {
    reports_.clear();
    EXPECT_FALSE(claim(libraries, std::string("SAMPLE TAPE !") + how + "000000")) << how;
    EXPECT_EQ(reports_.size(), 1U) << how;
  }
}

TEST_F(LabelLibrariesTest, TheLongestIdIsCut) {
  const auto label = claim(load(), "SAMPLE TAPE !l000000");
  ASSERT_TRUE(label);
  EXPECT_EQ(label->id, Bytes(255, 'L'));
}

TEST_F(LabelLibrariesTest, OneThatHangsIsAskedOnce) {
  const auto libraries = load(std::chrono::milliseconds(50));
  EXPECT_FALSE(claim(libraries, "SAMPLE TAPE !h000000"));
  ASSERT_EQ(reports_.size(), 1U);
  EXPECT_NE(reports_[0].find("does not come back"), std::string::npos);
  EXPECT_FALSE(claim(libraries, "SAMPLE TAPE 00000042")) << "it is not asked again";
  EXPECT_EQ(reports_.size(), 1U);
}

}  // namespace
