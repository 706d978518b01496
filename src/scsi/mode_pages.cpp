// SPDX-License-Identifier: MIT
// The mode pages of changers.
#include "scsi/mode_pages.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "scsi/malformed.h"
#include "scsi/text.h"

namespace ntms::scsi {
namespace {

constexpr std::size_t kPageHeader = 2;
constexpr std::size_t kSubpageHeader = 4;

std::string page_name(std::uint8_t page) {
  return "mode page " + hex_field(Bytes(&page, 1)) + "h";
}

unsigned index_of(ElementType type) {
  return static_cast<unsigned>(type) - 1U;
}

bool bit_of(std::uint8_t bits, ElementType type) {
  return (bits >> index_of(type) & 1U) != 0;
}

}  // namespace

Result<Bytes> find_mode_page(Bytes data, ModeSense form, std::uint8_t page) {
  const bool six = form == ModeSense::six;
  const std::size_t header = six ? 4 : 8;
  if (data.size() < header) return malformed("MODE SENSE reply shorter than its header");
  // The length field does not count itself.
  const std::size_t announced = six ? std::size_t{data[0]} + 1 : std::size_t{get_be16(data, 0)} + 2;
  const std::size_t descriptors = six ? data[3] : get_be16(data, 6);
  const std::size_t end = std::min(announced, data.size());

  std::size_t at = header + descriptors;
  while (at + kPageHeader <= end) {
    const bool subpage = (data[at] & 0x40) != 0;
    if (subpage && at + kSubpageHeader > end) break;
    const std::size_t length =
        subpage ? kSubpageHeader + get_be16(data, at + 2) : kPageHeader + std::size_t{data[at + 1]};
    if (!subpage && (data[at] & 0x3F) == page) {
      return data.subspan(at, std::min(length, end - at));
    }
    at += length;
  }
  return malformed(page_name(page) + " is not in the MODE SENSE reply");
}

const ElementRange& ElementAddressAssignment::of(ElementType type) const {
  switch (type) {
    case ElementType::transport:
      return transport;
    case ElementType::import_export:
      return import_export;
    case ElementType::data_transfer:
      return data_transfer;
    case ElementType::storage:
      break;
  }
  return storage;
}

ElementRange& ElementAddressAssignment::of(ElementType type) {
  return const_cast<ElementRange&>(std::as_const(*this).of(type));
}

Result<ElementAddressAssignment> parse_element_address_assignment(Bytes page) {
  if (page.size() < 18 || (page[0] & 0x3F) != kElementAddressAssignmentPage) {
    return malformed(page_name(kElementAddressAssignmentPage) + " is not complete");
  }
  const auto range = [page](std::size_t at) {
    return ElementRange{get_be16(page, at), get_be16(page, at + 2)};
  };
  ElementAddressAssignment assignment;
  assignment.transport = range(2);
  assignment.storage = range(6);
  assignment.import_export = range(10);
  assignment.data_transfer = range(14);
  return assignment;
}

Result<bool> parse_transport_rotates(Bytes page) {
  constexpr std::uint8_t kRotate = 0x01;
  if (page.size() < kPageHeader + 1 || (page[0] & 0x3F) != kTransportGeometryPage) {
    return malformed(page_name(kTransportGeometryPage) + " is not complete");
  }
  return (page[kPageHeader] & kRotate) != 0;
}

bool DeviceCapabilitiesPage::can_store(ElementType type) const {
  return bit_of(stores, type);
}

bool DeviceCapabilitiesPage::can_move(ElementType source, ElementType destination) const {
  return bit_of(moves[index_of(source)], destination);
}

bool DeviceCapabilitiesPage::can_exchange(ElementType source, ElementType destination) const {
  return bit_of(exchanges[index_of(source)], destination);
}

Result<DeviceCapabilitiesPage> parse_device_capabilities(Bytes page) {
  if (page.size() < 8 || (page[0] & 0x3F) != kDeviceCapabilitiesPage) {
    return malformed(page_name(kDeviceCapabilitiesPage) + " is not complete");
  }
  DeviceCapabilitiesPage capabilities;
  capabilities.stores = page[2] & 0x0F;
  for (std::size_t i = 0; i < 4; ++i) {
    capabilities.moves[i] = page[4 + i] & 0x0F;
    if (page.size() > 12 + i) capabilities.exchanges[i] = page[12 + i] & 0x0F;
  }
  return capabilities;
}

}  // namespace ntms::scsi
