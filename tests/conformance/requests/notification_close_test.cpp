// SPDX-License-Identifier: MIT
// How notification channels end: closed, with their session, or because nobody read them (contract:
// functions-session 2, 10 and 11, concepts 17).
#include <atomic>
#include <thread>

#include "conformance/library_fixture.h"
#include "conformance/requests/channel.h"

namespace ntms::conformance {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

class NotificationClose : public DataDirectoryTest {
 protected:
  static DWORD wait(HANDLE channel, DWORD timeout = INFINITE) {
    NTMS_NOTIFICATIONINFORMATION change{};
    return WaitForNtmsNotification(channel, &change, timeout);
  }
  static HANDLE open(HANDLE session, DWORD type = NTMS_OPREQUEST) {
    HANDLE channel = OpenNtmsNotification(session, type);
    EXPECT_NE(channel, INVALID_HANDLE_VALUE);
    return channel;
  }

  Rsm rsm_ = Rsm::open();
};

TEST_F(NotificationClose, Twice) {
  HANDLE channel = open(rsm_.handle());
  EXPECT_EQ(CloseNtmsNotification(channel), ERROR_SUCCESS);
  EXPECT_EQ(CloseNtmsNotification(channel), ERROR_INVALID_HANDLE);
  EXPECT_EQ(wait(channel), ERROR_INVALID_HANDLE);
}

TEST_F(NotificationClose, ChannelWhileWaiting) {
  HANDLE channel = open(rsm_.handle());
  HANDLE never = open(rsm_.handle(), 99);
  Channel other(rsm_.handle(), NTMS_OPREQUEST);
  BlockedCall first([&] { return wait(channel); });
  BlockedCall second([&] { return wait(channel, 20000); });
  BlockedCall third([&] { return wait(never); });
  BlockedCall unconcerned([&] { return other.code(INFINITE); });
  EXPECT_TRUE(first.is_waiting());
  EXPECT_EQ(CloseNtmsNotification(channel), ERROR_SUCCESS);
  EXPECT_EQ(CloseNtmsNotification(never), ERROR_SUCCESS);
  EXPECT_EQ(first.code(), ERROR_NO_DATA);
  EXPECT_EQ(second.code(), ERROR_NO_DATA);
  EXPECT_EQ(third.code(), ERROR_NO_DATA);
  EXPECT_EQ(wait(channel), ERROR_INVALID_HANDLE);
  EXPECT_TRUE(unconcerned.is_waiting());
  submit_message(rsm_.handle());
  EXPECT_EQ(unconcerned.code(), ERROR_SUCCESS);
}

TEST_F(NotificationClose, SessionWhileWaiting) {
  Rsm other = Rsm::open();
  HANDLE channel = open(other.handle());
  HANDLE own = open(rsm_.handle());
  BlockedCall waiter([&] { return wait(channel); });
  BlockedCall unconcerned([&] { return wait(own); });
  EXPECT_TRUE(waiter.is_waiting());
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(waiter.code(), ERROR_NO_DATA);
  EXPECT_EQ(wait(channel), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CloseNtmsNotification(channel), ERROR_INVALID_HANDLE);
  EXPECT_TRUE(unconcerned.is_waiting());
  EXPECT_EQ(CloseNtmsNotification(own), ERROR_SUCCESS);
  EXPECT_EQ(unconcerned.code(), ERROR_NO_DATA);
}

// The last close with calls that wait: it is in time, stops the server itself, and the next session
// finds everything in order.
TEST_F(NotificationClose, LastSessionWhileWaiting) {
  ASSERT_EQ(rsm_.close(), ERROR_SUCCESS);
  const std::size_t threads = test::own_threads();
  for (int round = 0; round < 10; ++round) {
    rsm_ = Rsm::open();
    HANDLE channel = open(rsm_.handle());
    HANDLE never = open(rsm_.handle(), 0);
    {
      BlockedCall first([&] { return wait(channel); });
      BlockedCall second([&] { return wait(never); });
      const auto begin = steady_clock::now();
      ASSERT_EQ(rsm_.close(), ERROR_SUCCESS);
      ASSERT_LT(steady_clock::now() - begin, seconds(5));
      const DWORD code = first.code();
      ASSERT_TRUE(code == ERROR_NO_DATA || code == ERROR_INVALID_HANDLE) << code;
      const DWORD other = second.code();
      ASSERT_TRUE(other == ERROR_NO_DATA || other == ERROR_INVALID_HANDLE) << other;
    }
    EXPECT_TRUE(wait_until([&] { return test::own_threads() <= threads; }));
  }
}

// Sessions that come and go while calls of others begin and end: a server never stops under a call,
// and never starts beside another.
TEST_F(NotificationClose, SessionsComeAndGoWithTheirCalls) {
  ASSERT_EQ(rsm_.close(), ERROR_SUCCESS);
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  threads.reserve(4);
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 12; ++round) {
        HANDLE session = OpenNtmsSessionW(nullptr, NTMS_W("thread"), 0);
        if (session == INVALID_HANDLE_VALUE) {
          ++wrong;
          continue;
        }
        HANDLE channel = OpenNtmsNotification(session, NTMS_OPREQUEST);
        std::thread waiter([&] {
          for (DWORD code = ERROR_SUCCESS; code == ERROR_SUCCESS;) {
            code = wait(channel);
            if (code != ERROR_SUCCESS && code != ERROR_NO_DATA && code != ERROR_INVALID_HANDLE) {
              ++wrong;
            }
          }
        });
        Id id;
        if (SubmitNtmsOperatorRequestW(session, NTMS_OPREQ_MESSAGE, NTMS_W("x"), nullptr, nullptr,
                                       id.get()) != ERROR_SUCCESS) {
          ++wrong;
        }
        if (CloseNtmsSession(session) != ERROR_SUCCESS) ++wrong;
        waiter.join();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, 0);
  rsm_ = Rsm::open();
  EXPECT_EQ(rsm_.list(NTMS_OPREQUEST).size(), 48U) << "what was acknowledged is there";
}

TEST_F(NotificationClose, LeavesNothingBehind) {
  const std::size_t descriptors = test::own_handles();
  const std::size_t threads = test::own_threads();
  std::vector<HANDLE> channels;
  channels.reserve(200);
  for (int i = 0; i < 200; ++i) channels.push_back(open(rsm_.handle(), NTMS_DRIVE));
  // The engine may open a database connection or two more meanwhile, but not one for each channel.
  EXPECT_LT(test::own_handles(), descriptors + 20) << "a channel is no kernel object";
  EXPECT_EQ(test::own_threads(), threads);
  for (HANDLE channel : channels) EXPECT_EQ(CloseNtmsNotification(channel), ERROR_SUCCESS);
}

// A channel that nobody reads breaks rather than losing changes in silence.
class NotificationOverflow : public NotificationClose {
 protected:
  void change(int count, DWORD type = NTMS_OPREQUEST) {
    sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<" +
        std::to_string(count) + ") INSERT INTO change(operation,type,guid) SELECT 1," +
        std::to_string(type) + ",randomblob(16) FROM n");
  }
};

TEST_F(NotificationOverflow, TenThousandAreKept) {
  Channel channel(rsm_.handle(), NTMS_OPREQUEST);
  change(4000);
  change(200000, NTMS_STORAGESLOT);  // of others, which do not count
  change(6000);
  EXPECT_EQ(channel.all().size(), 10000U);
  change(10000);
  EXPECT_EQ(channel.all().size(), 10000U) << "and again";
}

TEST_F(NotificationOverflow, MoreThanTenThousand) {
  Channel channel(rsm_.handle(), NTMS_OPREQUEST);
  Channel reopened(rsm_.handle(), NTMS_COMPUTER);
  change(10001);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(channel.code(i == 0 ? 0 : INFINITE), ERROR_NO_DATA);
  EXPECT_EQ(reopened.code(0), ERROR_TIMEOUT) << "those of other types do not matter";
  Channel fresh(rsm_.handle(), NTMS_OPREQUEST);
  const Id id = submit_message(rsm_.handle());
  EXPECT_EQ(fresh.next(), (Notice{NTMS_OBJ_INSERT, id}));
  EXPECT_EQ(channel.code(0), ERROR_NO_DATA);
  EXPECT_EQ(CloseNtmsNotification(channel.release()), ERROR_SUCCESS);
}

// What piles up behind a slow reader counts together with what it has not read yet.
TEST_F(NotificationOverflow, BehindASlowReader) {
  Channel channel(rsm_.handle(), NTMS_OPREQUEST);
  change(9000);
  for (int i = 0; i < 1000; ++i) ASSERT_TRUE(channel.wait(0));
  change(3000);
  std::size_t heard = 0;
  DWORD code = ERROR_SUCCESS;
  while ((code = channel.code(0)) == ERROR_SUCCESS) ++heard;
  EXPECT_EQ(code, ERROR_NO_DATA);
  EXPECT_LT(heard, 1000U) << "it breaks with the next look";
}

// Large libraries need more: four times the number of their objects.
TEST_F(NotificationOverflow, FourTimesTheObjects) {
  sql("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<3000)"
      " INSERT INTO operator_request(guid,created,modified,enabled,operational_state,name,"
      "description,request,submitted,answered,state,message,arg1_type,arg2_type,application,user,"
      "computer,by_system) SELECT randomblob(16),1,1,1,0,'','',5,1,0,1,'',0,0,'','','',0 FROM n");
  Channel channel(rsm_.handle(), NTMS_OPREQUEST);
  change(12000);
  EXPECT_EQ(channel.all().size(), 12000U);
  change(12001);
  EXPECT_EQ(channel.code(0), ERROR_NO_DATA);
}

// The log has been trimmed of what the channel had not read.
TEST_F(NotificationOverflow, TrimmedLog) {
  Channel behind(rsm_.handle(), NTMS_OPREQUEST);
  Channel other(rsm_.handle(), NTMS_COMPUTER);
  change(5);
  Channel level(rsm_.handle(), NTMS_OPREQUEST);
  sql("INSERT INTO setting(name,value) SELECT 'trimmed.17', max(sequence) FROM change;"
      "DELETE FROM change");
  Channel after(rsm_.handle(), NTMS_OPREQUEST);
  EXPECT_EQ(behind.code(0), ERROR_NO_DATA);
  EXPECT_EQ(behind.code(INFINITE), ERROR_NO_DATA);
  EXPECT_EQ(other.code(0), ERROR_TIMEOUT) << "nothing of its type was trimmed";
  const Id id = submit_message(rsm_.handle());
  EXPECT_EQ(level.next(), (Notice{NTMS_OBJ_INSERT, id})) << "it had nothing to lose";
  EXPECT_EQ(after.next(), (Notice{NTMS_OBJ_INSERT, id}));
}

}  // namespace
}  // namespace ntms::conformance
