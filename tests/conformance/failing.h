// SPDX-License-Identifier: MIT
// Makes memory and disk fail under the program under test. On POSIX systems the definitions replace
// operator new and the system's write calls for the whole process, so they are linked into test
// programs only, which export them (ENABLE_EXPORTS): the shared library then uses them too. On
// Windows they take the place of what ntmsapi.dll imports.
#pragma once

#include <string>

namespace ntms::conformance {

// While it exists the calling thread's allocations through operator new fail from the `nth` on
// (counted from 1). Other threads are not concerned. One at a time.
class FailingMemory {
 public:
  explicit FailingMemory(long nth);
  ~FailingMemory();
  FailingMemory(const FailingMemory&) = delete;
  FailingMemory& operator=(const FailingMemory&) = delete;

  // Whether an allocation has failed.
  bool struck() const;
};

// While it exists every write to a file whose path begins with `prefix`, and every request to put
// one on disk, fails with this errno value. One at a time.
class FailingDisk {
 public:
  FailingDisk(const std::string& prefix, int error);
  ~FailingDisk();
  FailingDisk(const FailingDisk&) = delete;
  FailingDisk& operator=(const FailingDisk&) = delete;

  bool struck() const;
};

}  // namespace ntms::conformance
