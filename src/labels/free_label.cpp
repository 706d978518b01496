// SPDX-License-Identifier: MIT
#include "labels/free_label.h"

#include "labels/microsoft_tape_format.h"

namespace ntms::labels {

std::vector<std::uint8_t> make_free_label(const FreeLabel& label) {
  constexpr std::size_t kNameUnits = 63;  // of a display name
  constexpr std::size_t kCodeUnits = 36;  // of a bar code
  MediaLabelString text;
  text.vendor = "ntmsapi";
  text.created = label.written;
  text.cartridge = cut(label.bar_code, kCodeUnits);
  text.side = label.side;
  text.id = label.id;
  TapeBlock tape;
  tape.family = label.family;
  tape.software = kFreeMedia;
  tape.name = cut(label.name, kNameUnits);
  tape.description = to_text(text);
  tape.has_label = true;
  tape.written = label.written;
  return make_tape_block(tape).value();  // with these limits everything fits
}

std::optional<Label> claim_free_label(Block block) {
  auto label = claim_microsoft_tape_format(block);
  if (!label || label->type != kFreeMedia) return std::nullopt;
  return label;
}

}  // namespace ntms::labels
