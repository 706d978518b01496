// SPDX-License-Identifier: MIT
// The retry loop.
#include "device/commander.h"

#include <algorithm>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstdint>
#include <optional>
#include <utility>

#include "scsi/bytes.h"
#include "scsi/commands.h"

namespace ntms::device {
namespace asio = boost::asio;

namespace {

// Devices queue a handful of attentions per initiator; more of them in a row is a broken device.
constexpr unsigned kMostAttentions = 16;

bool is_attention(const Verdict& verdict) {
  return verdict.sense.valid && verdict.sense.key == scsi::kUnitAttention;
}

bool is_link_loss(const Verdict& verdict) {
  return verdict.delivery == scsi::Delivery::link_lost;
}

// The length of the block that a drive has read and calls an incorrect length, although it was
// asked not to (READ (6) with SILI, SSC-4 6.4): some drives do not know SILI, and their answer is
// without the data. Nothing when that is not how a command ended.
std::optional<std::uint32_t> length_told(const scsi::Cdb& asked, const scsi::Reply& reply) {
  constexpr std::uint8_t kSili = 0x02;
  constexpr std::uint8_t kCurrentWithInformation = 0xF0;  // fixed format, VALID
  constexpr std::uint8_t kKeyAndIli = 0x2F;
  constexpr std::uint8_t kIli = 0x20;
  const scsi::Bytes sense(reply.sense);
  if (asked.opcode() != scsi::kRead6 || (asked.bytes[1] & kSili) == 0 ||
      reply.delivery != scsi::Delivery::delivered || reply.status != scsi::kStatusCheckCondition ||
      sense.size() < 7 || sense[0] != kCurrentWithInformation || (sense[2] & kKeyAndIli) != kIli) {
    return std::nullopt;
  }
  const std::uint32_t length = scsi::get_be24(asked.bytes, 2);
  const std::uint32_t missing = scsi::get_be32(sense, 3);  // negative: the block is longer
  if (missing == 0 || missing >= length) return std::nullopt;
  return length - missing;
}

scsi::Command space_back() {
  constexpr std::uint8_t kSpace6 = 0x11;
  scsi::Command command;
  command.cdb.length = 6;
  command.cdb.bytes[0] = kSpace6;  // blocks
  scsi::put_be24(command.cdb.bytes, 2, 0xFFFFFF);
  return command;
}

}  // namespace

// The growing pauses of one command.
class Commander::Pauses {
 public:
  explicit Pauses(const Patience& patience)
      : next_(patience.first_pause), longest_(patience.longest_pause) {}

  asio::awaitable<void> pause(std::chrono::steady_clock::duration at_most) {
    const auto length = std::min<std::chrono::steady_clock::duration>(next_, at_most);
    next_ = std::min(next_ * 2, longest_);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    timer.expires_after(length);
    co_await timer.async_wait(asio::use_awaitable);
  }

 private:
  std::chrono::milliseconds next_;
  std::chrono::milliseconds longest_;
};

Commander::Commander(std::unique_ptr<scsi::Transport> transport, DeviceKind kind, Patience patience)
    : transport_(std::move(transport)), kind_(kind), patience_(patience) {}

asio::awaitable<Verdict> Commander::send(scsi::Command command, Effect effect,
                                         std::vector<std::uint8_t>& data) {
  const std::uint8_t opcode = command.cdb.opcode();
  const scsi::Cdb asked = command.cdb;
  scsi::Reply reply = co_await transport_->execute(std::move(command));
  if (const auto length = length_told(asked, reply)) {
    // Back before the block, which the drive has passed, and the same with the right length.
    const scsi::Reply back = co_await transport_->execute(space_back());
    if (back.delivery == scsi::Delivery::delivered && back.status == scsi::kStatusGood) {
      reply = co_await transport_->execute(scsi::read_block(*length));
    }
  }
  if (reply.delivery == scsi::Delivery::delivered && reply.sense.empty() &&
      reply.status == scsi::kStatusCheckCondition) {
    // The path lost the sense data on its way; the device still has it.
    scsi::Command ask = scsi::request_sense();
    scsi::Reply answer = co_await transport_->execute(std::move(ask));
    if (answer.delivery == scsi::Delivery::delivered && answer.status == scsi::kStatusGood) {
      reply.sense = std::move(answer.data);
    }
  }
  Verdict verdict = judge(reply, kind_, effect);
  if (is_attention(verdict) || is_link_loss(verdict)) attention_pending_ = true;
  if (is_attention(verdict) && tells_of_media(verdict.sense)) {
    const bool port_accessed = verdict.sense.asc == 0x28 && verdict.sense.ascq == 0x01;
    contents_changed_ = contents_changed_ || !port_accessed;
  }
  if (verdict.sense.valid && verdict.sense.asc == 0x00 && verdict.sense.ascq == 0x17) {
    cleaning_wish_ = true;
  }
  if (!verdict.ok()) {
    verdict.words = std::string(scsi::command_name(opcode, kind_ == DeviceKind::changer)) + ": " +
                    verdict.words;
  }
  data = std::move(reply.data);
  last_verdict_ = verdict;
  co_return verdict;
}

asio::awaitable<Commander::Outcome> Commander::repeatable(scsi::Command command) {
  co_return co_await repeatable(std::move(command), patience_.ready_limit);
}

asio::awaitable<Commander::Outcome> Commander::repeatable(scsi::Command command,
                                                          std::chrono::milliseconds ready_limit) {
  Outcome outcome;
  Pauses pauses(patience_);
  unsigned attentions = 0;
  unsigned repetitions = 0;
  bool link_was_lost = false;
  const auto deadline = std::chrono::steady_clock::now() + ready_limit;
  for (;;) {
    outcome.data.clear();
    outcome.verdict = co_await send(command, Effect::repeatable, outcome.data);
    if (outcome.verdict.ok()) co_return outcome;
    outcome.data.clear();
    if (is_attention(outcome.verdict)) {
      if (++attentions > kMostAttentions) co_return outcome;
    } else if (is_link_loss(outcome.verdict) && !link_was_lost) {
      link_was_lost = true;  // the transport reconnects at the next command
    } else if (outcome.verdict.action == Action::retry) {
      if (++repetitions > patience_.repetitions) co_return outcome;
      co_await pauses.pause(patience_.longest_pause);
    } else if (outcome.verdict.action == Action::wait) {
      const auto left = deadline - std::chrono::steady_clock::now();
      if (left <= std::chrono::steady_clock::duration::zero()) co_return outcome;
      co_await pauses.pause(
          std::min<std::chrono::steady_clock::duration>(left, patience_.longest_ready_pause));
    } else {
      co_return outcome;
    }
  }
}

asio::awaitable<Verdict> Commander::motion(scsi::Command command) {
  Pauses pauses(patience_);
  std::vector<std::uint8_t> unused;
  for (unsigned repetitions = 0;; ++repetitions) {
    Verdict verdict = co_await send(command, Effect::motion, unused);
    if (verdict.action != Action::retry || repetitions == patience_.repetitions) {
      co_return verdict;
    }
    co_await pauses.pause(patience_.longest_pause);
  }
}

asio::awaitable<Commander::Drained> Commander::drain_attentions() {
  Drained drained;
  std::vector<std::uint8_t> unused;
  bool link_was_lost = false;
  for (unsigned i = 0; i <= kMostAttentions; ++i) {
    drained.verdict = co_await send(scsi::test_unit_ready(), Effect::repeatable, unused);
    if (is_attention(drained.verdict)) {
      if (tells_of_media(drained.verdict.sense)) drained.doubt = drained.verdict.words;
    } else if (is_link_loss(drained.verdict) && !link_was_lost) {
      // Attentions may have been lost with the old connection.
      link_was_lost = true;
      drained.doubt = drained.verdict.words;
    } else {
      co_return drained;
    }
  }
  co_return drained;
}

bool Commander::take_contents_changed() {
  return std::exchange(contents_changed_, false);
}

bool Commander::take_cleaning_wish() {
  return std::exchange(cleaning_wish_, false);
}

bool Commander::take_attention() {
  return std::exchange(attention_pending_, false);
}

}  // namespace ntms::device
