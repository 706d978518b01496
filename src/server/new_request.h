// SPDX-License-Identifier: MIT
// A library request as a call of a session makes it (contract: functions-library-control 0.3).
#pragma once

#include "server/session.h"
#include "store/records.h"

namespace ntms::server {

// A request of `session` for `operation` (NtmsLmOperation) on a library, QUEUED now, with an id;
// not stored yet.
inline model::LibraryRequest new_request(const Session& session, const store::Writer& writer,
                                         std::uint32_t operation, const Guid& library) {
  model::LibraryRequest request;
  request.id = Guid::make();
  request.operation = operation;
  request.library = library;
  request.round = request.id;
  request.time_queued = writer.now();
  request.application = session.application;
  request.user = session.user;
  request.computer = session.computer;
  return request;
}

}  // namespace ntms::server
