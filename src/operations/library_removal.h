// SPDX-License-Identifier: MIT
// Taking libraries out of the database, each function within the caller's transaction (contract:
// functions-library-control 12 and 13); and to which library a drive belongs.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "store/records.h"

namespace ntms::operations {

// Ends what was asked of objects before they go.
void cancel_all(store::Writer& writer, std::vector<model::LibraryRequest> requests,
                const char* reason);

// Nobody needs to do any more what the server asked for about these objects.
void complete_all(store::Writer& writer, std::vector<model::OperatorRequest> requests);

// Moves media to the offline library, idle.
void take_offline(store::Writer& writer, std::vector<model::PhysicalMedium> media);

// Removes a library with its changers, drives, slots, ports and doors. Its media go to the offline
// library, its unfinished requests are cancelled, and what the server asked people to do about the
// removed objects is done.
void remove_library(store::Writer& writer, const Guid& library);

// A changer has the drive with this serial number in one of its bays: the library that the drive
// was by itself, because it was seen before its changer, is removed. The names of those that are in
// use and stay until the next time.
std::vector<std::string> remove_lone_libraries(store::Writer& writer, const std::string& serial);

// The name of the library with a changer that the drive with this serial number belongs to, be the
// library here or not; nothing when it belongs to none, its library is here without it, or it still
// is a library by itself, whose requests have to be served.
std::optional<std::string> library_of_drive(store::Reader& reader, const std::string& serial);

}  // namespace ntms::operations
