// SPDX-License-Identifier: MIT
// What drives have to say about themselves and their cartridges.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "operations/library_context.h"

namespace ntms::operations {

// After a cartridge has been unloaded, and while it is still recorded in its drive: reads what the
// drive at this element reports (TapeAlert, and sense data that asked for cleaning since the last
// time). All of it is logged in words; cleaning is queued when the drive asks for it; the operator
// is asked to see to a drive or a cartridge that needs a person (NTMS_OPREQ_DEVICESERVICE). Trouble
// with the report is logged and forgotten.
boost::asio::awaitable<void> heed_drive_report(LibraryContext& context, std::uint16_t element);

}  // namespace ntms::operations
