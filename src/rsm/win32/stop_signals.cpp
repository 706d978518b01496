// SPDX-License-Identifier: MIT
// Console events of Windows, which arrive in a thread of their own.
#include "rsm/stop_signals.h"

#include <atomic>
#include <system_error>

#include "ntms/win32_types.h"

namespace ntms::rsm {
namespace {

// The two events that the handler, which is given no context, works with. Both are manual-reset
// events of the one StopSignals there is; null while there is none.
constinit std::atomic<HANDLE> g_stop{nullptr};
constinit std::atomic<HANDLE> g_ended{nullptr};

// Windows ends the process when the handler returns from one of these, at the latest after this.
constexpr DWORD kLastWork = 4500;  // milliseconds

BOOL WINAPI on_console_event(DWORD event) {
  StopSignals::request();
  if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT) {
    if (const HANDLE ended = g_ended.load()) WaitForSingleObject(ended, kLastWork);
  }
  return TRUE;
}

HANDLE make_event() {
  const HANDLE event = CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (event == nullptr) {
    throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), "event");
  }
  return event;
}

}  // namespace

struct StopSignals::Impl {
  HANDLE stop = make_event();
};

StopSignals::StopSignals() : impl_(std::make_unique<Impl>()) {
  g_stop = impl_->stop;
  // Never closed: a handler may be waiting for it in the last moments of the process.
  if (g_ended.load() == nullptr) g_ended = make_event();
  ResetEvent(g_ended);
  SetConsoleCtrlHandler(on_console_event, TRUE);
}

StopSignals::~StopSignals() {
  SetConsoleCtrlHandler(on_console_event, FALSE);
  // Stays open for a handler that has just read it: one handle for each time, and there are few.
  g_stop = nullptr;
  SetEvent(g_ended);
}

bool StopSignals::wait_for(std::chrono::milliseconds time) {
  const auto limit = static_cast<DWORD>(time.count() > 0 ? time.count() : 0);
  return WaitForSingleObject(impl_->stop, limit) == WAIT_OBJECT_0;
}

void StopSignals::wait() {
  WaitForSingleObject(impl_->stop, INFINITE);
}

void StopSignals::request() {
  if (const HANDLE stop = g_stop.load()) SetEvent(stop);
}

}  // namespace ntms::rsm
