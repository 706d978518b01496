// SPDX-License-Identifier: MIT
#include "conformance/failing.h"

#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <new>

namespace ntms::conformance {
namespace {

thread_local long allocations_left = -1;  // -1: memory does not fail
thread_local bool memory_struck = false;

std::atomic<int> disk_error{0};
std::atomic<bool> disk_struck{false};
std::array<char, 512> disk_prefix{};

bool memory_fails() {
  if (allocations_left < 0) return false;
  if (allocations_left > 0) {
    --allocations_left;
    return false;
  }
  memory_struck = true;
  return true;
}

// No memory may be allocated here: it runs inside every write of the process.
bool disk_fails(int fd) {
  const int error = disk_error.load(std::memory_order_acquire);
  if (error == 0) return false;
  const int keep = errno;
  std::array<char, 32> link{"/proc/self/fd/"};
  std::array<char, 12> digits{};
  std::size_t count = 0;
  for (unsigned rest = static_cast<unsigned>(fd); count == 0 || rest != 0; rest /= 10) {
    digits[count++] = static_cast<char>('0' + rest % 10);
  }
  std::size_t at = std::strlen(link.data());
  while (count > 0) link[at++] = digits[--count];
  std::array<char, 1024> path{};
  const ssize_t length = readlink(link.data(), path.data(), path.size() - 1);
  errno = keep;
  const std::size_t wanted = std::strlen(disk_prefix.data());
  if (length < static_cast<ssize_t>(wanted)) return false;
  if (std::strncmp(path.data(), disk_prefix.data(), wanted) != 0) return false;
  disk_struck.store(true, std::memory_order_release);
  errno = error;
  return true;
}

}  // namespace

FailingMemory::FailingMemory(long nth) {
  memory_struck = false;
  allocations_left = nth - 1;
}

FailingMemory::~FailingMemory() {
  allocations_left = -1;
}

bool FailingMemory::struck() const {
  return memory_struck;
}

FailingDisk::FailingDisk(const std::string& prefix, int error) {
  prefix.copy(disk_prefix.data(), disk_prefix.size() - 1);
  disk_prefix[prefix.size()] = '\0';
  disk_struck = false;
  disk_error.store(error, std::memory_order_release);
}

FailingDisk::~FailingDisk() {
  disk_error.store(0, std::memory_order_release);
}

bool FailingDisk::struck() const {
  return disk_struck.load(std::memory_order_acquire);
}

}  // namespace ntms::conformance

using ntms::conformance::disk_fails;
using ntms::conformance::memory_fails;

void* operator new(std::size_t size) {
  if (!memory_fails()) {
    if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  }
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) {
  return operator new(size);
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return memory_fails() ? nullptr : std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept {
  return operator new(size, tag);
}
void* operator new(std::size_t size, std::align_val_t alignment) {
  const auto boundary = static_cast<std::size_t>(alignment);
  if (!memory_fails()) {
    const std::size_t rounded = (size + boundary - 1) / boundary * boundary;
    if (void* memory = std::aligned_alloc(boundary, rounded == 0 ? boundary : rounded)) {
      return memory;
    }
  }
  throw std::bad_alloc();
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return operator new(size, alignment);
}
void operator delete(void* memory) noexcept {
  std::free(memory);
}
void operator delete[](void* memory) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, const std::nothrow_t&) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

// The calls SQLite puts its data on disk with, whichever of them this build of it uses. 64-bit
// systems only: there off_t and off64_t are one type.
extern "C" {

__attribute__((visibility("default"))) ssize_t write(int fd, const void* data, size_t size) {
  if (disk_fails(fd)) return -1;
  return syscall(SYS_write, fd, data, size);
}
__attribute__((visibility("default"))) ssize_t pwrite(int fd, const void* data, size_t size,
                                                      off_t offset) {
  if (disk_fails(fd)) return -1;
  return syscall(SYS_pwrite64, fd, data, size, offset);
}
__attribute__((visibility("default"))) ssize_t pwrite64(int fd, const void* data, size_t size,
                                                        off64_t offset) {
  if (disk_fails(fd)) return -1;
  return syscall(SYS_pwrite64, fd, data, size, offset);
}
__attribute__((visibility("default"))) int fsync(int fd) {
  if (disk_fails(fd)) return -1;
  return static_cast<int>(syscall(SYS_fsync, fd));
}
__attribute__((visibility("default"))) int fdatasync(int fd) {
  if (disk_fails(fd)) return -1;
  return static_cast<int>(syscall(SYS_fdatasync, fd));
}
__attribute__((visibility("default"))) int ftruncate(int fd, off_t size) noexcept {
  if (disk_fails(fd)) return -1;
  return static_cast<int>(syscall(SYS_ftruncate, fd, size));
}
__attribute__((visibility("default"))) int ftruncate64(int fd, off64_t size) noexcept {
  if (disk_fails(fd)) return -1;
  return static_cast<int>(syscall(SYS_ftruncate, fd, size));
}
}
