// SPDX-License-Identifier: MIT
// Reading objects (functions-objects 1).
#include "unit/server/object_fixture.h"

namespace ntms::server::test {
namespace {

class ObjectInformationTest : public ObjectTest {
 protected:
  template <class T>
  T object(const ObjectView& view) {
    return std::get<T>(view.object);
  }
};

TEST_F(ObjectInformationTest, UnknownIdIsNotFound) {
  for (const auto& [id, type] : all()) {
    EXPECT_EQ(code(information().get(Guid::make(), type)), ERROR_OBJECT_NOT_FOUND) << type;
    EXPECT_EQ(code(information().get(Guid{}, type)), ERROR_OBJECT_NOT_FOUND) << type;
  }
  EXPECT_EQ(code(information().get(Guid::make(), NTMS_UNKNOWN)), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(code(information().type_of(Guid::make())), ERROR_OBJECT_NOT_FOUND);
}

TEST_F(ObjectInformationTest, TypesThatAreNoneAreRefusedBeforeTheIdIsLookedAt) {
  for (const std::uint32_t type : {1u, 18u, 19u, 20u, 0xFFFFFFFFu}) {
    EXPECT_EQ(code(information().get(Guid::make(), type)), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(code(information().get(library_.id, type)), ERROR_INVALID_PARAMETER) << type;
  }
}

TEST_F(ObjectInformationTest, EveryOtherTypeOfAnObjectIsRefused) {
  for (const auto& [id, type] : all()) {
    for (std::uint32_t wanted = NTMS_CHANGER; wanted <= NTMS_OPREQUEST; ++wanted) {
      EXPECT_EQ(code(information().get(id, wanted)),
                wanted == type ? std::uint32_t{ERROR_SUCCESS} : ERROR_INVALID_PARAMETER)
          << type << " as " << wanted;
    }
  }
}

TEST_F(ObjectInformationTest, SessionsWithoutTheRightToUseAreDeniedAfterTheLookUp) {
  become(nobody());
  for (const auto& [id, type] : all()) {
    EXPECT_EQ(code(information().get(id, type)), ERROR_ACCESS_DENIED) << type;
    EXPECT_EQ(code(information().get(id, NTMS_UNKNOWN)), ERROR_ACCESS_DENIED) << type;
    EXPECT_EQ(code(information().get(Guid::make(), type)), ERROR_OBJECT_NOT_FOUND) << type;
  }
  become(user());
  for (const auto& [id, type] : all()) {
    EXPECT_EQ(code(information().get(id, type)), ERROR_SUCCESS) << type;
  }
}

TEST_F(ObjectInformationTest, TheTypeIsFoundFromTheId) {
  for (const auto& [id, type] : all()) {
    const auto view = information().get(id, NTMS_UNKNOWN);
    ASSERT_TRUE(view) << view.error().reason;
    EXPECT_EQ(view->type, type);
    std::visit([&, wanted = id](const auto& found) { EXPECT_EQ(found.id, wanted); }, view->object);
    const auto alone = information().type_of(id);
    ASSERT_TRUE(alone);
    EXPECT_EQ(*alone, type);
  }
}

TEST_F(ObjectInformationTest, LibraryCountsWhatBelongsToIt) {
  insert(*std::make_unique<model::Library>());  // another one, empty
  model::Slot second;
  second.library = library_.id;
  second.element_address = 2;
  insert(second);
  for (const std::uint32_t state :
       {NTMS_LM_INPROCESS, NTMS_LM_WAITING, NTMS_LM_FAILED, NTMS_LM_CANCELLED, NTMS_LM_STOPPED}) {
    model::LibraryRequest request;
    request.library = library_.id;
    request.state = state;
    insert(request);
  }
  const auto view = information().get(library_.id, NTMS_LIBRARY);
  ASSERT_TRUE(view);
  const Counters& counters = view->counters;
  EXPECT_EQ(counters.drives, 1u);
  EXPECT_EQ(counters.slots, 2u);
  EXPECT_EQ(counters.doors, 1u);
  EXPECT_EQ(counters.ports, 1u);
  EXPECT_EQ(counters.changers, 1u);
  EXPECT_EQ(counters.physical_media, 1u);
  EXPECT_EQ(counters.media_types, 1u);
  EXPECT_EQ(counters.library_requests, 3u);  // queued, in process, waiting
  EXPECT_EQ(object<model::Library>(*view).first_drive_number, 1u);
}

TEST_F(ObjectInformationTest, IgnoreCleanerUsesFollowsTheUses) {
  const auto flags = [&] {
    return object<model::Library>(*information().get(library_.id, NTMS_LIBRARY)).flags;
  };
  execute("UPDATE library SET cleaner_uses=4294967295, flags=16 WHERE guid=?1", library_.id);
  EXPECT_EQ(flags(), 24u);
  execute("UPDATE library SET cleaner_uses=5, flags=24 WHERE guid=?1", library_.id);
  EXPECT_EQ(flags(), 16u);
}

TEST_F(ObjectInformationTest, OfflineLibraryHasOnlyItsTypeAndItsMedia) {
  const auto view = information().get(offline_.id, NTMS_LIBRARY);
  ASSERT_TRUE(view);
  const auto library = object<model::Library>(*view);
  EXPECT_EQ(library.type, std::uint32_t{NTMS_LIBRARYTYPE_OFFLINE});
  EXPECT_EQ(view->counters.physical_media, 1u);
  EXPECT_EQ(library.name, "Off-line Media");
  EXPECT_EQ(library.id, offline_.id);
  EXPECT_EQ(library.created, now_);
  EXPECT_EQ(library.flags, 0u);
  EXPECT_EQ(library.first_slot_number, 0u);
  EXPECT_EQ(library.inventory_method, 0u);
  EXPECT_FALSE(library.auto_recovery);
}

TEST_F(ObjectInformationTest, PoolsCountWhatTheyHoldDirectly) {
  const auto counters = [&](const Guid& id) {
    return information().get(id, NTMS_MEDIA_POOL)->counters;
  };
  EXPECT_EQ(counters(pool_.id).physical_media, 2u);
  EXPECT_EQ(counters(pool_.id).logical_media, 1u);
  EXPECT_EQ(counters(pool_.id).media_pools, 0u);
  EXPECT_EQ(counters(container_.id).physical_media, 0u);
  EXPECT_EQ(counters(container_.id).media_pools, 1u);
  EXPECT_EQ(counters(root_.id).media_pools, 4u);
}

TEST_F(ObjectInformationTest, TheRootPoolIsReadLikeAPool) {
  const auto view = information().get(root_.id, NTMS_MEDIA_POOL);
  ASSERT_TRUE(view);
  const auto pool = object<model::MediaPool>(*view);
  EXPECT_EQ(pool.type, std::uint32_t{NTMS_POOLTYPE_UNKNOWN});
  EXPECT_TRUE(pool.media_type.is_null());
  EXPECT_TRUE(pool.parent.is_null());
}

TEST_F(ObjectInformationTest, MediaCountTheirSides) {
  EXPECT_EQ(information().get(medium_.id, NTMS_PHYSICAL_MEDIA)->counters.sides, 2u);
  EXPECT_EQ(information().get(offline_medium_.id, NTMS_PHYSICAL_MEDIA)->counters.sides, 0u);
}

TEST_F(ObjectInformationTest, ALogicalMediumIsInThePoolOfTheMediumBehindIt) {
  execute("UPDATE physical_medium SET pool=?1 WHERE guid=?2", empty_.id, medium_.id);
  auto view = information().get(logical_.id, NTMS_LOGICAL_MEDIA);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->counters.sides, 1u);
  EXPECT_EQ(object<model::LogicalMedium>(*view).pool, empty_.id);

  execute("UPDATE side SET logical_medium=NULL WHERE guid=?1", side_.id);
  view = information().get(logical_.id, NTMS_LOGICAL_MEDIA);
  ASSERT_TRUE(view);
  EXPECT_EQ(view->counters.sides, 0u);
  EXPECT_EQ(object<model::LogicalMedium>(*view).pool, pool_.id);
}

}  // namespace
}  // namespace ntms::server::test
