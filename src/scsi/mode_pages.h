// SPDX-License-Identifier: MIT
// The mode pages that describe a changer (SMC-3 7.3). Pure functions over the bytes that arrived.
#pragma once

#include <array>
#include <cstdint>

#include "base/error.h"
#include "scsi/bytes.h"
#include "scsi/element_type.h"

namespace ntms::scsi {

inline constexpr std::uint8_t kElementAddressAssignmentPage = 0x1D;
inline constexpr std::uint8_t kTransportGeometryPage = 0x1E;
inline constexpr std::uint8_t kDeviceCapabilitiesPage = 0x1F;

// Which MODE SENSE the reply belongs to: their headers differ.
enum class ModeSense { six, ten };

// Finds a page in a MODE SENSE reply. The result begins with the page code byte, holds what arrived
// of the page, and refers to `data`.
// Error (ERROR_INVALID_DATA): the header is cut short or the page is not there.
Result<Bytes> find_mode_page(Bytes data, ModeSense form, std::uint8_t page);

// `count` consecutive element addresses from `first` on.
struct ElementRange {
  std::uint16_t first = 0;
  std::uint16_t count = 0;

  bool contains(std::uint32_t address) const { return address >= first && address - first < count; }
  bool operator==(const ElementRange&) const = default;
};

// Page 1Dh: where the elements of each type are (SMC-3 7.3.3).
struct ElementAddressAssignment {
  ElementRange transport, storage, import_export, data_transfer;

  const ElementRange& of(ElementType type) const;
  ElementRange& of(ElementType type);
  bool operator==(const ElementAddressAssignment&) const = default;
};

// Error (ERROR_INVALID_DATA): a different page or not all of its 18 bytes.
Result<ElementAddressAssignment> parse_element_address_assignment(Bytes page);

// Page 1Eh: whether the first medium transport element turns media over, its ROTATE bit (SMC-3
// 7.3.5).
// Error (ERROR_INVALID_DATA): a different page or no descriptor.
Result<bool> parse_transport_rotates(Bytes page);

// Page 1Fh: what can hold media, and which moves and exchanges the device claims (SMC-3 7.3.2).
// Advice only: libraries have been seen with this matrix shifted by a bit.
struct DeviceCapabilitiesPage {
  std::uint8_t stores = 0;  // bit (type - 1): such elements can hold media
  // [source type - 1], bit (destination type - 1)
  std::array<std::uint8_t, 4> moves{};
  std::array<std::uint8_t, 4> exchanges{};

  bool can_store(ElementType type) const;
  bool can_move(ElementType source, ElementType destination) const;
  bool can_exchange(ElementType source, ElementType destination) const;
};

// What is cut off counts as not claimed.
// Error (ERROR_INVALID_DATA): a different page or not even the move matrix (8 bytes).
Result<DeviceCapabilitiesPage> parse_device_capabilities(Bytes page);

}  // namespace ntms::scsi
