// SPDX-License-Identifier: MIT
#include "transport/sg_uri.h"

#include <algorithm>

#include "ntms/win32_types.h"
#include "scsi/commands.h"

namespace ntms::transport {
namespace {

constexpr std::string_view kPrefix = "sg:";
constexpr std::string_view kChanger = "changer=";
constexpr std::string_view kTape = "tape=";
constexpr std::size_t kMaxSerial = 252;  // page 80h has a length of one byte (SPC-4 7.8.18)

bool is_word(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7F;
  });
}

Error malformed(std::string_view uri, std::string_view reason) {
  return fail(ERROR_INVALID_PARAMETER,
              "\"" + std::string(uri) + "\" names no device: " + std::string(reason));
}

}  // namespace

bool fits_sg_uri(std::string_view serial) {
  return !serial.empty() && serial.size() <= kMaxSerial && is_word(serial);
}

Result<SgUri> parse_sg_uri(std::string_view uri) {
  if (!uri.starts_with(kPrefix)) return malformed(uri, "it does not begin with sg:");
  std::string_view rest = uri.substr(kPrefix.size());
  SgUri result;
  if (rest.starts_with('/')) {
    if (rest.size() < 2 || rest.back() == '/' || !is_word(rest)) {
      return malformed(uri, "the form is sg:/dev/sgN");
    }
    result.path = rest;
    return result;
  }
  if (rest.starts_with(kChanger)) {
    result.device_type = scsi::kTypeChanger;
    rest.remove_prefix(kChanger.size());
  } else if (rest.starts_with(kTape)) {
    result.device_type = scsi::kTypeTape;
    rest.remove_prefix(kTape.size());
  } else {
    return malformed(uri, "known are sg:/dev/sgN, sg:changer=SERIAL and sg:tape=SERIAL");
  }
  if (!fits_sg_uri(rest)) {
    return malformed(uri, "a serial number has 1 to 252 characters and no blanks");
  }
  result.serial = rest;
  return result;
}

std::string format_uri(const SgUri& uri) {
  std::string text(kPrefix);
  if (!uri.path.empty()) return text + uri.path;
  text += uri.device_type == scsi::kTypeChanger ? kChanger : kTape;
  return text + uri.serial;
}

}  // namespace ntms::transport
