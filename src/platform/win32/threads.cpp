// SPDX-License-Identifier: MIT
// Threads of a DLL that the program may unload at any moment after they ended.
#include "platform/threads.h"

#include <exception>
#include <memory>
#include <system_error>
#include <utility>

#include "ntms/win32_types.h"
#include "platform/win32/wide.h"

namespace ntms::platform {
namespace {

// What a new thread gets: its work, and a reference to the module that holds its code.
struct Start {
  std::function<void()> body;
  HMODULE module = nullptr;
};

DWORD WINAPI run(void* parameter) {
  HMODULE module = nullptr;
  {
    const std::unique_ptr<Start> start(static_cast<Start*>(parameter));
    module = start->module;
    start->body();
  }
  // Gives the reference back without returning into code that may be gone by then.
  FreeLibraryAndExitThread(module, 0);
}

}  // namespace

Thread& Thread::operator=(Thread&& other) noexcept {
  if (joinable()) std::terminate();
  handle_ = std::exchange(other.handle_, nullptr);
  return *this;
}

Thread::~Thread() {
  if (joinable()) std::terminate();
}

void Thread::join() {
  WaitForSingleObject(handle_, INFINITE);
  detach();
}

void Thread::detach() {
  CloseHandle(std::exchange(handle_, nullptr));
}

Thread start_thread(std::function<void()> body) {
  auto start = std::make_unique<Start>(Start{std::move(body), nullptr});
  HANDLE thread = nullptr;
  if (GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS, reinterpret_cast<LPCWSTR>(&run),
                         &start->module)) {
    thread = CreateThread(nullptr, 0, run, start.get(), 0, nullptr);
  }
  if (thread == nullptr) {
    const auto error = static_cast<int>(GetLastError());
    if (start->module != nullptr) FreeLibrary(start->module);
    throw std::system_error(error, std::system_category(), "starting a thread");
  }
  (void)start.release();  // the thread's now
  return Thread(thread);
}

void name_current_thread(const char* name) {
  // Windows 10 has it; on earlier systems threads have no names.
  using SetDescription = HRESULT(WINAPI*)(HANDLE, PCWSTR);
  const HMODULE kernel = GetModuleHandleW(L"kernel32.dll");
  if (kernel == nullptr) return;
  const auto set_description = reinterpret_cast<SetDescription>(
      reinterpret_cast<void*>(GetProcAddress(kernel, "SetThreadDescription")));
  if (set_description != nullptr) set_description(GetCurrentThread(), to_wide(name).c_str());
}

}  // namespace ntms::platform
