// SPDX-License-Identifier: MIT
#include "operations/reconcile.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "device/media_types.h"
#include "model/eject_fate.h"
#include "model/states.h"
#include "operations/cleaning_queue.h"
#include "operations/configure.h"
#include "operations/element_states.h"
#include "operations/free_pool.h"
#include "operations/identify.h"
#include "operations/ports.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace {

using model::PhysicalMedium;

// A place for a cartridge together with what the robot says about it.
struct Place {
  Guid id;
  std::uint32_t type = NTMS_STORAGESLOT;
  const scsi::ElementStatus* seen = nullptr;
  bool was_absent = false;             // a slot whose magazine was missing
  PhysicalMedium* believed = nullptr;  // who should be here
  PhysicalMedium* found = nullptr;     // who is
};

// A magazine or element that is not there: it says so itself, or nobody could reach it.
bool is_absent(const scsi::ElementStatus& seen, bool reports_access) {
  const bool says_so = seen.except && seen.asc == 0x3B && (seen.ascq == 0x11 || seen.ascq == 0x12);
  return !seen.full && (says_so || (reports_access && !seen.access));
}

model::SlotEvent slot_event(const scsi::ElementStatus& seen, bool reports_access) {
  if (is_absent(seen, reports_access)) return model::SlotEvent::magazine_removed;
  return seen.full ? model::SlotEvent::found_full : model::SlotEvent::found_empty;
}

std::uint32_t slot_state(const scsi::ElementStatus& seen, bool reports_access) {
  constexpr std::uint32_t kInDoubt = NTMS_SLOTSTATE_NEEDSINVENTORY;
  return model::next_state(kInDoubt, slot_event(seen, reports_access)).value_or(kInDoubt);
}

// Some changers never set ACCESS; then it means nothing.
bool reports_access(const std::vector<scsi::ElementStatus>& elements) {
  return std::any_of(elements.begin(), elements.end(), [](const auto& e) { return e.access; });
}

// Records media that nobody knows. What they have in common is looked up once.
class NewMedia {
 public:
  // `count`: how many there will be. `identify`: whether their labels are to be read.
  NewMedia(store::Writer& writer, const model::Library& library, std::size_t count, bool identify)
      : writer_(writer),
        library_(library),
        identify_(identify && identifies_new_media(writer)),
        asker_(the_library()) {
    require_media_type(writer, library.id);
    auto type = writer.first<model::MediaType>(
        "t.guid IN (SELECT media_type FROM library_media_type WHERE library=?1)", library.id);
    if (!type) throw std::logic_error("library without a media type");
    type_ = std::move(*type);
    const auto pool = writer.first<model::MediaPool>("t.type=?1 AND t.media_type=?2",
                                                     NTMS_POOLTYPE_IMPORT, type_.id);
    if (!pool) throw std::logic_error("media type without an import pool");
    pool_ = pool->id;
    if ((library.flags & NTMS_LIBRARYFLAG_RECOGNIZECLEANERBARCODE) != 0) {
      cleaner_ = writer.first<model::MediaType>("t.code=?1", device::kCleanerCartridge);
      if (cleaner_) cleaner_pool_ = system_pool(writer, NTMS_POOLTYPE_FOREIGN, *cleaner_);
    }
    next_number_ = writer.next("sequence_number", static_cast<std::int64_t>(count));
    media_ = sorted_ids(count);
    sides_ = sorted_ids(count * type_.sides);
  }

  PhysicalMedium add(const Guid& location, std::uint32_t location_type, const Guid& home_slot,
                     const std::string& bar_code) {
    const bool cleaner = cleaner_ && is_cleaner_bar_code(library_, bar_code);
    PhysicalMedium medium;
    medium.id = take(media_);
    medium.library = library_.id;
    medium.pool = cleaner ? cleaner_pool_ : pool_;
    medium.location = location;
    medium.location_type = location_type;
    medium.media_type = cleaner ? cleaner_->id : type_.id;
    medium.home_slot = home_slot;
    medium.bar_code = bar_code;
    medium.bar_code_state = bar_code.empty() ? NTMS_BARCODESTATE_UNREADABLE : NTMS_BARCODESTATE_OK;
    medium.sequence_number = std::to_string(next_number_++);
    medium.name = bar_code.empty() ? medium.sequence_number : bar_code;
    writer_.insert(medium);
    for (std::uint32_t number = 0; number < type_.sides; ++number) {
      model::Side side;
      side.id = take(sides_);
      side.medium = medium.id;
      side.side = number;
      side.name = medium.name;
      if (cleaner) side.state = NTMS_PARTSTATE_FOREIGN;
      writer_.insert(side);
    }
    if (identify_) queue_identification(writer_, medium, asker_);
    return medium;
  }

 private:
  // In descending order, for take(): indexes that grow at their end are written much faster than
  // those that grow everywhere.
  static std::vector<Guid> sorted_ids(std::size_t count) {
    std::vector<Guid> ids(count);
    std::generate(ids.begin(), ids.end(), &Guid::make);
    std::sort(ids.begin(), ids.end(), std::greater<>());
    return ids;
  }

  static Guid take(std::vector<Guid>& ids) {
    const Guid id = ids.back();
    ids.pop_back();
    return id;
  }

  store::Writer& writer_;
  const model::Library& library_;
  const bool identify_;
  const Asker asker_;
  model::MediaType type_;
  Guid pool_;
  // With NTMS_LIBRARYFLAG_RECOGNIZECLEANERBARCODE: what cartridges with a bar code CLN... are.
  std::optional<model::MediaType> cleaner_;
  Guid cleaner_pool_;
  std::int64_t next_number_ = 0;
  std::vector<Guid> media_;
  std::vector<Guid> sides_;
};

class Reconciliation {
 public:
  Reconciliation(store::Writer& writer, const model::Library& library,
                 const device::Inventory& inventory, const ReconcileOptions& options)
      : writer_(writer), library_(library), inventory_(inventory), options_(options) {}

  ReconcileSummary run() {
    load();
    confirm();
    find_moved();
    find_returned();
    retire_missing();
    clear_old_places();
    settle();
    add_new();
    update_elements();
    for (const Guid& id : returned_) complete_move_media(writer_, id);
    note_cleaner(writer_, library_.id);
    return summary_;
  }

 private:
  void load() {
    media_ = writer_.list<PhysicalMedium>("t.library=?1", library_.id);
    std::unordered_map<Guid, PhysicalMedium*> by_location;
    for (PhysicalMedium& medium : media_) {
      if (!medium.location.is_null()) by_location[medium.location] = &medium;
    }
    slots_ = writer_.list<model::Slot>("t.library=?1", library_.id);
    drives_ = writer_.list<model::Drive>("t.library=?1", library_.id);
    places_.reserve(slots_.size() + drives_.size());
    for (const model::Slot& slot : slots_) slot_at_[slot.element_address] = slot.id;
    add_places(slots_, inventory_.slots, NTMS_STORAGESLOT, by_location);
    if (!options_.slots_only) add_places(drives_, inventory_.drives, NTMS_DRIVE, by_location);
    const bool access = reports_access(inventory_.slots);
    for (const Place& place : places_) {
      if (place.type == NTMS_STORAGESLOT && is_absent(*place.seen, access))
        absent_.insert(place.id);
    }
  }

  template <class T>
  void add_places(const std::vector<T>& objects, const std::vector<scsi::ElementStatus>& elements,
                  std::uint32_t type,
                  const std::unordered_map<Guid, PhysicalMedium*>& by_location) {
    std::unordered_map<std::uint32_t, const scsi::ElementStatus*> seen;
    for (const auto& element : elements) seen[element.address] = &element;
    for (const T& object : objects) {
      const auto element = seen.find(object.element_address);
      if (element == seen.end()) continue;  // not in the report: nothing is known about it
      Place place{object.id, type, element->second, false, nullptr, nullptr};
      if constexpr (std::is_same_v<T, model::Slot>) {
        place.was_absent = object.state == NTMS_SLOTSTATE_NOTPRESENT;
      }
      const auto believed = by_location.find(object.id);
      if (believed != by_location.end()) {
        if (is_protected(*believed->second)) continue;  // what is here is the request's business
        place.believed = believed->second;
      }
      places_.push_back(place);
    }
  }

  bool is_protected(const PhysicalMedium& medium) const {
    return options_.protected_media.contains(medium.id);
  }

  void take(Place& place, PhysicalMedium& medium) {
    place.found = &medium;
    found_.insert(&medium);
  }

  void confirm() {
    for (Place& place : places_) {
      if (!place.seen->full || place.believed == nullptr) continue;
      const std::string& tag = place.seen->volume_tag;
      if (tag.empty() || tag == place.believed->bar_code || place.believed->bar_code.empty()) {
        take(place, *place.believed);
        ++summary_.confirmed;
      }
    }
  }

  void find_moved() {
    std::unordered_multimap<std::string_view, PhysicalMedium*> by_bar_code;
    for (PhysicalMedium& medium : media_) {
      if (!medium.bar_code.empty() && !found_.contains(&medium) && !is_protected(medium)) {
        by_bar_code.emplace(medium.bar_code, &medium);
      }
    }
    for (Place& place : places_) {
      if (!place.seen->full || place.found != nullptr || place.seen->volume_tag.empty()) continue;
      const auto match = by_bar_code.find(place.seen->volume_tag);
      if (match == by_bar_code.end()) continue;
      take(place, *match->second);
      by_bar_code.erase(match);
      ++summary_.moved;
    }
  }

  void find_returned() {
    std::unordered_multimap<std::string_view, PhysicalMedium*> by_bar_code;
    offline_ = writer_.list<PhysicalMedium>(
        "(t.bar_code<>'' OR t.home_slot IS NOT NULL)"
        " AND t.library IN (SELECT guid FROM library WHERE type=?1)",
        NTMS_LIBRARYTYPE_OFFLINE);
    for (PhysicalMedium& medium : offline_) {
      if (!medium.bar_code.empty()) by_bar_code.emplace(medium.bar_code, &medium);
    }
    for (Place& place : places_) {
      if (!place.seen->full || place.found != nullptr || place.seen->volume_tag.empty()) continue;
      const auto [first, last] = by_bar_code.equal_range(place.seen->volume_tag);
      if (first == last) continue;
      // Several records with one bar code: the one that left last.
      const auto latest = std::max_element(first, last, [](const auto& a, const auto& b) {
        return a.second->modified < b.second->modified;
      });
      PhysicalMedium& medium = *latest->second;
      by_bar_code.erase(latest);
      take_back(place, medium);
    }
    find_returned_with_magazine();
  }

  // A magazine that is back brings its cartridges without a readable bar code back to their slots.
  void find_returned_with_magazine() {
    for (Place& place : places_) {
      if (!place.was_absent || !place.seen->full || place.found != nullptr ||
          !place.seen->volume_tag.empty()) {
        continue;
      }
      for (PhysicalMedium& medium : offline_) {
        if (medium.home_slot != place.id || found_.contains(&medium)) continue;
        take_back(place, medium);
        break;
      }
    }
  }

  void take_back(Place& place, PhysicalMedium& medium) {
    medium.library = library_.id;
    medium.media_state = NTMS_MEDIASTATE_IDLE;
    take(place, medium);
    returned_.push_back(medium.id);
    ++summary_.returned;
  }

  // Media whose place was looked at and which are nowhere. With slots only, a medium may be in a
  // drive that was not looked at, so only those believed to be in a slot can be missed; those are
  // then in doubt rather than gone unless the drives were read too.
  void retire_missing() {
    std::unordered_set<Guid> looked_at;
    for (const Place& place : places_) looked_at.insert(place.id);
    const bool arm_holds_one =
        std::any_of(inventory_.transports.begin(), inventory_.transports.end(),
                    [](const auto& element) { return element.full; });
    for (PhysicalMedium& medium : media_) {
      if (found_.contains(&medium) || is_protected(medium)) continue;
      const bool in_port = medium.location_type == NTMS_IEPORT && !medium.location.is_null();
      if (in_port || (!medium.location.is_null() && !looked_at.contains(medium.location))) continue;
      if (absent_.contains(medium.location)) {
        withdrawn_.push_back(&medium);
        ++summary_.gone;
      } else if (arm_holds_one || options_.slots_only || untagged_stranger_exists()) {
        doubtful_.push_back(
            &medium);  // it may well be the one in the arm, a drive or a strange slot
      } else {
        missing_.push_back(medium.id);
        ++summary_.gone;
      }
    }
  }

  // A drive reported full without a tag may hold any medium that is missing.
  bool untagged_stranger_exists() const {
    return std::any_of(places_.begin(), places_.end(), [](const Place& place) {
      return place.type == NTMS_DRIVE && place.seen->full && place.found == nullptr &&
             place.seen->volume_tag.empty();
    });
  }

  // No two media may be recorded in one place, not even for a moment in between.
  void clear_old_places() {
    const auto clear = [this](const PhysicalMedium& medium) {
      if (!medium.location.is_null()) {
        writer_.execute("UPDATE physical_medium SET location=NULL WHERE guid=?1", medium.id);
      }
    };
    for (const Place& place : places_) {
      if (place.believed != nullptr && place.believed != place.found) clear(*place.believed);
      if (place.found != nullptr && place.found->location != place.id) clear(*place.found);
    }
    for (const Guid& id : missing_) leave_library(writer_, id);
    for (PhysicalMedium* medium : withdrawn_) leave_with_magazine(*medium);
    for (PhysicalMedium* medium : doubtful_) {
      if (medium->location.is_null()) continue;
      medium->location = Guid{};
      writer_.update(*medium);
    }
  }

  // Nobody has ejected it: it is kept whatever its pool, and its slot is remembered, because a
  // magazine that comes back may have no bar codes.
  void leave_with_magazine(PhysicalMedium& medium) {
    const auto offline = writer_.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE);
    medium.library = offline->id;
    medium.home_slot = medium.location;
    medium.location = Guid{};
    medium.location_type = NTMS_STORAGESLOT;
    medium.media_state = NTMS_MEDIASTATE_IDLE;
    writer_.update(medium);
    carry_write_scratch(writer_, medium.id);
  }

  void settle() {
    for (Place& place : places_) {
      if (place.found == nullptr) continue;
      PhysicalMedium& medium = *place.found;
      bool changed = medium.location != place.id || medium.location_type != place.type;
      const std::string& tag = place.seen->volume_tag;
      if (!tag.empty() && medium.bar_code.empty()) {
        medium.bar_code = tag;
        medium.bar_code_state = NTMS_BARCODESTATE_OK;
        changed = true;
      }
      if (place.type == NTMS_STORAGESLOT) {
        if (medium.home_slot != place.id) {
          medium.home_slot = place.id;
          changed = true;
        }
        if (changed && (medium.media_state == NTMS_MEDIASTATE_MOUNTED ||
                        medium.media_state == NTMS_MEDIASTATE_LOADED ||
                        medium.media_state == NTMS_MEDIASTATE_UNLOADED)) {
          medium.media_state = NTMS_MEDIASTATE_IDLE;  // somebody took it out of the drive
          medium.mounted_side = Guid{};
        }
      } else if (medium.location != place.id) {
        medium.media_state = media_state(place);
        set_home(medium, place);
      }
      medium.location = place.id;
      medium.location_type = place.type;
      if (changed) writer_.update(medium);
    }
  }

  void add_new() {
    // A cartridge with the bar code of one that a running request is moving may be just that one.
    std::set<std::string_view> under_way;
    for (const PhysicalMedium& medium : media_) {
      if (is_protected(medium) && !medium.bar_code.empty()) under_way.insert(medium.bar_code);
    }
    const auto is_new = [&](const Place& place) {
      const std::string& tag = place.seen->volume_tag;
      const bool may_be_under_way = tag.empty()
                                        ? options_.protected_elements.contains(place.seen->address)
                                        : under_way.contains(tag);
      return place.seen->full && place.found == nullptr && !may_be_under_way;
    };
    summary_.added =
        static_cast<std::size_t>(std::count_if(places_.begin(), places_.end(), is_new));
    if (summary_.added == 0) return;
    NewMedia media(writer_, library_, summary_.added, true);
    for (Place& place : places_) {
      if (!is_new(place)) continue;
      Guid home = place.type == NTMS_STORAGESLOT ? place.id : Guid{};
      PhysicalMedium medium = media.add(place.id, place.type, home, place.seen->volume_tag);
      if (place.type == NTMS_DRIVE) {
        medium.media_state = media_state(place);
        set_home(medium, place);
        writer_.update(medium);
      }
    }
  }

  // A medium in a drive belongs to the slot it came from, if the robot remembers it.
  void set_home(PhysicalMedium& medium, const Place& place) {
    if (!place.seen->source) return;
    const auto slot = slot_at_.find(*place.seen->source);
    if (slot != slot_at_.end()) medium.home_slot = slot->second;
  }

  // In a drive that stands alone it was put by a person, for nobody yet.
  std::uint32_t media_state(const Place& place) const {
    if (library_.type == NTMS_LIBRARYTYPE_STANDALONE) return NTMS_MEDIASTATE_IDLE;
    return drive_state(place) == NTMS_DRIVESTATE_LOADED ? NTMS_MEDIASTATE_LOADED
                                                        : NTMS_MEDIASTATE_MOUNTED;
  }

  std::uint32_t drive_state(const Place& place) const {
    const auto ready = options_.drive_ready.find(place.seen->address);
    return ready != options_.drive_ready.end() && ready->second ? NTMS_DRIVESTATE_LOADED
                                                                : NTMS_DRIVESTATE_MOUNTED;
  }

  void update_elements() {
    update_slots();
    if (options_.slots_only) return;
    update_drives();
    record_port_contents(writer_, library_.id, inventory_.ports);
  }

  // Neighbours that are alike in one statement: there can be many thousand of them.
  void update_slots() {
    std::unordered_map<std::uint32_t, std::uint32_t> recorded;
    const auto& seen = inventory_.slots;
    const bool access = reports_access(seen);
    std::unordered_set<Guid> back;
    for (const Place& place : places_) {
      if (place.was_absent && !absent_.contains(place.id)) back.insert(place.id);
    }
    for (model::Slot& slot : slots_) {
      if (back.contains(slot.id)) apply(writer_, slot, model::SlotEvent::magazine_back);
    }
    for (const model::Slot& slot : slots_) recorded[slot.element_address] = slot.state;
    for (std::size_t first = 0, next = 0; first < seen.size(); first = next) {
      const std::uint32_t state = slot_state(seen[first], access);
      bool differs = false;
      while (next < seen.size() && slot_state(seen[next], access) == state &&
             std::size_t{seen[next].address} == seen[first].address + (next - first)) {
        const auto slot = recorded.find(seen[next].address);
        differs = differs || (slot != recorded.end() && slot->second != state);
        ++next;
      }
      if (!differs) continue;
      writer_.set_slot_states(library_.id, seen[first].address, seen[next - 1].address, state);
    }
  }

  void update_drives() {
    for (model::Drive& drive : drives_) {
      for (const Place& place : places_) {
        if (place.id != drive.id) continue;
        const bool empty = drive.state == NTMS_DRIVESTATE_DISMOUNTED;
        if (!place.seen->full && !empty) {
          drive.state = NTMS_DRIVESTATE_DISMOUNTED;
          drive.saved_side = Guid{};
          writer_.update(drive);
        } else if (place.seen->full && empty) {
          drive.state = drive_state(place);
          drive.saved_side = Guid{};
          writer_.update(drive);
        }
      }
    }
  }

  store::Writer& writer_;
  const model::Library& library_;
  const device::Inventory& inventory_;
  const ReconcileOptions& options_;
  ReconcileSummary summary_;
  std::vector<PhysicalMedium> media_;
  std::vector<PhysicalMedium> offline_;
  std::vector<model::Slot> slots_;
  std::vector<model::Drive> drives_;
  std::unordered_map<std::uint32_t, Guid> slot_at_;
  std::vector<Place> places_;
  std::unordered_set<const PhysicalMedium*> found_;
  std::unordered_set<Guid> absent_;  // slots whose magazine is missing
  std::vector<Guid> missing_;
  std::vector<Guid> returned_;
  std::vector<PhysicalMedium*> withdrawn_;
  std::vector<PhysicalMedium*> doubtful_;
};

}  // namespace

std::string ReconcileSummary::to_string() const {
  return std::to_string(confirmed) + " confirmed, " + std::to_string(moved) + " moved, " +
         std::to_string(returned) + " returned, " + std::to_string(added) + " new, " +
         std::to_string(gone) + " gone";
}

ReconcileSummary reconcile(store::Writer& writer, const model::Library& library,
                           const device::Inventory& inventory, const ReconcileOptions& options) {
  return Reconciliation(writer, library, inventory, options).run();
}

bool put_medium(store::Writer& writer, PhysicalMedium& medium, const Guid& location,
                std::uint32_t location_type) {
  auto displaced =
      writer.first<PhysicalMedium>("t.location=?1 AND t.guid<>?2", location, medium.id);
  if (displaced) {
    displaced->location = Guid{};
    displaced->location_type = NTMS_STORAGESLOT;
    writer.update(*displaced);
  }
  medium.location = location;
  medium.location_type = location_type;
  writer.update(medium);
  return displaced.has_value();
}

void leave_library(store::Writer& writer, const Guid& id) {
  auto medium = writer.find<PhysicalMedium>(id);
  if (!medium) return;
  const auto sides = writer.list<model::Side>("t.medium=?1", id);
  const auto pool = writer.find<model::MediaPool>(medium->pool);
  const auto type = writer.find<model::MediaType>(medium->media_type);
  const auto computer = writer.first<model::Computer>("1");
  auto library = writer.find<model::Library>(medium->library);
  const bool cleaner =
      (type && type->code == 0x32) ||
      (library && !library->cleaner_slot.is_null() && medium->home_slot == library->cleaner_slot);
  const model::Fate fate =
      model::fate_after_eject(pool ? pool->type : std::uint32_t{NTMS_POOLTYPE_UNKNOWN}, cleaner,
                              sides, computer ? computer->media_pool_policy : 0);
  if (fate == model::Fate::offline) {
    const auto offline = writer.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE);
    medium->library = offline->id;
    medium->location = Guid{};
    medium->location_type = NTMS_STORAGESLOT;
    medium->home_slot = Guid{};
    medium->mounted_side = Guid{};
    medium->media_state = NTMS_MEDIASTATE_IDLE;
    writer.update(*medium);
    complete_move_media(writer, id);  // somebody may have asked for just that
  } else {
    for (const model::Side& side : sides) {
      if (!side.logical_medium.is_null()) writer.remove<model::LogicalMedium>(side.logical_medium);
      writer.remove<model::Side>(side.id);
    }
    writer.remove<PhysicalMedium>(id);
  }
  if (cleaner && library) {
    library->flags &= ~static_cast<std::uint32_t>(NTMS_LIBRARYFLAG_CLEANERPRESENT);
    library->cleaner_uses = 0;
    writer.update(*library);
  }
}

model::PhysicalMedium add_medium(store::Writer& writer, const model::Library& library,
                                 const Guid& location, std::uint32_t location_type,
                                 const Guid& home_slot, const std::string& bar_code) {
  return NewMedia(writer, library, 1, true).add(location, location_type, home_slot, bar_code);
}

model::PhysicalMedium add_identified_medium(store::Writer& writer, const model::Library& library,
                                            const Guid& location, std::uint32_t location_type,
                                            const Guid& home_slot) {
  return NewMedia(writer, library, 1, false).add(location, location_type, home_slot, std::string());
}

}  // namespace ntms::operations
