// SPDX-License-Identifier: MIT
// A drive as the upper layers see it: who it is, whether it is ready, loading and unloading.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/error.h"
#include "device/commander.h"
#include "device/identity.h"
#include "scsi/commands.h"
#include "scsi/tape_alert.h"

namespace ntms::device {

enum class DriveReadiness {
  empty,           // no medium
  not_loaded,      // a medium is there but must be loaded first: load()
  becoming_ready,  // loading, rewinding, initialising a new medium
  cleaning,        // a cleaner cartridge is at work
  ready,
  error,  // none of these: Drive::last_verdict() tells what and why
};

// One drive of any device type but changer. Thread safety and lifetime as for Changer.
class Drive {
 public:
  explicit Drive(std::unique_ptr<scsi::Transport> transport, Patience patience = {});

  // Reads the identity and takes the UNIT ATTENTIONs of a new connection. Does not need a medium.
  // Errors: ERROR_INVALID_PARAMETER when the device is a changer; ERROR_DEVICE_NOT_AVAILABLE when
  // nothing answers.
  boost::asio::awaitable<Result<void>> attach();

  const Identity& identity() const { return facts_.identity; }
  const std::vector<scsi::DeviceIdentifier>& designators() const { return facts_.designators; }
  std::uint8_t device_type() const { return facts_.device_type; }  // e.g. scsi::kTypeTape
  const std::string& uri() const { return commander_.transport().uri(); }

  // The drive's state now; takes UNIT ATTENTIONs, waits for nothing but a BUSY device.
  boost::asio::awaitable<DriveReadiness> test_ready();

  // Waits as long as the drive is becoming ready, at most `limit`.
  boost::asio::awaitable<DriveReadiness> wait_ready(std::chrono::milliseconds limit);

  // Loads the medium that lies in the drive, or unloads it so that the arm can take it. Waits for
  // the end, at most `timeout`. Errors: ERROR_EMPTY when there is no medium,
  // ERROR_UNABLE_TO_LOAD_MEDIUM when the drive failed at it,
  // ERROR_UNABLE_TO_EJECT_MOUNTED_MEDIA when the medium is locked.
  boost::asio::awaitable<Result<void>> load(std::chrono::milliseconds timeout = scsi::kLoadTimeout);
  boost::asio::awaitable<Result<void>> unload(
      std::chrono::milliseconds timeout = scsi::kLoadTimeout);

  // The TapeAlert flags (LOG SENSE page 2Eh), which the drive may forget by telling them; none when
  // it has no such page. Does not need a medium. Errors: what the drive's sense data means.
  boost::asio::awaitable<Result<scsi::TapeAlerts>> alerts();

  // Whether sense data has asked for cleaning (00h/17h) since the last call.
  bool take_cleaning_wish() { return commander_.take_cleaning_wish(); }

  bool attention_pending() const { return commander_.attention_pending(); }
  bool take_attention() { return commander_.take_attention(); }
  const Verdict& last_verdict() const { return commander_.last_verdict(); }

  // For commands on the medium, e.g. reading its label.
  Commander& commander() { return commander_; }

 private:
  Commander commander_;
  DeviceFacts facts_;
  bool no_alerts_ = false;  // it has refused the page
};

}  // namespace ntms::device
