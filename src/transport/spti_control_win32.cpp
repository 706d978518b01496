// SPDX-License-Identifier: MIT
// CreateFile, DeviceIoControl and CloseHandle; and the proof that the layouts written out in
// spti_packet.h are those of the system's headers.
#include <windows.h>
// After windows.h, on whose types they build.
#include <ntddscsi.h>
#include <winioctl.h>

#include <algorithm>

#include "transport/spti_bus.h"
#include "transport/spti_control.h"
#include "transport/spti_packet.h"

namespace ntms::transport {
namespace {

static_assert(kIoctlScsiPassThrough == IOCTL_SCSI_PASS_THROUGH);
static_assert(kIoctlScsiPassThroughDirect == IOCTL_SCSI_PASS_THROUGH_DIRECT);
static_assert(kIoctlScsiGetInquiryData == IOCTL_SCSI_GET_INQUIRY_DATA);
static_assert(kIoctlScsiGetAddress == IOCTL_SCSI_GET_ADDRESS);
static_assert(kIoctlStorageQueryProperty == IOCTL_STORAGE_QUERY_PROPERTY);
static_assert(kBusTypeAt == offsetof(STORAGE_ADAPTER_DESCRIPTOR, BusType));
static_assert(kBusTypeScsi == BusTypeScsi);

constexpr SptiLayout kLayout = spti_layout(sizeof(void*));
static_assert(kLayout.size == sizeof(SCSI_PASS_THROUGH_DIRECT));
static_assert(kLayout.size == sizeof(SCSI_PASS_THROUGH));
static_assert(kLayout.data == offsetof(SCSI_PASS_THROUGH_DIRECT, DataBuffer));
static_assert(kLayout.data == offsetof(SCSI_PASS_THROUGH, DataBufferOffset));
static_assert(kLayout.sense == offsetof(SCSI_PASS_THROUGH_DIRECT, SenseInfoOffset));
static_assert(kLayout.sense == offsetof(SCSI_PASS_THROUGH, SenseInfoOffset));
static_assert(kLayout.cdb == offsetof(SCSI_PASS_THROUGH_DIRECT, Cdb));
static_assert(kLayout.cdb == offsetof(SCSI_PASS_THROUGH, Cdb));
static_assert(SptiLayout::kScsiStatus == offsetof(SCSI_PASS_THROUGH_DIRECT, ScsiStatus));
static_assert(SptiLayout::kPathId == offsetof(SCSI_PASS_THROUGH_DIRECT, PathId));
static_assert(SptiLayout::kTargetId == offsetof(SCSI_PASS_THROUGH_DIRECT, TargetId));
static_assert(SptiLayout::kLun == offsetof(SCSI_PASS_THROUGH_DIRECT, Lun));
static_assert(SptiLayout::kCdbLength == offsetof(SCSI_PASS_THROUGH_DIRECT, CdbLength));
static_assert(SptiLayout::kSenseLength == offsetof(SCSI_PASS_THROUGH_DIRECT, SenseInfoLength));
static_assert(SptiLayout::kDataIn == offsetof(SCSI_PASS_THROUGH_DIRECT, DataIn));
static_assert(SptiLayout::kTransferLength ==
              offsetof(SCSI_PASS_THROUGH_DIRECT, DataTransferLength));
static_assert(SptiLayout::kTimeOut == offsetof(SCSI_PASS_THROUGH_DIRECT, TimeOutValue));

class SystemSptiControl final : public SptiControl {
 public:
  SystemSptiControl() = default;
  ~SystemSptiControl() override { close(); }
  SystemSptiControl(const SystemSptiControl&) = delete;
  SystemSptiControl& operator=(const SystemSptiControl&) = delete;

  std::uint32_t open(const std::string& name, SptiAccess access) override {
    close();
    const std::wstring wide(name.begin(), name.end());  // the names are ASCII
    const DWORD rights = access == SptiAccess::query ? 0 : GENERIC_READ | GENERIC_WRITE;
    const DWORD sharing = access == SptiAccess::exclusive ? 0 : FILE_SHARE_READ | FILE_SHARE_WRITE;
    handle_ = CreateFileW(wide.c_str(), rights, sharing, nullptr, OPEN_EXISTING, 0, nullptr);
    return handle_ == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
  }

  std::uint32_t control(std::uint32_t code, std::span<const std::uint8_t> in,
                        std::span<std::uint8_t> out, std::size_t& returned) override {
    DWORD count = 0;
    returned = 0;
    // The function takes what it only reads by a pointer to non-const.
    auto* input = in.empty() ? nullptr : const_cast<std::uint8_t*>(in.data());
    auto* output = out.empty() ? nullptr : out.data();
    if (!DeviceIoControl(handle_, code, input, static_cast<DWORD>(in.size()), output,
                         static_cast<DWORD>(out.size()), &count, nullptr)) {
      const DWORD error = GetLastError();
      return error == ERROR_SUCCESS ? ERROR_GEN_FAILURE : error;
    }
    returned = std::min<std::size_t>(count, out.size());
    return ERROR_SUCCESS;
  }

  void close() override {
    if (handle_ != INVALID_HANDLE_VALUE) CloseHandle(handle_);
    handle_ = INVALID_HANDLE_VALUE;
  }

 private:
  HANDLE handle_ = INVALID_HANDLE_VALUE;
};

}  // namespace

std::unique_ptr<SptiControl> make_system_spti_control() {
  return std::make_unique<SystemSptiControl>();
}

}  // namespace ntms::transport
