// SPDX-License-Identifier: MIT
// Calls that do not come back, and what becomes of those who wait.
#include "transport/device_thread.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/detached.hpp>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <vector>

#include "support.h"

namespace ntms::transport::test {
namespace {

using scsi::Delivery;
using std::chrono::milliseconds;
using testing::ElementsAre;

// A device whose commands end when they are let go. The first byte of a command tells its number.
class Slow {
 public:
  scsi::Reply operator()(const scsi::Command& command) {
    std::unique_lock lock(mutex_);
    begun_.push_back(command.cdb.bytes[0]);
    changed_.notify_all();
    changed_.wait(lock, [&] { return allowed_ >= begun_.size(); });
    scsi::Reply reply;
    reply.data = {command.cdb.bytes[0]};
    return reply;
  }
  void let_go(std::size_t more = 1) {
    const std::lock_guard lock(mutex_);
    allowed_ += more;
    changed_.notify_all();
  }
  void wait_for_begun(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return begun_.size() >= count; });
  }
  std::vector<unsigned> begun() {
    const std::lock_guard lock(mutex_);
    return begun_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<unsigned> begun_;
  std::size_t allowed_ = 0;
};

scsi::Command numbered(unsigned number, milliseconds timeout = std::chrono::seconds(60)) {
  scsi::Command result = command({number, 0, 0, 0, 0, 0});
  result.timeout = timeout;
  return result;
}

class DeviceThreads : public testing::Test {
 protected:
  std::unique_ptr<DeviceThread> thread(milliseconds grace = milliseconds(1)) {
    return std::make_unique<DeviceThread>(
        [slow = slow](const scsi::Command& command) { return (*slow)(command); }, grace);
  }

  std::shared_ptr<Slow> slow = std::make_shared<Slow>();
  Loop loop;
};

TEST_F(DeviceThreads, WhatCannotBeSentIsNot) {
  const auto device = thread();
  scsi::Command wrong = numbered(1);
  wrong.cdb.length = 5;
  const auto reply = loop.start(device->execute("device", wrong)).get();
  EXPECT_EQ(reply.delivery, Delivery::not_sent);
  EXPECT_TRUE(slow->begun().empty());
}

TEST_F(DeviceThreads, CommandsAreCarriedOutInTheirOrder) {
  const auto device = thread();
  slow->let_go(3);
  std::vector<std::future<scsi::Reply>> replies;
  for (unsigned i = 1; i <= 3; ++i) {
    replies.push_back(loop.start(device->execute("device", numbered(i))));
  }
  for (unsigned i = 1; i <= 3; ++i) {
    EXPECT_THAT(replies[i - 1].get().data, ElementsAre(i));
  }
  EXPECT_THAT(slow->begun(), ElementsAre(1, 2, 3));
}

TEST_F(DeviceThreads, ACallThatDoesNotComeBackHasTimedOutAndNothingIsSentBehindIt) {
  const auto device = thread();
  const auto late = loop.start(device->execute("device", numbered(1, milliseconds(1)))).get();
  EXPECT_EQ(late.delivery, Delivery::timed_out);
  EXPECT_THAT(late.detail, testing::StartsWith("device: "));
  const auto next = loop.start(device->execute("device", numbered(2))).get();
  EXPECT_EQ(next.delivery, Delivery::not_sent);
  EXPECT_THAT(next.detail, testing::StartsWith("device: "));
  // It comes back after all.
  slow->let_go(2);
  scsi::Reply reply;
  do {
    reply = loop.start(device->execute("device", numbered(3))).get();
  } while (reply.delivery == Delivery::not_sent);
  EXPECT_THAT(reply.data, ElementsAre(3));
  EXPECT_THAT(slow->begun(), ElementsAre(1, 3));
}

TEST_F(DeviceThreads, ACommandsTimeBeginsWhenItIsSent) {
  const auto device = thread();
  auto first = loop.start(device->execute("device", numbered(1)));
  slow->wait_for_begun(1);
  auto second = loop.start(device->execute("device", numbered(2, milliseconds(1))));
  // Far longer than the second may take.
  const auto until = std::chrono::steady_clock::now() + milliseconds(30);
  while (std::chrono::steady_clock::now() < until) std::this_thread::yield();
  slow->let_go(2);
  EXPECT_THAT(first.get().data, ElementsAre(1));
  EXPECT_THAT(slow->begun(), testing::Contains(1));
  EXPECT_NE(second.get().delivery, Delivery::not_sent);
  EXPECT_THAT(slow->begun(), ElementsAre(1, 2));
}

TEST_F(DeviceThreads, WhoWaitsBehindACallThatIsGivenUpIsNotSentEither) {
  const auto device = thread();
  auto first = loop.start(device->execute("device", numbered(1, milliseconds(20))));
  slow->wait_for_begun(1);
  auto second = loop.start(device->execute("device", numbered(2, milliseconds(1))));
  EXPECT_EQ(first.get().delivery, Delivery::timed_out);
  EXPECT_EQ(second.get().delivery, Delivery::not_sent);
  slow->let_go(2);
  scsi::Reply reply;
  do {
    reply = loop.start(device->execute("device", numbered(3))).get();
  } while (reply.delivery == Delivery::not_sent);
  EXPECT_THAT(slow->begun(), ElementsAre(1, 3)) << "what was not sent is not carried out later";
}

TEST_F(DeviceThreads, DestructionWaitsForNothingAndTheCallKeepsWhatItUses) {
  std::weak_ptr<Slow> used = slow;
  auto device = thread();
  const auto late = loop.start(device->execute("device", numbered(1, milliseconds(1)))).get();
  EXPECT_EQ(late.delivery, Delivery::timed_out);
  Slow& still_there = *slow;
  device.reset();
  slow.reset();
  EXPECT_FALSE(used.expired());
  still_there.let_go();
  while (!used.expired()) std::this_thread::yield();
}

TEST_F(DeviceThreads, TheExecutorMayGoBeforeTheCallHasEnded) {
  auto device = thread();
  {
    boost::asio::io_context context;
    boost::asio::co_spawn(context, device->execute("device", numbered(1)), boost::asio::detached);
    context.poll();
    slow->wait_for_begun(1);
  }
  slow->let_go(2);
  const auto reply = loop.start(device->execute("device", numbered(2))).get();
  EXPECT_THAT(reply.data, ElementsAre(2));
}

TEST_F(DeviceThreads, MemoryThatRunsOutIsAnAnswer) {
  DeviceThread device([](const scsi::Command&) -> scsi::Reply { throw std::bad_alloc(); },
                      milliseconds(1));
  const auto reply = loop.start(device.execute("device", numbered(1))).get();
  EXPECT_EQ(reply.delivery, Delivery::link_lost);
  EXPECT_FALSE(reply.detail.empty());
}

}  // namespace
}  // namespace ntms::transport::test
