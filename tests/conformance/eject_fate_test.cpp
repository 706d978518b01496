// SPDX-License-Identifier: MIT
// What becomes of a cartridge's record when it has left (contract: functions-library-control 1,
// Fate of the medium). Pools and states are arranged in the database before the session is opened.
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

enum class Fate { offline, deleted };

struct Row {
  const char* name;
  DWORD pool;        // type of the medium's pool
  DWORD side_state;  // of its side
  DWORD policy;      // dwMediaPoolPolicy
  Fate fate;
};

constexpr DWORD kPurge = NTMS_POOLPOLICY_PURGEOFFLINESCRATCH;
constexpr DWORD kKeep = NTMS_POOLPOLICY_KEEPOFFLINEIMPORT;

const Row kRows[] = {
    {"import", NTMS_POOLTYPE_IMPORT, NTMS_PARTSTATE_IMPORT, 0, Fate::deleted},
    {"import_purge", NTMS_POOLTYPE_IMPORT, NTMS_PARTSTATE_IMPORT, kPurge, Fate::deleted},
    {"import_keep", NTMS_POOLTYPE_IMPORT, NTMS_PARTSTATE_IMPORT, kKeep, Fate::offline},
    {"import_unknown", NTMS_POOLTYPE_IMPORT, NTMS_PARTSTATE_UNKNOWN, 0, Fate::deleted},
    {"unrecognized", NTMS_POOLTYPE_FOREIGN, NTMS_PARTSTATE_FOREIGN, 0, Fate::deleted},
    {"unrecognized_keep", NTMS_POOLTYPE_FOREIGN, NTMS_PARTSTATE_FOREIGN, kKeep, Fate::deleted},
    {"incompatible_import_keep", NTMS_POOLTYPE_IMPORT, NTMS_PARTSTATE_INCOMPATIBLE, kKeep,
     Fate::deleted},
    {"incompatible_free", NTMS_POOLTYPE_SCRATCH, NTMS_PARTSTATE_INCOMPATIBLE, 0, Fate::deleted},
    {"incompatible_application", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_INCOMPATIBLE, 0,
     Fate::deleted},
    {"free", NTMS_POOLTYPE_SCRATCH, NTMS_PARTSTATE_AVAILABLE, 0, Fate::offline},
    {"free_keep", NTMS_POOLTYPE_SCRATCH, NTMS_PARTSTATE_AVAILABLE, kKeep, Fate::offline},
    {"free_purge", NTMS_POOLTYPE_SCRATCH, NTMS_PARTSTATE_AVAILABLE, kPurge, Fate::deleted},
    {"available", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_AVAILABLE, 0, Fate::offline},
    {"available_purge", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_AVAILABLE, kPurge, Fate::offline},
    {"allocated", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_ALLOCATED, 0, Fate::offline},
    {"complete", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_COMPLETE, kPurge | kKeep, Fate::offline},
    {"decommissioned", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_DECOMMISSIONED, 0, Fate::offline},
    {"reserved", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_RESERVED, 0, Fate::offline},
};

// An application pool of the medium's type, named FateTest.
constexpr const char* kApplicationPool =
    "INSERT INTO media_pool(guid, created, modified, enabled, operational_state, name, description,"
    " type, media_type, parent, allocation_policy, deallocation_policy, max_allocates, root) SELECT"
    " randomblob(16), 1, 1, 1, 0, 'FateTest', '', 1000, media_type, (SELECT guid FROM media_pool"
    " WHERE root=1), 0, 0, 4294967295, 0 FROM physical_medium WHERE bar_code='MED001L8'; ";

class EjectFate : public LibraryTest, public ::testing::WithParamInterface<Row> {
 protected:
  // Medium 0 becomes what the row says; the others stay in the import pool.
  void start_as(const Row& row, const std::string& more = {}) {
    ASSERT_NO_FATAL_FAILURE(start());
    const std::string number = std::to_string(row.pool);
    std::string change = row.pool == NTMS_POOLTYPE_APPLICATION ? kApplicationPool : std::string();
    change +=
        "UPDATE physical_medium SET pool=(SELECT p.guid FROM media_pool p WHERE p.type=" + number +
        " AND p.media_type=physical_medium.media_type) WHERE bar_code='MED001L8'; ";
    change += "UPDATE side SET state=" + std::to_string(row.side_state) +
              " WHERE medium=(SELECT guid FROM physical_medium WHERE bar_code='MED001L8'); ";
    change += "UPDATE computer SET media_pool_policy=" + std::to_string(row.policy) + "; ";
    if (row.side_state == NTMS_PARTSTATE_ALLOCATED || row.side_state == NTMS_PARTSTATE_COMPLETE) {
      change +=
          "INSERT INTO logical_medium(guid, created, modified, enabled, operational_state, name,"
          " description, pool) SELECT randomblob(16), 1, 1, 1, 0, 'mine', '', pool FROM"
          " physical_medium WHERE bar_code='MED001L8'; UPDATE side SET logical_medium=(SELECT guid"
          " FROM logical_medium) WHERE medium=(SELECT guid FROM physical_medium WHERE"
          " bar_code='MED001L8'); ";
    }
    ASSERT_NO_FATAL_FAILURE(reopen_with(change + more));
  }
  void eject_it() {
    const Id operation = start_eject(medium(0));
    ASSERT_TRUE(wait_for_extended(medium(0)));
    ASSERT_EQ(Id(media_info(medium(0)).CurrentLibrary), library());
    take(medium(0));
    ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
    EXPECT_EQ(Id(rsm().request(operation).PhysMediaId), medium(0));
  }
};

TEST_P(EjectFate, IsAsTheTableSays) {
  const Row& row = GetParam();
  ASSERT_NO_FATAL_FAILURE(start_as(row));
  const Id m = medium(0);
  const Id side = side_of(m);
  const auto before = media_info(m);
  const auto side_before = rsm().get(side, NTMS_PARTITION).Info.Partition;
  ASSERT_EQ(rsm().get(before.MediaPool).Info.MediaPool.PoolType, row.pool);
  ASSERT_EQ(side_before.State, row.side_state);
  const DWORD offline_before = rsm().get(offline_library()).Info.Library.dwNumberOfMedia;
  const DWORD here_before = library_info().Info.Library.dwNumberOfMedia;
  const DWORD pool_before = rsm().get(before.MediaPool).Info.MediaPool.dwNumberOfPhysicalMedia;

  ASSERT_NO_FATAL_FAILURE(eject_it());

  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, here_before - 1);
  const DWORD offline_now = rsm().get(offline_library()).Info.Library.dwNumberOfMedia;
  const DWORD pool_now = rsm().get(before.MediaPool).Info.MediaPool.dwNumberOfPhysicalMedia;
  if (row.fate == Fate::deleted) {
    EXPECT_FALSE(rsm().find(m));
    EXPECT_FALSE(rsm().find(side));
    EXPECT_EQ(offline_now, offline_before);
    EXPECT_EQ(pool_now, pool_before - 1);
    return;
  }
  const auto after = media_info(m);
  EXPECT_EQ(Id(after.CurrentLibrary), offline_library());
  EXPECT_EQ(after.LocationType, NTMS_STORAGESLOT);
  EXPECT_TRUE(Id(after.Location).is_null());
  EXPECT_TRUE(Id(after.HomeSlot).is_null());
  EXPECT_EQ(after.MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(Id(after.MediaPool), Id(before.MediaPool));
  EXPECT_EQ(Id(after.MediaType), Id(before.MediaType));
  EXPECT_EQ(text(after.szBarCode), text(before.szBarCode));
  EXPECT_EQ(text(after.szSequenceNumber), text(before.szSequenceNumber));
  EXPECT_EQ(rsm().list(NTMS_PARTITION, m), std::vector<Id>{side});
  const auto side_after = rsm().get(side, NTMS_PARTITION).Info.Partition;
  EXPECT_EQ(side_after.State, side_before.State);
  EXPECT_EQ(Id(side_after.LogicalMedia), Id(side_before.LogicalMedia));
  if (!Id(side_before.LogicalMedia).is_null()) {
    EXPECT_TRUE(rsm().find(side_before.LogicalMedia, NTMS_LOGICAL_MEDIA));
  }
  EXPECT_EQ(offline_now, offline_before + 1);
  EXPECT_EQ(pool_now, pool_before);
}

INSTANTIATE_TEST_SUITE_P(Of, EjectFate, ::testing::ValuesIn(kRows),
                         [](const auto& row) { return std::string(row.param.name); });

constexpr Row kAvailable{"available", NTMS_POOLTYPE_APPLICATION, NTMS_PARTSTATE_AVAILABLE, kKeep,
                         Fate::deleted};

class EjectCleaner : public EjectFate {};

TEST_P(EjectCleaner, IsDeletedWhereverItComesFrom) {
  ASSERT_NO_FATAL_FAILURE(start_as(GetParam(),
                                   "UPDATE library SET flags=flags|2, cleaner_uses=7, cleaner_slot="
                                   "(SELECT location FROM physical_medium WHERE "
                                   "bar_code='MED001L8') WHERE type=2; "));
  ASSERT_NE(library_info().Info.Library.dwFlags & NTMS_LIBRARYFLAG_CLEANERPRESENT, 0U);
  ASSERT_EQ(library_info().Info.Library.dwCleanerUsesRemaining, 7U);
  ASSERT_NO_FATAL_FAILURE(eject_it());
  EXPECT_FALSE(rsm().find(medium(0)));
  EXPECT_EQ(library_info().Info.Library.dwFlags & NTMS_LIBRARYFLAG_CLEANERPRESENT, 0U);
  EXPECT_EQ(library_info().Info.Library.dwCleanerUsesRemaining, 0U);
}

TEST_P(EjectCleaner, IsKnownByItsMediaType) {
  ASSERT_NO_FATAL_FAILURE(start_as(
      GetParam(),
      "INSERT INTO media_type(guid, created, modified, enabled, operational_state, name,"
      " description, code, sides, read_write, device_type) SELECT randomblob(16), 1, 1, 1, 0,"
      " 'Cleaner', '', 50, 1, 1, 31 WHERE NOT EXISTS (SELECT 1 FROM media_type WHERE code=50);"
      " UPDATE physical_medium SET media_type=(SELECT guid FROM media_type WHERE code=50) WHERE"
      " bar_code='MED001L8'; "));
  ASSERT_NO_FATAL_FAILURE(eject_it());
  EXPECT_FALSE(rsm().find(medium(0)));
}

INSTANTIATE_TEST_SUITE_P(Of, EjectCleaner, ::testing::Values(kAvailable),
                         [](const auto& row) { return std::string(row.param.name); });

class EjectReturn : public EjectFate {};

// What went offline keeps its identity when it comes back.
TEST_P(EjectReturn, KeepsItsIdentity) {
  ASSERT_NO_FATAL_FAILURE(start_as(GetParam()));
  const Id m = medium(0);
  const Id side = side_of(m);
  const Id pool = media_info(m).MediaPool;
  ASSERT_NO_FATAL_FAILURE(eject_it());
  // A person brings it back: through the port by way of another program, into slot 0.
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  emulator().put(0, "MED001L8");
  ASSERT_TRUE(emulator().foreign_move(kPort, 0, kSlot, 11));
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(medium_with("MED001L8"), m);
  EXPECT_TRUE(is_in_slot(m, 11));
  EXPECT_EQ(Id(media_info(m).CurrentLibrary), library());
  EXPECT_EQ(Id(media_info(m).HomeSlot), Id(slot(11).ObjectGuid));
  EXPECT_EQ(Id(media_info(m).MediaPool), pool);
  EXPECT_EQ(media_info(m).MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(side_of(m), side);
  EXPECT_TRUE(agree());
}

INSTANTIATE_TEST_SUITE_P(Of, EjectReturn, ::testing::Values(kAvailable),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace ntms::conformance
