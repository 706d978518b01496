// SPDX-License-Identifier: MIT
// The moves of an inject: decide, commit, move, look, commit.
#include <algorithm>

#include "operations/admission.h"
#include "operations/device_states.h"
#include "operations/doors.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/inject.h"
#include "operations/messages.h"
#include "operations/ports.h"
#include "operations/requests.h"
#include "operations/transfer.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::Phase;
using model::PortEvent;

namespace {

constexpr std::size_t kMostOccupied = 8;  // slots found full that were believed empty

}  // namespace

// Locks the port and moves what is in it to free slots; of cleaners the first.
asio::awaitable<Inject::Intake> Inject::take_in(bool cleaner, PortEvent why) {
  Intake intake;
  const auto arm = co_await context_.arm.lock();
  if (open_) {
    co_await close_ports(context_);
    open_ = false;
  }
  if (!store([&](store::Writer& writer) -> Result<void> {
        apply_to_ports(writer, context_.library, why);
        return {};
      })) {
    intake.blocked = true;  // the row has not changed: once more
    co_return intake;
  }
  if (!co_await may_move(context_)) {
    intake.blocked = true;
    co_return intake;
  }
  // The operator has been at the port, perhaps elsewhere too.
  if (context_.inventory_stale || context_.changer->attention_pending()) {
    if (const auto fresh = co_await refresh_inventory(context_, false); !fresh) {
      intake.trouble = fresh.error();
      co_return intake;
    }
  }
  const auto ports = co_await read_patiently(context_, scsi::ElementType::import_export);
  if (!ports) {
    intake.trouble = ports.error();
    co_return intake;
  }
  store([&](store::Writer& writer) -> Result<void> {
    record_port_contents(writer, context_.library, *ports);
    return {};
  });
  // Whether the robot reports what a port can do; some set none of the bits.
  const bool reports_import = std::any_of(ports->begin(), ports->end(),
                                          [](const auto& port) { return port.import_enabled; });
  for (const scsi::ElementStatus& port : *ports) {
    if (!port.full || (reports_import && !port.import_enabled)) continue;
    if (cleaner && intake.moved != 0) break;
    if (!co_await take_one(port, cleaner, intake)) break;
  }
  co_return intake;
}

// Moves the cartridge in one element to a free slot. False when there is no use in going on.
asio::awaitable<bool> Inject::take_one(const scsi::ElementStatus& port, bool cleaner,
                                       Intake& intake) {
  std::uint16_t target = 0;
  Guid slot_id;
  bool gone = false;
  // The intent. The slot's element status has been read with the inventory or is read by the move.
  const bool decided = store([&](store::Writer& writer) -> Result<void> {
    target = 0;
    auto request = unfinished(writer, request_);
    const auto library = writer.find<model::Library>(context_.library);
    gone = !request || !library;
    if (gone) return {};
    std::optional<model::Slot> slot;
    if (cleaner) {
      slot = writer.find<model::Slot>(library->cleaner_slot);
    } else {
      slot = first_free_slot(writer, context_.library);
    }
    if (!slot) return {};
    target = static_cast<std::uint16_t>(slot->element_address);
    slot_id = slot->id;
    request->phase = Phase::moving;
    request->source = port.address;
    request->target = target;
    if (request->state == NTMS_LM_INPROCESS) {
      save_progress(writer, *request);
    } else {
      start(writer, *request);
    }
    return {};
  });
  if (!decided || gone) {
    intake.blocked = !gone;
    co_return false;
  }
  if (slot_id.is_null()) {
    ++intake.left;
    co_return true;
  }
  const TransferEnd end =
      co_await transfer(context_, {scsi::ElementType::import_export, port.address},
                        {scsi::ElementType::storage, target}, port.volume_tag);
  const bool recorded = store([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, request_);
    auto library = writer.find<model::Library>(context_.library);
    auto slot = writer.find<model::Slot>(slot_id);
    auto element = port_at(writer, context_.library, port.address);
    if (!request || !library || !slot || !element) return {};
    request->phase = Phase::none;
    save_progress(writer, *request);
    if (end.where != Whereabouts::source) {
      apply(writer, *element, model::ContentEvent::removed);
      complete_device_service(writer, element->id);
    }
    if (end.where == Whereabouts::target) {
      note_working(writer, context_);
      if (cleaner) {
        admit_cleaner(writer, *library, *slot, end.bar_code, request->cleans_left);
      } else {
        admit(writer, *library, *slot, end.bar_code);
      }
    }
    return {};
  });
  if (!recorded) {
    intake.blocked = true;
    co_return false;
  }
  if (end.where == Whereabouts::target) {
    ++intake.moved;
    co_return true;
  }
  context_.inventory_stale = true;
  if (end.blocked) {
    intake.blocked = true;
    co_return false;
  }
  if (end.where == Whereabouts::not_there) co_return true;  // the operator was quicker
  if (end.where != Whereabouts::unknown) {
    if (const auto fresh = co_await refresh_inventory(context_, false); !fresh) {
      context_.log->warn("{}: inventory: {}", context_.name, fresh.error().reason);
    }
  }
  // The slot was not as free as believed; the inventory has told, and another one will be.
  const bool occupied = end.where == Whereabouts::source && end.why_not.code == ERROR_NOT_EMPTY;
  if (occupied && !cleaner && ++intake.occupied <= kMostOccupied) {
    co_return co_await take_one(port, cleaner, intake);
  }
  intake.trouble = end.why_not;
  store([&](store::Writer& writer) -> Result<void> {
    const auto element = port_at(writer, context_.library, port.address);
    if (end.where == Whereabouts::source && element) {
      post_device_service(writer, NTMS_IEPORT, element->id,
                          messages::take_from_port(context_.name, element->name, end.bar_code));
    } else {
      note_defect(writer, context_, messages::lost_on_the_way_in(context_.name, end.bar_code));
    }
    return {};
  });
  co_return false;
}

}  // namespace ntms::operations
