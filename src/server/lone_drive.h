// SPDX-License-Identifier: MIT
// What the calls mean that name a drive by its device: EjectDiskFromSADrive and GetVolumesFromDrive
// (contract: functions-library-control 21 and 22).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Thread safety: all functions may be called from any thread. Errors are those of the contract's
// tables; a failed call changes nothing.
class LoneDriveControl {
 public:
  // Both must outlive the object.
  LoneDriveControl(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // Starts to eject what is in the stand-alone drive with this device name (the case of ASCII
  // letters does not matter), with `force` even if it is in use. Returns the operation's id.
  Result<Guid> start_eject(const std::string& device, bool force) const;

  // Ends the eject that is under way there.
  Result<void> stop_eject(const std::string& device) const;

  // How an eject has ended; nothing while it has not.
  std::optional<Result<void>> look(const Guid& operation) const;

  // ERROR_INVALID_DRIVE when no drive has this device name.
  Result<void> find_drive(const std::string& device) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
