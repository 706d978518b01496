// SPDX-License-Identifier: MIT
// The module that holds this code: the shared library in a foreign program, or a program itself.
#pragma once

namespace ntms::platform {

// Keeps the module loaded until the process ends, whatever the program does with its handles. A
// library that had threads and per-thread storage in a process cannot be taken out of it without
// leaving traces (slots for thread storage, sockets), so that a program which loads and unloads it
// in a loop would run out of them; staying costs address space once. On POSIX systems the library
// is linked that way (nodelete) and this does nothing. Any thread.
void keep_module_loaded();

}  // namespace ntms::platform
