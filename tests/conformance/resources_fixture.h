// SPDX-License-Identifier: MIT
// Calls on a library under which memory runs out or the disk fails: no request may appear and
// nothing may be held (contract: functions-library-control 0.1).
#pragma once

#include "conformance/failing_calls.h"
#include "conformance/library_fixture.h"

namespace ntms::conformance {

class ResourcesTest : public LibraryTest {
 protected:
  // See failing_calls.h; `unchanged` may add to what has to stay as it is.
  void step_memory(
      const std::function<DWORD()>& call,
      const std::function<bool()>& unchanged = [] { return true; }) {
    const auto untouched = is_untouched();
    conformance::step_memory(
        call, [&] { return unchanged() && untouched(); }, true);
  }
  void expect_disk_failure(int error, DWORD code, const std::function<DWORD()>& call) {
    conformance::expect_disk_failure(database().string(), error, code, call, is_untouched());
    EXPECT_TRUE(operation_ == untouched_ || operation_.is_null()) << "an output was written";
  }
  void expect_disk_failures(const std::function<DWORD()>& call) {
    expect_disk_failure(EIO, ERROR_DATABASE_FAILURE, call);
    expect_disk_failure(ENOSPC, ERROR_DATABASE_FULL, call);
    EXPECT_EQ(call(), ERROR_SUCCESS) << "the disk is well again";
  }

  const Id untouched_ = stranger();
  Id operation_ = untouched_;  // the output of the calls that have one

 private:
  // Whether requests and the first medium are as they are now.
  std::function<bool()> is_untouched() {
    return [this, requests = rsm().list(NTMS_LIBREQUEST)] {
      return rsm().list(NTMS_LIBREQUEST) == requests &&
             media_info(medium(0)).MediaState == NTMS_MEDIASTATE_IDLE;
    };
  }
};

}  // namespace ntms::conformance
