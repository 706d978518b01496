// SPDX-License-Identifier: MIT
#include "transport/sg_discovery.h"

#include <algorithm>
#include <utility>

#include "scsi/commands.h"
#include "scsi/inquiry.h"
#include "transport/sg_packet.h"

namespace ntms::transport {
namespace {

// A device that does not answer holds up the others for so long.
constexpr std::chrono::seconds kAskTimeout{10};

bool is_wanted(const SgUnit& unit, DeviceKind kind) {
  return unit.device_type == scsi::kTypeChanger ||
         (kind == DeviceKind::drives && unit.device_type == scsi::kTypeTape);
}

// The serial number names the unit unless another make has the same.
std::string uri_of(const SgPlaces& places, const SgUnit& unit, const std::vector<SgUnit>& units) {
  const bool ambiguous = std::any_of(units.begin(), units.end(), [&](const SgUnit& other) {
    return other.device_type == unit.device_type && other.serial == unit.serial &&
           (other.vendor != unit.vendor || other.product != unit.product);
  });
  if (ambiguous || !fits_sg_uri(unit.serial)) {
    return format_uri(SgUri{(places.dev / unit.node).string(), 0, ""});
  }
  return format_uri(SgUri{"", unit.device_type, unit.serial});
}

}  // namespace

SgDiscovery::SgDiscovery(const SgControlFactory& make_control, SgPlaces places)
    : places_(std::move(places)), control_(make_control()) {}

std::vector<FoundDevice> SgDiscovery::find(DeviceKind kind) {
  const auto units = list_sg_units(places_);
  std::vector<FoundDevice> found;
  for (const SgUnit& unit : units) {
    if (!is_wanted(unit, kind)) continue;
    FoundDevice device;
    device.uri = uri_of(places_, unit, units);
    device.device_type = unit.device_type;
    device.vendor = unit.vendor;
    device.product = unit.product;
    device.serial = unit.serial;
    device.address = unit.address;
    const bool changer = unit.device_type == scsi::kTypeChanger;
    if (device.serial.empty() && changer == (kind == DeviceKind::changers)) {
      device.serial = ask_serial(unit);
    }
    found.push_back(std::move(device));
  }
  return found;
}

// Empty when the unit does not tell, or cannot be asked.
std::string SgDiscovery::ask_serial(const SgUnit& unit) {
  if (control_->open((places_.dev / unit.node).string(), SgAccess::shared) != 0) return {};
  scsi::Command command = scsi::inquiry_page(scsi::kUnitSerialNumberPage);
  command.timeout = kAskTimeout;
  SgPacket packet(command);
  const int error = control_->io(packet.header());
  control_->close();
  if (error != 0) return {};
  const scsi::Reply reply = packet.reply();
  if (reply.delivery != scsi::Delivery::delivered || reply.status != scsi::kStatusGood) return {};
  const auto serial = scsi::parse_serial_number(reply.data);
  return serial ? *serial : std::string();
}

}  // namespace ntms::transport
