// SPDX-License-Identifier: MIT
// The parts of system.h that only the operating system answers.
#include "platform/system.h"

#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <vector>

namespace ntms::platform {

std::chrono::milliseconds monotonic() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);  // cannot fail: every supported kernel has this clock
  return std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::seconds{now.tv_sec} + std::chrono::nanoseconds{now.tv_nsec});
}

std::string boot_identity() {
  std::string identity;
  std::ifstream file("/proc/sys/kernel/random/boot_id");
  std::getline(file, identity);
  return identity;
}

std::string computer_name() {
  std::array<char, 256> name{};  // the kernel's limit is 64; the last byte stays NUL
  if (gethostname(name.data(), name.size() - 1) != 0 || name[0] == '\0') return "localhost";
  return name.data();
}

std::string user_name() {
  const uid_t user = geteuid();
  std::vector<char> buffer(1024);
  passwd entry{};
  passwd* found = nullptr;
  int error = getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  while (error == ERANGE && buffer.size() < std::size_t{1024} * 1024) {
    buffer.resize(buffer.size() * 2);
    error = getpwuid_r(user, &entry, buffer.data(), buffer.size(), &found);
  }
  return found != nullptr && found->pw_name[0] != '\0' ? found->pw_name : std::to_string(user);
}

std::uint32_t process_id() {
  return static_cast<std::uint32_t>(getpid());
}

std::optional<std::string> environment(const char* name) {
  const char* value = std::getenv(name);
  if (value == nullptr) return std::nullopt;
  return value;
}

}  // namespace ntms::platform
