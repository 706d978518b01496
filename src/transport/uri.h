// SPDX-License-Identifier: MIT
// The names of devices, as written in configurations and databases:
//   iscsi://HOST[:PORT]/TARGET/LUN          HOST: a name, an IPv4 address, or an IPv6 one in []
//   emulator:PATH[?initiator=NAME][#LUN]    PATH has no '?' and no '#'
// Pure functions: no I/O, any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/error.h"

namespace ntms::transport {

// The default TCP port of iSCSI (RFC 7143, 4.1), and the highest LUN that single-level addressing
// can express (SAM-5 4.7.7.3, flat space addressing).
inline constexpr std::uint16_t kIscsiPort = 3260;
inline constexpr unsigned kMaxLun = 16383;

// A logical unit behind an iSCSI target.
struct IscsiUri {
  std::string host;  // without the [] of an IPv6 address
  std::uint16_t port = kIscsiPort;
  std::string target;  // the target's iSCSI name
  unsigned lun = 0;

  bool operator==(const IscsiUri&) const = default;
};

// A logical unit of an emulated library.
struct EmulatorUri {
  std::string path;       // the library's state file
  std::string initiator;  // empty: the default initiator name
  unsigned lun = 0;       // 0 is the changer

  bool operator==(const EmulatorUri&) const = default;
};

// The part of a URI before the first ':'; empty when there is none.
std::string_view scheme_of(std::string_view uri);

// Take a URI apart. ERROR_INVALID_PARAMETER with the reason when it is not of the form above.
Result<IscsiUri> parse_iscsi_uri(std::string_view uri);
Result<EmulatorUri> parse_emulator_uri(std::string_view uri);

// The canonical text, which parses back to an equal value: the port is always there, LUN 0 of an
// emulated library never.
std::string format_uri(const IscsiUri& uri);
std::string format_uri(const EmulatorUri& uri);

}  // namespace ntms::transport
