/* SPDX-License-Identifier: MIT */
/* A media label library as the maker of a backup program would ship it: it knows tapes that begin
   with "SAMPLE TAPE ", a serial number of 8 characters, and a description up to the end of the
   line. What follows "SAMPLE TAPE !" makes it misbehave, for the tests of its caller. */
#include <ntmsmli.h>

#include <string.h>

#ifdef _WIN32
#define EXPORT __declspec(dllexport)
#else
#define EXPORT __attribute__((visibility("default")))
#include <unistd.h>
#endif

static const char kBegin[] = "SAMPLE TAPE ";
enum { kBeginLength = sizeof kBegin - 1, kSerialLength = 8, kWanted = 100000 };

EXPORT DWORD WINAPI MaxMediaLabel(DWORD* pMaxSize) {
  *pMaxSize = kWanted;
  return NO_ERROR;
}

static void fill_text(WCHAR* to, unsigned capacity, const char* text) {
  unsigned i = 0;
  for (; i + 1 < capacity && text[i] != '\0'; ++i) to[i] = (WCHAR)(unsigned char)text[i];
  to[i] = 0;
}

static DWORD misbehave(char how, MediaLabelInfo* info) {
  unsigned i;
  fill_text(info->LabelType, NTMSMLI_MAXTYPE, "Sample Backup");
  info->LabelIDSize = 4;
  memcpy(info->LabelID, "ABCD", 4);
  switch (how) {
    case 'e': /* an error of its own */
      return 1234;
    case 't': /* no type */
      info->LabelType[0] = 0;
      break;
    case 'u': /* a type without an end */
      for (i = 0; i < NTMSMLI_MAXTYPE; ++i) info->LabelType[i] = 'T';
      break;
    case 'z': /* no id */
      info->LabelIDSize = 0;
      break;
    case 'l': /* the longest id */
      info->LabelIDSize = NTMSMLI_MAXIDSIZE;
      memset(info->LabelID, 'L', NTMSMLI_MAXIDSIZE);
      break;
    case 'x': /* more than there is */
      info->LabelIDSize = 100000;
      break;
    case 'd': /* a description without an end */
      for (i = 0; i < NTMSMLI_MAXAPPDESCR; ++i) info->LabelAppDescr[i] = 'D';
      break;
    case 'h': /* never comes back */
      for (;;) {
#ifdef _WIN32
        Sleep(INFINITE);
#else
        pause();
#endif
      }
    default:
      return ERROR_BAD_FORMAT;
  }
  return NO_ERROR;
}

EXPORT DWORD WINAPI ClaimMediaLabel(const BYTE* pBuffer, DWORD nBufferSize,
                                    MediaLabelInfo* pLabelInfo) {
  char description[64];
  DWORD at = kBeginLength + kSerialLength;
  unsigned i = 0;
  if (nBufferSize < at || memcmp(pBuffer, kBegin, kBeginLength) != 0) return ERROR_BAD_FORMAT;
  if (pBuffer[kBeginLength] == '!') return misbehave((char)pBuffer[kBeginLength + 1], pLabelInfo);
  fill_text(pLabelInfo->LabelType, NTMSMLI_MAXTYPE, "Sample Backup");
  pLabelInfo->LabelIDSize = kSerialLength;
  memcpy(pLabelInfo->LabelID, pBuffer + kBeginLength, kSerialLength);
  while (at < nBufferSize && pBuffer[at] != '\n' && i + 1 < sizeof description) {
    description[i++] = (char)pBuffer[at++];
  }
  description[i] = '\0';
  fill_text(pLabelInfo->LabelAppDescr, NTMSMLI_MAXAPPDESCR, description);
  return NO_ERROR;
}
