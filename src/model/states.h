// SPDX-License-Identifier: MIT
// Questions about states that more than one place asks.
#pragma once

#include "model/objects.h"

namespace ntms::model {

// A library request in an end state (functions-library-control 0.3).
constexpr bool is_finished(std::uint32_t request_state) {
  return request_state == NTMS_LM_PASSED || request_state == NTMS_LM_FAILED ||
         request_state == NTMS_LM_INVALID || request_state == NTMS_LM_CANCELLED ||
         request_state == NTMS_LM_STOPPED;
}

// An operator request that has been answered.
constexpr bool is_answered(std::uint32_t operator_state) {
  return operator_state == NTMS_OPSTATE_REFUSED || operator_state == NTMS_OPSTATE_COMPLETE;
}

// A medium that an accepted request or an application holds (library-control 1, edge cases).
constexpr bool is_in_use(std::uint32_t media_state) {
  return media_state == NTMS_MEDIASTATE_INUSE || media_state == NTMS_MEDIASTATE_MOUNTED ||
         media_state == NTMS_MEDIASTATE_LOADED;
}

// A system pool: free, unrecognized or import (concepts 5).
constexpr bool is_system_pool(std::uint32_t pool_type) {
  return pool_type == NTMS_POOLTYPE_SCRATCH || pool_type == NTMS_POOLTYPE_FOREIGN ||
         pool_type == NTMS_POOLTYPE_IMPORT;
}

}  // namespace ntms::model
