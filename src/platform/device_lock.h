// SPDX-License-Identifier: MIT
// One process per device on this machine, whatever database it works with.
#pragma once

#include <memory>
#include <string_view>

#include "base/error.h"

namespace ntms::platform {

// The exclusive right to drive one device, held until the object goes or the process dies; children
// do not inherit it.
// It is a lock on the file "ntms-<FNV-1a-64 of the key, 16 hex digits>.lock" in the directory named
// by NTMS_LOCK_DIR, else in /run/lock if that can be written, else in /tmp. The file has mode 0666,
// so that processes of all users exclude each other, and holds "<pid> <holder text>" while locked.
// Where accounts differ in whether they may write /run/lock, or clean /tmp by age, set
// NTMS_LOCK_DIR. On Windows the directory is NtmsLocks in ProgramData, created when missing, and
// the lock is that the file is open for writing. Thread safe, also between acquire() and
// destruction in different threads.
class DeviceLock {
 public:
  // `key` identifies the device wherever it is seen, e.g. its vendor, product and serial number.
  // `holder_text` says for others what holds it, e.g. the program's name; it is made printable and
  // cut after 256 bytes.
  // Errors: ERROR_BUSY, naming the holder, when another process or this one has the lock;
  // ERROR_ACCESS_DENIED when the file is not permitted or is not a plain file (a symbolic link);
  // ERROR_DEVICE_NOT_AVAILABLE when the lock file cannot be used for another reason.
  static Result<DeviceLock> acquire(std::string_view key, std::string_view holder_text);

  DeviceLock(DeviceLock&& other) noexcept;
  DeviceLock& operator=(DeviceLock&& other) noexcept;
  ~DeviceLock();

 private:
  struct Held;
  explicit DeviceLock(std::unique_ptr<Held> held);

  std::unique_ptr<Held> held_;
};

}  // namespace ntms::platform
