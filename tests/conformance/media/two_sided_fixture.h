// SPDX-License-Identifier: MIT
// A library whose cartridges have two sides, and whose arm turns them over. What is on each side is
// written and read through the drive, and looked at in the emulator.
#pragma once

#include <string>
#include <vector>

#include "conformance/media/media_fixture.h"
#include "conformance/movement/tape_session.h"

namespace ntms::conformance {

// The first block of a side with an ANSI volume label.
inline std::string volume_label(const std::string& serial) {
  std::string label(80, ' ');
  label.replace(0, 4, "VOL1");
  label.replace(4, serial.size(), serial);
  label[79] = '4';
  return label;
}

inline LibraryShape two_sided() {
  LibraryShape shape{.slots = 6, .drives = 1, .ports = 1, .media = 3};
  shape.two_sided = true;
  return shape;
}

class TwoSided : public MediaTest {
 protected:
  static constexpr DWORD kPatience = 60'000;  // milliseconds
  static constexpr unsigned kMove = 0xA5;
  static constexpr unsigned kExchange = 0xA6;

  DWORD mount(const Id& side_id, DWORD options = NTMS_MOUNT_READ | NTMS_MOUNT_WRITE) const {
    Id id = side_id;
    Id drive_id;
    return MountNtmsMedia(session(), id.get(), drive_id.get(), 1, options, NTMS_PRIORITY_NORMAL,
                          kPatience, nullptr);
  }
  void dismount(const Id& side_id, DWORD options = NTMS_DISMOUNT_IMMEDIATE) {
    Id id = side_id;
    ASSERT_EQ(DismountNtmsMedia(session(), id.get(), 1, options), ERROR_SUCCESS) << picture();
    const Id cartridge(side_info(side_id).PhysicalMedia);
    ASSERT_TRUE(wait_until([&] {
      return media_info(cartridge).MediaState == static_cast<DWORD>(NTMS_MEDIASTATE_IDLE);
    })) << picture();
  }
  void mounted(unsigned index, unsigned number) {
    ASSERT_EQ(mount(side(index, number)), ERROR_SUCCESS) << picture();
    EXPECT_EQ(emulator().side_up(kDrive, 0), number);
    EXPECT_EQ(Id(media_info(medium(index)).MountedPartition), side(index, number));
    EXPECT_EQ(Id(drive(0).Info.Drive.SavedPartitionId), side(index, number));
  }
  // The cartridge is in its slot with side 0 up, and the drive is empty.
  void expect_home(unsigned index) {
    EXPECT_TRUE(is_in_slot(medium(index), index)) << picture();
    EXPECT_EQ(emulator().side_up(kSlot, index), 0U);
    EXPECT_TRUE(Id(media_info(medium(index)).MountedPartition).is_null());
    EXPECT_TRUE(agree_soon());
  }

  TapeSession tape() { return TapeSession(text(drive(0).Info.Drive.szDeviceName)); }
  void write(const std::string& words) {
    TapeSession session = tape();
    ASSERT_TRUE(session.set_variable_blocks());
    ASSERT_TRUE(session.rewind());
    ASSERT_TRUE(session.write(Bytes(words.begin(), words.end())));
  }
  std::string read() {
    TapeSession session = tape();
    if (!session.set_variable_blocks() || !session.rewind()) return "no tape";
    const auto block = session.read(4096);
    return block ? std::string(block->begin(), block->end()) : "nothing";
  }
  // The first block on a side, past the drive.
  std::string recorded(unsigned index, unsigned number) {
    std::vector<char> block(4096);
    std::size_t length = 0;
    if (ntms_emulator_tape_read(emulator().handle(), robot().bar_code(index).c_str(), number, 0,
                                block.data(), block.size(), &length) != NTMS_EMULATOR_OK) {
      return "nothing";
    }
    return {block.data(), length};
  }
  void record(unsigned index, unsigned number, const std::string& words) {
    ASSERT_EQ(ntms_emulator_tape_append(emulator().handle(), robot().bar_code(index).c_str(),
                                        number, words.data(), words.size()),
              NTMS_EMULATOR_OK);
  }
  // Each side of the cartridge says which one it is.
  void mark(unsigned index) {
    ASSERT_NO_FATAL_FAILURE(record(index, 0, "side 0"));
    ASSERT_NO_FATAL_FAILURE(record(index, 1, "side 1"));
  }
  void expect_side(unsigned index, unsigned number) {
    ASSERT_NO_FATAL_FAILURE(mounted(index, number));
    EXPECT_EQ(read(), "side " + std::to_string(number));
  }
  void take_inventory() {
    Id id = library();
    ASSERT_EQ(InventoryNtmsLibrary(session(), id.get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
    ASSERT_TRUE(wait_for_quiet()) << picture();
  }
  Id last_request(DWORD operation) {
    Id last;
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (rsm().request(id).OperationCode == operation) last = id;
    }
    return last;
  }
  std::vector<BYTE> label_id(unsigned index, unsigned number) {
    const auto info = side_info(side(index, number));
    return {info.OmidLabelId, info.OmidLabelId + info.dwOmidLabelIdLength};
  }
  DWORD move_to_free(unsigned index) {
    return MoveToNtmsMediaPool(session(), medium(index).get(), Id(free_pool()).get());
  }
};

}  // namespace ntms::conformance
