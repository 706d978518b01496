// SPDX-License-Identifier: MIT
// rsm inventory (rsm-command 2.10, functions-library-control 4).
#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "rsm/objects.h"
#include "rsm/requests.h"
#include "rsm/subcommands.h"

namespace ntms::rsm {
namespace {

std::optional<DWORD> action_of(const std::string& word) {
  if (word == "full") return NTMS_INVENTORY_OMID;
  if (word == "fast") return NTMS_INVENTORY_FAST;
  if (word == "default") return NTMS_INVENTORY_DEFAULT;
  if (word == "none") return NTMS_INVENTORY_NONE;
  if (word == "stop") return NTMS_INVENTORY_STOP;
  return std::nullopt;
}

// The requests that an inventory of the library consists of: itself, and the identifications.
Result<std::vector<NTMS_OBJECTINFORMATIONW>> inventory_requests(const Session& session,
                                                                const Guid& library) {
  auto requests = list(session, NTMS_LIBREQUEST, library);
  if (!requests) return requests;
  std::erase_if(*requests, [](const NTMS_OBJECTINFORMATIONW& info) {
    const DWORD operation = info.Info.LibRequest.OperationCode;
    return operation != NTMS_LM_INVENTORY && operation != NTMS_LM_CLASSIFY;
  });
  return requests;
}

// InventoryNtmsLibrary names no request: wait until none of the kind is left, and look at how those
// ended that were not `old`, that is, not finished before the call.
Outcome wait_for_inventory(const Session& session, const Guid& library,
                           const std::vector<Guid>& old, StopSignals& signals, bool stopping) {
  while (true) {
    const auto requests = inventory_requests(session, library);
    if (!requests) return requests.error();
    bool finished = true;
    Outcome outcome;
    for (const NTMS_OBJECTINFORMATIONW& info : *requests) {
      if (std::find(old.begin(), old.end(), to_guid(info.ObjectGuid)) != old.end()) continue;
      const NTMS_LIBREQUESTINFORMATIONW& request = info.Info.LibRequest;
      if (!is_finished(request.State)) {
        finished = false;
      } else if (outcome.code == 0) {
        // The identifications of a stopped inventory are cancelled with it.
        const bool expected = stopping && request.State == NTMS_LM_CANCELLED;
        if (!expected) outcome = outcome_of(request, stopping);
      }
    }
    if (finished) return outcome;
    if (signals.wait_for(kRequestPause)) {
      return {ERROR_CANCELLED, "The waiting was interrupted; the inventory goes on."};
    }
  }
}

Result<std::vector<Guid>> finished_requests(const Session& session, const Guid& library) {
  const auto requests = inventory_requests(session, library);
  if (!requests) return requests.error();
  std::vector<Guid> result;
  for (const NTMS_OBJECTINFORMATIONW& info : *requests) {
    if (is_finished(info.Info.LibRequest.State)) result.push_back(to_guid(info.ObjectGuid));
  }
  return result;
}

}  // namespace

Outcome run_inventory(const Arguments& arguments, std::ostream& out) {
  if (!arguments.has("l")) return wrong_usage("/l is missing: the library.");
  const auto action = action_of(arguments.word("a").value_or(""));
  if (!action) return wrong_usage("/a is one of full, fast, default, none and stop.");

  std::optional<StopSignals> signals;
  if (arguments.has("w")) signals.emplace();
  const auto session = Session::open();
  if (!session) return session.error();
  const auto library = resolve(*session, NTMS_LIBRARY, *arguments.object("l"));
  if (!library) return library.error();
  if (*action != NTMS_INVENTORY_NONE) {  // which the function refuses, and which means nothing
    const auto old = finished_requests(*session, *library);
    if (!old) return old.error();
    NTMS_GUID id = to_ntms(*library);
    const DWORD code = InventoryNtmsLibrary(session->handle(), &id, *action);
    if (code != ERROR_SUCCESS) return {code, "The library cannot be inventoried."};
    if (signals) {
      Outcome outcome =
          wait_for_inventory(*session, *library, *old, *signals, *action == NTMS_INVENTORY_STOP);
      if (outcome.code != 0) return outcome;
    }
  }
  out << kSuccess << '\n';
  return {};
}

}  // namespace ntms::rsm
