// SPDX-License-Identifier: MIT
// Events: recognised by their beginning, passed on with their number and without it in the words.
#include "runtime/events.h"

#include <gtest/gtest.h>
#include <spdlog/logger.h>

#include <string>
#include <vector>

namespace {

using ntms::runtime::Event;
using ntms::runtime::event_in;
using ntms::runtime::EventSink;
using ntms::runtime::EventText;

struct Entry {
  spdlog::level::level_enum level;
  Event event;
  std::string words;
};

TEST(Events, TextsThatOnlyLookLikeEventsAreGeneral) {
  for (const std::string text :
       {"", "event", "event ", "event x: y", "event 17", "event 17 y", "event 17:y", "event 2: y",
        "event 99999999999999999999: y", "event -1: y", " event 17: y", "Event 17: y"}) {
    const EventText found = event_in(text);
    EXPECT_EQ(found.event, Event::general) << text;
    EXPECT_EQ(found.words, text);
  }
}

TEST(Events, EveryNumberOfTheOriginalIsKnown) {
  for (const std::uint32_t number : {1U, 10U, 17U, 110U, 119U, 120U, 1000U}) {
    const std::string text = "event " + std::to_string(number) + ": drive 2: no answer";
    const EventText found = event_in(text);
    EXPECT_EQ(static_cast<std::uint32_t>(found.event), number);
    EXPECT_EQ(found.words, "drive 2: no answer");
  }
}

TEST(Events, TheSinkGetsWhatWasReported) {
  std::vector<Entry> entries;
  auto sink =
      std::make_shared<EventSink>([&](spdlog::level::level_enum level, const EventText& text) {
        entries.push_back({level, text.event, std::string(text.words)});
      });
  sink->set_level(spdlog::level::warn);
  const auto log = std::make_shared<spdlog::logger>("test", sink);
  log->info("not important");
  ntms::runtime::report(log, spdlog::level::info, Event::other_medium, "not important either");
  log->warn("library {}: the arm holds a cartridge", 1);
  ntms::runtime::report(log, spdlog::level::err, Event::library_not_managed, "library 1: {lost}");
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].level, spdlog::level::warn);
  EXPECT_EQ(entries[0].event, Event::general);
  EXPECT_EQ(entries[0].words, "library 1: the arm holds a cartridge");
  EXPECT_EQ(entries[1].level, spdlog::level::err);
  EXPECT_EQ(entries[1].event, Event::library_not_managed);
  EXPECT_EQ(entries[1].words, "library 1: {lost}");
}

}  // namespace
