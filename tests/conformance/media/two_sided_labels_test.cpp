// SPDX-License-Identifier: MIT
// The labels on both sides of a cartridge: free labels, identification, and what they tell when the
// robot does not (concepts 5, 6, 12 and 13; media-labels 5.3 and 7).
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "conformance/media/two_sided_fixture.h"

namespace ntms::conformance {
namespace {

class TwoSidedLabels : public TwoSided {};

TEST_F(TwoSidedLabels, FreeLabelsOnBothSides) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS);
  EXPECT_TRUE(Id(rsm().request(free_label_request(0)).PartitionId).is_null()) << "both";
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(pool_of(0), free_pool());
  expect_home(0);
  const auto id = label_id(0, 0);
  EXPECT_EQ(id.size(), 16U);
  EXPECT_EQ(label_id(0, 1), id) << "the same on both sides";
  for (const unsigned number : {0U, 1U}) {
    EXPECT_EQ(state_of(0, number), DWORD{NTMS_PARTSTATE_AVAILABLE});
    std::string narrow;
    for (const char c : recorded(0, number)) {
      if (c != '\0') narrow += c;
    }
    EXPECT_NE(narrow.find("|MED001L8|" + std::to_string(number + 1) + "|"), std::string::npos);
  }
  // Taken from there with both sides.
  set_policy(app(), NTMS_ALLOCATE_FROMSCRATCH, 0);
  const Id logical = allocated(app(), NTMS_ALLOCATE_NEW);
  EXPECT_EQ(pool_of(0), app());
  EXPECT_EQ(side_behind(logical), side(0, 0));
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_RESERVED});
  for (const unsigned number : {1U, 0U}) {
    ASSERT_NO_FATAL_FAILURE(mounted(0, number)) << "the label is the recorded one";
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number)));
  }
}

// The arm fails when the cartridge has been labelled on one side.
TEST_F(TwoSidedLabels, TheSecondFreeLabelIsNotWritten) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01, 3);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_FAILED)) << picture();
  EXPECT_EQ(pool_of(0), import_pool());
  for (const unsigned number : {0U, 1U}) {
    EXPECT_EQ(state_of(0, number), DWORD{NTMS_PARTSTATE_UNPREPARED});
  }
  EXPECT_EQ(label_id(0, 0).size(), 16U) << "what is on the first side is known";
  EXPECT_TRUE(label_id(0, 1).empty());
  expect_home(0);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS) << "it can be repeated";
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_PASSED)) << picture();
  EXPECT_EQ(label_id(0, 0), label_id(0, 1));
  EXPECT_EQ(pool_of(0), free_pool());
}

// Somebody has turned the cartridge over where the robot does not see it.
class TwoSidedUnseen : public TwoSided {
 protected:
  void turn_unseen() {
    ASSERT_TRUE(emulator().foreign_turn(kSlot, 0, kSlot, 5));
    ASSERT_TRUE(robot().foreign_move(kSlot, 5, kSlot, 0));
    ASSERT_EQ(emulator().side_up(kSlot, 0), 1U);
    ASSERT_NO_FATAL_FAILURE(take_inventory());
  }
};

TEST_F(TwoSidedUnseen, ItsLabelTells) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  ASSERT_NO_FATAL_FAILURE(record(0, 0, volume_label("AAA000")));
  ASSERT_NO_FATAL_FAILURE(record(0, 1, volume_label("AAA001")));
  for (const unsigned number : {0U, 1U}) {
    sql("UPDATE side SET omid_type='ANSI VOL1', omid_id=CAST('AAA00" + std::to_string(number) +
        "' AS BLOB) WHERE guid=" + blob(side(0, number)));
  }
  for (const unsigned number : {0U, 1U}) {
    ASSERT_NO_FATAL_FAILURE(turn_unseen());
    const auto moves = emulator().commands(kMove);
    ASSERT_NO_FATAL_FAILURE(mounted(0, number));
    EXPECT_EQ(read(), volume_label("AAA00" + std::to_string(number)));
    EXPECT_EQ(emulator().commands(kMove), moves + 4) << "in, home, turned there, and in";
    ASSERT_NO_FATAL_FAILURE(dismount(side(0, number)));
    expect_home(0);
  }
}

// The free labels of both sides have the same identifier.
TEST_F(TwoSidedUnseen, ItsFreeLabelTells) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  ASSERT_EQ(move_to_free(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(free_label_request(0), NTMS_LM_PASSED)) << picture();
  ASSERT_NO_FATAL_FAILURE(turn_unseen());
  ASSERT_NO_FATAL_FAILURE(mounted(0, 1));
  ASSERT_NO_FATAL_FAILURE(dismount(side(0, 1)));
  expect_home(0);
}

// A cartridge that shows the same label on both sides is not turned over forever.
TEST_F(TwoSidedUnseen, BothSidesShowTheLabelOfOne) {
  ASSERT_NO_FATAL_FAILURE(start_media(two_sided()));
  for (const unsigned number : {0U, 1U}) {
    ASSERT_NO_FATAL_FAILURE(record(0, number, volume_label("AAA000")));
    sql("UPDATE side SET omid_type='ANSI VOL1', omid_id=CAST('AAA00" + std::to_string(number) +
        "' AS BLOB) WHERE guid=" + blob(side(0, number)));
  }
  EXPECT_EQ(mount(side(0, 1)), ERROR_INVALID_MEDIA);
  EXPECT_EQ(mount(side(0, 0)), ERROR_SUCCESS);
}

class TwoSidedIdentity : public TwoSided {
 protected:
  TwoSidedIdentity() { test::set_environment("NTMS_IDENTIFY", "yes"); }

  std::string label_of(unsigned index, unsigned number) {
    const auto id = label_id(index, number);
    return {id.begin(), id.end()};
  }
  // All sides have been read, and the cartridge is at home.
  bool identified(unsigned index) {
    return state_of(index, 1) != DWORD{NTMS_PARTSTATE_UNKNOWN} &&
           is_in_slot(medium(index), index) &&
           media_info(medium(index)).MediaState == DWORD{NTMS_MEDIASTATE_IDLE};
  }
  DWORD identify(unsigned index) {
    return IdentifyNtmsSlot(session(), Id(slot(index).ObjectGuid).get(), 0);
  }
};

TEST_F(TwoSidedIdentity, BothSidesAreRead) {
  LibraryShape shape = two_sided();
  create(shape);
  record(0, 0, volume_label("AAA000"));
  record(0, 1, volume_label("AAA001"));
  record(1, 1, volume_label("BBB001"));
  open();
  ASSERT_TRUE(wait_until([&] { return identified(2); })) << picture();
  EXPECT_EQ(label_of(0, 0), "AAA000");
  EXPECT_EQ(label_of(0, 1), "AAA001");
  EXPECT_EQ(label_of(1, 0), "");
  EXPECT_EQ(label_of(1, 1), "BBB001");
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(1, 0), DWORD{NTMS_PARTSTATE_FOREIGN});
  EXPECT_EQ(state_of(1, 1), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(2, 1), DWORD{NTMS_PARTSTATE_FOREIGN});
  const auto pool_type = [&](unsigned index) {
    return rsm().get(pool_of(index), NTMS_MEDIA_POOL).Info.MediaPool.PoolType;
  };
  EXPECT_EQ(pool_type(0), DWORD{NTMS_POOLTYPE_IMPORT});
  EXPECT_EQ(pool_type(1), DWORD{NTMS_POOLTYPE_IMPORT}) << "for one label that is known";
  EXPECT_EQ(pool_type(2), DWORD{NTMS_POOLTYPE_FOREIGN});
  for (const unsigned index : {0U, 1U, 2U}) expect_home(index);
  EXPECT_EQ(label_of(0, 0), "AAA000");
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_quiet());
  EXPECT_EQ(label_of(0, 1), "AAA001") << "as before";
}

// A side that has been identified proves which cartridge it is: what is on the other one is news
// about that side alone.
TEST_F(TwoSidedIdentity, ProvedByTheFirstSide) {
  LibraryShape shape = two_sided();
  shape.media = 1;
  create(shape);
  record(0, 0, volume_label("AAA000"));
  record(0, 1, volume_label("AAA001"));
  open();
  ASSERT_TRUE(wait_until([&] { return identified(0); })) << picture();
  const Id before = pool_of(0);
  set_side_state(side(0, 0), NTMS_PARTSTATE_ALLOCATED);
  set_side_state(side(0, 1), NTMS_PARTSTATE_UNKNOWN);
  sql("UPDATE side SET omid_type='', omid_id=x'' WHERE side=1");
  ASSERT_EQ(ntms_emulator_tape_erase(emulator().handle(), robot().bar_code(0).c_str(), 1),
            NTMS_EMULATOR_OK);
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return identified(0); })) << picture();
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_ALLOCATED});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_FOREIGN});
  EXPECT_EQ(pool_of(0), before) << "it belongs to somebody";
}

// A cartridge of the free pool on which somebody has written takes both sides with it.
TEST_F(TwoSidedIdentity, OneFreeLabelIsGone) {
  LibraryShape shape = two_sided();
  shape.media = 1;
  create(shape);
  open();
  ASSERT_TRUE(wait_until([&] { return identified(0); })) << picture();
  const WideString type = rsm().get(media_info(medium(0)).MediaType, NTMS_MEDIA_TYPE).szName;
  Id free = opened(NTMS_W("\\Free\\") + type);
  ASSERT_EQ(MoveToNtmsMediaPool(session(), medium(0).get(), free.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return pool_of(0) == free; })) << picture();
  ASSERT_EQ(ntms_emulator_tape_erase(emulator().handle(), robot().bar_code(0).c_str(), 0),
            NTMS_EMULATOR_OK);
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return state_of(0, 0) == DWORD{NTMS_PARTSTATE_FOREIGN}; }));
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_IMPORT}) << "its label is that of somebody";
  EXPECT_EQ(rsm().get(pool_of(0), NTMS_MEDIA_POOL).Info.MediaPool.PoolType,
            DWORD{NTMS_POOLTYPE_IMPORT});
}

TEST_F(TwoSidedIdentity, TheSecondSideIsNotReached) {
  LibraryShape shape = two_sided();
  shape.media = 1;
  create(shape);
  record(0, 0, volume_label("AAA000"));
  emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 4, 0x15, 0x01, 3);
  open();
  const Id request = last_request(NTMS_LM_CLASSIFY);
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_FAILED)) << picture();
  EXPECT_EQ(label_of(0, 0), "AAA000");
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_UNKNOWN});
  expect_home(0);
  ASSERT_EQ(identify(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return state_of(0, 1) == DWORD{NTMS_PARTSTATE_FOREIGN}; }));
}

TEST_F(TwoSidedIdentity, OnlyTheFirstSideWhereTheArmDoesNotTurn) {
  LibraryShape shape = two_sided();
  shape.turns_media = false;
  shape.media = 1;
  create(shape);
  record(0, 0, volume_label("AAA000"));
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(state_of(0, 0), DWORD{NTMS_PARTSTATE_IMPORT});
  EXPECT_EQ(state_of(0, 1), DWORD{NTMS_PARTSTATE_UNKNOWN});
}

// A cartridge that comes back without a bar code is known by the label on either side.
TEST_F(TwoSidedIdentity, KnownByItsSecondSide) {
  LibraryShape shape = two_sided();
  shape.bar_code_reader = false;
  shape.bar_codes = {"CART01"};
  shape.media = 1;
  create(shape);
  record(0, 1, volume_label("AAA001"));
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  const Id before = rsm().list(NTMS_PHYSICAL_MEDIA).at(0);
  const auto sides_before = rsm().list(NTMS_PARTITION, before);
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  // It went with a magazine or the like: still somebody's, nobody knows where.
  sql("UPDATE side SET state=5 WHERE side=1");
  sql("UPDATE physical_medium SET location=NULL, home_slot=NULL, library="
      "(SELECT guid FROM library WHERE type=1)");
  rsm() = Rsm::open();
  ASSERT_TRUE(wait_until([&] { return rsm().list(NTMS_PHYSICAL_MEDIA, library()).size() == 1; }));
  ASSERT_TRUE(wait_until([&] {
    return rsm().list(NTMS_PHYSICAL_MEDIA) == std::vector<Id>{before};
  })) << picture();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(Id(media_info(before).CurrentLibrary), library());
  EXPECT_EQ(rsm().list(NTMS_PARTITION, before), sides_before);
  EXPECT_EQ(side_info(sides_before.at(1)).State, DWORD{NTMS_PARTSTATE_ALLOCATED});
  EXPECT_EQ(emulator().side_up(kSlot, 0), 0U);
}

}  // namespace
}  // namespace ntms::conformance
