// SPDX-License-Identifier: MIT
#include "device/lone_drive.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "scsi/bytes.h"
#include "scsi/commands.h"
#include "scsi/element_type.h"
#include "scsi/mode_pages.h"
#include "scsi/sense.h"

namespace ntms::device {
namespace asio = boost::asio;

namespace {

constexpr std::uint8_t kNoMedium = 0x3A;  // additional sense code

scsi::Reply good(std::vector<std::uint8_t> data, const scsi::Command& command) {
  scsi::Reply reply;
  data.resize(std::min(data.size(), command.data_in_length));
  reply.data = std::move(data);
  return reply;
}

// CHECK CONDITION, illegal request.
scsi::Reply refuse(std::uint8_t asc) {
  scsi::Reply reply;
  reply.status = scsi::kStatusCheckCondition;
  reply.sense.assign(18, 0);
  reply.sense[0] = 0x70;
  reply.sense[2] = scsi::kIllegalRequest;
  reply.sense[7] = 10;
  reply.sense[12] = asc;
  return reply;
}

constexpr std::uint8_t kUnknownCommand = 0x20;
constexpr std::uint8_t kUnknownField = 0x24;

bool is_not_ready(const scsi::Reply& reply) {
  if (reply.delivery != scsi::Delivery::delivered || reply.status != scsi::kStatusCheckCondition) {
    return false;
  }
  const scsi::Sense sense = scsi::parse_sense(reply.sense);
  return sense.valid && sense.key == scsi::kNotReady;
}

bool is_empty(const scsi::Reply& reply) {
  return is_not_ready(reply) && scsi::parse_sense(reply.sense).asc == kNoMedium;
}

// Mode page 1Dh (SMC-3 7.3.4) with one data transfer element and nothing else.
scsi::Reply mode_sense(const scsi::Command& command, bool ten) {
  constexpr std::size_t kPageLength = 20;
  constexpr std::size_t kDrives = 14;
  const std::uint8_t page = command.cdb.bytes[2] & 0x3F;
  if (page != scsi::kElementAddressAssignmentPage) return refuse(kUnknownField);
  const std::size_t header = ten ? 8 : 4;
  std::vector<std::uint8_t> data(header + kPageLength);
  if (ten) {
    scsi::put_be16(data, 0, static_cast<std::uint32_t>(data.size() - 2));
  } else {
    data[0] = static_cast<std::uint8_t>(data.size() - 1);
  }
  data[header] = page;
  data[header + 1] = kPageLength - 2;
  scsi::put_be16(data, header + kDrives, LoneDriveChanger::kElement);
  scsi::put_be16(data, header + kDrives + 2, 1);
  return good(std::move(data), command);
}

}  // namespace

asio::awaitable<scsi::Reply> LoneDriveChanger::execute(scsi::Command command) {
  switch (command.cdb.opcode()) {
    case scsi::kInquiry:
      co_return co_await inquiry(std::move(command));
    case scsi::kTestUnitReady:
      co_return co_await test_ready();
    case scsi::kModeSense6:
      co_return mode_sense(command, false);
    case scsi::kModeSense10:
      co_return mode_sense(command, true);
    case scsi::kReadElementStatus:
      co_return co_await element_status(std::move(command));
    case scsi::kRequestSense:
    case scsi::kPreventAllow:
      co_return co_await drive_->execute(std::move(command));
    default:
      co_return refuse(kUnknownCommand);
  }
}

// The drive's own, under another device type.
asio::awaitable<scsi::Reply> LoneDriveChanger::inquiry(scsi::Command command) {
  scsi::Reply reply = co_await drive_->execute(std::move(command));
  const bool is_drive = !reply.data.empty() && (reply.data[0] & 0x1F) == scsi::kTypeTape;
  if (is_drive) {
    reply.data[0] = static_cast<std::uint8_t>((reply.data[0] & 0xE0) | scsi::kTypeChanger);
  }
  co_return reply;
}

// A changer is ready whether its drive holds something or not.
asio::awaitable<scsi::Reply> LoneDriveChanger::test_ready() {
  scsi::Reply reply = co_await drive_->execute(scsi::test_unit_ready());
  if (is_not_ready(reply)) co_return scsi::Reply{};
  co_return reply;
}

// SMC-3 6.11.
asio::awaitable<scsi::Reply> LoneDriveChanger::element_status(scsi::Command command) {
  constexpr std::size_t kHeader = 8;
  constexpr std::size_t kPageHeader = 8;
  constexpr std::size_t kDescriptor = 12;
  constexpr std::uint8_t kFull = 0x01;
  constexpr std::uint8_t kAccess = 0x08;
  const std::uint8_t type = command.cdb.bytes[1] & 0x0F;
  const std::uint32_t start = scsi::get_be16(command.cdb.bytes, 2);
  const auto drives = static_cast<std::uint8_t>(scsi::ElementType::data_transfer);
  if ((type != 0 && type != drives) || start > kElement) {
    co_return good(std::vector<std::uint8_t>(kHeader), command);
  }
  const scsi::Reply ready = co_await drive_->execute(scsi::test_unit_ready());
  const bool told = ready.delivery == scsi::Delivery::delivered &&
                    (ready.status == scsi::kStatusGood || is_not_ready(ready));
  if (!told) co_return ready;
  std::vector<std::uint8_t> data(kHeader + kPageHeader + kDescriptor);
  scsi::put_be16(data, 0, kElement);
  scsi::put_be16(data, 2, 1);
  scsi::put_be24(data, 5, kPageHeader + kDescriptor);
  data[kHeader] = drives;
  scsi::put_be16(data, kHeader + 2, kDescriptor);
  scsi::put_be24(data, kHeader + 5, kDescriptor);
  const std::size_t at = kHeader + kPageHeader;
  scsi::put_be16(data, at, kElement);
  data[at + 2] = static_cast<std::uint8_t>(kAccess | (is_empty(ready) ? 0 : kFull));
  co_return good(std::move(data), command);
}

}  // namespace ntms::device
