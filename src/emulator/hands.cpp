// SPDX-License-Identifier: MIT
#include "emulator/hands.h"

#include <algorithm>

#include "emulator/call.h"
#include "emulator/nexus.h"

namespace ntms::emulator {

bool valid_barcode(std::string_view barcode) {
  constexpr std::size_t kLongest = 32;
  return !barcode.empty() && barcode.size() <= kLongest && barcode[0] != '#' &&
         std::all_of(barcode.begin(), barcode.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

int Hands::load_slot(std::uint32_t index, std::string_view barcode) {
  if (!barcode.empty() && !valid_barcode(barcode)) return NTMS_EMULATOR_INVALID;
  const auto slot = elements_.by_number(ElementType::storage, index);
  if (!slot) return NTMS_EMULATOR_INVALID;
  if (moving_ && moving_->touches(slot->address)) return NTMS_EMULATOR_LOCKED;
  if (slot->full()) return NTMS_EMULATOR_OCCUPIED;
  elements_.put(slot->address, elements_.make_cartridge(barcode), std::nullopt, false, false);
  return NTMS_EMULATOR_OK;
}

int Hands::reach_port(const Element& port) {
  if (moving_ && moving_->touches(port.address)) return NTMS_EMULATOR_LOCKED;
  switch (file_.geometry().port_kind) {
    case NTMS_EMULATOR_PORT_MOTORIZED:
    case NTMS_EMULATOR_PORT_BY_HAND:
      return port.extended ? NTMS_EMULATOR_OK : NTMS_EMULATOR_LOCKED;
    case NTMS_EMULATOR_PORT_MOVE_EXTENDS:
      if (port.extended) return NTMS_EMULATOR_OK;
      [[fallthrough]];
    case NTMS_EMULATOR_PORT_LOCKABLE:
    case NTMS_EMULATOR_PORT_PASS_THROUGH:
      return Nexuses(file_.db()).prevented(kChangerLun) ? NTMS_EMULATOR_LOCKED : NTMS_EMULATOR_OK;
    default:
      return NTMS_EMULATOR_OK;
  }
}

int Hands::put(const Element& element, std::string_view name, bool imported) {
  if (element.full()) return NTMS_EMULATOR_OCCUPIED;
  auto cartridge = elements_.find_on_shelf(name);
  if (!cartridge) {
    if (!name.empty() && name[0] == '#') return NTMS_EMULATOR_NOT_FOUND;
    if (!name.empty() && !valid_barcode(name)) return NTMS_EMULATOR_INVALID;
    cartridge = elements_.make_cartridge(name);
  }
  elements_.put(element.address, *cartridge, std::nullopt, false, imported);
  return NTMS_EMULATOR_OK;
}

int Hands::take(const Element& element, std::string& barcode) {
  if (!element.full()) return NTMS_EMULATOR_EMPTY;
  barcode = element.barcode;
  elements_.clear(element.address);
  return NTMS_EMULATOR_OK;
}

int Hands::port_put(std::uint32_t index, std::string_view name) {
  const auto port = elements_.by_number(ElementType::port, index);
  if (!port) return NTMS_EMULATOR_INVALID;
  if (const int refused = reach_port(*port)) return refused;
  const int code = put(*port, name, true);
  // Nobody looks into a station that is out; what was done there shows when it is back.
  if (code == NTMS_EMULATOR_OK && !file_.geometry().by_hand()) port_accessed();
  return code;
}

int Hands::port_take(std::uint32_t index, std::string& barcode) {
  const auto port = elements_.by_number(ElementType::port, index);
  if (!port) return NTMS_EMULATOR_INVALID;
  if (const int refused = reach_port(*port)) return refused;
  const int code = take(*port, barcode);
  if (code == NTMS_EMULATOR_OK && !file_.geometry().by_hand()) port_accessed();
  return code;
}

void Hands::port_accessed() {
  Nexuses(file_.db()).raise_for_all(kChangerLun, attention::kPortAccessed, now_);
}

int Hands::port_pull_out() {
  const Geometry& geometry = file_.geometry();
  if (!geometry.by_hand() || geometry.ports == 0) return NTMS_EMULATOR_INVALID;
  if (elements_.any_port_extended()) return NTMS_EMULATOR_OK;
  if (Nexuses(file_.db()).prevented(kChangerLun)) return NTMS_EMULATOR_LOCKED;
  for (std::uint32_t port = 0; moving_ && port < geometry.ports; ++port) {
    if (moving_->touches(geometry.first_port + port)) return NTMS_EMULATOR_LOCKED;
  }
  elements_.set_all_ports_extended(true);
  return NTMS_EMULATOR_OK;
}

int Hands::port_push_in() {
  const Geometry& geometry = file_.geometry();
  if ((!geometry.by_hand() && !geometry.move_extends()) || geometry.ports == 0) {
    return NTMS_EMULATOR_INVALID;
  }
  if (!elements_.any_port_extended()) return NTMS_EMULATOR_OK;
  elements_.set_all_ports_extended(false);
  port_accessed();
  return NTMS_EMULATOR_OK;
}

int Hands::magazine_pull(std::uint32_t index) {
  if (index >= file_.geometry().magazines) return NTMS_EMULATOR_INVALID;
  if (elements_.magazine_removed(index)) return NTMS_EMULATOR_OK;
  if (doors_locked()) return NTMS_EMULATOR_LOCKED;
  elements_.set_magazine_removed(index, true);
  return NTMS_EMULATOR_OK;
}

int Hands::magazine_push(std::uint32_t index) {
  if (index >= file_.geometry().magazines) return NTMS_EMULATOR_INVALID;
  if (!elements_.magazine_removed(index)) return NTMS_EMULATOR_OK;
  elements_.set_magazine_removed(index, false);
  Nexuses(file_.db()).raise_for_all(kChangerLun, attention::kMediumChanged, now_);
  return NTMS_EMULATOR_OK;
}

// Doors and magazines.
bool Hands::doors_locked() {
  if (moving_) return true;
  return !file_.geometry().doors_unlocked && Nexuses(file_.db()).prevented(kChangerLun);
}

bool Hands::reach_slot(const Element& slot) {
  return slot.removed || elements_.any_door_open();
}

bool Hands::door_is(std::uint32_t index, bool open) {
  auto row =
      file_.db().query("SELECT 1 FROM door WHERE number = ? AND (open <> 0) = ?", index, open);
  return row.next();
}

int Hands::door_open(std::uint32_t index) {
  if (index >= file_.geometry().doors) return NTMS_EMULATOR_INVALID;
  if (door_is(index, true)) return NTMS_EMULATOR_OK;
  if (doors_locked()) return NTMS_EMULATOR_LOCKED;
  file_.db().run("UPDATE door SET open = 1 WHERE number = ?", index);
  return NTMS_EMULATOR_OK;
}

int Hands::door_close(std::uint32_t index) {
  if (index >= file_.geometry().doors) return NTMS_EMULATOR_INVALID;
  if (door_is(index, false)) return NTMS_EMULATOR_OK;
  file_.db().run("UPDATE door SET open = 0 WHERE number = ?", index);
  if (!elements_.any_door_open()) {
    Nexuses(file_.db()).raise_for_all(kChangerLun, attention::kMediumChanged, now_);
  }
  return NTMS_EMULATOR_OK;
}

// The drive of that number, if a person can reach it.
std::optional<Element> Hands::lone_drive(std::uint32_t index) {
  if (!file_.geometry().stand_alone) return std::nullopt;
  return elements_.by_number(ElementType::drive, index);
}

int Hands::drive_insert(std::uint32_t index, std::string_view name) {
  const auto drive = lone_drive(index);
  if (!drive) return NTMS_EMULATOR_INVALID;
  const bool ejected = drive->full() && !elements_.holds(*drive, now_);
  if (!ejected || elements_.find_cartridge(name) != drive->cartridge) {
    if (const int refused = put(*drive, name, false)) return refused;
  }
  elements_.load_drive(drive->number, now_, file_.settings());
  return NTMS_EMULATOR_OK;
}

int Hands::drive_eject(std::uint32_t index) {
  const auto drive = lone_drive(index);
  if (!drive) return NTMS_EMULATOR_INVALID;
  if (!elements_.holds(*drive, now_)) return NTMS_EMULATOR_OK;
  const Drive state = elements_.drive(drive->number);
  const bool cleans = state.cleaning == Cleaning::works && state.loading(now_);
  if (cleans || Nexuses(file_.db()).prevented(lun_of_drive(index))) return NTMS_EMULATOR_LOCKED;
  elements_.unload_drive(drive->number, now_);
  return NTMS_EMULATOR_OK;
}

int Hands::drive_take(std::uint32_t index, std::string& barcode) {
  const auto drive = lone_drive(index);
  if (!drive) return NTMS_EMULATOR_INVALID;
  if (elements_.holds(*drive, now_)) return NTMS_EMULATOR_LOCKED;
  return take(*drive, barcode);
}

int Hands::slot_put(std::uint32_t index, std::string_view name) {
  const auto slot = elements_.by_number(ElementType::storage, index);
  if (!slot) return NTMS_EMULATOR_INVALID;
  if (!reach_slot(*slot)) return NTMS_EMULATOR_LOCKED;
  return put(*slot, name, false);
}

int Hands::slot_take(std::uint32_t index, std::string& barcode) {
  const auto slot = elements_.by_number(ElementType::storage, index);
  if (!slot) return NTMS_EMULATOR_INVALID;
  if (!reach_slot(*slot)) return NTMS_EMULATOR_LOCKED;
  return take(*slot, barcode);
}

int Hands::slot_swap(std::uint32_t first, std::uint32_t second) {
  const auto a = elements_.by_number(ElementType::storage, first);
  const auto b = elements_.by_number(ElementType::storage, second);
  if (!a || !b) return NTMS_EMULATOR_INVALID;
  if (!reach_slot(*a) || !reach_slot(*b)) return NTMS_EMULATOR_LOCKED;
  elements_.clear(a->address);
  elements_.clear(b->address);
  if (a->full()) elements_.put(b->address, *a->cartridge, std::nullopt, false, false);
  if (b->full()) elements_.put(a->address, *b->cartridge, std::nullopt, false, false);
  return NTMS_EMULATOR_OK;
}

}  // namespace ntms::emulator
