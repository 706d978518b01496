// SPDX-License-Identifier: MIT
// rsm host as a service of Windows: name NtmsSvc, display name "Removable Storage", as the original
// (hardware-notes 2.3).
#pragma once

#include <functional>
#include <ostream>

#include "rsm/output.h"

namespace ntms::rsm {

// What the service does: calls its argument when it is ready, and returns when StopSignals says so.
using ServiceBody = std::function<Outcome(const std::function<void()>& running)>;

// Runs `body` for the service manager, which must have started this process, and returns when it
// has ended; how it ended is reported to the service manager and returned. Errors:
// ERROR_FAILED_SERVICE_CONTROLLER_CONNECT (1063) when the process was started otherwise;
// ERROR_NOT_SUPPORTED where there are no such services (there a unit of systemd runs rsm host).
Outcome run_as_service(const ServiceBody& body);

// Registers this very program as the service, to be started with the system, and the source of its
// events; starts nothing. Errors: those of the service manager, among them ERROR_ACCESS_DENIED
// (administrators only) and ERROR_SERVICE_EXISTS (1073); ERROR_NOT_SUPPORTED as above.
Outcome install_service(std::ostream& out);

// Stops the service if it runs and takes back what install_service() registered; not the data.
// Errors: as above, and ERROR_SERVICE_DOES_NOT_EXIST (1060).
Outcome remove_service(std::ostream& out);

}  // namespace ntms::rsm
