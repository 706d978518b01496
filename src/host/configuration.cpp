// SPDX-License-Identifier: MIT
#include "host/configuration.h"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <sstream>

#include "platform/system.h"
#include "platform/text.h"
#include "transport/open.h"

namespace ntms::host {
namespace {

// Takes the next blank-separated word off the front of `rest`.
std::string_view next_word(std::string_view& rest) {
  const auto start = rest.find_first_not_of(" \t\r");
  if (start == std::string_view::npos) {
    rest = {};
    return {};
  }
  rest.remove_prefix(start);
  const auto end = std::min(rest.find_first_of(" \t\r"), rest.size());
  const std::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

std::string_view trimmed(std::string_view text) {
  const auto start = text.find_first_not_of(" \t\r");
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(" \t\r") - start + 1);
}

// The rest of "drive@ELEMENT=URI". One element has one drive, and one drive one element.
bool apply_drive_of_element(operations::DeviceSetting& device, std::string_view rest) {
  std::uint16_t element = 0;
  const char* const end = rest.data() + rest.size();
  const auto [next, error] = std::from_chars(rest.data(), end, element);
  if (error != std::errc{} || end - next < 2 || *next != '=') return false;
  const std::string uri(next + 1, end);
  const auto& known = device.drive_of_element;
  if (std::any_of(known.begin(), known.end(), [&](const auto& other) {
        return transport::is_same_device(other.second, uri);
      })) {
    return false;
  }
  return device.drive_of_element.emplace(element, uri).second;
}

// One "key=value" of a device line. False when it is not understood.
bool apply_option(operations::DeviceSetting& device, std::string_view option) {
  if (option.starts_with("doors=")) {
    const std::string_view value = option.substr(6);
    const auto [end, error] =
        std::from_chars(value.data(), value.data() + value.size(), device.doors);
    return error == std::errc{} && end == value.data() + value.size() && device.doors <= 64;
  }
  if (option.starts_with("drive=")) {
    device.drives.emplace_back(option.substr(6));
    return !device.drives.back().empty();
  }
  if (option.starts_with("drive@")) return apply_drive_of_element(device, option.substr(6));
  if (option.starts_with("name=")) {
    device.name = option.substr(5);
    return !device.name.empty() && device.name.size() < NTMS_OBJECTNAME_LENGTH;
  }
  if (option == "empty-drives-for-doors=yes" || option == "empty-drives-for-doors=no") {
    device.empty_drives_for_doors = option == "empty-drives-for-doors=yes";
    return true;
  }
  if (option == "enabled=yes" || option == "enabled=no") {
    device.in_service = option == "enabled=yes";
    return true;
  }
  return false;
}

bool parse_device(std::string_view rest, operations::DeviceSetting& device) {
  device.uri = next_word(rest);
  if (device.uri.empty()) return false;
  for (;;) {
    const std::string_view before = trimmed(rest);
    if (before.empty()) return true;
    if (before.starts_with("name=\"")) {  // names have blanks
      const auto end = before.find('"', 6);
      if (end == std::string_view::npos) return false;
      device.name = before.substr(6, end - 6);
      rest = before.substr(end + 1);
      if (device.name.empty() || device.name.size() >= NTMS_OBJECTNAME_LENGTH) return false;
      continue;
    }
    if (!apply_option(device, next_word(rest))) return false;
  }
}

bool names(const std::vector<operations::DeviceSetting>& devices, const std::string& uri) {
  return std::any_of(devices.begin(), devices.end(), [&](const auto& device) {
    return transport::is_same_device(device.uri, uri);
  });
}

void add(Configuration& configuration, operations::DeviceSetting device) {
  if (!names(configuration.devices, device.uri)) configuration.devices.push_back(std::move(device));
}

}  // namespace

namespace {

bool is_yes_or_no(std::string_view word) {
  return word == "yes" || word == "no";
}

}  // namespace

Configuration parse_configuration(std::string_view text) {
  Configuration configuration;
  for (std::size_t number = 1; !text.empty(); ++number) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    std::string_view rest = line;
    operations::DeviceSetting device;
    const std::string_view keyword = next_word(rest);
    if (keyword == "device" && parse_device(rest, device)) {
      add(configuration, std::move(device));
    } else if (keyword == "identify-new-media" && is_yes_or_no(trimmed(rest))) {
      configuration.identify_new_media = trimmed(rest) == "yes";
    } else {
      configuration.complaints.push_back("line " + std::to_string(number) +
                                         " is not understood: " + platform::printable(line));
    }
  }
  return configuration;
}

Configuration read_configuration(const std::filesystem::path& directory) {
  std::ifstream file(directory / "ntms.conf");
  std::stringstream text;
  if (file) text << file.rdbuf();
  Configuration configuration = parse_configuration(text.str());
  const std::string named = platform::environment("NTMS_DEVICES").value_or("");
  std::string_view rest = named;
  for (std::string_view uri = next_word(rest); !uri.empty(); uri = next_word(rest)) {
    if (uri == "auto") {
      configuration.discover = configuration.discovered_in_service = true;
    } else {
      operations::DeviceSetting device;
      device.uri = uri;
      add(configuration, std::move(device));
    }
  }
  if (configuration.devices.empty()) configuration.discover = true;
  const std::string identify = platform::environment("NTMS_IDENTIFY").value_or("");
  if (is_yes_or_no(identify)) {
    configuration.identify_new_media = identify == "yes";
  } else if (!identify.empty()) {
    configuration.complaints.push_back("NTMS_IDENTIFY is neither yes nor no: " +
                                       platform::printable(identify));
  }
  return configuration;
}

void add_discovered_libraries(Configuration& configuration,
                              const std::vector<transport::FoundLibrary>& found) {
  for (const transport::FoundLibrary& library : found) {
    operations::DeviceSetting device;
    device.uri = library.changer;
    device.in_service = configuration.discovered_in_service;
    if (!library.serial.empty()) configuration.serials.push_back(library.serial);
    add(configuration, std::move(device));
  }
}

void add_known_libraries(Configuration& configuration, const std::vector<model::Library>& known) {
  for (const model::Library& library : known) {
    if (library.uri.empty() || names(configuration.devices, library.uri) ||
        names(configuration.known, library.uri) ||
        std::count(configuration.serials.begin(), configuration.serials.end(), library.serial)) {
      continue;
    }
    operations::DeviceSetting device;
    device.uri = library.uri;
    configuration.known.push_back(std::move(device));
  }
}

}  // namespace ntms::host
