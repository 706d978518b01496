// SPDX-License-Identifier: MIT
// The rules of the rsm command line (rsm-command 1), wrong forms first; words, statuses, columns.
#include "rsm/arguments.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <sstream>

#include "ntms/win32_types.h"
#include "rsm/output.h"

namespace ntms::rsm {
namespace {

using testing::HasSubstr;

constexpr auto kSwitches = std::to_array<Switch>({{"t", SwitchKind::value},
                                                  {"l", SwitchKind::object},
                                                  {"ln", SwitchKind::value},
                                                  {"d", SwitchKind::object},
                                                  {"desc"},
                                                  {"o", SwitchKind::value, true},
                                                  {"x", SwitchKind::optional},
                                                  {"b"}});

Result<Arguments> parsed(const std::vector<std::string>& arguments, std::size_t operands = 0) {
  return parse(kSwitches, operands, arguments);
}

std::string refusal(const std::vector<std::string>& arguments, std::size_t operands = 0) {
  const auto result = parsed(arguments, operands);
  if (result) return "accepted";
  EXPECT_EQ(result.error().code, ERROR_INVALID_PARAMETER);
  return result.error().reason;
}

TEST(Arguments, RefusesAValueAfterABlank) {
  EXPECT_THAT(refusal({"/t", "50"}), HasSubstr("\"/t\": the value is missing"));
  EXPECT_THAT(refusal({"/lf", "Library A"}), HasSubstr("\"/lf\": the object is missing"));
}

TEST(Arguments, RefusesWhatIsNoSwitch) {
  EXPECT_THAT(refusal({"eject"}), HasSubstr("not a switch"));
  EXPECT_THAT(refusal({"/b", ""}), HasSubstr("not a switch"));
  EXPECT_THAT(refusal({"/"}), HasSubstr("not a switch"));
  EXPECT_THAT(refusal({"-b"}), HasSubstr("not a switch"));
}

TEST(Arguments, RefusesUnknownSwitches) {
  EXPECT_THAT(refusal({"/q"}), HasSubstr("not a switch of this subcommand"));
  EXPECT_THAT(refusal({"/brief"}),
              HasSubstr("not a switch of this subcommand"));  // /b takes nothing
  EXPECT_THAT(refusal({"/lxLibrary"}), HasSubstr("not a switch of this subcommand"));
}

TEST(Arguments, RefusesAnObjectTwice) {
  const std::string guid = "/lg4EE461D0AC00419F90F842E20BF62205";
  EXPECT_THAT(refusal({guid, "/lfx"}), HasSubstr("given twice, or by GUID and by name"));
  EXPECT_THAT(refusal({guid, guid}), HasSubstr("given twice"));
  EXPECT_THAT(refusal({"/b", "/B"}), HasSubstr("given twice"));
}

TEST(Arguments, RefusesGuidsThatAreNone) {
  EXPECT_THAT(refusal({"/lg4EE461D0"}), HasSubstr("not a GUID"));
  EXPECT_THAT(refusal({"/lgLibrary"}), HasSubstr("not a GUID"));
}

TEST(Arguments, RefusesMissingOperands) {
  EXPECT_THAT(refusal({"create"}, 2), HasSubstr("operand is missing"));
}

TEST(Arguments, AcceptsAnyOrderAndAnyCase) {
  const auto arguments = parsed({"/LFLibrary A", "/B", "/T50"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->value("t"), "50");
  EXPECT_TRUE(arguments->has("b"));
  ASSERT_TRUE(arguments->object("l"));
  EXPECT_EQ(std::get<std::string>(*arguments->object("l")), "Library A");  // names keep their case
  EXPECT_FALSE(arguments->has("d"));
  EXPECT_FALSE(arguments->value("ln"));
  EXPECT_FALSE(arguments->object("d"));
}

TEST(Arguments, ReadsGuidsInEveryForm) {
  const auto expected = Guid::parse("4EE461D0AC00419F90F842E20BF62205");
  ASSERT_TRUE(expected);
  for (const char* text : {"4EE461D0AC00419F90F842E20BF62205", "4ee461d0ac00419f90f842e20bf62205",
                           "{4EE461D0-AC00-419F-90F8-42E20BF62205}"}) {
    const auto arguments = parsed({std::string("/lg") + text});
    ASSERT_TRUE(arguments) << text;
    EXPECT_EQ(std::get<Guid>(*arguments->object("l")), *expected);
  }
}

TEST(Arguments, PrefersTheLongestSwitch) {
  const auto arguments = parsed({"/lnMonday", "/desc", "/dfDrive 1"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->value("ln"), "Monday");
  EXPECT_FALSE(arguments->has("l"));
  EXPECT_TRUE(arguments->has("desc"));
  EXPECT_EQ(std::get<std::string>(*arguments->object("d")), "Drive 1");
}

TEST(Arguments, KeepsTheCaseOfValuesAndLowersWords) {
  const auto arguments = parsed({"/tPhysical_Media"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->value("t"), "Physical_Media");
  EXPECT_EQ(arguments->word("t"), "physical_media");
}

TEST(Arguments, RepeatsWhatMayBeRepeated) {
  const auto arguments = parsed({"/oread", "/ooffline"});
  ASSERT_TRUE(arguments);
  EXPECT_EQ(arguments->value("o"), "read");
}

TEST(Arguments, LeavesOptionalValuesOut) {
  const auto bare = parsed({"/x"});
  ASSERT_TRUE(bare);
  EXPECT_EQ(bare->value("x"), "");
  const auto full = parsed({"/xdeferred"});
  ASSERT_TRUE(full);
  EXPECT_EQ(full->value("x"), "deferred");
}

TEST(Arguments, TakesOperandsAsTheyAre) {
  const auto arguments = parsed({"create", "/b", "/b"}, 2);
  ASSERT_TRUE(arguments);
  EXPECT_THAT(arguments->operands(), testing::ElementsAre("create", "/b"));
  EXPECT_TRUE(arguments->has("b"));
}

TEST(Number, TakesDecimalsInRangeOnly) {
  EXPECT_FALSE(number("", 0, 9));
  EXPECT_FALSE(number("-1", 0, 9));
  EXPECT_FALSE(number("+1", 0, 9));
  EXPECT_FALSE(number("1x", 0, 9));
  EXPECT_FALSE(number("10", 0, 9));
  EXPECT_FALSE(number("0", 1, 9));
  EXPECT_FALSE(number("99999999999999999999", 0, 9));
  EXPECT_EQ(number("9", 1, 9), 9U);
}

TEST(Output, NeverTurnsAFailureIntoSuccess) {
  EXPECT_EQ(exit_status(0), 0);
  EXPECT_EQ(exit_status(ERROR_INVALID_PARAMETER), 87);
  for (std::uint32_t code = 1; code < 6000; ++code) {
    const int status = exit_status(code);
    ASSERT_NE(status, 0) << code;
#ifndef _WIN32
    ASSERT_EQ(status & ~0xFF, 0) << code;
#endif
  }
}

TEST(Output, SaysTheCodeTheWordsAndTheReason) {
  std::ostringstream out;
  print_failure(out, {ERROR_OBJECT_NOT_FOUND, "No drive is named \"x\"."});
  EXPECT_EQ(out.str(), "4312 There is no such object.\nNo drive is named \"x\".\n");
  out.str("");
  print_failure(out, {54321, ""});
  EXPECT_EQ(out.str(), "54321 The operation failed.\n");
}

TEST(Output, AlignsColumnsByCharactersAndDisarmsControls) {
  std::ostringstream out;
  print_columns(out, {{"Bibliothèque", "1"}, {"a\x1b[2J", "22"}, {"", "3"}});
  EXPECT_EQ(out.str(), "Bibliothèque  1\na\\x1B[2J      22\n              3\n");
}

}  // namespace
}  // namespace ntms::rsm
