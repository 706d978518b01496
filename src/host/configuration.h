// SPDX-License-Identifier: MIT
// Which devices the server is to serve: NTMS_DEVICES, the file "ntms.conf" in the data directory,
// the libraries already known, and what discovery finds.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "operations/configure.h"
#include "store/records.h"
#include "transport/discovery_plan.h"

namespace ntms::host {

// What configuration says; see docs/configuration.md for the format.
struct Configuration {
  std::vector<operations::DeviceSetting> devices;
  std::vector<operations::DeviceSetting> known;  // libraries of the database that nobody named
  bool discover = false;                         // look for devices that nobody named
  bool identify_new_media = true;                // mount what nobody knows, and read its label
  bool discovered_in_service = false;            // NTMS_DEVICES=auto: enable what is found
  std::vector<std::string> serials;              // serial numbers of the changers discovered
  std::vector<std::string> complaints;           // lines that were not understood, for the log
};

// Parses the text of a configuration file. Each line is empty, a comment starting with '#',
//   identify-new-media yes|no
// or
//   device <uri> [doors=<number>] [empty-drives-for-doors=yes|no] [enabled=yes|no]
//          [drive=<uri>]... [drive@<element address>=<uri>]... [name=<word> | name="<words>"]
// Lines that do not fit are reported in `complaints` and skipped.
Configuration parse_configuration(std::string_view text);

// The configuration of a data directory and the environment: NTMS_IDENTIFY (yes or no) overrides
// identify-new-media, NTMS_DEVICES (blank-separated URIs, or "auto") adds to the file; a URI named
// twice counts once. With neither, devices are discovered.
Configuration read_configuration(const std::filesystem::path& directory);

// Adds the libraries that were discovered and that nobody named to `devices`.
void add_discovered_libraries(Configuration& configuration,
                              const std::vector<transport::FoundLibrary>& found);

// Adds the libraries the database knows, and that nobody named or discovered (perhaps under another
// name), to `known`: a process without configuration still serves what others configured, as long
// as the database knows it.
void add_known_libraries(Configuration& configuration, const std::vector<model::Library>& known);

}  // namespace ntms::host
