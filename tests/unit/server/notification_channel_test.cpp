// SPDX-License-Identifier: MIT
// Notification channels on the change log (functions-session 9 to 11).
#include "server/notification_channel.h"

#include "unit/server/object_fixture.h"

namespace ntms::server::test {
namespace {

class ChannelTest : public ObjectTest {
 protected:
  std::shared_ptr<NotificationChannel> open(std::uint32_t type) {
    auto opened = NotificationChannel::open(*database_, type);
    EXPECT_TRUE(opened);
    return opened ? *opened : nullptr;
  }
  // Adds `count` changes of a type; the guids tell their order.
  void change(std::uint32_t type, int count) {
    execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<?2)"
        " INSERT INTO change(operation,type,guid)"
        " SELECT 1,?1,CAST(printf('%016d',i) AS BLOB) FROM n",
        type, count);
  }
  // Takes what is there; 0 and the number of changes, or the error that ended it.
  std::pair<std::uint32_t, std::size_t> take_all(NotificationChannel& channel) {
    for (std::size_t count = 0;; ++count) {
      const auto taken = channel.take(*database_);
      if (!taken) return {taken.error().code, count};
      if (!*taken) return {ERROR_SUCCESS, count};
    }
  }
  using Taken = std::pair<std::uint32_t, std::size_t>;
};

TEST_F(ChannelTest, BeginsBehindWhatIsThere) {
  change(NTMS_DRIVE, 10);
  const auto channel = open(NTMS_DRIVE);
  EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 0));
  change(NTMS_DRIVE, 3);
  EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 3));
  EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 0)) << "each once";
}

TEST_F(ChannelTest, InOrderThroughManyLooks) {
  const auto channel = open(NTMS_DRIVE);
  for (int round = 0; round < 3; ++round) {
    change(NTMS_STORAGESLOT, 1000);
    change(NTMS_DRIVE, 700);
  }
  for (int i = 0; i < 2100; ++i) {
    const auto taken = channel->take(*database_);
    ASSERT_TRUE(taken && *taken) << i;
    std::array<char, 17> wanted{};
    std::snprintf(wanted.data(), wanted.size(), "%016d", i % 700 + 1);
    ASSERT_EQ(std::string((*taken)->object.bytes.begin(), (*taken)->object.bytes.end()),
              wanted.data())
        << i;
  }
  EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 0));
}

TEST_F(ChannelTest, WhatWasReadBeforeComesBeforeAnythingNew) {
  const auto channel = open(NTMS_DRIVE);
  change(NTMS_DRIVE, 2);
  ASSERT_TRUE(*channel->take(*database_));
  execute("INSERT INTO change(operation,type,guid) VALUES(3,?1,?2)", NTMS_DRIVE, drive_.id);
  EXPECT_EQ((**channel->take(*database_)).operation, DWORD{NTMS_OBJ_UPDATE});
  const auto last = channel->take(*database_);
  EXPECT_EQ((**last).operation, DWORD{NTMS_OBJ_DELETE});
  EXPECT_EQ((**last).object, drive_.id);
}

// The count of what waits goes on where it ended: changes that have been read do not count.
TEST_F(ChannelTest, OverflowCountsOnlyWhatHasNotBeenRead) {
  const auto channel = open(NTMS_DRIVE);
  for (int round = 0; round < 4; ++round) {
    change(NTMS_DRIVE, 8000);
    EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 8000));
  }
  change(NTMS_DRIVE, 10000);
  ASSERT_TRUE(*channel->take(*database_)) << "ten thousand wait, and no more";
  change(NTMS_DRIVE, 256);
  EXPECT_EQ(take_all(*channel).first, ERROR_SUCCESS) << "256 of them had been read";
  change(NTMS_DRIVE, 10000);
  ASSERT_TRUE(*channel->take(*database_));
  change(NTMS_DRIVE, 257);
  EXPECT_EQ(take_all(*channel), Taken(ERROR_NO_DATA, 255)) << "one too many at the next look";
  EXPECT_EQ(take_all(*channel), Taken(ERROR_NO_DATA, 0)) << "for ever";
}

TEST_F(ChannelTest, TypesThatNeverFire) {
  for (const std::uint32_t type : {0U, 1U, 19U, 0xFFFFFFFFU}) {
    const auto channel = open(type);
    change(type, 20000);
    EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 0)) << type;
    channel->close();
    EXPECT_EQ(take_all(*channel), Taken(ERROR_NO_DATA, 0)) << type;
  }
}

TEST_F(ChannelTest, EveryTypeOfObjectsFires) {
  for (std::uint32_t type = NTMS_CHANGER; type <= NTMS_UI_DESTINATION; ++type) {
    const auto channel = open(type);
    change(type, 1);
    EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 1)) << type;
    change(type, 10001);
    EXPECT_EQ(take_all(*channel), Taken(ERROR_NO_DATA, 0)) << type;
  }
}

TEST_F(ChannelTest, ClosedHasNothing) {
  const auto channel = open(NTMS_DRIVE);
  change(NTMS_DRIVE, 2);
  ASSERT_TRUE(*channel->take(*database_));
  channel->close();
  EXPECT_EQ(take_all(*channel), Taken(ERROR_NO_DATA, 0)) << "not even what it had read";
}

TEST_F(ChannelTest, TrimmedBeyondItsPosition) {
  const auto behind = open(NTMS_DRIVE);
  change(NTMS_DRIVE, 5);
  const auto level = open(NTMS_DRIVE);
  execute("INSERT INTO setting(name,value) SELECT 'trimmed.5', max(sequence) FROM change");
  execute("DELETE FROM change");
  const auto after = open(NTMS_DRIVE);
  EXPECT_EQ(take_all(*behind), Taken(ERROR_NO_DATA, 0));
  change(NTMS_DRIVE, 2);
  EXPECT_EQ(take_all(*level), Taken(ERROR_SUCCESS, 2));
  EXPECT_EQ(take_all(*after), Taken(ERROR_SUCCESS, 2));
}

// A listener that is awake is not hurt by the trimming of what it has heard, however quiet its type
// is beside the others.
TEST_F(ChannelTest, TrimmedUpToItsPosition) {
  const auto channel = open(NTMS_DRIVE);
  change(NTMS_DRIVE, 1);
  change(NTMS_STORAGESLOT, 5000);
  EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 1));
  execute("INSERT INTO setting(name,value) SELECT 'trimmed.5', max(sequence) FROM change");
  execute("DELETE FROM change");
  EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 0));
  change(NTMS_DRIVE, 1);
  EXPECT_EQ(take_all(*channel), Taken(ERROR_SUCCESS, 1));
}

}  // namespace
}  // namespace ntms::server::test
