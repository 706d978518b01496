// SPDX-License-Identifier: MIT
// A transport that answers from a script or a function and remembers every command, and what tests
// need to run coroutines on it.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "device/commander.h"
#include "scsi/commands.h"
#include "scsi/transport.h"

namespace ntms::device::testing {

inline scsi::Reply good(std::vector<std::uint8_t> data = {}) {
  scsi::Reply reply;
  reply.data = std::move(data);
  return reply;
}

inline scsi::Reply check(std::uint8_t key, std::uint8_t asc, std::uint8_t ascq) {
  scsi::Reply reply;
  reply.status = scsi::kStatusCheckCondition;
  reply.sense.resize(18);
  reply.sense[0] = 0x70;
  reply.sense[2] = key;
  reply.sense[7] = 10;
  reply.sense[12] = asc;
  reply.sense[13] = ascq;
  return reply;
}

inline scsi::Reply status(std::uint8_t value) {
  scsi::Reply reply;
  reply.status = value;
  return reply;
}

inline scsi::Reply undelivered(scsi::Delivery delivery) {
  scsi::Reply reply;
  reply.delivery = delivery;
  reply.detail = "as scripted";
  return reply;
}

class FakeTransport : public scsi::Transport {
 public:
  using Handler = std::function<scsi::Reply(const scsi::Command&)>;

  // The next commands must have these operation codes, in this order; each gets its reply.
  void expect(std::uint8_t opcode, scsi::Reply reply) {
    script_.emplace_back(opcode, std::move(reply));
  }

  // Answers what the script does not; without it such commands succeed without data.
  void otherwise(Handler handler) { handler_ = std::move(handler); }

  boost::asio::awaitable<scsi::Reply> execute(scsi::Command command) override {
    commands.push_back(command);
    if (!script_.empty()) {
      auto [opcode, reply] = std::move(script_.front());
      script_.pop_front();
      EXPECT_EQ(int{command.cdb.opcode()}, int{opcode}) << "command " << commands.size();
      co_return reply;
    }
    scsi::Reply reply = handler_ ? handler_(command) : scsi::Reply{};
    co_return reply;
  }

  const std::string& uri() const override { return uri_; }

  bool done() const { return script_.empty(); }

  // The operation codes received so far.
  std::vector<int> opcodes() const {
    std::vector<int> result;
    for (const scsi::Command& command : commands) result.push_back(command.cdb.opcode());
    return result;
  }

  std::size_t count(std::uint8_t opcode) const {
    const std::vector<int> all = opcodes();
    return static_cast<std::size_t>(std::count(all.begin(), all.end(), int{opcode}));
  }

  std::vector<scsi::Command> commands;

 private:
  std::deque<std::pair<std::uint8_t, scsi::Reply>> script_;
  Handler handler_;
  std::string uri_ = "fake:device";
};

// Runs a coroutine to its end and returns its result.
template <class T>
T run(boost::asio::awaitable<T> coroutine) {
  boost::asio::io_context context;
  auto future = boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future);
  context.run();
  return future.get();
}

// Patience that makes retries visible without making tests slow.
inline Patience quick() {
  Patience patience;
  patience.ready_limit = std::chrono::milliseconds(5);
  patience.repetitions = 3;
  patience.first_pause = std::chrono::milliseconds(1);
  patience.longest_pause = std::chrono::milliseconds(1);
  return patience;
}

}  // namespace ntms::device::testing
