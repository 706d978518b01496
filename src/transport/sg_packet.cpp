// SPDX-License-Identifier: MIT
#include "transport/sg_packet.h"

#include <algorithm>
#include <cerrno>
#include <limits>
#include <system_error>

#include "ntms/win32_types.h"
#include "transport/check.h"
#include "transport/received.h"

namespace ntms::transport {
namespace {

// Values of the member host_status, which no header for programs has.
constexpr unsigned kHostNoConnect = 0x01;
constexpr unsigned kHostBusBusy = 0x02;
constexpr unsigned kHostTimeOut = 0x03;
constexpr unsigned kHostBadTarget = 0x04;
constexpr unsigned kHostAbort = 0x05;
constexpr unsigned kHostParity = 0x06;
constexpr unsigned kHostError = 0x07;
constexpr unsigned kHostReset = 0x08;
constexpr unsigned kHostTransportDisrupted = 0x0E;
constexpr unsigned kHostTransportFailFast = 0x0F;

// Values of the low half of the member driver_status.
constexpr unsigned kDriverMask = 0x0F;
constexpr unsigned kDriverBusy = 0x01;
constexpr unsigned kDriverTimeOut = 0x06;
constexpr unsigned kDriverSense = 0x08;

constexpr unsigned kStatusMask = 0x7E;  // the other bits of the byte are not the device's

scsi::Reply undelivered(scsi::Delivery delivery, std::string words) {
  scsi::Reply reply;
  reply.delivery = delivery;
  reply.detail = std::move(words);
  return reply;
}

scsi::Reply with_status(std::uint8_t status) {
  scsi::Reply reply;
  reply.status = status;
  return reply;
}

const char* host_words(unsigned status) {
  switch (status) {
    case kHostNoConnect:
      return "the adapter does not reach the device";
    case kHostBadTarget:
      return "the adapter does not know the device";
    case kHostAbort:
      return "the command was aborted";
    case kHostParity:
      return "a parity error on the bus";
    case kHostError:
      return "an error in the adapter";
    case kHostReset:
      return "the bus was reset";
    case kHostTransportDisrupted:
      return "the connection to the device is disrupted";
    case kHostTransportFailFast:
      return "the connection to the device is lost";
    default:
      return "an error of the transport";
  }
}

// No status came from the device. Whatever is not known to be harmless may have happened or not.
scsi::Reply host_failure(unsigned host, unsigned driver) {
  const std::string numbers =
      " (host status " + std::to_string(host) + ", driver status " + std::to_string(driver) + ")";
  if (host == kHostTimeOut || driver == kDriverTimeOut) {
    return undelivered(scsi::Delivery::timed_out,
                       "the command was not completed within its time-out" + numbers);
  }
  if (host == kHostBusBusy || (host == 0 && driver == kDriverBusy)) {
    return with_status(scsi::kStatusBusy);  // nobody took it, as a busy device says, too
  }
  return undelivered(scsi::Delivery::link_lost, host_words(host) + numbers);
}

std::string errno_words(int error) {
  return std::generic_category().message(error) + " (errno " + std::to_string(error) + ")";
}

}  // namespace

SgPacket::SgPacket(const scsi::Command& command)
    : cdb_(command.cdb.bytes), data_(command.data_out), data_in_(command.data_in_length > 0) {
  if (data_in_) data_.resize(command.data_in_length);
  header_.interface_id = 'S';
  header_.dxfer_direction = data_.empty() ? SG_DXFER_NONE
                            : data_in_    ? SG_DXFER_FROM_DEV
                                          : SG_DXFER_TO_DEV;
  header_.cmdp = cdb_.data();
  header_.cmd_len = static_cast<unsigned char>(command.cdb.length);
  header_.sbp = sense_.data();
  header_.mx_sb_len = static_cast<unsigned char>(sense_.size());
  header_.dxferp = data_.data();
  header_.dxfer_len = static_cast<unsigned>(data_.size());
  header_.timeout = static_cast<unsigned>(std::min<std::chrono::milliseconds::rep>(
      command.timeout.count(), std::numeric_limits<int>::max()));
}

// A residual that cannot be is left out of account. The data are then as long as was asked for,
// with whatever the driver's buffer had before at their end; they say themselves how long they are.
std::vector<std::uint8_t> SgPacket::received() const {
  if (!data_in_) return {};
  const std::size_t missing = header_.resid < 0 ? 0 : static_cast<std::size_t>(header_.resid);
  const std::size_t count = missing > data_.size() ? data_.size() : data_.size() - missing;
  return {data_.begin(), data_.begin() + static_cast<std::ptrdiff_t>(count)};
}

scsi::Reply SgPacket::reply() const {
  const auto status = static_cast<std::uint8_t>(header_.status & kStatusMask);
  const unsigned driver = header_.driver_status & kDriverMask;
  scsi::Reply reply;
  reply.sense = sense_in(sense_);
  if (!reply.sense.empty() && (status == 0 || status == scsi::kStatusCheckCondition)) {
    reply.status = scsi::kStatusCheckCondition;
    if (comes_with_data(reply.sense)) reply.data = received();
    return reply;
  }
  if (status != 0) return with_status(status);
  if (driver == kDriverSense) return with_status(scsi::kStatusCheckCondition);
  if (header_.host_status != 0 || driver != 0) return host_failure(header_.host_status, driver);
  reply.data = received();
  return reply;
}

scsi::Reply sg_reply_to_failure(int error) {
  switch (error) {
    case EACCES:
    case EPERM: {
      scsi::Reply reply = not_sent("the driver does not permit the command: " + errno_words(error));
      reply.code = ERROR_ACCESS_DENIED;
      return reply;
    }
    case EBUSY:
    case EAGAIN:
    case EDOM:  // the queue of the handle is full
      return with_status(scsi::kStatusBusy);
    case ETIMEDOUT:
      return undelivered(scsi::Delivery::timed_out, errno_words(error));
    case EINVAL:
    case EFAULT:
    case ENOMEM:
    case EMSGSIZE:
    case E2BIG:
    case ENOTTY:
    case ENOSYS:
    case EOPNOTSUPP:
      return not_sent("the driver refuses the request: " + errno_words(error));
    case ENODEV:
      return undelivered(scsi::Delivery::link_lost, "the device is not there any more");
    case ENXIO:
      return undelivered(scsi::Delivery::link_lost, "the kernel has taken the device off line");
    default:
      return undelivered(scsi::Delivery::link_lost, errno_words(error));
  }
}

scsi::Reply sg_reply_to_open_failure(const std::string& node, int error) {
  scsi::Reply reply;
  switch (error) {
    case EACCES:
    case EPERM:
      reply =
          not_sent(node +
                   ": no permission: reading and writing the node takes the group that it "
                   "belongs to, often tape; a rule of udev can give the changer's to that group "
                   "(docs/hardware.md)");
      reply.code = ERROR_ACCESS_DENIED;
      return reply;
    case EBUSY:
      reply = not_sent(node +
                       ": another program has the device to itself: a backup program, or another "
                       "database of this library");
      reply.code = ERROR_BUSY;
      return reply;
    case ENOENT:
    case ENODEV:
    case ENXIO:
      return not_sent(node + ": there is no such device");
    case ENOTTY:
      return not_sent(node + ": it is no node of the SCSI generic driver");
    default:
      return not_sent(node + ": it cannot be opened: " + errno_words(error));
  }
}

}  // namespace ntms::transport
