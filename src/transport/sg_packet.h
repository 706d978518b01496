// SPDX-License-Identifier: MIT
// What goes through SG_IO, and what the answers mean. No I/O. Sources: sg_io_hdr_t of <scsi/sg.h>;
// the host and driver status values of the kernel's SCSI layer.
#pragma once

#include <scsi/sg.h>

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "scsi/transport.h"

namespace ntms::transport {

// One command on its way through the driver and back. Not thread-safe. Neither copied nor moved:
// the driver writes into it.
class SgPacket {
 public:
  // `command` has passed reason_not_to_send().
  explicit SgPacket(const scsi::Command& command);
  SgPacket(const SgPacket&) = delete;
  SgPacket& operator=(const SgPacket&) = delete;

  // What SG_IO takes and fills in.
  sg_io_hdr_t& header() { return header_; }

  // What the device answered, once SG_IO has succeeded. Sense data count whatever else the adapter
  // and the driver report: RAID adapters call a CHECK CONDITION an error of the transport.
  scsi::Reply reply() const;

 private:
  std::vector<std::uint8_t> received() const;

  sg_io_hdr_t header_{};
  std::array<std::uint8_t, 16> cdb_{};
  std::array<std::uint8_t, 252> sense_{};  // the most there can be (SPC-4 4.5)
  std::vector<std::uint8_t> data_;
  bool data_in_ = false;
};

// What is known after SG_IO has failed with an errno.
scsi::Reply sg_reply_to_failure(int error);

// What is known after the node could not be opened with an errno.
scsi::Reply sg_reply_to_open_failure(const std::string& node, int error);

}  // namespace ntms::transport
