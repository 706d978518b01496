// SPDX-License-Identifier: MIT
#include "server/media_moves.h"

#include <ntmsapi.h>

#include <algorithm>

#include "operations/free_pool.h"
#include "server/access.h"
#include "server/media_lookup.h"
#include "server/new_request.h"

namespace ntms::server {
using operations::ScratchOrigin;

namespace {

// What a call is about.
struct Move {
  Cartridge cartridge;
  model::MediaPool target;

  bool goes_nowhere() const {
    return cartridge.pool.id == target.id && target.type != NTMS_POOLTYPE_SCRATCH;
  }
};

Result<Move> find_move(store::Reader& reader, const Guid& medium, const Guid& pool) {
  auto cartridge = find_cartridge(reader, medium);
  if (!cartridge) {
    // The contract has one code for a medium and for the pool it is in.
    return fail(ERROR_INVALID_MEDIA, cartridge.error().reason);
  }
  auto target = reader.find<model::MediaPool>(pool);
  if (!target) return fail(ERROR_INVALID_MEDIA_POOL, "there is no media pool " + pool.to_string());
  return Move{*std::move(cartridge), *std::move(target)};
}

// The table of functions-media-services 16.
bool is_allowed(const Move& move) {
  const auto from = move.cartridge.pool.type;
  switch (move.target.type) {
    case NTMS_POOLTYPE_SCRATCH:
      return from != NTMS_POOLTYPE_SCRATCH;
    case NTMS_POOLTYPE_IMPORT:
      return (from == NTMS_POOLTYPE_IMPORT || from == NTMS_POOLTYPE_APPLICATION) &&
             move.cartridge.all_sides_in(NTMS_PARTSTATE_IMPORT);
    case NTMS_POOLTYPE_APPLICATION:
      return from == NTMS_POOLTYPE_SCRATCH || from == NTMS_POOLTYPE_APPLICATION;
    default:
      return false;
  }
}

Result<void> check_pools(const Move& move) {
  if (move.target.media_type.is_null() || move.target.root) {
    return fail(ERROR_INVALID_MEDIA_POOL, move.target.name + " holds no media");
  }
  if (!is_allowed(move)) {
    return fail(ERROR_INVALID_MEDIA_POOL, move.cartridge.medium.name + " cannot be moved from " +
                                              move.cartridge.pool.name + " to " + move.target.name);
  }
  return {};
}

Result<void> check_busy(const Move& move) {
  const Cartridge& cartridge = move.cartridge;
  if (cartridge.is_in_use()) return fail(ERROR_BUSY, cartridge.medium.name + " is in use");
  if (move.target.type != NTMS_POOLTYPE_SCRATCH) return {};
  if (cartridge.has_side_in(
          {NTMS_PARTSTATE_ALLOCATED, NTMS_PARTSTATE_COMPLETE, NTMS_PARTSTATE_RESERVED})) {
    return fail(ERROR_BUSY, "a side of " + cartridge.medium.name + " belongs to somebody");
  }
  if (std::none_of(cartridge.sides.begin(), cartridge.sides.end(), [](const model::Side& side) {
        return operations::takes_free_label(side.state);
      })) {
    return fail(ERROR_BUSY, "no side of " + cartridge.medium.name + " can be used again");
  }
  return {};
}

// What an offline medium, which is idle, waits for already is not asked for again.
bool is_under_way(store::Reader& reader, const Guid& medium) {
  return reader.number(
             "SELECT EXISTS(SELECT 1 FROM library_request WHERE state IN (0, 1, 5, 6)"
             " AND medium=?1 AND operation=?2)",
             medium, NTMS_LM_WRITESCRATCH) != 0;
}

Result<void> carry_out(store::Writer& writer, const Session& session, Move& move,
                       ScratchOrigin origin) {
  Cartridge& cartridge = move.cartridge;
  if (is_under_way(writer, cartridge.medium.id)) {
    return fail(ERROR_BUSY, cartridge.medium.name + " is on its way to the free pool");
  }
  if (move.target.type == NTMS_POOLTYPE_SCRATCH) {
    auto request = new_request(session, writer, NTMS_LM_WRITESCRATCH, cartridge.library.id);
    operations::queue_write_scratch(writer, request, cartridge.medium, move.target.id, origin);
    return {};
  }
  put_into_pool(writer, cartridge, move.target);
  for (model::Side& side : cartridge.sides) writer.update(side);  // they have moved with it
  if (origin == ScratchOrigin::type_change) {
    writer.complete(NTMS_PHYSICAL_MEDIA, cartridge.medium.id);
  } else {
    writer.complete(NTMS_MEDIA_POOL, move.target.id);
  }
  return {};
}

}  // namespace

Result<void> MediaMoves::move(const Guid& medium, const Guid& pool) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto move = find_move(writer, medium, pool);
    if (!move) return move.error();
    if (auto allowed = check_move(writer, session_, move->cartridge.pool, move->target); !allowed) {
      return allowed;
    }
    if (move->goes_nowhere()) return {};
    if (auto fits = check_pools(*move); !fits) return fits;
    if (move->target.media_type != move->cartridge.medium.media_type) {
      return fail(ERROR_MEDIA_INCOMPATIBLE, move->target.name + " is for another media type");
    }
    if (auto ready = check_busy(*move); !ready) return ready;
    return carry_out(writer, session_, *move, ScratchOrigin::move);
  });
}

Result<void> MediaMoves::change_type(const Guid& medium, const Guid& pool) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto move = find_move(writer, medium, pool);
    if (!move) return move.error();
    if (auto allowed =
            check_pool_and_computer(writer, session_, move->cartridge.pool.id, NTMS_MODIFY_ACCESS);
        !allowed) {
      return allowed;
    }
    const model::Library& library = move->cartridge.library;
    if (library.type == NTMS_LIBRARYTYPE_OFFLINE || library.operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_LIBRARY_OFFLINE, move->cartridge.medium.name + " is offline");
    }
    if (!library.enabled) return fail(ERROR_RESOURCE_DISABLED, library.name + " is disabled");
    if (move->goes_nowhere()) return {};
    if (auto fits = check_pools(*move); !fits) return fits;
    const auto type = writer.find<model::MediaType>(move->target.media_type);
    if (!type || type->sides != move->cartridge.sides.size()) {
      return fail(ERROR_INVALID_MEDIA_POOL, move->target.name + " is for media with other sides");
    }
    if (auto ready = check_busy(*move); !ready) return ready;
    return carry_out(writer, session_, *move, ScratchOrigin::type_change);
  });
}

}  // namespace ntms::server
