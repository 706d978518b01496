// SPDX-License-Identifier: MIT
// Identification of cartridges by mounting them and reading their labels: NTMS_LM_CLASSIFY
// (contract: concepts 6, 11 to 13; functions-library-control 2, 4 and 5).
//
// The request: `medium` and `side` (what is recorded at the place; none yet where an inventory has
// to tell first), `slot` (its slot), `option` (0: it goes home afterwards, kLeaveInDrive),
// `work_item` (the request it follows from, which has exchanged two records), `round` (private: the
// inventory or the call it belongs to; null where the library has asked by itself because nobody
// knew the medium).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "operations/drive_job.h"
#include "operations/library_context.h"

namespace ntms::operations {

// OperationOption of NTMS_LM_CLASSIFY: the cartridge stays in the drive, which is DISMOUNTABLE.
inline constexpr std::uint32_t kLeaveInDrive = 1;

// Who asked for an identification.
struct Asker {
  std::string application = "Removable Storage";
  std::string user;
  std::string computer;
  Guid round;      // see above
  Guid work_item;  // likewise

  // A request in this name, QUEUED now, not stored yet.
  model::LibraryRequest request(const store::Writer& writer, std::uint32_t operation,
                                const Guid& library) const;
};

// The library itself.
Asker the_library();

// Whether the library identifies by itself what nobody knows (docs/configuration.md), and saying
// so.
bool identifies_new_media(store::Reader& reader);
void set_identifies_new_media(store::Writer& writer, bool yes);

// Queues the identification of a medium, unless one is queued already. A medium stays idle until
// its identification starts: whoever wants to use it goes first.
void queue_identification(store::Writer& writer, const model::PhysicalMedium& medium,
                          const Asker& asker);

// Queues the identification of every medium that lies in a slot of the library, in the order of
// the slots: a full inventory. Cleaners are left out.
void queue_identification_of_all(store::Writer& writer, const Guid& library, const Asker& asker);

// The same for the media that nobody has identified (NTMS_PARTSTATE_UNKNOWN), after a new start.
void queue_identification_of_unknown(store::Writer& writer, const Guid& library);

// Whether a bar code is that of a cleaner cartridge (it begins with CLN) in a library that goes by
// that; such a cartridge is never mounted to be identified.
bool is_cleaner_bar_code(const model::Library& library, const std::string& bar_code);

// Carries a request NTMS_LM_CLASSIFY out in the drive chosen for it. A cartridge with two sides is
// turned over in between, where the arm does that; else only side 0 is read. What the first side
// has told is stored when the second is looked at, and stays if that fails. Ends PASSED, FAILED or
// CANCELLED; WAITING while the library is open.
boost::asio::awaitable<void> identify(LibraryContext& context, const Job& job);

// A request that names a slot in which nothing is recorded: the robot tells whether there is
// something. It goes on with the medium found, or has passed.
boost::asio::awaitable<void> look_into_slot(LibraryContext& context, Guid request);

// After another cartridge than the recorded one was found: what has to be identified next, in the
// caller's transaction. With AutoRecovery that is the place where the expected one may be, else, if
// nobody knows where that is, all of the library.
void follow_up(store::Writer& writer, const LibraryContext& context, const Guid& cause,
               const Guid& look_at, bool expected_is_lost);

}  // namespace ntms::operations
