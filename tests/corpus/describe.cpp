// SPDX-License-Identifier: MIT
#include "corpus/describe.h"

#include <utility>

#include "labels/recognition.h"
#include "scsi/density.h"
#include "scsi/inquiry.h"
#include "scsi/luns.h"
#include "scsi/mode_pages.h"
#include "scsi/sense.h"
#include "scsi/tape_alert.h"
#include "scsi/text.h"

namespace ntms::corpus {
namespace {

using scsi::Bytes;
using scsi::ElementType;
using scsi::hex_field;
using scsi::kElementTypes;

constexpr std::size_t kMostElements = 16;

Words error_words(const Error& error) {
  return {"error " + std::to_string(error.code)};
}

std::string code_words(std::uint8_t asc, std::uint8_t ascq) {
  return hex_field(Bytes(&asc, 1)) + "/" + hex_field(Bytes(&ascq, 1));
}

std::string quoted(const std::string& text) {
  return "\"" + text + "\"";
}

std::string identifier_words(const scsi::DeviceIdentifier& identifier) {
  return "type " + std::to_string(identifier.type) + " code set " +
         std::to_string(identifier.code_set) + " of " + std::to_string(identifier.association) +
         " " + quoted(identifier.text);
}

Words element_status(Bytes bytes) {
  const auto report = scsi::parse_element_status(bytes);
  if (!report) return error_words(report.error());
  const auto& elements = report->elements;
  Words words{"first " + std::to_string(report->first) + " count " + std::to_string(report->count) +
              " bytes " + std::to_string(report->byte_count) + " elements " +
              std::to_string(elements.size()) + (report->volume_tags ? " tags" : "") +
              (report->last_cut_short ? " cut short" : "")};
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (elements.size() <= kMostElements || i < 2 || i + 1 == elements.size()) {
      words.push_back(to_words(elements[i]));
    }
  }
  return words;
}

std::string range_words(ElementType type, const scsi::ElementRange& range) {
  return std::string(to_string(type)) + " " + std::to_string(range.first) + "+" +
         std::to_string(range.count);
}

// "slot>drive" and so on, for the moves or exchanges that are claimed.
template <class Claims>
std::string matrix_words(const std::string& name, Claims&& claims) {
  std::string words = name;
  for (const ElementType from : kElementTypes) {
    for (const ElementType to : kElementTypes) {
      if (claims(from, to)) {
        words += " " + std::string(to_string(from)) + ">" + std::string(to_string(to));
      }
    }
  }
  return words;
}

Words addresses_words(Bytes page) {
  const auto assignment = scsi::parse_element_address_assignment(page);
  if (!assignment) return {"1D: error " + std::to_string(assignment.error().code)};
  std::string words = "1D:";
  for (const ElementType type : kElementTypes)
    words += " " + range_words(type, assignment->of(type));
  return {words};
}

Words geometry_words(Bytes page) {
  const auto rotates = scsi::parse_transport_rotates(page);
  if (!rotates) return {"1E: error " + std::to_string(rotates.error().code)};
  return {*rotates ? "1E: turns media over" : "1E: does not turn media over"};
}

Words capabilities_words(Bytes page) {
  const auto claims = scsi::parse_device_capabilities(page);
  if (!claims) return {"1F: error " + std::to_string(claims.error().code)};
  std::string stores = "1F: stores";
  for (const ElementType type : kElementTypes) {
    if (claims->can_store(type)) stores += " " + std::string(to_string(type));
  }
  const auto moves = [&](auto from, auto to) { return claims->can_move(from, to); };
  const auto exchanges = [&](auto from, auto to) { return claims->can_exchange(from, to); };
  return {stores, matrix_words("1F: moves", moves), matrix_words("1F: exchanges", exchanges)};
}

Words mode_sense(Bytes bytes, scsi::ModeSense form) {
  using Describe = Words (*)(Bytes);
  constexpr std::pair<std::uint8_t, Describe> kPages[] = {
      {scsi::kElementAddressAssignmentPage, addresses_words},
      {scsi::kTransportGeometryPage, geometry_words},
      {scsi::kDeviceCapabilitiesPage, capabilities_words}};
  Words words;
  for (const auto& [code, describe_page] : kPages) {
    const auto page = scsi::find_mode_page(bytes, form, code);
    if (!page) continue;
    for (auto& line : describe_page(*page)) words.push_back(std::move(line));
  }
  if (words.empty()) words.push_back("no page");
  return words;
}

Words inquiry(Bytes bytes) {
  const auto data = scsi::parse_inquiry(bytes);
  if (!data) return error_words(data.error());
  return {"type " + std::to_string(data->device_type) + " qualifier " +
          std::to_string(data->qualifier) + (data->removable ? " removable " : " ") +
          quoted(data->vendor) + " " + quoted(data->product) + " " + quoted(data->revision)};
}

Words serial_number(Bytes bytes) {
  const auto serial = scsi::parse_serial_number(bytes);
  if (!serial) return error_words(serial.error());
  return {quoted(*serial)};
}

Words device_identification(Bytes bytes) {
  const auto designators = scsi::parse_device_identification(bytes);
  if (!designators) return error_words(designators.error());
  Words words{"designators " + std::to_string(designators->size())};
  for (const auto& designator : *designators) words.push_back(identifier_words(designator));
  return words;
}

Words report_luns(Bytes bytes) {
  const auto luns = scsi::parse_report_luns(bytes);
  if (!luns) return error_words(luns.error());
  std::string words = "units";
  for (const std::uint16_t lun : *luns) words += " " + std::to_string(lun);
  return {words};
}

Words tape_alerts(Bytes bytes) {
  const scsi::TapeAlerts alerts = scsi::parse_tape_alerts(bytes);
  std::string words = "alerts";
  for (std::size_t i = 0; i < alerts.size(); ++i) {
    if (alerts[i]) words += " " + std::to_string(i);
  }
  return {words};
}

Words densities(Bytes bytes) {
  const auto list = scsi::parse_density_support(bytes);
  if (!list) return error_words(list.error());
  Words words{"densities " + std::to_string(list->size())};
  for (const auto& density : *list) {
    words.push_back(hex_field(Bytes(&density.code, 1)) + (density.writable ? " writable" : "") +
                    (density.is_default ? " default " : " ") + std::to_string(density.capacity));
  }
  return words;
}

Words label(Bytes bytes) {
  const auto found = labels::recognize(bytes, labels::LabelLibraries(), [](const std::string&) {});
  return {found ? to_words(*found) : "no label"};
}

Words descriptor(Bytes bytes) {
  const auto parts = security::parse(bytes);
  return parts ? to_words(*parts) : error_words(parts.error());
}

Words list_words(const std::string& name, bool present, security::ByteView acl) {
  if (!present) return {};
  Words words{name + (acl.empty() ? " null" : " revision " + std::to_string(acl[0]))};
  security::for_each_entry(acl, [&](const security::Entry& entry) {
    words.push_back("  type " + std::to_string(entry.type) + " flags " +
                    std::to_string(entry.flags) + " mask " + std::to_string(entry.mask) + " " +
                    hex_field(entry.sid));
    return true;
  });
  return words;
}

}  // namespace

std::string to_words(const scsi::ElementStatus& element) {
  std::string words = std::string(to_string(element.type)) + " " + std::to_string(element.address);
  if (element.full) words += " full";
  if (element.access) words += " access";
  if (element.import_enabled) words += " import";
  if (element.export_enabled) words += " export";
  if (element.placed_by_operator) words += " by operator";
  if (element.except || element.asc != 0 || element.ascq != 0) {
    words += std::string(element.except ? " except " : " ") + code_words(element.asc, element.ascq);
  }
  if (element.source) words += " from " + std::to_string(*element.source);
  if (element.inverted) words += " inverted";
  if (!element.volume_tag.empty()) words += " tag " + quoted(element.volume_tag);
  if (!element.alternate_tag.empty()) words += " alternate " + quoted(element.alternate_tag);
  if (element.scsi_id) words += " id " + std::to_string(*element.scsi_id);
  if (element.scsi_lun) words += " lun " + std::to_string(*element.scsi_lun);
  if (element.other_bus) words += " other bus";
  if (element.device) words += " " + identifier_words(*element.device);
  return words;
}

std::string to_words(const labels::Label& label) {
  return quoted(label.type) + " id " + hex_field(label.id) + " info " + quoted(label.info) +
         (label.side ? " side " + std::to_string(*label.side) : "");
}

Words to_words(const security::Descriptor& descriptor) {
  Words words{"control " + std::to_string(descriptor.control),
              "owner " + hex_field(descriptor.owner), "group " + hex_field(descriptor.group)};
  for (auto& line : list_words("SACL", descriptor.has_sacl(), descriptor.sacl)) {
    words.push_back(std::move(line));
  }
  for (auto& line : list_words("DACL", descriptor.has_dacl(), descriptor.dacl)) {
    words.push_back(std::move(line));
  }
  return words;
}

Words describe(const std::string& parser, Bytes bytes) {
  if (parser == "element_status") return element_status(bytes);
  if (parser == "mode_sense_6") return mode_sense(bytes, scsi::ModeSense::six);
  if (parser == "mode_sense_10") return mode_sense(bytes, scsi::ModeSense::ten);
  if (parser == "inquiry") return inquiry(bytes);
  if (parser == "serial_number") return serial_number(bytes);
  if (parser == "device_identification") return device_identification(bytes);
  if (parser == "sense") return {to_string(scsi::parse_sense(bytes))};
  if (parser == "report_luns") return report_luns(bytes);
  if (parser == "tape_alerts") return tape_alerts(bytes);
  if (parser == "densities") return densities(bytes);
  if (parser == "label") return label(bytes);
  if (parser == "descriptor") return descriptor(bytes);
  return {"no parser of this name"};
}

}  // namespace ntms::corpus
