// SPDX-License-Identifier: MIT
// The person in front of the library: putting cartridges in and taking them out, as far as ports,
// doors and the initiators allow it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "emulator/elements.h"
#include "emulator/motion.h"

namespace ntms::emulator {

// Used inside a transaction on `file`, which the caller commits if NTMS_EMULATOR_OK is returned.
// Every function returns an NTMS_EMULATOR_* code; see emulator.h for the rules.
class Hands {
 public:
  // `moving`: the motion under way, if any.
  Hands(LibraryFile& file, std::int64_t now, std::optional<Motion> moving)
      : file_(file), elements_(file), now_(now), moving_(std::move(moving)) {}

  int load_slot(std::uint32_t index, std::string_view barcode);

  int port_put(std::uint32_t index, std::string_view name);
  int port_take(std::uint32_t index, std::string& barcode);

  int port_pull_out();
  int port_push_in();

  int magazine_pull(std::uint32_t index);
  int magazine_push(std::uint32_t index);

  int door_open(std::uint32_t index);
  int door_close(std::uint32_t index);

  int drive_insert(std::uint32_t index, std::string_view name);
  int drive_eject(std::uint32_t index);
  int drive_take(std::uint32_t index, std::string& barcode);

  int slot_put(std::uint32_t index, std::string_view name);
  int slot_take(std::uint32_t index, std::string& barcode);
  int slot_swap(std::uint32_t first, std::uint32_t second);

 private:
  int reach_port(const Element& port);
  void port_accessed();
  bool doors_locked();
  bool reach_slot(const Element& slot);
  std::optional<Element> lone_drive(std::uint32_t index);
  int put(const Element& element, std::string_view name, bool imported);
  int take(const Element& element, std::string& barcode);
  bool door_is(std::uint32_t index, bool open);

  LibraryFile& file_;
  Elements elements_;
  std::int64_t now_;
  std::optional<Motion> moving_;
};

// Whether a bar code can be on a label: 1 to 32 printable ASCII characters, the first not "#".
bool valid_barcode(std::string_view barcode);

}  // namespace ntms::emulator
