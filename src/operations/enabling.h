// SPDX-License-Identifier: MIT
// Enabling and disabling libraries, drives and media (contract: functions-objects 5/6, concepts
// 4.1).
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/library_context.h"

namespace ntms::operations {

// Carries out one of the requests NTMS_LM_DISABLELIBRARY .. NTMS_LM_ENABLEMEDIA. A drive or medium
// in use makes the request WAITING; it is to be run again when something has changed. Disabling a
// drive puts its cartridge back into its slot when possible.
boost::asio::awaitable<void> run_enabling(LibraryContext& context, Guid request);

// The part that needs no device, for media in the offline library: sets the medium's Enabled
// member and finishes the request.
void enable_medium(store::Writer& writer, model::LibraryRequest& request);

}  // namespace ntms::operations
