// SPDX-License-Identifier: MIT
// What a logical unit remembers of each initiator: whether it has met it, its unit attentions, its
// PREVENT, and who holds the reservation (SAM-5 5.14, SPC-4 6.14, SPC-2 7.21).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "emulator/sqlite.h"

namespace ntms::emulator {

struct Attention {
  std::uint8_t asc = 0, ascq = 0;
};

namespace attention {
inline constexpr Attention kPowerOn{0x29, 0x00};
inline constexpr Attention kMediumChanged{0x28, 0x00};
inline constexpr Attention kPortAccessed{0x28, 0x01};
inline constexpr Attention kModeParametersChanged{0x2A, 0x01};
}  // namespace attention

class Nexuses {
 public:
  explicit Nexuses(Connection& db) : db_(db) {}

  // The row of an initiator, made if it is new.
  std::int64_t initiator(std::string_view name);

  // Makes an initiator known to a logical unit; a new one gets 29h/00h.
  void meet(std::int64_t initiator, unsigned lun, std::int64_t now);

  // Removes and returns the oldest unit attention that is due.
  std::optional<Attention> take(std::int64_t initiator, unsigned lun, std::int64_t now);

  // Raises a unit attention for all initiators the unit knows (but `except`), due at a time of the
  // file's clock. One that waits already is not raised twice.
  void raise_for_all(unsigned lun, Attention attention, std::int64_t due, std::int64_t except = 0);
  // Takes back a unit attention nobody has seen yet.
  void withdraw(unsigned lun, Attention attention);

  void set_prevents(std::int64_t initiator, unsigned lun, bool prevents);
  bool prevented(unsigned lun);  // by anybody

  std::optional<std::int64_t> reservation(unsigned lun);  // who holds it
  void reserve(unsigned lun, std::int64_t initiator);
  void release(unsigned lun);

 private:
  Connection& db_;
};

}  // namespace ntms::emulator
