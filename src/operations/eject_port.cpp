// SPDX-License-Identifier: MIT
// The port during an eject round: opening, closing, and what the operator does to it.
#include "operations/eject.h"

#include <algorithm>

#include "model/states.h"
#include "operations/eject_support.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::Phase;
using model::LibraryRequest;

// Gives the operator access and starts the time-out.
asio::awaitable<void> EjectRound::open_port() {
  const auto arm = co_await context_.arm.lock();
  if (const auto unlocked = co_await context_.changer->prevent(false); !unlocked) {
    context_.log->debug("{}: the port cannot be unlocked: {}", context_.name,
                        unlocked.error().reason);
  }
  const auto opened = co_await context_.changer->open_port();
  if (!opened && opened.error().code != ERROR_NOT_SUPPORTED) {
    context_.log->warn("{}: the port cannot be extended: {}", context_.name, opened.error().reason);
  }
  open_ = true;
  store([&](store::Writer& writer) -> Result<void> {
    std::int64_t seconds = 0;
    for (const model::Port& port : writer.list<model::Port>("t.library=?1", context_.library)) {
      seconds = std::max<std::int64_t>(seconds, port.max_extend_secs);
    }
    const std::int64_t deadline = context_.clock.now_ms() + seconds * 1000;
    for (LibraryRequest& request : writer.list<LibraryRequest>(
             "t.round=?1 AND t.library=?2 AND t.state IN (0,1,5,6)", round_, context_.library)) {
      request.deadline = deadline;
      save_progress(writer, request);
    }
    note_port_position(writer, NTMS_PORTPOSITION_EXTENDED);
    return {};
  });
}

asio::awaitable<void> EjectRound::close_port() {
  const auto closed = co_await context_.changer->close_port();
  if (!closed && closed.error().code != ERROR_NOT_SUPPORTED) {
    context_.log->warn("{}: the port cannot be retracted: {}", context_.name,
                       closed.error().reason);
  }
  if (const auto locked = co_await context_.changer->prevent(true); !locked) {
    context_.log->debug("{}: the port cannot be locked: {}", context_.name, locked.error().reason);
  }
  open_ = false;
}

// Closes the port in the middle of a round.
asio::awaitable<void> EjectRound::retract_port() {
  co_await close_port();
  store([&](store::Writer& writer) -> Result<void> {
    note_port_position(writer, NTMS_PORTPOSITION_RETRACTED);
    return {};
  });
}

// Looks whether cartridges have been taken.
asio::awaitable<void> EjectRound::look() {
  const auto arm = co_await context_.arm.lock();
  looked_at_ = std::chrono::steady_clock::now();
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
    const bool there = port == nullptr || !medium || !*medium || may_be(*port, (*medium)->bar_code);
    if (there) {
      ++unresolved;
    } else {
      taken.push_back(request.id);
    }
  }
  // A place that another cartridge occupied may have become free for one that waits.
  const auto occupied = static_cast<std::size_t>(
      std::count_if(ports->begin(), ports->end(), [](const auto& port) { return port.full; }));
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
  if (auto port = writer.first<model::Port>("t.library=?1 AND t.element_address=?2",
                                            context_.library, request.target)) {
    port->content = port_full ? NTMS_PORTCONTENT_FULL : NTMS_PORTCONTENT_EMPTY;
    if (last) port->position = NTMS_PORTPOSITION_RETRACTED;
    writer.update(*port);
    if (!port_full) complete_device_service(writer, port->id);
  }
  if (last) note_port_position(writer, NTMS_PORTPOSITION_RETRACTED);
  leave_library(writer, request.medium);
  request.phase = Phase::none;
  finish(writer, request, NTMS_LM_PASSED);
}

// MaxExtendSecs is over: what is in the port counts as ejected, what found no place has failed.
asio::awaitable<void> EjectRound::time_out() {
  const auto arm = co_await context_.arm.lock();
  co_await close_port();
  store([&](store::Writer& writer) -> Result<void> {
    note_port_position(writer, NTMS_PORTPOSITION_RETRACTED);
    Guid port_in_question;
    for (LibraryRequest& request : writer.list<LibraryRequest>(
             "t.round=?1 AND t.library=?2 AND t.held=0 AND t.state IN (0,1,5,6)", round_,
             context_.library)) {
      if (request.phase == Phase::in_port) {
        const auto port = writer.first<model::Port>("t.library=?1 AND t.element_address=?2",
                                                    context_.library, request.target);
        if (port && port_in_question.is_null()) {
          port_in_question = port->id;
          post_device_service(writer, NTMS_IEPORT, port->id,
                              messages::empty_the_port(context_.name, port->name));
        }
        leave_library(writer, request.medium);
        request.phase = Phase::none;
        finish(writer, request, NTMS_LM_PASSED, ERROR_SUCCESS,
               "nobody took the cartridge from the port in time");
      } else {
        finish(writer, request, NTMS_LM_FAILED, ERROR_IEPORT_FULL,
               messages::port_is_full(context_.name));
      }
    }
    return {};
  });
  room_ = true;
}

void EjectRound::note_port_position(store::Writer& writer, std::uint32_t position) {
  for (model::Port& port : writer.list<model::Port>("t.library=?1", context_.library)) {
    if (port.position == position) continue;
    port.position = position;
    writer.update(port);
  }
}

}  // namespace ntms::operations
