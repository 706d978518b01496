// SPDX-License-Identifier: MIT
// Allocation without waiting (contract: functions-media-services 3, concepts 5 and 6).
#include "conformance/media/media_fixture.h"

namespace ntms::conformance {
namespace {

class Allocate : public MediaTest {
 protected:
  // A call that must be refused and leaves the null id behind.
  void expect_unallocated(DWORD code, const Id& pool, const Id* wanted = nullptr,
                          DWORD options = 0) {
    Id logical = stranger();
    expect_refused(code, [&] { return allocate(pool, wanted, &logical, options); });
    EXPECT_TRUE(logical.is_null()) << "with options " << options;
  }
  // The same for NTMS_ALLOCATE_NEXT, which keeps its input.
  void expect_no_next(DWORD code, const Id& logical, const Id* wanted = nullptr) {
    Id given = logical;
    expect_refused(code, [&] { return allocate(app(), wanted, &given, NTMS_ALLOCATE_NEXT); });
    EXPECT_EQ(given, logical);
  }
  DWORD next(const Id& logical, Id* other, const Id* wanted = nullptr) {
    *other = logical;
    return allocate(app(), wanted, other, NTMS_ALLOCATE_NEXT);
  }
};

TEST_F(Allocate, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  Id logical = stranger();
  EXPECT_EQ(AllocateNtmsMedia(session(), nullptr, nullptr, logical.get(), 0, 0, nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_TRUE(logical.is_null());
  EXPECT_EQ(AllocateNtmsMedia(session(), app().get(), nullptr, nullptr, 0, 0, nullptr),
            ERROR_INVALID_PARAMETER);
}

TEST_F(Allocate, UnknownOptions) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  for (const DWORD options : {8U, 0x80000000U}) {
    expect_unallocated(ERROR_INVALID_PARAMETER, app(), nullptr, options);
  }
  expect_no_next(ERROR_INVALID_MEDIA, stranger());
  Id logical = stranger();
  EXPECT_EQ(allocate(app(), nullptr, &logical, NTMS_ALLOCATE_NEW | NTMS_ALLOCATE_NEXT),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(logical, stranger());
}

TEST_F(Allocate, AllocationInformation) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  set_policy(app(), NTMS_ALLOCATE_FROMSCRATCH, 0);
  NTMS_ALLOCATION_INFORMATION information{};
  information.AllocatedFrom = stranger().guid;
  for (const DWORD size : std::initializer_list<DWORD>{0, DWORD{sizeof information} - 1,
                                                       DWORD{sizeof information} + 8}) {
    information.dwSize = size;
    Id logical;
    expect_refused(ERROR_INVALID_PARAMETER,
                   [&] { return allocate(app(), nullptr, &logical, 0, 0, &information); });
  }
  EXPECT_EQ(Id(information.AllocatedFrom), stranger());
  information.dwSize = sizeof information;
  Id logical;
  EXPECT_EQ(allocate(app(), nullptr, &logical, 0, 0, &information), ERROR_SUCCESS);
  EXPECT_EQ(Id(information.AllocatedFrom), free_pool());
}

TEST_F(Allocate, PoolsThatAreNone) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const Id& pool : {stranger(), Id{}, medium(0), free_pool(), import_pool(),
                         container(NTMS_W("\\Container"))}) {
    expect_unallocated(ERROR_INVALID_MEDIA_POOL, pool);
  }
}

TEST_F(Allocate, SidesThatAreNone) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const Id& wanted : {stranger(), Id{}, medium(0)}) {
    expect_unallocated(ERROR_INVALID_MEDIA, app(), &wanted);
  }
}

TEST_F(Allocate, NothingAvailable) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app());
  Id logical;
  expect_refused(ERROR_MEDIA_UNAVAILABLE, [&] {
    return allocate(app(), nullptr, &logical, NTMS_ALLOCATE_ERROR_IF_UNAVAILABLE, INFINITE);
  });
  EXPECT_TRUE(new_media_requests().empty());
}

// What makes an available side unfit for a search.
TEST_F(Allocate, SidesThatAreNotFound) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id disabled = side(0);
  const auto expect_none = [&] { expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app()); };
  set_enabled("side", disabled, false);
  expect_none();
  set_enabled("side", disabled, true);
  set_enabled("physical_medium", medium(0), false);
  expect_none();
  set_enabled("physical_medium", medium(0), true);
  set_policy(app(), 0, 0, 1);
  sql("UPDATE side SET allocate_count=1");
  expect_none();
  set_policy(app(), 0, 0, 0);
  sql("UPDATE physical_medium SET location_type=8");
  expect_none();
  sql("UPDATE physical_medium SET location_type=16");
  allocated(app());
  place(1, app(), NTMS_PARTSTATE_AVAILABLE);
  take_offline(1);
  expect_none();
}

TEST_F(Allocate, OwnMediaFirst) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), NTMS_ALLOCATE_FROMSCRATCH, 0);
  place(0, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  place(1, app(), NTMS_PARTSTATE_AVAILABLE);
  EXPECT_EQ(side_behind(allocated(app())), side(1));
  EXPECT_EQ(side_behind(allocated(app())), side(0));
  EXPECT_EQ(pool_of(0), app());
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app());
}

TEST_F(Allocate, ShowsWhatWasAllocated) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const long long last = last_change();
  const Id logical = allocated(app());
  const Id s = side(0);
  expect_changes(last, {{NTMS_OBJ_INSERT, NTMS_LOGICAL_MEDIA, logical},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, s},
                        {NTMS_EVENT_COMPLETE, NTMS_LOGICAL_MEDIA, logical}});
  const auto info = side_info(s);
  EXPECT_EQ(info.State, DWORD{NTMS_PARTSTATE_ALLOCATED});
  EXPECT_EQ(Id(info.LogicalMedia), logical);
  EXPECT_EQ(info.dwAllocateCount, 1U);
  const auto lmid = rsm().get(logical, NTMS_LOGICAL_MEDIA).Info.LogicalMedia;
  EXPECT_EQ(Id(lmid.MediaPool), app());
  EXPECT_EQ(lmid.dwNumberOfPartitions, 1U);
  EXPECT_EQ(rsm().get(app()).Info.MediaPool.dwNumberOfLogicalMedia, 1U);
}

TEST_F(Allocate, FromTheFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), NTMS_ALLOCATE_FROMSCRATCH, 0);
  place(0, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  const long long last = last_change();
  const Id logical = allocated(app());
  expect_changes(last, {{NTMS_OBJ_INSERT, NTMS_LOGICAL_MEDIA, logical},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0)},
                        {NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, medium(0)},
                        {NTMS_EVENT_COMPLETE, NTMS_LOGICAL_MEDIA, logical}});
  EXPECT_EQ(pool_of(0), app());
}

TEST_F(Allocate, NoFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), NTMS_ALLOCATE_FROMSCRATCH, 0);
  sql("DELETE FROM media_pool WHERE guid=" + blob(free_pool()));
  expect_unallocated(ERROR_DEVICE_NOT_AVAILABLE, app());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  allocated(app());
}

// In a drive, then the least allocated, then the one changed longest ago, then the lower number.
TEST_F(Allocate, Preference) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  for (unsigned i = 0; i < 4; ++i) place(i, app(), NTMS_PARTSTATE_AVAILABLE);
  sql("UPDATE side SET allocate_count=2, modified=1000");
  const auto set = [&](unsigned index, unsigned number, const std::string& what) {
    sql("UPDATE side SET " + what + " WHERE guid=" + blob(side(index, number)));
  };
  set(3, 0, "allocate_count=9");
  set(3, 1, "allocate_count=8");
  set(2, 1, "allocate_count=1");
  set(1, 0, "modified=500");
  set(1, 1, "modified=500");
  sql("UPDATE physical_medium SET location_type=5 WHERE guid=" + blob(medium(3)));
  const std::vector<Id> expected{side(3, 1), side(3, 0), side(2, 1), side(1, 0), side(1, 1)};
  for (const Id& wanted : expected) EXPECT_EQ(side_behind(allocated(app())), wanted);
  sql("UPDATE physical_medium SET location_type=16");
}

TEST_F(Allocate, WithoutNewOtherSidesStayAvailable) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  allocated(app());
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_AVAILABLE});
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app(), nullptr, NTMS_ALLOCATE_NEW);
  allocated(app());
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_ALLOCATED});
}

TEST_F(Allocate, NewReservesTheOtherSide) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const long long last = last_change();
  const Id logical = allocated(app(), NTMS_ALLOCATE_NEW);
  expect_changes(last, {{NTMS_OBJ_INSERT, NTMS_LOGICAL_MEDIA, logical},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0, 0)},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0, 1)},
                        {NTMS_EVENT_COMPLETE, NTMS_LOGICAL_MEDIA, logical}});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_RESERVED});
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app());
  Id other;
  EXPECT_EQ(next(logical, &other), ERROR_SUCCESS);
  EXPECT_FALSE(other == logical);
  EXPECT_EQ(side_behind(other), side(0, 1));
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_ALLOCATED});
  expect_no_next(ERROR_MEDIA_UNAVAILABLE, logical);
  expect_no_next(ERROR_MEDIA_UNAVAILABLE, other);
}

TEST_F(Allocate, NewOnOneSidedMedia) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated(app(), NTMS_ALLOCATE_NEW);
  expect_no_next(ERROR_MEDIA_UNAVAILABLE, logical);
}

TEST_F(Allocate, NextOfMediaThatWereNotNew) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  place(1, import_pool(), NTMS_PARTSTATE_IMPORT);
  Id other;
  EXPECT_EQ(next(allocated(app()), &other), ERROR_SUCCESS) << "an available one";
  const Id imported = allocated_side(app(), side(1));
  EXPECT_EQ(state_of(1, 1), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(next(imported, &other), ERROR_SUCCESS) << "one that is to be imported";
  EXPECT_EQ(side_behind(other), side(1, 1));
  place(2, app(), NTMS_PARTSTATE_AVAILABLE);
  set_side_state(side(2, 1), NTMS_PARTSTATE_DECOMMISSIONED);
  expect_no_next(ERROR_MEDIA_UNAVAILABLE, allocated(app()));
}

TEST_F(Allocate, NextWithASideNamed) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated(app(), NTMS_ALLOCATE_NEW);
  place(1, app(), NTMS_PARTSTATE_AVAILABLE);
  for (const Id& wanted : {side(0, 0), side(1, 0), stranger(), medium(0)}) {
    expect_no_next(ERROR_INVALID_MEDIA, logical, &wanted);
  }
  const Id wanted = side(0, 1);
  Id other;
  EXPECT_EQ(next(logical, &other, &wanted), ERROR_SUCCESS);
  EXPECT_EQ(side_behind(other), wanted);
}

TEST_F(Allocate, NextOfWhatIsNoLogicalMedium) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  for (const Id& id : {stranger(), Id{}, side(0), medium(0)}) {
    expect_no_next(ERROR_INVALID_MEDIA, id);
  }
  Id logical = allocated(app());
  const Id elsewhere = created(NTMS_W("\\Elsewhere"));
  expect_refused(ERROR_INVALID_MEDIA,
                 [&] { return allocate(elsewhere, nullptr, &logical, NTMS_ALLOCATE_NEXT); });
}

TEST_F(Allocate, NextOfAnOfflineOrDisabledMedium) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated(app(), NTMS_ALLOCATE_NEW);
  set_enabled("physical_medium", medium(0), false);
  expect_no_next(ERROR_RESOURCE_DISABLED, logical);
  set_enabled("physical_medium", medium(0), true);
  take_offline(0);
  expect_no_next(ERROR_MEDIA_OFFLINE, logical);
}

TEST_F(Allocate, NamedSideOfThePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  place(1, app(), NTMS_PARTSTATE_AVAILABLE);
  EXPECT_EQ(side_behind(allocated_side(app(), side(1))), side(1));
  const Id taken = side(1);
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app(), &taken);
}

// The atomic import: the medium moves, its other side waits to be imported itself.
TEST_F(Allocate, NamedSideIsImported) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  const Id wanted = side(0, 0);
  NTMS_ALLOCATION_INFORMATION information{};
  information.dwSize = sizeof information;
  Id logical;
  EXPECT_EQ(allocate(app(), &wanted, &logical, 0, 0, &information), ERROR_SUCCESS);
  EXPECT_EQ(Id(information.AllocatedFrom), import_pool());
  EXPECT_EQ(pool_of(0), app());
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_IMPORT});
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app());
  allocated_side(app(), side(0, 1));
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_ALLOCATED});
}

TEST_F(Allocate, NamedSideOfTheFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  allocated_side(app(), side(0));
  EXPECT_EQ(pool_of(0), app());
}

TEST_F(Allocate, NamedSideOfAnotherApplication) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  const Id other = created(NTMS_W("\\Other"));
  place(0, other, NTMS_PARTSTATE_AVAILABLE);
  set_side_state(side(0, 1), NTMS_PARTSTATE_ALLOCATED);
  const Id wanted = side(0, 0);
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app(), &wanted);
  set_side_state(side(0, 1), NTMS_PARTSTATE_AVAILABLE);
  allocated_side(app(), wanted);
  EXPECT_EQ(pool_of(0), app());
}

TEST_F(Allocate, NamedSideInNoStateForIt) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id wanted = side(0);
  for (const DWORD state :
       {NTMS_PARTSTATE_UNKNOWN, NTMS_PARTSTATE_UNPREPARED, NTMS_PARTSTATE_INCOMPATIBLE,
        NTMS_PARTSTATE_DECOMMISSIONED, NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE,
        NTMS_PARTSTATE_FOREIGN, NTMS_PARTSTATE_RESERVED}) {
    place(0, app(), state);
    expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app(), &wanted);
  }
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  set_policy(app(), 0, 0, 3);
  sql("UPDATE side SET allocate_count=3");
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app(), &wanted);
}

TEST_F(Allocate, NamedSideOffline) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  take_offline(0);
  const Id wanted = side(0);
  expect_unallocated(ERROR_MEDIA_OFFLINE, app(), &wanted);
}

TEST_F(Allocate, NamedSideDisabled) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id wanted = side(0);
  set_enabled("side", wanted, false);
  expect_unallocated(ERROR_RESOURCE_DISABLED, app(), &wanted);
  set_enabled("side", wanted, true);
  set_enabled("physical_medium", medium(0), false);
  expect_unallocated(ERROR_RESOURCE_DISABLED, app(), &wanted);
}

TEST_F(Allocate, NamedSideOfAnotherMediaType) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  Id other_type;
  for (const Id& id : rsm().list(NTMS_MEDIA_TYPE)) {
    if (!(id == media_type())) other_type = id;
  }
  Id pool;
  ASSERT_EQ(create_pool(NTMS_W("\\Discs"), &other_type, NTMS_CREATE_NEW, &pool), ERROR_SUCCESS);
  const Id wanted = side(0);
  expect_unallocated(ERROR_MEDIA_INCOMPATIBLE, pool, &wanted);
}

TEST_F(Allocate, NamedSideAsNew) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  set_side_state(side(0, 1), NTMS_PARTSTATE_DECOMMISSIONED);
  const Id wanted = side(0, 0);
  expect_unallocated(ERROR_MEDIA_UNAVAILABLE, app(), &wanted, NTMS_ALLOCATE_NEW);
  set_side_state(side(0, 1), NTMS_PARTSTATE_AVAILABLE);
  allocated_side(app(), wanted, NTMS_ALLOCATE_NEW);
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_RESERVED});
}

}  // namespace
}  // namespace ntms::conformance
