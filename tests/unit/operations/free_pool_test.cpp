// SPDX-License-Identifier: MIT
#include "operations/free_pool.h"

#include <gtest/gtest.h>

#include <functional>
#include <memory>

#include "operations/configure.h"
#include "operations/requests.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::operations {
namespace {

class FreePoolTest : public ::testing::Test {
 protected:
  FreePoolTest() {
    database_ = *store::Database::open(
        directory_.path(), {.now = [] { return model::Time{1000}; }, .after_commit = {}});
    write([&](store::Writer& writer) {
      create_fixed_objects(writer);
      const auto types = writer.list<model::MediaType>("");
      type_ = types.at(0);
      other_type_ = types.at(1);
      free_ = system_pool(writer, NTMS_POOLTYPE_SCRATCH, type_);
      other_free_ = system_pool(writer, NTMS_POOLTYPE_SCRATCH, other_type_);
      library_.type = NTMS_LIBRARYTYPE_ONLINE;
      writer.insert(library_);
      offline_ = writer.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE)->id;
      medium_.library = library_.id;
      medium_.pool = import_ = system_pool(writer, NTMS_POOLTYPE_IMPORT, type_);
      medium_.media_type = type_.id;
      writer.insert(medium_);
      for (std::uint32_t number = 0; number < 2; ++number) {
        sides_[number].medium = medium_.id;
        sides_[number].side = number;
        sides_[number].state = NTMS_PARTSTATE_IMPORT;
        writer.insert(sides_[number]);
      }
    });
  }

  void write(const std::function<void(store::Writer&)>& work) {
    ASSERT_TRUE(database_->write([&](store::Writer& writer) -> Result<void> {
      work(writer);
      return {};
    }));
  }
  template <class T>
  T stored(const Guid& id) {
    return database_->read([&](store::Reader& reader) { return reader.find<T>(id); })->value();
  }
  void queue(const Guid& pool, ScratchOrigin origin) {
    write([&](store::Writer& writer) {
      request_ = {};
      request_.operation = NTMS_LM_WRITESCRATCH;
      auto medium = writer.find<model::PhysicalMedium>(medium_.id);
      request_.library = medium->library;
      queue_write_scratch(writer, request_, *medium, pool, origin);
    });
  }
  void complete(std::span<const WrittenLabel> labels = {}) {
    write([&](store::Writer& writer) {
      auto request = *unfinished(writer, request_.id);
      complete_write_scratch(writer, request, labels);
    });
  }
  // How often the change log tells of the end of an operation with this object.
  std::int64_t notices(std::uint32_t type, const Guid& id) {
    return *database_->read([&](store::Reader& reader) {
      return reader.number("SELECT count(*) FROM change WHERE operation=5 AND type=?1 AND guid=?2",
                           type, id);
    });
  }
  std::uint32_t side_state(std::size_t number) {
    return stored<model::Side>(sides_[number].id).state;
  }
  std::uint32_t media_state() { return stored<model::PhysicalMedium>(medium_.id).media_state; }

  platform::test::TemporaryDirectory directory_;
  std::unique_ptr<store::Database> database_;
  model::MediaType type_;
  model::MediaType other_type_;
  model::Library library_;
  model::PhysicalMedium medium_;
  model::Side sides_[2];
  model::LibraryRequest request_;
  Guid offline_;
  Guid import_;
  Guid free_;
  Guid other_free_;
};

TEST_F(FreePoolTest, QueuedAndCompleted) {
  queue(free_, ScratchOrigin::move);
  EXPECT_EQ(side_state(0), std::uint32_t{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(side_state(1), std::uint32_t{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(media_state(), std::uint32_t{NTMS_MEDIASTATE_INUSE});
  EXPECT_EQ(stored<model::PhysicalMedium>(medium_.id).pool, import_);
  EXPECT_EQ(notices(NTMS_MEDIA_POOL, free_), 0);
  const WrittenLabel labels[] = {{sides_[0].id, "Free", {1, 2}, "a"},
                                 {sides_[1].id, "Free", {3, 4}, "b"}};
  complete(labels);
  const auto medium = stored<model::PhysicalMedium>(medium_.id);
  EXPECT_EQ(medium.pool, free_);
  EXPECT_EQ(medium.media_type, type_.id);
  EXPECT_EQ(medium.media_state, std::uint32_t{NTMS_MEDIASTATE_IDLE});
  for (std::size_t i = 0; i < 2; ++i) {
    const auto side = stored<model::Side>(sides_[i].id);
    EXPECT_EQ(side.state, std::uint32_t{NTMS_PARTSTATE_AVAILABLE});
    EXPECT_EQ(side.omid_type, "Free");
    EXPECT_EQ(side.omid_id, labels[i].id);
    EXPECT_EQ(side.omid_info, labels[i].info);
  }
  const auto request = stored<model::LibraryRequest>(request_.id);
  EXPECT_EQ(request.state, std::uint32_t{NTMS_LM_PASSED});
  EXPECT_NE(request.time_completed, 0);
  EXPECT_EQ(notices(NTMS_MEDIA_POOL, free_), 1);
}

TEST_F(FreePoolTest, TypeChangesAtTheEnd) {
  queue(other_free_, ScratchOrigin::type_change);
  EXPECT_EQ(stored<model::PhysicalMedium>(medium_.id).media_type, type_.id);
  complete();
  const auto medium = stored<model::PhysicalMedium>(medium_.id);
  EXPECT_EQ(medium.pool, other_free_);
  EXPECT_EQ(medium.media_type, other_type_.id);
  EXPECT_EQ(notices(NTMS_PHYSICAL_MEDIA, medium_.id), 1);
  EXPECT_EQ(notices(NTMS_MEDIA_POOL, other_free_), 0);
}

TEST_F(FreePoolTest, DeallocationsTellNobody) {
  queue(free_, ScratchOrigin::deallocation);
  complete();
  EXPECT_EQ(notices(NTMS_MEDIA_POOL, free_) + notices(NTMS_PHYSICAL_MEDIA, medium_.id), 0);
}

TEST_F(FreePoolTest, FailedLabelsLeaveTheMediumWhereItIs) {
  queue(free_, ScratchOrigin::move);
  write([&](store::Writer& writer) {
    auto request = *unfinished(writer, request_.id);
    finish(writer, request, NTMS_LM_FAILED, ERROR_WRITE_PROTECT, "write protected");
  });
  EXPECT_EQ(side_state(0), std::uint32_t{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(stored<model::PhysicalMedium>(medium_.id).pool, import_);
  EXPECT_EQ(media_state(), std::uint32_t{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(notices(NTMS_MEDIA_POOL, free_), 1);
  queue(free_, ScratchOrigin::move);
  complete();
  EXPECT_EQ(stored<model::PhysicalMedium>(medium_.id).pool, free_) << "the second time";
}

TEST_F(FreePoolTest, SidesThatCanNeverBeUsedAgainStay) {
  write([&](store::Writer& writer) {
    sides_[0].state = NTMS_PARTSTATE_DECOMMISSIONED;
    writer.update(sides_[0]);
  });
  queue(free_, ScratchOrigin::move);
  EXPECT_EQ(stored<model::LibraryRequest>(request_.id).side, sides_[1].id) << "the only one";
  complete();
  EXPECT_EQ(side_state(0), std::uint32_t{NTMS_PARTSTATE_DECOMMISSIONED});
  EXPECT_EQ(side_state(1), std::uint32_t{NTMS_PARTSTATE_AVAILABLE});
}

TEST_F(FreePoolTest, MediumGone) {
  queue(free_, ScratchOrigin::move);
  write([&](store::Writer& writer) {
    for (const model::Side& side : sides_) writer.remove<model::Side>(side.id);
    writer.remove<model::PhysicalMedium>(medium_.id);
  });
  complete();
  EXPECT_EQ(stored<model::LibraryRequest>(request_.id).state, std::uint32_t{NTMS_LM_INVALID});
}

TEST_F(FreePoolTest, PoolGone) {
  queue(other_free_, ScratchOrigin::type_change);
  write([&](store::Writer& writer) { writer.remove<model::MediaPool>(other_free_); });
  complete();
  const auto request = stored<model::LibraryRequest>(request_.id);
  EXPECT_EQ(request.state, std::uint32_t{NTMS_LM_FAILED});
  EXPECT_EQ(request.error_code, std::uint32_t{ERROR_INVALID_MEDIA_POOL});
  EXPECT_EQ(side_state(0), std::uint32_t{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(stored<model::PhysicalMedium>(medium_.id).pool, import_);
}

TEST_F(FreePoolTest, RequestFollowsTheMedium) {
  const auto go = [&](const Guid& library) {
    write([&](store::Writer& writer) {
      auto medium = *writer.find<model::PhysicalMedium>(medium_.id);
      medium.library = library;
      medium.media_state = NTMS_MEDIASTATE_IDLE;
      writer.update(medium);
      carry_write_scratch(writer, medium_.id);
    });
  };
  go(offline_);
  queue(free_, ScratchOrigin::move);
  EXPECT_EQ(media_state(), std::uint32_t{NTMS_MEDIASTATE_IDLE}) << "offline media are idle";
  go(library_.id);
  EXPECT_EQ(stored<model::LibraryRequest>(request_.id).library, library_.id);
  EXPECT_EQ(media_state(), std::uint32_t{NTMS_MEDIASTATE_INUSE});
  go(offline_);
  EXPECT_EQ(stored<model::LibraryRequest>(request_.id).library, offline_);
  EXPECT_EQ(media_state(), std::uint32_t{NTMS_MEDIASTATE_IDLE});
  write([&](store::Writer& writer) { carry_write_scratch(writer, Guid::make()); });
}

}  // namespace
}  // namespace ntms::operations
