// SPDX-License-Identifier: MIT
// The calls by which Linux' SCSI generic driver is reached, behind an interface: what is sent and
// what follows from the answers is tested without devices.
#pragma once

#include <scsi/sg.h>

#include <functional>
#include <memory>
#include <string>

namespace ntms::transport {

// What a node is opened for.
enum class SgAccess {
  shared,     // beside others
  exclusive,  // while it is open nobody else opens this sg node (O_EXCL); tape nodes are not
              // affected
};

// One sg node, open or not. Errors are those of errno, 0 on success. Thread safety: none; one
// thread at a time.
class SgControl {
 public:
  virtual ~SgControl() = default;

  // Opens a node ("/dev/sg3") for commands; what was open before is closed. Never waits.
  virtual int open(const std::string& node, SgAccess access) = 0;

  // One SG_IO (interface version 3). Blocks until the command has ended, at the latest some time
  // after its time-out, when the kernel has taken it back from the device.
  virtual int io(sg_io_hdr_t& header) = 0;

  // Does nothing when it is not open.
  virtual void close() = 0;
};

// Makes one that is not open yet.
using SgControlFactory = std::function<std::unique_ptr<SgControl>()>;

// The system's own.
std::unique_ptr<SgControl> make_system_sg_control();

}  // namespace ntms::transport
