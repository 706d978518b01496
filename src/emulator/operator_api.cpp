// SPDX-License-Identifier: MIT
// The C interface: filling, the operator's hands, looking, and tapes.
#include <algorithm>
#include <cstring>

#include "emulator/call.h"
#include "emulator/element_status.h"
#include "emulator/handle.h"
#include "emulator/hands.h"
#include "emulator/journal.h"
#include "emulator/nexus.h"
#include "emulator/tape.h"

using namespace ntms::emulator;

namespace {

Hands hands(View& view) {
  return Hands(view.file, view.now, view.moving);
}

void copy_barcode(const std::string& barcode, char* buffer) {
  if (buffer == nullptr) return;
  std::memcpy(buffer, barcode.c_str(), barcode.size() + 1);  // at most 32 characters
}

// For functions that give a bar code back: it is stored only after the commit.
int take(ntms_emulator* emulator, char* buffer,
         const std::function<int(View&, std::string&)>& body) {
  std::string barcode;
  const int code = guarded(emulator, [&](View& view) { return body(view, barcode); });
  if (code == NTMS_EMULATOR_OK) copy_barcode(barcode, buffer);
  return code;
}

using Access = int (*)(ntms_emulator*, const std::function<int(View&)>&);

// Runs `body` with one side of a cartridge, in a transaction of `access` (looking or guarded).
int on_tape(Access access, ntms_emulator* emulator, const char* cartridge, std::uint32_t side,
            const std::function<int(Tape&)>& body) {
  return access(emulator, [&](View& view) -> int {
    if (side > (view.file.geometry().two_sided ? 1U : 0U)) return NTMS_EMULATOR_INVALID;
    const auto id = Elements(view.file).find_cartridge(text_of(cartridge));
    if (!id) return NTMS_EMULATOR_NOT_FOUND;
    Tape tape(view.file.db(), *id, side);
    return body(tape);
  });
}

}  // namespace

int ntms_emulator_load_slot(ntms_emulator* emulator, uint32_t index, const char* barcode) {
  return guarded(emulator,
                 [&](View& view) { return hands(view).load_slot(index, text_of(barcode)); });
}

int ntms_emulator_port_put(ntms_emulator* emulator, uint32_t index, const char* cartridge) {
  return guarded(emulator,
                 [&](View& view) { return hands(view).port_put(index, text_of(cartridge)); });
}

int ntms_emulator_port_take(ntms_emulator* emulator, uint32_t index, char* barcode) {
  return take(emulator, barcode,
              [&](View& view, std::string& text) { return hands(view).port_take(index, text); });
}

int ntms_emulator_port_pull_out(ntms_emulator* emulator) {
  return guarded(emulator, [](View& view) { return hands(view).port_pull_out(); });
}

int ntms_emulator_port_push_in(ntms_emulator* emulator) {
  return guarded(emulator, [](View& view) { return hands(view).port_push_in(); });
}

int ntms_emulator_magazine_pull(ntms_emulator* emulator, uint32_t index) {
  return guarded(emulator, [&](View& view) { return hands(view).magazine_pull(index); });
}

int ntms_emulator_magazine_push(ntms_emulator* emulator, uint32_t index) {
  return guarded(emulator, [&](View& view) { return hands(view).magazine_push(index); });
}

int ntms_emulator_door_open(ntms_emulator* emulator, uint32_t index) {
  return guarded(emulator, [&](View& view) { return hands(view).door_open(index); });
}

int ntms_emulator_door_close(ntms_emulator* emulator, uint32_t index) {
  return guarded(emulator, [&](View& view) { return hands(view).door_close(index); });
}

int ntms_emulator_slot_put(ntms_emulator* emulator, uint32_t index, const char* cartridge) {
  return guarded(emulator,
                 [&](View& view) { return hands(view).slot_put(index, text_of(cartridge)); });
}

int ntms_emulator_slot_take(ntms_emulator* emulator, uint32_t index, char* barcode) {
  return take(emulator, barcode,
              [&](View& view, std::string& text) { return hands(view).slot_take(index, text); });
}

int ntms_emulator_slot_swap(ntms_emulator* emulator, uint32_t first, uint32_t second) {
  return guarded(emulator, [&](View& view) { return hands(view).slot_swap(first, second); });
}

int ntms_emulator_drive_insert(ntms_emulator* emulator, uint32_t index, const char* cartridge) {
  return guarded(emulator,
                 [&](View& view) { return hands(view).drive_insert(index, text_of(cartridge)); });
}

int ntms_emulator_drive_eject(ntms_emulator* emulator, uint32_t index) {
  return guarded(emulator, [&](View& view) { return hands(view).drive_eject(index); });
}

int ntms_emulator_drive_take(ntms_emulator* emulator, uint32_t index, char* barcode) {
  return take(emulator, barcode,
              [&](View& view, std::string& text) { return hands(view).drive_take(index, text); });
}

int ntms_emulator_count(ntms_emulator* emulator, uint32_t type, uint32_t* count) {
  if (count == nullptr || type > NTMS_EMULATOR_DRIVE) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    if (type != NTMS_EMULATOR_SHELF) {
      *count = view.file.geometry().count(static_cast<ElementType>(type));
      return NTMS_EMULATOR_OK;
    }
    auto row = view.file.db().query(
        "SELECT count(*) FROM cartridge c LEFT JOIN element e ON e.cartridge = c.id"
        " WHERE e.address IS NULL");
    *count = row.next() ? static_cast<std::uint32_t>(row.integer(0)) : 0;
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_element(ntms_emulator* emulator, uint32_t type, uint32_t index,
                          ntms_emulator_element_info* info) {
  if (info == nullptr || info->size != sizeof *info || type == NTMS_EMULATOR_SHELF ||
      type > NTMS_EMULATOR_DRIVE) {
    return NTMS_EMULATOR_INVALID;
  }
  return looking(emulator, [&](View& view) -> int {
    Elements elements(view.file);
    const auto element = elements.by_number(static_cast<ElementType>(type), index);
    if (!element) return NTMS_EMULATOR_INVALID;
    const bool loaded = element->type == ElementType::drive && elements.holds(*element, view.now);
    const bool access = accessible(view.file, *element);
    *info = ntms_emulator_element_info{};
    info->size = sizeof *info;
    info->type = type;
    info->index = index;
    info->address = static_cast<std::uint32_t>(element->address);
    info->full = element->full() ? 1 : 0;
    info->access = access ? 1 : 0;
    info->import_export = element->imported ? 1 : 0;
    info->extended = element->extended ? 1 : 0;
    info->loaded = loaded ? 1 : 0;
    info->has_source = element->source ? 1 : 0;
    info->source = static_cast<std::uint32_t>(element->source.value_or(0));
    info->side = element->turned ? 1 : 0;
    info->cartridge = static_cast<std::uint64_t>(element->cartridge.value_or(0));
    copy_barcode(element->barcode, info->barcode);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_find(ntms_emulator* emulator, const char* cartridge, uint32_t* type,
                       uint32_t* index) {
  if (type == nullptr || index == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    Elements elements(view.file);
    const auto id = elements.find_cartridge(text_of(cartridge));
    if (!id) return NTMS_EMULATOR_NOT_FOUND;
    const auto element = elements.holding(*id);
    *type = element ? static_cast<std::uint32_t>(element->type) : NTMS_EMULATOR_SHELF;
    *index = element ? static_cast<std::uint32_t>(element->number) : 0;
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_removal_prevented(ntms_emulator* emulator, uint32_t lun, uint32_t* prevented) {
  if (prevented == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    if (lun > view.file.geometry().drives) return NTMS_EMULATOR_INVALID;
    *prevented = Nexuses(view.file.db()).prevented(lun) ? 1 : 0;
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_port_extended(ntms_emulator* emulator, uint32_t index, uint32_t* extended) {
  if (extended == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    const auto port = Elements(view.file).by_number(ElementType::port, index);
    if (!port) return NTMS_EMULATOR_INVALID;
    *extended = port->extended ? 1 : 0;
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_door_is_open(ntms_emulator* emulator, uint32_t index, uint32_t* open) {
  if (open == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    auto row = view.file.db().query("SELECT open FROM door WHERE number = ?", index);
    if (!row.next()) return NTMS_EMULATOR_INVALID;
    *open = row.integer(0) != 0 ? 1 : 0;
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_magazine_is_pulled(ntms_emulator* emulator, uint32_t index, uint32_t* pulled) {
  if (pulled == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    if (index >= view.file.geometry().magazines) return NTMS_EMULATOR_INVALID;
    *pulled = Elements(view.file).magazine_removed(index) ? 1 : 0;
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_tape_block_count(ntms_emulator* emulator, const char* cartridge, uint32_t side,
                                   uint64_t* count) {
  if (count == nullptr) return NTMS_EMULATOR_INVALID;
  return on_tape(looking, emulator, cartridge, side, [&](Tape& tape) -> int {
    *count = static_cast<std::uint64_t>(tape.count());
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_tape_read(ntms_emulator* emulator, const char* cartridge, uint32_t side,
                            uint64_t index, void* buffer, size_t size, size_t* length) {
  if (length == nullptr || (buffer == nullptr && size != 0) || index > INT64_MAX) {
    return NTMS_EMULATOR_INVALID;
  }
  return on_tape(looking, emulator, cartridge, side, [&](Tape& tape) -> int {
    const auto record = tape.read(static_cast<std::int64_t>(index));
    if (!record) return NTMS_EMULATOR_NOT_FOUND;
    *length = record->data.size();
    if (record->data.size() > size) return NTMS_EMULATOR_TOO_SMALL;
    std::copy(record->data.begin(), record->data.end(), static_cast<std::uint8_t*>(buffer));
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_tape_append(ntms_emulator* emulator, const char* cartridge, uint32_t side,
                              const void* data, size_t length) {
  constexpr std::size_t kLongest = 64U << 20;
  if ((data == nullptr && length != 0) || length > kLongest) return NTMS_EMULATOR_INVALID;
  return on_tape(guarded, emulator, cartridge, side, [&](Tape& tape) -> int {
    if (length == 0) {
      tape.append_filemark();
    } else {
      tape.append_block({static_cast<const std::uint8_t*>(data), length});
    }
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_tape_erase(ntms_emulator* emulator, const char* cartridge, uint32_t side) {
  return on_tape(guarded, emulator, cartridge, side, [](Tape& tape) -> int {
    tape.truncate(0);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_set_write_protected(ntms_emulator* emulator, const char* cartridge, uint32_t on) {
  return guarded(emulator, [&](View& view) -> int {
    const auto id = Elements(view.file).find_cartridge(text_of(cartridge));
    if (!id) return NTMS_EMULATOR_NOT_FOUND;
    view.file.db().run("UPDATE cartridge SET write_protected = ? WHERE id = ?", on != 0, *id);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_set_cleaner(ntms_emulator* emulator, const char* cartridge, uint32_t uses) {
  return guarded(emulator, [&](View& view) -> int {
    Elements elements(view.file);
    const auto id = elements.find_cartridge(text_of(cartridge));
    if (!id) return NTMS_EMULATOR_NOT_FOUND;
    elements.set_cleaner(*id, uses);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_cleaner_uses(ntms_emulator* emulator, const char* cartridge, uint32_t* uses) {
  if (uses == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    Elements elements(view.file);
    const auto id = elements.find_cartridge(text_of(cartridge));
    const auto left = id ? elements.cleans_left(*id) : std::nullopt;
    if (!left) return NTMS_EMULATOR_NOT_FOUND;
    *uses = static_cast<uint32_t>(*left);
    return NTMS_EMULATOR_OK;
  });
}
