// SPDX-License-Identifier: MIT
// The uses of a process's server (functions-session 2): it stops with the last one, and not before.
#include "host/process.h"

#include <gtest/gtest.h>
#include <ntmsapi.h>

#include <chrono>
#include <future>

#include "support/system.h"
#include "unit/platform/temporary_directory.h"

namespace ntms::host {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

class ProcessTest : public ::testing::Test {
 protected:
  ProcessTest() {
    ntms::test::set_environment("NTMS_DATA", directory_.path().string());
    ntms::test::set_environment("NTMS_RSM", (directory_.path() / "no-such-program").string());
    ntms::test::set_environment("NTMS_DEVICES", std::nullopt);
  }
  static std::uintptr_t open() {
    const auto opened = open_session("test");
    EXPECT_TRUE(opened);
    return opened ? *opened : 0;
  }
  static bool works(Server& server) {
    return server.database()
        .write([](store::Writer& writer) -> Result<void> {
          writer.set_setting("test", std::int64_t{1});
          return {};
        })
        .has_value();
  }

  platform::test::TemporaryDirectory directory_;
};

// A call that does not end keeps the server; the next session finds it and no second one is
// started, and the close is in time all the same.
TEST_F(ProcessTest, ACallUnderWayKeepsTheServer) {
  const auto first = open();
  auto call = find_session(first);
  ASSERT_TRUE(call);
  const auto begin = steady_clock::now();
  EXPECT_TRUE(close_session(first));
  EXPECT_LT(steady_clock::now() - begin, seconds(5));
  EXPECT_TRUE(call->session->is_closed());
  EXPECT_FALSE(find_session(first));
  EXPECT_FALSE(use_current_server()) << "no session is open";
  EXPECT_TRUE(works(*call->server));
  const auto second = open();
  {
    const auto other = find_session(second);
    ASSERT_TRUE(other);
    EXPECT_EQ(&*other->server, &*call->server);
  }
  call.reset();
  {
    const auto other = find_session(second);
    ASSERT_TRUE(other);
    EXPECT_TRUE(works(*other->server));
  }
  EXPECT_TRUE(close_session(second));
}

// The last close waits for a call that ends, and is the one who stops the server.
TEST_F(ProcessTest, TheLastCloseWaitsForCalls) {
  const auto session = open();
  auto call = find_session(session);
  ASSERT_TRUE(call);
  auto closed = std::async(std::launch::async, [&] { return close_session(session).has_value(); });
  while (!call->session->is_closed()) {
  }
  EXPECT_EQ(closed.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  EXPECT_TRUE(works(*call->server)) << "the server goes on under the call";
  call.reset();
  EXPECT_TRUE(closed.get());
}

// A session closed beside others waits for nobody.
TEST_F(ProcessTest, OtherClosesDoNotWait) {
  const auto first = open();
  const auto second = open();
  auto call = find_session(first);
  ASSERT_TRUE(call);
  EXPECT_TRUE(close_session(first));
  EXPECT_TRUE(works(*call->server));
  auto closed = std::async(std::launch::async, [&] { return close_session(second).has_value(); });
  EXPECT_EQ(closed.wait_for(std::chrono::milliseconds(50)), std::future_status::timeout);
  const auto begin = steady_clock::now();
  const auto third = open();
  EXPECT_TRUE(closed.get());
  EXPECT_LT(steady_clock::now() - begin, seconds(3)) << "with a new session it waits no longer";
  call.reset();
  EXPECT_TRUE(close_session(third));
}

TEST_F(ProcessTest, HandlesNameOneThing) {
  const auto session = open();
  const auto other = open();
  const auto detection = add_detection(session);
  ASSERT_TRUE(detection);
  EXPECT_NE(*detection, session);
  EXPECT_TRUE(is_detection(session, *detection));
  EXPECT_FALSE(is_detection(other, *detection));
  EXPECT_FALSE(is_detection(session, session));
  EXPECT_FALSE(find_session(*detection));
  EXPECT_FALSE(find_channel(*detection));
  EXPECT_FALSE(close_detection(other, *detection));
  EXPECT_TRUE(close_session(session));
  EXPECT_FALSE(is_detection(session, *detection));
  EXPECT_FALSE(add_detection(session));
  EXPECT_TRUE(close_session(other));
}

}  // namespace
}  // namespace ntms::host
