// SPDX-License-Identifier: MIT
#include "platform/module.h"

namespace ntms::platform {

void keep_module_loaded() {}

}  // namespace ntms::platform
