// SPDX-License-Identifier: MIT
// What the end of a command means: one table from delivery, status and sense data to an action, a
// Win32 code and words. Nobody else interprets sense data.
#pragma once

#include <cstdint>
#include <string>

#include "base/error.h"
#include "scsi/sense.h"
#include "scsi/transport.h"

namespace ntms::device {

// What the caller should do next.
enum class Action {
  none,       // nothing: it succeeded
  retry,      // send it again: it was certainly not carried out, and nothing stands against it
  wait,       // send it again later: the device is becoming ready or is paused
  reconcile,  // the device's state is not what was believed: read the element status again
  operator_needed,  // a person must do something at the device
  drive_down,       // the drive needs service
  library_down,     // the changer needs service or cannot be reached
  fail,             // the request cannot be done; the state is as it was
};

// Whether the command took effect.
enum class Happened { yes, no, unknown };

enum class DeviceKind { changer, drive };

// Whether sending a command a second time does harm.
enum class Effect {
  repeatable,  // reads, tests, locks, port and load commands: repeating one changes nothing
  motion,      // moves a medium: never to be repeated blindly
};

// The meaning of one command's end.
struct Verdict {
  Action action = Action::none;
  Happened happened = Happened::yes;
  std::uint32_t code = 0;  // Win32 code; 0 exactly when action is none
  std::string words;       // one line for the log, with the sense data; empty on success
  scsi::Delivery delivery = scsi::Delivery::delivered;
  scsi::Sense sense;  // valid only when the device sent some

  bool ok() const { return action == Action::none; }
};

// Judges a reply. For a motion no verdict is `retry` except after BUSY and TASK SET FULL, which a
// device sends before it looks at the command; a UNIT ATTENTION is `reconcile` and `happened` no,
// and a lost link, a time-out or an error that leaves the outcome open is `reconcile` (or a worse
// action) with `happened` unknown. For a drive no verdict is
// `library_down`, for it is the drive that failed. Pure.
Verdict judge(const scsi::Reply& reply, DeviceKind device, Effect effect);

// The verdict as a Result.
Result<void> to_result(const Verdict& verdict);

// The error of a verdict that is not ok().
Error to_error(const Verdict& verdict);

// Whether the device does not know the command or an option of it (5/20/00, 5/24/00).
bool is_refusal(const Verdict& verdict);

// Whether a UNIT ATTENTION tells that media may be elsewhere than before (28h, 3Bh, 5Ah); others
// (reset, changed parameters) say nothing about the media.
bool tells_of_media(const scsi::Sense& attention);

// "retry", "wait", ... for the log.
const char* to_string(Action action);

}  // namespace ntms::device
