// SPDX-License-Identifier: MIT
// A changer that answers the commands which only read, with the oddities of real ones to switch on.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "device/changer.h"
#include "unit/device/fake_transport.h"
#include "unit/scsi/element_page.h"

namespace ntms::device::testing {

struct FakeChanger {
  Geometry geometry{{1, 1}, {1000, 4}, {16, 1}, {256, 2}};
  std::vector<ElementStatus> elements;  // in ascending order of addresses per type
  std::uint8_t device_type = scsi::kTypeChanger;
  bool no_mode_sense_10 = false;
  bool no_mode_sense_6 = false;
  bool no_capabilities = false;
  bool turns_media = false;
  bool no_vital_pages = false;
  std::array<bool, 5> no_tags{};      // by element type code: refuses VOLTAG
  std::array<bool, 5> no_elements{};  // by element type code: refuses the type
  bool no_device_ids = false;
  bool ignores_count = false;
  std::uint16_t most_elements = 0xFFFF;  // gives at most so many per reply
  std::size_t cut = 0;                   // bytes missing at the end of every element status
  unsigned empty_replies = 0;            // so many element status replies without elements
  std::size_t extra = 0;                 // vendor specific bytes after each descriptor

  // A changer with an element at every address of the geometry.
  static FakeChanger filled(const Geometry& geometry) {
    FakeChanger changer;
    changer.geometry = geometry;
    for (const ElementType type : scsi::kElementTypes) {
      const ElementRange range = geometry.of(type);
      for (std::uint32_t i = 0; i < range.count; ++i) {
        const auto address = static_cast<std::uint16_t>(range.first + i);
        ElementStatus element = scsi::testing::element(type, address);
        if (type == ElementType::storage) {
          element.full = true;
          element.volume_tag = "T" + std::to_string(address);
        }
        if (type == ElementType::data_transfer) {
          element.device = scsi::DeviceIdentifier{
              2, 1, 0, "ACME    TAPE            SN" + std::to_string(address)};
        }
        changer.elements.push_back(element);
      }
    }
    return changer;
  }

  scsi::Reply operator()(const scsi::Command& command) {
    const auto& cdb = command.cdb.bytes;
    switch (command.cdb.opcode()) {
      case scsi::kTestUnitReady:
        return good();
      case scsi::kInquiry:
        return inquiry(cdb[1], cdb[2]);
      case scsi::kModeSense10:
        return no_mode_sense_10 ? check(5, 0x20, 0) : mode_page(cdb[2], 8);
      case scsi::kModeSense6:
        return no_mode_sense_6 ? check(5, 0x20, 0) : mode_page(cdb[2], 4);
      case scsi::kReadElementStatus:
        return element_status(command);
      default:
        return check(5, 0x20, 0);
    }
  }

 private:
  scsi::Reply inquiry(std::uint8_t evpd, std::uint8_t page) const {
    std::vector<std::uint8_t> data{device_type, 0x80, 5, 2, 31, 0, 0, 0};
    if (evpd == 0) {
      scsi::testing::append(data, "ACME", 8);
      scsi::testing::append(data, "ROBOT", 16);
      scsi::testing::append(data, "1.0", 4);
      return good(data);
    }
    if (no_vital_pages) return check(5, 0x24, 0);
    if (page == scsi::kUnitSerialNumberPage) {
      data = {device_type, page, 0, 8};
      scsi::testing::append(data, "CHG42", 8);
    } else {
      data = {device_type, page, 0, 12, 2, 1, 0, 8};
      scsi::testing::append(data, "ACME 42", 8);
    }
    return good(data);
  }

  scsi::Reply mode_page(std::uint8_t page, std::size_t header) const {
    std::vector<std::uint8_t> data(header + 20);
    const std::span<std::uint8_t> body = std::span(data).subspan(header);
    data[header == 4 ? 0 : 1] = static_cast<std::uint8_t>(data.size() - (header == 4 ? 1 : 2));
    body[0] = page;
    body[1] = 18;
    if (page == scsi::kElementAddressAssignmentPage) {
      std::size_t at = 2;
      for (const ElementType type : scsi::kElementTypes) {
        scsi::put_be16(body, at, geometry.of(type).first);
        scsi::put_be16(body, at + 2, geometry.of(type).count);
        at += 4;
      }
      return good(data);
    }
    if (no_capabilities) return check(5, 0x24, 0);
    if (page == scsi::kTransportGeometryPage) {
      body[2] = turns_media ? 0x01 : 0x00;
      return good(data);
    }
    body[2] = 0x0E;
    for (std::size_t i = 4; i < 8; ++i) body[i] = 0x0E;
    return good(data);
  }

  scsi::Reply element_status(const scsi::Command& command) {
    const auto& cdb = command.cdb.bytes;
    const std::uint8_t code = cdb[1] & 0x0F;
    const std::uint16_t start = scsi::get_be16(cdb, 2);
    std::uint16_t count = scsi::get_be16(cdb, 4);
    scsi::testing::PageFormat format;
    format.volume_tags = (cdb[1] & 0x10) != 0;
    format.device_ids = (cdb[6] & 0x01) != 0;
    format.extra = extra;
    EXPECT_GE(code, 1) << "asked for all types at once";
    EXPECT_LE(count, 1000);
    EXPECT_LE(command.data_in_length, 0xFFFFU);
    EXPECT_FALSE(format.volume_tags && format.device_ids);
    EXPECT_TRUE(code == 4 || !format.device_ids);
    if (no_elements.at(code) || (format.volume_tags && no_tags.at(code)) ||
        (format.device_ids && no_device_ids)) {
      return check(5, 0x24, 0);
    }
    if (ignores_count) count = 0xFFFF;
    count = std::min(count, most_elements);
    std::vector<ElementStatus> selected;
    if (empty_replies > 0) {
      --empty_replies;
      count = 0;
    }
    for (const ElementStatus& element : elements) {
      if (selected.size() == count) break;
      if (static_cast<std::uint8_t>(element.type) == code && element.address >= start) {
        selected.push_back(element);
      }
    }
    std::vector<std::uint8_t> data =
        scsi::testing::reply(static_cast<ElementType>(code), selected, format);
    data.resize(std::min(data.size() - std::min(data.size() - 8, cut), command.data_in_length));
    return good(data);
  }
};

}  // namespace ntms::device::testing
