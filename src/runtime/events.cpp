// SPDX-License-Identifier: MIT
#include "runtime/events.h"

#include <array>
#include <charconv>

namespace ntms::runtime {
namespace {

constexpr std::string_view kPrefix = "event ";
constexpr std::string_view kSeparator = ": ";

bool is_known(std::uint32_t number) {
  switch (static_cast<Event>(number)) {
    case Event::library_not_configured:
    case Event::free_label_not_written:
    case Event::library_not_managed:
    case Event::drive_not_configured:
    case Event::other_medium:
    case Event::medium_not_verified:
    case Event::general:
      return true;
  }
  return false;
}

}  // namespace

void report(const Log& log, spdlog::level::level_enum level, Event event, std::string_view words) {
  log->log(level, "{}{}{}{}", kPrefix, static_cast<std::uint32_t>(event), kSeparator, words);
}

EventText event_in(std::string_view text) {
  const EventText general{Event::general, text};
  if (!text.starts_with(kPrefix)) return general;
  std::uint32_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data() + kPrefix.size(), end, number);
  const std::string_view after(rest, static_cast<std::size_t>(end - rest));
  if (error != std::errc{} || !after.starts_with(kSeparator) || !is_known(number)) return general;
  return {static_cast<Event>(number), after.substr(kSeparator.size())};
}

void EventSink::sink_it_(const spdlog::details::log_msg& message) {
  write_(message.level, event_in({message.payload.data(), message.payload.size()}));
}

#ifndef _WIN32
std::shared_ptr<EventSink> system_event_log() {
  return nullptr;
}
#endif

}  // namespace ntms::runtime
