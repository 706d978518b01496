// SPDX-License-Identifier: MIT
// Calls that name a drive by its device and bring their own session (contract:
// functions-library-control 21 and 22).
#include "server/lone_drive.h"

#include <cstdlib>
#include <string>

#include "boundary.h"
#include "caller_text.h"
#include "export.h"
#include "server/waiting.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::server::LoneDriveControl;

constexpr std::size_t kLongestDeviceName = 1024;  // characters; szDeviceName has 64

HANDLE open_session(LPCWSTR computer, LPCWSTR application) {
  return OpenNtmsSessionW(computer, application, 0);
}
HANDLE open_session(LPCSTR computer, LPCSTR application) {
  return OpenNtmsSessionA(computer, application, 0);
}

// Runs the body of a call in a session of its own; the code of OpenNtmsSession when there is none.
template <class Character, class Body>
DWORD run_in_session(const Character* computer, const Character* application, const char* name,
                     Body&& body) noexcept {
  const HANDLE session = open_session(computer, application);
  if (session == INVALID_HANDLE_VALUE) return GetLastError();
  const DWORD code = ntms::abi::run(session, name, body);
  CloseNtmsSession(session);
  return code;
}

Result<void> eject(Call& call, const std::string& device, DWORD options) {
  const LoneDriveControl control(call.database, call.session);
  if (options == NTMS_EJECT_STOP) return control.stop_eject(device);
  const auto operation = control.start_eject(device, options == NTMS_EJECT_FORCE);
  if (!operation) return operation.error();
  if (options != NTMS_EJECT_IMMEDIATE && options != NTMS_EJECT_ASK_USER) return {};
  const auto ended = ntms::server::wait_for_answer(call.server, INFINITE,
                                                   [&] { return control.look(*operation); });
  return *ended;
}

template <class Character>
DWORD eject_disk(const Character* computer, const Character* application, const Character* device,
                 DWORD options, const char* name) noexcept {
  if (device == nullptr || *device == 0 || options > NTMS_EJECT_ASK_USER) {
    return ERROR_INVALID_PARAMETER;
  }
  return run_in_session(computer, application, name, [&](Call& call) {
    return eject(call,
                 ntms::abi::to_utf8(device, ntms::abi::bounded_length(device, kLongestDeviceName)),
                 options);
  });
}

// From the process heap, so that every release function of the system takes it; elsewhere free()
// does. Null when memory has run out.
void* allocate(std::size_t size) noexcept {
#ifdef _WIN32
  return HeapAlloc(GetProcessHeap(), HEAP_ZERO_MEMORY, size);
#else
  return std::calloc(1, size);
#endif
}

void release(void* memory) noexcept {
#ifdef _WIN32
  if (memory != nullptr) HeapFree(GetProcessHeap(), 0, memory);
#else
  std::free(memory);
#endif
}

// The drives that are known here are tape drives: they have no volume and no letter, which is two
// empty texts, each ended by two NULs.
template <class Character>
DWORD get_volumes(const Character* drive, Character** volume, Character** letter,
                  const char* name) noexcept {
  if (volume != nullptr) *volume = nullptr;
  if (letter != nullptr) *letter = nullptr;
  if (drive == nullptr || volume == nullptr || letter == nullptr) return ERROR_INVALID_PARAMETER;
  const Character* const none = nullptr;
  const DWORD code = run_in_session(none, none, name, [&](Call& call) {
    return LoneDriveControl(call.database, call.session)
        .find_drive(
            ntms::abi::to_utf8(drive, ntms::abi::bounded_length(drive, kLongestDeviceName)));
  });
  if (code != ERROR_SUCCESS) return code;
  auto* const first = static_cast<Character*>(allocate(2 * sizeof(Character)));
  auto* const second = static_cast<Character*>(allocate(2 * sizeof(Character)));
  if (first == nullptr || second == nullptr) {
    release(first);
    release(second);
    return ERROR_NOT_ENOUGH_MEMORY;
  }
  *volume = first;
  *letter = second;
  return ERROR_SUCCESS;
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI EjectDiskFromSADriveA(LPCSTR lpComputerName, LPCSTR lpAppName,
                                               LPCSTR lpDeviceName, HWND /*hWnd*/,
                                               LPCSTR /*lpTitle*/, LPCSTR /*lpMessage*/,
                                               DWORD dwOptions) {
  return eject_disk(lpComputerName, lpAppName, lpDeviceName, dwOptions, "EjectDiskFromSADriveA");
}

NTMS_EXPORT DWORD WINAPI EjectDiskFromSADriveW(LPCWSTR lpComputerName, LPCWSTR lpAppName,
                                               LPCWSTR lpDeviceName, HWND /*hWnd*/,
                                               LPCWSTR /*lpTitle*/, LPCWSTR /*lpMessage*/,
                                               DWORD dwOptions) {
  return eject_disk(lpComputerName, lpAppName, lpDeviceName, dwOptions, "EjectDiskFromSADriveW");
}

NTMS_EXPORT DWORD WINAPI GetVolumesFromDriveA(LPSTR pszDriveName, LPSTR* VolumeNameBufferPtr,
                                              LPSTR* DriveLetterBufferPtr) {
  return get_volumes<char>(pszDriveName, VolumeNameBufferPtr, DriveLetterBufferPtr,
                           "GetVolumesFromDriveA");
}

NTMS_EXPORT DWORD WINAPI GetVolumesFromDriveW(LPWSTR pszDriveName, LPWSTR* VolumeNameBufferPtr,
                                              LPWSTR* DriveLetterBufferPtr) {
  return get_volumes<WCHAR>(pszDriveName, VolumeNameBufferPtr, DriveLetterBufferPtr,
                            "GetVolumesFromDriveW");
}

}  // extern "C"
