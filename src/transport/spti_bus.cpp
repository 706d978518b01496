// SPDX-License-Identifier: MIT
#include "transport/spti_bus.h"

#include <array>

namespace ntms::transport {
namespace {

// Whether the adapter of an open device speaks parallel SCSI.
bool is_parallel(SptiControl& control) {
  // STORAGE_PROPERTY_QUERY: StorageAdapterProperty, PropertyStandardQuery, no parameters.
  constexpr std::array<std::uint8_t, 12> kQuery{1};
  std::array<std::uint8_t, 64> descriptor{};
  std::size_t returned = 0;
  return control.control(kIoctlStorageQueryProperty, kQuery, descriptor, returned) == 0 &&
         returned > kBusTypeAt && descriptor[kBusTypeAt] == kBusTypeScsi;
}

}  // namespace

std::optional<BusAddress> ask_bus_address(SptiControl& control) {
  // SCSI_ADDRESS: its length, then port, path, target and LUN.
  std::array<std::uint8_t, 8> reply{};
  std::size_t returned = 0;
  if (control.control(kIoctlScsiGetAddress, {}, reply, returned) != 0 || returned < reply.size()) {
    return std::nullopt;
  }
  return BusAddress{reply[4], reply[5], reply[6], reply[7]};
}

std::optional<BusAddress> parallel_bus_address(SptiControl& control, const SptiUri& uri) {
  if (control.open(spti_device_name(uri), SptiAccess::query) != 0) return std::nullopt;
  std::optional<BusAddress> address;
  if (is_parallel(control)) {
    // A port's device stands for the adapter; the URI says which of its units is meant.
    const SptiAddress& unit = uri.address;
    address = uri.device_class == SptiClass::port
                  ? BusAddress{uri.number, unit.path, unit.target, unit.lun}
                  : ask_bus_address(control);
  }
  control.close();
  return address;
}

}  // namespace ntms::transport
