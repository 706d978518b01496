// SPDX-License-Identifier: MIT
// A notification channel of the C ABI with the conveniences of C++.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <utility>
#include <vector>

#include "conformance/requests/blocked_calls.h"

namespace ntms::conformance {

struct Notice {
  DWORD operation = 0;
  Id object;
  friend bool operator==(const Notice&, const Notice&) = default;
};

inline void PrintTo(const Notice& notice, std::ostream* out) {
  *out << notice.operation << ' ' << notice.object.hex();
}

// An operator request that needs no object; a failure is a test failure.
inline Id submit_message(HANDLE session) {
  Id id;
  EXPECT_EQ(SubmitNtmsOperatorRequestW(session, NTMS_OPREQ_MESSAGE, NTMS_W("please look"), nullptr,
                                       nullptr, id.get()),
            ERROR_SUCCESS);
  return id;
}

// Open from its construction to the end of the scope.
class Channel {
 public:
  Channel(HANDLE session, DWORD type) : handle_(OpenNtmsNotification(session, type)) {
    EXPECT_NE(handle_, INVALID_HANDLE_VALUE) << "type " << type;
  }
  ~Channel() {
    if (handle_ != INVALID_HANDLE_VALUE) CloseNtmsNotification(handle_);
  }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  HANDLE handle() const { return handle_; }
  // The handle, which is no longer closed at the end of the scope.
  HANDLE release() { return std::exchange(handle_, INVALID_HANDLE_VALUE); }

  // The code of a Wait whose change is thrown away.
  DWORD code(DWORD timeout) const {
    NTMS_NOTIFICATIONINFORMATION change{};
    return WaitForNtmsNotification(handle_, &change, timeout);
  }
  // The next change within the time; none after it. Any other failure is a test failure.
  std::optional<Notice> wait(DWORD timeout) const {
    NTMS_NOTIFICATIONINFORMATION change{};
    const DWORD code = WaitForNtmsNotification(handle_, &change, timeout);
    if (code == ERROR_SUCCESS) return Notice{change.dwOperation, change.ObjectId};
    EXPECT_EQ(code, ERROR_TIMEOUT);
    return std::nullopt;
  }
  // The change that is there already.
  Notice next() const {
    const auto change = wait(0);
    EXPECT_TRUE(change) << "no change is there";
    return change.value_or(Notice{});
  }
  // All changes that are there.
  std::vector<Notice> all() const {
    std::vector<Notice> result;
    while (const auto change = wait(0)) result.push_back(*change);
    return result;
  }

 private:
  HANDLE handle_;
};

}  // namespace ntms::conformance
