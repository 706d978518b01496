// SPDX-License-Identifier: MIT
// Memory that runs out and a disk that fails under a call: what every function answers then
// (contract: functions-library-control 0.1).
#pragma once

#include <cerrno>
#include <functional>

#include "conformance/failing.h"
#include "conformance/library_fixture.h"

namespace ntms::conformance {

class ResourcesTest : public LibraryTest {
 protected:
  // Fails the first, the second, ... allocation of the call until all it needs succeed. Every
  // failure is ERROR_NOT_ENOUGH_MEMORY and changes nothing; `unchanged` is asked after each, with
  // memory at hand again. A call may need none.
  void step_memory(
      const std::function<DWORD()>& call,
      const std::function<bool()>& unchanged = [] { return true; }) {
    const auto requests = rsm().list(NTMS_LIBREQUEST);
    for (long nth = 1; nth < 5000; ++nth) {
      DWORD code = 0;
      bool struck = false;
      {
        const FailingMemory memory(nth);
        code = call();
        struck = memory.struck();
      }
      if (code == ERROR_SUCCESS) return;
      ASSERT_TRUE(struck) << "fails by itself with " << code;
      ASSERT_EQ(code, ERROR_NOT_ENOUGH_MEMORY) << "allocation " << nth;
      ASSERT_TRUE(unchanged()) << "allocation " << nth;
      ASSERT_EQ(rsm().list(NTMS_LIBREQUEST), requests) << "allocation " << nth;
      ASSERT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE) << "allocation " << nth;
    }
    FAIL() << "never succeeds";
  }

  // The call fails with the code, while and only while the disk of the database does.
  void expect_disk_failure(int error, DWORD code, const std::function<DWORD()>& call) {
    const auto requests = rsm().list(NTMS_LIBREQUEST);
    {
      const FailingDisk disk(database().string(), error);
      EXPECT_EQ(call(), code);
      EXPECT_TRUE(disk.struck()) << "no write of the database was seen";
    }
    EXPECT_EQ(rsm().list(NTMS_LIBREQUEST), requests);
    EXPECT_EQ(media_info(medium(0)).MediaState, NTMS_MEDIASTATE_IDLE);
    EXPECT_TRUE(operation_ == untouched_ || operation_.is_null()) << "an output was written";
  }
  void expect_disk_failures(const std::function<DWORD()>& call) {
    expect_disk_failure(EIO, ERROR_DATABASE_FAILURE, call);
    expect_disk_failure(ENOSPC, ERROR_DATABASE_FULL, call);
    EXPECT_EQ(call(), ERROR_SUCCESS) << "the disk is well again";
  }

  const Id untouched_ = stranger();
  Id operation_ = untouched_;  // the output of the calls that have one
};

}  // namespace ntms::conformance
