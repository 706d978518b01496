// SPDX-License-Identifier: MIT
// The checks are those whose failure would be blamed on the device otherwise.
#include "transport/check.h"

#include <utility>

namespace ntms::transport {

std::string reason_not_to_send(const scsi::Command& command) {
  const auto length = command.cdb.length;
  if (length != 6 && length != 10 && length != 12 && length != 16) {
    return "a command descriptor block of " + std::to_string(length) + " bytes does not exist";
  }
  if (command.data_in_length > 0 && !command.data_out.empty()) {
    return "a command cannot transfer data in both directions";
  }
  if (command.data_in_length > kMaxTransfer || command.data_out.size() > kMaxTransfer) {
    return "the transfer is longer than " + std::to_string(kMaxTransfer) + " bytes";
  }
  if (command.timeout.count() <= 0) return "the command's time-out is not positive";
  return {};
}

scsi::Reply not_sent(std::string detail) {
  scsi::Reply reply;
  reply.delivery = scsi::Delivery::not_sent;
  reply.detail = std::move(detail);
  return reply;
}

}  // namespace ntms::transport
