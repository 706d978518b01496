// SPDX-License-Identifier: MIT
// What the arm and the ports do over time. A motion that takes no time happens inside the command's
// own transaction; any other is a row with a start and an end, settled by whoever comes after the
// end: its caller, or the next user of the file if the caller is gone.
#pragma once

#include <cstdint>
#include <optional>

#include "emulator/library_file.h"
#include "emulator/process.h"

namespace ntms::emulator {

enum class MotionKind : std::uint8_t {
  none = 0,        // takes time, changes nothing: POSITION, INITIALIZE ELEMENT STATUS
  move = 1,        // source -> destination
  exchange = 2,    // source -> destination, what was there -> second
  open_port = 3,   // destination extends
  close_port = 4,  // destination retracts
};

struct Motion {
  MotionKind kind = MotionKind::none;
  std::int64_t source = 0, destination = 0, second = 0;  // element addresses; 0: none
  bool invert = false, invert_second = false;
  bool torn = false;  // the cartridge stays in the transport element
  std::int64_t duration = 0;
  // Set when it is recorded:
  std::int64_t id = 0;
  std::int64_t started = 0, ends = 0;
  ProcessId caller;

  // Whether it has ended. A clock earlier than the start means that the machine was restarted
  // since.
  bool due(std::int64_t now) const { return now >= ends || now < started; }
  bool touches(std::int64_t address) const {
    return kind != MotionKind::none &&
           (source == address || destination == address || second == address);
  }
};

class Motions {
 public:
  explicit Motions(LibraryFile& file) : file_(file) {}

  // Makes the motion's effect, as of time `at` of the file's clock.
  void apply(const Motion& motion, std::int64_t at);

  // Records a motion that ends `duration` after `now`; returns it with its id and end.
  Motion start(Motion motion, std::int64_t now);

  // The motion under way, if any.
  std::optional<Motion> under_way();

  // Ends the motion under way if its time has come: as meant if its caller lives, else by the
  // policy of the file. Returns what is still under way.
  std::optional<Motion> settle(std::int64_t now);

 private:
  void move(std::int64_t from, std::int64_t to, bool invert, std::int64_t at);

  LibraryFile& file_;
};

}  // namespace ntms::emulator
