// SPDX-License-Identifier: MIT
// Parses strictly: a URI that is almost right would open another device than was meant.
#include "transport/uri.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include "ntms/win32_types.h"

namespace ntms::transport {
namespace {

constexpr std::string_view kIscsiPrefix = "iscsi://";
constexpr std::string_view kEmulatorPrefix = "emulator:";
constexpr std::string_view kInitiatorKey = "initiator=";
constexpr std::size_t kMaxIscsiName = 223;  // RFC 7143, 4.2.7.1

// A decimal number without sign, spaces or anything behind it.
std::optional<unsigned> parse_number(std::string_view text, unsigned limit) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size() || value > limit) {
    return std::nullopt;
  }
  return value;
}

bool has_control_or_space(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte <= 0x20 || byte == 0x7F;
  });
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

Error malformed(std::string_view uri, std::string_view reason) {
  return fail(ERROR_INVALID_PARAMETER,
              "\"" + std::string(uri) + "\" names no device: " + std::string(reason));
}

}  // namespace

std::string_view scheme_of(std::string_view uri) {
  const auto colon = uri.find(':');
  return colon == std::string_view::npos ? std::string_view{} : uri.substr(0, colon);
}

Result<IscsiUri> parse_iscsi_uri(std::string_view uri) {
  if (!uri.starts_with(kIscsiPrefix)) return malformed(uri, "it does not begin with iscsi://");
  const auto rest = uri.substr(kIscsiPrefix.size());
  const auto first = rest.find('/');
  const auto last = rest.rfind('/');
  if (first == std::string_view::npos || first == last) {
    return malformed(uri, "the form is iscsi://HOST[:PORT]/TARGET/LUN");
  }
  const auto portal = rest.substr(0, first);
  const auto target = rest.substr(first + 1, last - first - 1);
  const auto lun = parse_number(rest.substr(last + 1), kMaxLun);

  std::string_view host = portal;
  std::string_view port;
  if (portal.starts_with('[')) {
    const auto end = portal.find(']');
    if (end == std::string_view::npos) return malformed(uri, "the host has no closing bracket");
    host = portal.substr(1, end - 1);
    port = portal.substr(end + 1);
    if (!port.empty() && port.front() != ':') return malformed(uri, "a port begins with a colon");
  } else if (const auto colon = portal.find(':'); colon != std::string_view::npos) {
    host = portal.substr(0, colon);
    port = portal.substr(colon);
  }

  IscsiUri result;
  if (host.empty() || has_control_or_space(host) ||
      host.find_first_of("[]@%") != std::string_view::npos) {
    return malformed(uri, "the host is missing or has forbidden characters");
  }
  if (!port.empty()) {
    const auto number = parse_number(port.substr(1), 65535);
    if (!number || *number == 0) return malformed(uri, "the port is not a number up to 65535");
    result.port = static_cast<std::uint16_t>(*number);
  }
  if (target.empty() || target.size() > kMaxIscsiName || has_control_or_space(target) ||
      target.find('/') != std::string_view::npos) {
    return malformed(uri, "the target's name is missing, too long or has forbidden characters");
  }
  if (!lun) return malformed(uri, "the LUN is not a number up to 16383");
  result.host = host;
  result.target = target;
  result.lun = *lun;
  return result;
}

Result<EmulatorUri> parse_emulator_uri(std::string_view uri) {
  if (!uri.starts_with(kEmulatorPrefix)) return malformed(uri, "it does not begin with emulator:");
  auto rest = uri.substr(kEmulatorPrefix.size());

  EmulatorUri result;
  if (const auto hash = rest.find('#'); hash != std::string_view::npos) {
    const auto lun = parse_number(rest.substr(hash + 1), kMaxLun);
    if (!lun) return malformed(uri, "the LUN behind # is not a number up to 16383");
    result.lun = *lun;
    rest = rest.substr(0, hash);
  }
  if (const auto question = rest.find('?'); question != std::string_view::npos) {
    const auto query = rest.substr(question + 1);
    if (!query.starts_with(kInitiatorKey) || query.size() == kInitiatorKey.size()) {
      return malformed(uri, "behind ? only initiator=NAME may follow");
    }
    result.initiator = query.substr(kInitiatorKey.size());
    if (has_control_or_space(result.initiator) ||
        result.initiator.find_first_of("?&") != std::string::npos) {
      return malformed(uri, "the initiator's name has forbidden characters");
    }
    rest = rest.substr(0, question);
  }
  if (rest.empty() || has_control(rest)) {
    return malformed(uri, "the path is missing or has control characters");
  }
  result.path = rest;
  return result;
}

std::string format_uri(const IscsiUri& uri) {
  const bool ipv6 = uri.host.find(':') != std::string::npos;
  return std::string(kIscsiPrefix) + (ipv6 ? "[" + uri.host + "]" : uri.host) + ":" +
         std::to_string(uri.port) + "/" + uri.target + "/" + std::to_string(uri.lun);
}

std::string format_uri(const EmulatorUri& uri) {
  std::string text = std::string(kEmulatorPrefix) + uri.path;
  if (!uri.initiator.empty()) text += "?" + std::string(kInitiatorKey) + uri.initiator;
  if (uri.lun != 0) text += "#" + std::to_string(uri.lun);
  return text;
}

}  // namespace ntms::transport
