// SPDX-License-Identifier: MIT
// Every capture of the corpus through its parser, compared with what the capture says of itself.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "corpus/capture.h"
#include "corpus/describe.h"

namespace ntms::corpus {
namespace {

std::string joined(const Words& lines) {
  std::string text;
  for (const auto& line : lines) text += "expect: " + line + "\n";
  return text;
}

class Corpus : public testing::TestWithParam<std::filesystem::path> {};

TEST_P(Corpus, IsReadAsExpected) {
  const auto capture = read_capture(GetParam());
  ASSERT_TRUE(capture) << capture.error().reason;
  ASSERT_FALSE(capture->expected.empty()) << GetParam();
  EXPECT_EQ(joined(describe(capture->parser, capture->bytes)), joined(capture->expected));
}

// However much of it arrives, what is read never goes beyond it (the sanitizers watch), and there
// is always an answer.
TEST_P(Corpus, AnyCutHasAnAnswer) {
  constexpr std::size_t kMostCuts = 2000;
  const auto capture = read_capture(GetParam());
  ASSERT_TRUE(capture) << capture.error().reason;
  const std::size_t cuts = std::min(capture->bytes.size(), kMostCuts);
  for (std::size_t size = 0; size < cuts; ++size) {
    const std::vector<std::uint8_t> cut(capture->bytes.begin(),
                                        capture->bytes.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(describe(capture->parser, cut).empty()) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Captures, Corpus, testing::ValuesIn(find_captures(NTMS_CORPUS)),
                         [](const auto& file) {
                           return file.param.parent_path().filename().string() + "_" +
                                  file.param.stem().string();
                         });

TEST(CorpusText, MalformedLinesAreNamed) {
  const auto file = std::filesystem::path(testing::TempDir()) / "corpus_malformed.hex";
  for (const char* line : {"0", "00 0G", "00*", "00*x", "\"open", "rise 1: @@", "@@",
                           "rise 65000 1000: @@", "rise 1 1: 0", "00*99999999999"}) {
    std::ofstream(file) << "# comment\n00 01\n" << line << "\n";
    const auto capture = read_capture(file);
    ASSERT_FALSE(capture) << line;
    EXPECT_NE(capture.error().reason.find(":3:"), std::string::npos) << capture.error().reason;
  }
  std::filesystem::remove(file);
  EXPECT_FALSE(read_capture(file));
}

TEST(CorpusText, BytesTextsAndRepetitions) {
  const auto file = std::filesystem::path(testing::TempDir()) / "corpus_bytes.hex";
  std::ofstream(file) << "expect: a # b\n0A \"x#\" FF*2 # rest\nrise 255 2: @@ 01\n";
  const auto capture = read_capture(file);
  std::filesystem::remove(file);
  ASSERT_TRUE(capture) << capture.error().reason;
  EXPECT_EQ(capture->expected, (Words{"a # b"}));
  EXPECT_EQ(capture->bytes,
            (std::vector<std::uint8_t>{0x0A, 'x', '#', 0xFF, 0xFF, 0, 255, 1, 1, 0, 1}));
  EXPECT_EQ(describe("nonsense", capture->bytes), (Words{"no parser of this name"}));
}

}  // namespace
}  // namespace ntms::corpus
