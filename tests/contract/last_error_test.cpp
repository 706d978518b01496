// SPDX-License-Identifier: MIT
// The last error where there is no Win32: kept per thread, and shared with whoever else includes
// the header, because it lives in the C library.
#include <gtest/gtest.h>
#include <ntmsapi.h>

#include <thread>

extern "C" DWORD last_error_seen_by_c(void);
extern "C" void set_last_error_from_c(DWORD code);

namespace {

TEST(LastError, ReturnsWhatAnotherPartOfTheProgramSet) {
  set_last_error_from_c(ERROR_INVALID_COMPUTERNAME);
  EXPECT_EQ(GetLastError(), DWORD{1210});
  SetLastError(ERROR_NOT_CONNECTED);
  EXPECT_EQ(last_error_seen_by_c(), DWORD{2250});
}

TEST(LastError, BelongsToTheThread) {
  DWORD seen = 0;
  SetLastError(ERROR_BUSY);
  std::thread other([&seen] {
    SetLastError(ERROR_TIMEOUT);
    seen = GetLastError();
  });
  // Joining may set errno: what is compared is only that the other thread's value is not ours.
  other.join();
  EXPECT_EQ(seen, DWORD{1460});
  EXPECT_NE(GetLastError(), DWORD{1460});
}

}  // namespace
