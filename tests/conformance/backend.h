// SPDX-License-Identifier: MIT
// The robots the tests run on, seen from outside of the program under test: what is truly in them,
// and the hands of a person.
#pragma once

#include <ntms/emulator.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ntms::conformance {

struct LibraryShape {
  unsigned slots = 12;
  unsigned drives = 2;
  unsigned ports = 2;
  unsigned media = 8;  // in the first slots
  // The rest only on the emulator:
  unsigned doors = 0;
  bool bar_code_reader = true;
  bool virtual_clock = false;
  bool unload_before_move = false;
  unsigned port_kind = NTMS_EMULATOR_PORT_LOCKABLE;
  std::vector<std::string> bar_codes = {};  // of the media; empty: MED001L8 and so on
  unsigned magazines = 0;                   // the slots are divided over them
  bool doors_unlocked = false;              // nothing locks doors and magazines
  bool port_unreported = false;             // what is in an extended port is not shown
  bool cleaner_stays = false;               // drives keep a cleaner until they are told to unload
  bool two_sided = false;                   // drives for media with two sides
  bool turns_media = true;                  // the arm turns those over
};

// Element type codes of SMC-3.
inline constexpr unsigned kTransport = 1;
inline constexpr unsigned kSlot = 2;
inline constexpr unsigned kPort = 3;
inline constexpr unsigned kDrive = 4;

struct Element {
  unsigned type = 0;
  unsigned index = 0;  // counted from 0 within its type
  bool full = false;
  std::string bar_code;
};

class Backend {
 public:
  virtual ~Backend() = default;

  virtual std::string uri() const = 0;
  // The bar code of the cartridge slot `index` was filled with.
  virtual std::string bar_code(unsigned index) const = 0;
  // What is where, seen by an initiator of its own; without bar codes when there is no reader.
  virtual std::vector<Element> truth() = 0;
  // The operator's hands at a port. A refusal is a test failure.
  virtual void put(unsigned port, const std::string& bar_code) = 0;
  virtual void take(unsigned port) = 0;
  // A move by another program that shares the robot. True when the robot did it.
  virtual bool foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to) = 0;
};

// An emulated library. The handle is for what only the emulator can do.
class EmulatorBackend final : public Backend {
 public:
  // Makes the file.
  EmulatorBackend(const std::filesystem::path& file, const LibraryShape& shape);
  // A file that is there, of a library with a bar code reader.
  explicit EmulatorBackend(const std::filesystem::path& file);
  ~EmulatorBackend() override;

  std::string uri() const override { return "emulator:" + file_.string(); }
  std::string bar_code(unsigned index) const override { return bar_codes_.at(index); }
  std::vector<Element> truth() override;
  void put(unsigned port, const std::string& bar_code) override;
  void take(unsigned port) override;
  bool foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to) override;

  // The same with the cartridge turned over; to the same element: in place.
  bool foreign_turn(unsigned from_type, unsigned from, unsigned to_type, unsigned to);
  // The side that is up in an element.
  unsigned side_up(unsigned type, unsigned index) const;

  const std::filesystem::path& file() const { return file_; }
  ntms_emulator* handle() const { return emulator_; }

  void advance(long long milliseconds);
  // Every move takes this long (of the file's clock).
  void set_move_time(unsigned milliseconds);
  // The `nth` MOVE MEDIUM from now on fails in this way, with this sense.
  void fail_move(unsigned kind, unsigned key = 0, unsigned asc = 0, unsigned ascq = 0,
                 unsigned nth = 1);
  // How many commands with this operation code the changer has received.
  unsigned long long commands(unsigned opcode) const;
  bool locked() const;  // some initiator prevents medium removal

 private:
  bool foreign_move(unsigned from_type, unsigned from, unsigned to_type, unsigned to, bool turn);

  std::filesystem::path file_;
  std::vector<std::string> bar_codes_;
  bool reader_;
  ntms_emulator* emulator_ = nullptr;
};

// A changer over iSCSI; see support/tgt. Defined where the tests are built for Linux.
std::unique_ptr<Backend> make_tgt_backend(const LibraryShape& shape);

}  // namespace ntms::conformance
