// SPDX-License-Identifier: MIT
// The event log of Windows. Its texts are in ntmsapi.dll (ntmsapi/win32/events.mc); without the
// registration of the source (rsm host /install) the words are shown all the same, behind a remark.
#include <memory>
#include <string>
#include <type_traits>

#include "ntms/win32_types.h"
#include "platform/text.h"
#include "runtime/events.h"

namespace ntms::runtime {
namespace {

// Longer texts are refused by Windows.
constexpr std::size_t kLongest = 31'000;

void write(HANDLE source, spdlog::level::level_enum level, const EventText& text) {
  const std::u16string words = platform::to_utf16(text.words.substr(0, kLongest));
  LPCWSTR strings[] = {reinterpret_cast<LPCWSTR>(words.c_str())};
  const WORD type = level >= spdlog::level::err ? EVENTLOG_ERROR_TYPE : EVENTLOG_WARNING_TYPE;
  // Nothing can be done about a log that takes nothing; the file has it too.
  ReportEventW(source, type, 0, static_cast<DWORD>(text.event), nullptr, 1, 0, strings, nullptr);
}

}  // namespace

std::shared_ptr<EventSink> system_event_log() {
  std::shared_ptr<std::remove_pointer_t<HANDLE>> source(
      RegisterEventSourceW(nullptr, L"Removable Storage Service"), [](HANDLE handle) {
        if (handle != nullptr) DeregisterEventSource(handle);
      });
  if (!source) return nullptr;
  auto sink =
      std::make_shared<EventSink>([source](spdlog::level::level_enum level, const EventText& text) {
        write(source.get(), level, text);
      });
  sink->set_level(spdlog::level::warn);
  return sink;
}

}  // namespace ntms::runtime
