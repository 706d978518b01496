// SPDX-License-Identifier: MIT
// Encoders for the commands a changer and a drive understand. Each returns a complete Command with
// a time-out that suits the slowest device known; callers may change `timeout` before sending.
// All functions are pure and may be called from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "scsi/element_type.h"
#include "scsi/transport.h"

namespace ntms::scsi {

// Operation codes (SPC-4, SMC-3, SSC-4). 1Bh means OPEN/CLOSE IMPORT/EXPORT ELEMENT to a changer,
// LOAD UNLOAD to a tape drive and START STOP UNIT to a disk.
inline constexpr std::uint8_t kTestUnitReady = 0x00;
inline constexpr std::uint8_t kRewind = 0x01;
inline constexpr std::uint8_t kRequestSense = 0x03;
inline constexpr std::uint8_t kInitializeElementStatus = 0x07;
inline constexpr std::uint8_t kRead6 = 0x08;
inline constexpr std::uint8_t kWrite6 = 0x0A;
inline constexpr std::uint8_t kWriteFilemarks6 = 0x10;
inline constexpr std::uint8_t kInquiry = 0x12;
inline constexpr std::uint8_t kModeSelect6 = 0x15;
inline constexpr std::uint8_t kReserve = 0x16;
inline constexpr std::uint8_t kRelease = 0x17;
inline constexpr std::uint8_t kModeSense6 = 0x1A;
inline constexpr std::uint8_t kLoadUnload = 0x1B;
inline constexpr std::uint8_t kOpenCloseImportExport = 0x1B;
inline constexpr std::uint8_t kPreventAllow = 0x1E;
inline constexpr std::uint8_t kPositionToElement = 0x2B;
inline constexpr std::uint8_t kInitializeElementStatusWithRange = 0x37;
inline constexpr std::uint8_t kLogSense = 0x4D;
inline constexpr std::uint8_t kModeSense10 = 0x5A;
inline constexpr std::uint8_t kReportLuns = 0xA0;
inline constexpr std::uint8_t kMoveMedium = 0xA5;
inline constexpr std::uint8_t kExchangeMedium = 0xA6;
inline constexpr std::uint8_t kReadElementStatus = 0xB8;

// Peripheral device types (SPC-4 6.4.2).
inline constexpr std::uint8_t kTypeDisk = 0x00;
inline constexpr std::uint8_t kTypeTape = 0x01;
inline constexpr std::uint8_t kTypeCdDvd = 0x05;
inline constexpr std::uint8_t kTypeOptical = 0x07;
inline constexpr std::uint8_t kTypeChanger = 0x08;

// Time-outs. Moves are minutes, not seconds: basic changers need one minute from slot to slot, and
// a move into a drive may wait for the drive to take the cartridge.
inline constexpr std::chrono::milliseconds kQuickTimeout = std::chrono::seconds(30);
inline constexpr std::chrono::milliseconds kElementStatusTimeout = std::chrono::minutes(5);
inline constexpr std::chrono::milliseconds kMoveTimeout = std::chrono::minutes(15);
inline constexpr std::chrono::milliseconds kInitializeTimeout = std::chrono::hours(1);
inline constexpr std::chrono::milliseconds kLoadTimeout = std::chrono::minutes(15);

// The largest allocation length used: some changers read only the low 16 of its 24 bits.
inline constexpr std::size_t kMaxElementStatusLength = 0xFFFF;

// SPC-4 6.47.
Command test_unit_ready();

// SPC-4 6.39; fixed or descriptor format as the device prefers.
Command request_sense();

// Standard INQUIRY data (SPC-4 6.4.2), 36 bytes, which every device can give.
Command inquiry();

// One vital product data page (SPC-4 7.8), e.g. 80h or 83h.
Command inquiry_page(std::uint8_t page);

// SPC-4 6.33, SELECT REPORT 0.
Command report_luns();

// Current values of one mode page without block descriptors (SPC-4 6.11 and 6.12).
Command mode_sense_6(std::uint8_t page);
Command mode_sense_10(std::uint8_t page);

// What READ ELEMENT STATUS (SMC-3 6.11) is asked for: always one type.
struct ElementStatusRequest {
  ElementType type = ElementType::storage;
  std::uint16_t start = 0;      // lowest element address wanted
  std::uint16_t count = 1;      // at most so many descriptors; some devices ignore it
  bool volume_tags = false;     // VOLTAG: with bar codes
  bool device_ids = false;      // DVCID: with the identifiers of the drives
  bool without_motion = false;  // CURDATA: the device must not move the arm to find out
  std::size_t allocation_length = kMaxElementStatusLength;  // bytes, at most 16,777,215
};
Command read_element_status(const ElementStatusRequest& request);

// All elements (SMC-3 6.4): the arm may look at every slot, which can take very long.
Command initialize_element_status();

// `count` elements from `start` on (SMC-3 6.5, RANGE set). `fast`: presence only, no bar codes.
Command initialize_element_status_with_range(std::uint16_t start, std::uint16_t count,
                                             bool fast = false);

// Moves a medium (SMC-3 6.6). `transport`: the arm's element address, 0 for the default one.
// `invert`: turn the medium over on the way.
Command move_medium(std::uint16_t transport, std::uint16_t source, std::uint16_t destination,
                    bool invert = false);

// Moves a medium from `source` to `first_destination` and what was there to `second_destination`
// (SMC-3 6.3).
Command exchange_medium(std::uint16_t transport, std::uint16_t source,
                        std::uint16_t first_destination, std::uint16_t second_destination);

// Positions the arm in front of an element (SMC-3 6.8).
Command position_to_element(std::uint16_t transport, std::uint16_t destination);

// Locks (true) or releases ports, magazines or the drive's medium (SPC-4 6.13, SMC-3 6.9).
Command prevent_allow_medium_removal(bool prevent);

// Extends or retracts a port (SMC-3 6.7): action code 0 opens, 1 closes.
Command open_import_export_element(std::uint16_t address);
Command close_import_export_element(std::uint16_t address);

// Loads or unloads the medium of a tape drive (SSC-4 7.4). Waits for the end of it.
Command load_tape(std::chrono::milliseconds timeout = kLoadTimeout);
Command unload_tape(std::chrono::milliseconds timeout = kLoadTimeout);

// Loads or ejects the medium of a disk, optical or CD drive (SBC-3 5.25 START STOP UNIT with LOEJ).
Command load_disk(std::chrono::milliseconds timeout = kLoadTimeout);
Command eject_disk(std::chrono::milliseconds timeout = kLoadTimeout);

// SSC-4 commands on the medium in a tape drive. REWIND and WRITE FILEMARKS wait for their end.
// READ(6) asks for one block of up to `length` bytes (at most 16 MiB - 1) whatever its length, or,
// with `fixed`, for one block of the drive's block length, which must be `length`. WRITE(6) writes
// one block of the data's length, without `fixed` whatever the drive's block length is.
Command rewind_tape();
Command read_block(std::uint32_t length, bool fixed = false);
Command write_block(std::vector<std::uint8_t> data);
Command write_filemarks(std::uint32_t count);

// MODE SENSE(6) for the header and the block descriptor, and MODE SELECT(6) that sets the block
// length (0: blocks of any length) and leaves the density as it is (SPC-4 6.11, 7.5.5).
Command mode_sense_block_descriptor();
Command mode_select_block_length(std::uint32_t length);

// LOG SENSE of a page's cumulative values (SPC-4 6.6), e.g. kTapeAlertPage.
Command log_sense(std::uint8_t page);

// Reserves or releases the whole unit for this initiator (SPC-2 7.21 and 7.17).
Command reserve_unit();
Command release_unit();

// The command's name for messages, e.g. "MOVE MEDIUM"; "command" when it is not one of the above.
// `changer`: whether 1Bh is meant for a changer.
std::string_view command_name(std::uint8_t opcode, bool changer);

}  // namespace ntms::scsi
