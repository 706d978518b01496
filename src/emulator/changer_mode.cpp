// SPDX-License-Identifier: MIT
#include "emulator/changer_mode.h"

#include <algorithm>

#include "emulator/quirks.h"

namespace ntms::emulator {
namespace {

constexpr std::uint8_t kElementAddressAssignment = 0x1D;
constexpr std::uint8_t kTransportGeometry = 0x1E;
constexpr std::uint8_t kDeviceCapabilities = 0x1F;
constexpr std::uint8_t kAllPages = 0x3F;

// SMC-3 7.3.4.
std::vector<std::uint8_t> address_assignment(const Geometry& g) {
  std::vector<std::uint8_t> page(20);
  page[0] = kElementAddressAssignment;
  page[1] = 18;
  std::size_t at = 2;
  for (const ElementType type :
       {ElementType::transport, ElementType::storage, ElementType::port, ElementType::drive}) {
    scsi::put_be16(page, at, g.count(type) == 0 ? 0 : g.first(type));
    scsi::put_be16(page, at + 2, g.count(type));
    at += 4;
  }
  return page;
}

// SMC-3 7.3.5: one transport element, which turns media over if they have two sides.
std::vector<std::uint8_t> transport_geometry(const Geometry& g) {
  return {kTransportGeometry, 2, static_cast<std::uint8_t>(g.two_sided ? 1 : 0), 0};
}

// SMC-3 7.3.3. Bits: 8 data transfer, 4 import/export, 2 storage, 1 transport.
std::vector<std::uint8_t> device_capabilities(const Geometry& g) {
  const auto ends = static_cast<std::uint8_t>((g.drives != 0 ? 8 : 0) | (g.ports != 0 ? 4 : 0) |
                                              (g.slots != 0 ? 2 : 0));
  std::vector<std::uint8_t> page(20);
  page[0] = kDeviceCapabilities;
  page[1] = 18;
  // Where media can stay: not in the transport element, and not in ports they fall through.
  page[2] = static_cast<std::uint8_t>(g.pass_through() ? ends & ~4 : ends);
  page[4] = ends;  // moves from the transport element: how a torn move is repaired
  for (const std::size_t kind : {1U, 2U, 3U}) {
    const bool exists = (ends & (1U << kind)) != 0;
    page[4 + kind] = exists ? ends : 0;
    page[12 + kind] = exists ? ends : 0;  // exchanges
  }
  return page;
}

}  // namespace

Answer changer_mode_sense(const Call& call, bool ten) {
  const std::uint8_t control = call.byte(2) >> 6;
  const std::uint8_t code = call.byte(2) & 0x3F;
  const std::uint8_t subpage = call.byte(3);
  if (control == 3) return check(sense::kSavingNotSupported);
  if (subpage != 0 && subpage != 0xFF) return check(sense::kInvalidField);
  Geometry told = call.geometry();
  if (Quirks(call.db()).has(NTMS_EMULATOR_QUIRK_HIDDEN_PORTS)) told.ports = 0;
  std::vector<std::uint8_t> data(ten ? 8 : 4);
  const std::size_t header = data.size();
  for (auto page :
       {address_assignment(told), transport_geometry(told), device_capabilities(told)}) {
    if (code != kAllPages && code != page[0]) continue;
    if (control == 1) std::fill(page.begin() + 2, page.end(), std::uint8_t{0});  // changeable
    data.insert(data.end(), page.begin(), page.end());
  }
  if (data.size() == header) return check(sense::kInvalidField);
  if (ten) {
    scsi::put_be16(data, 0, static_cast<std::uint32_t>(data.size() - 2));
  } else {
    data[0] = static_cast<std::uint8_t>(data.size() - 1);
  }
  return good(std::move(data), ten ? call.be16(7) : call.byte(4));
}

}  // namespace ntms::emulator
