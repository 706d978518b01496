// SPDX-License-Identifier: MIT
#include "emulator/file_turn.h"

#ifdef _WIN32
// Locks of the system belong to handles there, so that SQLite's own locks are enough.
namespace ntms::emulator {
FileTurn::~FileTurn() = default;
bool FileTurn::open(const std::string& /*path*/) {
  return true;
}
bool FileTurn::take(std::chrono::milliseconds /*limit*/) {
  return true;
}
void FileTurn::give_back() {}
}  // namespace ntms::emulator
#else

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <thread>

namespace ntms::emulator {

FileTurn::~FileTurn() {
  if (file_ >= 0) ::close(static_cast<int>(file_));
}

bool FileTurn::open(const std::string& path) {
  file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  return file_ >= 0;
}

bool FileTurn::take(std::chrono::milliseconds limit) {
  if (depth_++ != 0) return true;
  const auto deadline = std::chrono::steady_clock::now() + limit;
  for (int attempt = 0;; ++attempt) {
    if (::flock(static_cast<int>(file_), LOCK_EX | LOCK_NB) == 0) return true;
    if ((errno != EWOULDBLOCK && errno != EINTR) || std::chrono::steady_clock::now() >= deadline) {
      --depth_;
      return false;
    }
    // Turns last a fraction of a millisecond; those of a large inventory some more.
    std::this_thread::sleep_for(std::chrono::microseconds(attempt < 20 ? 50 : 500));
  }
}

void FileTurn::give_back() {
  if (--depth_ == 0) ::flock(static_cast<int>(file_), LOCK_UN);
}

}  // namespace ntms::emulator
#endif
