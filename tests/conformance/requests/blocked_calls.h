// SPDX-License-Identifier: MIT
// Calls of the ABI that wait, made in a thread of their own.
#pragma once

#include <ntmsapi.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <future>
#include <utility>

#include "conformance/library_fixture.h"

namespace ntms::conformance {

// A call under way in another thread. `call` must return by itself at last: the end of the scope
// waits for it.
class BlockedCall {
 public:
  explicit BlockedCall(std::function<DWORD()> call)
      : code_(std::async(std::launch::async, [this, call = std::move(call)] {
          begun_ = true;
          return call();
        })) {
    EXPECT_TRUE(wait_until([&] { return begun_.load(); }));
  }

  // Whether it is still waiting after a moment in which it could have returned.
  bool is_waiting() {
    return code_.wait_for(std::chrono::milliseconds(60)) == std::future_status::timeout;
  }

  // Its code; a test failure when it does not return within the limit.
  DWORD code(std::chrono::milliseconds limit = std::chrono::seconds(20)) {
    EXPECT_EQ(code_.wait_for(limit), std::future_status::ready) << "the call does not return";
    return code_.get();
  }

 private:
  std::atomic<bool> begun_{false};
  std::future<DWORD> code_;
};

}  // namespace ntms::conformance
