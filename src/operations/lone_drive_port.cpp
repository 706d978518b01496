// SPDX-License-Identifier: MIT
// Ejecting from and injecting into a drive that stands alone.
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/lone_drive.h"
#include "operations/messages.h"
#include "operations/reconcile.h"
#include "operations/requests.h"
#include "runtime/signal.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;

namespace {

constexpr std::uint32_t kForceImmediate = 2;  // OperationOption
constexpr std::int64_t kSecond = 1000;

struct Visit {
  Guid request;
  Guid drive;
  std::uint16_t element = 0;
  bool open = false;  // the last owner had begun: the mouth is the operator's
  bool many = false;  // an inject of many
};

void log_failure(const LibraryContext& context, const Result<void>& stored) {
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

std::int64_t extend_time(store::Reader& reader, const Guid& library) {
  const auto port = reader.first<model::Port>("t.library=?1", library);
  return port ? port->max_extend_secs * kSecond : 0;
}

// The mouth is the operator's from now on, for the port's time.
void open_mouth(store::Writer& writer, const LibraryContext& context, LibraryRequest& request) {
  apply_to_ports(writer, context.library, model::PortEvent::extended);
  request.phase = Phase::in_port;
  request.deadline = context.clock.now_ms() + extend_time(writer, context.library);
  save_progress(writer, request);
}

void close_mouth(store::Writer& writer, const LibraryContext& context, model::PortEvent event) {
  apply_to_ports(writer, context.library, event);
  show_in_port(writer, context.library);
}

// Starts the request; nothing when it has ended.
std::optional<Visit> begin(LibraryContext& context, const Guid& id) {
  std::optional<Visit> visit;
  log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
    visit.reset();
    auto request = unfinished(writer, id);
    if (!request) return {};
    const auto drive = writer.first<model::Drive>("t.library=?1", context.library);
    if (!drive) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_INVALID_DRIVE, "the drive was deleted");
      return {};
    }
    if (request->phase == Phase::none && wants_to_end(*request)) {
      finish_withdrawn(writer, *request);
      return {};
    }
    if (request->state != NTMS_LM_INPROCESS) start(writer, *request);
    visit.emplace();
    visit->request = id;
    visit->drive = drive->id;
    visit->element = static_cast<std::uint16_t>(drive->element_address);
    visit->open = request->phase == Phase::in_port;
    visit->many = request->option == 4;
    return {};
  }));
  return visit;
}

void fail_request(LibraryContext& context, const Guid& id, const Error& error) {
  log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return {};
    request->phase = Phase::none;
    finish(writer, *request, NTMS_LM_FAILED, error.code, error.reason);
    return {};
  }));
}

// Somebody may have locked the drive.
asio::awaitable<void> unlock(LibraryContext& context) {
  const auto arm = co_await context.arm.lock();
  if (const auto unlocked = co_await context.changer->prevent(false); !unlocked) {
    context.log->debug("{}: {}", context.name, unlocked.error().reason);
  }
}

// Unloads the cartridge of an eject. False when the request has ended over it.
asio::awaitable<bool> let_go(LibraryContext& context, const Visit& visit) {
  const auto looked = context.db.read([&](store::Reader& reader) -> Result<void> {
    const auto request = unfinished(reader, visit.request);
    if (!request) return fail(ERROR_CANCELLED, "the request is gone");
    const auto medium = reader.find<model::PhysicalMedium>(request->medium);
    if (!medium || medium->location != visit.drive) {
      return fail(ERROR_MEDIUM_NOT_ACCESSIBLE, "the cartridge is not in the drive");
    }
    const bool mounted = medium->media_state == NTMS_MEDIASTATE_LOADED ||
                         medium->media_state == NTMS_MEDIASTATE_MOUNTED;
    if (mounted && request->option != kForceImmediate) {
      return fail(ERROR_UNABLE_TO_EJECT_MOUNTED_MEDIA, medium->name + " is mounted");
    }
    return {};
  });
  if (!looked) {
    fail_request(context, visit.request, looked.error());
    co_return false;
  }
  co_await unlock(context);
  if (const auto unloaded = co_await unload_lone_drive(context, visit.drive); !unloaded) {
    fail_request(context, visit.request, unloaded.error());
    co_return false;
  }
  log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, visit.request);
    if (!request) return {};
    open_mouth(writer, context, *request);
    if (auto medium = writer.find<model::PhysicalMedium>(request->medium)) {
      medium->media_state = NTMS_MEDIASTATE_INUSE;
      writer.update(*medium);
    }
    return {};
  }));
  co_return true;
}

// The cartridge counts as ejected. `taken`: the drive is empty; else the port's time is over.
void conclude_eject(LibraryContext& context, const Visit& visit, bool taken) {
  log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, visit.request);
    if (!request) return {};
    if (auto drive = writer.find<model::Drive>(visit.drive); drive && taken) {
      drive->state = NTMS_DRIVESTATE_DISMOUNTED;
      drive->saved_side = Guid{};
      writer.update(*drive);
    }
    close_mouth(writer, context, taken ? model::PortEvent::emptied : model::PortEvent::timed_out);
    if (!taken) {
      if (const auto port = writer.first<model::Port>("t.library=?1", context.library)) {
        post_device_service(writer, NTMS_IEPORT, port->id,
                            messages::empty_the_port(context.name, port->name));
      }
    }
    leave_library(writer, request->medium);
    request->phase = Phase::none;
    finish(writer, *request, NTMS_LM_PASSED);
    return {};
  }));
}

// Stopped: the cartridge is loaded again.
asio::awaitable<void> take_back(LibraryContext& context, const Visit& visit) {
  const auto found = context.drives.find(visit.element);
  if (found != context.drives.end()) {
    if (const auto loaded = co_await found->second->load(); !loaded) {
      context.log->warn("{}: loading again: {}", context.name, loaded.error().reason);
    }
  }
  log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, visit.request);
    if (!request) return {};
    close_mouth(writer, context, model::PortEvent::stopped);
    release_lone_drive(writer, visit.drive);
    request->phase = Phase::none;
    finish_withdrawn(writer, *request);
    return {};
  }));
}

// What the row says now.
struct Wish {
  bool gone = true;
  bool ends = false;
  bool retract = false;
  std::int64_t deadline = 0;
};

Wish wish_of(LibraryContext& context, const Guid& id) {
  const auto wish = context.db.read([&](store::Reader& reader) {
    Wish found;
    const auto request = unfinished(reader, id);
    if (!request) return found;
    found.gone = false;
    found.ends = wants_to_end(*request);
    found.retract = request->retract;
    found.deadline = request->deadline;
    return found;
  });
  return wish ? *wish : Wish{};
}

asio::awaitable<void> eject(LibraryContext& context, const Visit& visit) {
  if (!visit.open && !co_await let_go(context, visit)) co_return;
  const auto found = context.drives.find(visit.element);
  runtime::Signal pause(context.executor, context.clock);
  while (!context.stopping && found != context.drives.end()) {
    const Wish wish = wish_of(context, visit.request);
    if (wish.gone) co_return;
    const auto ready = co_await found->second->test_ready();
    if (ready == device::DriveReadiness::empty) {
      conclude_eject(context, visit, true);
      co_return;
    }
    if (wish.ends) {
      co_await take_back(context, visit);
      co_return;
    }
    if (context.clock.now_ms() >= wish.deadline) {
      conclude_eject(context, visit, false);
      co_return;
    }
    co_await pause.wait(wish.deadline, context.poll_interval());
  }
}

// Whether the drive holds something; nothing when it does not tell.
asio::awaitable<std::optional<bool>> is_full(LibraryContext& context) {
  const auto arm = co_await context.arm.lock();
  const auto seen = co_await context.changer->read_elements(scsi::ElementType::data_transfer);
  if (!seen || seen->empty()) co_return std::nullopt;
  co_return seen->front().full;
}

asio::awaitable<void> inject(LibraryContext& context, const Visit& visit) {
  if (!visit.open) {
    co_await unlock(context);
    log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
      if (auto request = unfinished(writer, visit.request)) open_mouth(writer, context, *request);
      return {};
    }));
  }
  runtime::Signal pause(context.executor, context.clock);
  bool taken_in = false;  // of an inject of many: the drive takes no more
  while (!context.stopping) {
    const Wish wish = wish_of(context, visit.request);
    if (wish.gone) co_return;
    std::optional<bool> full;
    if (!taken_in) full = co_await is_full(context);
    const bool arrived = full.value_or(false);
    const bool over = wish.ends || wish.retract || context.clock.now_ms() >= wish.deadline;
    if (arrived) {
      // What it is the identification tells that follows.
      context.busy_drives.erase(visit.drive);
      const auto arm = co_await context.arm.lock();
      const auto fresh = co_await refresh_inventory(context, false);
      context.busy_drives.insert(visit.drive);
      if (!fresh) {
        fail_request(context, visit.request, fresh.error());
        co_return;
      }
      taken_in = true;
    }
    if (over || (arrived && !visit.many)) {
      log_failure(context, context.db.write([&](store::Writer& writer) -> Result<void> {
        auto request = unfinished(writer, visit.request);
        if (!request) return {};
        close_mouth(writer, context,
                    arrived     ? model::PortEvent::filled
                    : wish.ends ? model::PortEvent::stopped
                                : model::PortEvent::timed_out);
        request->phase = Phase::none;
        if (wish.ends && !arrived) {
          finish_withdrawn(writer, *request);
        } else {
          finish(writer, *request, NTMS_LM_PASSED);
        }
        return {};
      }));
      co_return;
    }
    co_await pause.wait(wish.deadline, context.poll_interval());
  }
}

}  // namespace

asio::awaitable<void> run_lone_eject(LibraryContext& context, Guid request) {
  const auto visit = begin(context, request);
  if (!visit) co_return;
  context.busy_drives.insert(visit->drive);
  co_await eject(context, *visit);
  context.busy_drives.erase(visit->drive);
}

asio::awaitable<void> run_lone_inject(LibraryContext& context, Guid request) {
  const auto visit = begin(context, request);
  if (!visit) co_return;
  context.busy_drives.insert(visit->drive);
  co_await inject(context, *visit);
  context.busy_drives.erase(visit->drive);
}

}  // namespace ntms::operations
