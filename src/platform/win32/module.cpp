// SPDX-License-Identifier: MIT
#include "platform/module.h"

#include "ntms/win32_types.h"

namespace ntms::platform {

void keep_module_loaded() {
  HMODULE module = nullptr;
  GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_PIN,
                     reinterpret_cast<LPCWSTR>(&keep_module_loaded), &module);
}

}  // namespace ntms::platform
