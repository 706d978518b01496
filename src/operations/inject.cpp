// SPDX-License-Identifier: MIT
// The course of an inject.
#include "operations/inject.h"

#include <algorithm>

#include "operations/doors.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;
using model::PortEvent;

namespace {

constexpr std::uint32_t kInjectMany = 4;  // OperationOption
constexpr std::chrono::milliseconds kDatabasePause{1000};

}  // namespace

bool Inject::store(const std::function<Result<void>(store::Writer&)>& work) {
  const auto stored = context_.db.write(work);
  if (!stored) {
    interrupted_ = true;
    context_.log->error("{}: inject: the database refused a change: {}", context_.name,
                        stored.error().reason);
  }
  return stored.has_value();
}

std::optional<LibraryRequest> Inject::current() {
  auto request =
      context_.db.read([&](store::Reader& reader) { return unfinished(reader, request_); });
  if (!request) {
    context_.log->error("{}: inject: {}", context_.name, request.error().reason);
    interrupted_ = true;
    return std::nullopt;
  }
  return *std::move(request);
}

asio::awaitable<void> Inject::run() {
  while (!context_.stopping) {
    const auto request = current();
    if (!request && interrupted_ && !context_.stopping) {
      const auto gone = context_.db.read(
          [&](store::Reader& reader) { return !unfinished(reader, request_).has_value(); });
      if (gone && *gone) break;
      co_await changed_.wait({}, kDatabasePause);
      continue;
    }
    if (!request) break;
    if (interrupted_) {
      // A move may have been under way: the inventory shows what has become of it.
      if (request->phase == Phase::moving) {
        const auto arm = co_await context_.arm.lock();
        const auto fresh = co_await refresh_inventory(context_, false);
        if (!fresh) {
          context_.log->warn("{}: inventory: {}", context_.name, fresh.error().reason);
          co_await changed_.wait({}, kDatabasePause);
          continue;
        }
      }
      open_ = request->phase == Phase::in_port;
      interrupted_ = false;
    }
    std::optional<PortEvent> why;
    if (wants_to_end(*request)) {
      why = PortEvent::stopped;
    } else if (pending_) {
      why = pending_;  // the library was open when the port had been closed
    } else if (request->retract) {
      why = PortEvent::retract_requested;
    } else if (!open_) {
      co_await open();
      continue;
    } else if (request->deadline != 0 && context_.clock.now_ms() >= request->deadline) {
      why = PortEvent::timed_out;
    } else {
      why = co_await watch();
    }
    if (!why) {
      co_await changed_.wait(request->deadline, context_.poll_interval());
      continue;
    }
    const Intake intake = co_await take_in(request->operation == NTMS_LM_INJECTCLEANER, *why);
    if (context_.stopping) break;
    if (intake.blocked && !wants_to_end(*request)) {
      pending_ = why;
      store([&](store::Writer& writer) -> Result<void> {
        if (auto stored = unfinished(writer, request_)) {
          wait_for(writer, *stored, why_blocked(context_));
        }
        return {};
      });
      co_await changed_.wait({}, context_.poll_interval());
      continue;
    }
    pending_.reset();
    conclude(*why, intake);
  }
}

// Gives the operator access and starts the time-out.
asio::awaitable<void> Inject::open() {
  const auto arm = co_await context_.arm.lock();
  co_await open_ports(context_);
  open_ = store([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, request_);
    if (!request) return {};
    request->phase = Phase::in_port;
    request->deadline = port_deadline(writer, context_);
    if (request->state == NTMS_LM_INPROCESS) {
      save_progress(writer, *request);
    } else {
      start(writer, *request);
    }
    apply_to_ports(writer, context_.library, PortEvent::extended);
    return {};
  });
  seen_out_ = false;
}

// What the operator has done: nothing yet, or why the port is to be closed. A port of several
// elements is not looked at for being full, for nobody knows how many are still to come.
asio::awaitable<std::optional<PortEvent>> Inject::watch() {
  const auto arm = co_await context_.arm.lock();
  co_await context_.changer->settle_lock();
  const auto ports = co_await context_.changer->read_elements(scsi::ElementType::import_export);
  if (!ports) {
    context_.log->debug("{}: looking at the port: {}", context_.name, ports.error().reason);
    co_return std::nullopt;
  }
  // Pushed in by hand: an element that was out of the arm's reach is within it again.
  const bool out =
      std::any_of(ports->begin(), ports->end(), [](const auto& port) { return !port.access; });
  const bool in =
      std::any_of(ports->begin(), ports->end(), [](const auto& port) { return port.access; });
  if (seen_out_ && in && !out) co_return PortEvent::closed_by_hand;
  seen_out_ = seen_out_ || out;
  if (ports->size() == 1 && ports->front().full) co_return PortEvent::filled;
  co_return std::nullopt;
}

// The end of one opening of the port: the request ends, or the port is opened again.
void Inject::conclude(PortEvent why, const Intake& intake) {
  bool reopen = false;
  const bool stored = store([&](store::Writer& writer) -> Result<void> {
    reopen = false;
    auto request = unfinished(writer, request_);
    if (!request) return {};
    request->phase = Phase::none;
    request->deadline = 0;
    request->retract = false;
    if (intake.left != 0) {
      for (const model::Port& port : writer.list<model::Port>(
               "t.library=?1 AND t.content=?2", context_.library, NTMS_PORTCONTENT_FULL)) {
        post_device_service(writer, NTMS_IEPORT, port.id,
                            messages::library_is_full(context_.name, port.name));
      }
    }
    if (intake.trouble) {
      finish(writer, *request, NTMS_LM_FAILED, intake.trouble->code, intake.trouble->reason);
    } else if (wants_to_end(*request)) {
      finish_withdrawn(writer, *request);
    } else if (intake.left != 0 && intake.moved == 0) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_LIBRARY_FULL,
             "there is no free slot in " + context_.name);
    } else if (why != PortEvent::timed_out && intake.moved != 0 && intake.left == 0 &&
               request->option == kInjectMany) {
      reopen = true;
      save_progress(writer, *request);
    } else {
      if (why == PortEvent::timed_out && intake.moved == 0) {
        const auto port = writer.first<model::Port>("t.library=?1", context_.library);
        if (port) {
          post_device_service(writer, NTMS_IEPORT, port->id,
                              messages::nothing_was_put_in(context_.name, port->name));
        }
      }
      finish(writer, *request, NTMS_LM_PASSED);
    }
    return {};
  });
  if (stored && reopen) context_.log->debug("{}: inject: the port is opened again", context_.name);
}

}  // namespace ntms::operations
