// SPDX-License-Identifier: MIT
#include "transport/spti_discovery.h"

#include <algorithm>

#include "scsi/commands.h"
#include "scsi/inquiry.h"
#include "transport/little_endian.h"
#include "transport/spti_bus.h"
#include "transport/spti_packet.h"

namespace ntms::transport {
namespace {

// Win32 codes of what is not there, and of an output buffer that is too small.
constexpr std::uint32_t kFileNotFound = 2;
constexpr std::uint32_t kPathNotFound = 3;
constexpr std::uint32_t kInsufficientBuffer = 122;
constexpr std::uint32_t kMoreData = 234;

// A device that does not answer holds up the others for so long.
constexpr std::chrono::seconds kAskTimeout{10};

constexpr unsigned kPorts = 32;
constexpr std::size_t kFirstReplyRoom = 1U << 16U;
constexpr std::size_t kMostReplyRoom = 1U << 20U;

bool is_absent(std::uint32_t error) {
  return error == kFileNotFound || error == kPathNotFound;
}

void take_inquiry(scsi::Bytes data, FoundDevice& device) {
  const auto inquiry = scsi::parse_inquiry(data);
  if (!inquiry || inquiry->qualifier != 0) return;
  device.device_type = inquiry->device_type;
  device.vendor = inquiry->vendor;
  device.product = inquiry->product;
}

}  // namespace

std::vector<SptiUnit> parse_adapter_bus_info(std::span<const std::uint8_t> data) {
  constexpr std::size_t kBuses = 4;      // where the array of SCSI_BUS_DATA begins
  constexpr std::size_t kBusSize = 8;    // NumberOfLogicalUnits, InitiatorBusId, InquiryDataOffset
  constexpr std::size_t kUnitSize = 12;  // SCSI_INQUIRY_DATA without the data
  std::vector<SptiUnit> units;
  if (data.empty()) return units;
  std::size_t steps = data.size() / kUnitSize;  // more units than fit are a circle
  for (std::size_t bus = 0; bus < data[0]; ++bus) {
    const std::size_t at = kBuses + bus * kBusSize;
    if (at + kBusSize > data.size()) break;
    std::size_t next = data[at] == 0 ? 0 : get_le32(data, at + 4);
    while (next != 0 && next + kUnitSize <= data.size() && steps-- > 0) {
      SptiUnit unit;
      unit.address = {data[next], data[next + 1], data[next + 2]};
      unit.claimed = data[next + 3] != 0;
      const auto rest = data.subspan(next + kUnitSize);
      const auto inquiry = rest.first(std::min<std::size_t>(rest.size(), get_le32(data, next + 4)));
      unit.inquiry.assign(inquiry.begin(), inquiry.end());
      units.push_back(std::move(unit));
      next = get_le32(data, next + 8);
    }
  }
  return units;
}

SptiDiscovery::SptiDiscovery(const SptiControlFactory& make_control) : control_(make_control()) {}

std::vector<FoundDevice> SptiDiscovery::find(DeviceKind kind) {
  std::vector<FoundDevice> found;
  find_class(SptiClass::changer, kind == DeviceKind::changers, found);
  if (kind == DeviceKind::drives) find_class(SptiClass::tape, true, found);
  for (unsigned port = 0; port < kPorts; ++port) find_unclaimed(port, kind, found);
  control_->close();
  return found;
}

void SptiDiscovery::find_class(SptiClass device_class, bool ask, std::vector<FoundDevice>& found) {
  for (unsigned number = 0; number < kSptiDevices; ++number) {
    const SptiUri uri{device_class, number, {}};
    if (is_absent(control_->open(spti_device_name(uri), SptiAccess::query))) continue;
    FoundDevice device;
    device.uri = format_uri(uri);
    device.device_type = device_class == SptiClass::changer ? scsi::kTypeChanger : scsi::kTypeTape;
    device.address = ask_bus_address(*control_);
    if (ask) ask_device(uri, device);
    found.push_back(std::move(device));
  }
}

void SptiDiscovery::find_unclaimed(unsigned port, DeviceKind kind,
                                   std::vector<FoundDevice>& found) {
  SptiUri uri{SptiClass::port, port, {}};
  if (control_->open(spti_device_name(uri), SptiAccess::query) != 0) return;
  std::vector<std::uint8_t> reply(kFirstReplyRoom);
  std::size_t returned = 0;
  std::uint32_t error = control_->control(kIoctlScsiGetInquiryData, {}, reply, returned);
  while ((error == kInsufficientBuffer || error == kMoreData) && reply.size() < kMostReplyRoom) {
    reply.resize(reply.size() * 2);
    error = control_->control(kIoctlScsiGetInquiryData, {}, reply, returned);
  }
  if (error != 0) return;
  for (const SptiUnit& unit : parse_adapter_bus_info(std::span(reply).first(returned))) {
    if (unit.claimed) continue;
    uri.address = unit.address;
    FoundDevice device;
    device.uri = format_uri(uri);
    device.address = BusAddress{port, unit.address.path, unit.address.target, unit.address.lun};
    take_inquiry(unit.inquiry, device);
    const bool drives = kind == DeviceKind::drives;
    const bool changer = device.device_type == scsi::kTypeChanger;
    if (!changer && !(drives && device.device_type == scsi::kTypeTape)) continue;
    if (changer != drives) ask_device(uri, device);
    found.push_back(std::move(device));
  }
}

// Who the device is. Whatever it does not tell stays as it was.
void SptiDiscovery::ask_device(const SptiUri& uri, FoundDevice& device) {
  if (control_->open(spti_device_name(uri), SptiAccess::shared) != 0) return;
  const std::uint8_t expected = device.device_type;
  const auto inquiry = ask(uri, scsi::inquiry());
  if (!inquiry.empty()) take_inquiry(inquiry, device);
  // A class driver knows its devices better than one that answers while it starts.
  device.device_type = expected;
  if (const auto page = ask(uri, scsi::inquiry_page(scsi::kUnitSerialNumberPage)); !page.empty()) {
    if (const auto serial = scsi::parse_serial_number(page)) device.serial = *serial;
  }
}

// One command that reads; what it brings, or nothing.
std::vector<std::uint8_t> SptiDiscovery::ask(const SptiUri& uri, const scsi::Command& command) {
  scsi::Command timed = command;
  timed.timeout = kAskTimeout;
  for (const SptiMethod method : {SptiMethod::direct, SptiMethod::buffered}) {
    SptiPacket packet(timed, uri.address, method, 0);
    std::size_t returned = 0;
    const std::uint32_t error =
        control_->control(packet.code(), packet.bytes(), packet.bytes(), returned);
    if (lacks_method(error)) continue;
    if (error != 0) break;
    scsi::Reply reply = packet.reply();
    if (reply.status == scsi::kStatusGood) return std::move(reply.data);
    break;
  }
  return {};
}

}  // namespace ntms::transport
