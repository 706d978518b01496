// SPDX-License-Identifier: MIT
// The table of schemes, as code: one branch each.
#include "transport/open.h"

#include <utility>

#include "ntms/win32_types.h"
#include "transport/emulator_transport.h"
#include "transport/spti_uri.h"
#include "transport/uri.h"
#ifdef _WIN32
#include "transport/spti_bus.h"
#include "transport/spti_transport.h"
#endif
#ifdef NTMS_HAVE_SG
#include "transport/sg_transport.h"
#endif
#ifdef NTMS_HAVE_ISCSI
#include "transport/iscsi_transport.h"
#endif

namespace ntms::transport {
namespace {

// The answer for a URI whose scheme no parser was found for.
Error no_transport(std::string_view uri) {
  const auto scheme = scheme_of(uri);
  if (scheme == "sg" || scheme == "spti" || scheme == "iscsi") {
    return fail(ERROR_NOT_SUPPORTED,
                "this build has no transport for \"" + std::string(uri) + "\"");
  }
  return fail(
      ERROR_INVALID_PARAMETER,
      "\"" + std::string(uri) + "\" names no device: known are sg:, spti:, iscsi: and emulator:");
}

}  // namespace

Result<std::unique_ptr<scsi::Transport>> open_transport(
    [[maybe_unused]] const boost::asio::any_io_executor& executor, std::string_view uri) {
  const auto scheme = scheme_of(uri);
  if (scheme == "emulator") {
    auto parsed = parse_emulator_uri(uri);
    if (!parsed) return parsed.error();
    return std::unique_ptr<scsi::Transport>(
        std::make_unique<EmulatorTransport>(std::move(*parsed)));
  }
#ifdef _WIN32
  if (scheme == "spti") {
    const auto parsed = parse_spti_uri(uri);
    if (!parsed) return parsed.error();
    return std::unique_ptr<scsi::Transport>(
        std::make_unique<SptiTransport>(*parsed, make_system_spti_control));
  }
#endif
#ifdef NTMS_HAVE_SG
  if (scheme == "sg") {
    auto parsed = parse_sg_uri(uri);
    if (!parsed) return parsed.error();
    return std::unique_ptr<scsi::Transport>(
        std::make_unique<SgTransport>(std::move(*parsed), make_system_sg_control));
  }
#endif
#ifdef NTMS_HAVE_ISCSI
  if (scheme == "iscsi") {
    auto parsed = parse_iscsi_uri(uri);
    if (!parsed) return parsed.error();
    return std::unique_ptr<scsi::Transport>(
        std::make_unique<IscsiTransport>(executor, std::move(*parsed)));
  }
#endif
  return no_transport(uri);
}

Result<std::string> sibling_uri(std::string_view uri, unsigned lun) {
  if (lun > kMaxLun) {
    return fail(ERROR_INVALID_PARAMETER, "there is no LUN " + std::to_string(lun));
  }
  const auto scheme = scheme_of(uri);
  if (scheme == "emulator") {
    auto parsed = parse_emulator_uri(uri);
    if (!parsed) return parsed.error();
    parsed->lun = lun;
    return format_uri(*parsed);
  }
  if (scheme == "iscsi") {
    auto parsed = parse_iscsi_uri(uri);
    if (!parsed) return parsed.error();
    parsed->lun = lun;
    return format_uri(*parsed);
  }
  if (scheme == "spti" || scheme == "sg") {
    return fail(ERROR_NOT_SUPPORTED,
                "the units beside \"" + std::string(uri) + "\" have names of their own");
  }
  return no_transport(uri);
}

bool has_siblings(std::string_view uri) {
  const auto scheme = scheme_of(uri);
  return scheme == "emulator" || scheme == "iscsi";
}

std::string device_name(std::string_view uri) {
  if (const auto spti = parse_spti_uri(uri); spti && spti->device_class != SptiClass::port) {
    return spti_device_name(*spti);
  }
#ifdef NTMS_HAVE_SG
  if (const auto sg = parse_sg_uri(uri)) return sg_device_name({}, *sg);
#endif
  return std::string(uri);
}

bool is_same_device(std::string_view a, std::string_view b) {
  if (a == b) return true;
#ifdef NTMS_HAVE_SG
  const auto first = parse_sg_uri(a);
  const auto second = parse_sg_uri(b);
  if (first && second) return is_same_sg_unit({}, *first, *second);
#endif
  return false;
}

std::optional<BusAddress> parallel_bus_address([[maybe_unused]] std::string_view uri) {
#ifdef _WIN32
  if (const auto spti = parse_spti_uri(uri)) {
    return parallel_bus_address(*make_system_spti_control(), *spti);
  }
#endif
#ifdef NTMS_HAVE_SG
  if (const auto sg = parse_sg_uri(uri)) return parallel_bus_address({}, *sg);
#endif
  return std::nullopt;
}

}  // namespace ntms::transport
