// SPDX-License-Identifier: MIT
// Literals of WCHAR: wchar_t on Windows, char16_t elsewhere.
#pragma once

#include <ntms/win32_types.h>

#include <string>

// NTMS_W("text") is an array of WCHAR.
#ifdef _WIN32
#define NTMS_W(literal) L##literal
#else
#define NTMS_W(literal) u##literal
#endif

namespace ntms::test {

using WideString = std::basic_string<WCHAR>;

}  // namespace ntms::test
