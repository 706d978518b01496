// SPDX-License-Identifier: MIT
// Memory that runs out and a disk that fails under a call: the documented code, and nothing
// changed.
#pragma once

#include <gtest/gtest.h>
#include <ntmsapi.h>

#include <cerrno>
#include <functional>
#include <string>

#include "conformance/failing.h"

namespace ntms::conformance {

// Fails the first, the second, ... allocation of the call until all it needs succeed. Every failure
// is ERROR_NOT_ENOUGH_MEMORY and leaves `unchanged` true, which is asked with memory at hand again.
// Some calls need no memory at all.
inline void step_memory(const std::function<DWORD()>& call, const std::function<bool()>& unchanged,
                        bool may_need_none = false) {
  long nth = 1;
  for (;; ++nth) {
    ASSERT_LT(nth, 20000) << "never succeeds";
    DWORD code = 0;
    bool struck = false;
    {
      const FailingMemory memory(nth);
      code = call();
      struck = memory.struck();
    }
    if (code == ERROR_SUCCESS) break;
    ASSERT_TRUE(struck) << "fails by itself with " << code;
    ASSERT_EQ(code, ERROR_NOT_ENOUGH_MEMORY) << "allocation " << nth;
    ASSERT_TRUE(unchanged()) << "allocation " << nth;
  }
  EXPECT_TRUE(may_need_none || nth > 1) << "no allocation was seen";
}

// The call fails with the code while the disk of the files that begin with `prefix` fails with this
// errno value, and leaves `unchanged` true.
inline void expect_disk_failure(const std::string& prefix, int error, DWORD code,
                                const std::function<DWORD()>& call,
                                const std::function<bool()>& unchanged) {
  {
    const FailingDisk disk(prefix, error);
    EXPECT_EQ(call(), code);
    EXPECT_TRUE(disk.struck()) << "no write was seen";
  }
  EXPECT_TRUE(unchanged()) << "after error " << error;
}

// The documented codes while the disk does not work and while it is full, and success afterwards.
inline void expect_disk_failures(const std::string& prefix, const std::function<DWORD()>& call,
                                 const std::function<bool()>& unchanged) {
  expect_disk_failure(prefix, EIO, ERROR_DATABASE_FAILURE, call, unchanged);
  expect_disk_failure(prefix, ENOSPC, ERROR_DATABASE_FULL, call, unchanged);
  EXPECT_EQ(call(), ERROR_SUCCESS) << "the disk is well again";
}

}  // namespace ntms::conformance
