// SPDX-License-Identifier: MIT
// Builds READ ELEMENT STATUS data for tests, right or deliberately wrong.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "scsi/bytes.h"
#include "scsi/element_status.h"

namespace ntms::scsi::testing {

using Buffer = std::vector<std::uint8_t>;

// How the elements are written. The lengths default to what the standard asks for.
struct PageFormat {
  bool volume_tags = false;
  bool device_ids = false;
  std::size_t extra = 0;  // vendor specific bytes after each descriptor
};

inline void append(Buffer& buffer, const std::string& text, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    buffer.push_back(i < text.size() ? static_cast<std::uint8_t>(text[i]) : 0x20);
  }
}

inline Buffer descriptor(const ElementStatus& element, const PageFormat& format) {
  Buffer d(12);
  put_be16(d, 0, element.address);
  d[2] = static_cast<std::uint8_t>(
      (element.full ? 0x01 : 0) | (element.placed_by_operator ? 0x02 : 0) |
      (element.except ? 0x04 : 0) | (element.access ? 0x08 : 0) |
      (element.export_enabled ? 0x10 : 0) | (element.import_enabled ? 0x20 : 0));
  d[4] = element.asc;
  d[5] = element.ascq;
  if (element.source) {
    d[9] = static_cast<std::uint8_t>(0x80 | (element.inverted ? 0x40 : 0));
    put_be16(d, 10, *element.source);
  }
  if (format.volume_tags) {
    append(d, element.volume_tag, 32);
    d.resize(d.size() + 4);
  }
  if (format.device_ids) {
    const DeviceIdentifier id = element.device.value_or(DeviceIdentifier{});
    d.push_back(id.code_set);
    d.push_back(id.type);
    d.push_back(0);
    d.push_back(static_cast<std::uint8_t>(id.text.size()));
    append(d, id.text, 34);
  }
  d.resize(d.size() + format.extra, 0xEE);
  return d;
}

// One page with its header; all elements are of one type.
inline Buffer page(ElementType type, const std::vector<ElementStatus>& elements,
                   const PageFormat& format = {}) {
  Buffer bytes(8);
  for (const ElementStatus& element : elements) {
    const Buffer d = descriptor(element, format);
    bytes.insert(bytes.end(), d.begin(), d.end());
  }
  const std::size_t length = descriptor(ElementStatus{}, format).size();
  bytes[0] = static_cast<std::uint8_t>(type);
  bytes[1] = format.volume_tags ? 0x80 : 0x00;
  put_be16(bytes, 2, static_cast<std::uint32_t>(length));
  put_be24(bytes, 5, static_cast<std::uint32_t>(length * elements.size()));
  return bytes;
}

// The whole reply of some pages.
inline Buffer reply(const std::vector<Buffer>& pages, std::size_t count) {
  Buffer bytes(8);
  for (const Buffer& p : pages) bytes.insert(bytes.end(), p.begin(), p.end());
  put_be16(bytes, 2, static_cast<std::uint32_t>(count));
  put_be24(bytes, 5, static_cast<std::uint32_t>(bytes.size() - 8));
  return bytes;
}

inline Buffer reply(ElementType type, const std::vector<ElementStatus>& elements,
                    const PageFormat& format = {}) {
  return reply({page(type, elements, format)}, elements.size());
}

inline ElementStatus element(ElementType type, std::uint16_t address, bool full = false,
                             std::string tag = {},
                             std::optional<std::uint16_t> source = std::nullopt) {
  ElementStatus status;
  status.type = type;
  status.address = address;
  status.full = full;
  status.access = true;
  status.volume_tag = std::move(tag);
  status.source = source;
  return status;
}

}  // namespace ntms::scsi::testing
