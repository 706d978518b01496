// SPDX-License-Identifier: MIT
#include "platform/text.h"

#include <gtest/gtest.h>

#include <array>

namespace ntms::platform {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

const std::string kReplaced = "\xEF\xBF\xBD";

TEST(Text, InvalidUtf8BecomesOneReplacementPerMaximalPart) {
  EXPECT_EQ(to_utf16("\x80"), u"\uFFFD");            // continuation alone
  EXPECT_EQ(to_utf16("\xC0\xAF"), u"\uFFFD\uFFFD");  // overlong
  EXPECT_EQ(to_utf16("\xE0\x80\x80"), u"\uFFFD\uFFFD\uFFFD");
  EXPECT_EQ(to_utf16("\xED\xA0\x80"), u"\uFFFD\uFFFD\uFFFD");            // a surrogate
  EXPECT_EQ(to_utf16("\xF4\x90\x80\x80"), u"\uFFFD\uFFFD\uFFFD\uFFFD");  // past U+10FFFF
  EXPECT_EQ(to_utf16("\xF0\x9F\x98"), u"\uFFFD");                        // cut off: one part
  EXPECT_EQ(to_utf16("\xE2\x82"), u"\uFFFD");
  EXPECT_EQ(to_utf16("\xE2\x82x"), u"\uFFFDx");
  EXPECT_EQ(to_utf16("\xFF\xFE"), u"\uFFFD\uFFFD");
}

TEST(Text, UnpairedSurrogatesBecomeReplacements) {
  EXPECT_EQ(to_utf8(u"a\xD83D"sv), "a" + kReplaced);
  EXPECT_EQ(to_utf8(u"\xDE00z"sv), kReplaced + "z");
  EXPECT_EQ(to_utf8(u"\xD83D\xD83D\xDE00"sv), kReplaced + "\xF0\x9F\x98\x80");
  EXPECT_EQ(to_utf8(u"\xDE00\xD83D"sv), kReplaced + kReplaced);
}

TEST(Text, EveryLengthOfCharacterSurvivesBothWays) {
  const std::string utf8 =
      "A\x7F\xC2\x80\xDF\xBF\xE0\xA0\x80\xED\x9F\xBF\xEE\x80\x80\xEF\xBF\xBF"
      "\xF0\x90\x80\x80\xF4\x8F\xBF\xBF";
  const std::u16string utf16 = u"A\x7F\x80\x7FF\x800\xD7FF\xE000\xFFFF\xD800\xDC00\xDBFF\xDFFF";
  EXPECT_EQ(to_utf16(utf8), utf16);
  EXPECT_EQ(to_utf8(utf16), utf8);
}

TEST(Text, LongAsciiWithOthersInBetweenAtEveryPosition) {
  for (std::size_t at = 0; at < 40; ++at) {
    std::string utf8(40, 'a');
    std::u16string utf16(40, u'a');
    utf8.insert(at, "\xE2\x82\xAC");
    utf16.insert(at, u"\u20AC");
    EXPECT_EQ(to_utf16(utf8), utf16) << at;
    EXPECT_EQ(to_utf8(utf16), utf8) << at;
  }
}

TEST(Text, EmptyAndEmbeddedNul) {
  EXPECT_EQ(to_utf16(""), u"");
  EXPECT_EQ(to_utf8(u""), "");
  EXPECT_EQ(to_utf16("a\0b"sv), u"a\0b"s);
  EXPECT_EQ(from_ansi(nullptr, 0), "");
}

TEST(Text, CopyWithoutRoomWritesNothing) {
  char16_t wide = u'x';
  char narrow = 'x';
  EXPECT_FALSE(copy_utf16("", &wide, 0));
  EXPECT_FALSE(copy_ansi("", &narrow, 0));
  EXPECT_EQ(wide, u'x');
  EXPECT_EQ(narrow, 'x');
}

// Copies into the middle of a filled array and checks that nothing else was touched.
std::u16string copied(std::string_view utf8, std::size_t capacity, bool expected) {
  std::u16string field(capacity + 2, u'#');
  EXPECT_EQ(copy_utf16(utf8, field.data() + 1, capacity), expected) << utf8;
  EXPECT_EQ(field.front(), u'#');
  EXPECT_EQ(field.back(), u'#');
  return field.substr(1, capacity);
}

[[maybe_unused]] std::string copied_ansi(std::string_view utf8, std::size_t capacity,
                                         bool expected) {
  std::string field(capacity + 2, '#');
  EXPECT_EQ(copy_ansi(utf8, field.data() + 1, capacity), expected) << utf8;
  EXPECT_EQ(field.front(), '#');
  EXPECT_EQ(field.back(), '#');
  return field.substr(1, capacity);
}

TEST(Text, CopyUtf16CutsBeforeACharacterAndFillsWithZeros) {
  EXPECT_EQ(copied("abc", 1, false), u"\0"s);
  EXPECT_EQ(copied("abc", 3, false), u"ab\0"s);
  EXPECT_EQ(copied("abc", 4, true), u"abc\0"s);
  EXPECT_EQ(copied("abc", 6, true), u"abc\0\0\0"s);
  EXPECT_EQ(copied("", 3, true), u"\0\0\0"s);
  // A pair of surrogates is one character: it is not halved.
  EXPECT_EQ(copied("ab\xF0\x9F\x98\x80", 4, false), u"ab\0\0"s);
  EXPECT_EQ(copied("ab\xF0\x9F\x98\x80", 5, true), u"ab\xD83D\xDE00\0"s);
  for (std::size_t capacity = 1; capacity < 40; ++capacity) {
    std::u16string wanted = std::u16string(std::min<std::size_t>(capacity - 1, 30), u'q');
    wanted.resize(capacity, u'\0');
    EXPECT_EQ(copied(std::string(30, 'q'), capacity, capacity > 30), wanted);
  }
}

#ifndef _WIN32  // there the code page is the system's
TEST(Text, CopyAnsiCutsBeforeACharacterAndFillsWithZeros) {
  EXPECT_EQ(copied_ansi("abc", 3, false), "ab\0"s);
  EXPECT_EQ(copied_ansi("abc", 6, true), "abc\0\0\0"s);
  EXPECT_EQ(copied_ansi("a\xE2\x82\xAC", 4, false), "a\0\0\0"s);
  EXPECT_EQ(copied_ansi("a\xE2\x82\xAC", 5, true), "a\xE2\x82\xAC\0"s);
  EXPECT_EQ(copied_ansi("\xFF", 4, true), kReplaced + "\0"s);
}

TEST(Text, AnsiIsUtf8ThatHasBeenValidated) {
  const std::string text = "Bänder \xF0\x9F\x98\x80";
  EXPECT_EQ(to_ansi(text), text);
  EXPECT_EQ(from_ansi(text.data(), text.size()), text);
  EXPECT_EQ(from_ansi("a\xE4z", 3), "a" + kReplaced + "z");
  EXPECT_EQ(to_ansi("\xE2\x82"), kReplaced);
}
#endif

TEST(Text, BoundedLengthNeverReadsPastTheField) {
  const std::array<char16_t, 3> wide = {u'a', u'b', u'c'};
  EXPECT_EQ(bounded_length(wide.data(), 3), 3u);
  EXPECT_EQ(bounded_length(u"ab\0c", 4), 2u);
  EXPECT_EQ(bounded_length(u"abc", 0), 0u);
  EXPECT_EQ(bounded_length(static_cast<const char16_t*>(nullptr), 5), 0u);
  EXPECT_EQ(bounded_length("ab\0c", 4), 2u);
  EXPECT_EQ(bounded_length("abc", 2), 2u);
  EXPECT_EQ(bounded_length(static_cast<const char*>(nullptr), 5), 0u);
}

TEST(Text, PrintableEscapesControlsAndInvalidBytes) {
  EXPECT_EQ(printable("a\nb\x1B[2J\x7F"), "a\\x0Ab\\x1B[2J\\x7F");
  EXPECT_EQ(printable("\0x"sv), "\\x00x");
  EXPECT_EQ(printable("\xC2\x9B"), "\\xC2\\x9B");  // the one-character CSI
  EXPECT_EQ(printable("\xE2\x82|\xFF"), "\\xE2\\x82|\\xFF");
  EXPECT_EQ(printable("Müller \xE2\x82\xAC \xC2\xA0"), "Müller \xE2\x82\xAC \xC2\xA0");
}

}  // namespace
}  // namespace ntms::platform
