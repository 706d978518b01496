// SPDX-License-Identifier: MIT
// The media label library interface: what a library exports that knows a tape format of its own.
// The Removable Storage server shows it the first block of a tape and learns whether the tape is of
// its format, and which one it is. C11 and C++11 or later.
// Contract: media-labels 1 and 2.
#ifndef NTMS_NTMSMLI_H
#define NTMS_NTMSMLI_H

#ifdef _WIN32
#include <windows.h>
#else
#include <ntms/win32_types.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

// Array sizes of MediaLabelInfo: characters with the terminator, LabelID bytes.
#define NTMSMLI_MAXTYPE 64
#define NTMSMLI_MAXIDSIZE 256
#define NTMSMLI_MAXAPPDESCR 256

// What a label says. Label type and identifier together tell media apart.
typedef struct {
  WCHAR LabelType[NTMSMLI_MAXTYPE];          // the format, the same on all its media; terminated
  DWORD LabelIDSize;                         // bytes used in LabelID, 1 to 255
  BYTE LabelID[NTMSMLI_MAXIDSIZE];           // unique for each medium of the format
  WCHAR LabelAppDescr[NTMSMLI_MAXAPPDESCR];  // text about the medium; terminated, may be empty
} MediaLabelInfo, *LPMEDIALABELINFO;

// MaxMediaLabel: asks how much of a tape the library wants to see.
//   pMaxSize  out: bytes, the largest label of its format
// Returns NO_ERROR. Called once after loading, before any other function, by one thread.
typedef DWORD(WINAPI* MAXMEDIALABEL)(DWORD* pMaxSize);

// ClaimMediaLabel: asks whether a label is of the library's format.
//   pBuffer      in: the first bytes of the medium; the caller's, valid only during the call
//   nBufferSize  in: bytes in the buffer, which may be fewer than MaxMediaLabel asked for
//   pLabelInfo   out: the caller's, zeroed; filled in only when the label is claimed
// Returns NO_ERROR when it is, ERROR_BAD_FORMAT when it is not; any other code counts as not.
// May be called by several threads at once and must return within 30 seconds.
typedef DWORD(WINAPI* CLAIMMEDIALABEL)(const BYTE* pBuffer, DWORD nBufferSize,
                                       MediaLabelInfo* pLabelInfo);

// ClaimMediaLabelEx: optional; called instead of ClaimMediaLabel where it is exported.
//   LabelGuid  in/out: zeroed before the call and ignored after it
// Everything else as for ClaimMediaLabel.
typedef DWORD(WINAPI* CLAIMMEDIALABELEX)(const BYTE* pBuffer, DWORD nBufferSize,
                                         MediaLabelInfo* pLabelInfo, GUID* LabelGuid);

#ifdef __cplusplus
}  // extern "C"
#endif

#endif  // NTMS_NTMSMLI_H
