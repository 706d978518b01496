// SPDX-License-Identifier: MIT
#include "operations/identity.h"

#include <algorithm>
#include <vector>

#include "model/state_machines.h"
#include "operations/configure.h"
#include "operations/reconcile.h"
#include "operations/requests.h"
#include "operations/sides.h"

namespace ntms::operations {
namespace {

using model::PhysicalMedium;
using model::Side;
using Found = std::optional<labels::Label>;

constexpr std::size_t kNameLength = 63;  // szName, in UTF-16 units

// Whether nobody would miss what is on the medium: identification decides about its state.
bool belongs_to_nobody(store::Reader& reader, const PhysicalMedium& medium,
                       const std::vector<Side>& sides) {
  const auto pool = reader.find<model::MediaPool>(medium.pool);
  const bool free = pool && pool->type == NTMS_POOLTYPE_SCRATCH;
  return std::all_of(sides.begin(), sides.end(), [free](const Side& side) {
    switch (side.state) {
      case NTMS_PARTSTATE_UNKNOWN:
      case NTMS_PARTSTATE_FOREIGN:
      case NTMS_PARTSTATE_IMPORT:
      case NTMS_PARTSTATE_INCOMPATIBLE:
        return side.logical_medium.is_null();
      case NTMS_PARTSTATE_AVAILABLE:
        return free;  // overwritten behind our back: what it holds now may be of value
      default:
        return false;
    }
  });
}

// Whether the bar code alone tells which cartridge it is: the robot reads it, and no other has it.
bool told_by_bar_code(store::Reader& reader, const PhysicalMedium& medium) {
  if (medium.bar_code.empty()) return false;
  const auto library = reader.find<model::Library>(medium.library);
  return library && library->bar_code_reader &&
         reader.number("SELECT count(*) FROM physical_medium WHERE library=?1 AND bar_code=?2",
                       medium.library, medium.bar_code) == 1;
}

// Whether the medium may be in anybody's hands: offline, its place unknown, or in a library that is
// not there.
bool may_come_back(store::Reader& reader, const PhysicalMedium& medium) {
  if (medium.location.is_null()) return true;
  const auto library = reader.find<model::Library>(medium.library);
  return library && library->operational_state == NTMS_NOT_PRESENT;
}

// A record that the label fits, with the side that has it.
struct Match {
  PhysicalMedium medium;
  Side side;
};

// Everybody else's sides with this label.
std::vector<Match> matches(store::Reader& reader, const labels::Label& label, const Side& looked_at,
                           std::uint32_t media_sides) {
  std::vector<Match> found;
  for (Side& side : reader.list<Side>(
           "t.omid_type=?1 AND t.omid_id=?2 AND t.omid_type<>'' AND t.medium<>?3 AND t.side=?4",
           label.type, label.id, looked_at.medium, looked_at.side)) {
    auto medium = reader.find<PhysicalMedium>(side.medium);
    if (!medium || reader.number("SELECT count(*) FROM side WHERE medium=?1", medium->id) !=
                       std::int64_t{media_sides}) {
      continue;
    }
    found.push_back({*std::move(medium), std::move(side)});
  }
  return found;
}

// The one that is back: the one with the same bar code, else the one that left last.
std::optional<Match> returned(store::Reader& reader, std::vector<Match>& found,
                              const std::string& bar_code) {
  std::optional<Match> best;
  bool same_bar_code = false;
  for (Match& match : found) {
    if (!may_come_back(reader, match.medium)) continue;
    const bool same = !bar_code.empty() && match.medium.bar_code == bar_code;
    const bool better = !best || (same && !same_bar_code) ||
                        (same == same_bar_code && match.medium.modified > best->medium.modified);
    if (!better) continue;
    same_bar_code = same;
    best = std::move(match);
  }
  return best;
}

// One that is believed to be in another slot of the same library, though only by belief.
std::optional<Match> exchangeable(store::Reader& reader, std::vector<Match>& found,
                                  const PhysicalMedium& expected) {
  for (Match& match : found) {
    const PhysicalMedium& medium = match.medium;
    if (medium.library != expected.library || medium.location_type != NTMS_STORAGESLOT ||
        medium.media_state != NTMS_MEDIASTATE_IDLE || told_by_bar_code(reader, medium) ||
        told_by_bar_code(reader, expected)) {
      continue;
    }
    return std::move(match);
  }
  return std::nullopt;
}

// `medium` is the cartridge that `before` was believed to be: it takes over its place and whatever
// is done there.
void take_place(store::Writer& writer, PhysicalMedium& medium, const Side& side,
                const PhysicalMedium& before, bool bar_code_is_seen) {
  medium.library = before.library;
  medium.home_slot = before.home_slot;
  medium.media_state = before.media_state;
  medium.mounted_side = before.mounted_side.is_null() ? Guid{} : side.id;
  if (bar_code_is_seen) {
    medium.bar_code = before.bar_code;
    medium.bar_code_state = before.bar_code_state;
  }
  put_medium(writer, medium, before.location, before.location_type);
  if (before.location_type != NTMS_DRIVE) return;
  if (auto drive = writer.find<model::Drive>(before.location)) {
    drive->saved_side = side.id;
    writer.update(*drive);
  }
}

// The medium is not where it was believed to be.
void lose_place(store::Writer& writer, PhysicalMedium& medium) {
  medium.location = Guid{};
  medium.location_type = NTMS_STORAGESLOT;
  medium.media_state = NTMS_MEDIASTATE_IDLE;
  medium.mounted_side = Guid{};
  writer.update(medium);
}

// Whatever is asked of the record that goes is asked of the one that stays.
void merge_requests(store::Writer& writer, const PhysicalMedium& goes,
                    const PhysicalMedium& stays) {
  for (auto& request :
       writer.list<model::LibraryRequest>("t.medium=?1 AND t.state IN (0,1,5,6)", goes.id)) {
    request.medium = stays.id;
    if (!request.side.is_null()) {
      const auto side = side_with_number(writer, stays.id, number_of_side(writer, request.side));
      request.side = side ? side->id : Guid{};
    }
    writer.update(request);
  }
}

void remove_record(store::Writer& writer, const PhysicalMedium& medium,
                   const std::vector<Side>& sides) {
  for (const Side& side : sides) writer.remove<Side>(side.id);
  writer.remove<PhysicalMedium>(medium.id);
}

// The state, the pool, the label and the first name of a medium that belongs to nobody.
void classify(store::Writer& writer, PhysicalMedium& medium, std::vector<Side>& sides,
              const Guid& looked_at, const Found& found) {
  const bool first_time = medium.name == medium.sequence_number && medium.bar_code.empty();
  bool any_known = false;
  for (Side& side : sides) {
    if (side.id == looked_at) {
      const auto event = found ? model::SideEvent::recognized : model::SideEvent::not_recognized;
      side.state = model::next_state(side.state, event).value_or(side.state);
      side.omid_type = found ? found->type : std::string();
      side.omid_id = found ? found->id : std::vector<std::uint8_t>();
      side.omid_info = found ? found->info : std::string();
      if (first_time && sides.size() == 1 && found && !found->info.empty()) {
        side.name = medium.name = labels::cut(found->info, kNameLength);
      }
      writer.update(side);
    } else if (side.state == NTMS_PARTSTATE_AVAILABLE) {
      // It leaves the free pool with the one that was looked at: what it has is a label of
      // somebody.
      const auto event =
          side.omid_id.empty() ? model::SideEvent::not_recognized : model::SideEvent::recognized;
      side.state = model::next_state(side.state, event).value_or(side.state);
      writer.update(side);
    }
    any_known = any_known || side.state == NTMS_PARTSTATE_IMPORT;
  }
  if (const auto type = writer.find<model::MediaType>(medium.media_type)) {
    medium.pool =
        system_pool(writer, any_known ? NTMS_POOLTYPE_IMPORT : NTMS_POOLTYPE_FOREIGN, *type);
  }
  writer.update(medium);
}

// The cartridge in the place of `expected`, which is another one: a record of its own for it.
Identity record_stranger(store::Writer& writer, PhysicalMedium& expected, const Side& looked_at,
                         const Found& found) {
  const PhysicalMedium before = expected;
  lose_place(writer, expected);
  const auto library = writer.find<model::Library>(before.library);
  PhysicalMedium medium = add_identified_medium(writer, *library, before.location,
                                                before.location_type, before.home_slot);
  auto sides = sides_of(writer, medium.id);
  const Guid up = sides.at(looked_at.side < sides.size() ? looked_at.side : 0).id;
  take_place(writer, medium, *writer.find<Side>(up), before, false);
  classify(writer, medium, sides, up, found);
  return {medium.id, up, true, false, true, Guid{}};
}

// Another side has told which cartridge it is: this one's label is news about the side alone.
void note_label(store::Writer& writer, PhysicalMedium& medium, std::vector<Side>& sides, Side& side,
                const Found& found) {
  if (belongs_to_nobody(writer, medium, sides)) {
    classify(writer, medium, sides, side.id, found);
    return;
  }
  if (side.state != NTMS_PARTSTATE_UNKNOWN) return;  // its owner will know
  const auto event = found ? model::SideEvent::recognized : model::SideEvent::not_recognized;
  side.state = model::next_state(side.state, event).value_or(side.state);
  if (found) {
    side.omid_type = found->type;
    side.omid_id = found->id;
    side.omid_info = found->info;
  }
  writer.update(side);
}

}  // namespace

std::optional<Identity> settle_identity(store::Writer& writer, const Guid& side_id,
                                        const Found& found, const IdentitySetting& setting) {
  auto side = writer.find<Side>(side_id);
  if (!side) return std::nullopt;
  auto expected = writer.find<PhysicalMedium>(side->medium);
  if (!expected) return std::nullopt;
  auto sides = sides_of(writer, expected->id);
  Identity as_recorded{expected->id, side->id, false, setting.proved, false, Guid{}};
  if (found && side->omid_type == found->type && side->omid_id == found->id) {
    as_recorded.proved = true;
    return as_recorded;
  }
  if (setting.proved) {
    note_label(writer, *expected, sides, *side, found);
    return as_recorded;
  }
  const bool nobodys = belongs_to_nobody(writer, *expected, sides);
  if (!nobodys && side->omid_id.empty()) return as_recorded;  // nothing to compare with

  const bool seen = told_by_bar_code(writer, *expected);
  if (found) {
    auto others = matches(writer, *found, *side, static_cast<std::uint32_t>(sides.size()));
    if (auto back = returned(writer, others, expected->bar_code)) {
      const PhysicalMedium before = *expected;
      const bool came_back = back->medium.library != before.library;
      if (nobodys) {
        merge_requests(writer, before, back->medium);
        remove_record(writer, before, sides);
      } else {
        lose_place(writer, *expected);
      }
      take_place(writer, back->medium, back->side, before, seen);
      if (came_back) complete_move_media(writer, back->medium.id);
      return Identity{back->medium.id, back->side.id, true, true, !nobodys, Guid{}};
    }
    auto other = setting.follow_up ? std::nullopt : exchangeable(writer, others, *expected);
    if (other) {
      const PhysicalMedium before = *expected;
      const PhysicalMedium elsewhere = other->medium;
      lose_place(writer, *expected);
      take_place(writer, other->medium, other->side, before, seen);
      expected->home_slot = elsewhere.location;
      put_medium(writer, *expected, elsewhere.location, elsewhere.location_type);
      return Identity{other->medium.id, other->side.id, true, true, false, expected->id};
    }
  }
  if (nobodys) {
    classify(writer, *expected, sides, side->id, found);
    return as_recorded;
  }
  // Overwritten by a program that did not tell, most likely: its owner will know.
  if (seen) return as_recorded;
  return record_stranger(writer, *expected, *side, found);
}

void mark_incompatible(store::Writer& writer, const Guid& medium) {
  for (Side& side : writer.list<Side>("t.medium=?1", medium)) {
    const auto next = model::next_state(side.state, model::SideEvent::unusable);
    if (!next || *next == side.state) continue;
    side.state = *next;
    writer.update(side);
  }
}

}  // namespace ntms::operations
