// SPDX-License-Identifier: MIT
// The changer on the kernel's SCSI stack as another program sees it: mtx, through the changer's own
// driver, is the second opinion, and tgtadm the hands of the operator.
#pragma once

#include "conformance/backend.h"

namespace ntms::integration {

class KernelBackend final : public conformance::Backend {
 public:
  static constexpr unsigned kMedia = 10;
  static constexpr unsigned kSlots = 16;
  static constexpr unsigned kPorts = 2;
  static constexpr unsigned kDrives = 2;

  // Discovery, and what it finds in service.
  std::string uri() const override { return "auto"; }
  std::string bar_code(unsigned index) const override;
  std::vector<conformance::Element> truth() override;
  void put(unsigned port, const std::string& bar_code) override;
  void take(unsigned port) override;
  bool foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to) override;
};

// The node of the changer's own driver ("/dev/sch0"), and its sg node ("/dev/sg3"), as they are
// now.
std::string changer_node();
std::string sg_node();

// The devices go away, as when somebody removes them, and come back when the kernel looks for them.
void delete_devices();
void delete_drive(const std::string& node);       // "nst1"
void rescan(const std::string& units = "- - -");  // channel, target and LUN; "-" stands for all

}  // namespace ntms::integration
