// SPDX-License-Identifier: MIT
// open, ioctl and close.
#include "transport/sg_control.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>

namespace ntms::transport {
namespace {

class SystemSgControl final : public SgControl {
 public:
  SystemSgControl() = default;
  ~SystemSgControl() override { close(); }
  SystemSgControl(const SystemSgControl&) = delete;
  SystemSgControl& operator=(const SystemSgControl&) = delete;

  int open(const std::string& node, SgAccess access) override {
    close();
    // O_NONBLOCK: never wait for whoever has it open exclusively. The driver lets only those send
    // what moves media who have opened it for writing.
    const int exclusive = access == SgAccess::exclusive ? O_EXCL : 0;
    file_ = ::open(node.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC | exclusive);
    if (file_ < 0) return errno;
    int version = 0;
    if (ioctl(file_, SG_GET_VERSION_NUM, &version) != 0 || version < kFirstVersion) {
      close();
      return ENOTTY;
    }
    return 0;
  }

  int io(sg_io_hdr_t& header) override { return ioctl(file_, SG_IO, &header) == 0 ? 0 : errno; }

  void close() override {
    if (file_ >= 0) ::close(file_);
    file_ = -1;
  }

 private:
  static constexpr int kFirstVersion = 30000;  // of the driver that knows SG_IO

  int file_ = -1;
};

}  // namespace

std::unique_ptr<SgControl> make_system_sg_control() {
  return std::make_unique<SystemSgControl>();
}

}  // namespace ntms::transport
