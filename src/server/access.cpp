// SPDX-License-Identifier: MIT
#include "server/access.h"

#include <ntmsapi.h>

namespace ntms::server {

Result<void> check_access(const Session& session, std::uint32_t rights) {
  std::uint32_t granted = 0;
  switch (session.standing) {
    case platform::Standing::administrator:
    case platform::Standing::operator_:
      granted = NTMS_USE_ACCESS | NTMS_MODIFY_ACCESS | NTMS_CONTROL_ACCESS;
      break;
    case platform::Standing::user:
      granted = NTMS_USE_ACCESS;
      break;
    case platform::Standing::none:
      break;
  }
  if ((granted & rights) == rights) return {};
  return fail(ERROR_ACCESS_DENIED, session.user + " lacks the right to do this");
}

}  // namespace ntms::server
