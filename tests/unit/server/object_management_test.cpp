// SPDX-License-Identifier: MIT
// Listing objects (functions-objects 4).
#include <map>
#include <set>

#include "unit/server/object_fixture.h"

namespace ntms::server::test {
namespace {

class ObjectManagementTest : public ObjectTest {
 protected:
  std::vector<Guid> list(const std::optional<Guid>& container, std::uint32_t type,
                         std::uint32_t options = NTMS_ENUM_DEFAULT) {
    const auto found = management().enumerate(container, type, options);
    EXPECT_TRUE(found) << found.error().reason;
    return found ? *found : std::vector<Guid>{};
  }
  std::uint32_t refusal(const std::optional<Guid>& container, std::uint32_t type,
                        std::uint32_t options = NTMS_ENUM_DEFAULT) {
    return code(management().enumerate(container, type, options));
  }
};

using Ids = std::vector<Guid>;

TEST_F(ObjectManagementTest, TypesAndOptionsThatAreNone) {
  for (const std::uint32_t type : {0u, 1u, 18u, 19u, 0xFFFFFFFFu}) {
    EXPECT_EQ(refusal(std::nullopt, type), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(refusal(Guid::make(), type), ERROR_INVALID_PARAMETER) << type;
  }
  for (const std::uint32_t options : {2u, 3u, 0x80000000u}) {
    EXPECT_EQ(refusal(std::nullopt, NTMS_MEDIA_POOL, options), ERROR_INVALID_PARAMETER) << options;
  }
  EXPECT_EQ(refusal(std::nullopt, NTMS_LIBRARY, NTMS_ENUM_ROOTPOOL), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(refusal(container_.id, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL), ERROR_INVALID_PARAMETER);
}

// Every cell of the table: which containers a type accepts, and what is no container at all.
TEST_F(ObjectManagementTest, ContainerByType) {
  const std::map<std::uint32_t, std::set<std::uint32_t>> containers = {
      {NTMS_CHANGER, {NTMS_LIBRARY}},
      {NTMS_DRIVE, {NTMS_LIBRARY}},
      {NTMS_IEDOOR, {NTMS_LIBRARY}},
      {NTMS_IEPORT, {NTMS_LIBRARY}},
      {NTMS_LIBREQUEST, {NTMS_LIBRARY}},
      {NTMS_LOGICAL_MEDIA, {NTMS_MEDIA_POOL, NTMS_PARTITION}},
      {NTMS_MEDIA_POOL, {NTMS_MEDIA_POOL}},
      {NTMS_MEDIA_TYPE, {NTMS_LIBRARY}},
      {NTMS_PARTITION, {NTMS_MEDIA_POOL, NTMS_PHYSICAL_MEDIA, NTMS_LOGICAL_MEDIA}},
      {NTMS_PHYSICAL_MEDIA, {NTMS_LIBRARY, NTMS_MEDIA_POOL}},
      {NTMS_STORAGESLOT, {NTMS_LIBRARY}}};
  const std::set<std::uint32_t> kinds = {NTMS_LIBRARY, NTMS_MEDIA_POOL, NTMS_PHYSICAL_MEDIA,
                                         NTMS_LOGICAL_MEDIA, NTMS_PARTITION};
  for (std::uint32_t type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
    for (const auto& [id, container] : all()) {
      const bool accepted = containers.contains(type) && containers.at(type).contains(container);
      const std::uint32_t wanted = !kinds.contains(container) ? ERROR_OBJECT_NOT_FOUND
                                   : accepted                 ? ERROR_SUCCESS
                                                              : ERROR_INVALID_PARAMETER;
      EXPECT_EQ(refusal(id, type), wanted) << type << " in " << container;
    }
    EXPECT_EQ(refusal(std::nullopt, type), ERROR_SUCCESS) << type;
    EXPECT_EQ(refusal(Guid::make(), type), ERROR_OBJECT_NOT_FOUND) << type;
    EXPECT_EQ(refusal(Guid{}, type), ERROR_OBJECT_NOT_FOUND) << type;
  }
}

TEST_F(ObjectManagementTest, WithoutContainerEverythingOfTheType) {
  EXPECT_EQ(list({}, NTMS_CHANGER), Ids{changer_.id});
  EXPECT_EQ(list({}, NTMS_CHANGER_TYPE), Ids{changer_type_.id});
  EXPECT_EQ(list({}, NTMS_COMPUTER), Ids{computer_.id});
  EXPECT_EQ(list({}, NTMS_DRIVE), Ids{drive_.id});
  EXPECT_EQ(list({}, NTMS_DRIVE_TYPE), Ids{drive_type_.id});
  EXPECT_EQ(list({}, NTMS_IEDOOR), Ids{door_.id});
  EXPECT_EQ(list({}, NTMS_IEPORT), Ids{port_.id});
  EXPECT_EQ(list({}, NTMS_LIBRARY), (Ids{library_.id, offline_.id}));
  EXPECT_EQ(list({}, NTMS_LIBREQUEST), (Ids{request_.id, finished_.id}));
  EXPECT_EQ(list({}, NTMS_LOGICAL_MEDIA), Ids{logical_.id});
  EXPECT_EQ(list({}, NTMS_MEDIA_TYPE), Ids{media_type_.id});
  EXPECT_EQ(list({}, NTMS_PARTITION), (Ids{other_side_.id, side_.id}));
  EXPECT_EQ(list({}, NTMS_PHYSICAL_MEDIA), (Ids{medium_.id, offline_medium_.id}));
  EXPECT_EQ(list({}, NTMS_STORAGESLOT), Ids{slot_.id});
  EXPECT_EQ(list({}, NTMS_OPREQUEST), Ids{operator_request_.id});
}

TEST_F(ObjectManagementTest, PoolsOfOneLevel) {
  EXPECT_EQ(list({}, NTMS_MEDIA_POOL), (Ids{free_.id, pool_.id, empty_.id, container_.id}));
  EXPECT_EQ(list({}, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL),
            (Ids{root_.id, free_.id, pool_.id, empty_.id, container_.id}));
  EXPECT_EQ(list(container_.id, NTMS_MEDIA_POOL), Ids{child_.id});
  EXPECT_EQ(list(child_.id, NTMS_MEDIA_POOL), Ids{});
  EXPECT_EQ(list(root_.id, NTMS_MEDIA_POOL), (Ids{free_.id, pool_.id, empty_.id, container_.id}));
}

TEST_F(ObjectManagementTest, ByLibrary) {
  EXPECT_EQ(list(library_.id, NTMS_CHANGER), Ids{changer_.id});
  EXPECT_EQ(list(library_.id, NTMS_DRIVE), Ids{drive_.id});
  EXPECT_EQ(list(library_.id, NTMS_IEDOOR), Ids{door_.id});
  EXPECT_EQ(list(library_.id, NTMS_IEPORT), Ids{port_.id});
  EXPECT_EQ(list(library_.id, NTMS_LIBREQUEST), (Ids{request_.id, finished_.id}));
  EXPECT_EQ(list(library_.id, NTMS_MEDIA_TYPE), Ids{media_type_.id});
  EXPECT_EQ(list(library_.id, NTMS_PHYSICAL_MEDIA), Ids{medium_.id});
  EXPECT_EQ(list(library_.id, NTMS_STORAGESLOT), Ids{slot_.id});
}

TEST_F(ObjectManagementTest, TheOfflineLibraryHasMediaAndNothingElse) {
  model::LibraryRequest request;
  request.library = offline_.id;
  insert(request);
  execute("INSERT INTO library_media_type(library,media_type) VALUES(?1,?2)", offline_.id,
          media_type_.id);
  EXPECT_EQ(list(offline_.id, NTMS_PHYSICAL_MEDIA), Ids{offline_medium_.id});
  for (const std::uint32_t type : {NTMS_CHANGER, NTMS_DRIVE, NTMS_IEDOOR, NTMS_IEPORT,
                                   NTMS_LIBREQUEST, NTMS_MEDIA_TYPE, NTMS_STORAGESLOT}) {
    EXPECT_EQ(list(offline_.id, type), Ids{}) << type;
  }
}

TEST_F(ObjectManagementTest, ByPoolAndMedium) {
  EXPECT_EQ(list(pool_.id, NTMS_PHYSICAL_MEDIA), (Ids{medium_.id, offline_medium_.id}));
  EXPECT_EQ(list(pool_.id, NTMS_LOGICAL_MEDIA), Ids{logical_.id});
  EXPECT_EQ(list(pool_.id, NTMS_PARTITION), (Ids{side_.id, other_side_.id}));
  EXPECT_EQ(list(medium_.id, NTMS_PARTITION), (Ids{side_.id, other_side_.id}));
  EXPECT_EQ(list(offline_medium_.id, NTMS_PARTITION), Ids{});
  EXPECT_EQ(list(logical_.id, NTMS_PARTITION), Ids{side_.id});
  EXPECT_EQ(list(side_.id, NTMS_LOGICAL_MEDIA), Ids{logical_.id});
  EXPECT_EQ(list(other_side_.id, NTMS_LOGICAL_MEDIA), Ids{});
  EXPECT_EQ(list(container_.id, NTMS_PHYSICAL_MEDIA), Ids{});
}

TEST_F(ObjectManagementTest, TheOrderIsThatOfCreationAndDoesNotChange) {
  Ids created{medium_.id};
  for (int i = 0; i < 50; ++i) {
    model::PhysicalMedium medium;
    medium.library = library_.id;
    medium.pool = pool_.id;
    medium.media_type = media_type_.id;
    insert(medium);
    created.push_back(medium.id);
  }
  EXPECT_EQ(list(library_.id, NTMS_PHYSICAL_MEDIA), created);
  execute("UPDATE physical_medium SET name='changed' WHERE guid=?1", created[10]);
  EXPECT_EQ(list(library_.id, NTMS_PHYSICAL_MEDIA), created);
}

TEST_F(ObjectManagementTest, SessionsWithoutTheRightToUse) {
  become(nobody());
  EXPECT_EQ(refusal(library_.id, NTMS_DRIVE), ERROR_ACCESS_DENIED);
  EXPECT_EQ(refusal(Guid::make(), NTMS_DRIVE), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(refusal(library_.id, NTMS_LIBRARY), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(list({}, NTMS_DRIVE), Ids{});  // what may not be used is left out
  EXPECT_EQ(list({}, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL), Ids{});
  become(user());
  EXPECT_EQ(list(library_.id, NTMS_DRIVE), Ids{drive_.id});
}

}  // namespace
}  // namespace ntms::server::test
