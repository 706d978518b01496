// SPDX-License-Identifier: MIT
// Command descriptor blocks against the standards' tables.
#include "scsi/commands.h"

#include <gtest/gtest.h>

namespace ntms::scsi {
namespace {

using Block = std::vector<int>;

Block block(const Command& command) {
  return {command.cdb.bytes.begin(),
          command.cdb.bytes.begin() + static_cast<std::ptrdiff_t>(command.cdb.length)};
}

TEST(Commands, WithoutData) {
  EXPECT_EQ(block(test_unit_ready()), (Block{0x00, 0, 0, 0, 0, 0}));
  EXPECT_EQ(block(initialize_element_status()), (Block{0x07, 0, 0, 0, 0, 0}));
  EXPECT_EQ(block(initialize_element_status_with_range(0x0102, 0x0304)),
            (Block{0x37, 0x01, 0x01, 0x02, 0, 0, 0x03, 0x04, 0, 0}));
  EXPECT_EQ(block(initialize_element_status_with_range(1, 2, true))[1], 0x03);
  EXPECT_EQ(block(move_medium(0x0001, 0x1002, 0x2003)),
            (Block{0xA5, 0, 0x00, 0x01, 0x10, 0x02, 0x20, 0x03, 0, 0, 0, 0}));
  EXPECT_EQ(block(move_medium(1, 2, 3, true))[10], 0x01);
  EXPECT_EQ(block(exchange_medium(0x0001, 0x1002, 0x2003, 0x3004)),
            (Block{0xA6, 0, 0x00, 0x01, 0x10, 0x02, 0x20, 0x03, 0x30, 0x04, 0, 0}));
  EXPECT_EQ(block(position_to_element(1, 0x0203)), (Block{0x2B, 0, 0, 1, 0x02, 0x03, 0, 0, 0, 0}));
  EXPECT_EQ(block(prevent_allow_medium_removal(true)), (Block{0x1E, 0, 0, 0, 1, 0}));
  EXPECT_EQ(block(prevent_allow_medium_removal(false)), (Block{0x1E, 0, 0, 0, 0, 0}));
  EXPECT_EQ(block(open_import_export_element(0x0102)), (Block{0x1B, 0, 0x01, 0x02, 0, 0}));
  EXPECT_EQ(block(close_import_export_element(0x0102)), (Block{0x1B, 0, 0x01, 0x02, 1, 0}));
  EXPECT_EQ(block(load_tape()), (Block{0x1B, 0, 0, 0, 1, 0}));
  EXPECT_EQ(block(unload_tape()), (Block{0x1B, 0, 0, 0, 0, 0}));
  EXPECT_EQ(block(eject_disk()), (Block{0x1B, 0, 0, 0, 2, 0}));
  EXPECT_EQ(block(load_disk()), (Block{0x1B, 0, 0, 0, 3, 0}));
  EXPECT_EQ(block(reserve_unit()), (Block{0x16, 0, 0, 0, 0, 0}));
  EXPECT_EQ(block(release_unit()), (Block{0x17, 0, 0, 0, 0, 0}));
  for (const Command& command : {test_unit_ready(), move_medium(1, 2, 3), load_tape()}) {
    EXPECT_EQ(command.data_in_length, 0U);
    EXPECT_TRUE(command.data_out.empty());
  }
}

TEST(Commands, WithDataIn) {
  EXPECT_EQ(block(inquiry()), (Block{0x12, 0, 0, 0, 36, 0}));
  EXPECT_EQ(inquiry().data_in_length, 36U);
  EXPECT_EQ(block(inquiry_page(0x83)), (Block{0x12, 1, 0x83, 0, 252, 0}));
  EXPECT_EQ(block(request_sense()), (Block{0x03, 0, 0, 0, 252, 0}));
  EXPECT_EQ(block(mode_sense_6(0x1D)), (Block{0x1A, 8, 0x1D, 0, 252, 0}));
  EXPECT_EQ(block(mode_sense_10(0x1D)), (Block{0x5A, 8, 0x1D, 0, 0, 0, 0, 0, 252, 0}));
  EXPECT_EQ(block(report_luns()), (Block{0xA0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0, 0, 0}));
  EXPECT_EQ(report_luns().data_in_length, 4096U);
}

TEST(Commands, MotionIsGivenMinutes) {
  EXPECT_GE(move_medium(1, 2, 3).timeout, std::chrono::minutes(5));
  EXPECT_GE(initialize_element_status().timeout, std::chrono::minutes(30));
  EXPECT_EQ(load_tape(std::chrono::hours(2)).timeout, std::chrono::hours(2));
}

TEST(Commands, NamesDependOnTheDevice) {
  EXPECT_EQ(command_name(kMoveMedium, true), "MOVE MEDIUM");
  EXPECT_EQ(command_name(kLoadUnload, true), "OPEN/CLOSE IMPORT/EXPORT ELEMENT");
  EXPECT_EQ(command_name(kLoadUnload, false), "LOAD UNLOAD");
  EXPECT_EQ(command_name(0xEE, true), "command");
}

}  // namespace
}  // namespace ntms::scsi
