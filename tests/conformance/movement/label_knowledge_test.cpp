// SPDX-License-Identifier: MIT
// Labels that applications know about: media label libraries, and UpdateNtmsOmidInfo
// (functions-media-services 14).
#include <gtest/gtest.h>

#include <cstring>

#include "conformance/movement/identify_fixture.h"

namespace ntms::conformance {
namespace {

using test::WideString;

// ---- Media label libraries ----------------------------------------------------------------------

class InstalledLibrary : public IdentifyTest {
 protected:
  InstalledLibrary() { test::register_label_library(data(), "Sample", NTMS_SAMPLE_LIBRARY); }
  ~InstalledLibrary() override { test::register_label_library(data(), "Sample", ""); }
  void write_first_block(unsigned index, const std::string& text) {
    std::string block = text;
    block.resize(512);
    ASSERT_EQ(ntms_emulator_tape_append(emulator().handle(), robot().bar_code(index).c_str(), 0,
                                        block.data(), block.size()),
              NTMS_EMULATOR_OK);
  }
};

TEST_F(InstalledLibrary, KnowsItsOwnTapes) {
  LibraryShape shape;
  shape.media = 2;
  create(shape);
  write_first_block(0, "SAMPLE TAPE 00000042Weekly\n");
  write_first_block(1, "SOMETHING ELSE");
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  const auto known = side_info(medium(0));
  EXPECT_EQ(known.State, static_cast<DWORD>(NTMS_PARTSTATE_IMPORT));
  EXPECT_EQ(WideString(known.szOmidLabelType), NTMS_W("Sample Backup"));
  EXPECT_EQ(label_of(medium(0)), "00000042");
  EXPECT_EQ(state_of(medium(1)), NTMS_PARTSTATE_FOREIGN);
  // What an application writes in that format can be told too.
  Id logical = allocate(medium(0));
  std::string label = "SAMPLE TAPE 00000043Daily\n";
  label.resize(512);
  EXPECT_EQ(
      UpdateNtmsOmidInfo(session(), logical.get(), NTMS_OMID_TYPE_RAW_LABEL, 512, label.data()),
      ERROR_SUCCESS);
  EXPECT_EQ(label_of(medium(0)), "00000043");
}

TEST_F(InstalledLibrary, ThatMisbehavesStopsNobody) {
  LibraryShape shape;
  shape.media = 2;
  create(shape);
  write_first_block(0, "SAMPLE TAPE !e");
  write_first_block(1, "SAMPLE TAPE 00000042Weekly\n");
  open();
  ASSERT_TRUE(wait_for_quiet()) << picture();
  EXPECT_EQ(state_of(medium(0)), NTMS_PARTSTATE_FOREIGN);
  EXPECT_EQ(state_of(medium(1)), NTMS_PARTSTATE_IMPORT);
}

// ---- UpdateNtmsOmidInfo -------------------------------------------------------------------------

TEST_F(IdentifyTest, UpdateChecksItsArguments) {
  start_with({"UPD001"});
  Id logical = allocate(medium(0));
  std::string label = volume_label("UPD002");
  const auto size = static_cast<DWORD>(label.size());
  const auto update = [&](HANDLE handle, LPNTMS_GUID id, DWORD type, DWORD bytes, void* buffer) {
    return UpdateNtmsOmidInfo(handle, id, type, bytes, buffer);
  };
  EXPECT_EQ(update(nullptr, logical.get(), 1, size, label.data()), ERROR_INVALID_HANDLE);
  EXPECT_EQ(update(session(), nullptr, 1, size, label.data()), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(update(session(), logical.get(), 1, size, nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(update(session(), logical.get(), 0, size, label.data()), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(update(session(), logical.get(), 3, size, label.data()), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(update(session(), logical.get(), 1, 0, label.data()), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(update(session(), logical.get(), 2, 643, label.data()), ERROR_INVALID_PARAMETER);
  Id unknown = parse_id("00112233445566778899AABBCCDDEEFF");
  EXPECT_EQ(update(session(), unknown.get(), 1, size, label.data()), ERROR_INVALID_MEDIA);
  Id side = side_of(medium(0));
  EXPECT_EQ(update(session(), side.get(), 1, size, label.data()), ERROR_INVALID_MEDIA);
  std::string nonsense(1024, 'x');
  EXPECT_EQ(update(session(), logical.get(), 1, 1024, nonsense.data()), ERROR_BAD_FORMAT);
  EXPECT_EQ(label_of(medium(0)), "UPD001");
}

TEST_F(IdentifyTest, UpdateIsWhatLaterMountsGoBy) {
  start_with({"UPD001"});
  Id logical = allocate(medium(0));
  std::string label = volume_label("UPD002");
  write_label(robot().bar_code(0), "UPD002");
  const long long before = last_change();
  ASSERT_EQ(UpdateNtmsOmidInfo(session(), logical.get(), NTMS_OMID_TYPE_RAW_LABEL,
                               static_cast<DWORD>(label.size()), label.data()),
            ERROR_SUCCESS);
  EXPECT_EQ(label_of(medium(0)), "UPD002");
  const Change wanted{NTMS_OBJ_UPDATE, NTMS_PARTITION, side_of(medium(0))};
  const auto seen = changes(before);
  EXPECT_NE(std::find(seen.begin(), seen.end(), wanted), seen.end()) << describe(seen);
  Id drive_id;
  EXPECT_EQ(mount(medium(0), &drive_id), ERROR_SUCCESS);
}

TEST_F(IdentifyTest, UpdateWithAFileSystem) {
  start_with({"UPD001"});
  Id logical = allocate(medium(0));
  NTMS_FILESYSTEM_INFO info{};
  const WideString type = NTMS_W("NTFS");
  const WideString name = NTMS_W("Backup 1");
  std::memcpy(info.FileSystemType, type.data(), type.size() * sizeof(WCHAR));
  std::memcpy(info.VolumeName, name.data(), name.size() * sizeof(WCHAR));
  info.SerialNumber = 0x44434241;
  ASSERT_EQ(UpdateNtmsOmidInfo(session(), logical.get(), NTMS_OMID_TYPE_FILESYSTEM_INFO,
                               sizeof info, &info),
            ERROR_SUCCESS);
  EXPECT_EQ(label_of(medium(0)), "ABCD");
  EXPECT_EQ(WideString(side_info(medium(0)).szOmidLabelType), type);
  EXPECT_EQ(WideString(side_info(medium(0)).szOmidLabelInfo), name);
  info.FileSystemType[0] = 0;
  EXPECT_EQ(UpdateNtmsOmidInfo(session(), logical.get(), NTMS_OMID_TYPE_FILESYSTEM_INFO,
                               sizeof info, &info),
            ERROR_INVALID_PARAMETER);
}

// ---- On both robots -----------------------------------------------------------------------------

class IdentifyOnRobots : public RobotTest {
 protected:
  IdentifyOnRobots() { test::set_environment("NTMS_IDENTIFY", "yes"); }
};

TEST_P(IdentifyOnRobots, BlankTapesAreUnrecognized) {
  LibraryShape shape;
  shape.media = 3;
  start(shape);
  ASSERT_TRUE(wait_until([&] {
    for (unsigned i = 0; i < 3; ++i) {
      if (rsm().get(side_of(medium(i)), NTMS_PARTITION).Info.Partition.State !=
              NTMS_PARTSTATE_FOREIGN ||
          media_info(medium(i)).MediaState != NTMS_MEDIASTATE_IDLE) {
        return false;
      }
    }
    return true;
  })) << picture();
  for (unsigned i = 0; i < 3; ++i) EXPECT_TRUE(is_in_slot(medium(i), i));
  EXPECT_TRUE(agree_soon());
}

NTMS_ON_BOTH_ROBOTS(IdentifyOnRobots);

}  // namespace
}  // namespace ntms::conformance
