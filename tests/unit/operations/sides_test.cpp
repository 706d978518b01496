// SPDX-License-Identifier: MIT
// When a cartridge is turned over, by what the robot tells and, where it does not, by what is
// recorded.
#include "operations/sides.h"

#include <gtest/gtest.h>

#include <memory>

#include "operations/transfer.h"
#include "unit/device/fake_changer.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::operations {
namespace {

using device::testing::FakeChanger;
using device::testing::FakeTransport;
using scsi::ElementStatus;
using scsi::ElementType;

class SidesTest : public ::testing::Test {
 protected:
  void attach(bool turns) {
    library_.turns_media = turns;
    auto transport = std::make_unique<FakeTransport>();
    transport->otherwise([this](const scsi::Command& command) { return library_(command); });
    context_.changer =
        std::make_unique<device::Changer>(std::move(transport), device::testing::quick());
    ASSERT_TRUE(device::testing::run(context_.changer->attach()));
    ASSERT_EQ(context_.changer->turns_media(), turns);
  }
  static ElementStatus in(ElementType type, bool inverted, bool tells = true) {
    ElementStatus status;
    status.type = type;
    status.full = true;
    if (tells) status.source = 1000;
    status.inverted = inverted;
    return status;
  }
  // Whether side `wanted` needs a turn on the way to `to`.
  bool turns(const ElementStatus& source, ElementType to, std::uint32_t wanted,
             std::uint32_t believed = 0) {
    return must_turn(context_, source, to, {.wanted = wanted, .believed = believed});
  }

  FakeChanger library_;
  boost::asio::io_context io_;
  platform::test::TemporaryDirectory directory_;
  std::unique_ptr<store::Database> database_ = *store::Database::open(
      directory_.path(), {.now = [] { return model::Time{1000}; }, .after_commit = {}});
  runtime::Clock clock_;
  LibraryContext context_{io_.get_executor(), *database_, clock_, nullptr};
};

TEST_F(SidesTest, IntoADriveTheWantedSideIsUp) {
  ASSERT_NO_FATAL_FAILURE(attach(true));
  for (const ElementType from : {ElementType::storage, ElementType::import_export}) {
    EXPECT_FALSE(turns(in(from, false), ElementType::data_transfer, 0));
    EXPECT_TRUE(turns(in(from, false), ElementType::data_transfer, 1));
  }
  EXPECT_FALSE(turns(in(ElementType::transport, true), ElementType::data_transfer, 1));
}

TEST_F(SidesTest, HomeComesWhatIsTurnedBack) {
  ASSERT_NO_FATAL_FAILURE(attach(true));
  for (const ElementType from : {ElementType::data_transfer, ElementType::transport}) {
    for (const ElementType to : {ElementType::storage, ElementType::import_export}) {
      EXPECT_TRUE(turns(in(from, true), to, 0));
      EXPECT_TRUE(turns(in(from, true), to, 0, 0)) << "the robot is believed";
      EXPECT_FALSE(turns(in(from, false), to, 0, 1)) << "likewise";
    }
  }
  EXPECT_FALSE(turns(in(ElementType::storage, true), ElementType::import_export, 0))
      << "what lies in a slot goes as it lies";
}

TEST_F(SidesTest, WhereTheRobotDoesNotTellTheRecordDoes) {
  ASSERT_NO_FATAL_FAILURE(attach(true));
  const auto unknown = in(ElementType::data_transfer, false, false);
  EXPECT_TRUE(turns(unknown, ElementType::storage, 0, 1));
  EXPECT_FALSE(turns(unknown, ElementType::storage, 0, 0));
  EXPECT_TRUE(is_turned(context_, unknown, 1));
}

TEST_F(SidesTest, AnArmThatDoesNotTurnIsNeverTold) {
  ASSERT_NO_FATAL_FAILURE(attach(false));
  EXPECT_FALSE(turns(in(ElementType::storage, false), ElementType::data_transfer, 1));
  EXPECT_FALSE(turns(in(ElementType::data_transfer, true), ElementType::storage, 0));
  EXPECT_FALSE(is_turned(context_, in(ElementType::data_transfer, true), 1));
  EXPECT_TRUE(can_bring_up(context_, 0));
  EXPECT_FALSE(can_bring_up(context_, 1));
}

}  // namespace
}  // namespace ntms::operations
