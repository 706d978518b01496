// SPDX-License-Identifier: MIT
// Reads INQUIRY data and the two identification pages.
#include "device/identity.h"

#include "device/win32_codes.h"
#include "scsi/commands.h"

namespace ntms::device {
namespace asio = boost::asio;

asio::awaitable<Result<DeviceFacts>> identify(Commander& commander) {
  constexpr std::uint8_t kNoDevice = 0x1F;
  Commander::Outcome outcome = co_await commander.repeatable(scsi::inquiry());
  if (!outcome.verdict.ok()) co_return to_error(outcome.verdict);
  Result<scsi::InquiryData> inquiry = scsi::parse_inquiry(outcome.data);
  if (!inquiry) co_return fail(kErrorDeviceNotAvailable, inquiry.error().reason);
  if (inquiry->qualifier != 0 || inquiry->device_type == kNoDevice) {
    co_return fail(kErrorDeviceNotAvailable, "no device at " + commander.transport().uri());
  }
  DeviceFacts facts;
  facts.device_type = inquiry->device_type;
  facts.identity.vendor = inquiry->vendor;
  facts.identity.product = inquiry->product;
  facts.identity.revision = inquiry->revision;

  outcome = co_await commander.repeatable(scsi::inquiry_page(scsi::kUnitSerialNumberPage));
  if (outcome.verdict.delivery != scsi::Delivery::delivered) co_return to_error(outcome.verdict);
  if (outcome.verdict.ok()) {
    Result<std::string> serial = scsi::parse_serial_number(outcome.data);
    if (serial) facts.identity.serial = *serial;
  }

  outcome = co_await commander.repeatable(scsi::inquiry_page(scsi::kDeviceIdentificationPage));
  if (outcome.verdict.delivery != scsi::Delivery::delivered) co_return to_error(outcome.verdict);
  if (outcome.verdict.ok()) {
    Result<std::vector<scsi::DeviceIdentifier>> designators =
        scsi::parse_device_identification(outcome.data);
    if (designators) facts.designators = *designators;
  }
  co_return facts;
}

}  // namespace ntms::device
