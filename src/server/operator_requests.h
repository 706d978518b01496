// SPDX-License-Identifier: MIT
// Operator requests: what people are asked to do, and their answers (functions-session 3 to 6,
// concepts 16).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/error.h"
#include "base/guid.h"
#include "model/state_machines.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// The operator requests that a session submits, watches and answers. Holds references only. Thread
// safety: all functions may be called from any thread. A failed call changes nothing.
class OperatorRequests {
 public:
  // Both must outlive the object.
  OperatorRequests(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // What an application asks for. Arguments that its kind of request does not have are ignored.
  struct Submission {
    std::uint32_t request = NTMS_OPREQ_UNKNOWN;  // NTMS_OPREQ_...
    std::optional<std::string> message;          // UTF-8
    std::optional<Guid> arg1;
    std::optional<Guid> arg2;
  };

  // SubmitNtmsOperatorRequest: stores a request and returns its id. An idle medium that is to be
  // moved waits for the operator from then on (NTMS_MEDIASTATE_OPREQ).
  // Errors, in this order: ERROR_INVALID_PARAMETER for an unknown kind of request or a missing
  // argument; ERROR_OBJECT_NOT_FOUND for arguments that are no object of the right type;
  // ERROR_ACCESS_DENIED without NTMS_CONTROL_ACCESS to the object (NTMS_OPREQ_MESSAGE: without
  // NTMS_USE_ACCESS).
  Result<Guid> submit(const Submission& submission);

  // What WaitForNtmsOperatorRequest answers now: success when the request is complete,
  // ERROR_CANCELLED when it has been refused or the session is closed, ERROR_OBJECT_NOT_FOUND when
  // there is no such request; nothing as long as it is open.
  std::optional<Result<void>> outcome(const Guid& request) const;

  // CancelNtmsOperatorRequest: the operator refuses.
  // Errors, in this order: ERROR_OBJECT_NOT_FOUND, ERROR_ACCESS_DENIED without NTMS_CONTROL_ACCESS
  // to the computer, ERROR_INVALID_STATE when it has been answered.
  Result<void> cancel(const Guid& request);

  // SatisfyNtmsOperatorRequest: the operator has done it. Errors as above, but
  // ERROR_OBJECT_NOT_FOUND when it has been answered.
  Result<void> satisfy(const Guid& request);

 private:
  Result<void> answer(const Guid& request, model::OperatorEvent event, std::uint32_t when_answered);

  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
