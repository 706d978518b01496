// SPDX-License-Identifier: MIT
// Who may use what the library creates, and who the caller is. Inside the platform layer only.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ntms/win32_types.h"

namespace ntms::platform {

// Memory that Windows wants back by LocalFree().
struct LocalFreer {
  void operator()(void* memory) const { LocalFree(memory); }
};
template <class T>
using LocalMemory = std::unique_ptr<T, LocalFreer>;

// The security descriptor of a new file or directory, from its SDDL text.
class Security {
 public:
  // Everybody may read and write; for lock files that processes of all users share.
  static Security everybody();
  // Everybody may add files to a directory and look into it.
  static Security everybody_may_add_files();
  // The system, the administrators and the caller have full access, and nobody else, also to what
  // will be in it.
  static Security for_data_directory();

  Security(const Security&) = delete;
  Security& operator=(const Security&) = delete;

  // For CreateFileW() and CreateDirectoryW(), not inherited by children; null when Windows did not
  // understand the text, which lets the object inherit its rights. Valid as long as this object.
  SECURITY_ATTRIBUTES* attributes();

 private:
  explicit Security(const std::wstring& sddl);

  LocalMemory<void> descriptor_;
  SECURITY_ATTRIBUTES attributes_{};
};

// The caller's user SID as a TOKEN_USER; empty when the system does not tell. The thread's own
// identity counts when it has one.
std::vector<unsigned char> token_user();

}  // namespace ntms::platform
