// SPDX-License-Identifier: MIT
#include "operations/arm_recovery.h"

#include <algorithm>

#include "operations/admission.h"
#include "operations/device_states.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/mount_queue.h"
#include "operations/reconcile.h"
#include "operations/transfer.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

// The medium that was lost on the way and can be the one in the arm. Without a bar code only when
// there is no doubt: one single medium of the library is nowhere.
std::optional<model::PhysicalMedium> lost_medium(store::Reader& reader, const Guid& library,
                                                 const std::string& bar_code) {
  auto lost = reader.list<model::PhysicalMedium>("t.library=?1 AND t.location IS NULL", library);
  if (bar_code.empty()) {
    if (lost.size() != 1) return std::nullopt;
    return std::move(lost.front());
  }
  const auto same = std::find_if(lost.begin(), lost.end(),
                                 [&](const auto& medium) { return medium.bar_code == bar_code; });
  if (same == lost.end()) return std::nullopt;
  return std::move(*same);
}

std::optional<model::Slot> place_for(store::Reader& reader, const Guid& library,
                                     const std::optional<model::PhysicalMedium>& medium) {
  if (medium) {
    auto home = reader.find<model::Slot>(medium->home_slot);
    if (home && home->library == library && home->state == NTMS_SLOTSTATE_EMPTY) return home;
  }
  return first_free_slot(reader, library);
}

}  // namespace

asio::awaitable<void> empty_arm(LibraryContext& context) {
  const auto arm = co_await context.arm.lock();
  context.arm_holds.reset();
  const auto arms = co_await context.changer->read_elements(scsi::ElementType::transport);
  if (!arms) co_return;
  const auto full = std::find_if(arms->begin(), arms->end(), [](const auto& a) { return a.full; });
  if (full == arms->end()) co_return;
  const std::string bar_code = full->volume_tag;
  const auto slot = context.db.read([&](store::Reader& reader) {
    return place_for(reader, context.library, lost_medium(reader, context.library, bar_code));
  });
  if (!slot) co_return;
  TransferEnd end;
  end.why_not = Error(ERROR_LIBRARY_FULL, "there is no free slot");
  if (*slot) {
    end = co_await transfer(
        context, {scsi::ElementType::transport, full->address},
        {scsi::ElementType::storage, static_cast<std::uint16_t>((*slot)->element_address)},
        bar_code);
  }
  if (end.blocked) {
    context.arm_holds = bar_code;  // again when the library has been closed
    co_return;
  }
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (end.where != Whereabouts::target) {
      note_defect(writer, context, messages::arm_holds(context.name, bar_code, end.why_not.reason));
      return {};
    }
    const auto library = writer.find<model::Library>(context.library);
    auto place = writer.find<model::Slot>((*slot)->id);
    if (!library || !place) return {};
    if (auto medium = lost_medium(writer, context.library, bar_code)) {
      medium->home_slot = place->id;
      medium->media_state = NTMS_MEDIASTATE_IDLE;
      put_medium(writer, *medium, place->id, NTMS_STORAGESLOT);
      apply(writer, *place, model::SlotEvent::put);
      end_deferred(writer, medium->id);
    } else {
      admit(writer, *library, *place, bar_code);
    }
    note_working(writer, context);
    return {};
  });
  if (!stored) {
    context.inventory_stale = true;
    context.log->error("{}: {}", context.name, stored.error().reason);
    co_return;
  }
  if (end.where == Whereabouts::target) {
    context.log->warn("{}: brought home what the arm held: {}", context.name, bar_code);
  } else {
    context.inventory_stale = true;
    context.log->error("{}: the arm holds a cartridge: {}", context.name, end.why_not.reason);
  }
}

}  // namespace ntms::operations
