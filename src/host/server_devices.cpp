// SPDX-License-Identifier: MIT
// Which libraries the owner of the robots serves: those that are named, those that are known, and
// those that the search for the system's devices finds, at the start and later.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "emulator/device.h"
#include "emulator/library_file.h"
#include "host/server.h"
#include "transport/discovery.h"
#include "transport/discovery_plan.h"
#include "transport/open.h"
#include "transport/uri.h"

namespace ntms::host {
namespace asio = boost::asio;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// How often it is looked whether devices have come or gone. They come one after the other, so that
// it is waited for two looks that show the same.
constexpr seconds kLook{2};

std::optional<std::string> emulator_path(const std::string& uri) {
  if (transport::scheme_of(uri) != "emulator") return std::nullopt;
  const auto parsed = transport::parse_emulator_uri(uri);
  return parsed ? std::optional(parsed->path) : std::nullopt;
}

// SCSI does not tell how many doors a library has; an emulated one does.
void complete_setting(operations::DeviceSetting& setting) {
  const auto path = emulator_path(setting.uri);
  if (!path || setting.doors != 0) return;
  if (const auto file = emulator::LibraryFile::open(*path)) {
    setting.doors = (*file)->geometry().doors;
  }
}

}  // namespace

// An emulated library may carry a clock of its own, which everything in this process then follows.
void Server::follow_virtual_clock() {
  for (const auto& device : read_configuration(directory_).devices) {
    const auto path = emulator_path(device.uri);
    if (!path) continue;
    auto clock = emulator::VirtualClock::of(*path);
    if (clock && *clock) {
      clock_.follow([source = **clock] { return source.now_ms(); });
      return;
    }
  }
}

// Libraries that nobody named. Asking devices who they are takes time, which the engine has not.
asio::awaitable<void> Server::discover(Configuration configuration,
                                       std::vector<model::Library> known) {
  const auto devices = co_await transport::find_system_devices(transport::DeviceKind::changers);
  if (stopping_) co_return;
  std::vector<transport::FoundLibrary> found;
  if (devices) {
    found = transport::plan_libraries(*devices);
    if (found.empty()) {
      const auto drives = co_await transport::find_system_devices(transport::DeviceKind::drives);
      if (stopping_) co_return;
      if (drives) found = transport::plan_lone_drives(*drives);
    }
  } else {
    log_->warn("{}", devices.error().reason);
  }
  for (const auto& library : found) log_->info("found {}", library.changer);
  add_discovered_libraries(configuration, found);
  add_known_libraries(configuration, known);
  start_workers(std::move(configuration));
}

// Runs a search. Until it has ended nothing is announced, and the server does not end.
void Server::search(asio::awaitable<void> work) {
  discovering_ = true;
  asio::co_spawn(io_, std::move(work), [this](std::exception_ptr error) {
    if (error) log_->critical("the search for devices ended by an exception");
    discovering_ = false;
    on_progress();
  });
}

// Devices may be switched on, plugged in or connected at any time.
void Server::watch_devices() {
  const auto now = steady_clock::now();
  if (!search_ || discovering_ || now < search_->look_at) return;
  search_->look_at = now + kLook;
  std::string glimpse = transport::glimpse_of_system_devices();
  const bool settled = glimpse == search_->seen;
  search_->seen = std::move(glimpse);
  if (!settled || search_->seen == search_->acted_on) return;
  search_->acted_on = search_->seen;
  search(discover_more());
}

// Libraries that have come since. A drive is taken to stand alone only where nothing else is
// served: its changer may be away for a moment.
asio::awaitable<void> Server::discover_more() {
  const auto devices = co_await transport::find_system_devices(transport::DeviceKind::changers);
  if (stopping_ || !owner_ || !devices) co_return;
  auto found = transport::plan_libraries(*devices);
  if (found.empty() && workers_.empty()) {
    const auto drives = co_await transport::find_system_devices(transport::DeviceKind::drives);
    if (stopping_ || !owner_ || !drives) co_return;
    found = transport::plan_lone_drives(*drives);
  }
  for (const auto& library : found) {
    if (serves(library.changer)) continue;
    log_->info("found {}", library.changer);
    operations::DeviceSetting setting;
    setting.uri = library.changer;
    setting.in_service = search_ && search_->in_service;
    start_worker(std::move(setting), queue::Lifetime::as_long_as_the_owner);
  }
}

bool Server::serves(const std::string& uri) const {
  return std::any_of(workers_.begin(), workers_.end(), [&](const auto& worker) {
    return !worker->stopped() && transport::is_same_device(worker->uri(), uri);
  });
}

void Server::start_workers(Configuration configuration) {
  for (operations::DeviceSetting& setting : configuration.devices) {
    start_worker(std::move(setting), queue::Lifetime::as_long_as_the_owner);
  }
  for (operations::DeviceSetting& setting : configuration.known) {
    start_worker(std::move(setting), queue::Lifetime::as_long_as_known);
  }
  on_progress();
}

void Server::start_worker(operations::DeviceSetting setting, queue::Lifetime lifetime) {
  complete_setting(setting);
  workers_.push_back(std::make_unique<queue::LibraryWorker>(
      io_.get_executor(), *database_, clock_, log_, std::move(setting), lifetime,
      [this] { asio::post(io_, [this] { on_progress(); }); }, label_reader_));
  asio::co_spawn(io_, workers_.back()->run(), [this](std::exception_ptr error) {
    if (error) log_->critical("a library's worker ended by an exception");
  });
}

}  // namespace ntms::host
