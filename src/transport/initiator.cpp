// SPDX-License-Identifier: MIT
// Makes a valid iSCSI name from whatever the host is called.
#include "transport/initiator.h"

#include <boost/asio/ip/host_name.hpp>

namespace ntms::transport {

std::string default_initiator() {
  boost::system::error_code error;
  std::string name = "iqn.2026-01.org.ntms:";
  const std::string host = boost::asio::ip::host_name(error);
  for (const char c : host.substr(0, 63)) {
    // An iSCSI name has lower-case letters, digits, '-', '.' and ':' (RFC 7143, 4.2.7.2).
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.') {
      name += c;
    } else if (c >= 'A' && c <= 'Z') {
      name += static_cast<char>(c - 'A' + 'a');
    } else {
      name += '-';
    }
  }
  if (error || host.empty()) name += "localhost";
  return name;
}

}  // namespace ntms::transport
