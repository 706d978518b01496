// SPDX-License-Identifier: MIT
// INQUIRY data and the vital product data pages that identify a device. The parsers take the bytes
// that really arrived, never read past them, and report the fields that are there. Pure functions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/error.h"
#include "scsi/bytes.h"

namespace ntms::scsi {

inline constexpr std::uint8_t kUnitSerialNumberPage = 0x80;
inline constexpr std::uint8_t kDeviceIdentificationPage = 0x83;

// Standard INQUIRY data (SPC-4 6.4.2).
struct InquiryData {
  std::uint8_t qualifier = 0;    // 0: a device is connected; 1 and 3: none
  std::uint8_t device_type = 0;  // kTypeTape, kTypeChanger, ...; 1Fh: unknown or none
  bool removable = false;
  std::string vendor;    // trimmed, up to 8 characters
  std::string product;   // trimmed, up to 16 characters
  std::string revision;  // trimmed, up to 4 characters
};

// Error (ERROR_INVALID_DATA): fewer than the 5 bytes that tell the device type and the length.
Result<InquiryData> parse_inquiry(Bytes data);

// The unit serial number (page 80h), trimmed; may be empty.
// Error (ERROR_INVALID_DATA): too short, or another page.
Result<std::string> parse_serial_number(Bytes data);

// Code sets and designator types told apart here (SPC-4 7.8.6.1).
inline constexpr std::uint8_t kCodeSetBinary = 1;
inline constexpr std::uint8_t kCodeSetAscii = 2;
inline constexpr std::uint8_t kCodeSetUtf8 = 3;
inline constexpr std::uint8_t kDesignatorVendorSpecific = 0;
inline constexpr std::uint8_t kDesignatorT10 = 1;
inline constexpr std::uint8_t kDesignatorEui64 = 2;
inline constexpr std::uint8_t kDesignatorNaa = 3;

// One identifier of a device: a designator of page 83h, or what READ ELEMENT STATUS with DVCID
// reports for a drive (which has no association).
struct DeviceIdentifier {
  std::uint8_t code_set = 0;
  std::uint8_t type = 0;
  std::uint8_t association = 0;  // 0: the logical unit, 1: the target port, 2: the target device
  std::string text;  // ASCII and UTF-8: the text, trailing pad removed; binary: upper-case hex

  bool operator==(const DeviceIdentifier&) const = default;
};

// Turns an identifier's bytes into text according to its code set.
std::string identifier_text(std::uint8_t code_set, Bytes identifier);

// The designators of page 83h in their order; a designator that was cut off is left out.
// Error (ERROR_INVALID_DATA): too short, or another page.
Result<std::vector<DeviceIdentifier>> parse_device_identification(Bytes data);

}  // namespace ntms::scsi
