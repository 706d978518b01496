// SPDX-License-Identifier: MIT
// The table of sense data and what follows from it.
#include "device/sense_action.h"

#include <iterator>

#include "device/win32_codes.h"

namespace ntms::device {
namespace {

constexpr int kAny = -1;

struct Row {
  int key;
  int asc;
  int ascq;
  Action action;
  std::uint32_t code;
};

// The first row that fits decides. Keys whose additional codes mean the same thing whatever the key
// (magazines, incompatible media, failed loads) come first.
constexpr Row kRows[] = {
    // Elements and magazines.
    {kAny, 0x3B, 0x0D, Action::reconcile, kErrorNotEmpty},
    {kAny, 0x3B, 0x0E, Action::reconcile, kErrorEmpty},
    {scsi::kNotReady, 0x3B, 0x11, Action::operator_needed, kErrorResourceNotPresent},
    {scsi::kIllegalRequest, 0x3B, 0x11, Action::operator_needed, kErrorResourceNotPresent},
    {scsi::kNotReady, 0x3B, 0x12, Action::operator_needed, kErrorResourceNotPresent},
    {scsi::kIllegalRequest, 0x3B, 0x12, Action::operator_needed, kErrorResourceNotPresent},
    {scsi::kNotReady, 0x3B, 0x18, Action::fail, kErrorResourceDisabled},
    {scsi::kIllegalRequest, 0x3B, 0x18, Action::fail, kErrorResourceDisabled},
    {scsi::kNotReady, 0x3B, 0x1A, Action::drive_down, kErrorResourceNotPresent},
    {scsi::kIllegalRequest, 0x3B, 0x1A, Action::drive_down, kErrorResourceNotPresent},
    {scsi::kHardwareError, 0x3B, 0x1A, Action::drive_down, kErrorResourceNotPresent},
    // Attentions. A read is simply sent again; a motion waits until the state has been read again.
    {scsi::kUnitAttention, kAny, kAny, Action::retry, kErrorMediumNotAccessible},
    // Cartridges.
    {kAny, 0x30, 0x03, Action::fail, kErrorCleanerCartridgeInstalled},
    {kAny, 0x30, 0x07, Action::fail, kErrorUnableToClean},
    {kAny, 0x30, kAny, Action::fail, kErrorMediaIncompatible},
    {kAny, 0x3A, kAny, Action::reconcile, kErrorEmpty},
    // The medium is locked in a drive or a port, mostly because it is in use: the state is known
    // and
    // nobody needs to come, so the request fails and may be made again after a dismount.
    {kAny, 0x53, 0x02, Action::fail, kErrorUnableToEjectMountedMedia},
    {kAny, 0x53, 0x03, Action::fail, kErrorUnableToEjectMountedMedia},
    {kAny, 0x53, kAny, Action::drive_down, kErrorUnableToLoadMedium},
    // Removal asked for at the panel, e.g. an emergency release: silent afterwards until a person
    // has finished there.
    {scsi::kNotReady, 0x5A, kAny, Action::operator_needed, kErrorMediumNotAccessible},
    // Not ready.
    {scsi::kNotReady, 0x04, 0x02, Action::reconcile, kErrorDeviceNotAvailable},
    {scsi::kNotReady, 0x04, 0x03, Action::operator_needed, kErrorDeviceNotAvailable},
    {scsi::kNotReady, 0x04, 0x12, Action::operator_needed, kErrorLibraryOffline},
    {scsi::kNotReady, 0x04, kAny, Action::wait, kErrorDeviceNotAvailable},
    {scsi::kNotReady, 0x3E, 0x00, Action::wait, kErrorDeviceNotAvailable},
    {scsi::kNotReady, kAny, kAny, Action::library_down, kErrorDeviceNotAvailable},
    // Requests the device does not accept. A wrong element address means that the element map is
    // wrong, which reading it again puts right.
    {scsi::kIllegalRequest, 0x20, kAny, Action::fail, kErrorNotSupported},
    {scsi::kIllegalRequest, 0x24, kAny, Action::fail, kErrorNotSupported},
    {scsi::kIllegalRequest, 0x39, kAny, Action::fail, kErrorNotSupported},
    {scsi::kIllegalRequest, 0x21, 0x01, Action::reconcile, kErrorResourceNotPresent},
    {scsi::kIllegalRequest, 0x25, kAny, Action::library_down, kErrorDeviceNotAvailable},
    {scsi::kIllegalRequest, 0x2C, kAny, Action::fail, kErrorInvalidState},
    {scsi::kIllegalRequest, kAny, kAny, Action::fail, kErrorInvalidParameter},
    // Breakage. Positioning errors leave a cartridge somewhere on the way.
    {scsi::kHardwareError, 0x15, kAny, Action::library_down, kErrorMediumNotAccessible},
    {scsi::kHardwareError, kAny, kAny, Action::library_down, kErrorDeviceNotAvailable},
    {scsi::kMediumError, kAny, kAny, Action::fail, kErrorMediumNotAccessible},
    {scsi::kDataProtect, kAny, kAny, Action::fail, kErrorWriteProtect},
    {scsi::kAbortedCommand, kAny, kAny, Action::retry, kErrorDeviceNotAvailable},
    {kAny, kAny, kAny, Action::fail, kErrorMediumNotAccessible},
};

bool fits(int wanted, std::uint8_t value) {
  return wanted == kAny || wanted == value;
}

const Row& row_of(const scsi::Sense& sense) {
  for (const Row& row : kRows) {
    if (fits(row.key, sense.key) && fits(row.asc, sense.asc) && fits(row.ascq, sense.ascq)) {
      return row;
    }
  }
  return kRows[std::size(kRows) - 1];  // the last row fits everything
}

// Devices check their state and the request before they move anything; what goes wrong during the
// motion has another key.
Happened happened_after(const scsi::Sense& sense) {
  if (sense.deferred) return Happened::no;
  switch (sense.key) {
    case scsi::kNotReady:
    case scsi::kIllegalRequest:
    case scsi::kUnitAttention:
    case scsi::kDataProtect:
      return Happened::no;
    default:
      return Happened::unknown;
  }
}

Verdict judge_delivery(const scsi::Reply& reply) {
  Verdict verdict;
  verdict.action = Action::library_down;
  verdict.happened = Happened::unknown;
  verdict.code = kErrorDeviceNotAvailable;
  switch (reply.delivery) {
    case scsi::Delivery::timed_out:
      verdict.words = "no answer in time";
      break;
    case scsi::Delivery::link_lost:
      verdict.words = "the connection to the device broke";
      break;
    case scsi::Delivery::not_sent:
    case scsi::Delivery::delivered:
      verdict.happened = Happened::no;
      verdict.words = "the command did not reach the device";
      if (reply.code != 0) verdict.code = reply.code;
      break;
  }
  if (!reply.detail.empty()) verdict.words += ": " + reply.detail;
  return verdict;
}

Verdict judge_sense(const scsi::Sense& sense) {
  Verdict verdict;
  verdict.sense = sense;
  // A recovered error is a success with a remark.
  if (sense.valid && sense.key == scsi::kRecoveredError && !sense.deferred) return verdict;
  // So is one with which a drive asks for cleaning.
  if (sense.is(scsi::kNoSense, 0x00, 0x17)) return verdict;
  const Row& row = row_of(sense);
  verdict.action = row.action;
  verdict.code = row.code;
  verdict.happened = happened_after(sense);
  if (!sense.valid) {
    verdict.action = Action::retry;
    verdict.code = kErrorDeviceNotAvailable;
    verdict.happened = Happened::unknown;
  } else if (sense.deferred && row.action == Action::fail) {
    verdict.action = Action::retry;  // it was an earlier command that failed
  }
  verdict.words = scsi::to_string(sense);
  return verdict;
}

Verdict judge_status(std::uint8_t status) {
  Verdict verdict;
  verdict.happened = Happened::no;
  verdict.code = kErrorBusy;
  switch (status) {
    case scsi::kStatusBusy:
      verdict.action = Action::retry;
      verdict.words = "BUSY";
      break;
    case scsi::kStatusTaskSetFull:
      verdict.action = Action::retry;
      verdict.words = "TASK SET FULL";
      break;
    case scsi::kStatusReservationConflict:
      verdict.action = Action::fail;
      verdict.words = "RESERVATION CONFLICT: the device is reserved by another initiator";
      break;
    default:
      verdict.action = Action::retry;
      verdict.happened = Happened::unknown;
      verdict.code = kErrorDeviceNotAvailable;
      verdict.words = "SCSI status " + std::to_string(status);
      break;
  }
  return verdict;
}

}  // namespace

Verdict judge(const scsi::Reply& reply, DeviceKind device, Effect effect) {
  // Some host adapters call CHECK CONDITION a transport error: the sense data tells more.
  const bool has_sense = reply.status == scsi::kStatusCheckCondition && !reply.sense.empty() &&
                         reply.delivery == scsi::Delivery::link_lost;
  Verdict verdict;
  if (reply.delivery != scsi::Delivery::delivered && !has_sense) {
    verdict = judge_delivery(reply);
    verdict.delivery = reply.delivery;
  } else if (reply.status == scsi::kStatusCheckCondition) {
    verdict = judge_sense(scsi::parse_sense(reply.sense));
  } else if (reply.status != scsi::kStatusGood) {
    verdict = judge_status(reply.status);
  }

  if (effect == Effect::motion) {
    const bool refused_at_the_door =
        reply.delivery == scsi::Delivery::delivered &&
        (reply.status == scsi::kStatusBusy || reply.status == scsi::kStatusTaskSetFull);
    const bool lost = verdict.delivery == scsi::Delivery::timed_out ||
                      verdict.delivery == scsi::Delivery::link_lost;
    const bool blind_retry = verdict.action == Action::retry && !refused_at_the_door;
    const bool undecided = verdict.action == Action::fail && verdict.happened == Happened::unknown;
    if (lost || blind_retry || undecided) verdict.action = Action::reconcile;
  }
  if (device == DeviceKind::drive && verdict.action == Action::library_down) {
    verdict.action = Action::drive_down;
  }
  return verdict;
}

Error to_error(const Verdict& verdict) {
  return fail(verdict.code, verdict.words);
}

Result<void> to_result(const Verdict& verdict) {
  if (verdict.ok()) return {};
  return to_error(verdict);
}

bool is_refusal(const Verdict& verdict) {
  return verdict.sense.is(scsi::kIllegalRequest, 0x20, 0x00) ||
         verdict.sense.is(scsi::kIllegalRequest, 0x24, 0x00);
}

bool tells_of_media(const scsi::Sense& attention) {
  return attention.asc == 0x28 || attention.asc == 0x3B || attention.asc == 0x5A;
}

const char* to_string(Action action) {
  switch (action) {
    case Action::none:
      return "none";
    case Action::retry:
      return "retry";
    case Action::wait:
      return "wait";
    case Action::reconcile:
      return "reconcile";
    case Action::operator_needed:
      return "operator needed";
    case Action::drive_down:
      return "drive down";
    case Action::library_down:
      return "library down";
    case Action::fail:
      break;
  }
  return "fail";
}

}  // namespace ntms::device
