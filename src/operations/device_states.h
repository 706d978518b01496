// SPDX-License-Identifier: MIT
// The presence of a library with its changer and drives, by the table of model/state_machines.h
// (contract: concepts 4.1).
#pragma once

#include <string>

#include "model/state_machines.h"
#include "operations/library_context.h"

namespace ntms::operations {

// The operational state of a drive after it was looked for: found, or not there.
std::uint32_t presence_of_drive(std::uint32_t before, bool found);

// Applies an event to a library and its changer; found, checked and lost concern the drives too.
// `reason` says in words why the library is not ready, and is empty when it is.
void apply_to_library(store::Writer& writer, const Guid& library, model::DeviceEvent event,
                      const std::string& reason);

// A hardware error of the robot: the library needs service, and the operator is asked for it with
// `message`.
void note_defect(store::Writer& writer, const LibraryContext& context, const std::string& message);

// The robot has moved a cartridge: whatever it needed service for is over.
void note_working(store::Writer& writer, const LibraryContext& context);

// Whether the library needs service and nobody is asked for it any more: the operator has completed
// the request, and the device is to be looked at.
bool is_said_to_be_repaired(store::Reader& reader, const Guid& library);

}  // namespace ntms::operations
