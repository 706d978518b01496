// SPDX-License-Identifier: MIT
#include "operations/drive_search.h"

#include <algorithm>
#include <string>
#include <utility>

#include "device/commander.h"
#include "scsi/commands.h"
#include "scsi/luns.h"
#include "transport/discovery.h"
#include "transport/discovery_plan.h"
#include "transport/open.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

// The drives among which those of a library are.
struct Candidates {
  std::vector<std::string> uris;
  bool by_elimination = true;  // whether one of them that is left over may be taken for its own
};

// The drives of an iSCSI or emulated library are the other logical units of its target.
asio::awaitable<Candidates> units_beside(LibraryContext& context, const std::string& uri) {
  Candidates found;
  auto transport = transport::open_transport(context.executor, uri);
  if (!transport) co_return found;
  device::Commander commander(std::move(*transport), device::DeviceKind::changer);
  const auto reply = co_await commander.repeatable(scsi::report_luns());
  if (!reply.verdict.ok()) {
    context.log->warn("{}: REPORT LUNS: {}", uri, reply.verdict.words);
    co_return found;
  }
  const auto luns = scsi::parse_report_luns(reply.data);
  if (!luns) co_return found;
  for (const std::uint16_t lun : *luns) {
    const auto drive_uri = transport::sibling_uri(uri, lun);
    if (drive_uri && *drive_uri != uri) found.uris.push_back(*drive_uri);
  }
  co_return found;
}

// How the search calls a changer that a person may have named otherwise.
std::string name_in(const std::vector<transport::FoundDevice>& devices, const std::string& uri) {
  for (const transport::FoundLibrary& library : transport::plan_libraries(devices)) {
    if (transport::is_same_device(library.changer, uri)) return library.changer;
  }
  return uri;
}

asio::awaitable<Candidates> find_candidates(LibraryContext& context, const DeviceSetting& setting) {
  Candidates found;
  if (!setting.drives.empty()) {
    found.uris = setting.drives;
  } else if (transport::has_siblings(setting.uri)) {
    found = co_await units_beside(context, setting.uri);
  } else {
    const auto devices = co_await transport::find_system_devices(transport::DeviceKind::drives);
    if (!devices) {
      context.log->warn("{}: {}", setting.uri, devices.error().reason);
      co_return found;
    }
    auto library = transport::plan_library(*devices, name_in(*devices, setting.uri));
    found = {std::move(library.drives), library.alone};
  }
  for (const auto& [element, uri] : setting.drive_of_element) {
    const bool known = std::any_of(
        found.uris.begin(), found.uris.end(),
        [&, &named = uri](const auto& other) { return transport::is_same_device(other, named); });
    if (!known) found.uris.push_back(uri);
  }
  co_return found;
}

// What the system and the configuration know of a drive, beside what it says of itself.
device::DriveCandidate candidate(const device::Drive& drive, const DeviceSetting& setting,
                                 const std::optional<transport::BusAddress>& changer) {
  device::DriveCandidate known{drive.uri(), drive.identity(), drive.designators(), {}, {}};
  const auto address = changer ? transport::parallel_bus_address(drive.uri()) : std::nullopt;
  if (address && address->port == changer->port && address->path == changer->path) {
    known.place = device::BusPlace{address->target, address->lun};
  }
  for (const auto& [element, uri] : setting.drive_of_element) {
    if (transport::is_same_device(uri, drive.uri())) known.configured_element = element;
  }
  return known;
}

asio::awaitable<std::vector<std::unique_ptr<device::Drive>>> attach(LibraryContext& context,
                                                                    const Candidates& candidates) {
  std::vector<std::unique_ptr<device::Drive>> drives;
  for (const std::string& uri : candidates.uris) {
    auto transport = transport::open_transport(context.executor, uri);
    if (!transport) {
      context.log->warn("{}", transport.error().reason);
      continue;
    }
    device::Patience patience;
    // A drive that is ready and not noticed is a drive that stands idle.
    patience.longest_ready_pause = (*transport)->poll_interval();
    auto drive = std::make_unique<device::Drive>(std::move(*transport), patience);
    const auto attached = co_await drive->attach();
    if (!attached) {
      context.log->debug("{}: no drive: {}", uri, attached.error().reason);
    } else if (drive->device_type() == scsi::kTypeTape) {
      drives.push_back(std::move(drive));
    }
  }
  co_return drives;
}

}  // namespace

asio::awaitable<FoundDrives> find_drives(LibraryContext& context, const DeviceSetting& setting) {
  const Candidates candidates = co_await find_candidates(context, setting);
  FoundDrives found;
  found.drives = co_await attach(context, candidates);
  found.by_elimination = candidates.by_elimination;
  const auto changer = transport::parallel_bus_address(setting.uri);
  for (const auto& drive : found.drives) {
    found.candidates.push_back(candidate(*drive, setting, changer));
  }
  co_return found;
}

}  // namespace ntms::operations
