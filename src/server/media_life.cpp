// SPDX-License-Identifier: MIT
#include "server/media_life.h"

#include <ntmsapi.h>

#include <utility>

#include "operations/free_pool.h"
#include "operations/requests.h"
#include "server/access.h"
#include "server/media_lookup.h"
#include "server/media_search.h"
#include "server/new_request.h"

namespace ntms::server {
namespace {

// The sides of other owners and those that can never be used again keep a medium in its pool.
bool may_return_to_free(const Cartridge& cartridge) {
  return (cartridge.pool.deallocation_policy & NTMS_DEALLOCATE_TOSCRATCH) != 0 &&
         !cartridge.has_side_in({NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE,
                                 NTMS_PARTSTATE_RESERVED, NTMS_PARTSTATE_DECOMMISSIONED});
}

// A side that nobody has any more. Its new state; stored by the caller.
Result<void> release(ChosenSide& chosen) {
  model::Side& side = chosen.side();
  const bool worn_out = side.allocate_count >= most_allocations(chosen.cartridge.pool);
  const auto next =
      changed_state(side, worn_out ? model::SideEvent::worn_out : model::SideEvent::deallocated);
  if (!next) return fail(ERROR_INVALID_MEDIA, "the side of the logical medium is not allocated");
  side.state = *next;
  side.logical_medium = Guid{};
  return {};
}

void refuse_requests_about(store::Writer& writer, const Guid& medium) {
  for (auto& request :
       writer.list<model::OperatorRequest>("t.arg1=?1 AND t.state IN (1,2,3)", medium)) {
    const auto next = model::next_state(request.state, model::OperatorEvent::refused);
    if (!next) continue;
    request.state = *next;
    request.answered = writer.now();
    writer.update(request);
  }
}

void end_requests_about(store::Writer& writer, const Guid& medium) {
  const auto requests = writer.ids(
      "SELECT guid FROM library_request WHERE state IN (0, 1, 5, 6) AND medium=?1", medium);
  for (const Guid& id : requests) {
    if (auto request = operations::unfinished(writer, id)) {
      operations::finish(writer, *request, NTMS_LM_INVALID, ERROR_INVALID_MEDIA,
                         "the medium was deleted");
    }
  }
}

}  // namespace

Result<void> MediaLife::deallocate(const Guid& id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto chosen = find_logical_side(writer, id);
    if (!chosen) return chosen.error();
    if (auto allowed = check_pool(writer, session_, chosen->cartridge.pool.id, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    Cartridge& cartridge = chosen->cartridge;
    if (auto released = release(*chosen); !released) return released;
    std::vector<model::Side*> changed{&chosen->side()};
    if (!cartridge.has_side_in({NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE})) {
      for (model::Side& side : cartridge.sides) {
        const auto next = changed_state(side, model::SideEvent::released);
        if (!next || &side == &chosen->side()) continue;
        side.state = *next;
        changed.push_back(&side);
      }
    }
    std::optional<model::MediaPool> free_pool;
    if (may_return_to_free(cartridge)) {
      free_pool = find_free_pool(writer, cartridge.medium.media_type);
    }
    if (free_pool) {
      if (auto allowed = check_move(writer, session_, cartridge.pool, *free_pool); !allowed) {
        return allowed;
      }
    }
    writer.remove<model::LogicalMedium>(id);
    for (model::Side* side : changed) writer.update(*side);
    if (free_pool) {
      auto request = new_request(session_, writer, NTMS_LM_WRITESCRATCH, cartridge.library.id);
      operations::queue_write_scratch(writer, request, cartridge.medium, free_pool->id,
                                      operations::ScratchOrigin::deallocation);
    }
    return {};
  });
}

Result<void> MediaLife::swap(const Guid& first_id, const Guid& second_id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto first = find_logical_side(writer, first_id);
    if (!first) return first.error();
    auto second = find_logical_side(writer, second_id);
    if (!second) return second.error();
    if (first_id == second_id) return fail(ERROR_INVALID_MEDIA, "one logical medium given twice");
    for (const ChosenSide* chosen : {&*first, &*second}) {
      if (auto allowed =
              check_pool(writer, session_, chosen->cartridge.pool.id, NTMS_MODIFY_ACCESS);
          !allowed) {
        return allowed;
      }
    }
    if (first->cartridge.pool.id != second->cartridge.pool.id) {
      return fail(ERROR_INVALID_MEDIA_POOL, "the logical media are in different pools");
    }
    for (ChosenSide* chosen : {&*first, &*second}) {
      if (chosen->cartridge.is_in_use()) {
        return fail(ERROR_INVALID_MEDIA, chosen->cartridge.medium.name + " is in use");
      }
    }
    for (ChosenSide* chosen : {&*first, &*second}) {
      if (chosen->side().state != NTMS_PARTSTATE_ALLOCATED) {
        return fail(ERROR_INVALID_STATE, "a side is not allocated");
      }
    }
    std::swap(first->side().logical_medium, second->side().logical_medium);
    writer.update(first->side());
    writer.update(second->side());
    for (const Guid& id : {first_id, second_id}) {
      // What it stands for is another cartridge now.
      if (auto logical = writer.find<model::LogicalMedium>(id)) writer.update(*logical);
    }
    return {};
  });
}

Result<void> MediaLife::decommission(const Guid& id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto chosen = find_side(writer, id);
    if (!chosen) return chosen.error();
    if (auto allowed = check_pool(writer, session_, chosen->cartridge.pool.id, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    model::Side& side = chosen->side();
    if (!chosen->cartridge.is_enabled(&side)) {
      return fail(ERROR_INVALID_STATE, chosen->cartridge.medium.name + " is disabled");
    }
    const auto next = changed_state(side, model::SideEvent::decommissioned);
    if (!next) return fail(ERROR_INVALID_STATE, "the side is not available");
    side.state = *next;
    writer.update(side);
    return {};
  });
}

Result<void> MediaLife::set_complete(const Guid& id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto chosen = find_logical_side(writer, id);
    if (!chosen) return chosen.error();
    if (auto allowed = check_pool(writer, session_, chosen->cartridge.pool.id, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    model::Side& side = chosen->side();
    const auto next = changed_state(side, model::SideEvent::completed);
    if (!next) return fail(ERROR_INVALID_STATE, "the side is not allocated");
    if (chosen->cartridge.is_in_use()) {
      return fail(ERROR_INVALID_STATE, chosen->cartridge.medium.name + " is in use");
    }
    side.state = *next;
    writer.update(side);
    if (auto logical = writer.find<model::LogicalMedium>(id)) writer.update(*logical);
    return {};
  });
}

Result<void> MediaLife::remove(const Guid& id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto cartridge = find_cartridge(writer, id);
    if (!cartridge) return cartridge.error();
    if (auto allowed =
            check_pool_and_computer(writer, session_, cartridge->pool.id, NTMS_MODIFY_ACCESS);
        !allowed) {
      return allowed;
    }
    if (cartridge->library.type != NTMS_LIBRARYTYPE_OFFLINE) {
      return fail(ERROR_INVALID_STATE, cartridge->medium.name + " is not offline");
    }
    if (cartridge->has_side_in(
            {NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE, NTMS_PARTSTATE_RESERVED})) {
      return fail(ERROR_INVALID_STATE, "a side of " + cartridge->medium.name + " is allocated");
    }
    refuse_requests_about(writer, id);
    end_requests_about(writer, id);
    for (const model::Side& side : cartridge->sides) writer.remove<model::Side>(side.id);
    writer.remove<model::PhysicalMedium>(id);
    return {};
  });
}

}  // namespace ntms::server
