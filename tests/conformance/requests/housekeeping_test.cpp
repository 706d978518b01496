// SPDX-License-Identifier: MIT
// Finished requests disappear by the computer object's purge times and flags, and the change log
// does not grow for ever (contract: functions-library-control 0.3, functions-session 3, concepts 15
// to 17).
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

constexpr long long kDay = 24LL * 3600 * 1000;  // milliseconds

class Purge : public LibraryTest {
 protected:
  void start_in_virtual_time() {
    LibraryShape shape;
    shape.virtual_clock = true;
    ASSERT_NO_FATAL_FAILURE(start(shape));
  }
  void set_computer(const std::function<void(NTMS_COMPUTERINFORMATION&)>& change) {
    Info info = rsm().get(rsm().list(NTMS_COMPUTER).at(0), NTMS_COMPUTER);
    change(info.Info.Computer);
    ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  }
  // An inventory that has passed.
  Id passed_request() {
    const auto before = rsm().list(NTMS_LIBREQUEST).size();
    EXPECT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
    const auto all = rsm().list(NTMS_LIBREQUEST);
    EXPECT_EQ(all.size(), before + 1);
    EXPECT_TRUE(wait_for_state(all.back(), NTMS_LM_PASSED));
    return all.back();
  }
  // A request that failed: the arm has a positioning error.
  Id failed_request() {
    emulator().fail_move(NTMS_EMULATOR_FAIL_BEFORE, 0x04, 0x15, 0x01);
    const Id operation = start_eject(medium(1));
    EXPECT_TRUE(wait_for_state(operation, NTMS_LM_FAILED));
    return operation;
  }
  bool is_there(const Id& id) { return rsm().find(id).has_value(); }
  bool wait_gone(const Id& id) {
    const bool gone = wait_until([&] { return !is_there(id); });
    EXPECT_TRUE(gone) << picture();
    return gone;
  }
};

TEST_F(Purge, LibraryRequestsAfterThreeDays) {
  ASSERT_NO_FATAL_FAILURE(start_in_virtual_time());
  const Id first = passed_request();
  emulator().advance(kDay);
  const Id second = passed_request();
  const auto before = last_change();
  const auto begin = std::chrono::steady_clock::now();
  emulator().advance(2 * kDay);
  ASSERT_TRUE(wait_gone(first));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(3));
  EXPECT_TRUE(is_there(second)) << "its three days are not over";
  const std::vector<Change> told{{NTMS_OBJ_DELETE, NTMS_LIBREQUEST, first}};
  EXPECT_EQ(changes(before), told) << describe(changes(before));
  emulator().advance(kDay);
  EXPECT_TRUE(wait_gone(second));
}

TEST_F(Purge, UnfinishedRequestsStay) {
  ASSERT_NO_FATAL_FAILURE(start_in_virtual_time());
  ASSERT_EQ(rsm().eject(medium(0), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id held = unfinished_request_of(medium(0));
  const Id finished = passed_request();
  emulator().advance(4 * kDay);
  ASSERT_TRUE(wait_gone(finished));
  EXPECT_TRUE(is_there(held));
}

TEST_F(Purge, ByTheTimeThatWasSet) {
  ASSERT_NO_FATAL_FAILURE(start_in_virtual_time());
  const Id request = passed_request();
  emulator().advance(3600 * 1000);
  ASSERT_TRUE(is_there(request));
  set_computer([](auto& computer) { computer.dwLibRequestPurgeTime = 1800; });
  EXPECT_TRUE(wait_gone(request)) << "without a further change of time";
}

TEST_F(Purge, SwitchedOff) {
  ASSERT_NO_FATAL_FAILURE(start_in_virtual_time());
  set_computer([](auto& computer) {
    computer.dwLibRequestFlags = NTMS_LIBREQFLAGS_NOAUTOPURGE;
    computer.dwOpRequestPurgeTime = 60;
  });
  const Id request = passed_request();
  ASSERT_NO_FATAL_FAILURE(reopen_with(
      "INSERT INTO operator_request(guid, created, modified, enabled, operational_state, name,"
      " description, request, submitted, answered, state, message, arg1_type, arg2_type,"
      " application, user, computer, by_system) VALUES(randomblob(16), 1, 1, 1, 0, '', '', 5, 1, 1,"
      " 5, 'm', 0, 0, '', '', '', 0)"));
  emulator().advance(30 * kDay);
  // That the operator request goes shows that the records have been looked at.
  ASSERT_TRUE(wait_until([&] { return rsm().list(NTMS_OPREQUEST).empty(); }));
  EXPECT_TRUE(is_there(request));
  set_computer([](auto& computer) { computer.dwLibRequestFlags = 0; });
  EXPECT_TRUE(wait_gone(request));
}

TEST_F(Purge, FailedOnesAreKept) {
  ASSERT_NO_FATAL_FAILURE(start_in_virtual_time());
  set_computer([](auto& computer) { computer.dwLibRequestFlags = NTMS_LIBREQFLAGS_NOFAILEDPURGE; });
  const Id failed = failed_request();
  const Id passed = passed_request();
  emulator().advance(30 * kDay);
  ASSERT_TRUE(wait_gone(passed));
  EXPECT_TRUE(is_there(failed));
  set_computer([](auto& computer) { computer.dwLibRequestFlags = 0; });
  EXPECT_TRUE(wait_gone(failed));
}

TEST_F(Purge, OperatorRequests) {
  ASSERT_NO_FATAL_FAILURE(start_in_virtual_time());
  const std::string begin =
      "INSERT INTO operator_request(guid, created, modified, enabled, operational_state, name,"
      " description, request, submitted, answered, state, message, arg1_type, arg2_type,"
      " application, user, computer, by_system) VALUES(randomblob(16), 1, 1, 1, 0, '', '', 5, 1, ";
  const std::string end = ", 'm', 0, 0, '', '', '', 0);";
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET op_request_flags=2;" + begin + "1, 5" +
                                      end + begin + "1, 4" + end + begin + "0, 1" + end));
  ASSERT_TRUE(wait_until([&] { return rsm().list(NTMS_OPREQUEST).size() == 2; }))
      << "the completed one has gone";
  for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
    EXPECT_NE(rsm().get(id, NTMS_OPREQUEST).Info.OpRequest.State, NTMS_OPSTATE_COMPLETE);
  }
  set_computer([](auto& computer) { computer.dwOpRequestFlags = 0; });
  ASSERT_TRUE(wait_until([&] { return rsm().list(NTMS_OPREQUEST).size() == 1; }));
  EXPECT_EQ(rsm().get(rsm().list(NTMS_OPREQUEST)[0], NTMS_OPREQUEST).Info.OpRequest.State,
            NTMS_OPSTATE_SUBMITTED);
}

TEST_F(Purge, LongChangeLogs) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(reopen_with(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<30000) INSERT INTO"
      " change(operation, type, guid) SELECT 1, 16, randomblob(16) FROM n"));
  const auto count = [&] { return std::stoll(sql("SELECT count(*) FROM change WHERE type=16")); };
  ASSERT_TRUE(wait_until([&] { return count() == 11000; })) << count();
  EXPECT_EQ(std::stoll(sql("SELECT value FROM setting WHERE name='trimmed.16'")) + 1,
            std::stoll(sql("SELECT min(sequence) FROM change WHERE type=16")));
  EXPECT_GT(std::stoll(sql("SELECT count(*) FROM change WHERE type=15")), 0)
      << "other types keep theirs";
}

}  // namespace
}  // namespace ntms::conformance
