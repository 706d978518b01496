// SPDX-License-Identifier: MIT
// Changes of files that outlast a loss of power: when a function has returned, the change is on
// disk. All functions may be called from any thread.
#pragma once

#include <filesystem>

#include "base/error.h"

namespace ntms::platform {

// Errors of all: ERROR_ACCESS_DENIED, ERROR_DATABASE_FULL on a full disk, ERROR_NOT_ENOUGH_MEMORY
// without resources, ERROR_DATABASE_FAILURE for anything else; on Windows also
// ERROR_SHARING_VIOLATION when a file that is to be replaced or removed is open.

// Whether a file can only be replaced while nobody has it open, this process included. Where it is
// so, the rename itself keeps others from being surprised; elsewhere that takes a lock.
#ifdef _WIN32
inline constexpr bool kOpenFilesStay = true;
#else
inline constexpr bool kOpenFilesStay = false;
#endif

// Makes sure that there is a directory `path` in an existing one; a new one gets mode 2770 whatever
// the umask, like the data directory; on Windows it inherits its rights.
Result<void> make_shared_directory(const std::filesystem::path& path);

// Makes sure that there is a file `path`; a new one is empty and has mode 0660 whatever the umask.
// On failure a new one is gone again.
Result<void> create_durably(const std::filesystem::path& path);

// Puts what was written into a file on disk.
Result<void> sync_file(const std::filesystem::path& path);

// Gives a file another name in the same directory, in the place of the file that has it: at every
// moment one of the two has the name. What is in the file must be on disk already.
Result<void> rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

// Removes a file; a missing one is no error.
Result<void> remove_durably(const std::filesystem::path& path);

}  // namespace ntms::platform
