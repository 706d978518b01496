// SPDX-License-Identifier: MIT
// Moves are sent once; what not every changer can do is asked for once.
#include <gtest/gtest.h>

#include "device/changer.h"
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
using testing::status;
using testing::undelivered;

class MoveTest : public ::testing::Test {
 protected:
  MoveTest() : library_(FakeChanger::filled(Geometry{{1, 1}, {1000, 4}, {16, 1}, {256, 2}})) {
    auto transport = std::make_unique<FakeTransport>();
    fake_ = transport.get();
    fake_->otherwise([this](const scsi::Command& command) { return library_(command); });
    changer_.emplace(std::move(transport), quick());
    EXPECT_TRUE(run(changer_->attach()));
    fake_->commands.clear();
  }

  // A move whose MOVE MEDIUM gets this reply.
  MoveResult move_with(scsi::Reply reply) {
    fake_->expect(scsi::kTestUnitReady, good());
    fake_->expect(scsi::kMoveMedium, std::move(reply));
    MoveResult result = run(changer_->move(1000, 256));
    EXPECT_TRUE(fake_->done());
    EXPECT_EQ(fake_->count(scsi::kMoveMedium), 1U);
    fake_->commands.clear();
    return result;
  }

  FakeChanger library_;
  FakeTransport* fake_ = nullptr;
  std::optional<Changer> changer_;
};

TEST_F(MoveTest, AddressesOutsideTheElementMapNeverReachTheDevice) {
  for (const auto& [from, to] : {std::pair{1004, 256}, {1000, 258}, {0, 1000}, {1000, 0xFFFF}}) {
    const MoveResult result =
        run(changer_->move(static_cast<std::uint16_t>(from), static_cast<std::uint16_t>(to)));
    EXPECT_EQ(result.code, kErrorInvalidAddress);
    EXPECT_EQ(result.happened, Happened::no);
  }
  EXPECT_TRUE(fake_->commands.empty());
}

TEST_F(MoveTest, TurnedOverOnlyByAnArmThatDoes) {
  EXPECT_FALSE(changer_->turns_media());
  EXPECT_EQ(run(changer_->move(1000, 256, true)).code, kErrorNotSupported);
  EXPECT_TRUE(fake_->commands.empty());
  for (const bool tells : {true, false}) {
    library_.turns_media = true;
    library_.no_capabilities = !tells;
    ASSERT_TRUE(run(changer_->attach()));
    EXPECT_EQ(changer_->turns_media(), tells);
  }
  library_.no_capabilities = false;
  ASSERT_TRUE(run(changer_->attach()));
  for (const bool turn : {true, false}) {
    fake_->commands.clear();
    fake_->expect(scsi::kTestUnitReady, good());
    fake_->expect(scsi::kMoveMedium, good());
    EXPECT_TRUE(run(changer_->move(1000, 1000, turn)).ok());
    EXPECT_EQ(fake_->commands.back().cdb.bytes[10], turn ? 0x01 : 0x00);
  }
}

TEST_F(MoveTest, NeverSentAgainWhenItMayHaveHappened) {
  for (const auto delivery : {scsi::Delivery::link_lost, scsi::Delivery::timed_out}) {
    const MoveResult result = move_with(undelivered(delivery));
    EXPECT_EQ(result.action, Action::reconcile);
    EXPECT_EQ(result.happened, Happened::unknown);
    EXPECT_EQ(result.code, kErrorDeviceNotAvailable);
  }
  EXPECT_EQ(move_with(check(0xB, 0x4E, 0)).action, Action::reconcile);
  EXPECT_EQ(move_with(check(3, 0x11, 0)).happened, Happened::unknown);
  EXPECT_EQ(move_with(status(0x40)).action, Action::reconcile);
  const MoveResult broken = move_with(check(4, 0x15, 0x01));
  EXPECT_EQ(broken.action, Action::library_down);
  EXPECT_EQ(broken.happened, Happened::unknown);
  EXPECT_EQ(broken.code, kErrorMediumNotAccessible);
}

TEST_F(MoveTest, UnsentIsNotDone) {
  const MoveResult result = move_with(undelivered(scsi::Delivery::not_sent));
  EXPECT_EQ(result.action, Action::library_down);
  EXPECT_EQ(result.happened, Happened::no);
}

TEST_F(MoveTest, AUnitAttentionMeansNotDoneButNotAgain) {
  const MoveResult result = move_with(check(6, 0x28, 0x01));
  EXPECT_EQ(result.action, Action::reconcile);
  EXPECT_EQ(result.happened, Happened::no);
  EXPECT_TRUE(changer_->attention_pending());
}

TEST_F(MoveTest, SurprisesAreReconciled) {
  MoveResult result = move_with(check(5, 0x3B, 0x0E));
  EXPECT_EQ(result.action, Action::reconcile);
  EXPECT_EQ(result.code, kErrorEmpty);
  EXPECT_EQ(result.happened, Happened::no);
  EXPECT_EQ(result.words, "MOVE MEDIUM: 5/3B/0E medium source element empty");
  result = move_with(check(5, 0x3B, 0x0D));
  EXPECT_EQ(result.action, Action::reconcile);
  EXPECT_EQ(result.code, kErrorNotEmpty);
}

TEST_F(MoveTest, BusyIsTriedAgainBecauseNothingHappened) {
  fake_->expect(scsi::kTestUnitReady, good());
  fake_->expect(scsi::kMoveMedium, status(scsi::kStatusBusy));
  fake_->expect(scsi::kMoveMedium, status(scsi::kStatusTaskSetFull));
  fake_->expect(scsi::kMoveMedium, good());
  EXPECT_TRUE(run(changer_->move(1000, 256)).ok());
  EXPECT_TRUE(fake_->done());

  fake_->otherwise([](const scsi::Command& command) {
    return command.cdb.opcode() == scsi::kMoveMedium ? status(scsi::kStatusBusy) : good();
  });
  const MoveResult result = run(changer_->move(1000, 256));
  EXPECT_EQ(result.code, kErrorBusy);
  EXPECT_EQ(result.happened, Happened::no);
}

TEST_F(MoveTest, AReservationIsNamed) {
  const MoveResult result = move_with(status(scsi::kStatusReservationConflict));
  EXPECT_EQ(result.action, Action::fail);
  EXPECT_EQ(result.code, kErrorBusy);
  EXPECT_NE(result.words.find("RESERVATION CONFLICT"), std::string::npos);
}

TEST_F(MoveTest, SentAgainWhenTheDeviceHasBecomeReady) {
  fake_->expect(scsi::kTestUnitReady, good());
  fake_->expect(scsi::kMoveMedium, check(2, 0x04, 0x01));
  fake_->expect(scsi::kTestUnitReady, check(2, 0x04, 0x01));
  fake_->expect(scsi::kTestUnitReady, good());
  fake_->expect(scsi::kTestUnitReady, good());  // attentions are looked for anew
  fake_->expect(scsi::kMoveMedium, good());
  const MoveResult result = run(changer_->move(1000, 256));
  EXPECT_TRUE(result.ok()) << result.words;
  EXPECT_TRUE(fake_->done());
}

TEST_F(MoveTest, NotSentAgainAfterHandsWereInTheLibraryMeanwhile) {
  fake_->expect(scsi::kTestUnitReady, good());
  fake_->expect(scsi::kMoveMedium, check(2, 0x04, 0x01));
  fake_->expect(scsi::kTestUnitReady, good());
  fake_->expect(scsi::kTestUnitReady, check(6, 0x28, 0x00));
  fake_->expect(scsi::kTestUnitReady, good());
  const MoveResult result = run(changer_->move(1000, 256));
  EXPECT_EQ(result.action, Action::reconcile);
  EXPECT_EQ(result.happened, Happened::no);
  EXPECT_EQ(fake_->count(scsi::kMoveMedium), 1U);
}

TEST_F(MoveTest, NotSentAgainWhileTheDeviceIsPaused) {
  fake_->otherwise([](const scsi::Command& command) {
    return command.cdb.opcode() == scsi::kRequestSense ? good() : check(2, 0x04, 0x85);
  });
  const MoveResult result = run(changer_->move(1000, 256));
  EXPECT_EQ(result.action, Action::wait);
  EXPECT_EQ(result.happened, Happened::no);
  EXPECT_EQ(fake_->count(scsi::kMoveMedium), 1U);
}

TEST_F(MoveTest, NotReadyForEverIsGivenUp) {
  for (int i = 0; i < 3; ++i) {
    fake_->expect(scsi::kTestUnitReady, good());
    fake_->expect(scsi::kMoveMedium, check(2, 0x04, 0x01));
    if (i < 2) fake_->expect(scsi::kTestUnitReady, good());
  }
  const MoveResult result = run(changer_->move(1000, 256));
  EXPECT_EQ(result.action, Action::wait);
  EXPECT_TRUE(fake_->done());
}

TEST_F(MoveTest, PendingAttentionsAreTakenFirst) {
  fake_->expect(scsi::kTestUnitReady, check(6, 0x29, 0x00));
  fake_->expect(scsi::kTestUnitReady, check(6, 0x2A, 0x01));
  fake_->expect(scsi::kTestUnitReady, good());
  fake_->expect(scsi::kMoveMedium, good());
  const MoveResult result = run(changer_->move(1000, 256));
  EXPECT_TRUE(result.ok()) << result.words;
  EXPECT_EQ(result.happened, Happened::yes);
  EXPECT_TRUE(fake_->done());
  EXPECT_TRUE(changer_->attention_pending());
  const auto& cdb = fake_->commands.back().cdb.bytes;
  EXPECT_EQ(scsi::get_be16(cdb, 2), 1);
  EXPECT_EQ(scsi::get_be16(cdb, 4), 1000);
  EXPECT_EQ(scsi::get_be16(cdb, 6), 256);
}

TEST_F(MoveTest, NothingIsMovedAfterHandsWereInTheLibrary) {
  for (const scsi::Reply& reply :
       {check(6, 0x28, 0x01), check(6, 0x3B, 0x12), undelivered(scsi::Delivery::link_lost)}) {
    fake_->commands.clear();
    fake_->expect(scsi::kTestUnitReady, reply);
    fake_->expect(scsi::kTestUnitReady, good());
    const MoveResult result = run(changer_->move(1000, 256));
    EXPECT_EQ(result.action, Action::reconcile);
    EXPECT_EQ(result.happened, Happened::no);
    EXPECT_EQ(fake_->count(scsi::kMoveMedium), 0U);
    EXPECT_TRUE(changer_->take_attention());
  }
}

TEST_F(MoveTest, AnEndlessRowOfAttentionsEnds) {
  fake_->otherwise([](const scsi::Command&) { return check(6, 0x29, 0); });
  EXPECT_FALSE(run(changer_->read_inventory()));
  EXPECT_LE(fake_->commands.size(), 20U);
  fake_->commands.clear();
  EXPECT_FALSE(run(changer_->move(1000, 256)).ok());
  EXPECT_LE(fake_->commands.size(), 20U);
}

TEST_F(MoveTest, ADeadConnectionIsReportedBeforeTheMove) {
  fake_->otherwise([](const scsi::Command&) { return undelivered(scsi::Delivery::link_lost); });
  const MoveResult result = run(changer_->move(1000, 256));
  EXPECT_EQ(result.action, Action::library_down);
  EXPECT_EQ(result.happened, Happened::no);
  EXPECT_EQ(fake_->count(scsi::kMoveMedium), 0U);
}

TEST_F(MoveTest, MissingCommandsAreRememberedAsMissing) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_EQ(run(changer_->exchange(1000, 256, 1001)).code, kErrorNotSupported);
    EXPECT_EQ(run(changer_->position(1000)).error().code, kErrorNotSupported);
    EXPECT_EQ(run(changer_->initialize()).error().code, kErrorNotSupported);
    EXPECT_EQ(run(changer_->initialize(ElementRange{1000, 2})).error().code, kErrorNotSupported);
    EXPECT_EQ(run(changer_->prevent(true)).error().code, kErrorNotSupported);
    EXPECT_EQ(run(changer_->open_port()).error().code, kErrorNotSupported);
    EXPECT_EQ(run(changer_->close_port()).error().code, kErrorNotSupported);
  }
  EXPECT_EQ(fake_->count(scsi::kExchangeMedium), 1U);
  EXPECT_EQ(fake_->count(scsi::kPositionToElement), 1U);
  EXPECT_EQ(fake_->count(scsi::kInitializeElementStatus), 1U);
  EXPECT_EQ(fake_->count(scsi::kInitializeElementStatusWithRange), 1U);
  EXPECT_EQ(fake_->count(scsi::kPreventAllow), 1U);
  EXPECT_EQ(fake_->count(scsi::kOpenCloseImportExport), 2U);
}

TEST_F(MoveTest, AnExchangeIsNotAskedForAgainWhenItsOptionsAreRefused) {
  fake_->otherwise([](const scsi::Command& command) {
    return command.cdb.opcode() == scsi::kExchangeMedium ? check(5, 0x24, 0) : good();
  });
  EXPECT_FALSE(run(changer_->exchange(1000, 256, 1001)).ok());
  EXPECT_FALSE(changer_->may_exchange());
  EXPECT_EQ(run(changer_->exchange(1000, 256, 1001)).code, kErrorNotSupported);
  EXPECT_EQ(fake_->count(scsi::kExchangeMedium), 1U);
}

TEST_F(MoveTest, OptionalCommandsWork) {
  fake_->otherwise([](const scsi::Command&) { return good(); });
  EXPECT_TRUE(run(changer_->exchange(1000, 256, 1001)).ok());
  EXPECT_TRUE(run(changer_->position(1000)));
  EXPECT_TRUE(run(changer_->prevent(true)));
  EXPECT_TRUE(run(changer_->open_port()));
  EXPECT_EQ(scsi::get_be16(fake_->commands.back().cdb.bytes, 2), 16);
  EXPECT_TRUE(run(changer_->close_port(16)));
  EXPECT_EQ(fake_->commands.back().cdb.bytes[4], 1);
  EXPECT_TRUE(run(changer_->initialize(ElementRange{1000, 2})));
}

TEST_F(MoveTest, ThereIsNoSuchPort) {
  EXPECT_EQ(run(changer_->open_port(17)).error().code, kErrorResourceNotPresent);
  EXPECT_TRUE(fake_->commands.empty());
}

TEST_F(MoveTest, AFailureOfAnOptionalCommandIsNotRefusal) {
  fake_->expect(scsi::kOpenCloseImportExport, check(5, 0x53, 0x02));
  EXPECT_EQ(run(changer_->open_port()).error().code, kErrorUnableToEjectMountedMedia);
  fake_->expect(scsi::kOpenCloseImportExport, good());
  EXPECT_TRUE(run(changer_->open_port()));
}

TEST_F(MoveTest, WhatItHasDoneBeforeItIsNotSaidToLack) {
  fake_->expect(scsi::kOpenCloseImportExport, good());
  EXPECT_TRUE(run(changer_->open_port()));
  fake_->expect(scsi::kOpenCloseImportExport, check(5, 0x20, 0x00));
  EXPECT_EQ(run(changer_->open_port()).error().code, kErrorDeviceNotAvailable);
  fake_->expect(scsi::kOpenCloseImportExport, good());
  EXPECT_TRUE(run(changer_->open_port()));
}

TEST_F(MoveTest, ALockThatWasNotSetOrReleasedIsOwed) {
  run(changer_->settle_lock());
  EXPECT_TRUE(fake_->commands.empty()) << "nothing is owed";
  fake_->expect(scsi::kPreventAllow, check(4, 0x44, 0x00));
  EXPECT_FALSE(run(changer_->prevent(false)));
  fake_->commands.clear();
  fake_->expect(scsi::kPreventAllow, check(4, 0x44, 0x00));
  run(changer_->settle_lock());
  fake_->expect(scsi::kPreventAllow, good());
  run(changer_->settle_lock());
  EXPECT_EQ(fake_->count(scsi::kPreventAllow), 2U);
  EXPECT_EQ(fake_->commands.back().cdb.bytes[4] & 1, 0) << "removal is allowed";
  run(changer_->settle_lock());
  EXPECT_EQ(fake_->count(scsi::kPreventAllow), 2U);
}

TEST_F(MoveTest, WaitsForReadinessAsLongAsAllowed) {
  fake_->expect(scsi::kTestUnitReady, check(2, 0x04, 0x01));
  fake_->expect(scsi::kTestUnitReady, check(2, 0x04, 0x85));
  fake_->expect(scsi::kTestUnitReady, good());
  EXPECT_TRUE(run(changer_->wait_ready(std::chrono::minutes(1))).ok());
  fake_->expect(scsi::kTestUnitReady, check(2, 0x04, 0x01));
  EXPECT_EQ(run(changer_->test_ready()).action, Action::wait);
  EXPECT_TRUE(fake_->done());
}

TEST_F(MoveTest, LostSenseDataIsAskedFor) {
  fake_->expect(scsi::kTestUnitReady, status(scsi::kStatusCheckCondition));
  fake_->expect(scsi::kRequestSense, good(check(2, 0x04, 0x03).sense));
  const Verdict verdict = run(changer_->test_ready());
  EXPECT_EQ(verdict.action, Action::operator_needed);
  EXPECT_EQ(verdict.words, "TEST UNIT READY: 2/04/03 not ready, manual intervention required");
}

}  // namespace
}  // namespace ntms::device
