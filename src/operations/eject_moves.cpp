// SPDX-License-Identifier: MIT
// The moves of an eject round: decide, commit, move, look, commit.
#include "operations/eject.h"

#include <algorithm>

#include "model/states.h"
#include "operations/device_states.h"
#include "operations/doors.h"
#include "operations/drive_health.h"
#include "operations/drive_unload.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/requests.h"
#include "operations/sides.h"
#include "operations/transfer.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;
using model::Phase;

// Moves out every request that has not been moved yet, as far as the port has room.
asio::awaitable<void> EjectRound::move_out(Requests& requests) {
  const auto arm = co_await context_.arm.lock();
  if (open_) co_await retract_port(model::PortEvent::filled);
  if (!co_await may_move(context_)) co_return;
  if (context_.inventory_stale || context_.changer->attention_pending()) {
    if (const auto fresh = co_await refresh_inventory(context_, false); !fresh) {
      co_await fail_all(fresh.error());
      co_return;
    }
  }
  if (const auto locked = co_await context_.changer->prevent(true); !locked) {
    context_.log->debug("{}: the port cannot be locked: {}", context_.name, locked.error().reason);
  }
  for (const LibraryRequest& request : requests) {
    if (request.phase != Phase::none || context_.stopping || context_.blocked) continue;
    co_await move_one_out(request.id, false);
    // Somebody may have moved it by hand: the inventory has been read meanwhile.
    if (!context_.stopping && !context_.blocked && still_to_move(request.id))
      co_await move_one_out(request.id, true);
  }
  room_ = false;
}

bool EjectRound::still_to_move(const Guid& id) {
  const auto request =
      context_.db.read([&](store::Reader& reader) { return unfinished(reader, id); });
  return request && *request && (*request)->phase == Phase::none &&
         (*request)->state == NTMS_LM_INPROCESS;
}

asio::awaitable<void> EjectRound::move_one_out(const Guid& id, bool last_try) {
  const auto ports = co_await read_patiently(context_, scsi::ElementType::import_export);
  if (!ports) {
    fail_request(id, ports.error());
    co_return;
  }
  // A UNIT ATTENTION, which the read has brought out, tells that somebody has been at the library.
  if (context_.changer->attention_pending()) {
    context_.inventory_stale = true;
    co_await refresh_if_stale();
  }
  // Whether the robot reports what a port can do; some set none of the bits.
  const bool reports_export = std::any_of(ports->begin(), ports->end(),
                                          [](const auto& port) { return port.export_enabled; });
  const auto free = std::find_if(ports->begin(), ports->end(), [&](const auto& port) {
    return !port.full && (port.export_enabled || !reports_export);
  });

  std::uint32_t source = 0;
  std::uint32_t drive_element = 0;
  std::uint32_t side_up = 0;
  std::string bar_code;
  bool decided = false;
  store([&](store::Writer& writer) -> Result<void> {
    decided = false;
    auto request = unfinished(writer, id);
    if (!request || wants_to_end(*request)) return {};
    if (free == ports->end()) {
      wait_for(writer, *request, messages::port_is_full(context_.name));
      return {};
    }
    const auto medium = writer.find<model::PhysicalMedium>(request->medium);
    if (!medium || medium->library != context_.library) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_INVALID_MEDIA,
             "the medium is no longer in the library");
      return {};
    }
    const auto from = source_of(writer, *medium);
    if (!from) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_MEDIUM_NOT_ACCESSIBLE,
             "nobody knows where in the library the medium is");
      return {};
    }
    const bool forced = request->option == 2;
    if (from->drive && !forced &&
        (from->drive->state == NTMS_DRIVESTATE_LOADED ||
         from->drive->state == NTMS_DRIVESTATE_MOUNTED) &&
        medium->media_state != NTMS_MEDIASTATE_INUSE) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_UNABLE_TO_EJECT_MOUNTED_MEDIA,
             "the medium has been mounted meanwhile");
      return {};
    }
    source = from->address;
    drive_element = from->drive ? from->address : 0;
    if (from->drive) side_up = number_of_side(writer, from->drive->saved_side);
    bar_code = medium->bar_code;
    request->phase = Phase::moving;
    request->source = source;
    request->target = free->address;
    if (request->state != NTMS_LM_INPROCESS) {
      start(writer, *request);
    } else {
      save_progress(writer, *request);
    }
    decided = true;
    return {};
  });
  if (!decided) co_return;

  if (drive_element != 0) {
    const auto current =
        context_.db.read([&](store::Reader& reader) { return unfinished(reader, id); });
    if (!current || !*current) co_return;
    co_await empty_drive(**current, static_cast<std::uint16_t>(drive_element));
  }
  // What is in the source now? A cartridge moved by hand must not be ejected in place of another.
  const auto type =
      drive_element != 0 ? scsi::ElementType::data_transfer : scsi::ElementType::storage;
  const auto before = co_await read_patiently(context_, type, only(source));
  if (!before) {
    fail_request(id, before.error());
    co_return;
  }
  const auto* holder = element_at(*before, source);
  if (holder == nullptr || !may_be(*holder, bar_code)) {
    context_.inventory_stale = true;
    store([&](store::Writer& writer) -> Result<void> {
      if (auto request = unfinished(writer, id)) {
        request->phase = Phase::none;
        if (last_try) {
          finish(writer, *request, NTMS_LM_FAILED, ERROR_EMPTY,
                 messages::not_where_believed(context_.name, bar_code));
        } else {
          save_progress(writer, *request);
        }
      }
      return {};
    });
    co_await refresh_if_stale();
    co_return;
  }
  if (drive_element == 0 && is_turned(context_, *holder, 0)) {
    // Whatever comes of it, the cartridge can be taken out.
    (void)co_await straighten(context_, *holder);
  }
  const bool turn = must_turn(context_, *holder, scsi::ElementType::import_export,
                              {.wanted = 0, .believed = side_up});
  const auto moved =
      co_await context_.changer->move(static_cast<std::uint16_t>(source), free->address, turn);
  if (!moved.ok()) {
    context_.log->warn("{}: moving {} from element {} to the port: {}", context_.name, bar_code,
                       source, moved.words);
    note_move_trouble(context_, static_cast<std::uint16_t>(source), free->address, moved);
  }
  // Not within the co_await: GCC 12 destroys the temporaries of such an expression twice.
  Error why_not(ERROR_MEDIUM_NOT_ACCESSIBLE,
                "the robot reported success but did not move the cartridge");
  if (!moved.ok()) why_not = device::to_error(moved);
  co_await verify_move_out(id, why_not, moved.ok());
}

// Makes a drive give up its cartridge; the move that follows tells whether it has.
asio::awaitable<void> EjectRound::empty_drive(const LibraryRequest& request,
                                              std::uint16_t drive_element) {
  co_await unload_drive(context_, drive_element, true);
  store([&](store::Writer& writer) -> Result<void> {
    if (auto stored = writer.first<model::Drive>("t.library=?1 AND t.element_address=?2",
                                                 context_.library, drive_element)) {
      stored->state = NTMS_DRIVESTATE_UNLOADED;
      writer.update(*stored);
    }
    if (auto medium = writer.find<model::PhysicalMedium>(request.medium);
        medium && !medium->mounted_side.is_null()) {
      medium->mounted_side = Guid{};
      writer.update(*medium);
    }
    return {};
  });
}

// Reads the two elements of a move out and stores what is true. `why_not` is the error for the
// request in case the cartridge is still where it was; without one (code 0) it is to be moved.
asio::awaitable<void> EjectRound::verify_move_out(const Guid& id, const Error& why_not,
                                                  bool reported_success) {
  struct Plan {
    LibraryRequest request;
    scsi::ElementType type;
  };
  const auto plan = context_.db.read([&](store::Reader& reader) -> Result<std::optional<Plan>> {
    auto request = unfinished(reader, id);
    if (!request) return std::optional<Plan>{};
    const auto type = type_of_source(reader, context_.library, request->source);
    return std::optional<Plan>{Plan{std::move(*request), type}};
  });
  if (!plan || !*plan) co_return;
  const std::uint32_t source = (*plan)->request.source;
  const std::uint32_t target = (*plan)->request.target;
  const auto ports =
      co_await read_patiently(context_, scsi::ElementType::import_export, only(target));
  if (context_.stopping && !ports) co_return;  // the next owner settles it
  Result<std::vector<scsi::ElementStatus>> sources = std::vector<scsi::ElementStatus>{};
  if (ports) sources = co_await read_patiently(context_, (*plan)->type, only(source));
  if (context_.stopping && !sources) co_return;
  const bool readable = ports && sources;
  // A port that cannot hold a cartridge passes it on to the operator at once.
  bool passed_through = false;
  if (readable && reported_success) {
    const auto arms = co_await context_.changer->read_elements(scsi::ElementType::transport);
    const auto* in_source = element_at(*sources, source);
    const auto* in_port = element_at(*ports, target);
    passed_through = in_source != nullptr && !in_source->full && in_port != nullptr &&
                     !in_port->full && arms &&
                     std::none_of(arms->begin(), arms->end(), [](const auto& a) { return a.full; });
  }
  // The robot refused because somebody is at the library: the request is as it was.
  const bool waits = !reported_success && co_await is_blocked(context_);
  store([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return {};
    auto medium = writer.find<model::PhysicalMedium>(request->medium);
    if (!medium) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_INVALID_MEDIA, "the medium was deleted");
      return {};
    }
    const auto* seen_port = readable ? element_at(*ports, target) : nullptr;
    const auto* seen_source = readable ? element_at(*sources, source) : nullptr;
    const bool arrived =
        seen_port != nullptr && may_be(*seen_port, medium->bar_code) &&
        !(seen_source != nullptr && seen_source->full && seen_port->volume_tag.empty());
    if (arrived || passed_through) {
      if (reported_success) note_working(writer, context_);
      if (auto slot = slot_at(writer, context_.library, source)) {
        apply(writer, *slot, model::SlotEvent::taken);
      }
      if (auto drive = writer.first<model::Drive>("t.library=?1 AND t.element_address=?2",
                                                  context_.library, source)) {
        drive->state = NTMS_DRIVESTATE_DISMOUNTED;
        drive->saved_side = Guid{};
        writer.update(*drive);
      }
      auto port = port_at(writer, context_.library, target);
      if (passed_through) {
        note_taken(writer, *request, false, false);
        return {};
      }
      apply(writer, *port, model::ContentEvent::placed);
      medium->mounted_side = Guid{};
      medium->media_state = NTMS_MEDIASTATE_INUSE;
      if (put_medium(writer, *medium, port->id, NTMS_IEPORT)) context_.inventory_stale = true;
      request->phase = Phase::in_port;
      save_progress(writer, *request);
      return {};
    }
    request->phase = Phase::none;
    if (seen_source != nullptr && may_be(*seen_source, medium->bar_code)) {
      if (wants_to_end(*request)) {
        finish_withdrawn(writer, *request);
        return {};
      }
      if (why_not.code == 0) {
        save_progress(writer, *request);  // decided by the last owner, but never done
        return {};
      }
      if (waits) {
        wait_for(writer, *request, why_blocked(context_));
        save_progress(writer, *request);
        return {};
      }
      if (auto drive = writer.first<model::Drive>("t.library=?1 AND t.element_address=?2",
                                                  context_.library, source)) {
        // It stayed in the drive: nobody uses it any more, the robot could not take it.
        drive->state = NTMS_DRIVESTATE_DISMOUNTABLE;
        writer.update(*drive);
      }
      context_.inventory_stale = true;
      finish(writer, *request, NTMS_LM_FAILED, why_not.code, why_not.reason);
      if (why_not.code == ERROR_DEVICE_NOT_AVAILABLE ||
          why_not.code == ERROR_MEDIUM_NOT_ACCESSIBLE) {
        note_defect(writer, context_,
                    messages::move_failed(context_.name, medium->bar_code, why_not.reason));
      }
      return {};
    }
    // Neither here nor there, or nobody can say: known to be unknown until an inventory finds it.
    context_.inventory_stale = true;
    medium->location = Guid{};
    medium->location_type = NTMS_STORAGESLOT;
    writer.update(*medium);
    finish(writer, *request, NTMS_LM_FAILED,
           why_not.code == 0 ? ERROR_MEDIUM_NOT_ACCESSIBLE : why_not.code,
           readable ? messages::lost_on_the_way(context_.name, medium->bar_code) : why_not.reason);
    note_defect(writer, context_, messages::lost_on_the_way(context_.name, medium->bar_code));
    return {};
  });
  if (readable) co_await refresh_if_stale();
}

asio::awaitable<void> EjectRound::verify_move_home(const Guid& id) {
  const auto request =
      context_.db.read([&](store::Reader& reader) { return unfinished(reader, id); });
  if (!request || !*request) co_return;
  const std::uint32_t home = (*request)->source;
  const std::uint32_t port_address = (*request)->target;
  const auto slots = co_await read_patiently(context_, scsi::ElementType::storage, only(home));
  if (!slots) {
    fail_request(id, slots.error());
    co_return;
  }
  const auto ports =
      co_await read_patiently(context_, scsi::ElementType::import_export, only(port_address));
  if (!ports) {
    fail_request(id, ports.error());
    co_return;
  }
  store([&](store::Writer& writer) -> Result<void> {
    auto stored = unfinished(writer, id);
    if (!stored) return {};
    auto medium = writer.find<model::PhysicalMedium>(stored->medium);
    auto slot = slot_at(writer, context_.library, home);
    auto port = port_at(writer, context_.library, port_address);
    const auto* seen_slot = element_at(*slots, home);
    const auto* seen_port = element_at(*ports, port_address);
    if (!medium || !slot || !port) {
      finish_withdrawn(writer, *stored);
      return {};
    }
    if (seen_slot != nullptr && may_be(*seen_slot, medium->bar_code)) {
      apply(writer, *slot, model::SlotEvent::put);
      apply(writer, *port, model::ContentEvent::removed);
      medium->home_slot = slot->id;
      if (put_medium(writer, *medium, slot->id, NTMS_STORAGESLOT)) {
        context_.inventory_stale = true;
      }
      stored->phase = Phase::none;
      finish_withdrawn(writer, *stored);
    } else if (seen_port != nullptr && may_be(*seen_port, medium->bar_code)) {
      stored->phase = Phase::in_port;
      finish(writer, *stored, NTMS_LM_FAILED, ERROR_CONTROLLING_IEPORT,
             "the robot could not take the cartridge back from the port");
      post_device_service(writer, NTMS_IEPORT, port->id,
                          messages::take_from_port(context_.name, port->name, medium->bar_code));
    } else {
      note_taken(writer, *stored, seen_port != nullptr && seen_port->full, false);
    }
    return {};
  });
  co_await refresh_if_stale();
}

}  // namespace ntms::operations
