// SPDX-License-Identifier: MIT
#include "server/database_recovery.h"

#include <ntmsapi.h>

#include "server/access.h"
#include "store/backup.h"

namespace ntms::server {

Result<void> DatabaseRecovery::export_database() const {
  if (auto allowed = check_computer(database_, session_, NTMS_CONTROL_ACCESS); !allowed) {
    return allowed;
  }
  return store::export_database(database_.directory());
}

Result<void> DatabaseRecovery::import_database() const {
  if (auto allowed = check_computer(database_, session_, NTMS_CONTROL_ACCESS); !allowed) {
    return allowed;
  }
  return store::mark_import(database_.directory());
}

}  // namespace ntms::server
