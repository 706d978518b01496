// SPDX-License-Identifier: MIT
// Setting objects (functions-objects 2).
#include <functional>

#include "unit/server/object_fixture.h"

namespace ntms::server::test {
namespace {

class ObjectChangesTest : public ObjectTest {
 protected:
  std::uint32_t set(const Guid& id, std::uint32_t type, const WritableMembers& members) {
    return code(information().set(id, type, members));
  }

  // Expects `code`, and that neither an object nor the change log is touched.
  void expect_refused(std::uint32_t wanted, const Guid& id, std::uint32_t type,
                      const WritableMembers& members) {
    const std::int64_t before = number("SELECT max(sequence) FROM change");
    EXPECT_EQ(set(id, type, members), wanted);
    EXPECT_EQ(number("SELECT max(sequence) FROM change"), before);
  }
};

TEST_F(ObjectChangesTest, UnknownIdsAndWrongTypesAreRefused) {
  for (const auto& [id, type] : all()) {
    expect_refused(ERROR_OBJECT_NOT_FOUND, Guid::make(), type, {.description = "x"});
    expect_refused(ERROR_OBJECT_NOT_FOUND, Guid{}, type, {.description = "x"});
    expect_refused(ERROR_INVALID_PARAMETER, id, type == NTMS_DRIVE ? NTMS_STORAGESLOT : NTMS_DRIVE,
                   {.description = "x"});
    for (const std::uint32_t none : {1u, 18u, 19u}) {
      expect_refused(ERROR_INVALID_PARAMETER, id, none, {.description = "x"});
    }
  }
  expect_refused(ERROR_OBJECT_NOT_FOUND, Guid::make(), NTMS_UNKNOWN, {});
}

TEST_F(ObjectChangesTest, UsersMayNotChangeAnything) {
  become(user());
  for (const auto& [id, type] : all()) {
    expect_refused(ERROR_ACCESS_DENIED, id, type, {.description = "x"});
  }
}

TEST_F(ObjectChangesTest, EveryDescriptionCanBeChangedAndTheChangeIsLogged) {
  now_ = 2'000'000;
  for (const auto& [id, type] : all()) {
    const std::int64_t before = number("SELECT max(sequence) FROM change");
    ASSERT_EQ(set(id, type, {.description = "note"}), ERROR_SUCCESS) << type;
    const auto view = information().get(id, type);
    std::visit(
        [](const auto& object) {
          EXPECT_EQ(object.description, "note");
          EXPECT_EQ(object.modified, 2'000'000);
          EXPECT_EQ(object.created, 1'000'000);
        },
        view->object);
    EXPECT_EQ(number("SELECT max(sequence) FROM change"), before + 1);
    EXPECT_EQ(number("SELECT operation FROM change ORDER BY sequence DESC LIMIT 1"),
              NTMS_OBJ_UPDATE);
    EXPECT_EQ(number("SELECT type FROM change ORDER BY sequence DESC LIMIT 1"), type);

    ASSERT_EQ(set(id, NTMS_UNKNOWN, {.description = ""}), ERROR_SUCCESS) << type;
    std::visit([](const auto& object) { EXPECT_EQ(object.description, ""); },
               information().get(id, type)->object);
  }
}

TEST_F(ObjectChangesTest, OnlySomeTypesCanBeNamed) {
  for (const auto& [id, type] : all()) {
    ASSERT_EQ(set(id, type, {.name = "new name"}), ERROR_SUCCESS) << type;
    const bool writable = type == NTMS_LIBRARY || type == NTMS_LOGICAL_MEDIA ||
                          type == NTMS_MEDIA_POOL || type == NTMS_PARTITION ||
                          type == NTMS_PHYSICAL_MEDIA;
    std::visit([&](const auto& object) { EXPECT_EQ(object.name == "new name", writable); },
               information().get(id, type)->object);
  }
  for (const auto& [id, type] : all()) {  // empty is a name like another, except for pools
    EXPECT_EQ(set(id, type, {.name = ""}),
              type == NTMS_MEDIA_POOL ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS);
  }
}

TEST_F(ObjectChangesTest, ComputerMembers) {
  ASSERT_EQ(set(computer_.id, NTMS_COMPUTER,
                {.lib_request_purge_time = 1,
                 .op_request_purge_time = 2,
                 .lib_request_flags = 0x03,
                 .op_request_flags = 0x33,
                 .media_pool_policy = 0x03}),
            ERROR_SUCCESS);
  const auto computer = stored<model::Computer>(computer_.id);
  EXPECT_EQ(computer.lib_request_purge_time, 1u);
  EXPECT_EQ(computer.op_request_purge_time, 2u);
  EXPECT_EQ(computer.lib_request_flags, 3u);
  EXPECT_EQ(computer.op_request_flags, 0x33u);
  EXPECT_EQ(computer.media_pool_policy, 3u);

  expect_refused(ERROR_INVALID_PARAMETER, computer_.id, NTMS_COMPUTER, {.lib_request_flags = 0x10});
  expect_refused(ERROR_INVALID_PARAMETER, computer_.id, NTMS_COMPUTER, {.op_request_flags = 0x04});
  expect_refused(ERROR_INVALID_PARAMETER, computer_.id, NTMS_COMPUTER, {.media_pool_policy = 0x04});
}

TEST_F(ObjectChangesTest, DeviceMembers) {
  ASSERT_EQ(set(drive_.id, NTMS_DRIVE, {.defer_dismount_delay = 7}), ERROR_SUCCESS);
  EXPECT_EQ(stored<model::Drive>(drive_.id).defer_dismount_delay, 7u);
  ASSERT_EQ(set(door_.id, NTMS_IEDOOR, {.max_open_secs = 0}), ERROR_SUCCESS);
  EXPECT_EQ(stored<model::Door>(door_.id).max_open_secs, 0u);
  ASSERT_EQ(set(port_.id, NTMS_IEPORT, {.max_extend_secs = 65535}), ERROR_SUCCESS);
  EXPECT_EQ(stored<model::Port>(port_.id).max_extend_secs, 65535u);
}

TEST_F(ObjectChangesTest, MembersWithoutAValueKeepWhatIsStored) {
  ASSERT_EQ(set(library_.id, NTMS_LIBRARY,
                {.name = "n",
                 .description = "d",
                 .auto_recovery = false,
                 .cleaner_uses = 9,
                 .library_flags = 0x14,
                 .inventory_method = NTMS_INVENTORY_OMID}),
            ERROR_SUCCESS);
  ASSERT_EQ(set(library_.id, NTMS_LIBRARY, {}), ERROR_SUCCESS);
  const auto library = stored<model::Library>(library_.id);
  EXPECT_EQ(library.name, "n");
  EXPECT_EQ(library.description, "d");
  EXPECT_FALSE(library.auto_recovery);
  EXPECT_EQ(library.cleaner_uses, 9u);
  EXPECT_EQ(library.flags, 0x14u);
  EXPECT_EQ(library.inventory_method, std::uint32_t{NTMS_INVENTORY_OMID});
}

TEST_F(ObjectChangesTest, InventoryMethodsThatALibraryCannotHave) {
  for (std::uint32_t method = NTMS_INVENTORY_NONE; method <= NTMS_INVENTORY_OMID; ++method) {
    EXPECT_EQ(set(library_.id, NTMS_LIBRARY, {.inventory_method = method}), ERROR_SUCCESS);
  }
  for (const std::uint32_t method : {3u, 4u, 5u, 6u, 0xFFFFFFFFu}) {
    expect_refused(ERROR_INVALID_PARAMETER, library_.id, NTMS_LIBRARY,
                   {.inventory_method = method});
  }
}

TEST_F(ObjectChangesTest, LibraryFlagsThatCallersMayNotSetAreIgnored) {
  execute("UPDATE library SET flags=2 WHERE guid=?1", library_.id);
  const auto flags_after = [&](const WritableMembers& members) {
    EXPECT_EQ(set(library_.id, NTMS_LIBRARY, members), ERROR_SUCCESS);
    return stored<model::Library>(library_.id).flags;
  };
  EXPECT_EQ(flags_after({.library_flags = 0xFFFFFFFF}), 0x16u);
  EXPECT_EQ(flags_after({.library_flags = 0x10}), 0x12u);
  EXPECT_EQ(flags_after({.library_flags = 0}), 0x02u);
  EXPECT_EQ(flags_after({.cleaner_uses = 0xFFFFFFFF}), 0x0Au);
  EXPECT_EQ(flags_after({.cleaner_uses = 0xFFFFFFFF, .library_flags = 0}), 0x0Au);
  EXPECT_EQ(flags_after({.cleaner_uses = 0, .library_flags = 0x08}), 0x02u);
}

TEST_F(ObjectChangesTest, AutoRecoveryStaysOnForAnAtapiChanger) {
  ASSERT_EQ(set(library_.id, NTMS_LIBRARY, {.auto_recovery = false}), ERROR_SUCCESS);
  execute("UPDATE changer_type SET device_type=?1", FILE_DEVICE_CD_ROM);
  expect_refused(ERROR_INVALID_PARAMETER, library_.id, NTMS_LIBRARY, {.auto_recovery = false});
  EXPECT_EQ(set(library_.id, NTMS_LIBRARY, {.auto_recovery = true}), ERROR_SUCCESS);
}

TEST_F(ObjectChangesTest, PoolMembers) {
  ASSERT_EQ(set(empty_.id, NTMS_MEDIA_POOL,
                {.name = "Renamed",
                 .media_type = media_type_.id,
                 .allocation_policy = NTMS_ALLOCATE_FROMSCRATCH,
                 .deallocation_policy = NTMS_DEALLOCATE_TOSCRATCH,
                 .max_allocates = 0}),
            ERROR_SUCCESS);
  const auto pool = stored<model::MediaPool>(empty_.id);
  EXPECT_EQ(pool.name, "Renamed");
  EXPECT_EQ(pool.media_type, media_type_.id);
  EXPECT_EQ(pool.allocation_policy, 1u);
  EXPECT_EQ(pool.deallocation_policy, 1u);
  EXPECT_EQ(pool.max_allocates, 0u);
  expect_refused(ERROR_INVALID_PARAMETER, empty_.id, NTMS_MEDIA_POOL, {.allocation_policy = 2});
  expect_refused(ERROR_INVALID_PARAMETER, empty_.id, NTMS_MEDIA_POOL, {.deallocation_policy = 2});
}

TEST_F(ObjectChangesTest, PoolNames) {
  expect_refused(ERROR_INVALID_PARAMETER, empty_.id, NTMS_MEDIA_POOL, {.name = ""});
  expect_refused(ERROR_INVALID_PARAMETER, empty_.id, NTMS_MEDIA_POOL, {.name = "a\\b"});
  expect_refused(ERROR_ALREADY_EXISTS, empty_.id, NTMS_MEDIA_POOL, {.name = "BACKUP"});
  expect_refused(ERROR_ALREADY_EXISTS, empty_.id, NTMS_MEDIA_POOL, {.name = "free"});
  EXPECT_EQ(set(empty_.id, NTMS_MEDIA_POOL, {.name = "EMPTY"}), ERROR_SUCCESS);  // its own
  EXPECT_EQ(set(empty_.id, NTMS_MEDIA_POOL, {.name = "Child"}), ERROR_SUCCESS);  // no sibling
  EXPECT_EQ(set(child_.id, NTMS_MEDIA_POOL, {.name = "Backup"}), ERROR_SUCCESS);
}

TEST_F(ObjectChangesTest, MediaTypeOfAPoolInUseCannotChange) {
  expect_refused(ERROR_INVALID_PARAMETER, pool_.id, NTMS_MEDIA_POOL, {.media_type = Guid{}});
  expect_refused(ERROR_INVALID_PARAMETER, container_.id, NTMS_MEDIA_POOL,
                 {.media_type = media_type_.id});
  expect_refused(ERROR_INVALID_PARAMETER, empty_.id, NTMS_MEDIA_POOL, {.media_type = Guid::make()});
  expect_refused(ERROR_INVALID_PARAMETER, empty_.id, NTMS_MEDIA_POOL, {.media_type = slot_.id});
  EXPECT_EQ(set(pool_.id, NTMS_MEDIA_POOL, {.media_type = media_type_.id}), ERROR_SUCCESS);
}

TEST_F(ObjectChangesTest, SystemPoolsKeepEverythingButTheirDescription) {
  for (const model::MediaPool& pool : {free_, root_}) {
    const WritableMembers same{.name = pool.name,
                               .description = "new",
                               .media_type = pool.media_type,
                               .allocation_policy = pool.allocation_policy,
                               .deallocation_policy = pool.deallocation_policy,
                               .max_allocates = pool.max_allocates};
    const std::vector<std::function<void(WritableMembers&)>> changes = {
        [](WritableMembers& members) { members.name = "other"; },
        [&](WritableMembers& members) { members.media_type = media_type_.id; },
        [](WritableMembers& members) { members.allocation_policy = 1; },
        [](WritableMembers& members) { members.deallocation_policy = 1; },
        [](WritableMembers& members) { members.max_allocates = 3; }};
    for (const auto& change : changes) {
      WritableMembers members = same;
      change(members);
      expect_refused(ERROR_ACCESS_DENIED, pool.id, NTMS_MEDIA_POOL, members);
    }
    EXPECT_EQ(set(pool.id, NTMS_MEDIA_POOL, same), ERROR_SUCCESS);
    EXPECT_EQ(stored<model::MediaPool>(pool.id).description, "new");
  }
}

}  // namespace
}  // namespace ntms::server::test
