// SPDX-License-Identifier: MIT
// A real media changer with tape drives for tests: a private tgtd on 127.0.0.1 (the package tgt),
// reached over iSCSI. Linux only.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ntms::test {

// One running tgtd with its own state directory, port and serial numbers, so that any number can
// run at once. It ends with this object, and also when the process that holds it is killed.
// Not thread-safe: one thread at a time.
class TgtTarget {
 public:
  struct Options {
    unsigned slots = 12;
    unsigned drives = 2;
    unsigned mail_slots = 2;
    unsigned media = 8;  // in the first slots, with the bar codes of barcode(0), barcode(1), ...
    unsigned mountable = 64;  // how many of the media have a tape image; the others fail to load
    // 10,000 media take about 15 s: one call of tgtadm each.
  };

  // Starts the target and returns when it answers. Throws std::runtime_error with the script's
  // output when it does not, for instance because the package tgt is missing.
  TgtTarget() : TgtTarget(Options{}) {}
  explicit TgtTarget(const Options& options);
  ~TgtTarget();
  TgtTarget(const TgtTarget&) = delete;
  TgtTarget& operator=(const TgtTarget&) = delete;

  // "iscsi://127.0.0.1:PORT/IQN/1" and, for the drives (counted from 0), the LUNs from 2 on.
  const std::string& changer_uri() const { return changer_uri_; }
  std::string drive_uri(unsigned index) const;

  // The serial number in the changer's INQUIRY page 80h, and a drive's.
  const std::string& changer_serial() const { return changer_serial_; }
  std::string drive_serial(unsigned index) const;

  // Element addresses, counted from 0.
  std::uint16_t picker_at() const { return picker_at_; }
  std::uint16_t slot_at(unsigned index) const { return offset(slot_at_, index); }
  std::uint16_t drive_at(unsigned index) const { return offset(drive_at_, index); }
  std::uint16_t mail_at(unsigned index) const { return offset(mail_at_, index); }

  // The bar code of the cartridge that slot `index` was filled with: "TGT001L8" for 0.
  static std::string barcode(unsigned index);

  std::uint16_t port() const { return port_; }
  pid_t pid() const { return pid_; }

  // The operator's hands: put a cartridge into an empty mail slot, or take one out. A bar code has
  // at most 10 characters. The target reports nothing by itself. Throw std::runtime_error.
  void mail_put(unsigned index, std::string_view barcode);
  void mail_take(unsigned index);

  // Breaks every connection, as a network failure would; returns when none is left.
  void drop_connections();

  // A target that no longer answers (SIGSTOP), and one that goes on (SIGCONT). While it is paused
  // mail_put(), mail_take() and drop_connections() fail after ten seconds.
  void pause();
  void resume();

 private:
  static std::uint16_t offset(std::uint16_t base, unsigned index) {
    return static_cast<std::uint16_t>(base + index);
  }
  std::string script(const char* name, const std::vector<std::string>& arguments) const;
  void read_settings(const std::string& text);

  std::filesystem::path state_;
  int owner_pipe_ =
      -1;  // closed by the system when this process ends: the scripts' watcher sees it
  std::string changer_uri_;
  std::string changer_serial_;
  std::string drive_serial_prefix_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
  std::uint16_t picker_at_ = 0;
  std::uint16_t slot_at_ = 0;
  std::uint16_t drive_at_ = 0;
  std::uint16_t mail_at_ = 0;
};

}  // namespace ntms::test
