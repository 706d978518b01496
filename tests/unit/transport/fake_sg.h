// SPDX-License-Identifier: MIT
// Linux' view of its SCSI units, played: a tree of files like sysfs, and nodes whose answers are
// told.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "transport/sg_control.h"
#include "transport/sg_tree.h"

namespace ntms::transport::test {

// A directory of its own with sys/ and dev/, as the kernel and devtmpfs would make them.
class FakeTree {
 public:
  struct Unit {
    std::string address;  // "2:0:0:3"
    std::uint8_t type = 8;
    std::string vendor = "VENDOR";
    std::string product = "PRODUCT";
    std::string serial;  // empty: the kernel does not tell
    std::string high;    // the node of its other driver: "sch0", "nst0"; empty: none
  };

  FakeTree() {
    std::string name = (std::filesystem::temp_directory_path() / "ntms-sg-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no directory");
    root_ = name;
    std::filesystem::create_directories(places().sysfs / "class");
    std::filesystem::create_directories(places().dev);
  }
  ~FakeTree() {
    std::error_code ignored;
    std::filesystem::remove_all(root_, ignored);
  }
  FakeTree(const FakeTree&) = delete;
  FakeTree& operator=(const FakeTree&) = delete;

  SgPlaces places() const { return {root_ / "sys", root_ / "dev"}; }
  std::string node(const std::string& name) const { return (root_ / "dev" / name).string(); }
  std::string uri(const std::string& name) const { return "sg:" + node(name); }

  void add(const std::string& sg, const Unit& unit) {
    const auto device = device_of(unit.address);
    std::filesystem::create_directories(device / "scsi_generic" / sg);
    write(device / "type", std::to_string(unit.type) + "\n");
    write(device / "vendor", pad(unit.vendor, 8) + "\n");
    write(device / "model", pad(unit.product, 16) + "\n");
    write(device / "state", "running\n");
    if (!unit.serial.empty()) {
      const std::string header = {static_cast<char>(unit.type), static_cast<char>(0x80), 0,
                                  static_cast<char>(unit.serial.size())};
      write(device / "vpd_pg80", header + unit.serial);
    }
    link("scsi_generic", sg, device);
    make_node(sg);
    if (unit.high.empty()) return;
    const bool tape = unit.type == 1;
    const std::string kind = tape ? "scsi_tape" : "scsi_changer";
    std::filesystem::create_directories(device / kind / unit.high);
    if (tape) std::filesystem::create_directories(device / kind / unit.high.substr(1));
    link(kind, unit.high, device);
    make_node(unit.high);
  }

  // The kernel removes a unit with all its nodes.
  void remove(const std::string& sg, const std::string& address) {
    std::filesystem::remove_all(device_of(address));
    std::filesystem::remove_all(places().sysfs / "class" / "scsi_generic" / sg);
    std::filesystem::remove(node(sg));
  }

  void set_state(const std::string& address, const std::string& state) {
    write(device_of(address) / "state", state + "\n");
  }

  void link_node(const std::string& name, const std::string& target) {
    std::filesystem::create_directories((root_ / "dev" / name).parent_path());
    std::filesystem::create_symlink(node(target), root_ / "dev" / name);
  }
  void make_node(const std::string& name) { write(root_ / "dev" / name, ""); }

 private:
  std::filesystem::path device_of(const std::string& address) const {
    return places().sysfs / "devices" / address;
  }
  void link(const std::string& kind, const std::string& name, const std::filesystem::path& device) {
    const auto directory = places().sysfs / "class" / kind / name;
    std::filesystem::create_directories(directory);
    std::filesystem::create_symlink(device, directory / "device");
  }
  static std::string pad(std::string text, std::size_t length) {
    text.resize(std::max(length, text.size()), ' ');
    return text;
  }
  static void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
  }

  std::filesystem::path root_;
};

// What a device does with a command: fills the header in, returns an errno.
using FakeSgDevice = std::function<int(sg_io_hdr_t& header)>;

// GOOD, with data and what the adapter says is missing of them.
inline int answer(sg_io_hdr_t& header, const std::vector<std::uint8_t>& data) {
  const auto count = std::min<std::size_t>(header.dxfer_len, data.size());
  std::copy_n(data.begin(), count, static_cast<std::uint8_t*>(header.dxferp));
  header.resid = static_cast<int>(header.dxfer_len - count);
  return 0;
}

// CHECK CONDITION with sense data in fixed format.
inline int answer_sense(sg_io_hdr_t& header, unsigned key, unsigned asc, unsigned ascq) {
  header.status = 0x02;
  header.masked_status = 0x01;
  header.driver_status = 0x08;
  header.sb_len_wr = 18;
  header.sbp[0] = 0x70;
  header.sbp[2] = static_cast<unsigned char>(key);
  header.sbp[7] = 10;
  header.sbp[12] = static_cast<unsigned char>(asc);
  header.sbp[13] = static_cast<unsigned char>(ascq);
  return 0;
}

// The sg nodes of a system. Thread safe where a transport's thread uses it.
class FakeNodes {
 public:
  using Opened = std::pair<std::string, SgAccess>;

  // `open_error` 0: it can be opened.
  void add(const std::string& node, FakeSgDevice device, int open_error = 0) {
    const std::lock_guard lock(mutex_);
    nodes_[node] = {std::move(device), open_error};
  }
  void remove(const std::string& node) {
    const std::lock_guard lock(mutex_);
    nodes_.erase(node);
  }
  std::vector<Opened> opened() const {
    const std::lock_guard lock(mutex_);
    return opened_;
  }
  int open_files() const {
    const std::lock_guard lock(mutex_);
    return open_files_;
  }

  SgControlFactory factory() {
    return [this] { return std::make_unique<Control>(*this); };
  }

 private:
  struct Entry {
    FakeSgDevice device;
    int open_error = 0;
  };

  class Control final : public SgControl {
   public:
    explicit Control(FakeNodes& nodes) : nodes_(nodes) {}
    ~Control() override { close(); }
    Control(const Control&) = delete;
    Control& operator=(const Control&) = delete;

    int open(const std::string& node, SgAccess access) override {
      close();
      const std::lock_guard lock(nodes_.mutex_);
      nodes_.opened_.emplace_back(node, access);
      const auto found = nodes_.nodes_.find(node);
      if (found == nodes_.nodes_.end()) return ENOENT;
      if (found->second.open_error != 0) return found->second.open_error;
      node_ = node;
      ++nodes_.open_files_;
      return 0;
    }

    int io(sg_io_hdr_t& header) override {
      FakeSgDevice device;
      {
        const std::lock_guard lock(nodes_.mutex_);
        const auto found = nodes_.nodes_.find(node_);
        if (found == nodes_.nodes_.end()) return ENODEV;
        device = found->second.device;
      }
      return device(header);
    }

    void close() override {
      if (node_.empty()) return;
      const std::lock_guard lock(nodes_.mutex_);
      node_.clear();
      --nodes_.open_files_;
    }

   private:
    FakeNodes& nodes_;
    std::string node_;
  };

  mutable std::mutex mutex_;
  std::map<std::string, Entry> nodes_;
  std::vector<Opened> opened_;
  int open_files_ = 0;
};

}  // namespace ntms::transport::test
