// SPDX-License-Identifier: MIT
// Opens, sends, closes; what the bytes mean is in spti_packet.cpp.
#include "transport/spti_transport.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "transport/check.h"
#include "transport/little_endian.h"

namespace asio = boost::asio;

namespace ntms::transport {
namespace {

SptiAccess access_of(SptiClass device_class) {
  return device_class == SptiClass::changer ? SptiAccess::exclusive : SptiAccess::shared;
}

}  // namespace

SptiTransport::SptiTransport(const SptiUri& uri, const SptiControlFactory& make_control)
    : uri_(uri),
      text_(format_uri(uri)),
      device_name_(spti_device_name(uri)),
      control_(make_control()) {}

SptiTransport::~SptiTransport() = default;

asio::awaitable<scsi::Reply> SptiTransport::execute(scsi::Command command) {
  return execute_on(thread_, text_, std::move(command),
                    [this](const scsi::Command& sent) { return run(sent); });
}

scsi::Reply SptiTransport::run(const scsi::Command& command) {
  if (!open_) {
    const std::uint32_t error = control_->open(device_name_, access_of(uri_.device_class));
    if (error != 0) return reply_to_open_failure(device_name_, error);
    open_ = true;
    adapter_ = ask_adapter();
  }
  scsi::Reply reply = send(command);
  if (reply.delivery != scsi::Delivery::delivered || uri_.device_class == SptiClass::tape) {
    control_->close();
    open_ = false;
  }
  return reply;
}

scsi::Reply SptiTransport::send(const scsi::Command& command) {
  const std::size_t length = std::max(command.data_in_length, command.data_out.size());
  if (adapter_.max_transfer != 0 && length > adapter_.max_transfer) {
    return not_sent(device_name_ + ": the adapter transfers at most " +
                    std::to_string(adapter_.max_transfer) + " bytes, not " +
                    std::to_string(length));
  }
  for (;;) {
    SptiPacket packet(command, uri_.address, method_, adapter_.alignment_mask);
    std::size_t returned = 0;
    const auto bytes = packet.bytes();
    const std::uint32_t error = control_->control(packet.code(), bytes, bytes, returned);
    if (error == 0) return packet.reply();
    if (method_ == SptiMethod::direct && lacks_method(error)) {
      method_ = SptiMethod::buffered;  // the driver did not know what was wanted: nothing happened
      continue;
    }
    scsi::Reply reply = packet.reply_to_failure(error);
    if (!reply.detail.empty()) reply.detail = device_name_ + ": " + reply.detail;
    return reply;
  }
}

// STORAGE_ADAPTER_DESCRIPTOR. A driver that does not answer is taken for one without needs.
SptiTransport::Adapter SptiTransport::ask_adapter() {
  constexpr std::size_t kMaxTransferAt = 8;
  constexpr std::size_t kAlignmentMaskAt = 16;
  // STORAGE_PROPERTY_QUERY: StorageAdapterProperty, PropertyStandardQuery, no parameters.
  constexpr std::array<std::uint8_t, 12> kQuery{1};
  constexpr std::size_t kMostAlignment = 1U << 16U;
  std::array<std::uint8_t, 64> descriptor{};
  std::size_t returned = 0;
  const std::uint32_t error =
      control_->control(kIoctlStorageQueryProperty, kQuery, descriptor, returned);
  Adapter adapter;
  if (error != 0 || returned < kAlignmentMaskAt + 4) return adapter;
  adapter.max_transfer = get_le32(descriptor, kMaxTransferAt);
  const std::size_t mask = get_le32(descriptor, kAlignmentMaskAt);
  if (mask < kMostAlignment && std::has_single_bit(mask + 1)) adapter.alignment_mask = mask;
  return adapter;
}

}  // namespace ntms::transport
