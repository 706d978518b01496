// SPDX-License-Identifier: MIT
// The port during an eject round: opening, closing, and what the operator does to it.
#include "operations/eject.h"

#include <algorithm>

#include "model/states.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;

// Gives the operator access and starts the time-out.
asio::awaitable<void> EjectRound::open_port() {
  const auto arm = co_await context_.arm.lock();
  co_await open_ports(context_);
  open_ = true;
  store([&](store::Writer& writer) -> Result<void> {
    const std::int64_t deadline = port_deadline(writer, context_);
    for (LibraryRequest& request : writer.list<LibraryRequest>(
             "t.round=?1 AND t.library=?2 AND t.state IN (0,1,5,6)", round_, context_.library)) {
      request.deadline = deadline;
      save_progress(writer, request);
    }
    apply_to_ports(writer, context_.library, model::PortEvent::extended);
    return {};
  });
}

asio::awaitable<void> EjectRound::close_port() {
  co_await close_ports(context_);
  open_ = false;
}

// Closes the port in the middle of a round.
asio::awaitable<void> EjectRound::retract_port(model::PortEvent why) {
  co_await close_port();
  store([&](store::Writer& writer) -> Result<void> {
    apply_to_ports(writer, context_.library, why);
    return {};
  });
}

// Looks whether cartridges have been taken.
asio::awaitable<void> EjectRound::look() {
  const auto arm = co_await context_.arm.lock();
  looked_at_ = std::chrono::steady_clock::now();
  co_await context_.changer->settle_lock();
  const auto ports = co_await context_.changer->read_elements(scsi::ElementType::import_export);
  if (!ports) {
    context_.log->warn("{}: looking at the port: {}", context_.name, ports.error().reason);
    co_return;
  }
  const auto requests = members();
  if (!requests) co_return;
  std::vector<Guid> taken;
  std::size_t unresolved = 0;
  for (const LibraryRequest& request : *requests) {
    if (request.phase != Phase::in_port) {
      ++unresolved;
      continue;
    }
    const auto* port = element_at(*ports, request.target);
    const auto medium = context_.db.read(
        [&](store::Reader& reader) { return reader.find<model::PhysicalMedium>(request.medium); });
    const bool there = port == nullptr || !reports_content(*port) || !medium || !*medium ||
                       may_be(*port, (*medium)->bar_code);
    if (there) {
      ++unresolved;
    } else {
      taken.push_back(request.id);
    }
  }
  // A place that another cartridge occupied may have become free for one that waits.
  const auto occupied =
      static_cast<std::size_t>(std::count_if(ports->begin(), ports->end(), [](const auto& port) {
        return port.full || !reports_content(port);
      }));
  const bool waiting =
      std::any_of(requests->begin(), requests->end(),
                  [](const LibraryRequest& request) { return request.phase == Phase::none; });
  if (waiting && occupied < ports->size()) room_ = true;
  if (taken.empty()) co_return;

  const bool last = unresolved == 0;
  if (last) co_await close_port();
  store([&](store::Writer& writer) -> Result<void> {
    for (const Guid& id : taken) {
      auto request = unfinished(writer, id);
      if (!request) continue;
      const auto* seen = element_at(*ports, request->target);
      note_taken(writer, *request, seen != nullptr && seen->full, last);
    }
    return {};
  });
}

// The cartridge of a request has left the port: its record follows, the request has passed.
void EjectRound::note_taken(store::Writer& writer, LibraryRequest& request, bool port_full,
                            bool last) {
  if (auto port = port_at(writer, context_.library, request.target)) {
    apply(writer, *port, port_full ? model::ContentEvent::placed : model::ContentEvent::removed);
    if (!port_full) complete_device_service(writer, port->id);
  }
  if (last) apply_to_ports(writer, context_.library, model::PortEvent::emptied);
  leave_library(writer, request.medium);
  request.phase = Phase::none;
  finish(writer, request, NTMS_LM_PASSED);
}

// MaxExtendSecs is over: what is in the port counts as ejected, what found no place has failed.
asio::awaitable<void> EjectRound::time_out() {
  const auto arm = co_await context_.arm.lock();
  co_await close_port();
  // Some ports tell what is in them only now.
  const auto ports = co_await context_.changer->read_elements(scsi::ElementType::import_export);
  const auto is_empty = [&](std::uint32_t address) {
    const auto* seen = ports ? element_at(*ports, address) : nullptr;
    return seen != nullptr && reports_content(*seen) && !seen->full;
  };
  store([&](store::Writer& writer) -> Result<void> {
    apply_to_ports(writer, context_.library, model::PortEvent::timed_out);
    bool asked = false;
    for (LibraryRequest& request : writer.list<LibraryRequest>(
             "t.round=?1 AND t.library=?2 AND t.held=0 AND t.state IN (0,1,5,6)", round_,
             context_.library)) {
      if (request.phase != Phase::in_port) {
        finish(writer, request, NTMS_LM_FAILED, ERROR_IEPORT_FULL,
               messages::port_is_full(context_.name));
        continue;
      }
      if (is_empty(request.target)) {
        note_taken(writer, request, false, false);
        continue;
      }
      const auto port = port_at(writer, context_.library, request.target);
      if (port && !asked) {
        asked = true;
        post_device_service(writer, NTMS_IEPORT, port->id,
                            messages::empty_the_port(context_.name, port->name));
      }
      leave_library(writer, request.medium);
      request.phase = Phase::none;
      finish(writer, request, NTMS_LM_PASSED, ERROR_SUCCESS,
             "nobody took the cartridge from the port in time");
    }
    return {};
  });
  room_ = true;
}

}  // namespace ntms::operations
