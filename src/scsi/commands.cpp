// SPDX-License-Identifier: MIT
// Command descriptor blocks, written byte by byte.
#include "scsi/commands.h"

#include <algorithm>
#include <utility>

#include "scsi/bytes.h"

namespace ntms::scsi {
namespace {

Command make(std::size_t cdb_length, std::uint8_t opcode,
             std::chrono::milliseconds timeout = kQuickTimeout) {
  Command command;
  command.cdb.length = cdb_length;
  command.cdb.bytes[0] = opcode;
  command.timeout = timeout;
  return command;
}

constexpr std::uint8_t kDisableBlockDescriptors = 0x08;
constexpr std::size_t kStandardInquiryLength = 36;
constexpr std::size_t kPageLength = 252;         // fits every one-byte length
constexpr std::size_t kLogPageLength = 4096;     // a TapeAlert page has 324 bytes
constexpr std::size_t kReportLunsLength = 4096;  // 511 units

Command start_stop(std::uint8_t what, std::chrono::milliseconds timeout) {
  Command command = make(6, kLoadUnload, timeout);
  command.cdb.bytes[4] = what;
  return command;
}

Command open_close(std::uint16_t address, std::uint8_t action) {
  Command command = make(6, kOpenCloseImportExport, kMoveTimeout);
  put_be16(command.cdb.bytes, 2, address);
  command.cdb.bytes[4] = action;
  return command;
}

}  // namespace

Command test_unit_ready() {
  return make(6, kTestUnitReady);
}

Command request_sense() {
  Command command = make(6, kRequestSense);
  command.cdb.bytes[4] = kPageLength;
  command.data_in_length = kPageLength;
  return command;
}

Command inquiry() {
  Command command = make(6, kInquiry);
  put_be16(command.cdb.bytes, 3, kStandardInquiryLength);
  command.data_in_length = kStandardInquiryLength;
  return command;
}

Command inquiry_page(std::uint8_t page) {
  Command command = make(6, kInquiry);
  command.cdb.bytes[1] = 0x01;  // EVPD
  command.cdb.bytes[2] = page;
  put_be16(command.cdb.bytes, 3, kPageLength);
  command.data_in_length = kPageLength;
  return command;
}

Command report_luns() {
  Command command = make(12, kReportLuns);
  put_be32(command.cdb.bytes, 6, kReportLunsLength);
  command.data_in_length = kReportLunsLength;
  return command;
}

Command mode_sense_6(std::uint8_t page) {
  Command command = make(6, kModeSense6);
  command.cdb.bytes[1] = kDisableBlockDescriptors;
  command.cdb.bytes[2] = page;
  command.cdb.bytes[4] = kPageLength;
  command.data_in_length = kPageLength;
  return command;
}

Command mode_sense_10(std::uint8_t page) {
  Command command = make(10, kModeSense10);
  command.cdb.bytes[1] = kDisableBlockDescriptors;
  command.cdb.bytes[2] = page;
  put_be16(command.cdb.bytes, 7, kPageLength);
  command.data_in_length = kPageLength;
  return command;
}

Command read_element_status(const ElementStatusRequest& request) {
  const std::size_t length = std::min<std::size_t>(request.allocation_length, 0xFFFFFF);
  Command command = make(12, kReadElementStatus, kElementStatusTimeout);
  command.cdb.bytes[1] = static_cast<std::uint8_t>((request.volume_tags ? 0x10U : 0U) |
                                                   static_cast<std::uint8_t>(request.type));
  put_be16(command.cdb.bytes, 2, request.start);
  put_be16(command.cdb.bytes, 4, request.count);
  command.cdb.bytes[6] = static_cast<std::uint8_t>((request.without_motion ? 0x02U : 0U) |
                                                   (request.device_ids ? 0x01U : 0U));
  put_be24(command.cdb.bytes, 7, static_cast<std::uint32_t>(length));
  command.data_in_length = length;
  return command;
}

Command initialize_element_status() {
  return make(6, kInitializeElementStatus, kInitializeTimeout);
}

Command initialize_element_status_with_range(std::uint16_t start, std::uint16_t count, bool fast) {
  Command command = make(10, kInitializeElementStatusWithRange, kInitializeTimeout);
  command.cdb.bytes[1] = fast ? 0x03 : 0x01;  // FAST, RANGE
  put_be16(command.cdb.bytes, 2, start);
  put_be16(command.cdb.bytes, 6, count);
  return command;
}

Command move_medium(std::uint16_t transport, std::uint16_t source, std::uint16_t destination,
                    bool invert) {
  Command command = make(12, kMoveMedium, kMoveTimeout);
  put_be16(command.cdb.bytes, 2, transport);
  put_be16(command.cdb.bytes, 4, source);
  put_be16(command.cdb.bytes, 6, destination);
  command.cdb.bytes[10] = invert ? 0x01 : 0x00;
  return command;
}

Command exchange_medium(std::uint16_t transport, std::uint16_t source,
                        std::uint16_t first_destination, std::uint16_t second_destination) {
  Command command = make(12, kExchangeMedium, 2 * kMoveTimeout);
  put_be16(command.cdb.bytes, 2, transport);
  put_be16(command.cdb.bytes, 4, source);
  put_be16(command.cdb.bytes, 6, first_destination);
  put_be16(command.cdb.bytes, 8, second_destination);
  return command;
}

Command position_to_element(std::uint16_t transport, std::uint16_t destination) {
  Command command = make(10, kPositionToElement, kMoveTimeout);
  put_be16(command.cdb.bytes, 2, transport);
  put_be16(command.cdb.bytes, 4, destination);
  return command;
}

Command prevent_allow_medium_removal(bool prevent) {
  Command command = make(6, kPreventAllow);
  command.cdb.bytes[4] = prevent ? 0x01 : 0x00;
  return command;
}

Command open_import_export_element(std::uint16_t address) {
  return open_close(address, 0);
}
Command close_import_export_element(std::uint16_t address) {
  return open_close(address, 1);
}

Command load_tape(std::chrono::milliseconds timeout) {
  return start_stop(0x01, timeout);
}
Command unload_tape(std::chrono::milliseconds timeout) {
  return start_stop(0x00, timeout);
}
Command load_disk(std::chrono::milliseconds timeout) {
  return start_stop(0x03, timeout);
}
Command eject_disk(std::chrono::milliseconds timeout) {
  return start_stop(0x02, timeout);
}

Command rewind_tape() {
  return make(6, kRewind, kLoadTimeout);
}

Command read_block(std::uint32_t length, bool fixed) {
  Command command = make(6, kRead6, kLoadTimeout);
  command.cdb.bytes[1] = fixed ? 0x01 : 0x02;  // FIXED, or SILI: the length is not known
  put_be24(command.cdb.bytes, 2, fixed ? 1 : length);
  command.data_in_length = length;
  return command;
}

Command write_block(std::vector<std::uint8_t> data) {
  Command command = make(6, kWrite6, kLoadTimeout);
  put_be24(command.cdb.bytes, 2, static_cast<std::uint32_t>(data.size()));
  command.data_out = std::move(data);
  return command;
}

Command write_filemarks(std::uint32_t count) {
  Command command = make(6, kWriteFilemarks6, kLoadTimeout);
  put_be24(command.cdb.bytes, 2, count);
  return command;
}

Command mode_sense_block_descriptor() {
  constexpr std::uint8_t kHeaderAndDescriptor = 12;
  Command command = make(6, kModeSense6);
  command.cdb.bytes[4] = kHeaderAndDescriptor;
  command.data_in_length = kHeaderAndDescriptor;
  return command;
}

Command mode_select_block_length(std::uint32_t length) {
  Command command = make(6, kModeSelect6);
  command.cdb.bytes[1] = 0x10;  // PF
  command.cdb.bytes[4] = 12;
  command.data_out.assign(12, 0);
  command.data_out[2] = 0x10;  // buffered mode, as drives are used
  command.data_out[3] = 8;     // the block descriptor's length
  put_be24(command.data_out, 9, length);
  return command;
}

Command log_sense(std::uint8_t page) {
  constexpr std::uint8_t kCumulative = 0x40;  // PC 01b
  Command command = make(10, kLogSense);
  command.cdb.bytes[2] = kCumulative | page;
  put_be16(command.cdb.bytes, 7, kLogPageLength);
  command.data_in_length = kLogPageLength;
  return command;
}

Command reserve_unit() {
  return make(6, kReserve);
}
Command release_unit() {
  return make(6, kRelease);
}

std::string_view command_name(std::uint8_t opcode, bool changer) {
  switch (opcode) {
    case kTestUnitReady:
      return "TEST UNIT READY";
    case kRewind:
      return "REWIND";
    case kRead6:
      return "READ (6)";
    case kWrite6:
      return "WRITE (6)";
    case kWriteFilemarks6:
      return "WRITE FILEMARKS (6)";
    case kModeSelect6:
      return "MODE SELECT (6)";
    case kRequestSense:
      return "REQUEST SENSE";
    case kInitializeElementStatus:
      return "INITIALIZE ELEMENT STATUS";
    case kInquiry:
      return "INQUIRY";
    case kReserve:
      return "RESERVE";
    case kRelease:
      return "RELEASE";
    case kModeSense6:
      return "MODE SENSE (6)";
    case kLoadUnload:
      return changer ? "OPEN/CLOSE IMPORT/EXPORT ELEMENT" : "LOAD UNLOAD";
    case kPreventAllow:
      return "PREVENT ALLOW MEDIUM REMOVAL";
    case kPositionToElement:
      return "POSITION TO ELEMENT";
    case kInitializeElementStatusWithRange:
      return "INITIALIZE ELEMENT STATUS WITH RANGE";
    case kLogSense:
      return "LOG SENSE";
    case kModeSense10:
      return "MODE SENSE (10)";
    case kReportLuns:
      return "REPORT LUNS";
    case kMoveMedium:
      return "MOVE MEDIUM";
    case kExchangeMedium:
      return "EXCHANGE MEDIUM";
    case kReadElementStatus:
      return "READ ELEMENT STATUS";
    default:
      return "command";
  }
}

}  // namespace ntms::scsi
