// SPDX-License-Identifier: MIT
// rsm view: lists objects (rsm-command 2.15 and 3).
#include <algorithm>
#include <string>
#include <vector>

#include "rsm/objects.h"
#include "rsm/subcommands.h"

namespace ntms::rsm {
namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return result;
}

// "Slot 3 of <library>", or the library alone where there is no slot, drive or port.
std::string place_of(const Session& session, const NTMS_PMIDINFORMATIONW& medium) {
  const Guid library_id = to_guid(medium.CurrentLibrary);
  const auto library = information(session, library_id, NTMS_LIBRARY);
  std::string library_name = library ? name_of(*library) : library_id.to_string();
  const Guid location = to_guid(medium.Location);
  if (location.is_null()) return library_name;
  const auto element = information(session, location, medium.LocationType);
  return (element ? name_of(*element) : location.to_string()) + " of " + library_name;
}

// What the drive is for the system, and why it is taken for the one in this bay.
std::string drive_of(const Session& session, const NTMS_OBJECTINFORMATIONW& info) {
  std::string device = device_of(info.Info.Drive);
  if (device.empty()) device = "no device";
  const auto reason = attribute(session, to_guid(info.ObjectGuid), NTMS_DRIVE, "DriveMapping");
  return reason ? device + ": " + *reason : device;
}

}  // namespace

Outcome run_view(const Arguments& arguments, std::ostream& out) {
  if (!arguments.has("t")) return wrong_usage("/t is missing: the type of the objects.");
  const std::string type_text = *arguments.value("t");
  const auto type = type_number(type_text);
  if (!type) return wrong_usage("\"" + type_text + "\" is not a type of objects.");
  std::optional<Guid> container;
  if (arguments.has("cg")) {
    container = Guid::parse(*arguments.value("cg"));
    if (!container) return wrong_usage("/cg: not a GUID of 32 hexadecimal digits.");
  }
  const bool brief = arguments.has("b");
  const bool guids = arguments.has("guiddisplay");
  const bool descriptions = arguments.has("desc");
  const bool places = arguments.has("where");
  if (places && *type != NTMS_PHYSICAL_MEDIA && *type != NTMS_DRIVE) {
    return wrong_usage("/where goes with /tphysical_media and /tdrive only.");
  }
  if (*type == NTMS_UI_DESTINATION) {
    return {ERROR_CALL_NOT_IMPLEMENTED, "rsm view /tui_destination is not available yet."};
  }

  const auto session = Session::open();
  if (!session) return session.error();
  const auto objects = list(*session, *type, container);
  if (!objects) return objects.error();
  // The GUID comes last, for scripts that cut the line at its last blank.
  const bool guid_alone = brief && guids && !descriptions && !places;
  std::vector<std::vector<std::string>> rows;
  for (const NTMS_OBJECTINFORMATIONW& info : *objects) {
    auto& row = rows.emplace_back();
    if (!guid_alone) row.push_back(name_of(info));
    if (descriptions) row.push_back(description_of(info));
    if (places) {
      row.push_back(*type == NTMS_DRIVE ? drive_of(*session, info)
                                        : place_of(*session, info.Info.PhysicalMedia));
    }
    if (guids) row.push_back(to_guid(info.ObjectGuid).to_string());
  }
  if (!brief) out << upper(*type_name(*type)) << '\n';
  print_columns(out, rows);
  if (!brief) out << kSuccess << '\n';
  return {};
}

}  // namespace ntms::rsm
