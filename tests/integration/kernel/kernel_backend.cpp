// SPDX-License-Identifier: MIT
#include "integration/kernel/kernel_backend.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "support/program.h"

namespace ntms::integration {
namespace fs = std::filesystem;
using conformance::Element;
using conformance::kDrive;
using conformance::kPort;
using conformance::kSlot;

namespace {

// The first entry below a directory; empty when there is none.
std::string first_in(const fs::path& directory) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(directory, error)) {
    return entry.path().filename().string();
  }
  return {};
}

void write_to(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text << std::flush;
  if (!out) throw std::runtime_error(file.string() + " cannot be written");
}

void operate(unsigned port, const std::string& what) {
  test::run_program({"/usr/sbin/tgtadm", "-C", "0", "--lld", "iscsi", "--mode", "logicalunit",
                     "--op", "update", "--tid", "1", "--lun", "3", "--params",
                     "element_type=3,address=" + std::to_string(16 + port) + "," + what});
}

// mtx counts slots from 1 and goes on with the ports, and drives from 0.
std::string storage(unsigned type, unsigned index) {
  return std::to_string(type == kPort ? KernelBackend::kSlots + index + 1 : index + 1);
}

}  // namespace

std::string changer_node() {
  return "/dev/" + first_in("/sys/class/scsi_changer");
}

std::string sg_node() {
  const std::string changer = first_in("/sys/class/scsi_changer");
  return "/dev/" + first_in("/sys/class/scsi_changer/" + changer + "/device/scsi_generic");
}

void delete_devices() {
  for (const auto& entry : fs::directory_iterator("/sys/class/scsi_device")) {
    write_to(entry.path() / "device" / "delete", "1");
  }
}

void delete_drive(const std::string& node) {
  write_to("/sys/class/scsi_tape/" + node + "/device/delete", "1");
}

void rescan(const std::string& units) {
  write_to("/sys/class/scsi_host/" + first_in("/sys/class/scsi_host") + "/scan", units);
}

std::string KernelBackend::bar_code(unsigned index) const {
  const std::string number = std::to_string(index + 1);
  return "VT" + std::string(4 - number.size(), '0') + number + "L5";
}

// "Data Transfer Element 0:Full (Storage Element 3 Loaded):VolumeTag = VT0003L5",
// "      Storage Element 17 IMPORT/EXPORT:Empty:VolumeTag=", and so on.
std::vector<Element> KernelBackend::truth() {
  std::istringstream lines(test::run_program({"/usr/sbin/mtx", "-f", changer_node(), "status"}));
  std::vector<Element> elements;
  for (std::string line; std::getline(lines, line);) {
    const auto colon = line.find(':');
    const auto at = line.find("Element ");
    if (colon == std::string::npos || at == std::string::npos || at > colon) continue;
    const auto number = static_cast<unsigned>(std::stoul(line.substr(at + 8)));
    Element element;
    if (line.find("Data Transfer") < colon) {
      element = {kDrive, number, false, ""};
    } else if (line.find("IMPORT/EXPORT") < colon) {
      element = {kPort, number - kSlots - 1, false, ""};
    } else {
      element = {kSlot, number - 1, false, ""};
    }
    element.full = line.compare(colon + 1, 4, "Full") == 0;
    const auto tag = line.find("VolumeTag");
    if (element.full && tag != std::string::npos) {
      std::istringstream word(line.substr(line.find('=', tag) + 1));
      word >> element.bar_code;
    }
    elements.push_back(element);
  }
  if (elements.size() != kSlots + kPorts + kDrives) {
    throw std::runtime_error("mtx tells of " + std::to_string(elements.size()) + " elements");
  }
  return elements;
}

void KernelBackend::put(unsigned port, const std::string& bar_code) {
  operate(port, "barcode=" + bar_code + ",sides=1");
}

void KernelBackend::take(unsigned port) {
  operate(port, "clear_slot=1");
}

bool KernelBackend::foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to) {
  std::vector<std::string> command{"/usr/sbin/mtx", "-f", changer_node()};
  if (to_type == kDrive) {
    command.insert(command.end(), {"load", storage(from_type, from), std::to_string(to)});
  } else if (from_type == kDrive) {
    command.insert(command.end(), {"unload", storage(to_type, to), std::to_string(from)});
  } else {
    command.insert(command.end(), {"transfer", storage(from_type, from), storage(to_type, to)});
  }
  test::Program mtx(command);
  mtx.read_all();
  return mtx.wait() == 0;
}

}  // namespace ntms::integration
