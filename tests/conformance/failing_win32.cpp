// SPDX-License-Identifier: MIT
// A DLL has an operator new of its own, which takes its memory from the C runtime, and its writes
// go to the system: both through the table of ntmsapi.dll's imports, whose entries are replaced
// here.
#include "conformance/failing.h"

#include <windows.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace ntms::conformance {
namespace {

// Of the one thread whose memory is to fail (0: none). No thread_local: reaching one takes memory.
std::atomic<DWORD> failing_thread{0};
long allocations_left = 0;
bool memory_struck = false;

std::atomic<DWORD> disk_error{ERROR_SUCCESS};
std::atomic<bool> disk_struck{false};
std::array<wchar_t, 512> disk_prefix{};

void* WINAPI failing_allocation(HANDLE heap, DWORD flags, SIZE_T size) {
  if (failing_thread.load() == GetCurrentThreadId()) {
    if (allocations_left == 0) {
      memory_struck = true;
      return nullptr;
    }
    --allocations_left;
  }
  return HeapAlloc(heap, flags, size);
}

bool disk_fails(HANDLE file) {
  const DWORD error = disk_error.load(std::memory_order_acquire);
  if (error == ERROR_SUCCESS) return false;
  const DWORD keep = GetLastError();
  std::array<wchar_t, 1024> path{};
  const DWORD length =
      GetFinalPathNameByHandleW(file, path.data(), static_cast<DWORD>(path.size()), 0);
  SetLastError(keep);
  if (length == 0 || length >= path.size()) return false;
  // The name begins with "\\\\?\\".
  if (std::wcsncmp(path.data() + 4, disk_prefix.data(), std::wcslen(disk_prefix.data())) != 0) {
    return false;
  }
  disk_struck.store(true, std::memory_order_release);
  SetLastError(error);
  return true;
}

BOOL WINAPI failing_write(HANDLE file, LPCVOID data, DWORD size, LPDWORD written,
                          LPOVERLAPPED overlapped) {
  return !disk_fails(file) && WriteFile(file, data, size, written, overlapped);
}

BOOL WINAPI failing_flush(HANDLE file) {
  return !disk_fails(file) && FlushFileBuffers(file);
}

BOOL WINAPI failing_end_of_file(HANDLE file) {
  return !disk_fails(file) && SetEndOfFile(file);
}

// Makes a module call `replacement` wherever it calls the function `name` of another module.
void replace_import(HMODULE module, const char* name, void* replacement) {
  auto* const base = reinterpret_cast<unsigned char*>(module);
  const auto* const dos = reinterpret_cast<const IMAGE_DOS_HEADER*>(base);
  const auto* const headers = reinterpret_cast<const IMAGE_NT_HEADERS*>(base + dos->e_lfanew);
  const auto& directory = headers->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT];
  const auto* imported =
      reinterpret_cast<const IMAGE_IMPORT_DESCRIPTOR*>(base + directory.VirtualAddress);
  for (; imported->Name != 0; ++imported) {
    const auto* names =
        reinterpret_cast<const IMAGE_THUNK_DATA*>(base + imported->OriginalFirstThunk);
    auto* address = reinterpret_cast<IMAGE_THUNK_DATA*>(base + imported->FirstThunk);
    for (; names->u1.AddressOfData != 0; ++names, ++address) {
      if (IMAGE_SNAP_BY_ORDINAL(names->u1.Ordinal)) continue;
      const auto* const found =
          reinterpret_cast<const IMAGE_IMPORT_BY_NAME*>(base + names->u1.AddressOfData);
      if (std::strcmp(reinterpret_cast<const char*>(found->Name), name) != 0) continue;
      DWORD protection = 0;
      VirtualProtect(address, sizeof *address, PAGE_READWRITE, &protection);
      address->u1.Function = reinterpret_cast<ULONG_PTR>(replacement);
      VirtualProtect(address, sizeof *address, protection, &protection);
      return;
    }
  }
  throw std::runtime_error(std::string("ntmsapi.dll does not import ") + name);
}

// Once, before the first failure; the replacements do nothing as long as nothing is to fail.
void replace_imports() {
  static const bool done = [] {
    const HMODULE module = GetModuleHandleW(L"ntmsapi.dll");
    if (module == nullptr) throw std::runtime_error("ntmsapi.dll is not there");
    replace_import(module, "HeapAlloc", reinterpret_cast<void*>(&failing_allocation));
    replace_import(module, "WriteFile", reinterpret_cast<void*>(&failing_write));
    replace_import(module, "FlushFileBuffers", reinterpret_cast<void*>(&failing_flush));
    replace_import(module, "SetEndOfFile", reinterpret_cast<void*>(&failing_end_of_file));
    return true;
  }();
  (void)done;
}

}  // namespace

FailingMemory::FailingMemory(long nth) {
  replace_imports();
  memory_struck = false;
  allocations_left = nth - 1;
  failing_thread = GetCurrentThreadId();
}

FailingMemory::~FailingMemory() {
  failing_thread = 0;
}

bool FailingMemory::struck() const {
  return memory_struck;
}

FailingDisk::FailingDisk(const std::string& prefix, int error) {
  replace_imports();
  disk_prefix.fill(L'\0');
  std::size_t length = 0;
  for (const char c : prefix) {  // a temporary directory's path: ASCII
    disk_prefix.at(length++) = c == '/' ? L'\\' : static_cast<wchar_t>(c);
  }
  disk_struck = false;
  disk_error.store(error == ENOSPC ? ERROR_DISK_FULL : ERROR_IO_DEVICE, std::memory_order_release);
}

FailingDisk::~FailingDisk() {
  disk_error.store(ERROR_SUCCESS, std::memory_order_release);
}

bool FailingDisk::struck() const {
  return disk_struck.load(std::memory_order_acquire);
}

}  // namespace ntms::conformance
