// SPDX-License-Identifier: MIT
// Who this host is to the devices.
#pragma once

#include <string>

namespace ntms::transport {

// The iSCSI name of this host as an initiator, "iqn.2026-01.org.ntms:" and the host's name. It is
// the same in every process of the host, as a host adapter would be one initiator for all of them:
// devices keep reservations, PREVENT and unit attentions for each initiator. Any thread.
std::string default_initiator();

}  // namespace ntms::transport
