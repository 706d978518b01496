// SPDX-License-Identifier: MIT
// rsm eject: starts, collects and stops ejects (rsm-command 2.6, functions-library-control 1).
#include <optional>
#include <string>

#include "rsm/objects.h"
#include "rsm/requests.h"
#include "rsm/subcommands.h"

namespace ntms::rsm {
namespace {

std::optional<DWORD> action_of(const std::string& word) {
  if (word == "start") return NTMS_EJECT_START;
  if (word == "stop") return NTMS_EJECT_STOP;
  if (word == "queue") return NTMS_EJECT_QUEUE;
  if (word == "force") return NTMS_EJECT_FORCE;
  return std::nullopt;
}

bool same_form(const ObjectName& a, const ObjectName& b) {
  return a.index() == b.index();
}

// What is wrong with the switches that name the cartridge; nothing when they are right.
std::optional<Outcome> check_target(const Arguments& arguments) {
  const auto library = arguments.object("l");
  const int places = (arguments.has("s") ? 1 : 0) + (arguments.has("d") ? 1 : 0);
  if (arguments.has("p")) {
    if (places == 0 && !library) return std::nullopt;
    return wrong_usage("Name the cartridge (/p) or its place (/s, /d, /l), not both.");
  }
  if (places == 2) return wrong_usage("Name a slot (/s) or a drive (/d), not both.");
  if (!library) return wrong_usage("Name a cartridge (/p), or a place with its library (/l).");
  if (places == 0) return std::nullopt;
  const auto place = arguments.object(arguments.has("s") ? "s" : "d");
  if (same_form(*place, *library)) return std::nullopt;
  return wrong_usage("Name both the place and the library by GUID, or both by friendly name.");
}

Result<Guid> medium_at(const Session& session, const Guid& library, const Guid& place) {
  const auto media = list(session, NTMS_PHYSICAL_MEDIA, library);
  if (!media) return media.error();
  for (const NTMS_OBJECTINFORMATIONW& medium : *media) {
    if (to_guid(medium.Info.PhysicalMedia.Location) == place) return to_guid(medium.ObjectGuid);
  }
  return fail(ERROR_EMPTY, "No cartridge is there.");
}

// The cartridge that checked switches name.
Result<Guid> target(const Session& session, const Arguments& arguments) {
  if (const auto cartridge = arguments.object("p")) {
    return resolve(session, NTMS_PHYSICAL_MEDIA, *cartridge);
  }
  const auto library = resolve(session, NTMS_LIBRARY, *arguments.object("l"));
  if (!library) return library.error();
  if (const auto slot = arguments.object("s")) {
    const auto place = resolve(session, NTMS_STORAGESLOT, *slot, *library);
    if (!place) return place.error();
    return medium_at(session, *library, *place);
  }
  if (const auto drive = arguments.object("d")) {
    const auto place = resolve(session, NTMS_DRIVE, *drive, *library);
    if (!place) return place.error();
    return medium_at(session, *library, *place);
  }
  const auto drives = enumerate(session, NTMS_DRIVE, *library);
  if (!drives) return drives.error();
  if (drives->size() != 1) {
    return fail(ERROR_INVALID_PARAMETER, "The library has " + std::to_string(drives->size()) +
                                             " drives: say which (/d), or which slot (/s).");
  }
  return medium_at(session, *library, drives->front());
}

Outcome stop(const Arguments& arguments, const Guid& operation, std::ostream& out) {
  std::optional<StopSignals> signals;
  if (arguments.has("w")) signals.emplace();
  const auto session = Session::open();
  if (!session) return session.error();
  NTMS_GUID id = to_ntms(operation);
  const DWORD code = EjectNtmsMedia(session->handle(), nullptr, &id, NTMS_EJECT_STOP);
  if (code != ERROR_SUCCESS) return {code, "The eject could not be stopped."};
  if (signals) {
    Outcome outcome = wait_for_request(*session, operation, *signals, true);
    if (outcome.code != 0) return outcome;
  }
  if (!arguments.has("b")) out << kSuccess << '\n';
  return {};
}

}  // namespace

Outcome run_eject(const Arguments& arguments, std::ostream& out) {
  const auto action = action_of(arguments.word("a").value_or("start"));
  if (!action) return wrong_usage("/a is one of start, stop, queue and force.");
  if (*action == NTMS_EJECT_STOP) {
    const auto operation = Guid::parse(arguments.value("o").value_or(""));
    if (!operation) return wrong_usage("/astop needs /o with the GUID of the operation.");
    return stop(arguments, *operation, out);
  }
  if (arguments.has("o")) return wrong_usage("/o goes with /astop only.");
  if (const auto wrong = check_target(arguments)) return *wrong;
  const bool queue = *action == NTMS_EJECT_QUEUE;
  if (queue && arguments.has("w")) return wrong_usage("A queued cartridge cannot be waited for.");

  std::optional<StopSignals> signals;
  if (arguments.has("w")) signals.emplace();
  const auto session = Session::open();
  if (!session) return session.error();
  const auto cartridge = target(*session, arguments);
  if (!cartridge) return cartridge.error();
  NTMS_GUID medium = to_ntms(*cartridge);
  NTMS_GUID operation{};
  const DWORD code = EjectNtmsMedia(session->handle(), &medium, &operation, *action);
  if (code != ERROR_SUCCESS) return {code, "The cartridge could not be ejected."};
  // At once, since the rest may take long and somebody may want to stop it.
  if (!queue) out << to_guid(operation).to_string() << std::endl;
  if (signals) {
    Outcome outcome = wait_for_request(*session, to_guid(operation), *signals, false);
    if (outcome.code != 0) return outcome;
  }
  if (!arguments.has("b")) out << kSuccess << '\n';
  return {};
}

}  // namespace ntms::rsm
