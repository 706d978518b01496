// SPDX-License-Identifier: MIT
// Element status pages and descriptors, as tolerant as real changers demand.
#include "scsi/element_status.h"

#include <algorithm>

#include "scsi/malformed.h"
#include "scsi/text.h"

namespace ntms::scsi {
namespace {

constexpr std::size_t kHeader = 8;
constexpr std::size_t kPageHeader = 8;
constexpr std::size_t kFixedPart = 12;         // of a descriptor, before the volume tags
constexpr std::size_t kVolumeTag = 36;         // identifier, reserved bytes, sequence number
constexpr std::size_t kVolumeIdentifier = 32;  // the part of a volume tag that is the bar code
constexpr std::size_t kIdentifierHeader = 4;   // of a drive's identifier
constexpr std::size_t kLeastDescriptor = 3;    // address and flags

struct Page {
  ElementType type = ElementType::storage;
  bool primary_tag = false;
  bool alternate_tag = false;
};

bool bit(std::uint8_t byte, unsigned number) {
  return (byte >> number & 1U) != 0;
}

// The bar code of the volume tag at `at`. Of a tag that was cut short it is known to be whole when
// padding follows it; otherwise there is none, rather than half of one.
std::string volume_tag(Bytes descriptor, std::size_t at) {
  if (descriptor.size() <= at) return {};
  const std::size_t arrived = std::min(descriptor.size() - at, kVolumeIdentifier);
  std::string tag = text_field(descriptor.subspan(at, arrived));
  if (arrived < kVolumeIdentifier && tag.size() == arrived) return {};
  return tag;
}

// The drive's identifier behind the volume tags, if one arrived whole.
std::optional<DeviceIdentifier> drive_identifier(Bytes descriptor, std::size_t at) {
  if (descriptor.size() < at + kIdentifierHeader) return std::nullopt;
  const std::size_t length = descriptor[at + 3];
  if (length == 0 || descriptor.size() - at - kIdentifierHeader < length) return std::nullopt;
  DeviceIdentifier identifier;
  identifier.code_set = descriptor[at] & 0x0F;
  identifier.type = descriptor[at + 1] & 0x0F;
  identifier.text =
      identifier_text(identifier.code_set, descriptor.subspan(at + kIdentifierHeader, length));
  if (identifier.text.empty()) return std::nullopt;
  return identifier;
}

// `descriptor`: as much of it as arrived, at least kLeastDescriptor bytes.
ElementStatus parse_descriptor(Bytes descriptor, const Page& page) {
  ElementStatus element;
  element.type = page.type;
  element.address = get_be16(descriptor, 0);
  const std::uint8_t flags = descriptor[2];
  element.full = bit(flags, 0);
  element.except = bit(flags, 2);
  element.access = bit(flags, 3);
  if (page.type == ElementType::import_export) {
    element.placed_by_operator = bit(flags, 1);
    element.export_enabled = bit(flags, 4);
    element.import_enabled = bit(flags, 5);
  }
  if (descriptor.size() >= 6) {
    element.asc = descriptor[4];
    element.ascq = descriptor[5];
  }
  if (page.type == ElementType::data_transfer && descriptor.size() >= 8) {
    if (bit(descriptor[6], 4)) element.scsi_lun = descriptor[6] & 0x07;
    if (bit(descriptor[6], 5)) element.scsi_id = descriptor[7];
    element.other_bus = bit(descriptor[6], 7);
  }
  if (descriptor.size() >= kFixedPart && bit(descriptor[9], 7)) {
    element.inverted = bit(descriptor[9], 6);
    element.source = get_be16(descriptor, 10);
  }
  std::size_t at = kFixedPart;
  if (page.primary_tag) {
    element.volume_tag = volume_tag(descriptor, at);
    at += kVolumeTag;
  }
  if (page.alternate_tag) {
    element.alternate_tag = volume_tag(descriptor, at);
    at += kVolumeTag;
  }
  if (page.type == ElementType::data_transfer) element.device = drive_identifier(descriptor, at);
  return element;
}

}  // namespace

Result<ElementStatusReport> parse_element_status(Bytes data) {
  if (data.size() < kHeader) return malformed("READ ELEMENT STATUS reply shorter than its header");
  ElementStatusReport report;
  report.first = get_be16(data, 0);
  report.count = get_be16(data, 2);
  report.byte_count = get_be24(data, 5);
  data = data.first(std::min<std::size_t>(data.size(), kHeader + report.byte_count));

  std::vector<bool> seen(0x10000);
  std::size_t at = kHeader;
  while (at + kPageHeader <= data.size()) {
    const std::optional<ElementType> type = element_type_from_code(data[at] & 0x0F);
    const std::size_t length = get_be16(data, at + 2);
    const std::size_t announced_end = at + kPageHeader + get_be24(data, at + 5);
    const std::size_t end = std::min(announced_end, data.size());
    Page page;
    page.primary_tag = bit(data[at + 1], 7);
    page.alternate_tag = bit(data[at + 1], 6);
    at += kPageHeader;
    if (!type || announced_end == at) {
      at = end;
      continue;
    }
    if (length < kLeastDescriptor) {
      return malformed("READ ELEMENT STATUS page with a descriptor length of " +
                       std::to_string(length));
    }
    page.type = *type;
    report.volume_tags = report.volume_tags || page.primary_tag;
    for (; at + kLeastDescriptor <= end; at += length) {
      const std::size_t arrived = std::min(length, end - at);
      ElementStatus element = parse_descriptor(data.subspan(at, arrived), page);
      if (seen[element.address]) continue;
      seen[element.address] = true;
      report.last_cut_short = arrived < length;
      report.elements.push_back(std::move(element));
    }
    at = end;
  }
  return report;
}

}  // namespace ntms::scsi
