// SPDX-License-Identifier: MIT
// The way of a medium to the free pool: its sides wait UNPREPARED in their pool until a free label
// has been written on them, then the medium is in the free pool of its type and they are AVAILABLE
// (contract: concepts 5.1 and 6; functions-media-services 4, 8 and 16).
//
// The request NTMS_LM_WRITESCRATCH carries all of it: `medium`, `library`, `slot` (the home slot),
// `side` (the only one to be labelled; none when there are several), `round` (private: the free
// pool the medium goes to) and `option` (who asked, ScratchOrigin).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "store/records.h"

namespace ntms::operations {

// OperationOption of NTMS_LM_WRITESCRATCH. It decides who is told when the request has ended.
enum class ScratchOrigin : std::uint32_t {
  deallocation = 0,  // DeallocateNtmsMedia: nobody
  move = 1,          // MoveToNtmsMediaPool: the listeners of media pools, with the free pool's id
  type_change = 2,   // ChangeNtmsMediaType: the listeners of physical media, with the medium's id
};

// The free label of one side, as it was written (concepts 12).
struct WrittenLabel {
  Guid side;
  std::string type;              // szOmidLabelType, UTF-8
  std::vector<std::uint8_t> id;  // OmidLabelId, at most 255 bytes
  std::string info;              // szOmidLabelInfo, UTF-8
};

// Whether a side in this state gets a free label when its medium goes to the free pool: not while
// it belongs to somebody, and not when it can never be used again.
bool takes_free_label(std::uint32_t side_state);

// Marks the sides of a medium that takes_free_label() is true of UNPREPARED, an idle medium of a
// library with devices INUSE, and stores the request. `request` is a new request
// NTMS_LM_WRITESCRATCH for the medium's library, not stored yet; its other members are filled in
// here. Everything within the caller's transaction; what is allowed has been checked before.
void queue_write_scratch(store::Writer& writer, model::LibraryRequest& request,
                         model::PhysicalMedium& medium, const Guid& free_pool,
                         ScratchOrigin origin);

// The end of a request NTMS_LM_WRITESCRATCH whose labels are on the medium: it is in the free pool
// from now on and has that pool's media type, its UNPREPARED sides are AVAILABLE with the labels
// given (sides that none is given for keep theirs), and the request ends PASSED with its notice.
// When the medium is gone the request ends FAILED (INVALID before its start), when the pool is gone
// it ends FAILED with ERROR_INVALID_MEDIA_POOL; nothing else changes then.
void complete_write_scratch(store::Writer& writer, model::LibraryRequest& request,
                            std::span<const WrittenLabel> labels);

// The completion notice of a request NTMS_LM_WRITESCRATCH, whatever its end.
void notify_free_label(store::Writer& writer, const model::LibraryRequest& request);

// Takes the unfinished request NTMS_LM_WRITESCRATCH of a medium, if there is one, to the library
// the medium is in now: offline it waits, in a library with devices it can be carried out and holds
// the medium. Nothing happens when there is no such medium.
void carry_write_scratch(store::Writer& writer, const Guid& medium);

}  // namespace ntms::operations
