// SPDX-License-Identifier: MIT
#include "server/media_lookup.h"

#include <algorithm>

#include "server/access.h"

namespace ntms::server {

model::Side* Cartridge::side(const Guid& id) {
  const auto found =
      std::find_if(sides.begin(), sides.end(), [&](const model::Side& s) { return s.id == id; });
  return found == sides.end() ? nullptr : &*found;
}

bool Cartridge::is_online() const {
  return library.type != NTMS_LIBRARYTYPE_OFFLINE &&
         library.operational_state != NTMS_NOT_PRESENT && !medium.location.is_null();
}

bool Cartridge::is_enabled(const model::Side* side) const {
  return library.enabled && medium.enabled && (side == nullptr || side->enabled);
}

bool Cartridge::has_side_in(std::initializer_list<std::uint32_t> states) const {
  return std::any_of(sides.begin(), sides.end(), [&](const model::Side& side) {
    return std::find(states.begin(), states.end(), side.state) != states.end();
  });
}

bool Cartridge::all_sides_in(std::uint32_t state, const model::Side* except) const {
  return std::all_of(sides.begin(), sides.end(), [&](const model::Side& side) {
    return &side == except || side.state == state;
  });
}

Result<Cartridge> find_cartridge(store::Reader& reader, const Guid& id) {
  auto medium = reader.find<model::PhysicalMedium>(id);
  if (!medium) return fail(ERROR_INVALID_MEDIA, "there is no physical medium " + id.to_string());
  auto pool = reader.find<model::MediaPool>(medium->pool);
  if (!pool) return fail(ERROR_INVALID_MEDIA_POOL, medium->name + " is in no media pool");
  auto library = reader.find<model::Library>(medium->library);
  if (!library) return fail(ERROR_INVALID_LIBRARY, medium->name + " is in no library");
  auto sides = reader.list<model::Side>("t.medium=?1", id);
  std::sort(sides.begin(), sides.end(),
            [](const model::Side& a, const model::Side& b) { return a.side < b.side; });
  return Cartridge{*std::move(medium), *std::move(pool), *std::move(library), std::move(sides)};
}

Result<ChosenSide> find_side(store::Reader& reader, const Guid& id) {
  const auto side = reader.find<model::Side>(id);
  if (!side) return fail(ERROR_INVALID_MEDIA, "there is no side " + id.to_string());
  auto cartridge = find_cartridge(reader, side->medium);
  if (!cartridge) return cartridge.error();
  ChosenSide chosen{*std::move(cartridge)};
  chosen.index =
      static_cast<std::size_t>(chosen.cartridge.side(id) - chosen.cartridge.sides.data());
  return chosen;
}

Result<ChosenSide> find_logical_side(store::Reader& reader, const Guid& id) {
  if (!reader.find<model::LogicalMedium>(id)) {
    return fail(ERROR_INVALID_MEDIA, "there is no logical medium " + id.to_string());
  }
  const auto sides = reader.ids("SELECT guid FROM side WHERE logical_medium=?1", id);
  if (sides.empty()) {
    return fail(ERROR_INVALID_MEDIA, "no side belongs to the logical medium " + id.to_string());
  }
  return find_side(reader, sides.front());
}

std::optional<model::MediaPool> find_free_pool(store::Reader& reader, const Guid& media_type) {
  return reader.first<model::MediaPool>("t.type=?1 AND t.media_type=?2", NTMS_POOLTYPE_SCRATCH,
                                        media_type);
}

std::optional<std::uint32_t> changed_state(const model::Side& side, model::SideEvent event) {
  auto next = model::next_state(side.state, event);
  if (next && *next == side.state) next.reset();
  return next;
}

std::uint32_t right_to_move(const model::MediaPool& pool) {
  return pool.type == NTMS_POOLTYPE_SCRATCH ? NTMS_USE_ACCESS : NTMS_CONTROL_ACCESS;
}

Result<void> check_move(store::Reader& reader, const Session& session, const model::MediaPool& from,
                        const model::MediaPool& to) {
  if (auto allowed = check_pool(reader, session, from.id, right_to_move(from)); !allowed) {
    return allowed;
  }
  return check_pool(reader, session, to.id, right_to_move(to));
}

Result<void> check_pool_and_computer(store::Reader& reader, const Session& session,
                                     const Guid& pool, std::uint32_t rights) {
  if (auto allowed = check_pool(reader, session, pool, rights); !allowed) return allowed;
  return check_computer(reader, session, rights);
}

void put_into_pool(store::Writer& writer, Cartridge& cartridge, const model::MediaPool& pool) {
  cartridge.pool = pool;
  cartridge.medium.pool = pool.id;
  cartridge.medium.media_type = pool.media_type;
  writer.update(cartridge.medium);
  for (const model::Side& side : cartridge.sides) {
    if (side.logical_medium.is_null()) continue;
    if (auto logical = writer.find<model::LogicalMedium>(side.logical_medium)) {
      logical->pool = pool.id;
      writer.update(*logical);
    }
  }
}

}  // namespace ntms::server
