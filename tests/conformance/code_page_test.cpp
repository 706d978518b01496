// SPDX-License-Identifier: MIT
// Texts of the A functions are in the ANSI code page of the machine, in both directions, and are
// never cut inside a character (contract: functions-objects 1 and 2). Outside Windows the code page
// is UTF-8. On Windows the same tests run under several code pages.
#include <algorithm>
#include <cstring>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

// What the tests need to know of a code page.
struct CodePage {
  test::WideString words;     // all of which the page has
  std::string words_in_page;  // the same in the page
  WCHAR letter;               // the longest character to be cut
  std::string letter_in_page;
  WCHAR missing;  // not in the page; 0: there is no such
};

CodePage current_page() {
#ifdef _WIN32
  switch (GetACP()) {
    case 1252:
      return {L"B\u00E4nder \u20AC", "B\xE4nder \x80", L'\u00FC', "\xFC", L'\u2603'};
    case 932:
      return {L"\u30C6\u30FC\u30D7 \uFF83 \u88C5\u7F6E",
              "\x83\x65\x81\x5B\x83\x76 \xC3 \x91\x95\x92\x75", L'\u8868', "\x95\x5C", L'\u20AC'};
    default:
      throw std::runtime_error("no texts for code page " + std::to_string(GetACP()));
  }
#else
  return {u"B\u00E4nder \u20AC", "B\xC3\xA4nder \xE2\x82\xAC", u'\u8868', "\xE8\xA1\xA8", 0};
#endif
}

class CodePageTest : public DataDirectoryTest {
 protected:
  Info wide() const { return rsm_.get(library_, NTMS_LIBRARY); }
  NTMS_OBJECTINFORMATIONA narrow() const {
    NTMS_OBJECTINFORMATIONA info{};
    info.dwSize = sizeof info;
    std::memset(info.szName, '#', sizeof info.szName);
    EXPECT_EQ(GetNtmsObjectInformationA(rsm_.handle(), library_.get(), &info), ERROR_SUCCESS);
    return info;
  }
  void set_wide_name(const test::WideString& name) {
    Info info = wide();
    ASSERT_LT(name.size(), std::size(info.szName));
    std::fill(std::begin(info.szName), std::end(info.szName), WCHAR{0});
    std::copy(name.begin(), name.end(), info.szName);
    ASSERT_EQ(rsm_.set(info), ERROR_SUCCESS);
  }
  void set_narrow_name(const std::string& name) {
    NTMS_OBJECTINFORMATIONA info = narrow();
    ASSERT_LT(name.size(), std::size(info.szName));
    std::fill(std::begin(info.szName), std::end(info.szName), '\0');
    std::copy(name.begin(), name.end(), info.szName);
    ASSERT_EQ(SetNtmsObjectInformationA(rsm_.handle(), library_.get(), &info), ERROR_SUCCESS);
  }

  const CodePage page_ = current_page();
  Rsm rsm_ = Rsm::open();
  const Id library_ = rsm_.list(NTMS_LIBRARY).at(0);
};

TEST_F(CodePageTest, WrittenWideReadNarrow) {
  ASSERT_NO_FATAL_FAILURE(set_wide_name(page_.words));
  EXPECT_EQ(narrow().szName, page_.words_in_page);
}

TEST_F(CodePageTest, WrittenNarrowReadWide) {
  ASSERT_NO_FATAL_FAILURE(set_narrow_name(page_.words_in_page));
  EXPECT_EQ(wide().szName, page_.words);
  EXPECT_EQ(narrow().szName, page_.words_in_page);
}

// A name of the same number of characters has more bytes than its field has room for.
TEST_F(CodePageTest, IsCutBetweenCharacters) {
  const std::size_t room = std::size(NTMS_OBJECTINFORMATIONA{}.szName) - 1;
  const std::size_t length = page_.letter_in_page.size();
  for (std::size_t before = 0; before < length; ++before) {
    const std::size_t count = room - before;
    ASSERT_NO_FATAL_FAILURE(set_wide_name(test::WideString(before, NTMS_W('a')) +
                                          test::WideString(count, page_.letter)));
    std::string wanted(before, 'a');
    for (std::size_t i = 0; i < (room - before) / length; ++i) wanted += page_.letter_in_page;
    const auto info = narrow();
    EXPECT_EQ(std::string(info.szName, strnlen(info.szName, room + 1)), wanted);
    EXPECT_TRUE(std::all_of(info.szName + wanted.size(), std::end(info.szName), [](char c) {
      return c == '\0';
    })) << "zeros behind the text";
  }
}

// The longest name that fits, byte by byte.
TEST_F(CodePageTest, FillsItsField) {
  const std::size_t room = std::size(NTMS_OBJECTINFORMATIONA{}.szName) - 1;
  const std::size_t length = page_.letter_in_page.size();
  std::string name(room % length, 'a');
  test::WideString same(room % length, NTMS_W('a'));
  for (std::size_t i = 0; i < room / length; ++i) {
    name += page_.letter_in_page;
    same += page_.letter;
  }
  ASSERT_NO_FATAL_FAILURE(set_narrow_name(name));
  EXPECT_EQ(wide().szName, same);
  EXPECT_EQ(narrow().szName, name);
}

TEST_F(CodePageTest, WhatThePageDoesNotHaveIsReplaced) {
  if (page_.missing == 0) {
    // Half of a surrogate pair is no character in any encoding.
    ASSERT_NO_FATAL_FAILURE(set_wide_name({NTMS_W('a'), WCHAR{0xD800}, NTMS_W('b')}));
    EXPECT_STREQ(narrow().szName,
                 "a\xEF\xBF\xBD"
                 "b");
    return;
  }
  ASSERT_NO_FATAL_FAILURE(set_wide_name({NTMS_W('a'), page_.missing, NTMS_W('b')}));
  EXPECT_STREQ(narrow().szName, "a?b");
}

TEST_F(CodePageTest, OfAMessageAndADestination) {
  Id request;
  ASSERT_EQ(
      SubmitNtmsOperatorRequestA(rsm_.handle(), NTMS_OPREQ_MESSAGE, page_.words_in_page.c_str(),
                                 nullptr, nullptr, request.get()),
      ERROR_SUCCESS);
  EXPECT_EQ(rsm_.get(request, NTMS_OPREQUEST).Info.OpRequest.szMessage, page_.words);
  ASSERT_EQ(SetNtmsUIOptionsA(rsm_.handle(), nullptr, NTMS_UITYPE_REQ, NTMS_UIDEST_ADD,
                              page_.letter_in_page.c_str()),
            ERROR_SUCCESS);
  WCHAR names[8] = {};
  DWORD size = 8;
  ASSERT_EQ(GetNtmsUIOptionsW(rsm_.handle(), nullptr, NTMS_UITYPE_REQ, names, &size),
            ERROR_SUCCESS);
  EXPECT_EQ(names[0], page_.letter);
  EXPECT_EQ(names[1], 0);
  char narrow_names[8] = {};
  size = 8;
  ASSERT_EQ(GetNtmsUIOptionsA(rsm_.handle(), nullptr, NTMS_UITYPE_REQ, narrow_names, &size),
            ERROR_SUCCESS);
  EXPECT_EQ(narrow_names, page_.letter_in_page);
}

}  // namespace
}  // namespace ntms::conformance
