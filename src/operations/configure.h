// SPDX-License-Identifier: MIT
// Finding out what a device is and recording it: the library with its changer, drives, slots, ports
// and doors, its media types and their system pools, and the media in it
// (contract: concepts 4, 5, 20; hardware-notes 1 and 2).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "operations/library_context.h"

namespace ntms::operations {

// A library as the configuration names it.
struct DeviceSetting {
  std::string uri;
  // The URIs of the drives among which the library's own are. Empty: the other units of its target
  // where it has such, else those that the system knows of.
  std::vector<std::string> drives;
  // The drives of single data transfer elements, by element address, for changers that do not tell.
  // They are among the candidates whatever else is.
  std::map<std::uint16_t, std::string> drive_of_element;
  std::string name;         // friendly name for a new library; empty: vendor and product
  std::uint32_t doors = 0;  // SCSI does not tell how many doors a library has
  bool empty_drives_for_doors = false;  // the doors stay shut while a drive holds a cartridge
  bool in_service = true;               // whether a library seen for the first time is enabled
};

// Connects to the changer, takes the machine-wide lock on it, and makes the database agree with
// what is there. On success the context has its changer, drives and library. Nothing is moved,
// unloaded, locked or labelled.
// Errors: ERROR_ACCESS_DENIED without permission on the device, ERROR_BUSY when another server has
// it, ERROR_DEVICE_NOT_AVAILABLE when it does not answer, ERROR_INVALID_LIBRARY for a tape drive
// that belongs to a library with a changer, and others with their reasons. `defective` is set on
// failure: the changer answers, but with a hardware error. It must outlive the coroutine.
boost::asio::awaitable<Result<void>> configure(LibraryContext& context,
                                               const DeviceSetting& setting, bool& defective);

// The objects every database has: the computer, the offline library, the media types, the root pool
// and the three top-level system pools. Creates those that are missing.
void create_fixed_objects(store::Writer& writer);

// Makes sure that the library takes media of some type, since whatever is found in it has one: that
// of a drive of its, or LTO Ultrium when none is recognised. Nothing happens when it has one.
void require_media_type(store::Writer& writer, const Guid& library);

// The system pool of a kind (NTMS_POOLTYPE_SCRATCH, FOREIGN or IMPORT) for a media type: a child of
// Free, Unrecognized or Import. Created if it is missing. Returns its id.
Guid system_pool(store::Writer& writer, std::uint32_t kind, const model::MediaType& type);

}  // namespace ntms::operations
