// SPDX-License-Identifier: MIT
#include "server/lone_drive.h"

#include <ntmsapi.h>

#include <algorithm>

#include "server/library_control.h"

namespace ntms::server {
namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// By its name, or by as much of that as NTMS_DRIVEINFORMATION shows.
std::optional<model::Drive> named(store::Reader& reader, const std::string& device) {
  constexpr std::size_t kShown = 63;
  for (model::Drive& drive : reader.list<model::Drive>("t.device_name<>''")) {
    if (same_name(drive.device_name, device) ||
        same_name(drive.device_name.substr(0, kShown), device)) {
      return std::move(drive);
    }
  }
  return std::nullopt;
}

// The drive of that name, if it stands alone.
Result<model::Drive> lone_drive(store::Reader& reader, const std::string& device) {
  auto drive = named(reader, device);
  if (!drive) return fail(ERROR_INVALID_DRIVE, "no drive is called " + device);
  if (reader.number("SELECT type FROM library WHERE guid=?1", drive->library) !=
      NTMS_LIBRARYTYPE_STANDALONE) {
    return fail(ERROR_INVALID_DRIVE, drive->name + " belongs to a library");
  }
  return *std::move(drive);
}

}  // namespace

Result<Guid> LoneDriveControl::start_eject(const std::string& device, bool force) const {
  const auto medium = database_.read([&](store::Reader& reader) -> Result<Guid> {
    const auto drive = lone_drive(reader, device);
    if (!drive) return drive.error();
    const auto inside = reader.first<model::PhysicalMedium>("t.location=?1", drive->id);
    if (!inside) return fail(ERROR_INVALID_STATE, device + " is empty");
    return inside->id;
  });
  if (!medium) return medium.error();
  LibraryControl control(database_, session_);
  return force ? control.force_eject(*medium) : control.start_eject(*medium);
}

Result<void> LoneDriveControl::stop_eject(const std::string& device) const {
  const auto operation = database_.read([&](store::Reader& reader) -> Result<Guid> {
    const auto drive = lone_drive(reader, device);
    if (!drive) return drive.error();
    const auto request = reader.first<model::LibraryRequest>(
        "t.library=?1 AND t.operation=?2 AND t.state IN (0,1,5,6)", drive->library, NTMS_LM_EJECT);
    if (!request) return fail(ERROR_INVALID_OPERATION, "nothing is being ejected from " + device);
    return request->id;
  });
  if (!operation) return operation.error();
  return LibraryControl(database_, session_).stop_eject(*operation);
}

std::optional<Result<void>> LoneDriveControl::look(const Guid& operation) const {
  bool waiting = false;
  const auto seen = database_.read([&](store::Reader& reader) -> Result<void> {
    waiting = false;
    const auto request = reader.find<model::LibraryRequest>(operation);
    if (!request || request->state == NTMS_LM_CANCELLED || request->state == NTMS_LM_STOPPED) {
      return fail(ERROR_CANCELLED, "the eject was stopped");
    }
    if (request->state == NTMS_LM_FAILED || request->state == NTMS_LM_INVALID) {
      return fail(request->error_code != 0 ? request->error_code : ERROR_INVALID_STATE,
                  request->reason);
    }
    waiting = request->state != NTMS_LM_PASSED;
    return {};
  });
  if (seen && waiting) return std::nullopt;
  return seen;
}

Result<void> LoneDriveControl::find_drive(const std::string& device) const {
  return database_.read([&](store::Reader& reader) -> Result<void> {
    if (!named(reader, device)) return fail(ERROR_INVALID_DRIVE, "no drive is called " + device);
    return {};
  });
}

}  // namespace ntms::server
