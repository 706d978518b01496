// SPDX-License-Identifier: MIT
// A program that uses ntmsapi.dll and leaves it in one of the ways programs do:
// lifetime_child <way>, one of
//   close  closes its sessions and frees the library
//   free   frees the library with open sessions and goes on living for a moment
//   exit   ends by ExitProcess() with open sessions
//   return returns from main() with open sessions
//   kill   ends by TerminateProcess(), as from the task manager
//   crash  writes to address 0
// Before that it asks for the eject of the first cartridge in a slot and prints the GUID of the
// accepted request.
#include <windows.h>

#include <cstdio>
#include <cstring>
#include <string>

#include "ntmsapi.h"

namespace {

constexpr DWORD kMost = 64;
constexpr int kLooks = 4000;  // at the library while it is being inventoried
constexpr DWORD kPause = 5;   // milliseconds between two looks

template <class Function>
Function* find(HMODULE library, const char* name) {
  return reinterpret_cast<Function*>(reinterpret_cast<void*>(GetProcAddress(library, name)));
}

LONG WINAPI end_quietly(EXCEPTION_POINTERS* exception) {
  // No dialogue, no debugger: the process ends with the exception's code.
  TerminateProcess(GetCurrentProcess(), exception->ExceptionRecord->ExceptionCode);
  return EXCEPTION_EXECUTE_HANDLER;
}

struct Api {
  explicit Api(HMODULE library)
      : open(find<decltype(OpenNtmsSessionW)>(library, "OpenNtmsSessionW")),
        close(find<decltype(CloseNtmsSession)>(library, "CloseNtmsSession")),
        enumerate(find<decltype(EnumerateNtmsObject)>(library, "EnumerateNtmsObject")),
        information(
            find<decltype(GetNtmsObjectInformationW)>(library, "GetNtmsObjectInformationW")),
        eject(find<decltype(EjectNtmsMedia)>(library, "EjectNtmsMedia")) {}

  decltype(OpenNtmsSessionW)* open;
  decltype(CloseNtmsSession)* close;
  decltype(EnumerateNtmsObject)* enumerate;
  decltype(GetNtmsObjectInformationW)* information;
  decltype(EjectNtmsMedia)* eject;
};

// The first idle cartridge in a slot; false when there is none yet.
bool find_medium(const Api& api, HANDLE session, NTMS_GUID& medium) {
  NTMS_GUID ids[kMost];
  DWORD count = kMost;
  if (api.enumerate(session, nullptr, ids, &count, NTMS_PHYSICAL_MEDIA, 0) != ERROR_SUCCESS) {
    return false;
  }
  for (DWORD i = 0; i < count; ++i) {
    NTMS_OBJECTINFORMATIONW info{};
    info.dwSize = sizeof info;
    info.dwType = NTMS_PHYSICAL_MEDIA;
    if (api.information(session, &ids[i], &info) == ERROR_SUCCESS &&
        info.Info.PhysicalMedia.LocationType == NTMS_STORAGESLOT) {
      medium = ids[i];
      return true;
    }
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string way = argc > 1 ? argv[1] : "";
  SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX);
  SetUnhandledExceptionFilter(end_quietly);
  const HMODULE library = LoadLibraryW(L"ntmsapi.dll");
  if (library == nullptr) return 101;
  const Api api(library);
  const HANDLE session = api.open(nullptr, nullptr, 0);
  const HANDLE other = api.open(nullptr, nullptr, 0);
  if (session == INVALID_HANDLE_VALUE || other == INVALID_HANDLE_VALUE) return 102;
  NTMS_GUID medium{};
  for (int look = 0; !find_medium(api, session, medium); ++look) {
    if (look == kLooks) return 103;
    Sleep(kPause);
  }
  NTMS_GUID request{};
  if (api.eject(session, &medium, &request, NTMS_EJECT_START) != ERROR_SUCCESS) return 104;
  unsigned char bytes[sizeof request];
  std::memcpy(bytes, &request, sizeof bytes);
  for (const unsigned char byte : bytes) std::printf("%02x", byte);
  std::printf("\n");
  std::fflush(stdout);

  if (way == "close") {
    if (api.close(session) != ERROR_SUCCESS || api.close(other) != ERROR_SUCCESS) return 105;
    FreeLibrary(library);
  } else if (way == "free") {
    FreeLibrary(library);
    Sleep(20);  // the library's threads go on: their code must still be there
  } else if (way == "exit") {
    ExitProcess(0);
  } else if (way == "kill") {
    TerminateProcess(GetCurrentProcess(), 0);
  } else if (way == "crash") {
    *static_cast<volatile int*>(nullptr) = 1;
  } else if (way != "return") {
    return 106;
  }
  return 0;
}
