// SPDX-License-Identifier: MIT
// Carries commands to the thread on which the emulated device blocks, and replies back.
#include "transport/emulator_transport.h"

#include <utility>

#include "emulator/device.h"
#include "transport/check.h"
#include "transport/initiator.h"

namespace asio = boost::asio;

namespace ntms::transport {

EmulatorTransport::EmulatorTransport(EmulatorUri uri)
    : uri_(std::move(uri)), text_(format_uri(uri_)) {}

EmulatorTransport::~EmulatorTransport() = default;

asio::awaitable<scsi::Reply> EmulatorTransport::execute(scsi::Command command) {
  return execute_on(thread_, text_, std::move(command),
                    [this](const scsi::Command& sent) { return run(sent); });
}

scsi::Reply EmulatorTransport::run(const scsi::Command& command) {
  if (device_ == nullptr) {
    auto opened = emulator::Device::open(
        uri_.path, uri_.lun, uri_.initiator.empty() ? default_initiator() : uri_.initiator);
    if (!opened) return not_sent(text_ + ": " + opened.error().reason);
    device_ = std::move(*opened);
  }
  return device_->execute(command);
}

}  // namespace ntms::transport
