// SPDX-License-Identifier: MIT
// Counts how often this process waits for the disk. The program brings its own fsync() and
// fdatasync(), which every shared library in it uses.
#pragma once

#include <cstdint>

namespace ntms::bench {

// Syncs of write-ahead logs (files named "*-wal") since the program started. Any thread.
std::uint64_t wal_syncs();

}  // namespace ntms::bench
