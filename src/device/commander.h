// SPDX-License-Identifier: MIT
// Sends commands and deals with what every command may meet: UNIT ATTENTION, BUSY, a device that is
// becoming ready, sense data that did not come along. The only place that retries.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "device/sense_action.h"
#include "scsi/transport.h"

namespace ntms::device {

// How patient a Commander is.
struct Patience {
  // The longest a repeatable command waits in all for a device that is becoming ready; 0: not.
  std::chrono::milliseconds ready_limit = std::chrono::minutes(1);
  // Repetitions after BUSY, TASK SET FULL and aborted commands. The pauses between them grow from
  // `first_pause` by doubling up to `longest_pause`; waiting for readiness uses the same pauses.
  unsigned repetitions = 8;
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause = std::chrono::seconds(5);
  // The longest pause between two looks at a device that is becoming ready.
  std::chrono::milliseconds longest_ready_pause = std::chrono::seconds(5);
};

// One device with its transport. Not thread-safe: one coroutine at a time uses it (the transport
// itself would only serialise single commands). Must outlive the coroutines it returns.
class Commander {
 public:
  // What a command that reads brings back.
  struct Outcome {
    Verdict verdict;
    std::vector<std::uint8_t> data;  // what arrived; empty unless verdict.ok()
  };

  Commander(std::unique_ptr<scsi::Transport> transport, DeviceKind kind, Patience patience = {});

  // Carries out a command that may be repeated: again at once after a UNIT ATTENTION (which is
  // remembered, at most 16 of them), once more after a lost link, again after a pause when the
  // device was busy or aborted it, and again while the device is becoming ready as long as
  // `ready_limit` is not over. Every other end is returned as it is.
  boost::asio::awaitable<Outcome> repeatable(scsi::Command command,
                                             std::chrono::milliseconds ready_limit);
  // With the patience's ready_limit.
  boost::asio::awaitable<Outcome> repeatable(scsi::Command command);

  // Carries out a command that moves a medium. It is sent again only when the device answered BUSY
  // or TASK SET FULL, that is, before it looked at it. Waits for nothing else.
  boost::asio::awaitable<Verdict> motion(scsi::Command command);

  // Takes the pending UNIT ATTENTIONs from the device with TEST UNIT READY and remembers them.
  // Tries once more after a lost link.
  struct Drained {
    Verdict verdict;    // of the last TEST UNIT READY
    std::string doubt;  // why media may be elsewhere than believed (an attention that tells so, a
                        // lost link); empty: no reason to think so
  };
  boost::asio::awaitable<Drained> drain_attentions();

  // Whether a UNIT ATTENTION was seen or a link was lost since take_attention(): what is believed
  // about the device should be read again.
  bool attention_pending() const { return attention_pending_; }
  bool take_attention();

  // Whether an attention since the last call told of more than the ports: 28h/00h (what follows a
  // closed door), a magazine, a request at the panel.
  bool take_contents_changed();

  // Whether sense data has asked for cleaning (00h/17h) since the last call.
  bool take_cleaning_wish();

  // The verdict of the last command, also when a Result hid it.
  const Verdict& last_verdict() const { return last_verdict_; }

  const scsi::Transport& transport() const { return *transport_; }
  const Patience& patience() const { return patience_; }

 private:
  class Pauses;

  boost::asio::awaitable<Verdict> send(scsi::Command command, Effect effect,
                                       std::vector<std::uint8_t>& data);

  std::unique_ptr<scsi::Transport> transport_;
  DeviceKind kind_;
  Patience patience_;
  bool attention_pending_ = false;
  bool contents_changed_ = false;
  bool cleaning_wish_ = false;
  Verdict last_verdict_;
};

}  // namespace ntms::device
