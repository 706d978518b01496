// SPDX-License-Identifier: MIT
// The elements of a library, the cartridges in them, and the drives behind them: reading and
// changing their rows. A cartridge without an element lies on the shelf.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/library_file.h"

namespace ntms::emulator {

struct Element {
  std::int64_t address = 0;
  ElementType type = ElementType::storage;
  std::int64_t number = 0;                // index within its type
  std::optional<std::int64_t> cartridge;  // row of the cartridge; none: empty
  std::string barcode;                    // of that cartridge, "" without
  std::optional<std::int64_t> source;     // slot the cartridge was moved from last
  bool inverted = false;                  // turned over since it left the source
  bool imported = false;                  // put there by the operator
  bool extended = false;                  // port stands open
  bool removed = false;                   // slot of a magazine that has been pulled out
  bool turned = false;                    // cartridge shows its second side

  bool full() const { return cartridge.has_value(); }
};

// What the drive makes of a cleaner cartridge.
enum class Cleaning : std::uint8_t {
  none = 0,   // it holds a tape, or nothing
  works = 1,  // it cleans itself until the time of `ready_at`
  spent = 2,  // the cartridge is used up
};

struct Drive {
  std::int64_t number = 0;
  bool loaded = false;
  std::int64_t position = 0;      // of the next block or filemark
  std::int64_t block_length = 0;  // of fixed blocks; 0: variable
  std::int64_t load_started = 0, ready_at = 0;
  Cleaning cleaning = Cleaning::none;
  std::int64_t unloaded_at = 0;  // when it let go of its cartridge last

  // A clock earlier than the start means that the machine was restarted since: long loaded.
  bool loading(std::int64_t now) const { return now >= load_started && now < ready_at; }
  // Whether it does not let go of its cartridge. `cleaner_stays`: of a cleaner neither.
  bool holds(std::int64_t now, bool cleaner_stays) const {
    return loaded && (cleaning == Cleaning::none || loading(now) || cleaner_stays);
  }
};

class Elements {
 public:
  explicit Elements(LibraryFile& file) : Elements(file.db(), file.geometry()) {}
  Elements(Connection& db, const Geometry& geometry) : db_(db), geometry_(geometry) {}

  std::optional<Element> at(std::int64_t address);
  std::optional<Element> by_number(ElementType type, std::int64_t number);
  std::optional<Element> holding(std::int64_t cartridge);

  // Calls `visit` for elements from `start` on in order of address, at most `limit`.
  void each(ElementType type, std::int64_t start, std::int64_t limit,
            const std::function<void(const Element&)>& visit);
  std::int64_t count_from(ElementType type, std::int64_t start);

  // Empties an element.
  void clear(std::int64_t address);
  // Fills an empty element.
  void put(std::int64_t address, std::int64_t cartridge, std::optional<std::int64_t> source,
           bool inverted, bool imported);
  void set_extended(std::int64_t address, bool extended);
  bool any_port_extended();
  void set_all_ports_extended(bool extended);
  // A magazine with the slots in it.
  bool magazine_removed(std::uint32_t index);
  void set_magazine_removed(std::uint32_t index, bool removed);

  Drive drive(std::int64_t number);
  void save(const Drive& drive);
  // Threads the tape of a drive: it becomes ready as the settings say, and 28h/00h is due then.
  // A cleaner begins its work.
  void load_drive(std::int64_t number, std::int64_t now, const Settings& settings);
  void unload_drive(std::int64_t number, std::int64_t now);

  // Whether the drive of an element does not let go of its cartridge.
  bool holds(const Element& drive, std::int64_t now);
  // Whether it let go of it less than `late_ms` ago.
  bool just_unloaded(const Element& drive, std::int64_t now, std::int64_t late_ms);

  bool any_door_open();

  // Cartridges. `name` is a bar code or "#" and a number.
  std::optional<std::int64_t> find_cartridge(std::string_view name);
  std::optional<std::int64_t> find_on_shelf(std::string_view name);
  std::int64_t make_cartridge(std::string_view barcode);
  void turn_over(std::int64_t cartridge);
  // The cleanings that a cleaner is still good for; nothing when the cartridge is none.
  std::optional<std::int64_t> cleans_left(std::int64_t cartridge);
  void set_cleaner(std::int64_t cartridge, std::int64_t uses);

 private:
  Connection& db_;
  const Geometry& geometry_;
};

}  // namespace ntms::emulator
