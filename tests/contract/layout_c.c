// SPDX-License-Identifier: MIT
// The same assertions as layout_test.cpp makes, in plain C: C programs see the same layouts and
// values. Also the C side of last_error_test.cpp.
#include <ntmsapi.h>
#include <ntmsmli.h>
#ifdef _WIN32
#include <winioctl.h>
#endif
#include <stddef.h>
#include <stdint.h>

// The column of the table that holds for this build.
#if UINTPTR_MAX > 0xFFFFFFFF
#define NTMS_PICK(x86, x64) (x64)
#else
#define NTMS_PICK(x86, x64) (x86)
#endif

// The types of Windows that the structures are made of, which the tables take for granted.
_Static_assert(sizeof(LARGE_INTEGER) == 8 && _Alignof(LARGE_INTEGER) == 8, "LARGE_INTEGER");
_Static_assert(sizeof(SYSTEMTIME) == 16 && _Alignof(SYSTEMTIME) == 2, "SYSTEMTIME");
_Static_assert(sizeof(NTMS_GUID) == 16 && _Alignof(NTMS_GUID) == 4, "GUID");
_Static_assert(sizeof(HANDLE) == sizeof(void*) && sizeof(WCHAR) == 2, "HANDLE, WCHAR");

// NOLINTBEGIN(bugprone-macro-parentheses): some arguments are parts of a type.
#define NTMS_FIELD(line, s, field, type, x86_offset, x86_size, x64_offset, x64_size)      \
  _Static_assert(offsetof(s, field) == NTMS_PICK(x86_offset, x64_offset), #s "." #field); \
  _Static_assert(sizeof(((s*)NULL)->field) == NTMS_PICK(x86_size, x64_size), #s "." #field);
#define NTMS_UNION(line, s, field, x86_offset, x86_size, x64_offset, x64_size)            \
  _Static_assert(offsetof(s, field) == NTMS_PICK(x86_offset, x64_offset), #s "." #field); \
  _Static_assert(sizeof(((s*)NULL)->field) == NTMS_PICK(x86_size, x64_size), #s "." #field);
#define NTMS_TOTAL(line, s, tagged, x86_size, x86_alignment, x64_size, x64_alignment) \
  _Static_assert(sizeof(s) == NTMS_PICK(x86_size, x64_size), #s);                     \
  _Static_assert(_Alignof(s) == NTMS_PICK(x86_alignment, x64_alignment), #s);
#define NTMS_ENUMERATOR(line, enumeration, name, value) _Static_assert((name) == (value), #name);
#define NTMS_CONSTANT(line, group, name, value) _Static_assert((name) == (value), #name);
#define NTMS_NULL_GUID(line, name) _Static_assert(sizeof(NTMS_GUID) == 16, #name);
#define NTMS_EXPORT_ROW(line, name, bytes, result, parameters) \
  _Static_assert(_Generic(&name, result(WINAPI*) parameters : 1, default : 0), #name);
#define NTMS_SKIPPED(line, table, name, reason) _Static_assert(sizeof(reason) > 1, name);
// NOLINTEND(bugprone-macro-parentheses)
#include "contract_rows.inc"

// Without UNICODE the names without a letter are the ANSI ones.
_Static_assert(sizeof(NTMS_OBJECTINFORMATION) == sizeof(NTMS_OBJECTINFORMATIONA), "ANSI names");
_Static_assert(_Generic(&OpenNtmsSession, HANDLE(WINAPI*)(LPCSTR, LPCSTR, DWORD) : 1, default : 0),
               "ANSI names");

DWORD last_error_seen_by_c(void);
void set_last_error_from_c(DWORD code);

DWORD last_error_seen_by_c(void) {
  return GetLastError();
}

void set_last_error_from_c(DWORD code) {
  SetLastError(code);
}
