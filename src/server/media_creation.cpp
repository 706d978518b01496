// SPDX-License-Identifier: MIT
#include "server/media_creation.h"

#include <ntmsapi.h>

#include <set>
#include <string>

#include "server/media_lookup.h"

namespace ntms::server {
namespace {

constexpr std::size_t kLongestLabelId = NTMS_OMIDLABELID_LENGTH;

bool has_logical_medium(const NewSide& side) {
  return side.state == NTMS_PARTSTATE_ALLOCATED || side.state == NTMS_PARTSTATE_COMPLETE;
}

Result<void> check_values(const NewMedium& wanted, std::uint32_t options) {
  if (options > NTMS_ERROR_ON_DUPLICATE) {
    return fail(ERROR_INVALID_PARAMETER, "the options have unknown bits");
  }
  for (const NewSide& side : wanted.sides) {
    if (side.omid_id.empty() || side.omid_id.size() > kLongestLabelId || side.omid_type.empty()) {
      return fail(ERROR_INVALID_PARAMETER, "a side without an on-media identifier");
    }
    if (side.state > NTMS_PARTSTATE_RESERVED) {
      return fail(ERROR_INVALID_PARAMETER, std::to_string(side.state) + " is no state of a side");
    }
    if (!side.logical_medium.is_null() && !has_logical_medium(side)) {
      return fail(ERROR_INVALID_PARAMETER, "a logical medium for a side that nobody has");
    }
  }
  return {};
}

std::string without_blanks_at_end(std::string text) {
  text.erase(text.find_last_not_of(' ') + 1);
  return text;
}

// Nothing that the caller brings may be known already.
Result<void> check_new(store::Reader& reader, const NewMedium& wanted, const std::string& bar_code,
                       std::uint32_t options) {
  if (!bar_code.empty() &&
      reader.number("SELECT EXISTS(SELECT 1 FROM physical_medium WHERE bar_code=?1"
                    " AND bar_code<>'')",
                    bar_code) != 0) {
    return fail(ERROR_INVALID_MEDIA, "there is a medium with bar code " + bar_code);
  }
  std::vector<Guid> given{wanted.id};
  for (const NewSide& side : wanted.sides) {
    given.push_back(side.id);
    given.push_back(side.logical_medium);
  }
  std::set<Guid> seen;
  for (const Guid& id : given) {
    if (id.is_null()) continue;
    if (!seen.insert(id).second || reader.type_of(id)) {
      return fail(ERROR_INVALID_MEDIA, "identifier " + id.to_string() + " is in use");
    }
  }
  if (options != NTMS_ERROR_ON_DUPLICATE) return {};
  for (const NewSide& side : wanted.sides) {
    if (reader.number("SELECT EXISTS(SELECT 1 FROM side WHERE omid_type=?1 AND omid_type<>''"
                      " AND omid_id=?2)",
                      side.omid_type, side.omid_id) != 0) {
      return fail(ERROR_INVALID_MEDIA, "there is a side with this on-media identifier");
    }
  }
  return {};
}

model::PhysicalMedium to_medium(store::Writer& writer, const NewMedium& wanted,
                                const model::MediaPool& pool, const Guid& offline,
                                const std::string& bar_code) {
  model::PhysicalMedium medium;
  medium.id = wanted.id;
  medium.enabled = wanted.enabled;
  medium.description = wanted.description;
  medium.library = offline;
  medium.pool = pool.id;
  medium.media_type = pool.media_type;
  medium.bar_code = bar_code;
  medium.bar_code_state = bar_code.empty() ? NTMS_BARCODESTATE_UNREADABLE : NTMS_BARCODESTATE_OK;
  medium.sequence_number = std::to_string(writer.next("sequence_number"));
  medium.media_type_code = wanted.media_type_code;
  medium.density_code = wanted.density_code;
  medium.name = wanted.name;
  if (medium.name.empty()) medium.name = bar_code;
  if (medium.name.empty() && wanted.sides.size() == 1) medium.name = wanted.sides[0].omid_info;
  if (medium.name.empty()) medium.name = medium.sequence_number;
  return medium;
}

model::Side to_side(const NewSide& wanted, const Guid& medium, std::uint32_t number) {
  model::Side side;
  side.id = wanted.id;
  side.enabled = wanted.enabled;
  side.name = wanted.name;
  side.description = wanted.description;
  side.medium = medium;
  side.logical_medium = wanted.logical_medium;
  side.state = wanted.state;
  side.side = number;
  side.omid_type = wanted.omid_type;
  side.omid_id = wanted.omid_id;
  side.omid_info = wanted.omid_info;
  side.mount_count = wanted.mount_count;
  side.allocate_count = wanted.allocate_count;
  side.capacity = wanted.capacity;
  return side;
}

template <class T>
ObjectView view_of(const T& object) {
  ObjectView view;
  view.type = store::Table<T>::type;
  view.object = object;
  return view;
}

CreatedMedium insert(store::Writer& writer, const NewMedium& wanted, model::PhysicalMedium medium) {
  CreatedMedium created;
  writer.insert(medium);
  for (std::uint32_t number = 0; number < wanted.sides.size(); ++number) {
    model::Side side = to_side(wanted.sides[number], medium.id, number);
    if (has_logical_medium(wanted.sides[number])) {
      model::LogicalMedium logical;
      logical.id = side.logical_medium;
      logical.pool = medium.pool;
      writer.insert(logical);
      side.logical_medium = logical.id;
    }
    writer.insert(side);
    created.sides.push_back(view_of(side));
  }
  created.medium = view_of(medium);
  created.medium.counters.sides = static_cast<std::uint32_t>(wanted.sides.size());
  return created;
}

}  // namespace

Result<CreatedMedium> MediaCreation::create(const NewMedium& wanted, std::uint32_t options) const {
  if (auto valid = check_values(wanted, options); !valid) return valid.error();
  CreatedMedium created;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    const auto offline = writer.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE);
    if (!offline) return fail(ERROR_DATABASE_FAILURE, "there is no offline library");
    if (!wanted.library.is_null() && wanted.library != offline->id) {
      return fail(ERROR_INVALID_PARAMETER, "media are created in the offline library only");
    }
    const auto pool = writer.find<model::MediaPool>(wanted.pool);
    if (!pool || pool->root || pool->media_type.is_null() ||
        (pool->type != NTMS_POOLTYPE_IMPORT && pool->type != NTMS_POOLTYPE_APPLICATION)) {
      return fail(ERROR_INVALID_MEDIA_POOL, "media are created in import and application pools");
    }
    if (auto allowed = check_pool_and_computer(writer, session_, pool->id, NTMS_MODIFY_ACCESS);
        !allowed) {
      return allowed;
    }
    const auto type = writer.find<model::MediaType>(pool->media_type);
    if (!type || type->sides != wanted.number_of_sides || type->sides != wanted.sides.size()) {
      return fail(ERROR_MEDIA_INCOMPATIBLE, "media of this pool have another number of sides");
    }
    const std::string bar_code = without_blanks_at_end(wanted.bar_code);
    if (auto known = check_new(writer, wanted, bar_code, options); !known) return known;
    created = insert(writer, wanted, to_medium(writer, wanted, *pool, offline->id, bar_code));
    return {};
  });
  if (!stored) return stored.error();
  return created;
}

}  // namespace ntms::server
