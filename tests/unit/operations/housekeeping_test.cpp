// SPDX-License-Identifier: MIT
#include "operations/housekeeping.h"

#include <gtest/gtest.h>

#include "operations/configure.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::operations {
namespace {

constexpr HousekeepingLimits kSmall{.changes_kept = 10,
                                    .changes_kept_more = 5,
                                    .changes_at_once = 7,
                                    .changes_before_look = 20,
                                    .requests_at_once = 3};

class HousekeepingTest : public ::testing::Test {
 protected:
  HousekeepingTest() {
    clock_.follow([this] { return now_ms_; });
    database_ = *store::Database::open(
        directory_.path(), {.now = [this] { return clock_.utc_us(); }, .after_commit = {}});
    write([&](store::Writer& writer) { create_fixed_objects(writer); });
  }

  void write(const std::function<void(store::Writer&)>& work) {
    ASSERT_TRUE(database_->write([&](store::Writer& writer) -> Result<void> {
      work(writer);
      return {};
    }));
  }
  std::int64_t number(const char* sql) {
    return *database_->read([&](store::Reader& reader) { return reader.number(sql); });
  }
  std::optional<std::int64_t> setting(std::string_view name) {
    return *database_->read([&](store::Reader& reader) { return reader.setting(name); });
  }
  void note(std::uint32_t type, int count) {
    write([&](store::Writer& writer) {
      for (int i = 0; i < count; ++i) writer.note(NTMS_OBJ_UPDATE, type, Guid::make());
    });
  }
  void add_requests(int count, std::uint32_t state) {
    write([&](store::Writer& writer) {
      for (int i = 0; i < count; ++i) {
        model::LibraryRequest request;
        request.state = state;
        request.time_completed = writer.now();
        writer.insert(request);
      }
    });
  }
  // Runs until nothing is left; how many portions it took.
  int run_all(Housekeeping& housekeeping) {
    for (int portions = 1;; ++portions) {
      const auto more = housekeeping.run();
      EXPECT_TRUE(more);
      if (!more || !*more) return portions;
    }
  }

  platform::test::TemporaryDirectory directory_;
  std::int64_t now_ms_ = 1'000'000'000;
  runtime::Clock clock_;
  std::unique_ptr<store::Database> database_;
};

TEST_F(HousekeepingTest, PurgesInPortionsAtTheTime) {
  Housekeeping housekeeping(*database_, clock_, kSmall);
  add_requests(8, NTMS_LM_PASSED);
  now_ms_ += 259200LL * 1000 - 1;
  run_all(housekeeping);
  EXPECT_EQ(number("SELECT count(*) FROM library_request"), 8) << "a millisecond is missing";
  now_ms_ += 1;
  EXPECT_EQ(*housekeeping.run(), true);
  EXPECT_EQ(number("SELECT count(*) FROM library_request"), 5) << "one portion";
  run_all(housekeeping);
  EXPECT_EQ(number("SELECT count(*) FROM library_request"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE operation=3 AND type=10"), 8);
}

TEST_F(HousekeepingTest, SeesRequestsThatEndLater) {
  Housekeeping housekeeping(*database_, clock_, kSmall);
  run_all(housekeeping);
  now_ms_ += 1000;
  add_requests(1, NTMS_LM_STOPPED);
  now_ms_ += 259200LL * 1000;
  run_all(housekeeping);
  EXPECT_EQ(number("SELECT count(*) FROM library_request"), 0);
}

TEST_F(HousekeepingTest, KeptFailuresDoNotKeepOthers) {
  write([&](store::Writer& writer) {
    auto computer = *writer.first<model::Computer>("1");
    computer.lib_request_flags = NTMS_LIBREQFLAGS_NOFAILEDPURGE;
    writer.update(computer);
  });
  add_requests(5, NTMS_LM_FAILED);
  now_ms_ += 1;
  add_requests(5, NTMS_LM_CANCELLED);
  now_ms_ += 259200LL * 1000;
  Housekeeping housekeeping(*database_, clock_, kSmall);
  run_all(housekeeping);
  EXPECT_EQ(number("SELECT count(*) FROM library_request WHERE state=3"), 5);
  EXPECT_EQ(number("SELECT count(*) FROM library_request"), 5);
}

TEST_F(HousekeepingTest, TrimsEachTypeToWhatItKeeps) {
  Housekeeping housekeeping(*database_, clock_, kSmall);
  run_all(housekeeping);
  const std::int64_t before = number("SELECT max(sequence) FROM change");
  note(NTMS_STORAGESLOT, 40);
  note(NTMS_IEPORT, 3);
  note(NTMS_UI_DESTINATION, 16);
  EXPECT_GT(run_all(housekeeping), 3) << "25 rows, 7 at once";
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=16"), 15);
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=8"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=18"), 15);
  EXPECT_EQ(setting("trimmed.16"), before + 25);
  EXPECT_EQ(setting("trimmed.18"), before + 44);
  EXPECT_EQ(setting("trimmed.8"), std::nullopt);
  EXPECT_EQ(number("SELECT min(sequence) FROM change WHERE type=16"), before + 26)
      << "the newest are kept";
}

TEST_F(HousekeepingTest, KeepsMoreOfTypesWithManyObjects) {
  Guid library;
  write([&](store::Writer& writer) {
    model::Library made;
    writer.insert(made);
    library = made.id;
    for (std::uint32_t i = 0; i < 10; ++i) {
      model::Slot slot;
      slot.library = library;
      slot.element_address = i;
      writer.insert(slot);
    }
  });
  note(NTMS_STORAGESLOT, 90);
  Housekeeping housekeeping(*database_, clock_, kSmall);
  run_all(housekeeping);
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=16"), 4 * 10 + 5);
}

TEST_F(HousekeepingTest, LooksAtTheLogOnlyWhenItHasGrown) {
  note(NTMS_STORAGESLOT, 100);
  {
    Housekeeping housekeeping(*database_, clock_, kSmall);
    run_all(housekeeping);
    EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=16"), 15);
    note(NTMS_STORAGESLOT, 19);
    run_all(housekeeping);
    EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=16"), 34) << "not yet";
  }
  Housekeeping successor(*database_, clock_, kSmall);
  run_all(successor);
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=16"), 34)
      << "another owner knows it too";
  note(NTMS_STORAGESLOT, 1);
  run_all(successor);
  EXPECT_EQ(number("SELECT count(*) FROM change WHERE type=16"), 15);
}

}  // namespace
}  // namespace ntms::operations
