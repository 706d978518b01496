// SPDX-License-Identifier: MIT
#include "transport/spti_packet.h"

#include <algorithm>
#include <array>
#include <bit>
#include <limits>

#include "ntms/win32_types.h"
#include "transport/check.h"
#include "transport/little_endian.h"
#include "transport/received.h"
#include "transport/spti_control.h"

namespace ntms::transport {
namespace {

// Room for the longest sense data that changers and drives send, and no more: some drivers refuse
// to be offered much.
constexpr std::size_t kSenseRoom = 64;
// Buffers begin on a page, so that they take as few of the adapter's scatter-gather entries as they
// can.
constexpr std::size_t kPage = 4096;

// Values of the member DataIn.
constexpr std::uint8_t kDataOut = 0;
constexpr std::uint8_t kDataIn = 1;
constexpr std::uint8_t kDataUnspecified = 2;

void put_pointer(std::span<std::uint8_t> bytes, std::size_t at, std::uint64_t value,
                 std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
  }
}

std::size_t rounded_up(std::size_t value, std::size_t unit) {
  return (value + unit - 1) / unit * unit;
}

// A driver that is given 0 waits for ever, and one that multiplies the seconds must not overflow.
std::uint32_t whole_seconds(std::chrono::milliseconds time) {
  constexpr std::chrono::milliseconds::rep kMost = std::numeric_limits<std::int32_t>::max() / 1000;
  return static_cast<std::uint32_t>(std::clamp<std::chrono::milliseconds::rep>(
      time.count() / 1000 + (time.count() % 1000 != 0 ? 1 : 0), 1, kMost));
}

// Win32 codes of a device object, those of winerror.h that the API's own headers do not have.
constexpr std::uint32_t kInvalidFunction = 1;
constexpr std::uint32_t kFileNotFound = 2;
constexpr std::uint32_t kPathNotFound = 3;
constexpr std::uint32_t kAccessDenied = 5;
constexpr std::uint32_t kInvalidHandle = 6;
constexpr std::uint32_t kNotEnoughMemory = 8;
constexpr std::uint32_t kBadUnit = 20;
constexpr std::uint32_t kNotReady = 21;
constexpr std::uint32_t kBadCommand = 22;
constexpr std::uint32_t kBadLength = 24;
constexpr std::uint32_t kGeneralFailure = 31;
constexpr std::uint32_t kSharingViolation = 32;
constexpr std::uint32_t kNotSupported = 50;
constexpr std::uint32_t kDeviceNotExist = 55;
constexpr std::uint32_t kInvalidParameter = 87;
constexpr std::uint32_t kSemaphoreTimeout = 121;
constexpr std::uint32_t kInsufficientBuffer = 122;
constexpr std::uint32_t kBusy = 170;
constexpr std::uint32_t kNoSuchDevice = 433;
constexpr std::uint32_t kOperationAborted = 995;
constexpr std::uint32_t kNoAccess = 998;
constexpr std::uint32_t kIoDevice = 1117;
constexpr std::uint32_t kDeviceNotConnected = 1167;
constexpr std::uint32_t kRequestAborted = 1235;
constexpr std::uint32_t kRevisionMismatch = 1306;
constexpr std::uint32_t kNoSystemResources = 1450;
constexpr std::uint32_t kTimeout = 1460;
constexpr std::uint32_t kDeviceRemoved = 1617;
constexpr std::uint32_t kInvalidUserBuffer = 1784;

enum class Fate { refused, busy, timed_out, lost };

struct Meaning {
  std::uint32_t error;
  Fate fate;  // of a command whose control call failed so
  const char* words;
};

// Whatever is not here may have happened or not, like a lost link.
constexpr std::array kMeanings{
    Meaning{kInvalidFunction, Fate::refused, "its driver has no pass-through"},
    Meaning{kFileNotFound, Fate::lost, "there is no such device"},
    Meaning{kPathNotFound, Fate::lost, "there is no such device"},
    Meaning{kAccessDenied, Fate::refused,
            "access is denied; commands to devices need the rights of an administrator"},
    Meaning{kInvalidHandle, Fate::lost, "the handle of the device has become invalid"},
    Meaning{kNotEnoughMemory, Fate::refused, "there is not enough memory"},
    Meaning{kBadUnit, Fate::lost, "there is no such unit"},
    Meaning{kNotReady, Fate::lost, "the device does not answer"},
    Meaning{kBadCommand, Fate::refused, "its driver refuses the command"},
    Meaning{kBadLength, Fate::refused, "its driver refuses the length of the request"},
    Meaning{kGeneralFailure, Fate::lost, "the device does not work"},
    Meaning{kSharingViolation, Fate::refused,
            "another program uses the device: a backup program, a library service or another "
            "database of this one"},
    Meaning{kNotSupported, Fate::refused, "its driver has no pass-through"},
    Meaning{kDeviceNotExist, Fate::lost, "the device is not there any more"},
    Meaning{kInvalidParameter, Fate::refused, "its driver refuses the request"},
    Meaning{kSemaphoreTimeout, Fate::timed_out, "the driver's time-out is over"},
    Meaning{kInsufficientBuffer, Fate::refused, "its driver refuses the length of the request"},
    Meaning{kBusy, Fate::busy, "the device is in use"},
    Meaning{kNoSuchDevice, Fate::lost, "the device is not there any more"},
    Meaning{kOperationAborted, Fate::lost, "the command was aborted"},
    Meaning{kNoAccess, Fate::refused, "its driver refuses the buffer"},
    Meaning{kIoDevice, Fate::lost, "an input or output error"},
    Meaning{kDeviceNotConnected, Fate::lost, "the device is not connected"},
    Meaning{kRequestAborted, Fate::lost, "the command was aborted"},
    Meaning{kRevisionMismatch, Fate::refused, "its driver refuses the layout of the request"},
    Meaning{kNoSystemResources, Fate::refused, "the system has no resources for the request"},
    Meaning{kTimeout, Fate::timed_out, "the driver's time-out is over"},
    Meaning{kDeviceRemoved, Fate::lost, "the device has been removed"},
    Meaning{kInvalidUserBuffer, Fate::refused, "its driver refuses the buffer"},
};

const Meaning* meaning_of(std::uint32_t error) {
  const auto found = std::find_if(kMeanings.begin(), kMeanings.end(),
                                  [&](const Meaning& meaning) { return meaning.error == error; });
  return found == kMeanings.end() ? nullptr : &*found;
}

}  // namespace

std::string spti_error_words(std::uint32_t error) {
  const Meaning* meaning = meaning_of(error);
  const std::string number = "error " + std::to_string(error);
  return meaning == nullptr ? number : std::string(meaning->words) + " (" + number + ")";
}

bool lacks_method(std::uint32_t error) {
  return error == kInvalidFunction || error == kNotSupported;
}

scsi::Reply reply_to_open_failure(const std::string& name, std::uint32_t error) {
  scsi::Reply reply = not_sent(name + ": " + spti_error_words(error));
  if (error == kAccessDenied) reply.code = ERROR_ACCESS_DENIED;
  if (error == kSharingViolation || error == kBusy) reply.code = ERROR_BUSY;
  return reply;
}

SptiPacket::SptiPacket(const scsi::Command& command, SptiAddress address, SptiMethod method,
                       std::size_t alignment_mask, std::size_t pointer_size)
    : layout_(spti_layout(pointer_size)), method_(method), data_in_length_(command.data_in_length) {
  const std::size_t sense_at = rounded_up(layout_.size, sizeof(std::uint64_t));
  const std::size_t data_at = sense_at + kSenseRoom;
  const std::size_t length = std::max(command.data_in_length, command.data_out.size());
  bytes_.resize(method == SptiMethod::buffered ? data_at + length : data_at);
  std::uint64_t data_place = 0;
  if (length > 0 && method == SptiMethod::buffered) {
    data_ = std::span(bytes_).subspan(data_at, length);
    data_place = data_at;
  } else if (length > 0) {
    const std::size_t unit = std::max(kPage, std::bit_ceil(alignment_mask + 1));
    storage_.resize(length + unit - 1);
    const auto start = reinterpret_cast<std::uintptr_t>(storage_.data());
    data_ = std::span(storage_).subspan((unit - start % unit) % unit, length);
    data_place = reinterpret_cast<std::uintptr_t>(data_.data());
  }
  if (command.data_in_length > 0) {
    fill_untouched(data_);
  } else {
    std::copy(command.data_out.begin(), command.data_out.end(), data_.begin());
  }
  const std::span<std::uint8_t> header(bytes_);
  put_le16(header, SptiLayout::kLength, layout_.size);
  header[SptiLayout::kPathId] = address.path;
  header[SptiLayout::kTargetId] = address.target;
  header[SptiLayout::kLun] = address.lun;
  header[SptiLayout::kCdbLength] = static_cast<std::uint8_t>(command.cdb.length);
  header[SptiLayout::kSenseLength] = kSenseRoom;
  header[SptiLayout::kDataIn] = length == 0                  ? kDataUnspecified
                                : command.data_in_length > 0 ? kDataIn
                                                             : kDataOut;
  put_le32(header, SptiLayout::kTransferLength, length);
  put_le32(header, SptiLayout::kTimeOut, whole_seconds(command.timeout));
  put_pointer(header, layout_.data, data_place, pointer_size);
  put_le32(header, layout_.sense, sense_at);
  std::copy(command.cdb.bytes.begin(), command.cdb.bytes.end(),
            header.begin() + static_cast<std::ptrdiff_t>(layout_.cdb));
}

std::uint32_t SptiPacket::code() const {
  return method_ == SptiMethod::direct ? kIoctlScsiPassThroughDirect : kIoctlScsiPassThrough;
}

std::span<const std::uint8_t> SptiPacket::received() const {
  if (data_in_length_ == 0) return {};
  return data_.first(bytes_received(data_, get_le32(bytes_, SptiLayout::kTransferLength)));
}

std::vector<std::uint8_t> SptiPacket::sense() const {
  return sense_in(
      std::span(bytes_).subspan(rounded_up(layout_.size, sizeof(std::uint64_t)), kSenseRoom));
}

scsi::Reply SptiPacket::reply() const {
  scsi::Reply reply;
  reply.status = bytes_[SptiLayout::kScsiStatus];
  bool data_valid = true;
  if (reply.status == scsi::kStatusCheckCondition) {
    reply.sense = sense();
    data_valid = comes_with_data(reply.sense);
  }
  if (data_valid) {
    const auto data = received();
    reply.data.assign(data.begin(), data.end());
  }
  return reply;
}

scsi::Reply SptiPacket::reply_to_failure(std::uint32_t error) const {
  if (bytes_[SptiLayout::kScsiStatus] == scsi::kStatusCheckCondition) {
    if (auto told = reply(); !told.sense.empty()) return told;
  }
  const Meaning* meaning = meaning_of(error);
  scsi::Reply reply;
  reply.detail = spti_error_words(error);
  switch (meaning == nullptr ? Fate::lost : meaning->fate) {
    case Fate::refused:
      reply.delivery = scsi::Delivery::not_sent;
      if (error == kAccessDenied) reply.code = ERROR_ACCESS_DENIED;
      if (error == kSharingViolation) reply.code = ERROR_BUSY;
      break;
    case Fate::busy:  // the driver did not take it, which is what a busy device says, too
      reply.status = scsi::kStatusBusy;
      break;
    case Fate::timed_out:
      reply.delivery = scsi::Delivery::timed_out;
      break;
    case Fate::lost:
      reply.delivery = scsi::Delivery::link_lost;
      break;
  }
  return reply;
}

}  // namespace ntms::transport
