// SPDX-License-Identifier: MIT
// The course of an eject round.
#include "operations/eject.h"

#include <algorithm>

#include "model/states.h"
#include "operations/admission.h"
#include "operations/doors.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;

void EjectRound::store(const std::function<Result<void>(store::Writer&)>& work) {
  if (const auto stored = context_.db.write(work); !stored) {
    // Nothing was changed: the rows say what was true before, so the round settles them again.
    interrupted_ = database_refused_ = true;
    context_.log->error("{}: eject: the database refused a change: {}", context_.name,
                        stored.error().reason);
  }
}

Result<EjectRound::Requests> EjectRound::members() {
  return context_.db.read([&](store::Reader& reader) {
    return reader.list<LibraryRequest>(
        "t.round=?1 AND t.library=?2 AND t.held=0 AND t.state IN (0,1,5,6)", round_,
        context_.library);
  });
}

asio::awaitable<void> EjectRound::run() {
  constexpr std::chrono::milliseconds kDatabasePause{1000};
  for (;;) {
    if (context_.stopping) co_return;
    auto requests = members();
    if (!requests) {
      context_.log->error("{}: eject: {}", context_.name, requests.error().reason);
      co_await changed_.wait({}, kDatabasePause);
      continue;
    }
    if (requests->empty()) break;
    if (interrupted_) {
      if (database_refused_) co_await changed_.wait({}, kDatabasePause);
      interrupted_ = database_refused_ = false;
      if (!co_await settle_interrupted(*requests)) interrupted_ = true;
      continue;
    }
    const bool withdrawals = std::any_of(requests->begin(), requests->end(), wants_to_end);
    if (withdrawals) {
      co_await withdraw(*requests);
      continue;
    }
    const bool to_move =
        std::any_of(requests->begin(), requests->end(),
                    [](const LibraryRequest& request) { return request.phase == Phase::none; });
    const bool newcomers =
        std::any_of(requests->begin(), requests->end(), [](const LibraryRequest& request) {
          return request.phase == Phase::none && request.state == NTMS_LM_QUEUED;
        });
    if (to_move && context_.blocked) {
      co_await wait_for_doors(*requests);
      continue;
    }
    if (to_move && (room_ || newcomers)) {
      co_await move_out(*requests);
      continue;
    }
    if (!open_) co_await open_port();
    requests = members();
    if (!requests) continue;
    std::int64_t deadline = 0;
    for (const LibraryRequest& request : *requests) {
      deadline = std::max(deadline, request.deadline);
    }
    if (deadline != 0 && context_.clock.now_ms() >= deadline) {
      co_await look();  // whoever has taken a cartridge in time has taken it
      co_await time_out();
      continue;
    }
    // A change of the rows is no reason to ask the robot again before it is time to.
    const auto since = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - looked_at_);
    if (since < context_.poll_interval()) {
      const auto until = deadline != 0 ? std::optional(deadline) : std::nullopt;
      co_await changed_.wait(until, context_.poll_interval() - since);
    } else {
      co_await look();
    }
  }
  if (open_) {
    const auto arm = co_await context_.arm.lock();
    co_await close_port();
  }
  store([&](store::Writer& writer) -> Result<void> {
    apply_to_ports(writer, context_.library, model::PortEvent::emptied);
    return {};
  });
}

// After a change of owner: a move that was decided may or may not have happened. Reads the elements
// before anything else is done. False when they cannot be read yet.
asio::awaitable<bool> EjectRound::settle_interrupted(Requests& requests) {
  for (const LibraryRequest& request : requests) {
    if (request.phase == Phase::in_port && request.deadline != 0) open_ = true;
    if (request.phase == Phase::moving) {
      const auto arm = co_await context_.arm.lock();
      const Error unknown;  // nothing failed: what has not been moved is moved now
      co_await verify_move_out(request.id, unknown, false);
    } else if (request.phase == Phase::moving_home) {
      const auto arm = co_await context_.arm.lock();
      co_await verify_move_home(request.id);
    }
    if (context_.stopping) co_return false;
  }
  co_return true;
}

// Stopped and cancelled requests: what has not been moved stays where it is, what is still in the
// port goes home, what was taken is taken.
asio::awaitable<void> EjectRound::withdraw(Requests& requests) {
  store([&](store::Writer& writer) -> Result<void> {
    for (const LibraryRequest& member : requests) {
      auto request = unfinished(writer, member.id);
      if (request && wants_to_end(*request) && request->phase == Phase::none) {
        finish_withdrawn(writer, *request);
      }
    }
    return {};
  });
  const auto arm = co_await context_.arm.lock();
  if (open_) co_await retract_port(model::PortEvent::stopped);
  for (const LibraryRequest& member : requests) {
    if (!wants_to_end(member) || member.phase != Phase::in_port) continue;
    const auto read =
        co_await read_patiently(context_, scsi::ElementType::import_export, only(member.target));
    if (!read) {
      fail_request(member.id, read.error());
      continue;
    }
    const auto* port = element_at(*read, member.target);
    const auto medium = context_.db.read(
        [&](store::Reader& reader) { return reader.find<model::PhysicalMedium>(member.medium); });
    const bool there = port != nullptr && medium && *medium && may_be(*port, (*medium)->bar_code);
    if (!there) {
      store([&](store::Writer& writer) -> Result<void> {
        if (auto request = unfinished(writer, member.id))
          note_taken(writer, *request, port != nullptr && port->full, false);
        return {};
      });
      continue;
    }
    // The home slot may have been filled meanwhile: any free slot will do then.
    std::uint32_t home = 0;
    const auto slots = co_await read_patiently(context_, scsi::ElementType::storage);
    store([&](store::Writer& writer) -> Result<void> {
      auto request = unfinished(writer, member.id);
      if (!request || !slots) return {};
      const auto wished = writer.find<model::Slot>((*medium)->home_slot);
      const auto* seen = wished ? element_at(*slots, wished->element_address) : nullptr;
      if (seen != nullptr && !seen->full) {
        home = wished->element_address;
      } else {
        for (const model::Slot& slot : free_slots(writer, context_.library)) {
          const auto* candidate = element_at(*slots, slot.element_address);
          if (candidate == nullptr || candidate->full) continue;
          home = slot.element_address;
          break;
        }
        if (home == 0) return {};
      }
      request->phase = Phase::moving_home;
      request->source = home;
      save_progress(writer, *request);
      return {};
    });
    if (!slots || home == 0) {
      fail_request(member.id, slots ? fail(ERROR_LIBRARY_FULL,
                                           "no free slot to return the "
                                           "cartridge to")
                                    : slots.error());
      continue;
    }
    const auto moved = co_await context_.changer->move(static_cast<std::uint16_t>(member.target),
                                                       static_cast<std::uint16_t>(home));
    if (!moved.ok()) {
      context_.log->warn("{}: returning a cartridge from the port: {}", context_.name, moved.words);
    }
    co_await verify_move_home(member.id);
  }
  room_ = true;
}

// Somebody has opened the library: nothing can be moved until it is closed again.
asio::awaitable<void> EjectRound::wait_for_doors(Requests& requests) {
  store([&](store::Writer& writer) -> Result<void> {
    for (const LibraryRequest& member : requests) {
      auto request = unfinished(writer, member.id);
      if (request && request->phase == Phase::none) {
        wait_for(writer, *request, why_blocked(context_));
      }
    }
    return {};
  });
  room_ = true;
  co_await changed_.wait({}, context_.poll_interval());
}

asio::awaitable<void> EjectRound::refresh_if_stale() {
  if (!context_.inventory_stale) co_return;
  const auto fresh = co_await refresh_inventory(context_, false);
  if (!fresh) context_.log->error("{}: inventory: {}", context_.name, fresh.error().reason);
}

void EjectRound::fail_request(const Guid& id, const Error& error) {
  context_.log->error("{}: eject failed: {}", context_.name, error.reason);
  context_.inventory_stale = true;
  store([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, id)) {
      if (request->phase != Phase::none) {
        // The cartridge was on its way or in the port when the library fell silent.
        if (auto medium = writer.find<model::PhysicalMedium>(request->medium)) {
          medium->location = Guid{};
          medium->location_type = NTMS_STORAGESLOT;
          writer.update(*medium);
        }
      }
      request->phase = Phase::none;
      finish(writer, *request, NTMS_LM_FAILED, error.code, error.reason);
    }
    return {};
  });
}

asio::awaitable<void> EjectRound::fail_all(const Error& error) {
  const auto requests = members();
  if (!requests) co_return;
  for (const LibraryRequest& request : *requests) {
    if (request.phase == Phase::none) fail_request(request.id, error);
  }
}

}  // namespace ntms::operations
