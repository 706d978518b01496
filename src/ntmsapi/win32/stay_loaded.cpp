// SPDX-License-Identifier: MIT
// 32-bit DLLs of mingw-w64 take thread storage and handles when they are loaded, for the run-time
// library in them, and do not give them back. Staying loaded from the first time on, not only from
// the first session, keeps a program that looks for the library in a loop from running out of them.
#if defined(__MINGW32__) && !defined(_WIN64)
#include "platform/module.h"

static const bool stays_loaded = [] {
  ntms::platform::keep_module_loaded();
  return true;
}();
#endif
