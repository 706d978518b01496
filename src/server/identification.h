// SPDX-License-Identifier: MIT
// Identification as calls ask for it: IdentifyNtmsSlot and UpdateNtmsOmidInfo (contract:
// functions-library-control 5, functions-media-services 14).
#pragma once

#include <functional>
#include <optional>

#include "base/error.h"
#include "labels/label.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Holds references only. Thread safety: all functions may be called from any thread. Errors are
// those of the functions' tables; a failed call changes nothing.
class Identification {
 public:
  // Both must outlive the object.
  Identification(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // Queues the identification of the cartridge in a slot; the null id when the slot is empty and
  // there is nothing to do. `leave_in_drive`: the cartridge stays in the drive, as after a deferred
  // dismount.
  Result<Guid> begin(const Guid& slot, bool leave_in_drive) const;

  // The end of an identification, nothing while it goes on. Errors: that of the request;
  // ERROR_CANCELLED when it was cancelled or deleted, and when the session is closed.
  std::optional<Result<void>> look(const Guid& operation) const;

  // Takes it back; a cartridge that is in a drive for it goes home.
  void give_up(const Guid& operation) const;

  // Records the label that an application has written on the side of a logical medium.
  // `recognize` tells what it is; called without a transaction, at most once.
  Result<void> update_label(const Guid& logical_medium,
                            const std::function<std::optional<labels::Label>()>& recognize) const;

 private:
  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
