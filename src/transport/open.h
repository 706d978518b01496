// SPDX-License-Identifier: MIT
// From the name of a device to the transport that reaches it.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "scsi/transport.h"
#include "transport/discovery.h"

namespace ntms::transport {

// A transport for the logical unit that `uri` names (the forms are in uri.h). Nothing is opened or
// connected yet: that happens at the first command. `executor` is what the transport's own work
// runs on; its context must outlive the transport. ERROR_INVALID_PARAMETER: the URI is malformed or
// of an unknown kind. ERROR_NOT_SUPPORTED: a kind that this build does not have (sg elsewhere than
// on Linux; spti elsewhere than on Windows; iscsi without libiscsi). Any thread.
Result<std::unique_ptr<scsi::Transport>> open_transport(
    const boost::asio::any_io_executor& executor, std::string_view uri);

// The URI of another logical unit of the same target or emulated library, for instance of a drive
// beside its changer. The same errors; ERROR_INVALID_PARAMETER also when `lun` is above kMaxLun,
// ERROR_NOT_SUPPORTED also when has_siblings() says no.
Result<std::string> sibling_uri(std::string_view uri, unsigned lun);

// Whether REPORT LUNS tells of the other units of the same library, which sibling_uri() then names.
// Where it does not, the system's drives are found by find_system_devices().
bool has_siblings(std::string_view uri);

// What an application opens to reach the device: the name of the system's device object where it
// has one ("\\.\Tape0", "/dev/nst0"), else the URI. Looks into sysfs for sg.
std::string device_name(std::string_view uri);

// Whether two URIs name one and the same device: they are equal, or for sg both name a unit that is
// there, one by its serial number and one by a node. Looks into sysfs for sg.
bool is_same_device(std::string_view a, std::string_view b);

// Where a device is on a bus of parallel SCSI, whose changers tell their drives by SCSI ID and LUN.
// Nothing for every other kind of bus: there the numbers are the system's own, and mean nothing to
// the changer. Looks into sysfs for sg; asks the driver for spti, which may block. Any thread.
std::optional<BusAddress> parallel_bus_address(std::string_view uri);

}  // namespace ntms::transport
