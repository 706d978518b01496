// SPDX-License-Identifier: MIT
#include "bench/sync_counter.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <string>
#include <string_view>

namespace {

constinit std::atomic<std::uint64_t> g_wal_syncs{0};

void count(int fd) {
  std::array<char, 4096> name{};
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = readlink(link.c_str(), name.data(), name.size());
  if (length > 0 &&
      std::string_view(name.data(), static_cast<std::size_t>(length)).ends_with("-wal")) {
    g_wal_syncs.fetch_add(1, std::memory_order_relaxed);
  }
}

}  // namespace

extern "C" {

[[gnu::visibility("default")]] int fsync(int fd) {
  count(fd);
  return static_cast<int>(syscall(SYS_fsync, fd));
}

[[gnu::visibility("default")]] int fdatasync(int fd) {
  count(fd);
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}

}  // extern "C"

namespace ntms::bench {

std::uint64_t wal_syncs() {
  return g_wal_syncs.load(std::memory_order_relaxed);
}

}  // namespace ntms::bench
