// SPDX-License-Identifier: MIT
// What notification channels deliver (contract: functions-session 9 and 10, concepts 17).
#include <algorithm>
#include <array>
#include <atomic>
#include <set>
#include <thread>

#include "conformance/library_fixture.h"
#include "conformance/requests/channel.h"

namespace ntms::conformance {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Notification : public DataDirectoryTest {
 protected:
  HANDLE session() { return rsm_.handle(); }
  Id submit() { return submit_message(session()); }

  Rsm rsm_ = Rsm::open();
};

TEST_F(Notification, InvalidHandles) {
  NTMS_NOTIFICATIONINFORMATION change{};
  int local = 0;
  EXPECT_EQ(CloseNtmsNotification(nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(WaitForNtmsNotification(nullptr, &change, 0), ERROR_INVALID_HANDLE);
  EXPECT_EQ(WaitForNtmsNotification(nullptr, nullptr, INFINITE), ERROR_INVALID_HANDLE);
  for (HANDLE handle : {INVALID_HANDLE_VALUE, static_cast<HANDLE>(&local), session()}) {
    EXPECT_EQ(CloseNtmsNotification(handle), ERROR_INVALID_HANDLE);
    EXPECT_EQ(WaitForNtmsNotification(handle, &change, INFINITE), ERROR_INVALID_HANDLE);
    EXPECT_EQ(WaitForNtmsNotification(handle, nullptr, 0), ERROR_INVALID_HANDLE);
  }
  const Channel channel(session(), NTMS_OPREQUEST);
  EXPECT_EQ(WaitForNtmsNotification(static_cast<char*>(channel.handle()) + 1, &change, 0),
            ERROR_INVALID_HANDLE);
  EXPECT_EQ(CloseNtmsSession(channel.handle()), ERROR_INVALID_HANDLE) << "it is no session";
  HANDLE detection = nullptr;
  ASSERT_EQ(BeginNtmsDeviceChangeDetection(session(), &detection), ERROR_SUCCESS);
  EXPECT_EQ(WaitForNtmsNotification(detection, &change, 0), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CloseNtmsNotification(detection), ERROR_INVALID_HANDLE);
  EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), detection), ERROR_SUCCESS);
}

TEST_F(Notification, MissingStructure) {
  Channel channel(session(), NTMS_OPREQUEST);
  const Id id = submit();
  EXPECT_EQ(WaitForNtmsNotification(channel.handle(), nullptr, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(channel.next(), (Notice{NTMS_OBJ_INSERT, id})) << "nothing was taken by that";
}

TEST_F(Notification, TimeOut) {
  const Channel channel(session(), NTMS_OPREQUEST);
  NTMS_NOTIFICATIONINFORMATION change{};
  change.dwOperation = 77;
  EXPECT_EQ(WaitForNtmsNotification(channel.handle(), &change, 0), ERROR_TIMEOUT);
  const auto begin = steady_clock::now();
  EXPECT_EQ(WaitForNtmsNotification(channel.handle(), &change, 80), ERROR_TIMEOUT);
  EXPECT_GE(steady_clock::now() - begin, milliseconds(80));
  EXPECT_EQ(change.dwOperation, 77U) << "an output was written";
}

TEST_F(Notification, SuccessIsTheLastErrorOfAnOpen) {
  SetLastError(ERROR_BUSY);
  HANDLE handle = OpenNtmsNotification(session(), NTMS_OPREQUEST);
  const DWORD code = GetLastError();
  EXPECT_EQ(code, ERROR_SUCCESS);
  ASSERT_NE(handle, INVALID_HANDLE_VALUE);
  SetLastError(4711);
  EXPECT_EQ(CloseNtmsNotification(handle), ERROR_SUCCESS);
  EXPECT_EQ(GetLastError(), 4711U) << "the others leave it alone";
}

TEST_F(Notification, DeliversInsertUpdateAndDelete) {
  submit();  // before the channel
  Channel channel(session(), NTMS_OPREQUEST);
  const Id first = submit();
  const Id second = submit();
  ASSERT_EQ(SatisfyNtmsOperatorRequest(session(), first.get()), ERROR_SUCCESS);
  ASSERT_EQ(CancelNtmsOperatorRequest(session(), second.get()), ERROR_SUCCESS);
  const std::vector<Notice> expected{{NTMS_OBJ_INSERT, first},
                                     {NTMS_OBJ_INSERT, second},
                                     {NTMS_OBJ_UPDATE, first},
                                     {NTMS_OBJ_UPDATE, second}};
  EXPECT_EQ(channel.all(), expected);
  // No function deletes an operator request yet; whoever does tells of it like this.
  sql("INSERT INTO change(operation,type,guid) SELECT 3,17,guid FROM operator_request WHERE"
      " hex(guid)='" +
      first.hex() + "'");
  EXPECT_EQ(channel.next(), (Notice{NTMS_OBJ_DELETE, first}));
}

TEST_F(Notification, OnlyOfItsType) {
  Channel operators(session(), NTMS_OPREQUEST);
  Channel computers(session(), NTMS_COMPUTER);
  Info computer = rsm_.get(rsm_.list(NTMS_COMPUTER).at(0));
  computer.dwSize = sizeof computer;
  ASSERT_EQ(rsm_.set(computer), ERROR_SUCCESS);
  const Id id = submit();
  ASSERT_EQ(rsm_.set(computer), ERROR_SUCCESS);
  const Notice update{NTMS_OBJ_UPDATE, computer.ObjectGuid};
  EXPECT_EQ(computers.all(), (std::vector<Notice>{update, update})) << "nothing is merged";
  EXPECT_EQ(operators.all(), (std::vector<Notice>{{NTMS_OBJ_INSERT, id}}));
}

TEST_F(Notification, FailedCallsSendNothing) {
  Channel channel(session(), NTMS_OPREQUEST);
  Id id;
  EXPECT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_CLEANER, NTMS_W("x"), stranger().get(),
                                       nullptr, id.get()),
            ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(channel.all(), std::vector<Notice>{});
}

// Each has a queue of its own, whatever its session.
TEST_F(Notification, ManyChannels) {
  Rsm other = Rsm::open();
  Channel first(session(), NTMS_OPREQUEST);
  Channel second(session(), NTMS_OPREQUEST);
  Channel third(other.handle(), NTMS_OPREQUEST);
  EXPECT_NE(first.handle(), second.handle());
  const Id id = submit();
  Channel late(session(), NTMS_OPREQUEST);
  for (Channel* channel : {&first, &second, &third}) {
    EXPECT_EQ(channel->all(), (std::vector<Notice>{{NTMS_OBJ_INSERT, id}}));
  }
  EXPECT_EQ(late.all(), std::vector<Notice>{}) << "from its opening on";
}

TEST_F(Notification, TypesThatNeverFire) {
  for (const DWORD type : {DWORD{NTMS_UNKNOWN}, DWORD{NTMS_OBJECT},
                           DWORD{NTMS_NUMBER_OF_OBJECT_TYPES}, DWORD{20}, DWORD{0xFFFFFFFF}}) {
    Channel channel(session(), type);
    sql("INSERT INTO change(operation,type,guid) VALUES(1," + std::to_string(type) +
        ",randomblob(16))");
    EXPECT_EQ(channel.code(0), ERROR_TIMEOUT) << type;
    EXPECT_EQ(channel.code(20), ERROR_TIMEOUT) << type;
  }
}

TEST_F(Notification, WakesAWaitingCall) {
  Channel channel(session(), NTMS_OPREQUEST);
  NTMS_NOTIFICATIONINFORMATION change{};
  BlockedCall waiter([&] { return WaitForNtmsNotification(channel.handle(), &change, INFINITE); });
  EXPECT_TRUE(waiter.is_waiting());
  const Id id = submit();
  EXPECT_EQ(waiter.code(), ERROR_SUCCESS);
  EXPECT_EQ(change.dwOperation, DWORD{NTMS_OBJ_INSERT});
  EXPECT_EQ(Id(change.ObjectId), id);
}

// Several threads at one channel: each change goes to one of them.
TEST_F(Notification, SharedByThreads) {
  constexpr std::size_t kChanges = 600;
  Channel channel(session(), NTMS_OPREQUEST);
  HANDLE shared = channel.handle();
  std::atomic<std::size_t> heard{0};
  std::array<std::vector<Id>, 4> taken;
  std::vector<std::thread> threads;
  threads.reserve(taken.size());
  for (auto& mine : taken) {
    threads.emplace_back([&] {
      NTMS_NOTIFICATIONINFORMATION change{};
      while (WaitForNtmsNotification(shared, &change, INFINITE) == ERROR_SUCCESS) {
        mine.emplace_back(change.ObjectId);
        ++heard;
      }
    });
  }
  std::vector<Id> sent;
  sent.reserve(kChanges);
  for (std::size_t i = 0; i < kChanges; ++i) sent.push_back(submit());
  EXPECT_TRUE(wait_until([&] { return heard == kChanges; })) << heard;
  EXPECT_EQ(CloseNtmsNotification(channel.release()), ERROR_SUCCESS);
  for (std::thread& thread : threads) thread.join();
  std::vector<Id> all;
  for (const auto& mine : taken) all.insert(all.end(), mine.begin(), mine.end());
  std::sort(all.begin(), all.end());
  std::sort(sent.begin(), sent.end());
  EXPECT_EQ(all, sent);
}

// Nothing is lost and nothing comes out of order while others write.
TEST_F(Notification, InTheOrderOfTheDatabase) {
  Channel channel(session(), NTMS_OPREQUEST);
  const std::string last = sql("SELECT coalesce(max(sequence), 0) FROM change");
  std::atomic<bool> failed{false};
  std::vector<std::thread> writers;
  writers.reserve(4);
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      for (int round = 0; round < 100; ++round) {
        if (submit().is_null()) failed = true;
      }
    });
  }
  std::vector<Notice> heard;
  while (heard.size() < 400) {
    const auto next = channel.wait(20000);
    ASSERT_TRUE(next) << "after " << heard.size();
    heard.push_back(*next);
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_FALSE(failed);
  EXPECT_EQ(channel.code(0), ERROR_TIMEOUT);
  std::vector<Notice> logged;
  std::istringstream rows(sql("SELECT operation, guid FROM change WHERE type=17 AND sequence>" +
                              last.substr(0, last.find('\n')) + " ORDER BY sequence"));
  DWORD operation = 0;
  for (std::string guid; rows >> operation >> guid;) logged.push_back({operation, parse_id(guid)});
  EXPECT_EQ(heard, logged);
}

TEST_F(Notification, DatabaseFailure) {
  Channel channel(session(), NTMS_OPREQUEST);
  const Id id = submit();
  sql("ALTER TABLE change RENAME TO hidden");
  EXPECT_EQ(channel.code(1000), ERROR_DATABASE_FAILURE);
  SetLastError(ERROR_SUCCESS);
  sql("ALTER TABLE hidden RENAME TO change");
  EXPECT_EQ(channel.next(), (Notice{NTMS_OBJ_INSERT, id})) << "nothing is lost";
  sql("ALTER TABLE computer RENAME TO hidden; PRAGMA writable_schema=ON;"
      "DELETE FROM sqlite_schema WHERE name='sqlite_sequence'");
  HANDLE refused = OpenNtmsNotification(session(), NTMS_OPREQUEST);
  const DWORD code = GetLastError();
  EXPECT_EQ(refused, INVALID_HANDLE_VALUE);
  EXPECT_EQ(code, ERROR_DATABASE_FAILURE);
}

// What a library does is heard of: the request from its insertion to its completion notice.
class NotificationOfALibrary : public LibraryTest {};

TEST_F(NotificationOfALibrary, EjectFromBeginToEnd) {
  ASSERT_NO_FATAL_FAILURE(start());
  Channel requests(session(), NTMS_LIBREQUEST);
  Channel media(session(), NTMS_PHYSICAL_MEDIA);
  Channel sides(session(), NTMS_PARTITION);
  Channel ports(session(), NTMS_IEPORT);
  const long long last = last_change();
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  const Id side = side_of(medium(0));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  const auto heard = requests.all();
  ASSERT_GE(heard.size(), 3U);
  EXPECT_EQ(heard.front(), (Notice{NTMS_OBJ_INSERT, operation}));
  EXPECT_EQ(heard[heard.size() - 2], (Notice{NTMS_OBJ_UPDATE, operation}));
  EXPECT_EQ(heard.back(), (Notice{NTMS_EVENT_COMPLETE, operation})) << "last, and once";
  EXPECT_EQ(std::count(heard.begin(), heard.end(), heard.back()), 1);
  EXPECT_EQ(media.all().back(), (Notice{NTMS_OBJ_DELETE, medium(0)}));
  EXPECT_EQ(sides.all(), (std::vector<Notice>{{NTMS_OBJ_DELETE, side}}));
  EXPECT_FALSE(ports.all().empty());
  EXPECT_FALSE(changes(last).empty());
}

TEST_F(NotificationOfALibrary, InventoryCompletesOnTheLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  Channel libraries(session(), NTMS_LIBRARY);
  Channel slots(session(), NTMS_STORAGESLOT);
  ASSERT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  std::optional<Notice> heard;
  do {
    heard = libraries.wait(20000);
    ASSERT_TRUE(heard);
  } while (heard->operation != NTMS_EVENT_COMPLETE);
  EXPECT_EQ(heard->object, library());
  EXPECT_EQ(slots.all().size(), 16U) << "eight full slots marked, and found full again";
}

}  // namespace
}  // namespace ntms::conformance
