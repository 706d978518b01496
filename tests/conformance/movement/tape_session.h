// SPDX-License-Identifier: MIT
// The tape in a drive as an application uses it: through the name of the drive that
// NTMS_DRIVEINFORMATION tells, by SCSI commands written out byte by byte (SSC-4).
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "ntms/emulator.h"
#ifndef _WIN32
#include "transport/open.h"
#include "unit/transport/support.h"
#endif

namespace ntms::conformance {

using Bytes = std::vector<std::uint8_t>;

// One command to a logical unit, and what came back.
struct UnitAnswer {
  bool good = false;
  Bytes data;
  unsigned sense_key = 0;
};

class Unit {
 public:
  virtual ~Unit() = default;
  virtual UnitAnswer execute(const Bytes& cdb, const Bytes& out, std::size_t in) = 0;
};

// A drive of an emulated library: "emulator:FILE#LUN".
class EmulatedUnit final : public Unit {
 public:
  explicit EmulatedUnit(const std::string& name) {
    const auto colon = name.find(':');
    const auto hash = name.rfind('#');
    if (hash == std::string::npos) return;
    lun_ = static_cast<std::uint32_t>(std::stoul(name.substr(hash + 1)));
    ntms_emulator* opened = nullptr;
    ntms_emulator_open(name.substr(colon + 1, hash - colon - 1).c_str(), &opened);
    emulator_.reset(opened);
  }

  UnitAnswer execute(const Bytes& cdb, const Bytes& out, std::size_t in) override {
    UnitAnswer answer;
    if (!emulator_) return answer;
    answer.data.resize(in);
    ntms_emulator_command command{};
    command.size = sizeof command;
    command.initiator = "application";
    command.lun = lun_;
    std::copy(cdb.begin(), cdb.end(), command.cdb);
    command.cdb_length = static_cast<std::uint32_t>(cdb.size());
    command.data_out = out.data();
    command.data_out_length = out.size();
    command.data_in = answer.data.data();
    command.data_in_size = answer.data.size();
    const int code = ntms_emulator_execute(emulator_.get(), &command);
    answer.data.resize(command.data_in_length);
    answer.good = code == NTMS_EMULATOR_OK && command.delivery == NTMS_EMULATOR_DELIVERED &&
                  command.status == 0;
    if (command.sense_length > 2) answer.sense_key = command.sense[2] & 0x0FU;
    return answer;
  }

 private:
  struct Closer {
    void operator()(ntms_emulator* emulator) const { ntms_emulator_close(emulator); }
  };
  std::unique_ptr<ntms_emulator, Closer> emulator_;
  std::uint32_t lun_ = 0;
};

#ifndef _WIN32
// A drive over iSCSI.
class IscsiUnit final : public Unit {
 public:
  explicit IscsiUnit(const std::string& name) {
    if (auto opened = transport::open_transport(loop_.executor(), name)) {
      transport_ = std::move(*opened);
    }
  }

  UnitAnswer execute(const Bytes& cdb, const Bytes& out, std::size_t in) override {
    UnitAnswer answer;
    if (!transport_) return answer;
    scsi::Command command;
    std::copy(cdb.begin(), cdb.end(), command.cdb.bytes.begin());
    command.cdb.length = cdb.size();
    command.data_out = out;
    command.data_in_length = in;
    const scsi::Reply reply = loop_.execute(*transport_, std::move(command));
    answer.good = reply.delivery == scsi::Delivery::delivered && reply.status == 0;
    answer.data = reply.data;
    if (reply.sense.size() > 2) answer.sense_key = reply.sense[2] & 0x0FU;
    return answer;
  }

 private:
  transport::test::Loop loop_;
  std::unique_ptr<scsi::Transport> transport_;
};
#endif

// Writes and reads blocks of any length. Every function says whether the drive did it.
class TapeSession {
 public:
  explicit TapeSession(const std::string& device_name) {
#ifndef _WIN32
    if (device_name.rfind("iscsi:", 0) == 0) unit_ = std::make_unique<IscsiUnit>(device_name);
#endif
    if (!unit_) unit_ = std::make_unique<EmulatedUnit>(device_name);
  }

  // Blocks of any length from now on, as the mode after a mount is undefined.
  bool set_variable_blocks() {
    return run({0x15, 0x10, 0, 0, 12, 0}, {0, 0, 0x10, 8, 0, 0, 0, 0, 0, 0, 0, 0}).good;
  }
  bool rewind() {
    return run({0x01, 0, 0, 0, 0, 0}).good;
  }
  bool write(const Bytes& block) {
    return run({0x0A, 0, at(block.size(), 16), at(block.size(), 8), at(block.size(), 0), 0}, block)
        .good;
  }
  bool write_filemark() {
    return run({0x10, 0, 0, 0, 1, 0}).good;
  }
  // The next block, if it is one of at most `most` bytes; at a filemark, which is passed, an empty
  // one; nothing when nothing is recorded there.
  std::optional<Bytes> read(std::size_t most) {
    constexpr unsigned kNoSense = 0;
    // SILI: a shorter block is no error.
    const auto answer = run({0x08, 0x02, at(most, 16), at(most, 8), at(most, 0), 0}, {}, most);
    if (answer.good) return answer.data;
    if (answer.sense_key == kNoSense) return Bytes{};
    return std::nullopt;
  }

 private:
  static std::uint8_t at(std::size_t value, unsigned shift) {
    return static_cast<std::uint8_t>(value >> shift);
  }
  // A new initiator hears first what has happened before.
  UnitAnswer run(const Bytes& cdb, const Bytes& out = {}, std::size_t in = 0) {
    constexpr unsigned kUnitAttention = 6;
    constexpr int kMost = 8;
    auto answer = unit_->execute(cdb, out, in);
    for (int i = 0; i < kMost && !answer.good && answer.sense_key == kUnitAttention; ++i) {
      answer = unit_->execute(cdb, out, in);
    }
    return answer;
  }

  std::unique_ptr<Unit> unit_;
};

}  // namespace ntms::conformance
