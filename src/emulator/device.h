// SPDX-License-Identifier: MIT
// One logical unit of an emulated library as one initiator sees it.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "emulator/library_file.h"
#include "scsi/transport.h"

namespace ntms::emulator {

class DeviceState;

// Thread-safe; commands of one Device are carried out one after the other. Commands of different
// devices, in whatever process, meet only in the file.
class Device {
 public:
  // Opens LUN 0 (the changer, or a drive that stands alone) or LUN 1.. (the drives) of the library
  // in `path_utf8`. A LUN that does not exist opens as well and answers as SCSI demands.
  // `initiator` is any name; what the library remembers of an initiator outlives the Device and the
  // process. Codes: ERROR_FILE_NOT_FOUND, ERROR_ACCESS_DENIED, ERROR_BAD_FORMAT, ERROR_READ_FAULT.
  static Result<std::unique_ptr<Device>> open(const std::string& path_utf8, unsigned lun,
                                              const std::string& initiator);
  ~Device();

  // Carries out one command. Blocks for as long as the library takes, at most the command's
  // time-out: then the reply is timed_out, and a move that has begun goes on to its end.
  // With a virtual clock both times are counted on it, and the time-out on the real clock as well.
  // not_sent: the file could not be used (reason in `detail`).
  scsi::Reply execute(const scsi::Command& command);

  // All logical units of the library, in ascending order.
  std::vector<unsigned> luns() const;

 private:
  explicit Device(std::unique_ptr<DeviceState> state);

  std::timed_mutex mutex_;
  std::unique_ptr<DeviceState> state_;
};

// The virtual clock of a library file, for those who want to follow it. Thread-safe.
class VirtualClock {
 public:
  // Nothing if the file follows the real time. Codes as Device::open.
  static Result<std::optional<VirtualClock>> of(const std::string& path_utf8);

  // Milliseconds since 1970 UTC. A few microseconds; shared by all processes that use the file. If
  // the file cannot be read any more, the last time that was seen.
  std::int64_t now_ms() const;

 private:
  struct Reader;
  explicit VirtualClock(std::shared_ptr<Reader> reader) : reader_(std::move(reader)) {}

  std::shared_ptr<Reader> reader_;
};

}  // namespace ntms::emulator
