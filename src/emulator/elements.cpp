// SPDX-License-Identifier: MIT
#include "emulator/elements.h"

#include <charconv>

#include "emulator/nexus.h"

namespace ntms::emulator {
namespace {

// The columns of an element with its cartridge, in the order element_of reads them.
#define NTMS_ELEMENT_COLUMNS                                                                    \
  "SELECT e.address, e.type, e.number, e.cartridge, c.barcode, e.source, e.inverted, "          \
  "e.imported, e.extended, c.turned, e.removed FROM element e LEFT JOIN cartridge c ON c.id = " \
  "e.cartridge "

Element element_of(const Query& row) {
  Element element;
  element.address = row.integer(0);
  element.type = static_cast<ElementType>(row.integer(1));
  element.number = row.integer(2);
  element.cartridge = row.optional_integer(3);
  element.barcode = row.text(4);
  element.source = row.optional_integer(5);
  element.inverted = row.integer(6) != 0;
  element.imported = row.integer(7) != 0;
  element.extended = row.integer(8) != 0;
  element.turned = row.integer(9) != 0;
  element.removed = row.integer(10) != 0;
  return element;
}

std::optional<Element> first_element(Query&& row) {
  if (!row.next()) return std::nullopt;
  return element_of(row);
}

std::optional<std::int64_t> number_of(std::string_view name) {
  if (name.size() < 2 || name[0] != '#') return std::nullopt;
  std::int64_t number = 0;
  const char* end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + 1, end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

std::optional<std::int64_t> first_id(Query&& row) {
  if (!row.next()) return std::nullopt;
  return row.integer(0);
}

}  // namespace

std::optional<Element> Elements::at(std::int64_t address) {
  return first_element(db_.query(NTMS_ELEMENT_COLUMNS "WHERE e.address = ?", address));
}

std::optional<Element> Elements::by_number(ElementType type, std::int64_t number) {
  if (type == ElementType::all || number < 0 || number >= geometry_.count(type)) {
    return std::nullopt;
  }
  return at(geometry_.first(type) + number);
}

std::optional<Element> Elements::holding(std::int64_t cartridge) {
  return first_element(db_.query(NTMS_ELEMENT_COLUMNS "WHERE e.cartridge = ?", cartridge));
}

void Elements::each(ElementType type, std::int64_t start, std::int64_t limit,
                    const std::function<void(const Element&)>& visit) {
  const std::int64_t low = type == ElementType::all ? 0 : static_cast<int>(type);
  const std::int64_t high = type == ElementType::all ? 4 : low;
  auto row = db_.query(NTMS_ELEMENT_COLUMNS
                       "WHERE e.address >= ? AND e.type BETWEEN ? AND ? ORDER BY e.address LIMIT ?",
                       start, low, high, limit);
  while (row.next()) visit(element_of(row));
}

std::int64_t Elements::count_from(ElementType type, std::int64_t start) {
  auto row = db_.query("SELECT count(*) FROM element WHERE address >= ?1 AND (type = ?2 OR ?2 = 0)",
                       start, static_cast<int>(type));
  return row.next() ? row.integer(0) : 0;
}

void Elements::clear(std::int64_t address) {
  db_.run(
      "UPDATE element SET cartridge = NULL, source = NULL, inverted = 0, imported = 0"
      " WHERE address = ?",
      address);
}

void Elements::put(std::int64_t address, std::int64_t cartridge, std::optional<std::int64_t> source,
                   bool inverted, bool imported) {
  db_.run(
      "UPDATE element SET cartridge = ?, source = ?, inverted = ?, imported = ? WHERE address = ?",
      cartridge, source, inverted, imported, address);
}

void Elements::set_extended(std::int64_t address, bool extended) {
  db_.run("UPDATE element SET extended = ? WHERE address = ?", extended, address);
}

bool Elements::any_port_extended() {
  auto row = db_.query("SELECT 1 FROM element WHERE type = ? AND extended <> 0 LIMIT 1",
                       static_cast<int>(ElementType::port));
  return row.next();
}

void Elements::set_all_ports_extended(bool extended) {
  db_.run("UPDATE element SET extended = ? WHERE type = ?", extended,
          static_cast<int>(ElementType::port));
}

bool Elements::magazine_removed(std::uint32_t index) {
  const auto slot = by_number(ElementType::storage, geometry_.magazine(index).first);
  return slot && slot->removed;
}

void Elements::set_magazine_removed(std::uint32_t index, bool removed) {
  const Range slots = geometry_.magazine(index);
  db_.run("UPDATE element SET removed = ? WHERE type = ? AND number >= ? AND number < ?", removed,
          static_cast<int>(ElementType::storage), slots.first, slots.first + slots.count);
}

Drive Elements::drive(std::int64_t number) {
  auto row = db_.query(
      "SELECT loaded, position, block_length, load_started, ready_at, cleaning, unloaded_at FROM "
      "drive"
      " WHERE number = ?",
      number);
  Drive drive;
  drive.number = number;
  if (!row.next()) return drive;
  drive.loaded = row.integer(0) != 0;
  drive.position = row.integer(1);
  drive.block_length = row.integer(2);
  drive.load_started = row.integer(3);
  drive.ready_at = row.integer(4);
  drive.cleaning = static_cast<Cleaning>(row.integer(5));
  drive.unloaded_at = row.integer(6);
  return drive;
}

void Elements::save(const Drive& drive) {
  db_.run(
      "UPDATE drive SET loaded = ?, position = ?, block_length = ?, load_started = ?, ready_at = ?,"
      " cleaning = ?, unloaded_at = ? WHERE number = ?",
      drive.loaded, drive.position, drive.block_length, drive.load_started, drive.ready_at,
      static_cast<int>(drive.cleaning), drive.unloaded_at, drive.number);
}

void Elements::load_drive(std::int64_t number, std::int64_t now, const Settings& settings) {
  const auto lun = static_cast<unsigned>(number + 1);
  const auto element = by_number(ElementType::drive, number);
  const std::int64_t cartridge = element ? element->cartridge.value_or(0) : 0;
  const bool cleaner = cleans_left(cartridge).has_value();
  const std::int64_t cleans = cleans_left(cartridge).value_or(0);
  Drive loaded = drive(number);
  loaded.loaded = true;
  loaded.position = 0;
  loaded.load_started = now;
  loaded.ready_at = now + settings.load_ms;
  loaded.cleaning = Cleaning::none;
  if (!cleaner) {
    save(loaded);
    Nexuses(db_).raise_for_all(lun, attention::kMediumChanged, loaded.ready_at);
    return;
  }
  // TapeAlert (SSC-4 annex): 20 clean now, 21 clean periodically, 22 expired cleaning media.
  if (cleans > 0) {
    loaded.cleaning = Cleaning::works;
    loaded.ready_at = now + settings.clean_ms;
    set_cleaner(cartridge, cleans - 1);
    db_.run("DELETE FROM tape_alert WHERE lun = ? AND flag IN (20, 21)", lun);
  } else {
    loaded.cleaning = Cleaning::spent;
    db_.run("INSERT OR IGNORE INTO tape_alert VALUES (?, 22)", lun);
  }
  save(loaded);
}

bool Elements::holds(const Element& element, std::int64_t now) {
  return element.full() && drive(element.number).holds(now, geometry_.cleaner_stays);
}

bool Elements::just_unloaded(const Element& element, std::int64_t now, std::int64_t late_ms) {
  if (late_ms == 0 || !element.full()) return false;
  const Drive unloaded = drive(element.number);
  return !unloaded.loaded && now >= unloaded.unloaded_at && now < unloaded.unloaded_at + late_ms;
}

void Elements::unload_drive(std::int64_t number, std::int64_t now) {
  Drive unloaded = drive(number);
  unloaded.loaded = false;
  unloaded.position = 0;
  unloaded.load_started = unloaded.ready_at = 0;
  unloaded.unloaded_at = now;
  save(unloaded);
  Nexuses(db_).withdraw(static_cast<unsigned>(number + 1), attention::kMediumChanged);
}

bool Elements::any_door_open() {
  auto row = db_.query("SELECT 1 FROM door WHERE open <> 0 LIMIT 1");
  return row.next();
}

std::optional<std::int64_t> Elements::find_cartridge(std::string_view name) {
  if (const auto number = number_of(name)) {
    return first_id(db_.query("SELECT id FROM cartridge WHERE id = ?", *number));
  }
  if (name.empty()) return std::nullopt;
  return first_id(db_.query("SELECT id FROM cartridge WHERE barcode = ? ORDER BY id", name));
}

std::optional<std::int64_t> Elements::find_on_shelf(std::string_view name) {
  const auto number = number_of(name);
  if (!number && name.empty()) return std::nullopt;
  return first_id(db_.query(
      "SELECT c.id FROM cartridge c LEFT JOIN element e ON e.cartridge = c.id"
      " WHERE e.address IS NULL AND (c.id = ?1 OR (?1 IS NULL AND c.barcode = ?2)) ORDER BY c.id",
      number, name));
}

std::int64_t Elements::make_cartridge(std::string_view barcode) {
  db_.run("INSERT INTO cartridge (barcode) VALUES (?)", barcode);
  return db_.last_insert_id();
}

void Elements::turn_over(std::int64_t cartridge) {
  db_.run("UPDATE cartridge SET turned = 1 - turned WHERE id = ?", cartridge);
}

std::optional<std::int64_t> Elements::cleans_left(std::int64_t cartridge) {
  auto row = db_.query("SELECT cleans FROM cartridge WHERE id = ?", cartridge);
  return row.next() ? row.optional_integer(0) : std::nullopt;
}

void Elements::set_cleaner(std::int64_t cartridge, std::int64_t uses) {
  db_.run("UPDATE cartridge SET cleans = ? WHERE id = ?", uses, cartridge);
}

}  // namespace ntms::emulator
