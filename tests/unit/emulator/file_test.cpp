// SPDX-License-Identifier: MIT
// Files and structures of earlier versions.
#include <cstddef>
#include <cstring>

#include "emulator/geometry.h"
#include "emulator/sqlite.h"
#include "support.h"

namespace ntms::emulator {
namespace {

// sizeof(ntms_emulator_geometry) as it was in version 1 of the file format.
constexpr std::size_t kEndOfFirst = offsetof(ntms_emulator_geometry, drive_revision) +
                                    sizeof(ntms_emulator_geometry::drive_revision);
constexpr std::size_t kAlignment = alignof(ntms_emulator_geometry);
constexpr std::size_t kSizeOfFirst = (kEndOfFirst + kAlignment - 1) / kAlignment * kAlignment;

class FileTest : public LibraryTest {
 protected:
  std::int64_t version() {
    Connection db(path_, false);
    auto row = db.query("PRAGMA user_version");
    return row.next() ? row.integer(0) : -1;
  }
};

TEST_F(FileTest, AFileOfVersion1IsUpgradedWhenItIsOpened) {
  make();
  ntms_emulator_close(emulator_);
  emulator_ = nullptr;
  {
    Connection db(path_, false);
    db.run_script(
        "ALTER TABLE library DROP COLUMN port_unreported;"
        "ALTER TABLE library DROP COLUMN doors_unlocked;"
        "ALTER TABLE library DROP COLUMN magazines;"
        "ALTER TABLE element DROP COLUMN removed;"
        "ALTER TABLE library DROP COLUMN cleaner_stays;"
        "ALTER TABLE library DROP COLUMN stand_alone;"
        "ALTER TABLE setting DROP COLUMN clean_ms;"
        "ALTER TABLE cartridge DROP COLUMN cleans;"
        "ALTER TABLE drive DROP COLUMN cleaning;"
        "ALTER TABLE drive DROP COLUMN unloaded_at;"
        "DROP TABLE quirk;"
        "PRAGMA user_version = 1");
  }
  ASSERT_EQ(version(), 1);
  ASSERT_EQ(ntms_emulator_open(path_.c_str(), &emulator_), NTMS_EMULATOR_OK);
  EXPECT_EQ(version(), 4);
  const auto changer = unit(kChanger);
  EXPECT_EQ(said(changer->execute(move(kSlot, kPort))), "good");
  EXPECT_EQ(place("TAPE00"), "port 0");
  EXPECT_EQ(ntms_emulator_magazine_pull(emulator_, 0), NTMS_EMULATOR_INVALID);  // it has none
  EXPECT_EQ(ntms_emulator_port_take(emulator_, 0, nullptr), NTMS_EMULATOR_OK);
}

TEST_F(FileTest, AFileOfALaterVersionIsRefused) {
  make();
  ntms_emulator_close(emulator_);
  emulator_ = nullptr;
  {
    Connection db(path_, false);
    db.run_script("PRAGMA user_version = 5");
  }
  EXPECT_EQ(ntms_emulator_open(path_.c_str(), &emulator_), NTMS_EMULATOR_FORMAT);
  EXPECT_EQ(version(), 5);
}

TEST_F(FileTest, AStructureOfVersion1IsAccepted) {
  geometry_.size = kSizeOfFirst;
  geometry_.magazines = 99;  // lies behind the structure
  make();
  EXPECT_EQ(ntms_emulator_magazine_pull(emulator_, 0), NTMS_EMULATOR_INVALID);
  EXPECT_EQ(place("TAPE04"), "slot 4");
}

TEST_F(FileTest, AStructureOfVersion1IsNotWrittenBeyondItsEnd) {
  ntms_emulator_geometry geometry;
  std::memset(&geometry, 0x55, sizeof geometry);
  geometry.size = kSizeOfFirst;
  ntms_emulator_geometry_init(&geometry);
  EXPECT_EQ(geometry.size, kSizeOfFirst);
  EXPECT_EQ(geometry.slots, 20U);
  EXPECT_EQ(geometry.drive_revision, nullptr);
  EXPECT_EQ(geometry.port_unreported, 0x55555555U);
  std::memset(&geometry, 0x55, sizeof geometry);
  ntms_emulator_geometry_init(&geometry);
  EXPECT_EQ(geometry.size, sizeof geometry);
  EXPECT_EQ(geometry.magazines, 0U);
  EXPECT_EQ(geometry.stand_alone, 0U);
  std::memset(&geometry, 0x55, sizeof geometry);
  geometry.size = kSecondGeometrySize;
  ntms_emulator_geometry_init(&geometry);
  EXPECT_EQ(geometry.size, kSecondGeometrySize);
  EXPECT_EQ(geometry.magazines, 0U);
  EXPECT_EQ(geometry.cleaner_stays, 0x55555555U);
}

}  // namespace
}  // namespace ntms::emulator
