// SPDX-License-Identifier: MIT
// Events: entries of the log that monitoring knows by number (hardware-notes 4). In the log's text
// each begins with "event <number>: "; on Windows those of level warning and above also go to the
// system's event log, under the source "Removable Storage Service".
#pragma once

#include <spdlog/sinks/base_sink.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "runtime/log.h"

namespace ntms::runtime {

// The numbers that the original gave its events.
enum class Event : std::uint32_t {
  library_not_configured = 1,
  free_label_not_written = 10,
  library_not_managed = 17,
  drive_not_configured = 110,
  other_medium = 119,  // another on-media identifier than expected
  medium_not_verified = 120,
  general = 1000,  // everything that has no number of its own
};

// Writes `words` to the log as an event. `words` should name library, drive, slot, bar code, as far
// as they matter. Any thread.
void report(const Log& log, spdlog::level::level_enum level, Event event, std::string_view words);

// The event that a text of the log begins with, and the words without that beginning; for any other
// text Event::general and all of it. Pure.
struct EventText {
  Event event = Event::general;
  std::string_view words;
};
EventText event_in(std::string_view text);

// Passes entries on to an event log.
class EventSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  // Called for each entry, by one thread at a time; must not throw.
  using Write = std::function<void(spdlog::level::level_enum level, const EventText& text)>;

  explicit EventSink(Write write) : write_(std::move(write)) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& message) override;
  void flush_() override {}

 private:
  Write write_;
};

// The event log of the system as a sink for level warning and above; null where the system has none
// that the library writes to. Any thread.
std::shared_ptr<EventSink> system_event_log();

}  // namespace ntms::runtime
