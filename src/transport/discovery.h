// SPDX-License-Identifier: MIT
// The devices that the system itself knows of. Libraries over iSCSI and emulated ones exist only
// where a person named them, so they are never among these.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.h"

namespace ntms::transport {

// Where a device is, as far as the system tells.
struct BusAddress {
  unsigned port = 0;  // the adapter
  unsigned path = 0;  // its bus
  unsigned target = 0;
  unsigned lun = 0;

  bool operator==(const BusAddress&) const = default;
};

// One device. What could not be learned, for want of permission or because another program has the
// device, is empty.
struct FoundDevice {
  std::string uri;
  std::uint8_t device_type = 0x1F;  // scsi::kTypeChanger, scsi::kTypeTape, ...
  std::string vendor;
  std::string product;
  std::string serial;
  std::optional<BusAddress> address;

  bool operator==(const FoundDevice&) const = default;
};

// What is looked for.
enum class DeviceKind {
  changers,
  drives,  // and changers, which are then not disturbed: only that they are there is found out
};

// How one system finds its devices. Thread safety: none.
class Discovery {
 public:
  virtual ~Discovery() = default;

  // Asks every device who it is; changes nothing. Blocks: a device that does not answer costs the
  // time-out of its command. Names of claimed devices come before those of the same devices behind
  // their adapters.
  virtual std::vector<FoundDevice> find(DeviceKind kind) = 0;

  // What can be seen of the system's devices without asking them, as a text that changes when one
  // comes or goes. Takes no time. Empty: this system does not tell.
  virtual std::string glimpse() { return {}; }
};

// This system's; null where there is none yet.
std::unique_ptr<Discovery> make_system_discovery();

// make_system_discovery()->glimpse(); empty where there is none.
std::string glimpse_of_system_devices();

// make_system_discovery()->find() on a thread of its own; nothing is found where there is none.
// ERROR_NOT_ENOUGH_MEMORY: the system has no thread to give.
boost::asio::awaitable<Result<std::vector<FoundDevice>>> find_system_devices(DeviceKind kind);

}  // namespace ntms::transport
