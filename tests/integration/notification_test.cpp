// SPDX-License-Identifier: MIT
// Notifications and operator requests between processes (contract: functions-session 4, 9 and 10).
#include "conformance/requests/channel.h"
#include "integration/scenario.h"

namespace ntms::integration {
namespace {

class NotificationAcross : public DataDirectoryTest {
 protected:
  Application application() {
    Application opened(worker());
    EXPECT_EQ(opened.ask("open"), "open 0");
    return opened;
  }
  static Id submitted(Application& by) {
    const std::string reply = by.ask("submit 5");
    EXPECT_TRUE(reply.starts_with("submit 0 ")) << reply;
    return reply.size() > 9 ? parse_id(reply.substr(9)) : Id{};
  }
  static std::string heard(DWORD operation, const Id& id) {
    return "hear 0 " + std::to_string(operation) + " " + id.hex();
  }
};

TEST_F(NotificationAcross, AChangeOfAnotherProcessIsHeard) {
  Rsm rsm = Rsm::open();
  const Channel channel(rsm.handle(), NTMS_OPREQUEST);
  Application writer = application();
  NTMS_NOTIFICATIONINFORMATION change{};
  BlockedCall waiter([&] { return WaitForNtmsNotification(channel.handle(), &change, INFINITE); });
  EXPECT_TRUE(waiter.is_waiting());
  const Id id = submitted(writer);
  EXPECT_EQ(waiter.code(), ERROR_SUCCESS);
  EXPECT_EQ(Id(change.ObjectId), id);
  EXPECT_EQ(writer.ask("satisfy " + id.hex()), "satisfy 0");
  EXPECT_EQ(channel.wait(20000), (Notice{NTMS_OBJ_UPDATE, id}));
  EXPECT_EQ(writer.end(), 0);
}

TEST_F(NotificationAcross, EveryProcessHearsAll) {
  Application first = application();
  Application second = application();
  Rsm rsm = Rsm::open();
  EXPECT_EQ(first.ask("listen 17"), "listen 0");
  EXPECT_EQ(second.ask("listen 17"), "listen 0");
  std::vector<Id> sent;
  sent.reserve(20);
  for (int i = 0; i < 20; ++i) {
    sent.push_back(i % 2 == 0 ? submitted(first) : submit_message(rsm.handle()));
  }
  for (const Id& id : sent) {
    EXPECT_EQ(first.ask("hear 20000"), heard(NTMS_OBJ_INSERT, id));
    EXPECT_EQ(second.ask("hear 20000"), heard(NTMS_OBJ_INSERT, id));
  }
  EXPECT_EQ(first.ask("hear 0"), "hear 1460");
  EXPECT_EQ(first.end(), 0);
  EXPECT_EQ(second.end(), 0);
}

// The owner of the robots dies: who listens elsewhere hears what it had committed and what comes
// after it.
TEST_F(NotificationAcross, TheListenerSurvivesTheOwner) {
  Application owner = application();
  Application listener = application();
  EXPECT_EQ(listener.ask("listen 17"), "listen 0");
  listener.begin("hear 20000");
  const Id first = submitted(owner);
  EXPECT_EQ(listener.answer(), heard(NTMS_OBJ_INSERT, first));
  const Id second = submitted(owner);
  owner.kill();
  EXPECT_EQ(listener.ask("hear 20000"), heard(NTMS_OBJ_INSERT, second));
  listener.begin("hear 20000");
  Rsm rsm = Rsm::open();
  const Id third = submit_message(rsm.handle());
  EXPECT_EQ(listener.answer(), heard(NTMS_OBJ_INSERT, third));
  EXPECT_EQ(listener.end(), 0);
}

// The other way round: nobody waits for a listener that is gone.
TEST_F(NotificationAcross, WritersSurviveTheListener) {
  Rsm rsm = Rsm::open();
  Application listener = application();
  EXPECT_EQ(listener.ask("listen 17"), "listen 0");
  listener.begin("hear 60000");
  listener.kill();
  for (int i = 0; i < 50; ++i) EXPECT_FALSE(submit_message(rsm.handle()).is_null());
}

TEST_F(NotificationAcross, AnswersOfAnotherProcess) {
  Rsm rsm = Rsm::open();
  Application person = application();
  const Id done = submit_message(rsm.handle());
  const Id refused = submit_message(rsm.handle());
  BlockedCall first([&] { return WaitForNtmsOperatorRequest(rsm.handle(), done.get(), INFINITE); });
  BlockedCall second(
      [&] { return WaitForNtmsOperatorRequest(rsm.handle(), refused.get(), INFINITE); });
  EXPECT_TRUE(first.is_waiting());
  EXPECT_EQ(person.ask("satisfy " + done.hex()), "satisfy 0");
  EXPECT_EQ(first.code(), ERROR_SUCCESS);
  EXPECT_TRUE(second.is_waiting());
  EXPECT_EQ(person.ask("refuse " + refused.hex()), "refuse 0");
  EXPECT_EQ(second.code(), ERROR_CANCELLED);
  EXPECT_EQ(person.end(), 0);
}

// What the owner's robot does is heard in another process.
class NotificationOfTheOwner : public LibraryTest {};

TEST_F(NotificationOfTheOwner, EjectIsHeardByAClient) {
  ASSERT_NO_FATAL_FAILURE(start());
  Application client(worker());
  ASSERT_EQ(client.ask("open"), "open 0");
  EXPECT_EQ(client.ask("listen " + std::to_string(NTMS_LIBREQUEST)), "listen 0");
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  std::vector<std::string> all;
  const std::string end = "hear 0 " + std::to_string(NTMS_EVENT_COMPLETE) + " " + operation.hex();
  while (all.empty() || all.back() != end) {
    all.push_back(client.ask("hear 20000"));
    ASSERT_TRUE(all.back().starts_with("hear 0 ")) << all.back();
  }
  EXPECT_EQ(all.front(), "hear 0 " + std::to_string(NTMS_OBJ_INSERT) + " " + operation.hex());
  EXPECT_EQ(rsm().state(operation), NTMS_LM_PASSED);
  EXPECT_EQ(client.end(), 0);
}

}  // namespace
}  // namespace ntms::integration
