// SPDX-License-Identifier: MIT
// Changer: getting to know one, and every way of reading its elements.
#include "device/changer.h"

#include <gtest/gtest.h>

#include "device/win32_codes.h"
#include "unit/device/fake_changer.h"

namespace ntms::device {
namespace {

using testing::check;
using testing::FakeChanger;
using testing::FakeTransport;
using testing::good;
using testing::quick;
using testing::run;
using testing::undelivered;

const Geometry kSmall{{1, 1}, {1000, 4}, {16, 1}, {256, 2}};

class ChangerTest : public ::testing::Test {
 protected:
  explicit ChangerTest(FakeChanger fake = FakeChanger::filled(kSmall)) : library_(std::move(fake)) {
    auto transport = std::make_unique<FakeTransport>();
    fake_ = transport.get();
    fake_->otherwise([this](const scsi::Command& command) { return library_(command); });
    changer_.emplace(std::move(transport), quick());
  }

  void attach() {
    const Result<void> attached = run(changer_->attach());
    ASSERT_TRUE(attached) << attached.error().reason;
    fake_->commands.clear();
  }

  Result<Inventory> inventory() { return run(changer_->read_inventory()); }

  FakeChanger library_;
  FakeTransport* fake_ = nullptr;
  std::optional<Changer> changer_;
};

TEST_F(ChangerTest, AttachRejectsOtherDevices) {
  library_.device_type = scsi::kTypeTape;
  const Result<void> attached = run(changer_->attach());
  ASSERT_FALSE(attached);
  EXPECT_EQ(attached.error().code, kErrorInvalidParameter);
}

TEST_F(ChangerTest, AttachReportsADeviceThatDoesNotAnswer) {
  for (const auto delivery :
       {scsi::Delivery::not_sent, scsi::Delivery::timed_out, scsi::Delivery::link_lost}) {
    fake_->otherwise([=](const scsi::Command&) { return undelivered(delivery); });
    const Result<void> attached = run(changer_->attach());
    ASSERT_FALSE(attached);
    EXPECT_EQ(attached.error().code, kErrorDeviceNotAvailable);
    EXPECT_NE(attached.error().reason.find("as scripted"), std::string::npos);
  }
}

TEST_F(ChangerTest, AttachReportsNothingConnected) {
  library_.device_type = 0x7F;
  const Result<void> attached = run(changer_->attach());
  ASSERT_FALSE(attached);
  EXPECT_EQ(attached.error().code, kErrorDeviceNotAvailable);
}

TEST_F(ChangerTest, AttachGivesUpOnADeviceThatStaysNotReady) {
  fake_->otherwise([this](const scsi::Command& command) {
    return command.cdb.opcode() == scsi::kTestUnitReady ? check(2, 0x04, 0x01) : library_(command);
  });
  const Result<void> attached = run(changer_->attach());
  ASSERT_FALSE(attached);
  EXPECT_EQ(attached.error().code, kErrorDeviceNotAvailable);
  EXPECT_EQ(changer_->last_verdict().action, Action::wait);
}

TEST_F(ChangerTest, AttachReadsIdentityAndGeometry) {
  attach();
  EXPECT_EQ(changer_->identity(), (Identity{"ACME", "ROBOT", "1.0", "CHG42"}));
  ASSERT_EQ(changer_->designators().size(), 1U);
  EXPECT_EQ(changer_->geometry(), kSmall);
  ASSERT_TRUE(changer_->capabilities());
  EXPECT_TRUE(changer_->capabilities()->can_move(ElementType::storage, ElementType::data_transfer));
  EXPECT_FALSE(changer_->attention_pending());
}

TEST_F(ChangerTest, AttachTakesTheAttentionsOfANewConnection) {
  fake_->expect(scsi::kInquiry, check(6, 0x29, 0));
  fake_->expect(scsi::kInquiry, check(6, 0x28, 0x01));
  attach();
  EXPECT_FALSE(changer_->attention_pending());
}

TEST_F(ChangerTest, AttachWorksWithoutPagesThatAreOptional) {
  library_.no_vital_pages = true;
  library_.no_capabilities = true;
  library_.no_mode_sense_10 = true;
  attach();
  EXPECT_EQ(changer_->identity().serial, "");
  EXPECT_TRUE(changer_->designators().empty());
  EXPECT_FALSE(changer_->capabilities());
  EXPECT_EQ(changer_->geometry(), kSmall);
}

TEST_F(ChangerTest, AttachWorksWithoutModeSense6) {
  library_.no_mode_sense_6 = true;
  attach();
  EXPECT_EQ(changer_->geometry(), kSmall);
}

TEST_F(ChangerTest, AttachFindsTheElementsWithoutModePages) {
  library_.no_mode_sense_10 = true;
  library_.no_mode_sense_6 = true;
  library_.no_elements[1] = true;  // nor does it report transports
  attach();
  EXPECT_EQ(changer_->geometry(), (Geometry{{0, 0}, {1000, 4}, {16, 1}, {256, 2}}));
}

TEST_F(ChangerTest, AttachFailsWithoutAnyElements) {
  library_.no_mode_sense_10 = true;
  library_.no_mode_sense_6 = true;
  library_.elements.clear();
  const Result<void> attached = run(changer_->attach());
  ASSERT_FALSE(attached);
  EXPECT_EQ(attached.error().code, kErrorResourceNotPresent);
}

TEST_F(ChangerTest, InventoryOfEveryType) {
  attach();
  const auto read = inventory();
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(read->transports.size(), 1U);
  ASSERT_EQ(read->slots.size(), 4U);
  EXPECT_EQ(read->slots[3].volume_tag, "T1003");
  EXPECT_EQ(read->ports.size(), 1U);
  ASSERT_EQ(read->drives.size(), 2U);
  ASSERT_TRUE(read->drives[1].device);
  EXPECT_EQ(read->drives[1].device->text, "ACME    TAPE            SN257");
  EXPECT_TRUE(read->volume_tags);
  // One request per type, and one more for the identifiers of the drives.
  EXPECT_EQ(fake_->count(scsi::kReadElementStatus), 5U);
}

TEST_F(ChangerTest, RefusedTagsAreDroppedAndRemembered) {
  library_.no_tags = {false, true, true, true, true};
  attach();
  const auto first = inventory();
  ASSERT_TRUE(first);
  EXPECT_EQ(first->slots.size(), 4U);
  EXPECT_EQ(first->slots[0].volume_tag, "");
  EXPECT_FALSE(first->volume_tags);
  // Of each type: twice with tags, once without; and the identifiers of the drives.
  EXPECT_EQ(fake_->count(scsi::kReadElementStatus), 13U);
  fake_->commands.clear();
  ASSERT_TRUE(inventory());
  EXPECT_EQ(fake_->count(scsi::kReadElementStatus), 5U);
}

TEST_F(ChangerTest, ASingleRefusalProvesNothing) {
  attach();
  ASSERT_TRUE(inventory());
  fake_->expect(scsi::kReadElementStatus, check(5, 0x24, 0x00));
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at(3).volume_tag, "T1003");
}

TEST_F(ChangerTest, TagsThatWereToldBeforeAreNotDoneWithout) {
  attach();
  ASSERT_TRUE(inventory());
  library_.no_tags = {false, true, true, true, true};
  EXPECT_FALSE(run(changer_->read_elements(ElementType::storage)));
  library_.no_tags = {};
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->at(0).volume_tag, "T1000");
}

TEST_F(ChangerTest, TagsRefusedForOneTypeAreStillReadForOthers) {
  library_.no_tags[1] = true;
  attach();
  const auto read = inventory();
  ASSERT_TRUE(read);
  EXPECT_EQ(read->transports.size(), 1U);
  EXPECT_EQ(read->slots[0].volume_tag, "T1000");
  EXPECT_TRUE(read->volume_tags);
}

TEST_F(ChangerTest, ARefusalThatIsNotAboutTagsIsAnErrorAndForgotten) {
  attach();
  library_.no_elements[2] = true;
  const auto failed = run(changer_->read_elements(ElementType::storage));
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, kErrorNotSupported);
  library_.no_elements[2] = false;
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_TRUE(read);
  EXPECT_EQ((*read)[0].volume_tag, "T1000");
}

TEST_F(ChangerTest, ATransportThatIsNotReportedDoesNotSpoilTheInventory) {
  library_.no_elements[1] = true;
  attach();
  const auto read = inventory();
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->transports.empty());
  EXPECT_EQ(read->slots.size(), 4U);
}

TEST_F(ChangerTest, RefusedDeviceIdsDegradeAndAreRemembered) {
  library_.no_device_ids = true;
  attach();
  const auto first = inventory();
  ASSERT_TRUE(first);
  ASSERT_EQ(first->drives.size(), 2U);
  EXPECT_FALSE(first->drives[0].device);
  fake_->commands.clear();
  ASSERT_TRUE(inventory());
  EXPECT_EQ(fake_->count(scsi::kReadElementStatus), 4U);
}

TEST_F(ChangerTest, ALostDriveIdentifierReplyIsNotRemembered) {
  attach();
  bool broken = true;
  fake_->otherwise([&](const scsi::Command& command) {
    const bool asks_ids =
        command.cdb.opcode() == scsi::kReadElementStatus && (command.cdb.bytes[6] & 0x01) != 0;
    return asks_ids && broken ? good({1, 2, 3}) : library_(command);
  });
  const auto first = inventory();
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->drives[0].device);
  broken = false;
  EXPECT_TRUE(inventory()->drives[0].device);
}

TEST_F(ChangerTest, EveryReplyEightBytesShortAndTheCountIgnored) {
  library_.cut = 8;
  library_.ignores_count = true;
  attach();
  const auto read = inventory();
  ASSERT_TRUE(read) << read.error().reason;
  ASSERT_EQ(read->slots.size(), 4U);
  EXPECT_EQ(read->slots[2].volume_tag, "T1002");
  EXPECT_EQ(read->slots[3].volume_tag, "T1003");
  ASSERT_EQ(read->drives.size(), 2U);
  EXPECT_TRUE(read->drives[0].device);
  EXPECT_FALSE(read->drives[1].device);  // its end did not come
}

// In pieces that every changer understands, which the fake one checks: of one type, of at most 1000
// elements and 65,535 bytes.
TEST_F(ChangerTest, ThousandsOfElementsAreReadInPieces) {
  library_ = FakeChanger::filled({{1, 1}, {1000, 3000}, {16, 1}, {256, 2}});
  attach();
  const auto read = inventory();
  ASSERT_TRUE(read) << read.error().reason;
  ASSERT_EQ(read->slots.size(), 3000U);
  for (std::size_t i = 0; i < read->slots.size(); ++i) {
    ASSERT_EQ(read->slots[i].address, 1000 + i);
    ASSERT_EQ(read->slots[i].volume_tag, "T" + std::to_string(1000 + i));
  }
}

TEST_F(ChangerTest, MissingElementsAreAbsent) {
  attach();
  std::erase_if(library_.elements, [](const ElementStatus& e) { return e.address == 1001; });
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 3U);
  EXPECT_EQ((*read)[1].address, 1002);
}

TEST_F(ChangerTest, AnEmptyReportIsReadOnceMore) {
  attach();
  library_.empty_replies = 1;
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->size(), 4U);
  EXPECT_EQ(fake_->count(scsi::kReadElementStatus), 2U);
}

TEST_F(ChangerTest, AnEmptyReportIsBelievedTheSecondTime) {
  attach();
  library_.empty_replies = 1000;
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_TRUE(read);
  EXPECT_TRUE(read->empty());
  EXPECT_EQ(fake_->count(scsi::kReadElementStatus), 2U);
}

TEST_F(ChangerTest, AMalformedReplyIsAnInventoryError) {
  attach();
  fake_->otherwise([](const scsi::Command&) { return good({1, 2, 3}); });
  const std::pair<ElementType, std::uint32_t> expected[] = {
      {ElementType::transport, kErrorUnableToInventoryTransport},
      {ElementType::storage, kErrorUnableToInventorySlot},
      {ElementType::import_export, kErrorUnableToInventorySlot},
      {ElementType::data_transfer, kErrorUnableToInventoryDrive}};
  for (const auto& [type, code] : expected) {
    const auto read = run(changer_->read_elements(type));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, code);
  }
}

TEST_F(ChangerTest, PartOfTheElements) {
  attach();
  const auto read = run(changer_->read_elements(ElementType::storage, ElementRange{1001, 2}));
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].address, 1001);
  const auto none = run(changer_->read_elements(ElementType::storage, ElementRange{1001, 0}));
  ASSERT_TRUE(none);
  EXPECT_TRUE(none->empty());
  library_.ignores_count = true;
  EXPECT_EQ(run(changer_->read_elements(ElementType::storage, ElementRange{1001, 2}))->size(), 2U);
}

TEST_F(ChangerTest, AttentionsWhileReadingAreRemembered) {
  attach();
  fake_->expect(scsi::kReadElementStatus, check(6, 0x28, 0x01));
  ASSERT_TRUE(run(changer_->read_elements(ElementType::storage)));
  EXPECT_TRUE(changer_->attention_pending());
  EXPECT_TRUE(changer_->take_attention());
  EXPECT_FALSE(changer_->take_attention());
}

TEST_F(ChangerTest, ALostLinkIsTriedOnceMoreForReads) {
  attach();
  fake_->expect(scsi::kReadElementStatus, undelivered(scsi::Delivery::link_lost));
  EXPECT_TRUE(run(changer_->read_elements(ElementType::storage)));
  EXPECT_TRUE(changer_->take_attention());
  fake_->expect(scsi::kReadElementStatus, undelivered(scsi::Delivery::link_lost));
  fake_->expect(scsi::kReadElementStatus, undelivered(scsi::Delivery::link_lost));
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, kErrorDeviceNotAvailable);
  EXPECT_EQ(changer_->last_verdict().action, Action::library_down);
}

class LargeChangerTest : public ChangerTest {
 protected:
  LargeChangerTest()
      : ChangerTest(
            FakeChanger::filled(Geometry{{60000, 1}, {0, 60000}, {60001, 30}, {60100, 80}})) {}

  void expect_all_slots() {
    attach();
    const auto read = inventory();
    ASSERT_TRUE(read) << read.error().reason;
    ASSERT_EQ(read->slots.size(), 60000U);
    for (std::size_t i = 0; i < read->slots.size(); ++i) {
      ASSERT_EQ(read->slots[i].address, i);
      ASSERT_EQ(read->slots[i].volume_tag, "T" + std::to_string(i));
    }
    EXPECT_EQ(read->drives.size(), 80U);
  }
};

TEST_F(LargeChangerTest, SixtyThousandSlots) {
  expect_all_slots();
  EXPECT_EQ(fake_->count(scsi::kReadElementStatus), 60U + 4U);
}

TEST_F(LargeChangerTest, RepliesCutAtTheAllocationLengthLoseNothing) {
  library_.extra = 100;  // 148 bytes a slot: 1,000 of them exceed the allocation
  expect_all_slots();
  EXPECT_LE(fake_->count(scsi::kReadElementStatus), 60000U / 440U + 10U);
}

TEST_F(LargeChangerTest, DevicesThatCapTheCountAreReadInSmallerSteps) {
  library_.most_elements = 250;
  expect_all_slots();
}

TEST_F(LargeChangerTest, FewerElementsThanTheMapPromises) {
  attach();
  std::erase_if(library_.elements,
                [](const ElementStatus& e) { return e.address >= 1500 && e.address < 60000; });
  fake_->otherwise([this](const scsi::Command& command) {
    const bool beyond = command.cdb.opcode() == scsi::kReadElementStatus &&
                        (command.cdb.bytes[1] & 0x0F) == 2 &&
                        scsi::get_be16(command.cdb.bytes, 2) >= 1500;
    return beyond ? check(5, 0x21, 0x01) : library_(command);
  });
  const auto read = run(changer_->read_elements(ElementType::storage));
  ASSERT_TRUE(read) << read.error().reason;
  EXPECT_EQ(read->size(), 1500U);
}

}  // namespace
}  // namespace ntms::device
