// SPDX-License-Identifier: MIT
// Library requests from the outside: their states, and waiting for their end.
#pragma once

#include "base/guid.h"
#include "rsm/objects.h"
#include "rsm/output.h"
#include "rsm/stop_signals.h"

namespace ntms::rsm {

// How long a waiting subcommand pauses before it looks at a request again.
inline constexpr std::chrono::milliseconds kRequestPause{50};

// True for the states in which nothing will happen to a request any more.
bool is_finished(DWORD state);

// How a subcommand ends whose request has finished: 0 when it passed, dwErrorCode when it failed,
// ERROR_CANCELLED when it was cancelled or stopped by somebody else.
//   stopping  true: the subcommand itself stops the request, so that STOPPED is what it wanted
Outcome outcome_of(const NTMS_LIBREQUESTINFORMATIONW& request, bool stopping);

// Waits until a library request has finished. The process may be the one that carries it out, so
// a signal ends the waiting in good order (ERROR_CANCELLED) and leaves the request alone.
Outcome wait_for_request(const Session& session, const Guid& id, StopSignals& signals,
                         bool stopping);

}  // namespace ntms::rsm
