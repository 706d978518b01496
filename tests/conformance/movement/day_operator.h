// SPDX-License-Identifier: MIT
// A scenario file played in a thread of its own, and a channel that is listened to meanwhile.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <fstream>
#include <future>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "conformance/library_fixture.h"
#include "conformance/requests/channel.h"

namespace ntms::conformance {

inline std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  EXPECT_TRUE(in) << file;
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// The hands of the operator. Lines that are `held` are not played before they are released; each
// must be an `at` that lies ahead. The end of the scope ends the play.
class Operator {
 public:
  Operator(std::filesystem::path library, std::string scenario, std::set<std::string> held)
      : library_(std::move(library)), scenario_(std::move(scenario)), held_(std::move(held)) {}
  ~Operator() {
    {
      const std::lock_guard lock(mutex_);
      leaving_ = true;
    }
    changed_.notify_all();
  }
  Operator(const Operator&) = delete;
  Operator& operator=(const Operator&) = delete;

  void begin() {
    play_ = std::async(std::launch::async, [this] {
      const int code = ntms_emulator_scenario_play_file(
          library_.string().c_str(), scenario_.c_str(), watch, this, error_.data(), error_.size());
      const std::lock_guard lock(mutex_);
      ended_ = true;
      changed_.notify_all();
      return code;
    });
  }

  // Waits until a line with these words has been played. False when the play has ended before.
  bool has_done(const std::string& words) {
    std::unique_lock lock(mutex_);
    const auto done = [&] {
      for (const std::string& line : played_) {
        if (line.find(words) != std::string::npos) return true;
      }
      return false;
    };
    changed_.wait_for(lock, kLimit, [&] { return done() || ended_; });
    EXPECT_TRUE(done()) << words << ": " << (ended_ ? error_.data() : "not yet");
    return done();
  }

  void release(const std::string& line) {
    const std::lock_guard lock(mutex_);
    EXPECT_EQ(held_.erase(line), 1U) << line;
    changed_.notify_all();
  }

  // Waits until the last line has been played; a failure is a test failure.
  void end() {
    ASSERT_EQ(play_.wait_for(kLimit), std::future_status::ready);
    EXPECT_STREQ(ntms_emulator_strerror(play_.get()), ntms_emulator_strerror(NTMS_EMULATOR_OK))
        << error_.data();
  }

 private:
  static constexpr std::chrono::seconds kLimit{70};  // longer than the patience of the scenario

  static int watch(void* context, std::uint32_t /*line*/, std::uint32_t played, const char* text) {
    return static_cast<Operator*>(context)->note(played != 0, text) ? 0 : 1;
  }

  // False when the play is to end.
  bool note(bool played, const std::string& text) {
    std::unique_lock lock(mutex_);
    if (played) {
      played_.push_back(text);
      changed_.notify_all();
    } else {
      const auto held = [&] {
        for (const std::string& line : held_) {
          if (text.find(line) != std::string::npos) return true;
        }
        return false;
      };
      changed_.wait(lock, [&] { return leaving_ || !held(); });
    }
    return !leaving_;
  }

  const std::filesystem::path library_;
  const std::string scenario_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::set<std::string> held_;
  std::vector<std::string> played_;
  bool leaving_ = false;
  bool ended_ = false;
  std::array<char, 512> error_{};
  std::future<int> play_;  // last: its end waits for the thread, which uses the others
};

// Hears everything on a channel, from its construction on.
class Listener {
 public:
  Listener(HANDLE session, DWORD type)
      : channel_(session, type), heard_(std::async(std::launch::async, [this] {
          std::vector<Notice> notices;
          while (!enough_) {
            if (const auto notice = channel_.wait(200)) notices.push_back(*notice);
          }
          for (const Notice& notice : channel_.all()) notices.push_back(notice);
          return notices;
        })) {}
  ~Listener() { enough_ = true; }
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  // All that has been reported until now; nothing is heard afterwards.
  std::vector<Notice> heard() {
    enough_ = true;
    return heard_.get();
  }

 private:
  std::atomic<bool> enough_{false};
  Channel channel_;
  std::future<std::vector<Notice>> heard_;  // last: its end waits for the thread
};

}  // namespace ntms::conformance
