// SPDX-License-Identifier: MIT
// Looking at the ports outside of an operation on them.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/library_context.h"

namespace ntms::operations {

// While the operator is asked to empty a port: unlocks it, reads the import/export elements,
// records their content, and completes the server's own requests to empty a port that is now seen
// to be empty; after the last of them it is locked again.
boost::asio::awaitable<void> look_at_ports(LibraryContext& context);

// Records what the import/export elements of a library hold, and completes the server's own
// requests about those that are empty.
void record_port_contents(store::Writer& writer, const Guid& library,
                          const std::vector<scsi::ElementStatus>& elements);

// Whether the server has asked a person to empty a port of this library and waits for it.
bool waits_for_empty_port(store::Reader& reader, const Guid& library);

}  // namespace ntms::operations
