// SPDX-License-Identifier: MIT
// A drive that stands alone, seen as a changer without an arm.
#include "device/lone_drive.h"

#include <gtest/gtest.h>

#include "device/changer.h"
#include "device/drive.h"
#include "device/win32_codes.h"
#include "unit/device/fake_changer.h"

namespace ntms::device {
namespace {

using testing::check;
using testing::FakeTransport;
using testing::good;
using testing::quick;
using testing::run;
using testing::undelivered;

class LoneDriveTest : public ::testing::Test {
 protected:
  LoneDriveTest() : fake_(std::make_shared<FakeTransport>()) {
    library_.device_type = scsi::kTypeTape;
    fake_->otherwise([this](const scsi::Command& command) {
      const auto opcode = command.cdb.opcode();
      if (opcode == scsi::kPreventAllow) return scsi::Reply{};
      return opcode == scsi::kTestUnitReady ? ready_ : library_(command);
    });
    changer_.emplace(std::make_unique<LoneDriveChanger>(fake_), quick());
  }

  // What the element status says about the drive, when TEST UNIT READY ends like this.
  bool is_full(const scsi::Reply& ready) {
    ready_ = ready;
    const auto inventory = run(changer_->read_inventory());
    EXPECT_TRUE(inventory);
    if (!inventory || inventory->drives.size() != 1) {
      ADD_FAILURE() << "not one drive";
      return false;
    }
    EXPECT_EQ(inventory->drives[0].address, LoneDriveChanger::kElement);
    EXPECT_TRUE(inventory->slots.empty() && inventory->ports.empty());
    return inventory->drives[0].full;
  }

  testing::FakeChanger library_;
  std::shared_ptr<FakeTransport> fake_;
  scsi::Reply ready_ = check(2, 0x3A, 0);
  std::optional<Changer> changer_;
};

TEST_F(LoneDriveTest, HasOneDriveAndNothingElse) {
  ASSERT_TRUE(run(changer_->attach()));
  EXPECT_EQ(changer_->geometry().data_transfer.count, 1);
  EXPECT_EQ(changer_->geometry().transport.count, 0);
  EXPECT_EQ(changer_->geometry().storage.count, 0);
  EXPECT_EQ(changer_->geometry().import_export.count, 0);
  EXPECT_EQ(changer_->identity().serial, "CHG42");
  EXPECT_EQ(changer_->uri(), fake_->uri());
}

TEST_F(LoneDriveTest, FullUnlessThereIsNoMedium) {
  ASSERT_TRUE(run(changer_->attach()));
  EXPECT_FALSE(is_full(check(2, 0x3A, 0)));
  EXPECT_FALSE(is_full(check(2, 0x3A, 4)));
  EXPECT_TRUE(is_full(good()));
  EXPECT_TRUE(is_full(check(2, 0x04, 1)));
  EXPECT_TRUE(is_full(check(2, 0x04, 2)));
  EXPECT_TRUE(is_full(check(2, 0x30, 3)));
}

TEST_F(LoneDriveTest, HearsOfAnExchangedCartridge) {
  ASSERT_TRUE(run(changer_->attach()));
  EXPECT_FALSE(changer_->take_contents_changed());
  ready_ = good();
  bool first = true;
  fake_->otherwise([&](const scsi::Command& command) {
    if (command.cdb.opcode() != scsi::kTestUnitReady) return library_(command);
    return std::exchange(first, false) ? check(6, 0x28, 0) : good();
  });
  ASSERT_TRUE(run(changer_->read_inventory()));
  EXPECT_TRUE(changer_->take_contents_changed());
}

TEST_F(LoneDriveTest, WhatGoesWrongIsPassedOn) {
  ASSERT_TRUE(run(changer_->attach()));
  ready_ = check(4, 0x44, 0);
  EXPECT_FALSE(run(changer_->read_inventory()));
  ready_ = undelivered(scsi::Delivery::link_lost);
  EXPECT_FALSE(run(changer_->read_inventory()));
  EXPECT_EQ(changer_->last_verdict().delivery, scsi::Delivery::link_lost);
}

TEST_F(LoneDriveTest, MovesNothing) {
  ASSERT_TRUE(run(changer_->attach()));
  const auto moved = run(changer_->move(LoneDriveChanger::kElement, LoneDriveChanger::kElement));
  EXPECT_EQ(moved.code, kErrorNotSupported);
  EXPECT_EQ(fake_->count(scsi::kMoveMedium), 0U);
}

TEST_F(LoneDriveTest, LocksTheDrive) {
  ASSERT_TRUE(run(changer_->attach()));
  fake_->expect(scsi::kPreventAllow, good());
  EXPECT_TRUE(run(changer_->prevent(true)));
  EXPECT_EQ(fake_->count(scsi::kPreventAllow), 1U);
}

TEST_F(LoneDriveTest, AnotherDeviceIsNoTapeDrive) {
  library_.device_type = scsi::kTypeCdDvd;
  EXPECT_EQ(run(changer_->attach()).error().code, kErrorInvalidParameter);
}

class AlertsTest : public ::testing::Test {
 protected:
  AlertsTest() {
    auto transport = std::make_unique<FakeTransport>();
    fake_ = transport.get();
    drive_.emplace(std::move(transport), quick());
  }
  // A TapeAlert page with these flags set.
  static std::vector<std::uint8_t> page(std::initializer_list<unsigned> flags) {
    std::vector<std::uint8_t> data = {0x2E, 0, 0, 0};
    for (unsigned flag = 1; flag <= 64; ++flag) {
      const bool set = std::find(flags.begin(), flags.end(), flag) != flags.end();
      data.insert(data.end(), {0, static_cast<std::uint8_t>(flag), 0x40, 1,
                               static_cast<std::uint8_t>(set ? 1 : 0)});
    }
    scsi::put_be16(data, 2, static_cast<std::uint32_t>(data.size() - 4));
    return data;
  }

  FakeTransport* fake_ = nullptr;
  std::optional<Drive> drive_;
};

TEST_F(AlertsTest, AreRead) {
  fake_->expect(scsi::kLogSense, good(page({20, 64})));
  const auto alerts = run(drive_->alerts());
  ASSERT_TRUE(alerts);
  EXPECT_TRUE((*alerts)[scsi::kAlertCleanNow]);
  EXPECT_TRUE((*alerts)[64]);
  EXPECT_EQ(alerts->count(), 2U);
}

TEST_F(AlertsTest, ADriveWithoutThePageIsAskedOnce) {
  fake_->expect(scsi::kLogSense, check(5, 0x24, 0));
  EXPECT_TRUE(run(drive_->alerts()));
  EXPECT_TRUE(run(drive_->alerts()));
  EXPECT_EQ(fake_->count(scsi::kLogSense), 1U);
}

TEST_F(AlertsTest, OtherFailuresAreErrors) {
  fake_->expect(scsi::kLogSense, check(4, 0x44, 0));
  EXPECT_FALSE(run(drive_->alerts()));
}

TEST_F(AlertsTest, SenseDataAsksForCleaning) {
  EXPECT_FALSE(drive_->take_cleaning_wish());
  fake_->expect(scsi::kLoadUnload, check(1, 0x00, 0x17));
  EXPECT_TRUE(run(drive_->unload()));
  EXPECT_TRUE(drive_->take_cleaning_wish());
  EXPECT_FALSE(drive_->take_cleaning_wish());
  fake_->expect(scsi::kLoadUnload, check(0, 0x00, 0x17));
  EXPECT_TRUE(run(drive_->unload())) << "a success with a remark";
  EXPECT_TRUE(drive_->take_cleaning_wish());
}

TEST_F(AlertsTest, ACleanerAtWorkIsTold) {
  fake_->expect(scsi::kTestUnitReady, check(2, 0x30, 3));
  EXPECT_EQ(run(drive_->test_ready()), DriveReadiness::cleaning);
}

TEST(TapeAlerts, PagesThatAreCutOffOrWrong) {
  EXPECT_TRUE(scsi::parse_tape_alerts({}).none());
  const std::vector<std::uint8_t> other = {0x0C, 0, 0, 5, 0, 20, 0x40, 1, 1};
  EXPECT_TRUE(scsi::parse_tape_alerts(other).none());
  std::vector<std::uint8_t> page = {0x2E, 0, 0, 10, 0, 20, 0x40, 1, 1, 0, 21, 0x40, 1, 1};
  EXPECT_EQ(scsi::parse_tape_alerts(page).count(), 2U);
  page.resize(13);
  EXPECT_EQ(scsi::parse_tape_alerts(page).count(), 1U) << "the last value did not come";
  page = {0x2E, 0, 0, 10, 0, 200, 0x40, 1, 1, 0, 21, 0x40, 0, 1};
  EXPECT_TRUE(scsi::parse_tape_alerts(page).none()) << "no such flag, and one without a value";
}

TEST(TapeAlerts, InWords) {
  scsi::TapeAlerts alerts;
  EXPECT_EQ(describe(alerts, scsi::TapeAlertNeed::person), "");
  for (const std::size_t flag : {1, 4, 20, 47, 64}) alerts.set(flag);
  EXPECT_EQ(describe(alerts, scsi::TapeAlertNeed::person), "TapeAlert 4, the cartridge is faulty");
  EXPECT_EQ(describe(alerts, scsi::TapeAlertNeed::cleaning),
            "TapeAlert 20, the drive must be cleaned now");
  EXPECT_EQ(describe(alerts, scsi::TapeAlertNeed::nothing),
            "TapeAlert 1, reading is difficult; TapeAlert 47; TapeAlert 64");
  EXPECT_EQ(scsi::tape_alert_meaning(0).words, "");
  EXPECT_EQ(scsi::tape_alert_meaning(65).words, "");
}

}  // namespace
}  // namespace ntms::device
