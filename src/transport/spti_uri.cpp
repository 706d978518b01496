// SPDX-License-Identifier: MIT
#include "transport/spti_uri.h"

#include <array>
#include <charconv>
#include <optional>

#include "ntms/win32_types.h"

namespace ntms::transport {
namespace {

constexpr std::string_view kPrefix = "spti:";
constexpr std::string_view kNamespace = "\\\\.\\";

struct ClassName {
  SptiClass device_class;
  std::string_view name;
};
constexpr std::array kClassNames{ClassName{SptiClass::changer, "Changer"},
                                 ClassName{SptiClass::tape, "Tape"},
                                 ClassName{SptiClass::port, "Scsi"}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// Takes `word` off the front of `rest` whatever its case; false when it is not there.
bool take_word(std::string_view& rest, std::string_view word) {
  if (rest.size() < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (lower(rest[i]) != lower(word[i])) return false;
  }
  rest.remove_prefix(word.size());
  return true;
}

// Takes a decimal number without sign and leading zeroes off the front of `rest`.
std::optional<unsigned> take_number(std::string_view& rest, unsigned limit) {
  if (rest.size() > 1 && rest[0] == '0' && rest[1] >= '0' && rest[1] <= '9') return std::nullopt;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), value);
  if (error != std::errc{} || value > limit) return std::nullopt;
  rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
  return value;
}

// Takes ":NUMBER" off the front of `rest`.
bool take_part(std::string_view& rest, std::uint8_t& part) {
  if (rest.empty() || rest.front() != ':') return false;
  rest.remove_prefix(1);
  const auto number = take_number(rest, 255);
  if (number) part = static_cast<std::uint8_t>(*number);
  return number.has_value();
}

std::string_view name_of(SptiClass device_class) {
  for (const ClassName& entry : kClassNames) {
    if (entry.device_class == device_class) return entry.name;
  }
  return {};
}

Error malformed(std::string_view uri, std::string_view reason) {
  return fail(ERROR_INVALID_PARAMETER,
              "\"" + std::string(uri) + "\" names no device: " + std::string(reason));
}

}  // namespace

Result<SptiUri> parse_spti_uri(std::string_view uri) {
  std::string_view rest = uri;
  if (!rest.starts_with(kPrefix)) return malformed(uri, "it does not begin with spti:");
  rest.remove_prefix(kPrefix.size());
  if (!rest.starts_with(kNamespace))
    return malformed(uri, "the device does not begin with \\\\.\\");
  rest.remove_prefix(kNamespace.size());
  for (const ClassName& entry : kClassNames) {
    if (!take_word(rest, entry.name)) continue;
    SptiUri result;
    result.device_class = entry.device_class;
    const auto number = take_number(rest, kMaxSptiNumber);
    if (!number) return malformed(uri, "the device has no number up to 9999");
    result.number = *number;
    if (entry.device_class == SptiClass::port &&
        !(take_part(rest, result.address.path) && take_part(rest, result.address.target) &&
          take_part(rest, result.address.lun))) {
      return malformed(uri, "the form is spti:\\\\.\\ScsiN:PATH:TARGET:LUN, each up to 255");
    }
    if (!rest.empty()) return malformed(uri, "something follows the name of the device");
    return result;
  }
  return malformed(uri, "known are \\\\.\\ChangerN, \\\\.\\TapeN and \\\\.\\ScsiN:PATH:TARGET:LUN");
}

std::string format_uri(const SptiUri& uri) {
  std::string text = std::string(kPrefix) + spti_device_name(uri);
  if (uri.device_class == SptiClass::port) {
    text += std::to_string(uri.address.path) + ":" + std::to_string(uri.address.target) + ":" +
            std::to_string(uri.address.lun);
  }
  return text;
}

std::string spti_device_name(const SptiUri& uri) {
  std::string name(kNamespace);
  name += name_of(uri.device_class);
  name += std::to_string(uri.number);
  if (uri.device_class == SptiClass::port) name += ":";
  return name;
}

}  // namespace ntms::transport
