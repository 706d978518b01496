// SPDX-License-Identifier: MIT
// Carries commands to the thread on which the emulated device blocks, and replies back.
#include "transport/emulator_transport.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <system_error>
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
  std::optional<BlockingThread::Executor> executor;
  std::string reason = reason_not_to_send(command);
  if (reason.empty()) {
    try {
      executor = thread_.executor();
    } catch (const std::system_error& error) {
      reason = text_ + ": no thread for the device: " + error.what();
    }
  }
  if (!executor) co_return not_sent(std::move(reason));
  // No capture: a coroutine's lambda may be gone before its frame.
  auto work = [](EmulatorTransport& self, scsi::Command sent) -> asio::awaitable<scsi::Reply> {
    co_return self.run(sent);
  };
  co_return co_await asio::co_spawn(*executor, work(*this, std::move(command)),
                                    asio::use_awaitable);
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
