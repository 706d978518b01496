// SPDX-License-Identifier: MIT
// Marks the definitions of exported functions. Everything is compiled with hidden visibility, and
// the version script (ntmsapi.map) can only export what the compiler left visible; on Windows
// ntmsapi.def does both.
#pragma once

#if defined(_WIN32)
#define NTMS_EXPORT
#else
#define NTMS_EXPORT __attribute__((visibility("default")))
#endif
