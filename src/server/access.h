// SPDX-License-Identifier: MIT
// Whether a session may do something (contract: security). Objects do not carry descriptors of
// their own yet: every guard has the default descriptor of security 5, and the caller's standing
// towards the data directory stands for the groups named there.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "server/session.h"

namespace ntms::server {

// ERROR_ACCESS_DENIED unless the session has all of `rights` (NTMS_USE_ACCESS, NTMS_MODIFY_ACCESS,
// NTMS_CONTROL_ACCESS). Administrators and operators have all three, any other user may use.
Result<void> check_access(const Session& session, std::uint32_t rights);

}  // namespace ntms::server
