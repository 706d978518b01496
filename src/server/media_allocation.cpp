// SPDX-License-Identifier: MIT
#include "server/media_allocation.h"

#include <ntmsapi.h>

#include <limits>

#include "server/access.h"
#include "server/media_lookup.h"
#include "server/media_search.h"

namespace ntms::server {
using model::MediaPool;

namespace {

using Answer = std::optional<Result<Allocated>>;

Error unavailable(std::string reason) {
  return fail(ERROR_MEDIA_UNAVAILABLE, std::move(reason));
}

// The pool of a wish, once it is known that the session may take from it.
Result<MediaPool> find_pool(store::Reader& reader, const Guid& id) {
  auto pool = reader.find<MediaPool>(id);
  if (!pool) return fail(ERROR_INVALID_MEDIA_POOL, "there is no media pool " + id.to_string());
  if (pool->type != NTMS_POOLTYPE_APPLICATION || pool->root) {
    return fail(ERROR_INVALID_MEDIA_POOL, "media are allocated from application pools only");
  }
  if (pool->media_type.is_null()) {
    return fail(ERROR_INVALID_MEDIA_POOL, pool->name + " holds pools, not media");
  }
  return *std::move(pool);
}

// Why the medium of a side that was named cannot be used now.
Result<void> check_reach(const ChosenSide& chosen, const model::Side& side) {
  const Cartridge& cartridge = chosen.cartridge;
  if (!cartridge.is_online()) {
    return fail(ERROR_MEDIA_OFFLINE, cartridge.medium.name + " is offline");
  }
  if (!cartridge.is_enabled(&side)) {
    return fail(ERROR_RESOURCE_DISABLED, cartridge.medium.name + " is disabled");
  }
  return {};
}

bool is_worn_out(const MediaPool& pool, const model::Side& side) {
  return side.allocate_count >= most_allocations(pool);
}

// Makes a side the caller's; what is allowed has been checked.
Allocated take(store::Writer& writer, const MediaPool& pool, ChosenSide& chosen,
               bool reserve_others) {
  Allocated allocated;
  allocated.from = chosen.cartridge.pool.id;
  if (allocated.from != pool.id) put_into_pool(writer, chosen.cartridge, pool);
  model::LogicalMedium logical;
  logical.pool = pool.id;
  writer.insert(logical);
  allocated.logical_medium = logical.id;
  model::Side& taken = chosen.side();
  for (model::Side& side : chosen.cartridge.sides) {
    if (&side == &taken) {
      side.state = changed_state(side, model::SideEvent::allocated).value_or(side.state);
      side.logical_medium = logical.id;
      ++side.allocate_count;
      writer.update(side);
    } else if (reserve_others) {
      if (const auto next = changed_state(side, model::SideEvent::sibling_allocated)) {
        side.state = *next;
        writer.update(side);
      }
    }
  }
  writer.complete(NTMS_LOGICAL_MEDIA, logical.id);
  return allocated;
}

// NTMS_ALLOCATE_NEXT: another side of the medium behind a logical medium.
Result<Allocated> take_next(store::Writer& writer, const Session& session, const MediaPool& pool,
                            const Wish& wish) {
  auto chosen = find_logical_side(writer, *wish.same_medium);
  if (!chosen) return chosen.error();
  Cartridge& cartridge = chosen->cartridge;
  if (cartridge.pool.id != pool.id) {
    return fail(ERROR_INVALID_MEDIA, "the logical medium is in another pool");
  }
  const Guid present = chosen->side().id;
  if (wish.side) {
    const model::Side* named = cartridge.side(*wish.side);
    if (named == nullptr || named->id == present ||
        !changed_state(*named, model::SideEvent::allocated)) {
      return fail(ERROR_INVALID_MEDIA, "the side named cannot be the next one");
    }
  }
  if (auto allowed = check_pool(writer, session, pool.id, NTMS_CONTROL_ACCESS); !allowed) {
    return allowed.error();
  }
  // Those that were kept for the caller come first.
  const std::uint32_t preference[] = {NTMS_PARTSTATE_RESERVED, NTMS_PARTSTATE_AVAILABLE,
                                      NTMS_PARTSTATE_IMPORT};
  for (const std::uint32_t state : preference) {
    for (std::size_t i = 0; i < cartridge.sides.size(); ++i) {
      const model::Side& side = cartridge.sides[i];
      if (side.state != state || side.id == present || is_worn_out(pool, side)) continue;
      if (wish.side && side.id != *wish.side) continue;
      if (auto reach = check_reach(*chosen, side); !reach) return reach.error();
      chosen->index = i;
      return take(writer, pool, *chosen, false);
    }
  }
  return unavailable("the medium has no side left");
}

// A side that was named, wherever it is.
Result<Allocated> take_named(store::Writer& writer, const Session& session, const MediaPool& pool,
                             const Wish& wish) {
  auto chosen = find_side(writer, *wish.side);
  if (!chosen) return chosen.error();
  if (auto allowed = check_move(writer, session, chosen->cartridge.pool, pool); !allowed) {
    return allowed.error();
  }
  const Cartridge& cartridge = chosen->cartridge;
  const model::Side& side = chosen->side();
  if (auto reach = check_reach(*chosen, side); !reach) return reach.error();
  if (cartridge.medium.media_type != pool.media_type) {
    return fail(ERROR_MEDIA_INCOMPATIBLE, cartridge.medium.name + " is of another media type");
  }
  if (side.state != NTMS_PARTSTATE_AVAILABLE && side.state != NTMS_PARTSTATE_IMPORT) {
    return unavailable("the side is neither available nor to be imported");
  }
  if (is_worn_out(pool, side)) return unavailable("the side has been allocated often enough");
  if (cartridge.pool.id != pool.id && cartridge.pool.type == NTMS_POOLTYPE_APPLICATION &&
      !cartridge.all_sides_in(NTMS_PARTSTATE_AVAILABLE)) {
    return unavailable("another application has sides of the medium");
  }
  if (wish.reserve_others && !cartridge.all_sides_in(NTMS_PARTSTATE_AVAILABLE, &side)) {
    return unavailable("other sides of the medium are not available");
  }
  return take(writer, pool, *chosen, wish.reserve_others);
}

// Any available side: of the pool, or where the pool's policy says so of the free pool.
Result<Allocated> take_any(store::Writer& writer, const Session& session, const MediaPool& pool,
                           const Wish& wish) {
  if (auto allowed = check_pool(writer, session, pool.id, NTMS_CONTROL_ACCESS); !allowed) {
    return allowed.error();
  }
  const auto found = find_available(writer, session, pool, wish.reserve_others);
  if (!found) return found.error();
  if (found->is_null()) return unavailable("nothing in the pool is available");
  auto chosen = find_side(writer, *found);
  if (!chosen) return chosen.error();
  return take(writer, pool, *chosen, wish.reserve_others);
}

Result<Allocated> allocate(store::Writer& writer, const Session& session, const Wish& wish) {
  const auto pool = find_pool(writer, wish.pool);
  if (!pool) return pool.error();
  if (wish.same_medium) return take_next(writer, session, *pool, wish);
  if (wish.side) return take_named(writer, session, *pool, wish);
  return take_any(writer, session, *pool, wish);
}

Guid ask_for_new_media(store::Writer& writer, const Session& session, const Guid& pool) {
  model::OperatorRequest request;
  request.request = NTMS_OPREQ_NEWMEDIA;
  request.submitted = writer.now();
  request.arg1_type = NTMS_MEDIA_POOL;
  request.arg1 = pool;
  request.application = session.application;
  request.user = session.user;
  request.computer = session.computer;
  request.by_system = true;
  writer.insert(request);
  return request.id;
}

}  // namespace

Result<Allocated> MediaAllocation::now() {
  Allocated allocated;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    const auto taken = allocate(writer, session_, wish_);
    if (!taken) return taken.error();
    allocated = *taken;
    return {};
  });
  if (!stored) return stored.error();
  return allocated;
}

// Whether poll() has to become a writer. Most of what wakes it is about something else.
Result<MediaAllocation::Sight> MediaAllocation::look() {
  return database_.read([&](store::Reader& reader) -> Result<Sight> {
    const auto request = reader.find<model::OperatorRequest>(operator_request_);
    const auto pool = find_pool(reader, wish_.pool);
    if (!request || request->answered != 0 || !pool) return Sight::changed;
    const auto found = find_available(reader, session_, *pool, wish_.reserve_others);
    return found && found->is_null() ? Sight::unchanged : Sight::changed;
  });
}

Answer MediaAllocation::poll() {
  if (session_.is_closed()) {
    if (auto undone = give_up(); !undone) return Answer(undone.error());
    return Answer(fail(ERROR_CANCELLED, "the session was closed while it waited"));
  }
  if (!operator_request_.is_null()) {
    const auto sight = look();
    if (!sight) return Answer(sight.error());
    if (*sight == Sight::unchanged) return std::nullopt;
  }
  Answer answer;
  Guid asked;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    answer.reset();
    asked = operator_request_;
    const auto request = writer.find<model::OperatorRequest>(asked);
    const bool refused = request && request->state == NTMS_OPSTATE_REFUSED;
    auto taken = allocate(writer, session_, wish_);
    if (taken || taken.error().code != ERROR_MEDIA_UNAVAILABLE) {
      if (!refused) writer.remove<model::OperatorRequest>(asked);
      asked = Guid{};
      answer.emplace(std::move(taken));
    } else if (refused) {
      asked = Guid{};
      answer.emplace(fail(ERROR_CANCELLED, "the operator has no new media"));
    } else if (!request || request->state == NTMS_OPSTATE_COMPLETE) {
      // Answered, and still nothing there: the operator is asked again.
      writer.remove<model::OperatorRequest>(asked);
      asked = ask_for_new_media(writer, session_, wish_.pool);
    }
    return {};
  });
  if (!stored) return Answer(stored.error());
  operator_request_ = asked;
  return answer;
}

Result<void> MediaAllocation::give_up() {
  if (operator_request_.is_null()) return {};
  return database_.write([&](store::Writer& writer) -> Result<void> {
    writer.remove<model::OperatorRequest>(operator_request_);
    return {};
  });
}

}  // namespace ntms::server
