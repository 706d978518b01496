// SPDX-License-Identifier: MIT
// Polling of stand-alone libraries (functions-library-control 19).
#include "server/change_detection.h"

#include "unit/server/object_fixture.h"

namespace ntms::server::test {
namespace {

class ChangeDetectionTest : public ObjectTest {
 protected:
  ChangeDetectionTest() {
    for (model::Library* drive : {&alone_, &other_}) {
      drive->type = NTMS_LIBRARYTYPE_STANDALONE;
      insert(*drive);
    }
    execute("INSERT INTO library_media_type(library,media_type) VALUES(?1,?2)", alone_.id,
            media_type_.id);
  }
  std::uint32_t poll(std::uint32_t type, const std::vector<Guid>& targets) {
    return code(ChangeDetection(*database_, *session_).poll(type, targets));
  }
  std::vector<model::LibraryRequest> queued() {
    const auto found = database_->read([](store::Reader& reader) {
      return reader.list<model::LibraryRequest>("t.operation=?1", NTMS_LM_INVENTORY);
    });
    return *found;
  }

  model::Library alone_;  // could hold medium_
  model::Library other_;
};

TEST_F(ChangeDetectionTest, LibrariesDirectly) {
  EXPECT_EQ(poll(NTMS_LIBRARY, {alone_.id, library_.id, offline_.id, alone_.id}), ERROR_SUCCESS);
  const auto requests = queued();
  ASSERT_EQ(requests.size(), 1U) << "once, and only for the stand-alone one";
  EXPECT_EQ(requests[0].library, alone_.id);
  EXPECT_EQ(requests[0].option, 0U) << "every element is looked at";
  EXPECT_EQ(requests[0].state, DWORD{NTMS_LM_QUEUED});
  EXPECT_EQ(requests[0].user, "tester");
  EXPECT_EQ(poll(NTMS_LIBRARY, {alone_.id, other_.id}), ERROR_SUCCESS);
  EXPECT_EQ(queued().size(), 2U) << "the first waits already";
}

TEST_F(ChangeDetectionTest, LibrariesThatCouldHoldAMediumOrType) {
  EXPECT_EQ(poll(NTMS_PHYSICAL_MEDIA, {medium_.id, offline_medium_.id}), ERROR_SUCCESS);
  ASSERT_EQ(queued().size(), 1U);
  EXPECT_EQ(queued()[0].library, alone_.id);
  execute("DELETE FROM library_request");
  EXPECT_EQ(poll(NTMS_MEDIA_TYPE, {media_type_.id}), ERROR_SUCCESS);
  ASSERT_EQ(queued().size(), 1U);
  EXPECT_EQ(queued()[0].library, alone_.id);
}

TEST_F(ChangeDetectionTest, LibrariesThatCannotBeLookedAt) {
  execute("UPDATE library SET enabled=0 WHERE guid=?1", alone_.id);
  execute("UPDATE library SET operational_state=?2 WHERE guid=?1", other_.id, NTMS_NOT_PRESENT);
  EXPECT_EQ(poll(NTMS_LIBRARY, {alone_.id, other_.id}), ERROR_SUCCESS);
  EXPECT_TRUE(queued().empty());
}

TEST_F(ChangeDetectionTest, FailuresQueueNothing) {
  EXPECT_EQ(poll(NTMS_LIBRARY, {alone_.id, Guid::make()}), ERROR_INVALID_LIBRARY);
  EXPECT_EQ(poll(NTMS_PHYSICAL_MEDIA, {medium_.id, Guid::make()}), ERROR_INVALID_MEDIA);
  EXPECT_EQ(poll(NTMS_LIBRARY, {alone_.id, medium_.id}), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(poll(NTMS_DRIVE, {drive_.id}), ERROR_INVALID_PARAMETER);
  EXPECT_TRUE(queued().empty());
}

}  // namespace
}  // namespace ntms::server::test
