// SPDX-License-Identifier: MIT
// What the media services share: from the identifiers of a call to the objects behind them, and
// the questions about media that more than one of them asks (functions-media-services 0.3).
#pragma once

#include <ntmsapi.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "base/error.h"
#include "model/state_machines.h"
#include "server/session.h"
#include "store/records.h"

namespace ntms::server {

// A cartridge with its sides, in the order of their numbers, and where it belongs and is.
struct Cartridge {
  model::PhysicalMedium medium;
  model::MediaPool pool;
  model::Library library;
  std::vector<model::Side> sides;

  // The side with this identifier; null when it has none.
  model::Side* side(const Guid& id);

  // Whether it is in a place where a library could get it: not offline, its library present, its
  // place known.
  bool is_online() const;
  // Whether it, its library and, if given, the side can be used (concepts 4.1).
  bool is_enabled(const model::Side* side = nullptr) const;
  // Whether a request or an application has it: MediaState other than NTMS_MEDIASTATE_IDLE.
  bool is_in_use() const { return medium.media_state != NTMS_MEDIASTATE_IDLE; }
  // Whether any of its sides has one of these states.
  bool has_side_in(std::initializer_list<std::uint32_t> states) const;
  // Whether all of them, but for `except`, have this state.
  bool all_sides_in(std::uint32_t state, const model::Side* except = nullptr) const;
};

// A cartridge and the side of it that a call is about.
struct ChosenSide {
  Cartridge cartridge;
  std::size_t index = 0;  // of the side in `cartridge.sides`

  model::Side& side() { return cartridge.sides[index]; }
};

// The cartridge with this identifier. Errors: ERROR_INVALID_MEDIA when no physical medium has it;
// ERROR_INVALID_MEDIA_POOL or ERROR_INVALID_LIBRARY when its pool or its library does not exist.
Result<Cartridge> find_cartridge(store::Reader& reader, const Guid& medium);

// The cartridge of a side. Errors as find_cartridge().
Result<ChosenSide> find_side(store::Reader& reader, const Guid& side);

// The cartridge and the side behind a logical medium. Errors as find_cartridge();
// ERROR_INVALID_MEDIA also when no side belongs to the logical medium.
Result<ChosenSide> find_logical_side(store::Reader& reader, const Guid& logical_medium);

// The free pool for media of this type, if there is one.
std::optional<model::MediaPool> find_free_pool(store::Reader& reader, const Guid& media_type);

// The state that an event leads a side to, when it changes anything.
std::optional<std::uint32_t> changed_state(const model::Side& side, model::SideEvent event);

// The right that taking a medium out of a pool, or bringing one into it, needs: NTMS_USE_ACCESS to
// free pools, else NTMS_CONTROL_ACCESS (security 6, free-pool refinements).
std::uint32_t right_to_move(const model::MediaPool& pool);

// ERROR_ACCESS_DENIED unless the session may move media from one pool to the other.
Result<void> check_move(store::Reader& reader, const Session& session, const model::MediaPool& from,
                        const model::MediaPool& to);

// ERROR_ACCESS_DENIED unless the session has the rights to the pool and to the computer.
Result<void> check_pool_and_computer(store::Reader& reader, const Session& session,
                                     const Guid& pool, std::uint32_t rights);

// Puts a cartridge into a pool, together with its logical media; `cartridge` shows it afterwards.
void put_into_pool(store::Writer& writer, Cartridge& cartridge, const model::MediaPool& pool);

}  // namespace ntms::server
