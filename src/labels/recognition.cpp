// SPDX-License-Identifier: MIT
#include "labels/recognition.h"

#include "labels/free_label.h"
#include "labels/microsoft_tape_format.h"
#include "labels/tar.h"
#include "labels/volume_label.h"

namespace ntms::labels {

std::optional<Label> recognize(Block block, const LabelLibraries& libraries, const Report& report) {
  // First: a medium that this system has prepared is never claimed by a general reader of the
  // format.
  if (auto label = claim_free_label(block)) return label;
  if (auto label = libraries.claim(block, report)) return label;
  if (auto label = claim_microsoft_tape_format(block)) return label;
  if (auto label = claim_volume_label(block)) return label;
  return claim_tar(block);
}

}  // namespace ntms::labels
