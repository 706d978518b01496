// SPDX-License-Identifier: MIT
// Which statfs() types are file systems of another machine. Inside the platform layer only.
#pragma once

#include <cstdint>

namespace ntms::platform {

// The name of the network file system with this statfs() f_type; null for a local one.
// The numbers are the kernel's (linux/magic.h); OpenAFS has one of its own.
inline const char* network_file_system(std::uint32_t type) {
  switch (type) {
    case 0x00006969:
      return "NFS";
    case 0x0000517B:
    case 0xFE534D42:
      return "SMB";
    case 0xFF534D42:
      return "CIFS";
    case 0x5346414F:
    case 0x6B414653:
      return "AFS";
    default:
      return nullptr;
  }
}

}  // namespace ntms::platform
