// SPDX-License-Identifier: MIT
// Media that change their pool (contract: functions-media-services 8 and 16, concepts 5.1).
#include "conformance/media/media_fixture.h"

namespace ntms::conformance {
namespace {

class MediaMove : public MediaTest {
 protected:
  DWORD move(const Id& id, const Id& pool) {
    return MoveToNtmsMediaPool(session(), id.get(), pool.get());
  }
  DWORD change_type(const Id& id, const Id& pool) {
    return ChangeNtmsMediaType(session(), id.get(), pool.get());
  }
  // A media type of one side that is not the library's, with its system pools.
  Id other_type() {
    Id found;
    for (const Id& id : rsm().list(NTMS_MEDIA_TYPE)) {
      if (id == media_type() || !found.is_null()) continue;
      if (rsm().get(id).Info.MediaType.NumberOfSides == 1) found = id;
    }
    EXPECT_EQ(AddNtmsMediaType(session(), found.get(), library().get()), ERROR_SUCCESS);
    return found;
  }
  Id system_pool(const WCHAR* top, const Id& type) {
    return opened(WideString(top) + rsm().get(type).szName);
  }
  Id pool_for(const Id& type, const WCHAR* path) {
    Id id;
    EXPECT_EQ(create_pool(path, &type, NTMS_CREATE_NEW, &id), ERROR_SUCCESS);
    return id;
  }
};

TEST_F(MediaMove, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const auto& call : {&MoveToNtmsMediaPool, &ChangeNtmsMediaType}) {
    EXPECT_EQ(call(session(), nullptr, app().get()), ERROR_INVALID_PARAMETER);
    EXPECT_EQ(call(session(), medium(0).get(), nullptr), ERROR_INVALID_PARAMETER);
  }
}

TEST_F(MediaMove, UnknownObjects) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const Id& id : {stranger(), Id{}, side(0), app()}) {
    expect_refused(ERROR_INVALID_MEDIA, [&] { return move(id, free_pool()); });
    expect_refused(ERROR_INVALID_MEDIA, [&] { return change_type(id, free_pool()); });
  }
  for (const Id& id : {stranger(), Id{}, medium(0), media_type()}) {
    expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return move(medium(0), id); });
    expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return change_type(medium(0), id); });
  }
}

// The moves that the table of functions-media-services 16 does not have.
TEST_F(MediaMove, PoolsThatDoNotFit) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id empty = container(NTMS_W("\\Container"));
  const auto expect_no = [&](const Id& from, DWORD state, const Id& to) {
    place(0, from, state);
    expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return move(medium(0), to); });
    expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return change_type(medium(0), to); });
  };
  expect_no(unrecognized_pool(), NTMS_PARTSTATE_FOREIGN, import_pool());
  expect_no(unrecognized_pool(), NTMS_PARTSTATE_FOREIGN, app());
  expect_no(import_pool(), NTMS_PARTSTATE_IMPORT, unrecognized_pool());
  expect_no(import_pool(), NTMS_PARTSTATE_IMPORT, app());
  expect_no(free_pool(), NTMS_PARTSTATE_AVAILABLE, free_pool());
  expect_no(free_pool(), NTMS_PARTSTATE_AVAILABLE, import_pool());
  expect_no(free_pool(), NTMS_PARTSTATE_AVAILABLE, unrecognized_pool());
  expect_no(app(), NTMS_PARTSTATE_AVAILABLE, unrecognized_pool());
  expect_no(app(), NTMS_PARTSTATE_AVAILABLE, import_pool());
  expect_no(app(), NTMS_PARTSTATE_AVAILABLE, empty);
  expect_no(app(), NTMS_PARTSTATE_AVAILABLE, opened(NTMS_W("\\Free")));
}

TEST_F(MediaMove, OtherMediaType) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id pool = pool_for(other_type(), NTMS_W("\\Other"));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  expect_refused(ERROR_MEDIA_INCOMPATIBLE, [&] { return move(medium(0), pool); });
}

TEST_F(MediaMove, InUse) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id other = created(NTMS_W("\\Other"));
  const Id typed = pool_for(other_type(), NTMS_W("\\Typed"));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  for (DWORD state = NTMS_MEDIASTATE_INUSE; state <= NTMS_MEDIASTATE_OPREQ; ++state) {
    set_media_state(0, state);
    for (const Id& pool : {other, free_pool()}) {
      expect_refused(ERROR_BUSY, [&] { return move(medium(0), pool); });
    }
    expect_refused(ERROR_BUSY, [&] { return change_type(medium(0), typed); });
  }
  set_media_state(0, NTMS_MEDIASTATE_IDLE);
}

TEST_F(MediaMove, SidesThatCannotBecomeFree) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const DWORD state :
       {NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE, NTMS_PARTSTATE_RESERVED,
        NTMS_PARTSTATE_DECOMMISSIONED, NTMS_PARTSTATE_INCOMPATIBLE}) {
    place(0, app(), state);
    expect_refused(ERROR_BUSY, [&] { return move(medium(0), free_pool()); });
  }
}

TEST_F(MediaMove, ToTheFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const std::pair<Id, DWORD> origins[] = {{unrecognized_pool(), NTMS_PARTSTATE_FOREIGN},
                                          {import_pool(), NTMS_PARTSTATE_IMPORT},
                                          {app(), NTMS_PARTSTATE_AVAILABLE},
                                          {import_pool(), NTMS_PARTSTATE_UNKNOWN}};
  for (unsigned i = 0; i < 4; ++i) {
    place(i, origins[i].first, origins[i].second);
    const long long last = last_change();
    EXPECT_EQ(move(medium(i), free_pool()), ERROR_SUCCESS);
    const Id request = free_label_request(i);
    ASSERT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << picture();
    EXPECT_EQ(Id(media_info(medium(i)).MediaPool), free_pool());
    EXPECT_EQ(state_of(i), DWORD{NTMS_PARTSTATE_AVAILABLE});
    EXPECT_TRUE(is_in_slot(medium(i), i)) << "it went back" << picture();
    EXPECT_EQ(media_info(medium(i)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
    const auto side_info = rsm().get(side(i), NTMS_PARTITION).Info.Partition;
    EXPECT_EQ(text(side_info.szOmidLabelType), "Removable Storage Free Media");
    EXPECT_EQ(side_info.dwOmidLabelIdLength, 16U);
    const auto seen = changes(last);
    EXPECT_NE(std::find(seen.begin(), seen.end(),
                        Change{NTMS_EVENT_COMPLETE, NTMS_MEDIA_POOL, free_pool()}),
              seen.end())
        << describe(seen);
  }
  // What was written is on the tape, block and filemark.
  std::uint64_t blocks = 0;
  ASSERT_EQ(
      ntms_emulator_tape_block_count(emulator().handle(), robot().bar_code(0).c_str(), 0, &blocks),
      NTMS_EMULATOR_OK);
  EXPECT_EQ(blocks, 2U);
}

// The end of a request that did not write the label: the medium stays, the move can be repeated.
TEST_F(MediaMove, ToTheFreePoolAgain) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const std::string code = robot().bar_code(0);
  ASSERT_EQ(ntms_emulator_set_write_protected(emulator().handle(), code.c_str(), 1),
            NTMS_EMULATOR_OK);
  const long long last = last_change();
  ASSERT_EQ(move(medium(0), free_pool()), ERROR_SUCCESS);
  const Id request = free_label_request(0);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_FAILED)) << picture();
  EXPECT_EQ(rsm().request(request).dwErrorCode, DWORD{ERROR_WRITE_PROTECT});
  const auto seen = changes(last);
  EXPECT_NE(std::find(seen.begin(), seen.end(),
                      Change{NTMS_EVENT_COMPLETE, NTMS_MEDIA_POOL, free_pool()}),
            seen.end())
      << describe(seen);
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(Id(media_info(medium(0)).MediaPool), import_pool());
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_TRUE(is_in_slot(medium(0), 0)) << picture();
  ASSERT_EQ(ntms_emulator_set_write_protected(emulator().handle(), code.c_str(), 0),
            NTMS_EMULATOR_OK);
  EXPECT_EQ(move(medium(0), free_pool()), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return Id(media_info(medium(0)).MediaPool) == free_pool(); }))
      << picture();
}

TEST_F(MediaMove, ToTheFreePoolOffline) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  take_offline(0);
  EXPECT_EQ(move(medium(0), free_pool()), ERROR_SUCCESS);
  const Id request = free_label_request(0);
  EXPECT_EQ(Id(rsm().request(request).Library), offline_library());
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  expect_refused(ERROR_BUSY, [&] { return move(medium(0), free_pool()); });
  // The next inventory finds it in its slot, and the request follows it.
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  EXPECT_TRUE(wait_until([&] { return Id(rsm().request(request).Library) == library(); }));
  // In use until the label is on it.
  EXPECT_TRUE(media_info(medium(0)).MediaState != NTMS_MEDIASTATE_IDLE ||
              rsm().request(request).State == NTMS_LM_PASSED);
  EXPECT_TRUE(wait_until([&] { return rsm().request(request).State == NTMS_LM_PASSED; }));
  EXPECT_EQ(pool_of(0), free_pool());
}

TEST_F(MediaMove, BetweenApplicationPools) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id other = created(NTMS_W("\\Other"));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated(app());
  const long long last = last_change();
  EXPECT_EQ(move(medium(0), other), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, medium(0)},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0)},
                        {NTMS_OBJ_UPDATE, NTMS_LOGICAL_MEDIA, logical},
                        {NTMS_EVENT_COMPLETE, NTMS_MEDIA_POOL, other}});
  EXPECT_EQ(pool_of(0), other);
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_ALLOCATED});
  EXPECT_EQ(Id(rsm().get(logical).Info.LogicalMedia.MediaPool), other);
  EXPECT_EQ(rsm().get(other).Info.MediaPool.dwNumberOfLogicalMedia, 1U);
}

TEST_F(MediaMove, FromTheFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  set_enabled("physical_medium", medium(0), false);
  EXPECT_EQ(move(medium(0), app()), ERROR_SUCCESS) << "a disabled one too";
  EXPECT_EQ(pool_of(0), app());
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_AVAILABLE});
}

TEST_F(MediaMove, ToTheImportPool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_IMPORT);
  set_side_state(side(0, 1), NTMS_PARTSTATE_AVAILABLE);
  expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return move(medium(0), import_pool()); });
  set_side_state(side(0, 1), NTMS_PARTSTATE_IMPORT);
  EXPECT_EQ(move(medium(0), import_pool()), ERROR_SUCCESS);
  EXPECT_EQ(pool_of(0), import_pool());
}

TEST_F(MediaMove, ToWhereItIs) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_media_state(0, NTMS_MEDIASTATE_INUSE);
  expect_refused(ERROR_SUCCESS, [&] { return move(medium(0), import_pool()); });
  expect_refused(ERROR_SUCCESS, [&] { return change_type(medium(0), import_pool()); });
  set_media_state(0, NTMS_MEDIASTATE_IDLE);
}

TEST_F(MediaMove, ChangeOfTheMediaType) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = other_type();
  const Id pool = pool_for(type, NTMS_W("\\Other"));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated(app());
  const long long last = last_change();
  EXPECT_EQ(change_type(medium(0), pool), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, medium(0)},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0)},
                        {NTMS_OBJ_UPDATE, NTMS_LOGICAL_MEDIA, logical},
                        {NTMS_EVENT_COMPLETE, NTMS_PHYSICAL_MEDIA, medium(0)}});
  EXPECT_EQ(pool_of(0), pool);
  EXPECT_EQ(Id(media_info(medium(0)).MediaType), type);
}

TEST_F(MediaMove, ChangeOfTheMediaTypeToTheFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = other_type();
  place(0, unrecognized_pool(), NTMS_PARTSTATE_FOREIGN);
  const long long last = last_change();
  EXPECT_EQ(change_type(medium(0), system_pool(NTMS_W("\\Free\\"), type)), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(Id(media_info(medium(0)).MediaType), type);
  const auto seen = changes(last);
  EXPECT_NE(std::find(seen.begin(), seen.end(),
                      Change{NTMS_EVENT_COMPLETE, NTMS_PHYSICAL_MEDIA, medium(0)}),
            seen.end())
      << describe(seen);
}

TEST_F(MediaMove, ChangeOfTheMediaTypeOffline) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id pool = pool_for(other_type(), NTMS_W("\\Other"));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  set_enabled("library", library(), false);
  expect_refused(ERROR_RESOURCE_DISABLED, [&] { return change_type(medium(0), pool); });
  set_enabled("library", library(), true);
  take_offline(0);
  expect_refused(ERROR_LIBRARY_OFFLINE, [&] { return change_type(medium(0), pool); });
}

TEST_F(MediaMove, ChangeToATypeWithOtherSides) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id type = other_type();
  const Id pool = pool_for(type, NTMS_W("\\Other"));
  sql("UPDATE media_type SET sides=2 WHERE guid=" + blob(type));
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return change_type(medium(0), pool); });
}

}  // namespace
}  // namespace ntms::conformance
