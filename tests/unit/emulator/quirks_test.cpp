// SPDX-License-Identifier: MIT
// What libraries do that others do not.
#include "support.h"

namespace ntms::emulator {
namespace {

class QuirksTest : public LibraryTest {
 protected:
  static constexpr std::size_t kHeaders = 16;  // of the report, and of its first page
  static constexpr std::size_t kAccess = kHeaders + 2;

  void make_library() {
    geometry_.virtual_clock = 1;
    make();
    changer_ = unit(kChanger);
  }
  void set(std::uint32_t quirk, std::uint32_t value = 1) {
    ASSERT_EQ(ntms_emulator_set_quirk(emulator_, quirk, value), NTMS_EMULATOR_OK);
  }
  void advance(std::int64_t milliseconds) {
    ASSERT_EQ(ntms_emulator_clock_advance(emulator_, milliseconds), NTMS_EMULATOR_OK);
  }
  std::string sent(const scsi::Command& command) { return said(changer_->execute(command)); }
  std::vector<std::uint8_t> read(const scsi::Command& command) {
    const auto reply = changer_->execute(command);
    EXPECT_EQ(said(reply), "good");
    return reply.data;
  }
  scsi::Command mode_sense(int opcode) {
    return opcode == 0x1A ? command_of({0x1A, 8, 0x1D, 0, 255, 0}, 255)
                          : command_of({0x5A, 8, 0x1D, 0, 0, 0, 0, 1, 0, 0}, 256);
  }

  std::unique_ptr<Device> changer_;
};

TEST_F(QuirksTest, AreSwitchedSeenAndKept) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  std::uint32_t value = 99;
  EXPECT_EQ(ntms_emulator_quirk(emulator_, NTMS_EMULATOR_QUIRK_LATE_ACCESS, &value),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(value, 0U);
  set(NTMS_EMULATOR_QUIRK_LATE_ACCESS, 2500);
  ntms_emulator_close(emulator_);
  ASSERT_EQ(ntms_emulator_open(path_.c_str(), &emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(ntms_emulator_quirk(emulator_, NTMS_EMULATOR_QUIRK_LATE_ACCESS, &value),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(value, 2500U);
  set(NTMS_EMULATOR_QUIRK_LATE_ACCESS, 0);
  EXPECT_EQ(ntms_emulator_quirk(emulator_, NTMS_EMULATOR_QUIRK_LATE_ACCESS, &value),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(value, 0U);
}

TEST_F(QuirksTest, UnknownOnesAreRefused) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  std::uint32_t value = 99;
  EXPECT_EQ(ntms_emulator_set_quirk(emulator_, 0, 1), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_set_quirk(emulator_, NTMS_EMULATOR_QUIRK_LAST + 1, 1),
            NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_set_quirk(nullptr, 1, 1), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_quirk(emulator_, 0, &value), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(ntms_emulator_quirk(emulator_, 1, nullptr), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(value, 99U);
}

TEST_F(QuirksTest, ShortAllocation) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  set(NTMS_EMULATOR_QUIRK_SHORT_ALLOCATION);
  EXPECT_EQ(read(element_status(2, 0, 0xFFFF, true, false, 0x10010)).size(), 0x10U);
  EXPECT_GT(read(element_status(2, 0, 0xFFFF, true, false, 0xFFFF)).size(), 500U);
}

TEST_F(QuirksTest, DeviceIds) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  set(NTMS_EMULATOR_QUIRK_NO_DEVICE_IDS);
  EXPECT_EQ(sent(element_status(4, 0, 2, false, true)), "5/24/00");
  EXPECT_EQ(sent(element_status(4, 0, 2, false, false)), "good");
  set(NTMS_EMULATOR_QUIRK_NO_DEVICE_IDS, 0);

  set(NTMS_EMULATOR_QUIRK_TAGS_OR_DEVICE_IDS);
  EXPECT_EQ(sent(element_status(4, 0, 2, true, true)), "5/24/00");
  EXPECT_EQ(sent(element_status(4, 0, 2, true, false)), "good");
  EXPECT_EQ(sent(element_status(4, 0, 2, false, true)), "good");

  set(NTMS_EMULATOR_QUIRK_SERIAL_DEVICE_IDS);
  const auto data = read(element_status(4, 0, 1, false, true));
  ASSERT_EQ(data.size(), kHeaders + 12 + 4 + 10);
  EXPECT_EQ(data[kHeaders + 12], 2);  // ASCII
  EXPECT_EQ(data[kHeaders + 13], 0);  // vendor specific
  EXPECT_EQ(data[kHeaders + 15], 10);
  EXPECT_EQ(std::string(data.end() - 2, data.end()), "01");
}

TEST_F(QuirksTest, Paused) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  set(NTMS_EMULATOR_QUIRK_PAUSED);
  EXPECT_EQ(sent(test_unit_ready()), "2/04/85");
  EXPECT_EQ(sent(move(kSlot, kDrive)), "2/04/85");
  EXPECT_EQ(sent(move(kSlot + 9, kDrive)), "5/3B/0E") << "wrong in itself";
  EXPECT_EQ(sent(element_status(2)), "good");
  EXPECT_EQ(place("TAPE00"), "slot 0");
  set(NTMS_EMULATOR_QUIRK_PAUSED, 0);
  EXPECT_EQ(sent(test_unit_ready()), "good");
  EXPECT_EQ(sent(move(kSlot, kDrive)), "good");
}

TEST_F(QuirksTest, LateAccess) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  set(NTMS_EMULATOR_QUIRK_LATE_ACCESS, 3000);
  const auto drive = unit(kFirstDriveLun);
  EXPECT_EQ(read(element_status(4, 0, 1, false)).at(kAccess) & 0x08, 0x08) << "empty";
  ASSERT_EQ(sent(move(kSlot, kDrive)), "good");
  EXPECT_EQ(said(drive->execute(test_unit_ready())), "6/28/00");
  ASSERT_EQ(said(drive->execute(command_of({0x1B, 0, 0, 0, 0, 0}))), "good");
  EXPECT_EQ(read(element_status(4, 0, 1, false)).at(kAccess) & 0x08, 0);
  EXPECT_EQ(sent(move(kDrive, kSlot)), "5/53/00");
  advance(2999);
  EXPECT_EQ(sent(move(kDrive, kSlot)), "5/53/00");
  advance(1);
  EXPECT_EQ(read(element_status(4, 0, 1, false)).at(kAccess) & 0x08, 0x08);
  EXPECT_EQ(sent(move(kDrive, kSlot)), "good");
  EXPECT_EQ(read(element_status(4, 0, 1, false)).at(kAccess) & 0x08, 0x08);
}

TEST_F(QuirksTest, NoAccess) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  set(NTMS_EMULATOR_QUIRK_NO_ACCESS);
  EXPECT_EQ(read(element_status(4, 0, 1, false)).at(kAccess) & 0x08, 0);
  EXPECT_EQ(read(element_status(2, 0, 1, false)).at(kAccess) & 0x09, 0x01);
}

TEST_F(QuirksTest, ModePages) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  EXPECT_EQ(read(mode_sense(0x5A)).at(8 + 13), 2) << "import/export elements";
  set(NTMS_EMULATOR_QUIRK_HIDDEN_PORTS);
  EXPECT_EQ(read(mode_sense(0x5A)).at(8 + 13), 0);
  EXPECT_EQ(read(mode_sense(0x1A)).at(4 + 13), 0);
  EXPECT_EQ(sent(move(kSlot, kPort)), "good") << "it is there all the same";
  set(NTMS_EMULATOR_QUIRK_NO_MODE_SENSE_10);
  EXPECT_EQ(sent(mode_sense(0x5A)), "5/20/00");
  EXPECT_EQ(sent(mode_sense(0x1A)), "good");
}

TEST_F(QuirksTest, SlowStart) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  set(NTMS_EMULATOR_QUIRK_SLOW_START, 5000);
  EXPECT_EQ(sent(test_unit_ready()), "2/04/01");
  EXPECT_EQ(sent(element_status(2)), "2/04/01");
  EXPECT_EQ(sent(move(kSlot, kDrive)), "2/04/01");
  EXPECT_EQ(sent(mode_sense(0x1A)), "good");
  advance(5000);
  EXPECT_EQ(sent(test_unit_ready()), "good");
  EXPECT_EQ(sent(element_status(2)), "good");
  EXPECT_EQ(sent(command_of({0x07, 0, 0, 0, 0, 0})), "good");
  EXPECT_EQ(sent(test_unit_ready()), "2/04/01");
  advance(4999);
  EXPECT_EQ(sent(test_unit_ready()), "2/04/01");
  advance(1);
  EXPECT_EQ(sent(test_unit_ready()), "good");
}

TEST_F(QuirksTest, RepliesThatAreWrong) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  const auto whole = read(element_status(2, 0, 3));
  set(NTMS_EMULATOR_QUIRK_SHORT_REPLIES);
  const auto cut = read(element_status(2, 0, 3));
  EXPECT_EQ(cut.size() + 8, whole.size());
  EXPECT_TRUE(std::equal(cut.begin(), cut.end(), whole.begin()));
  set(NTMS_EMULATOR_QUIRK_SHORT_REPLIES, 0);
  set(NTMS_EMULATOR_QUIRK_WRONG_FIRST_ELEMENT);
  EXPECT_EQ(scsi::get_be16(read(element_status(2, 0, 3)), 0), kSlot + 1);
  set(NTMS_EMULATOR_QUIRK_NO_ELEMENT_COUNT);
  EXPECT_EQ(scsi::get_be16(read(element_status(2, 0, 3)), 2), 10U);
}

TEST_F(QuirksTest, CommandsThatAreNotKnown) {
  ASSERT_NO_FATAL_FAILURE(make_library());
  ASSERT_EQ(sent(prevent(true)), "good");
  set(NTMS_EMULATOR_QUIRK_NO_PREVENT);
  std::uint32_t prevented = 99;
  EXPECT_EQ(ntms_emulator_removal_prevented(emulator_, 0, &prevented), NTMS_EMULATOR_OK);
  EXPECT_EQ(prevented, 0U);
  EXPECT_EQ(sent(prevent(true)), "5/20/00");
  EXPECT_EQ(said(unit(kFirstDriveLun)->execute(prevent(true))), "good") << "drives know it";
  set(NTMS_EMULATOR_QUIRK_NO_EXCHANGE);
  EXPECT_EQ(sent(exchange(kSlot, kSlot + 1, kSlot)), "5/20/00");
}

TEST_F(QuirksTest, InScenarios) {
  char error[256] = "";
  ASSERT_EQ(ntms_emulator_scenario_create(path_.c_str(),
                                          "library slots=4 drives=1 clock=virtual\n"
                                          "quirk slow-start 5s\n"
                                          "quirk no-device-ids on\n"
                                          "at +1s quirk paused on\n"
                                          "then quirk no-device-ids off\n",
                                          error, sizeof error),
            NTMS_EMULATOR_OK)
      << error;
  ASSERT_EQ(ntms_emulator_open(path_.c_str(), &emulator_), NTMS_EMULATOR_OK);
  changer_ = Device::open(path_, kChanger, "default").value();
  EXPECT_EQ(sent(test_unit_ready()), "6/29/00");
  EXPECT_EQ(sent(test_unit_ready()), "2/04/01");
  advance(5000);
  EXPECT_EQ(sent(element_status(4, 0, 1, false, true)), "5/24/00");
  ASSERT_EQ(ntms_emulator_scenario_play(emulator_,
                                        "at +1s quirk paused on\n"
                                        "then quirk no-device-ids off\n",
                                        nullptr, nullptr, error, sizeof error),
            NTMS_EMULATOR_OK)
      << error;
  EXPECT_EQ(sent(test_unit_ready()), "2/04/85");
  EXPECT_EQ(sent(element_status(4, 0, 1, false, true)), "good");
}

TEST_F(QuirksTest, WrongLinesInScenarios) {
  make();
  const auto play = [&](const std::string& line) {
    char error[256] = "";
    EXPECT_EQ(ntms_emulator_scenario_play(emulator_, ("at +0s quirk " + line + "\n").c_str(),
                                          nullptr, nullptr, error, sizeof error),
              NTMS_EMULATOR_INVALID);
    return std::string(error);
  };
  EXPECT_EQ(play("polite on"), "line 1: \"polite\" is no quirk");
  EXPECT_EQ(play("paused 3s"), "line 1: the word \"3s\" should be \"on\"");
  EXPECT_NE(play("late-access on").find("is not a duration"), std::string::npos);
  EXPECT_EQ(play("slow-start"), "line 1: a duration or off is missing at the end of the line");
}

}  // namespace
}  // namespace ntms::emulator
