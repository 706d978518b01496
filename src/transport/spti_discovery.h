// SPDX-License-Identifier: MIT
// Finds the changers and tape drives of Windows.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "scsi/transport.h"
#include "transport/discovery.h"
#include "transport/spti_control.h"
#include "transport/spti_uri.h"

namespace ntms::transport {

// How many numbers of each class are tried. Windows gives the lowest free one; gaps remain where
// devices have gone.
inline constexpr unsigned kSptiDevices = 64;

// Tries \\.\ChangerN and \\.\TapeN by their numbers and asks them who they are with INQUIRY; then
// asks the port drivers behind \\.\ScsiN: for the units that no class driver has claimed. Changers
// are opened for asking the driver only when drives are looked for.
class SptiDiscovery final : public Discovery {
 public:
  explicit SptiDiscovery(const SptiControlFactory& make_control);

  std::vector<FoundDevice> find(DeviceKind kind) override;

 private:
  void find_class(SptiClass device_class, bool ask, std::vector<FoundDevice>& found);
  void find_unclaimed(unsigned port, DeviceKind kind, std::vector<FoundDevice>& found);
  void ask_device(const SptiUri& uri, FoundDevice& device);
  std::vector<std::uint8_t> ask(const SptiUri& uri, const scsi::Command& command);

  std::unique_ptr<SptiControl> control_;
};

// One unit in the reply to IOCTL_SCSI_GET_INQUIRY_DATA.
struct SptiUnit {
  SptiAddress address;
  bool claimed = false;
  std::vector<std::uint8_t> inquiry;  // standard INQUIRY data, as much as the driver keeps
};

// The units in SCSI_ADAPTER_BUS_INFO and the SCSI_INQUIRY_DATA behind it (ntddscsi.h). Reads what
// is there; a chain that leads out of the data or in a circle ends where it does. Pure.
std::vector<SptiUnit> parse_adapter_bus_info(std::span<const std::uint8_t> data);

}  // namespace ntms::transport
