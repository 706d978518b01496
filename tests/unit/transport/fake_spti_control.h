// SPDX-License-Identifier: MIT
// Device objects of Windows, played: what is opened and sent is recorded, what comes back is told.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "transport/spti_control.h"
#include "transport/spti_packet.h"

namespace ntms::transport::test {

inline constexpr SptiLayout kOwnLayout = spti_layout(sizeof(void*));

inline std::uint32_t le32(std::span<const std::uint8_t> bytes, std::size_t at) {
  return bytes[at] | std::uint32_t{bytes[at + 1]} << 8 | std::uint32_t{bytes[at + 2]} << 16 |
         std::uint32_t{bytes[at + 3]} << 24;
}

inline void put_le32(std::span<std::uint8_t> bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

// The data buffer that a packet of this process refers to.
inline std::span<std::uint8_t> data_of(std::span<std::uint8_t> packet, bool direct) {
  std::uint64_t place = 0;
  for (std::size_t i = 0; i < sizeof(void*); ++i) {
    place |= std::uint64_t{packet[kOwnLayout.data + i]} << (8 * i);
  }
  const std::size_t length = le32(packet, SptiLayout::kTransferLength);
  if (!direct) return packet.subspan(place, length);
  return {reinterpret_cast<std::uint8_t*>(static_cast<std::uintptr_t>(place)), length};
}

// What a device does with a command: writes into the packet, returns the control call's error.
using FakeDevice = std::function<std::uint32_t(std::uint32_t code, std::span<std::uint8_t> packet)>;

// Answers a command with GOOD, the data, and what the adapter says of their length.
inline std::uint32_t answer(std::uint32_t code, std::span<std::uint8_t> packet,
                            const std::vector<std::uint8_t>& bytes) {
  const auto data = data_of(packet, code == kIoctlScsiPassThroughDirect);
  const auto count = std::min(data.size(), bytes.size());
  std::copy_n(bytes.begin(), count, data.begin());
  put_le32(packet, SptiLayout::kTransferLength, static_cast<std::uint32_t>(count));
  return 0;
}

// All device objects of a system. Thread safe where a transport's thread uses it.
class FakeSystem {
 public:
  struct Opened {
    std::string name;
    SptiAccess access;
    bool operator==(const Opened&) const = default;
  };

  // `open_error` 0: it can be opened.
  void add(const std::string& name, FakeDevice device, std::uint32_t open_error = 0) {
    const std::lock_guard lock(mutex_);
    devices_[name] = {std::move(device), open_error};
  }
  void remove(const std::string& name) {
    const std::lock_guard lock(mutex_);
    devices_.erase(name);
  }
  std::vector<Opened> opened() const {
    const std::lock_guard lock(mutex_);
    return opened_;
  }
  int open_handles() const {
    const std::lock_guard lock(mutex_);
    return open_handles_;
  }

  SptiControlFactory factory() {
    return [this] { return std::make_unique<Control>(*this); };
  }

 private:
  struct Entry {
    FakeDevice device;
    std::uint32_t open_error = 0;
  };

  class Control final : public SptiControl {
   public:
    explicit Control(FakeSystem& system) : system_(system) {}
    ~Control() override { close(); }
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    std::uint32_t open(const std::string& name, SptiAccess access) override {
      close();
      const std::lock_guard lock(system_.mutex_);
      const auto found = system_.devices_.find(name);
      if (found == system_.devices_.end()) return 2;
      system_.opened_.push_back({name, access});
      if (access != SptiAccess::query && found->second.open_error != 0) {
        return found->second.open_error;
      }
      name_ = name;
      ++system_.open_handles_;
      return 0;
    }

    std::uint32_t control(std::uint32_t code, std::span<const std::uint8_t>,
                          std::span<std::uint8_t> out, std::size_t& returned) override {
      FakeDevice device;
      {
        const std::lock_guard lock(system_.mutex_);
        const auto found = system_.devices_.find(name_);
        if (found == system_.devices_.end()) return 55;
        device = found->second.device;
      }
      returned = out.size();
      return device(code, out);
    }

    void close() override {
      if (name_.empty()) return;
      const std::lock_guard lock(system_.mutex_);
      name_.clear();
      --system_.open_handles_;
    }

   private:
    FakeSystem& system_;
    std::string name_;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Entry> devices_;
  std::vector<Opened> opened_;
  int open_handles_ = 0;
};

}  // namespace ntms::transport::test
