// SPDX-License-Identifier: MIT
// The media types of libraries (contract: functions-media-services 6 and 7).
#include "conformance/media/media_fixture.h"

namespace ntms::conformance {
namespace {

class MediaTypes : public MediaTest {
 protected:
  DWORD add(const Id& type, const Id& to) {
    return AddNtmsMediaType(session(), type.get(), to.get());
  }
  DWORD remove(const Id& type, const Id& from) {
    return DeleteNtmsMediaType(session(), type.get(), from.get());
  }
  // A media type that no library takes.
  Id unrelated() {
    for (const Id& id : rsm().list(NTMS_MEDIA_TYPE)) {
      if (!(id == media_type()) && system_pools(id).empty()) return id;
    }
    return {};
  }
  std::vector<Id> system_pools(const Id& type) {
    std::vector<Id> found;
    for (const WCHAR* top :
         {NTMS_W("\\Free\\"), NTMS_W("\\Unrecognized\\"), NTMS_W("\\Import\\")}) {
      Id id;
      const WideString path = WideString(top) + rsm().get(type).szName;
      if (create_pool(path, nullptr, NTMS_OPEN_EXISTING, &id) == ERROR_SUCCESS) {
        found.push_back(id);
      }
    }
    return found;
  }
};

TEST_F(MediaTypes, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const auto& call : {&AddNtmsMediaType, &DeleteNtmsMediaType}) {
    EXPECT_EQ(call(session(), nullptr, library().get()), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(call(session(), media_type().get(), nullptr), ERROR_INVALID_PARAMETER);
  }
}

TEST_F(MediaTypes, UnknownObjects) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const Id& id : {stranger(), Id{}, app()}) {
    expect_refused(ERROR_INVALID_MEDIA, [&] { return add(id, library()); });
    expect_refused(ERROR_INVALID_MEDIA, [&] { return remove(id, library()); });
    expect_refused(ERROR_INVALID_LIBRARY, [&] { return add(media_type(), id); });
    expect_refused(ERROR_INVALID_LIBRARY, [&] { return remove(media_type(), id); });
  }
}

TEST_F(MediaTypes, LibrariesThatAreNotThere) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = unrelated();
  expect_refused(ERROR_LIBRARY_OFFLINE, [&] { return add(type, offline_library()); });
  sql("UPDATE library SET operational_state=21 WHERE guid=" + blob(library()));
  expect_refused(ERROR_LIBRARY_OFFLINE, [&] { return add(type, library()); });
  sql("UPDATE library SET operational_state=0, enabled=0 WHERE guid=" + blob(library()));
  expect_refused(ERROR_RESOURCE_DISABLED, [&] { return add(type, library()); });
  sql("UPDATE library SET enabled=1 WHERE guid=" + blob(library()));
}

TEST_F(MediaTypes, Added) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = unrelated();
  const DWORD types = library_info().Info.Library.dwNumberOfMediaTypes;
  const long long last = last_change();
  EXPECT_EQ(add(type, library()), ERROR_SUCCESS);
  const auto pools = system_pools(type);
  ASSERT_EQ(pools.size(), 3U);
  expect_changes(last, {{NTMS_OBJ_INSERT, NTMS_MEDIA_POOL, pools[0]},
                        {NTMS_OBJ_INSERT, NTMS_MEDIA_POOL, pools[1]},
                        {NTMS_OBJ_INSERT, NTMS_MEDIA_POOL, pools[2]},
                        {NTMS_OBJ_UPDATE, NTMS_LIBRARY, library()}});
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMediaTypes, types + 1);
  const DWORD kinds[] = {NTMS_POOLTYPE_SCRATCH, NTMS_POOLTYPE_FOREIGN, NTMS_POOLTYPE_IMPORT};
  for (unsigned i = 0; i < 3; ++i) {
    const auto info = rsm().get(pools[i]).Info.MediaPool;
    EXPECT_EQ(info.PoolType, kinds[i]);
    EXPECT_EQ(Id(info.MediaType), type);
  }
  expect_refused(ERROR_SUCCESS, [&] { return add(type, library()); });
  sql("DELETE FROM media_pool WHERE guid=" + blob(pools[0]));
  EXPECT_EQ(add(type, library()), ERROR_SUCCESS);
  EXPECT_EQ(system_pools(type).size(), 3U) << "what is missing is made";
}

TEST_F(MediaTypes, RemovedWithItsPools) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = unrelated();
  ASSERT_EQ(add(type, library()), ERROR_SUCCESS);
  const auto pools = system_pools(type);
  const long long last = last_change();
  EXPECT_EQ(remove(type, library()), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_DELETE, NTMS_MEDIA_POOL, pools.at(0)},
                        {NTMS_OBJ_DELETE, NTMS_MEDIA_POOL, pools.at(1)},
                        {NTMS_OBJ_DELETE, NTMS_MEDIA_POOL, pools.at(2)},
                        {NTMS_OBJ_UPDATE, NTMS_LIBRARY, library()}});
  EXPECT_TRUE(rsm().find(type)) << "the type itself stays";
  expect_refused(ERROR_SUCCESS, [&] { return remove(type, library()); });
  EXPECT_EQ(remove(type, offline_library()), ERROR_SUCCESS);
}

TEST_F(MediaTypes, RemoveWhatTheLibraryHolds) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  expect_refused(ERROR_NOT_EMPTY, [&] { return remove(media_type(), library()); });
}

TEST_F(MediaTypes, PoolsStayWithMediaElsewhere) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = unrelated();
  ASSERT_EQ(add(type, library()), ERROR_SUCCESS);
  const auto pools = system_pools(type);
  sql("UPDATE physical_medium SET media_type=" + blob(type) + ", pool=" + blob(pools.at(2)) +
      " WHERE guid=" + blob(medium(0)));
  take_offline(0);
  EXPECT_EQ(remove(type, library()), ERROR_SUCCESS);
  EXPECT_EQ(system_pools(type).size(), 3U);
}

// A cartridge that is found in a library without a media type has one all the same.
TEST_F(MediaTypes, MediaThatComeAfterTheLastOne) {
  ASSERT_NO_FATAL_FAILURE(start({.slots = 3, .drives = 1, .ports = 1, .media = 1}));
  const Id type = media_info(medium(0)).MediaType;
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kPort, 0));
  robot().take(0);
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return rsm().list(NTMS_PHYSICAL_MEDIA, library()).empty(); }));
  ASSERT_EQ(remove(type, library()), ERROR_SUCCESS);
  ASSERT_TRUE(rsm().list(NTMS_MEDIA_TYPE, library()).empty());
  robot().put(0, "NEW001L8");
  ASSERT_TRUE(robot().foreign_move(kPort, 0, kSlot, 0));
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return !medium_with("NEW001L8").is_null(); }));
  EXPECT_EQ(Id(media_info(medium_with("NEW001L8")).MediaType), type);
}

// A pool that a medium is on its way to is not taken away from it.
TEST_F(MediaTypes, PoolsThatAreExpectingMediaStay) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = unrelated();
  ASSERT_EQ(add(type, library()), ERROR_SUCCESS);
  const auto pools = system_pools(type);
  ASSERT_EQ(ChangeNtmsMediaType(session(), medium(0).get(), pools.at(0).get()), ERROR_SUCCESS);
  EXPECT_EQ(remove(type, library()), ERROR_SUCCESS);
  EXPECT_EQ(system_pools(type), std::vector<Id>{pools.at(0)});
}

}  // namespace
}  // namespace ntms::conformance
