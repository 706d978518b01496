// SPDX-License-Identifier: MIT
// rsm policy: what becomes of ejected media, a setting of the computer object
// (NTMS_COMPUTERINFORMATION.dwMediaPoolPolicy; functions-library-control 1).
#include <optional>
#include <string>

#include "rsm/objects.h"
#include "rsm/subcommands.h"

namespace ntms::rsm {
namespace {

// The policy after a switch; nothing when its value is neither on nor off.
std::optional<DWORD> changed(DWORD policy, const Arguments& arguments, std::string_view name,
                             DWORD bit) {
  const auto word = arguments.word(name);
  if (!word) return policy;
  if (*word == "on") return policy | bit;
  if (*word == "off") return policy & ~bit;
  return std::nullopt;
}

std::optional<DWORD> changed(DWORD policy, const Arguments& arguments) {
  const auto first = changed(policy, arguments, "keepimport", NTMS_POOLPOLICY_KEEPOFFLINEIMPORT);
  if (!first) return std::nullopt;
  return changed(*first, arguments, "purgefree", NTMS_POOLPOLICY_PURGEOFFLINESCRATCH);
}

}  // namespace

Outcome run_policy(const Arguments& arguments, std::ostream& out) {
  if (!changed(0, arguments)) return wrong_usage("The settings are on and off.");
  const auto session = Session::open();
  if (!session) return session.error();
  const auto computers = list(*session, NTMS_COMPUTER);
  if (!computers) return computers.error();
  if (computers->empty()) return {ERROR_OBJECT_NOT_FOUND, "There is no computer object."};
  NTMS_OBJECTINFORMATIONW info = computers->front();
  DWORD& policy = info.Info.Computer.dwMediaPoolPolicy;
  if (arguments.has("keepimport") || arguments.has("purgefree")) {
    policy = *changed(policy, arguments);
    NTMS_GUID id = info.ObjectGuid;
    const DWORD code = SetNtmsObjectInformationW(session->handle(), &id, &info);
    if (code != ERROR_SUCCESS) return {code, "The policy could not be changed."};
  } else {
    const auto setting = [&](DWORD bit) { return (policy & bit) != 0 ? "on" : "off"; };
    out << "keepimport " << setting(NTMS_POOLPOLICY_KEEPOFFLINEIMPORT) << '\n'
        << "purgefree " << setting(NTMS_POOLPOLICY_PURGEOFFLINESCRATCH) << '\n';
  }
  out << kSuccess << '\n';
  return {};
}

}  // namespace ntms::rsm
