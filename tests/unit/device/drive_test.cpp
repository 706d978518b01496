// SPDX-License-Identifier: MIT
// Drives, the table of sense data, and which drive is behind which element.
#include "device/drive.h"

#include <gtest/gtest.h>

#include <set>

#include "device/drive_mapping.h"
#include "device/media_types.h"
#include "device/win32_codes.h"
#include "unit/device/fake_changer.h"

namespace ntms::device {
namespace {

using testing::check;
using testing::FakeTransport;
using testing::good;
using testing::quick;
using testing::run;
using testing::status;
using testing::undelivered;

class DriveTest : public ::testing::Test {
 protected:
  DriveTest() {
    library_.device_type = scsi::kTypeTape;
    auto transport = std::make_unique<FakeTransport>();
    fake_ = transport.get();
    fake_->otherwise([this](const scsi::Command& command) { return library_(command); });
    drive_.emplace(std::move(transport), quick());
  }

  DriveReadiness readiness(scsi::Reply reply) {
    fake_->expect(scsi::kTestUnitReady, std::move(reply));
    return run(drive_->test_ready());
  }

  testing::FakeChanger library_;
  FakeTransport* fake_ = nullptr;
  std::optional<Drive> drive_;
};

TEST_F(DriveTest, AChangerIsNotADrive) {
  library_.device_type = scsi::kTypeChanger;
  EXPECT_EQ(run(drive_->attach()).error().code, kErrorInvalidParameter);
}

TEST_F(DriveTest, AttachesWithoutAMedium) {
  fake_->otherwise([this](const scsi::Command& command) {
    return command.cdb.opcode() == scsi::kTestUnitReady ? check(2, 0x3A, 0) : library_(command);
  });
  ASSERT_TRUE(run(drive_->attach()));
  EXPECT_EQ(drive_->identity().serial, "CHG42");
  EXPECT_EQ(drive_->device_type(), scsi::kTypeTape);
}

TEST_F(DriveTest, Readiness) {
  EXPECT_EQ(readiness(good()), DriveReadiness::ready);
  EXPECT_EQ(readiness(check(2, 0x3A, 0)), DriveReadiness::empty);
  EXPECT_EQ(readiness(check(2, 0x3A, 1)), DriveReadiness::empty);
  EXPECT_EQ(readiness(check(2, 0x04, 1)), DriveReadiness::becoming_ready);
  EXPECT_EQ(readiness(check(2, 0x04, 2)), DriveReadiness::not_loaded);
  EXPECT_EQ(readiness(check(2, 0x04, 3)), DriveReadiness::error);
  EXPECT_EQ(readiness(check(4, 0x44, 0)), DriveReadiness::error);
  EXPECT_EQ(drive_->last_verdict().action, Action::drive_down);
  EXPECT_EQ(readiness(undelivered(scsi::Delivery::timed_out)), DriveReadiness::error);
  fake_->expect(scsi::kTestUnitReady, check(6, 0x28, 0));
  EXPECT_EQ(readiness(good()), DriveReadiness::ready);
  EXPECT_TRUE(drive_->take_attention());
}

TEST_F(DriveTest, LoadsAndUnloadsAccordingToItsType) {
  fake_->expect(scsi::kLoadUnload, check(2, 0x3A, 0));
  EXPECT_EQ(run(drive_->unload()).error().code, kErrorEmpty);
  fake_->expect(scsi::kLoadUnload, check(4, 0x53, 0));
  EXPECT_EQ(run(drive_->load()).error().code, kErrorUnableToLoadMedium);
  fake_->expect(scsi::kLoadUnload, check(5, 0x53, 2));
  EXPECT_EQ(run(drive_->unload()).error().code, kErrorUnableToEjectMountedMedia);

  ASSERT_TRUE(run(drive_->attach()));
  fake_->otherwise([this](const scsi::Command& command) {
    return command.cdb.opcode() == scsi::kLoadUnload ? good() : library_(command);
  });
  EXPECT_TRUE(run(drive_->load(std::chrono::hours(2))));
  EXPECT_EQ(fake_->commands.back().cdb.bytes[4], 0x01);
  EXPECT_EQ(fake_->commands.back().timeout, std::chrono::hours(2));
  EXPECT_TRUE(run(drive_->unload()));
  EXPECT_EQ(fake_->commands.back().cdb.bytes[4], 0x00);
  library_.device_type = scsi::kTypeOptical;
  ASSERT_TRUE(run(drive_->attach()));
  EXPECT_TRUE(run(drive_->unload()));
  EXPECT_EQ(fake_->commands.back().cdb.bytes[4], 0x02);
}

struct Case {
  std::uint8_t key, asc, ascq;
  Action action;
  std::uint32_t code;
};

TEST(SenseAction, Table) {
  const Case cases[] = {
      {5, 0x3B, 0x0E, Action::reconcile, kErrorEmpty},
      {5, 0x3B, 0x0D, Action::reconcile, kErrorNotEmpty},
      {5, 0x3B, 0x12, Action::operator_needed, kErrorResourceNotPresent},
      {5, 0x21, 0x01, Action::reconcile, kErrorResourceNotPresent},
      {5, 0x20, 0x00, Action::fail, kErrorNotSupported},
      {5, 0x24, 0x00, Action::fail, kErrorNotSupported},
      {5, 0x26, 0x00, Action::fail, kErrorInvalidParameter},
      {5, 0x53, 0x02, Action::fail, kErrorUnableToEjectMountedMedia},
      {5, 0x30, 0x00, Action::fail, kErrorMediaIncompatible},
      {2, 0x30, 0x03, Action::fail, kErrorCleanerCartridgeInstalled},
      {2, 0x04, 0x01, Action::wait, kErrorDeviceNotAvailable},
      {2, 0x04, 0x85, Action::wait, kErrorDeviceNotAvailable},
      {2, 0x04, 0x03, Action::operator_needed, kErrorDeviceNotAvailable},
      {2, 0x04, 0x12, Action::operator_needed, kErrorLibraryOffline},
      {2, 0x5A, 0x01, Action::operator_needed, kErrorMediumNotAccessible},
      {2, 0x3A, 0x00, Action::reconcile, kErrorEmpty},
      {2, 0x77, 0x00, Action::library_down, kErrorDeviceNotAvailable},
      {3, 0x3B, 0x00, Action::fail, kErrorMediumNotAccessible},
      {4, 0x15, 0x01, Action::library_down, kErrorMediumNotAccessible},
      {4, 0x44, 0x00, Action::library_down, kErrorDeviceNotAvailable},
      {4, 0x53, 0x00, Action::drive_down, kErrorUnableToLoadMedium},
      {6, 0x29, 0x00, Action::retry, kErrorMediumNotAccessible},
      {6, 0x3B, 0x12, Action::retry, kErrorMediumNotAccessible},
      {7, 0x27, 0x00, Action::fail, kErrorWriteProtect},
      {0xB, 0x00, 0x00, Action::retry, kErrorDeviceNotAvailable},
      {9, 0x80, 0x80, Action::fail, kErrorMediumNotAccessible},
  };
  for (const Case& c : cases) {
    const Verdict verdict =
        judge(check(c.key, c.asc, c.ascq), DeviceKind::changer, Effect::repeatable);
    EXPECT_EQ(verdict.action, c.action) << verdict.words;
    EXPECT_EQ(verdict.code, c.code) << verdict.words;
    EXPECT_FALSE(verdict.words.empty());
  }
}

// No sense data whatsoever makes a failure a success, a move a blind retry, or a drive a library.
TEST(SenseAction, EverySenseHasAnAnswer) {
  for (int key = 0; key < 16; ++key) {
    for (int asc = 0; asc < 256; ++asc) {
      for (const int ascq : {0, 1, 2, 3, 0x0D, 0x0E, 0x12, 0x85, 0xFF}) {
        const scsi::Reply reply =
            check(static_cast<std::uint8_t>(key), static_cast<std::uint8_t>(asc),
                  static_cast<std::uint8_t>(ascq));
        const Verdict move = judge(reply, DeviceKind::changer, Effect::motion);
        ASSERT_NE(move.action, Action::retry) << move.words;
        ASSERT_EQ(move.ok(), key == 1) << move.words;
        ASSERT_EQ(move.code == 0, move.ok()) << move.words;
        if (move.happened == Happened::unknown) {
          ASSERT_NE(move.action, Action::fail) << move.words;
        }
        const Verdict read = judge(reply, DeviceKind::drive, Effect::repeatable);
        ASSERT_EQ(read.ok(), key == 1);
        ASSERT_NE(read.action, Action::library_down);
      }
    }
  }
}

TEST(SenseAction, DeferredErrorsAreAboutAnEarlierCommand) {
  scsi::Reply reply = check(4, 0x15, 0x01);
  reply.sense[0] = 0x71;
  const Verdict verdict = judge(reply, DeviceKind::changer, Effect::motion);
  EXPECT_EQ(verdict.action, Action::library_down);
  EXPECT_EQ(verdict.happened, Happened::no);
}

TEST(SenseAction, SenseDataCountsEvenIfTheAdapterCallsItATransportError) {
  scsi::Reply reply = check(5, 0x3B, 0x0E);
  reply.delivery = scsi::Delivery::link_lost;
  const Verdict verdict = judge(reply, DeviceKind::changer, Effect::motion);
  EXPECT_EQ(verdict.code, kErrorEmpty);
  EXPECT_EQ(verdict.happened, Happened::no);
}

TEST(SenseAction, WhyADeviceCannotBeHadIsPassedOn) {
  scsi::Reply reply;
  reply.delivery = scsi::Delivery::not_sent;
  EXPECT_EQ(judge(reply, DeviceKind::changer, Effect::repeatable).code, kErrorDeviceNotAvailable);
  reply.code = kErrorBusy;
  const Verdict verdict = judge(reply, DeviceKind::changer, Effect::motion);
  EXPECT_EQ(verdict.code, kErrorBusy);
  EXPECT_EQ(verdict.happened, Happened::no);
}

TEST(SenseAction, UnknownStatusesAndMissingSense) {
  EXPECT_EQ(judge(status(0x40), DeviceKind::changer, Effect::repeatable).action, Action::retry);
  EXPECT_EQ(judge(status(0x30), DeviceKind::changer, Effect::motion).action, Action::reconcile);
  const Verdict verdict =
      judge(status(scsi::kStatusCheckCondition), DeviceKind::changer, Effect::motion);
  EXPECT_EQ(verdict.action, Action::reconcile);
  EXPECT_EQ(verdict.happened, Happened::unknown);
}

ElementStatus bay(std::uint16_t address, std::uint8_t type = 0, std::string text = {}) {
  ElementStatus element = scsi::testing::element(ElementType::data_transfer, address);
  if (!text.empty()) element.device = scsi::DeviceIdentifier{2, type, 0, std::move(text)};
  return element;
}

DriveCandidate candidate(std::string serial) {
  DriveCandidate drive;
  drive.uri = "fake:" + serial;
  drive.identity = Identity{"HP", "Ultrium 8-SCSI", "A", std::move(serial)};
  return drive;
}

std::vector<int> mapped(const std::vector<ElementStatus>& elements,
                        const std::vector<DriveCandidate>& drives) {
  std::vector<int> result;
  for (const DriveMatch& match : map_drives(elements, drives)) {
    EXPECT_FALSE(match.reason.empty());
    result.push_back(match.drive ? static_cast<int>(*match.drive) : -1);
  }
  return result;
}

using Map = std::vector<int>;

TEST(DriveMapping, BySerialNumberInEitherForm) {
  EXPECT_EQ(mapped({bay(256, 1, "HP      Ultrium 8-SCSI  HU0002"), bay(257, 0, "HU0001")},
                   {candidate("HU0001"), candidate("HU0002")}),
            (Map{1, 0}));
  EXPECT_EQ(mapped({bay(256, 0, "xxHU0002yy"), bay(257, 1, "HP HU0001")},
                   {candidate("HU0001"), candidate("HU0002")}),
            (Map{1, 0}));
}

// Drives of other libraries may be among the candidates.
TEST(DriveMapping, NotByEliminationWhereTheDriveMayBelongElsewhere) {
  const std::vector<ElementStatus> elements{bay(256)};
  const std::vector<DriveCandidate> drives{candidate("HU0001")};
  EXPECT_FALSE(map_drives(elements, drives, false).front().drive);
  EXPECT_TRUE(map_drives(elements, drives, true).front().drive);
  const std::vector<ElementStatus> named{bay(256, 0, "HU0001")};
  EXPECT_TRUE(map_drives(named, drives, false).front().drive);
}

TEST(DriveMapping, ByDesignator) {
  DriveCandidate first = candidate("");
  DriveCandidate second = candidate("");
  second.designators = {scsi::DeviceIdentifier{2, 1, 0, "HP      Ultrium 8-SCSI  HU0002"}};
  EXPECT_EQ(mapped({bay(256, 1, "HP      Ultrium 8-SCSI  HU0002"), bay(257)}, {first, second}),
            (Map{1, 0}));
}

TEST(DriveMapping, AnExactSerialNumberWinsOverOneWithin) {
  EXPECT_EQ(mapped({bay(256, 0, "SN0001"), bay(257, 0, "SN00012")},
                   {candidate("SN00012"), candidate("SN0001")}),
            (Map{1, 0}));
}

TEST(DriveMapping, TheLastOneLeft) {
  EXPECT_EQ(mapped({bay(256, 0, "HU0001"), bay(257)}, {candidate("HU0002"), candidate("HU0001")}),
            (Map{1, 0}));
  EXPECT_EQ(mapped({bay(256)}, {candidate("")}), (Map{0}));
}

ElementStatus bay_at(std::uint16_t address, std::uint8_t id) {
  ElementStatus element = bay(address);
  element.scsi_id = id;
  return element;
}

DriveCandidate candidate_at(std::string serial, unsigned id, unsigned lun = 0) {
  DriveCandidate drive = candidate(std::move(serial));
  drive.place = BusPlace{id, lun};
  return drive;
}

TEST(DriveMapping, ByTheAddressOnTheChangersBus) {
  const std::vector<DriveCandidate> drives{candidate_at("A1", 4), candidate_at("A2", 5)};
  EXPECT_EQ(mapped({bay_at(256, 5), bay_at(257, 4)}, drives), (Map{1, 0}));
  EXPECT_EQ(mapped({bay_at(256, 5), bay_at(257, 5)}, drives), (Map{-1, -1}));
  EXPECT_EQ(mapped({bay_at(256, 3), bay(257)}, drives), (Map{-1, -1}));
  // The same numbers on another bus, or of a drive that is on none, mean nothing.
  ElementStatus elsewhere = bay_at(256, 4);
  elsewhere.other_bus = true;
  EXPECT_EQ(mapped({elsewhere, bay(257)}, drives), (Map{-1, -1}));
  EXPECT_EQ(mapped({bay_at(256, 0), bay(257)}, {candidate("A1"), candidate("A2")}), (Map{-1, -1}));
}

TEST(DriveMapping, TheLunCountsWhereItIsReported) {
  const std::vector<DriveCandidate> drives{candidate_at("A1", 4, 0), candidate_at("A2", 4, 1)};
  ElementStatus second = bay_at(256, 4);
  EXPECT_EQ(mapped({second, bay(257)}, drives), (Map{-1, -1})) << "both have this ID";
  second.scsi_lun = 1;
  EXPECT_EQ(mapped({second, bay(257)}, drives), (Map{1, 0}));
}

TEST(DriveMapping, AnIdentifierOutweighsAnAddress) {
  ElementStatus element = bay_at(256, 4);
  element.device = scsi::DeviceIdentifier{2, 0, 0, "HU0002"};
  EXPECT_EQ(mapped({element, bay(257)}, {candidate_at("HU0001", 4), candidate_at("HU0002", 5)}),
            (Map{1, 0}));
  element.device->text = "HU0009";  // a drive that is not there is not the one at the address
  EXPECT_EQ(mapped({element, bay(257)}, {candidate_at("HU0001", 4), candidate_at("HU0002", 5)}),
            (Map{-1, -1}));
}

TEST(DriveMapping, ByConfigurationWhereTheChangerDoesNotTell) {
  DriveCandidate first = candidate("HU0001");
  DriveCandidate second = candidate("HU0002");
  first.configured_element = 257;
  EXPECT_EQ(mapped({bay(256), bay(257)}, {first, second}), (Map{1, 0}));
  second.configured_element = 257;
  EXPECT_EQ(mapped({bay(256), bay(257)}, {first, second}), (Map{-1, -1}));
  // Also where nobody understands what the changer says.
  second.configured_element = 256;
  EXPECT_EQ(mapped({bay(256, 0, "bay one"), bay(257, 0, "bay two")}, {first, second}), (Map{1, 0}));
}

TEST(DriveMapping, WhatTheChangerSaysCountsMoreThanTheConfiguration) {
  DriveCandidate first = candidate("HU0001");
  DriveCandidate second = candidate("HU0002");
  first.configured_element = 256;
  second.configured_element = 257;
  const std::vector<ElementStatus> elements{bay(256, 0, "HU0002"), bay(257, 0, "HU0001")};
  const std::vector<DriveCandidate> drives{first, second};
  const auto matches = map_drives(elements, drives);
  EXPECT_EQ(matches[0].drive, 1U);
  EXPECT_EQ(matches[1].drive, 0U);
  EXPECT_NE(matches[0].reason.find("the configuration names another, fake:HU0001"),
            std::string::npos)
      << matches[0].reason;
}

TEST(DriveMapping, NeverAGuess) {
  EXPECT_EQ(mapped({bay(256), bay(257)}, {candidate("HU0001"), candidate("HU0002")}),
            (Map{-1, -1}));
  EXPECT_EQ(mapped({bay(256), bay(257)}, {candidate("HU0001")}), (Map{-1, -1}));
  EXPECT_EQ(mapped({bay(256, 0, "HU0009")}, {candidate("HU0001")}), (Map{-1}));
  EXPECT_EQ(mapped({bay(256, 0, "SAME00"), bay(257, 0, "SAME00")}, {candidate("SAME00")}),
            (Map{-1, -1}));
  EXPECT_EQ(mapped({bay(256, 0, "SAME00")}, {candidate("SAME00"), candidate("SAME00")}), (Map{-1}));
  EXPECT_EQ(mapped({bay(256, 0, "A1")}, {candidate("1"), candidate("A")}), (Map{-1}));
  EXPECT_EQ(mapped({bay(256)}, {}), (Map{-1}));
  EXPECT_TRUE(mapped({}, {candidate("HU0001")}).empty());
}

TEST(MediaTypes, CodesAndNamesAreComplete) {
  std::set<std::string_view> names;
  std::uint32_t code = kDds4mm;
  for (const MediaType& type : media_types()) {
    EXPECT_EQ(type.code, code++);
    EXPECT_TRUE(names.insert(type.name).second) << type.name;
  }
  EXPECT_EQ(code, 94U);
  EXPECT_EQ(find_media_type(kLtoUltrium)->name, "LTO Ultrium");
  EXPECT_EQ(find_media_type(kDds4mm)->name, "4mm DDS");
  EXPECT_EQ(find_media_type(kCleanerCartridge)->name, "Cleaner");
  EXPECT_EQ(find_media_type(kLtoUltrium)->sides, 1U);
  EXPECT_EQ(find_media_type(57)->sides, 1U) << "3.5-inch MO";
  EXPECT_EQ(find_media_type(59)->sides, 2U) << "5.25-inch MO";
  EXPECT_EQ(find_media_type(31), nullptr);
  EXPECT_EQ(find_media_type(94), nullptr);
}

TEST(MediaTypes, OfDrives) {
  const auto of = [](std::string_view vendor, std::string_view product, std::uint8_t type = 1) {
    const auto code = media_type_of_drive(vendor, product, type);
    return code ? find_media_type(*code)->constant_name : std::string_view("none");
  };
  EXPECT_EQ(of("HP", "Ultrium 8-SCSI"), "LTO_Ultrium");
  EXPECT_EQ(of("IBM", "ULT3580-TD9"), "LTO_Ultrium");
  EXPECT_EQ(of("IBM", "ULTRIUM-TD5"), "LTO_Ultrium");
  EXPECT_EQ(of("QUANTUM", "SDLT600"), "DLT");
  EXPECT_EQ(of("QUANTUM", "DLT7000"), "DLT");
  EXPECT_EQ(of("HP", "DAT160"), "DDS_4mm");
  EXPECT_EQ(of("HP", "C1537A"), "DDS_4mm");
  EXPECT_EQ(of("SONY", "SDX-700C"), "AIT1_8mm");
  EXPECT_EQ(of("SONY", "SDZ-130"), "SAIT");
  EXPECT_EQ(of("SEAGATE", "STT20000N"), "Travan");
  EXPECT_EQ(of("TANDBERG", "SLR100"), "QIC");
  EXPECT_EQ(of("STK", "T9840B"), "STK_9840");
  EXPECT_EQ(of("STK", "T9940A"), "STK_9940");
  EXPECT_EQ(of("IBM", "03590E1A"), "IBM_Magstar_3590");
  EXPECT_EQ(of("ECRIX", "VXA-1"), "VXATape_1");
  EXPECT_EQ(of("EXABYTE", "VXA-2"), "VXATape_2");
  EXPECT_EQ(of("ACME", "DVD-RAM GX", 5), "DVD_RAM");
  EXPECT_EQ(of("ACME", "UNKNOWN", 5), "CD_ROM");
  EXPECT_EQ(of("ACME", "DATA TAPE"), "none");
  EXPECT_EQ(of("", ""), "none");
}

TEST(MediaTypes, OnlyLto9IsPreparedForHours) {
  for (const char* product :
       {"ULTRIUM-HH9", "ULT3580-TD9", "ULT3580-HD9", "Ultrium 9-SCSI", "LTO-9 HH"}) {
    EXPECT_TRUE(may_prepare_for_hours(product, "")) << product;
  }
  for (const char* product : {"ULTRIUM-HH8", "ULT3580-TD5", "Ultrium 6-SCSI", "SDLT600", ""}) {
    EXPECT_FALSE(may_prepare_for_hours(product, "MED001L8")) << product;
    EXPECT_TRUE(may_prepare_for_hours(product, "MED001L9")) << product;
    EXPECT_TRUE(may_prepare_for_hours(product, "MED001LZ")) << product;
  }
}

}  // namespace
}  // namespace ntms::device
