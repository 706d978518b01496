// SPDX-License-Identifier: MIT
#include "model/eject_fate.h"

#include <algorithm>

namespace ntms::model {

Fate fate_after_eject(std::uint32_t pool_type, bool is_cleaner, std::span<const Side> sides,
                      std::uint32_t policy) {
  const bool incompatible = std::any_of(sides.begin(), sides.end(), [](const Side& side) {
    return side.state == NTMS_PARTSTATE_INCOMPATIBLE;
  });
  if (is_cleaner || incompatible || pool_type == NTMS_POOLTYPE_FOREIGN) return Fate::deleted;
  if (pool_type == NTMS_POOLTYPE_IMPORT) {
    return (policy & NTMS_POOLPOLICY_KEEPOFFLINEIMPORT) != 0 ? Fate::offline : Fate::deleted;
  }
  if (pool_type == NTMS_POOLTYPE_SCRATCH) {
    return (policy & NTMS_POOLPOLICY_PURGEOFFLINESCRATCH) != 0 ? Fate::deleted : Fate::offline;
  }
  return Fate::offline;
}

}  // namespace ntms::model
