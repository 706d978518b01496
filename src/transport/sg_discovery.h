// SPDX-License-Identifier: MIT
// Finds the changers and tape drives of Linux.
#pragma once

#include <vector>

#include "transport/discovery.h"
#include "transport/sg_control.h"
#include "transport/sg_tree.h"

namespace ntms::transport {

// Reads sysfs, which costs no command. A unit is named by its serial number where sysfs tells it
// and no other make has the same, else by its sg node; one whose serial number sysfs does not tell
// is asked for it with INQUIRY (changers only when changers are looked for).
class SgDiscovery final : public Discovery {
 public:
  explicit SgDiscovery(const SgControlFactory& make_control, SgPlaces places = {});

  std::vector<FoundDevice> find(DeviceKind kind) override;
  std::string glimpse() override { return glimpse_of_sg_units(places_); }

 private:
  std::string ask_serial(const SgUnit& unit);

  const SgPlaces places_;
  std::unique_ptr<SgControl> control_;
};

}  // namespace ntms::transport
