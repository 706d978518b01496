// SPDX-License-Identifier: MIT
// Deallocating, swapping, completing, decommissioning and deleting media (contract:
// functions-media-services 4, 5, 9, 10 and 11).
#include "conformance/media/media_fixture.h"

namespace ntms::conformance {
namespace {

class MediaLife : public MediaTest {
 protected:
  DWORD swap(const Id& a, const Id& b) { return SwapNtmsMedia(session(), a.get(), b.get()); }
  DWORD decommission(const Id& id) { return DecommissionNtmsMedia(session(), id.get()); }
  DWORD complete(const Id& id) { return SetNtmsMediaComplete(session(), id.get()); }
  DWORD remove(const Id& id) { return DeleteNtmsMedia(session(), id.get()); }
  // The logical medium of the only side of a medium of "App".
  Id owned(unsigned index) {
    place(index, app(), NTMS_PARTSTATE_AVAILABLE);
    return allocated_side(app(), side(index));
  }
};

TEST_F(MediaLife, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id id = stranger();
  EXPECT_EQ(DeallocateNtmsMedia(session(), nullptr, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SwapNtmsMedia(session(), nullptr, id.get()), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SwapNtmsMedia(session(), id.get(), nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(DecommissionNtmsMedia(session(), nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SetNtmsMediaComplete(session(), nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(DeleteNtmsMedia(session(), nullptr), ERROR_INVALID_PARAMETER);
}

// Each function takes one kind of identifier, and an object of another kind is none.
TEST_F(MediaLife, IdentifiersOfAnotherKind) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id logical = owned(0);
  const Id s = side(0);
  for (const Id& id : {stranger(), Id{}, s, medium(0), app()}) {
    expect_refused(ERROR_INVALID_MEDIA, [&] { return deallocate(id); });
    expect_refused(ERROR_INVALID_MEDIA, [&] { return swap(logical, id); });
    expect_refused(ERROR_INVALID_MEDIA, [&] { return swap(id, logical); });
    expect_refused(ERROR_INVALID_MEDIA, [&] { return complete(id); });
  }
  for (const Id& id : {stranger(), Id{}, logical, medium(0), app()}) {
    expect_refused(ERROR_INVALID_MEDIA, [&] { return decommission(id); });
  }
  for (const Id& id : {stranger(), Id{}, logical, s, app()}) {
    expect_refused(ERROR_INVALID_MEDIA, [&] { return remove(id); });
  }
  sql("UPDATE side SET logical_medium=NULL");
  expect_refused(ERROR_INVALID_MEDIA, [&] { return deallocate(logical); });
}

TEST_F(MediaLife, Deallocated) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id logical = owned(0);
  const long long last = last_change();
  EXPECT_EQ(DeallocateNtmsMedia(session(), logical.get(), 0xFFFFFFFF), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_DELETE, NTMS_LOGICAL_MEDIA, logical},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0)}});
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_AVAILABLE});
  EXPECT_TRUE(Id(side_info(side(0)).LogicalMedia).is_null());
  EXPECT_EQ(pool_of(0), app());
  EXPECT_FALSE(rsm().find(logical));
  expect_refused(ERROR_INVALID_MEDIA, [&] { return deallocate(logical); });
}

TEST_F(MediaLife, DeallocatedWhenComplete) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id logical = owned(0);
  ASSERT_EQ(complete(logical), ERROR_SUCCESS);
  EXPECT_EQ(deallocate(logical), ERROR_SUCCESS);
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_AVAILABLE});
}

TEST_F(MediaLife, DeallocatedAndWornOut) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), 0, NTMS_DEALLOCATE_TOSCRATCH, 2);
  const Id first = owned(0);
  const Id second = owned(1);
  sql("UPDATE side SET allocate_count=2");
  ASSERT_EQ(complete(second), ERROR_SUCCESS);
  EXPECT_EQ(deallocate(first), ERROR_SUCCESS);
  EXPECT_EQ(deallocate(second), ERROR_SUCCESS);
  for (const unsigned index : {0U, 1U}) {
    EXPECT_EQ(state_of(index), DWORD{NTMS_PARTSTATE_DECOMMISSIONED});
    EXPECT_EQ(pool_of(index), app());
    EXPECT_TRUE(free_label_request(index).is_null());
  }
}

TEST_F(MediaLife, DeallocatedToTheFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), 0, NTMS_DEALLOCATE_TOSCRATCH);
  const Id logical = owned(0);
  EXPECT_EQ(deallocate(logical), ERROR_SUCCESS);
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(pool_of(0), app()) << "until the label is written";
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_INUSE});
  const auto request = rsm().request(free_label_request(0));
  EXPECT_EQ(request.OperationCode, DWORD{NTMS_LM_WRITESCRATCH});
  EXPECT_EQ(Id(request.Library), library());
  EXPECT_EQ(Id(request.PartitionId), side(0));
  EXPECT_EQ(Id(request.SlotId), Id(media_info(medium(0)).HomeSlot));
  EXPECT_EQ(text(request.szApplication), "conformance");
}

TEST_F(MediaLife, DeallocatedWithoutAFreePool) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), 0, NTMS_DEALLOCATE_TOSCRATCH);
  const Id logical = owned(0);
  sql("DELETE FROM media_pool WHERE guid=" + blob(free_pool()));
  EXPECT_EQ(deallocate(logical), ERROR_SUCCESS);
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_AVAILABLE});
  EXPECT_TRUE(free_label_request(0).is_null());
}

TEST_F(MediaLife, DeallocatedOffline) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), 0, NTMS_DEALLOCATE_TOSCRATCH);
  const Id logical = owned(0);
  take_offline(0);
  EXPECT_EQ(deallocate(logical), ERROR_SUCCESS);
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_IDLE});
  EXPECT_EQ(Id(rsm().request(free_label_request(0)).Library), offline_library());
}

// A medium that is still loaded is no reason to refuse.
TEST_F(MediaLife, DeallocatedWhileInUse) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), 0, NTMS_DEALLOCATE_TOSCRATCH);
  const Id logical = owned(0);
  set_media_state(0, NTMS_MEDIASTATE_LOADED);
  EXPECT_EQ(deallocate(logical), ERROR_SUCCESS);
  EXPECT_FALSE(free_label_request(0).is_null());
  EXPECT_EQ(media_info(medium(0)).MediaState, DWORD{NTMS_MEDIASTATE_LOADED});
  set_media_state(0, NTMS_MEDIASTATE_IDLE);
}

TEST_F(MediaLife, DeallocatedSideBySide) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), 0, NTMS_DEALLOCATE_TOSCRATCH);
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id first = allocated(app());
  const Id second = allocated(app());
  EXPECT_EQ(deallocate(first), ERROR_SUCCESS);
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_AVAILABLE});
  EXPECT_TRUE(free_label_request(0).is_null()) << "the other side belongs to somebody";
  EXPECT_EQ(deallocate(second), ERROR_SUCCESS);
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_UNPREPARED});
  EXPECT_TRUE(Id(rsm().request(free_label_request(0)).PartitionId).is_null()) << "both";
}

TEST_F(MediaLife, DeallocationEndsTheReservation) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  give_second_sides();
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated(app(), NTMS_ALLOCATE_NEW);
  ASSERT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_RESERVED});
  const long long last = last_change();
  EXPECT_EQ(deallocate(logical), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_DELETE, NTMS_LOGICAL_MEDIA, logical},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0, 0)},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0, 1)}});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_AVAILABLE});
}

TEST_F(MediaLife, Swapped) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id first = owned(0);
  const Id second = owned(1);
  const long long last = last_change();
  EXPECT_EQ(swap(first, second), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_UPDATE, NTMS_LOGICAL_MEDIA, first},
                        {NTMS_OBJ_UPDATE, NTMS_LOGICAL_MEDIA, second},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0)},
                        {NTMS_OBJ_UPDATE, NTMS_PARTITION, side(1)}});
  EXPECT_EQ(side_behind(first), side(1));
  EXPECT_EQ(side_behind(second), side(0));
}

TEST_F(MediaLife, SwapOfOne) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id logical = owned(0);
  expect_refused(ERROR_INVALID_MEDIA, [&] { return swap(logical, logical); });
}

TEST_F(MediaLife, SwapBetweenPools) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id first = owned(0);
  const Id other = created(NTMS_W("\\Other"));
  place(1, other, NTMS_PARTSTATE_AVAILABLE);
  const Id second = allocated_side(other, side(1));
  expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return swap(first, second); });
}

TEST_F(MediaLife, SwapInUse) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id first = owned(0);
  const Id second = owned(1);
  for (const unsigned index : {0U, 1U}) {
    set_media_state(index, NTMS_MEDIASTATE_INUSE);
    expect_refused(ERROR_INVALID_MEDIA, [&] { return swap(first, second); });
    set_media_state(index, NTMS_MEDIASTATE_IDLE);
  }
}

TEST_F(MediaLife, SwapOfCompleteSides) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id first = owned(0);
  const Id second = owned(1);
  ASSERT_EQ(complete(second), ERROR_SUCCESS);
  expect_refused(ERROR_INVALID_STATE, [&] { return swap(first, second); });
  expect_refused(ERROR_INVALID_STATE, [&] { return swap(second, first); });
}

TEST_F(MediaLife, Decommissioned) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  place(1, free_pool(), NTMS_PARTSTATE_AVAILABLE);
  take_offline(1);
  const long long last = last_change();
  EXPECT_EQ(decommission(side(0)), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0)}});
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_DECOMMISSIONED});
  EXPECT_EQ(pool_of(0), app());
  EXPECT_EQ(decommission(side(1)), ERROR_SUCCESS) << "offline";
  Id logical;
  EXPECT_EQ(allocate(app(), nullptr, &logical), ERROR_MEDIA_UNAVAILABLE);
}

TEST_F(MediaLife, DecommissionInAnotherState) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (DWORD state = NTMS_PARTSTATE_UNKNOWN; state <= NTMS_PARTSTATE_RESERVED; ++state) {
    if (state == NTMS_PARTSTATE_AVAILABLE) continue;
    place(0, app(), state);
    expect_refused(ERROR_INVALID_STATE, [&] { return decommission(side(0)); });
  }
}

TEST_F(MediaLife, DecommissionDisabled) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  set_enabled("side", side(0), false);
  expect_refused(ERROR_INVALID_STATE, [&] { return decommission(side(0)); });
  set_enabled("side", side(0), true);
  set_enabled("physical_medium", medium(0), false);
  expect_refused(ERROR_INVALID_STATE, [&] { return decommission(side(0)); });
}

TEST_F(MediaLife, Completed) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id logical = owned(0);
  const long long last = last_change();
  EXPECT_EQ(complete(logical), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_UPDATE, NTMS_PARTITION, side(0)},
                        {NTMS_OBJ_UPDATE, NTMS_LOGICAL_MEDIA, logical}});
  EXPECT_EQ(state_of(0), DWORD{NTMS_PARTSTATE_COMPLETE});
  expect_refused(ERROR_INVALID_STATE, [&] { return complete(logical); });
}

TEST_F(MediaLife, CompleteInUse) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id logical = owned(0);
  for (DWORD state = NTMS_MEDIASTATE_INUSE; state <= NTMS_MEDIASTATE_OPREQ; ++state) {
    set_media_state(0, state);
    expect_refused(ERROR_INVALID_STATE, [&] { return complete(logical); });
  }
  set_media_state(0, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(complete(logical), ERROR_SUCCESS);
}

TEST_F(MediaLife, Deleted) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  take_offline(0);
  const Id gone = medium(0);
  const Id gone_side = side(0);
  const long long last = last_change();
  EXPECT_EQ(remove(gone), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_DELETE, NTMS_PARTITION, gone_side},
                        {NTMS_OBJ_DELETE, NTMS_PHYSICAL_MEDIA, gone}});
  EXPECT_FALSE(rsm().find(gone, NTMS_PHYSICAL_MEDIA));
  expect_refused(ERROR_INVALID_MEDIA, [&] { return remove(gone); });
}

TEST_F(MediaLife, DeleteOnline) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  expect_refused(ERROR_INVALID_STATE, [&] { return remove(medium(0)); });
}

TEST_F(MediaLife, DeleteWhatBelongsToSomebody) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  take_offline(0);
  for (const DWORD state :
       {NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE, NTMS_PARTSTATE_RESERVED}) {
    place(0, app(), state);
    expect_refused(ERROR_INVALID_STATE, [&] { return remove(medium(0)); });
  }
}

TEST_F(MediaLife, DeleteEndsItsRequests) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  set_policy(app(), 0, NTMS_DEALLOCATE_TOSCRATCH);
  const Id logical = owned(0);
  take_offline(0);
  ASSERT_EQ(deallocate(logical), ERROR_SUCCESS);
  const Id label = free_label_request(0);
  const Id gone = medium(0);
  Id wanted;
  ASSERT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MOVEMEDIA, nullptr, gone.get(),
                                       library().get(), wanted.get()),
            ERROR_SUCCESS);
  EXPECT_EQ(remove(gone), ERROR_SUCCESS);
  EXPECT_EQ(rsm().state(label), DWORD{NTMS_LM_INVALID});
  EXPECT_EQ(rsm().get(wanted).Info.OpRequest.State, DWORD{NTMS_OPSTATE_REFUSED});
}

}  // namespace
}  // namespace ntms::conformance
