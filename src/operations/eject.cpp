// SPDX-License-Identifier: MIT
#include "operations/eject.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "model/states.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::EjectPhase;
using model::LibraryRequest;

namespace {

bool wants_to_end(const LibraryRequest& request) {
  return request.stop || request.cancel;
}

// The end state a stopped or cancelled request gets.
void finish_withdrawn(store::Writer& writer, LibraryRequest& request) {
  if (request.cancel) {
    finish(writer, request, NTMS_LM_CANCELLED, ERROR_CANCELLED, "cancelled");
  } else {
    finish(writer, request, NTMS_LM_STOPPED, ERROR_SUCCESS, "stopped");
  }
}

const scsi::ElementStatus* element_at(const std::vector<scsi::ElementStatus>& elements,
                                      std::uint32_t address) {
  const auto found = std::find_if(elements.begin(), elements.end(), [address](const auto& element) {
    return element.address == address;
  });
  return found == elements.end() ? nullptr : &*found;
}

// Whether what an element holds can be the cartridge with this bar code: the robot may not have
// been able to read it.
bool may_be(const scsi::ElementStatus& element, const std::string& bar_code) {
  return element.full &&
         (element.volume_tag.empty() || bar_code.empty() || element.volume_tag == bar_code);
}

device::ElementRange only(std::uint32_t address) {
  return {static_cast<std::uint16_t>(address), 1};
}

// The element of the slot or drive a medium is in, with its type.
struct Source {
  std::uint32_t address = 0;
  scsi::ElementType type = scsi::ElementType::storage;
  std::optional<model::Drive> drive;
};

std::optional<Source> source_of(store::Reader& reader, const model::PhysicalMedium& medium) {
  if (medium.location_type == NTMS_STORAGESLOT) {
    if (const auto slot = reader.find<model::Slot>(medium.location)) {
      return Source{slot->element_address, scsi::ElementType::storage, std::nullopt};
    }
  } else if (medium.location_type == NTMS_DRIVE) {
    if (auto drive = reader.find<model::Drive>(medium.location)) {
      return Source{drive->element_address, scsi::ElementType::data_transfer, std::move(drive)};
    }
  }
  return std::nullopt;
}

scsi::ElementType type_of_source(store::Reader& reader, const Guid& library,
                                 std::uint32_t address) {
  const bool drive =
      reader.number("SELECT count(*) FROM drive WHERE library=?1 AND element_address=?2", library,
                    address) != 0;
  return drive ? scsi::ElementType::data_transfer : scsi::ElementType::storage;
}

}  // namespace

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
    const bool to_move = std::any_of(
        requests->begin(), requests->end(),
        [](const LibraryRequest& request) { return request.phase == EjectPhase::none; });
    const bool newcomers =
        std::any_of(requests->begin(), requests->end(), [](const LibraryRequest& request) {
          return request.phase == EjectPhase::none && request.state == NTMS_LM_QUEUED;
        });
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
    note_port_position(writer, NTMS_PORTPOSITION_RETRACTED);
    return {};
  });
}

// After a change of owner: a move that was decided may or may not have happened. Reads the elements
// before anything else is done. False when they cannot be read yet.
asio::awaitable<bool> EjectRound::settle_interrupted(Requests& requests) {
  for (const LibraryRequest& request : requests) {
    if (request.phase == EjectPhase::in_port && request.deadline != 0) open_ = true;
    if (request.phase == EjectPhase::moving) {
      const auto arm = co_await context_.arm.lock();
      const Error interrupted(ERROR_DEVICE_NOT_AVAILABLE, "the move was interrupted");
      co_await verify_move_out(request.id, interrupted);
    } else if (request.phase == EjectPhase::moving_home) {
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
      if (request && wants_to_end(*request) && request->phase == EjectPhase::none) {
        finish_withdrawn(writer, *request);
      }
    }
    return {};
  });
  const auto arm = co_await context_.arm.lock();
  if (open_) co_await retract_port();
  for (const LibraryRequest& member : requests) {
    if (!wants_to_end(member) || member.phase != EjectPhase::in_port) continue;
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
        const auto free =
            std::find_if(slots->begin(), slots->end(), [](const auto& slot) { return !slot.full; });
        if (free == slots->end()) return {};
        home = free->address;
      }
      request->phase = EjectPhase::moving_home;
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
    auto slot =
        writer.first<model::Slot>("t.library=?1 AND t.element_address=?2", context_.library, home);
    auto port = writer.first<model::Port>("t.library=?1 AND t.element_address=?2", context_.library,
                                          port_address);
    const auto* seen_slot = element_at(*slots, home);
    const auto* seen_port = element_at(*ports, port_address);
    if (!medium || !slot || !port) {
      finish_withdrawn(writer, *stored);
      return {};
    }
    if (seen_slot != nullptr && may_be(*seen_slot, medium->bar_code)) {
      slot->state = NTMS_SLOTSTATE_FULL;
      writer.update(*slot);
      port->content = NTMS_PORTCONTENT_EMPTY;
      port->position = NTMS_PORTPOSITION_RETRACTED;
      writer.update(*port);
      medium->home_slot = slot->id;
      if (put_medium(writer, *medium, slot->id, NTMS_STORAGESLOT)) {
        context_.inventory_stale = true;
      }
      stored->phase = EjectPhase::none;
      finish_withdrawn(writer, *stored);
    } else if (seen_port != nullptr && may_be(*seen_port, medium->bar_code)) {
      stored->phase = EjectPhase::in_port;
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

// Moves out every request that has not been moved yet, as far as the port has room.
asio::awaitable<void> EjectRound::move_out(Requests& requests) {
  const auto arm = co_await context_.arm.lock();
  if (open_) co_await retract_port();
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
    if (request.phase != EjectPhase::none || context_.stopping) continue;
    co_await move_one_out(request.id, false);
    // Somebody may have moved it by hand: the inventory has been read meanwhile.
    if (!context_.stopping && still_to_move(request.id)) co_await move_one_out(request.id, true);
  }
  room_ = false;
}

bool EjectRound::still_to_move(const Guid& id) {
  const auto request =
      context_.db.read([&](store::Reader& reader) { return unfinished(reader, id); });
  return request && *request && (*request)->phase == EjectPhase::none &&
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
    bar_code = medium->bar_code;
    request->phase = EjectPhase::moving;
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
    if (!current || !*current ||
        !co_await empty_drive(**current, static_cast<std::uint16_t>(drive_element))) {
      co_return;
    }
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
        request->phase = EjectPhase::none;
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
  const auto moved =
      co_await context_.changer->move(static_cast<std::uint16_t>(source), free->address);
  if (!moved.ok()) {
    context_.log->warn("{}: moving {} from element {} to the port: {}", context_.name, bar_code,
                       source, moved.words);
  }
  // Not within the co_await: GCC 12 destroys the temporaries of such an expression twice.
  Error why_not(ERROR_MEDIUM_NOT_ACCESSIBLE,
                "the robot reported success but did not move the cartridge");
  if (!moved.ok()) why_not = device::to_error(moved);
  co_await verify_move_out(id, why_not);
}

// Makes a drive give up its cartridge. False when it does not; the request has then ended.
asio::awaitable<bool> EjectRound::empty_drive(const LibraryRequest& request,
                                              std::uint16_t drive_element) {
  const auto drive = context_.drives.find(drive_element);
  if (drive == context_.drives.end()) co_return true;  // not reachable by itself: let the robot try
  const auto unloaded = co_await drive->second->unload();
  if (!unloaded) {
    context_.log->warn("{}: unloading the drive at element {}: {}", context_.name, drive_element,
                       unloaded.error().reason);
  }
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
  co_return true;
}

// Reads the two elements of a move out and stores what is true. `why_not` is the error for the
// request in case the cartridge is still where it was.
asio::awaitable<void> EjectRound::verify_move_out(const Guid& id, const Error& why_not) {
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
    if (seen_port != nullptr && may_be(*seen_port, medium->bar_code) &&
        !(seen_source != nullptr && seen_source->full && seen_port->volume_tag.empty())) {
      if (auto slot = writer.first<model::Slot>("t.library=?1 AND t.element_address=?2",
                                                context_.library, source)) {
        slot->state = NTMS_SLOTSTATE_EMPTY;
        writer.update(*slot);
      }
      if (auto drive = writer.first<model::Drive>("t.library=?1 AND t.element_address=?2",
                                                  context_.library, source)) {
        drive->state = NTMS_DRIVESTATE_DISMOUNTED;
        drive->saved_side = Guid{};
        writer.update(*drive);
      }
      auto port = writer.first<model::Port>("t.library=?1 AND t.element_address=?2",
                                            context_.library, target);
      port->content = NTMS_PORTCONTENT_FULL;
      writer.update(*port);
      medium->mounted_side = Guid{};
      medium->media_state = NTMS_MEDIASTATE_INUSE;
      if (put_medium(writer, *medium, port->id, NTMS_IEPORT)) context_.inventory_stale = true;
      request->phase = EjectPhase::in_port;
      save_progress(writer, *request);
      return {};
    }
    request->phase = EjectPhase::none;
    if (seen_source != nullptr && may_be(*seen_source, medium->bar_code)) {
      if (wants_to_end(*request)) {
        finish_withdrawn(writer, *request);
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
        post_device_service(writer, NTMS_LIBRARY, context_.library,
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
    post_device_service(writer, NTMS_LIBRARY, context_.library,
                        messages::lost_on_the_way(context_.name, medium->bar_code));
    return {};
  });
  if (readable) co_await refresh_if_stale();
}

asio::awaitable<void> EjectRound::refresh_if_stale() {
  if (!context_.inventory_stale) co_return;
  const auto fresh = co_await refresh_inventory(context_, false);
  if (!fresh) context_.log->error("{}: inventory: {}", context_.name, fresh.error().reason);
}

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
    if (request.phase != EjectPhase::in_port) {
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
                  [](const LibraryRequest& request) { return request.phase == EjectPhase::none; });
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
  request.phase = EjectPhase::none;
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
      if (request.phase == EjectPhase::in_port) {
        const auto port = writer.first<model::Port>("t.library=?1 AND t.element_address=?2",
                                                    context_.library, request.target);
        if (port && port_in_question.is_null()) {
          port_in_question = port->id;
          post_device_service(writer, NTMS_IEPORT, port->id,
                              messages::empty_the_port(context_.name, port->name));
        }
        leave_library(writer, request.medium);
        request.phase = EjectPhase::none;
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

void EjectRound::fail_request(const Guid& id, const Error& error) {
  context_.log->error("{}: eject failed: {}", context_.name, error.reason);
  context_.inventory_stale = true;
  store([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, id)) {
      if (request->phase != EjectPhase::none) {
        // The cartridge was on its way or in the port when the library fell silent.
        if (auto medium = writer.find<model::PhysicalMedium>(request->medium)) {
          medium->location = Guid{};
          medium->location_type = NTMS_STORAGESLOT;
          writer.update(*medium);
        }
      }
      request->phase = EjectPhase::none;
      finish(writer, *request, NTMS_LM_FAILED, error.code, error.reason);
    }
    return {};
  });
}

asio::awaitable<void> EjectRound::fail_all(const Error& error) {
  const auto requests = members();
  if (!requests) co_return;
  for (const LibraryRequest& request : *requests) {
    if (request.phase == EjectPhase::none) fail_request(request.id, error);
  }
}

}  // namespace ntms::operations
