// SPDX-License-Identifier: MIT
// Library requests from the outside.
#include "rsm/requests.h"

namespace ntms::rsm {

bool is_finished(DWORD state) {
  return state != NTMS_LM_QUEUED && state != NTMS_LM_INPROCESS && state != NTMS_LM_WAITING &&
         state != NTMS_LM_DEFERRED;
}

Outcome outcome_of(const NTMS_LIBREQUESTINFORMATIONW& request, bool stopping) {
  if (request.State == NTMS_LM_PASSED) return {};
  if (request.State == NTMS_LM_STOPPED && stopping) return {};
  if (request.State == NTMS_LM_STOPPED) return {ERROR_CANCELLED, "The operation was stopped."};
  if (request.State == NTMS_LM_CANCELLED) return {ERROR_CANCELLED, "The request was cancelled."};
  if (request.State == NTMS_LM_FAILED && request.dwErrorCode != 0) {
    return {request.dwErrorCode, "The operation was started and has failed."};
  }
  return {ERROR_INVALID_STATE, "The request ended in the state " + std::to_string(request.State) +
                                   " without an error code."};
}

Outcome wait_for_request(const Session& session, const Guid& id, StopSignals& signals,
                         bool stopping) {
  while (true) {
    const auto info = information(session, id, NTMS_LIBREQUEST);
    if (!info) return info.error();
    if (is_finished(info->Info.LibRequest.State)) {
      return outcome_of(info->Info.LibRequest, stopping);
    }
    if (signals.wait_for(kRequestPause)) {
      return {ERROR_CANCELLED, "The waiting was interrupted; the request goes on."};
    }
  }
}

}  // namespace ntms::rsm
