// SPDX-License-Identifier: MIT
// INQUIRY data and vital product data pages.
#include "scsi/inquiry.h"

#include <algorithm>

#include "scsi/malformed.h"
#include "scsi/text.h"

namespace ntms::scsi {
namespace {

constexpr std::size_t kPageHeader = 4;
constexpr std::size_t kDesignatorHeader = 4;

// The part of [at, at + length) that arrived.
Bytes part(Bytes data, std::size_t at, std::size_t length) {
  if (at >= data.size()) return {};
  return data.subspan(at, std::min(length, data.size() - at));
}

// The contents of a vital product data page, excess removed.
Result<Bytes> page_contents(Bytes data, std::uint8_t page) {
  if (data.size() < kPageHeader) return malformed("INQUIRY page shorter than its header");
  if (data[1] != page) {
    return malformed("INQUIRY page " + hex_field(Bytes(&page, 1)) +
                     "h was asked for, another one came");
  }
  return part(data, kPageHeader, get_be16(data, 2));
}

}  // namespace

Result<InquiryData> parse_inquiry(Bytes data) {
  if (data.size() < 5) return malformed("INQUIRY data shorter than five bytes");
  InquiryData inquiry;
  inquiry.qualifier = data[0] >> 5;
  inquiry.device_type = data[0] & 0x1F;
  inquiry.removable = (data[1] & 0x80) != 0;
  const Bytes announced = part(data, 0, std::size_t{data[4]} + 5);
  inquiry.vendor = trimmed(text_field(part(announced, 8, 8)));
  inquiry.product = trimmed(text_field(part(announced, 16, 16)));
  inquiry.revision = trimmed(text_field(part(announced, 32, 4)));
  return inquiry;
}

Result<std::string> parse_serial_number(Bytes data) {
  const Result<Bytes> contents = page_contents(data, kUnitSerialNumberPage);
  if (!contents) return contents.error();
  return trimmed(text_field(*contents));
}

std::string identifier_text(std::uint8_t code_set, Bytes identifier) {
  if (code_set == kCodeSetAscii || code_set == kCodeSetUtf8) return text_field(identifier);
  return hex_field(identifier);
}

Result<std::vector<DeviceIdentifier>> parse_device_identification(Bytes data) {
  const Result<Bytes> contents = page_contents(data, kDeviceIdentificationPage);
  if (!contents) return contents.error();
  std::vector<DeviceIdentifier> designators;
  Bytes rest = *contents;
  while (rest.size() >= kDesignatorHeader) {
    const std::size_t length = rest[3];
    if (rest.size() - kDesignatorHeader < length) break;  // cut off: half an identifier is none
    DeviceIdentifier designator;
    designator.code_set = rest[0] & 0x0F;
    designator.association = (rest[1] >> 4) & 0x03;
    designator.type = rest[1] & 0x0F;
    designator.text = identifier_text(designator.code_set, rest.subspan(kDesignatorHeader, length));
    if (length != 0) designators.push_back(std::move(designator));
    rest = rest.subspan(kDesignatorHeader + length);
  }
  return designators;
}

}  // namespace ntms::scsi
