// SPDX-License-Identifier: MIT
// A drive that stands alone, as a library: one drive, one port that is the drive's mouth, and a
// person in place of the arm (contract: concepts 4, 8, 13 and 19; functions-library-control 1, 2
// and 7; hardware-notes 1).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>

#include "operations/drive_job.h"
#include "operations/library_context.h"

namespace ntms::operations {

// The devices of such a library: the drive, and the same unit seen as a changer without an arm.
struct LoneDrive {
  std::unique_ptr<device::Changer> changer;
  std::unique_ptr<device::Drive> drive;
};

// Connects to the tape drive behind a URI. Errors: ERROR_INVALID_PARAMETER when it is no tape
// drive, and as Drive::attach().
boost::asio::awaitable<Result<LoneDrive>> attach_lone_drive(LibraryContext& context,
                                                            const std::string& uri);

// Whether the library is such a one.
bool is_lone_drive(const LibraryContext& context);
bool is_lone_drive(store::Reader& reader, const Guid& library);

// Records the port of such a library; nothing happens when it has one.
void record_lone_port(store::Writer& writer, const model::Library& library);

// The port shows FULL while the drive holds something. For every transaction that changes the
// drive.
void show_in_port(store::Writer& writer, const Guid& library);

// The library's drive may hold another cartridge than the recorded one, or none of the records is
// about it: it belongs to nobody until its label has been read.
void doubt_contents(store::Writer& writer, const Guid& library);

// Media of the library that are not in its drive have left it.
void retire_absent(store::Writer& writer, const Guid& library);

// What a dismount leaves: nobody uses the cartridge, which stays in the drive, and can be mounted
// again from there.
void release_lone_drive(store::Writer& writer, const Guid& drive);

// Unloads the drive, after which a person can take the cartridge, and records that nobody uses it.
// Errors: what the drive's sense data means.
boost::asio::awaitable<Result<void>> unload_lone_drive(LibraryContext& context, const Guid& drive);

// The cartridge that a request wants to use is not in the drive any more: it has left the library,
// and the request waits until the operator brings it back. A request about a cartridge that is
// forgotten when it leaves, and one that only wants to know what it is, ends.
void ask_to_insert(LibraryContext& context, const Job& job);

// Whether somebody waits for a cartridge to be put into the drive: mounts, an operator request, or
// the library's NTMS_LIBRARYFLAG_AUTODETECTCHANGE.
bool awaits_insertion(store::Reader& reader, const Guid& library);

// Asks the drive whether it holds something, and makes the database agree when that has changed.
boost::asio::awaitable<void> look_at_lone_drive(LibraryContext& context);

// Carries out an NTMS_LM_EJECT or NTMS_LM_INJECT request. An eject unloads the cartridge, which is
// out when the drive is empty or the port's time is over; stopped, it is loaded again. An inject
// waits until the drive holds a cartridge, at most for the port's time.
boost::asio::awaitable<void> run_lone_eject(LibraryContext& context, Guid request);
boost::asio::awaitable<void> run_lone_inject(LibraryContext& context, Guid request);

}  // namespace ntms::operations
