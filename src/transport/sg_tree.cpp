// SPDX-License-Identifier: MIT
// Classes used: scsi_generic, scsi_tape, scsi_changer and spi_host. The attributes of a unit are
// those that the kernel's documentation of sysfs names for SCSI devices.
#include "transport/sg_tree.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <iterator>
#include <string_view>
#include <system_error>

#include "ntms/win32_types.h"
#include "scsi/commands.h"
#include "scsi/inquiry.h"

namespace ntms::transport {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxAttribute = 4096;  // a page, the most that sysfs gives

std::string attribute(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::string text(kMaxAttribute, '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

std::string word(const fs::path& file) {
  std::string text = attribute(file);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// The number behind `prefix`; nothing when the name is not of that form.
std::optional<unsigned> number_of(std::string_view name, std::string_view prefix) {
  if (!name.starts_with(prefix)) return std::nullopt;
  name.remove_prefix(prefix.size());
  unsigned value = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), value);
  if (error != std::errc{} || end != name.data() + name.size()) return std::nullopt;
  return value;
}

// The entries of a directory that are called `prefix` and a number, in the order of the numbers.
std::vector<std::string> numbered_entries(const fs::path& directory, std::string_view prefix) {
  std::vector<std::pair<unsigned, std::string>> found;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (const auto number = number_of(name, prefix)) found.emplace_back(*number, std::move(name));
  }
  std::sort(found.begin(), found.end());
  std::vector<std::string> names;
  std::transform(found.begin(), found.end(), std::back_inserter(names),
                 [](auto& entry) { return std::move(entry.second); });
  return names;
}

// "H:C:T:L", as the directory of a unit is called.
std::optional<BusAddress> address_of(const fs::path& device) {
  std::error_code error;
  const std::string name = fs::canonical(device, error).filename().string();
  std::array<unsigned, 4> parts{};
  const char* at = name.data();
  const char* const end = at + name.size();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0 && (at == end || *at++ != ':')) return std::nullopt;
    const auto [next, failure] = std::from_chars(at, end, parts[i]);
    if (failure != std::errc{}) return std::nullopt;
    at = next;
  }
  if (error || at != end) return std::nullopt;
  return BusAddress{parts[0], parts[1], parts[2], parts[3]};
}

std::string serial_of(const fs::path& device) {
  const std::string page = attribute(device / "vpd_pg80");
  const auto serial =
      scsi::parse_serial_number({reinterpret_cast<const std::uint8_t*>(page.data()), page.size()});
  return serial ? *serial : std::string();
}

SgUnit read_unit(const SgPlaces& places, const std::string& node) {
  const fs::path device = places.sysfs / "class" / "scsi_generic" / node / "device";
  SgUnit unit;
  unit.node = node;
  if (const auto type = number_of(word(device / "type"), ""); type && *type <= 0x1F) {
    unit.device_type = static_cast<std::uint8_t>(*type);
  }
  unit.vendor = word(device / "vendor");
  unit.product = word(device / "model");
  unit.serial = serial_of(device);
  unit.address = address_of(device);
  unit.state = word(device / "state");
  const auto tapes = numbered_entries(device / "scsi_tape", "nst");
  if (!tapes.empty()) unit.tape = tapes.front();
  return unit;
}

// The sg node of the unit to which a node belongs: itself, or that beside a changer's or drive's.
std::optional<std::string> sg_of(const SgPlaces& places, const std::string& name) {
  if (number_of(name, "sg")) return name;
  for (const char* kind : {"scsi_changer", "scsi_tape"}) {
    const auto beside =
        numbered_entries(places.sysfs / "class" / kind / name / "device" / "scsi_generic", "sg");
    if (!beside.empty()) return beside.front();
  }
  return std::nullopt;
}

Result<std::vector<SgUnit>> units_with_serial(const SgPlaces& places, const SgUri& uri) {
  std::vector<SgUnit> units = list_sg_units(places);
  std::erase_if(units, [&](const SgUnit& unit) {
    return unit.device_type != uri.device_type || unit.serial != uri.serial;
  });
  if (units.empty()) {
    return fail(ERROR_DEVICE_NOT_AVAILABLE, "no device with this serial number is there");
  }
  for (const SgUnit& unit : units) {
    if (unit.vendor != units.front().vendor || unit.product != units.front().product) {
      return fail(ERROR_DEVICE_NOT_AVAILABLE, "both " + units.front().node + " and " + unit.node +
                                                  " have this serial number: name the node");
    }
  }
  std::stable_partition(units.begin(), units.end(),
                        [](const SgUnit& unit) { return unit.running(); });
  return units;
}

// The unit of a named node; its path as it is when sysfs does not know it.
Result<std::string> node_of_path(const SgPlaces& places, const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  const std::string name = (error ? fs::path(path) : real).filename().string();
  if (auto node = sg_of(places, name)) return *node;
  if (!fs::exists(path, error)) {
    return fail(ERROR_DEVICE_NOT_AVAILABLE, "there is no such device");
  }
  return fail(
      ERROR_DEVICE_NOT_AVAILABLE,
      "the kernel has no sg node for it: is it a SCSI device, and is the module sg loaded?");
}

}  // namespace

std::vector<SgUnit> list_sg_units(const SgPlaces& places) {
  std::vector<SgUnit> units;
  for (const std::string& node : numbered_entries(places.sysfs / "class" / "scsi_generic", "sg")) {
    units.push_back(read_unit(places, node));
  }
  return units;
}

std::string glimpse_of_sg_units(const SgPlaces& places) {
  const fs::path directory = places.sysfs / "class" / "scsi_generic";
  std::string text;
  for (const std::string& node : numbered_entries(directory, "sg")) {
    std::error_code error;
    text += node + " " + fs::canonical(directory / node / "device", error).string() + "\n";
  }
  return text;
}

Result<std::vector<SgUnit>> find_sg_units(const SgPlaces& places, const SgUri& uri) {
  if (uri.path.empty()) return units_with_serial(places, uri);
  const auto node = node_of_path(places, uri.path);
  if (!node) return node.error();
  return std::vector<SgUnit>{read_unit(places, *node)};
}

std::string sg_device_name(const SgPlaces& places, const SgUri& uri) {
  const auto units = find_sg_units(places, uri);
  if (!units) return format_uri(uri);
  const SgUnit& unit = units->front();
  return (places.dev / (unit.tape.empty() ? unit.node : unit.tape)).string();
}

bool is_same_sg_unit(const SgPlaces& places, const SgUri& a, const SgUri& b) {
  const auto first = find_sg_units(places, a);
  const auto second = find_sg_units(places, b);
  if (!first || !second) return false;
  const SgUnit& one = first->front();
  const SgUnit& other = second->front();
  if (one.node == other.node) return true;
  return !one.serial.empty() && one.serial == other.serial &&
         one.device_type == other.device_type && one.vendor == other.vendor &&
         one.product == other.product;
}

std::optional<BusAddress> parallel_bus_address(const SgPlaces& places, const SgUri& uri) {
  const auto units = find_sg_units(places, uri);
  if (!units || !units->front().address) return std::nullopt;
  const BusAddress address = *units->front().address;
  // The class of the adapters of parallel SCSI.
  const fs::path host =
      places.sysfs / "class" / "spi_host" / ("host" + std::to_string(address.port));
  std::error_code error;
  if (!fs::exists(host, error)) return std::nullopt;
  return address;
}

}  // namespace ntms::transport
