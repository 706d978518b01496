// SPDX-License-Identifier: MIT
// The three calls by which Windows' pass-through is reached, behind an interface: what is sent and
// what follows from the answers is the same, and tested, on every system.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

namespace ntms::transport {

// Control codes (ntddscsi.h, ntddstor.h).
inline constexpr std::uint32_t kIoctlScsiPassThrough = 0x0004D004;
inline constexpr std::uint32_t kIoctlScsiPassThroughDirect = 0x0004D014;
inline constexpr std::uint32_t kIoctlScsiGetInquiryData = 0x0004100C;
inline constexpr std::uint32_t kIoctlScsiGetAddress = 0x00041018;
inline constexpr std::uint32_t kIoctlStorageQueryProperty = 0x002D1400;

// What a handle is opened for.
enum class SptiAccess {
  query,      // asking the driver only; in nobody's way
  shared,     // commands, beside others
  exclusive,  // commands; while the handle is open nobody else gets one
};

// One device object, open or not. Errors are Win32 codes as GetLastError() gives them, 0 on
// success. Thread safety: none; one thread at a time.
class SptiControl {
 public:
  virtual ~SptiControl() = default;

  // Opens a device object ("\\.\Tape0"); what was open before is closed.
  virtual std::uint32_t open(const std::string& name, SptiAccess access) = 0;

  // One DeviceIoControl. Blocks until the driver answers; `returned` is how many bytes of `out` it
  // filled. `in` and `out` may be the same memory.
  virtual std::uint32_t control(std::uint32_t code, std::span<const std::uint8_t> in,
                                std::span<std::uint8_t> out, std::size_t& returned) = 0;

  // Does nothing when it is not open.
  virtual void close() = 0;
};

// Makes one that is not open yet.
using SptiControlFactory = std::function<std::unique_ptr<SptiControl>()>;

#ifdef _WIN32
// The system's own.
std::unique_ptr<SptiControl> make_system_spti_control();
#endif

}  // namespace ntms::transport
