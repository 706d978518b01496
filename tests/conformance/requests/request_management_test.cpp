// SPDX-License-Identifier: MIT
// GetNtmsRequestOrder, SetNtmsRequestOrder and DeleteNtmsRequests (contract:
// functions-library-control 9 to 11).

#include <algorithm>

#include "conformance/failing_calls.h"
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

// A library request as rows: held back from the worker, so that nothing becomes of it.
std::string library_request(
    DWORD operation, DWORD state, DWORD order,
    const std::string& library = "(SELECT guid FROM library WHERE type=2)") {
  const bool finished = state != NTMS_LM_QUEUED && state != NTMS_LM_WAITING;
  return "INSERT INTO library_request(guid, created, modified, enabled, operational_state, name,"
         " description, operation, option, state, library, time_queued, time_completed,"
         " application, user, computer, error_code, reason, priority, held, stop, cancel, phase,"
         " source, target, deadline, order_number) VALUES(randomblob(16), 1, 1, 1, 0, '', '', " +
         std::to_string(operation) + ", 0, " + std::to_string(state) + ", " + library + ", 1, " +
         (finished ? "strftime('%s')*1000000" : "0") +
         ", '', '', '', 0, '', 0, 1, 0, 0, 0, 0, 0, 0, " + std::to_string(order) + ");";
}

std::string operator_request(DWORD state) {
  const bool answered = state == NTMS_OPSTATE_COMPLETE || state == NTMS_OPSTATE_REFUSED;
  return "INSERT INTO operator_request(guid, created, modified, enabled, operational_state, name,"
         " description, request, submitted, answered, state, message, arg1_type, arg2_type,"
         " application, user, computer, by_system) VALUES(randomblob(16), 1, 1, 1, 0, '', '', 5, 1,"
         " " +
         std::string(answered ? "strftime('%s')*1000000" : "0") + ", " + std::to_string(state) +
         ", 'm', 0, 0, '', '', '', 0);";
}

class RequestManagementTest : public LibraryTest {
 protected:
  // Starts with these rows. mounts_ are the mounts in the order of their creation.
  void start_with(const std::string& rows) {
    ASSERT_NO_FATAL_FAILURE(start());
    ASSERT_NO_FATAL_FAILURE(reopen_with(rows));
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (rsm().request(id).OperationCode == NTMS_LM_MOUNT) mounts_.push_back(id);
    }
  }
  void start_with_mounts(unsigned count) {
    std::string rows;
    for (unsigned i = 1; i <= count; ++i) rows += library_request(NTMS_LM_MOUNT, 0, i);
    ASSERT_NO_FATAL_FAILURE(start_with(rows));
    ASSERT_EQ(mounts_.size(), count);
  }

  DWORD order_of(const Id& request) {
    DWORD order = 4711;
    EXPECT_EQ(GetNtmsRequestOrder(session(), request.get(), &order), ERROR_SUCCESS);
    return order;
  }
  DWORD set_order(const Id& request, DWORD order) {
    return SetNtmsRequestOrder(session(), request.get(), order);
  }
  // The places of mounts_, as digits.
  std::string orders() {
    std::string result;
    for (const Id& mount : mounts_) result += std::to_string(order_of(mount));
    return result;
  }
  DWORD remove(const std::vector<Id>& ids, DWORD type) {
    std::vector<NTMS_GUID> guids;
    for (const Id& id : ids) guids.push_back(id.guid);
    guids.push_back({});  // a list of none has an address too
    return DeleteNtmsRequests(session(), guids.data(), type, static_cast<DWORD>(ids.size()));
  }
  std::vector<Id> in_state(DWORD type, DWORD state) {
    std::vector<Id> found;
    for (const Id& id : rsm().list(type)) {
      const Info info = rsm().get(id, type);
      const DWORD has =
          type == NTMS_LIBREQUEST ? info.Info.LibRequest.State : info.Info.OpRequest.State;
      if (has == state) found.push_back(id);
    }
    return found;
  }
  // A process of a user who may look and nothing else.
  std::unique_ptr<test::Program> somebody() {
    open_to_everybody();
    auto user = worker();
    user->write_line("uid 65534");
    EXPECT_EQ(user->read_line(), "uid 0");
    user->write_line("open");
    EXPECT_EQ(user->read_line(), "open 0");
    return user;
  }

  std::vector<Id> mounts_;
};

using RequestOrder = RequestManagementTest;
using DeleteRequests = RequestManagementTest;

TEST_F(RequestOrder, BadHandles) {
  Id id = stranger();
  DWORD order = 4711;
  for (HANDLE handle : {static_cast<HANDLE>(nullptr), INVALID_HANDLE_VALUE}) {
    EXPECT_EQ(GetNtmsRequestOrder(handle, nullptr, nullptr), ERROR_INVALID_HANDLE);
    EXPECT_EQ(GetNtmsRequestOrder(handle, id.get(), &order), ERROR_INVALID_HANDLE);
    EXPECT_EQ(SetNtmsRequestOrder(handle, nullptr, 0), ERROR_INVALID_HANDLE);
    EXPECT_EQ(SetNtmsRequestOrder(handle, id.get(), 1), ERROR_INVALID_HANDLE);
  }
  EXPECT_EQ(order, 4711U);
}

TEST_F(RequestOrder, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start_with_mounts(1));
  DWORD order = 4711;
  EXPECT_EQ(GetNtmsRequestOrder(session(), nullptr, &order), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsRequestOrder(session(), mounts_[0].get(), nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsRequestOrder(session(), stranger().get(), nullptr), ERROR_INVALID_PARAMETER)
      << "pointers come first";
  EXPECT_EQ(SetNtmsRequestOrder(session(), nullptr, 1), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(order, 4711U);
}

TEST_F(RequestOrder, PlaceZero) {
  ASSERT_NO_FATAL_FAILURE(start_with_mounts(2));
  EXPECT_EQ(set_order(mounts_[0], 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(set_order(stranger(), 0), ERROR_INVALID_PARAMETER) << "values come before objects";
  EXPECT_EQ(orders(), "12");
}

TEST_F(RequestOrder, UnknownRequests) {
  ASSERT_NO_FATAL_FAILURE(start());
  DWORD order = 4711;
  for (const Id& id : {stranger(), Id{}, library(), medium(0)}) {
    EXPECT_EQ(GetNtmsRequestOrder(session(), id.get(), &order), ERROR_OBJECT_NOT_FOUND);
    EXPECT_EQ(set_order(id, 1), ERROR_OBJECT_NOT_FOUND);
  }
  EXPECT_EQ(order, 4711U);
}

#ifndef _WIN32  // there is no second user to become
TEST_F(RequestOrder, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start_with_mounts(2));
  const auto user = somebody();
  user->write_line("order " + mounts_[1].hex());
  EXPECT_EQ(user->read_line(), "order 5 0");
  user->write_line("order " + mounts_[1].hex() + " 1");
  EXPECT_EQ(user->read_line(), "order 5");
  user->write_line("order " + stranger().hex() + " 1");
  EXPECT_EQ(user->read_line(), "order 4312") << "objects come before rights";
  EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(orders(), "12");
}
#endif

TEST_F(RequestOrder, OfEachKindOfRequest) {
  std::string rows = library_request(NTMS_LM_MOUNT, NTMS_LM_PASSED, 3) +
                     library_request(NTMS_LM_MOUNT, NTMS_LM_CANCELLED, 1) +
                     library_request(NTMS_LM_MOUNT, NTMS_LM_WAITING, 7) +
                     library_request(NTMS_LM_MOUNT, NTMS_LM_QUEUED, 9) +
                     library_request(NTMS_LM_DISMOUNT, NTMS_LM_QUEUED, 5);
  ASSERT_NO_FATAL_FAILURE(start_with(rows));
  EXPECT_EQ(orders(), "0012") << "only unfinished mounts count, from 1";
  for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
    if (rsm().request(id).OperationCode == NTMS_LM_DISMOUNT) {
      EXPECT_EQ(order_of(id), 0U);
      const auto before = last_change();
      EXPECT_EQ(set_order(id, 1), ERROR_SUCCESS) << "nothing is changed, and nothing is wrong";
      EXPECT_EQ(set_order(mounts_[0], 1), ERROR_SUCCESS) << "a finished one likewise";
      EXPECT_TRUE(changes(before).empty()) << describe(changes(before));
    }
  }
  EXPECT_EQ(orders(), "0012");
}

TEST_F(RequestOrder, MovesAndNumbersAnew) {
  ASSERT_NO_FATAL_FAILURE(start_with_mounts(5));
  EXPECT_EQ(orders(), "12345");
  EXPECT_EQ(set_order(mounts_[3], 1), ERROR_SUCCESS);
  EXPECT_EQ(orders(), "23415") << "the fourth is next";
  EXPECT_EQ(set_order(mounts_[3], 0xFFFFFFFF), ERROR_SUCCESS);
  EXPECT_EQ(orders(), "12354") << "the fourth is last";
  EXPECT_EQ(set_order(mounts_[0], 6), ERROR_SUCCESS) << "anything beyond the last is last";
  EXPECT_EQ(orders(), "51243");
  EXPECT_EQ(set_order(mounts_[0], 2), ERROR_SUCCESS);
  EXPECT_EQ(orders(), "21354");
  const auto before = last_change();
  EXPECT_EQ(set_order(mounts_[0], 2), ERROR_SUCCESS) << "where it is already";
  EXPECT_TRUE(changes(before).empty()) << describe(changes(before));
  EXPECT_EQ(set_order(mounts_[1], 2), ERROR_SUCCESS);
  EXPECT_EQ(orders(), "12354");
  const std::vector<Change> told{{NTMS_OBJ_UPDATE, NTMS_LIBREQUEST, mounts_[0]},
                                 {NTMS_OBJ_UPDATE, NTMS_LIBREQUEST, mounts_[1]}};
  EXPECT_EQ(changes(before), told) << describe(changes(before));
}

TEST_F(RequestOrder, LibrariesCountApart) {
  LibraryShape other;
  other.media = 1;
  other.bar_codes = {"OTHER1L8"};
  ASSERT_NO_FATAL_FAILURE(create());
  create_another(other);
  ASSERT_NO_FATAL_FAILURE(open());
  const std::string second = "(SELECT max(guid) FROM library WHERE type=2)";
  const std::string first = "(SELECT min(guid) FROM library WHERE type=2)";
  ASSERT_NO_FATAL_FAILURE(reopen_with(library_request(NTMS_LM_MOUNT, 0, 1, first) +
                                      library_request(NTMS_LM_MOUNT, 0, 1, second) +
                                      library_request(NTMS_LM_MOUNT, 0, 2, first)));
  mounts_ = in_state(NTMS_LIBREQUEST, NTMS_LM_QUEUED);
  ASSERT_EQ(orders(), "112");
  EXPECT_EQ(set_order(mounts_[2], 1), ERROR_SUCCESS);
  EXPECT_EQ(orders(), "211");
}

TEST_F(RequestOrder, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_with_mounts(3));
  DWORD order = 4711;
  step_memory([&] { return GetNtmsRequestOrder(session(), mounts_[2].get(), &order); },
              [&] { return order == 4711; });
  EXPECT_EQ(order, 3U);
  step_memory([&] { return set_order(mounts_[2], 1); }, [&] { return orders() == "123"; });
  EXPECT_EQ(orders(), "231");
}

TEST_F(RequestOrder, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_with_mounts(3));
  expect_disk_failures(
      database().string(), [&] { return set_order(mounts_[2], 1); },
      [&] { return orders() == "123"; });
  EXPECT_EQ(orders(), "231");
}

// Reading needs no write; a database that cannot be read at all is what fails it.
TEST_F(RequestOrder, OfADamagedDatabase) {
  ASSERT_NO_FATAL_FAILURE(start_with_mounts(1));
  sql("ALTER TABLE library_request RENAME TO gone");
  DWORD order = 4711;
  EXPECT_EQ(GetNtmsRequestOrder(session(), mounts_[0].get(), &order), ERROR_DATABASE_FAILURE);
  EXPECT_EQ(order, 4711U);
  sql("ALTER TABLE gone RENAME TO library_request");
  EXPECT_EQ(order_of(mounts_[0]), 1U);
}

TEST_F(DeleteRequests, BadHandles) {
  NTMS_GUID id{};
  EXPECT_EQ(DeleteNtmsRequests(nullptr, &id, NTMS_LIBREQUEST, 1), ERROR_INVALID_HANDLE);
  EXPECT_EQ(DeleteNtmsRequests(INVALID_HANDLE_VALUE, nullptr, 0, 1), ERROR_INVALID_HANDLE);
}

TEST_F(DeleteRequests, InvalidParameters) {
  ASSERT_NO_FATAL_FAILURE(start_with(library_request(NTMS_LM_EJECT, NTMS_LM_PASSED, 0)));
  const auto all = rsm().list(NTMS_LIBREQUEST);
  EXPECT_EQ(DeleteNtmsRequests(session(), nullptr, NTMS_LIBREQUEST, 0), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(DeleteNtmsRequests(session(), nullptr, NTMS_OPREQUEST, 1), ERROR_INVALID_PARAMETER);
  for (const DWORD type : {0U, 9U, 18U, 0xFFFFFFFFU}) {
    EXPECT_EQ(remove(all, type), ERROR_INVALID_PARAMETER) << type;
    EXPECT_EQ(remove({}, type), ERROR_INVALID_PARAMETER) << type;
  }
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST), all);
}

#ifndef _WIN32  // there is no second user to become
TEST_F(DeleteRequests, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start_with(library_request(NTMS_LM_EJECT, NTMS_LM_PASSED, 0)));
  const auto all = rsm().list(NTMS_LIBREQUEST);
  const auto user = somebody();
  user->write_line("remove 10 " + all.at(0).hex());
  EXPECT_EQ(user->read_line(), "remove 5");
  user->write_line("remove 10 " + stranger().hex());
  EXPECT_EQ(user->read_line(), "remove 5") << "unknown requests are no error, the right is";
  EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST), all);
}
#endif

TEST_F(DeleteRequests, OnlyFinishedLibraryRequests) {
  std::string rows;
  for (DWORD state = NTMS_LM_QUEUED; state <= NTMS_LM_STOPPED; ++state) {
    if (state != NTMS_LM_INPROCESS) rows += library_request(NTMS_LM_MOUNT, state, 1);
  }
  ASSERT_NO_FATAL_FAILURE(start_with(rows));
  std::vector<Id> all = rsm().list(NTMS_LIBREQUEST);
  std::vector<Change> expected;
  for (const Id& id : all) {
    const DWORD state = rsm().state(id);
    if (state != NTMS_LM_QUEUED && state != NTMS_LM_WAITING && state != NTMS_LM_DEFERRED) {
      expected.push_back({NTMS_OBJ_DELETE, NTMS_LIBREQUEST, id});
    }
  }
  ASSERT_EQ(expected.size(), 5U);
  const auto before = last_change();
  all.insert(all.begin(), stranger());
  EXPECT_EQ(remove(all, NTMS_OPREQUEST), ERROR_SUCCESS) << "no such operator requests";
  EXPECT_TRUE(changes(before).empty()) << describe(changes(before));
  EXPECT_EQ(remove({}, NTMS_LIBREQUEST), ERROR_SUCCESS) << "none at all";
  EXPECT_TRUE(changes(before).empty()) << describe(changes(before));
  EXPECT_EQ(remove(all, NTMS_LIBREQUEST), ERROR_SUCCESS);
  EXPECT_EQ(changes(before), expected) << describe(changes(before));
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), 3U);
  EXPECT_EQ(remove(all, NTMS_LIBREQUEST), ERROR_SUCCESS) << "they are gone, which is no error";
  EXPECT_EQ(remove(rsm().list(NTMS_LIBREQUEST), NTMS_LIBREQUEST), ERROR_SUCCESS);
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), 3U) << "unfinished ones are left alone";
}

TEST_F(DeleteRequests, OnlyAnsweredOperatorRequests) {
  std::string rows;
  for (DWORD state = NTMS_OPSTATE_SUBMITTED; state <= NTMS_OPSTATE_COMPLETE; ++state) {
    rows += operator_request(state);
  }
  ASSERT_NO_FATAL_FAILURE(start_with(rows));
  const std::vector<Id> all = rsm().list(NTMS_OPREQUEST);
  const Id refused = in_state(NTMS_OPREQUEST, NTMS_OPSTATE_REFUSED).at(0);
  const Id complete = in_state(NTMS_OPREQUEST, NTMS_OPSTATE_COMPLETE).at(0);
  const auto before = last_change();
  EXPECT_EQ(remove(all, NTMS_LIBREQUEST), ERROR_SUCCESS) << "no such library requests";
  EXPECT_EQ(remove(all, NTMS_OPREQUEST), ERROR_SUCCESS);
  const std::vector<Change> expected{{NTMS_OBJ_DELETE, NTMS_OPREQUEST, refused},
                                     {NTMS_OBJ_DELETE, NTMS_OPREQUEST, complete}};
  EXPECT_EQ(changes(before), expected) << describe(changes(before));
  EXPECT_EQ(rsm().list(NTMS_OPREQUEST).size(), 3U);
}

TEST_F(DeleteRequests, OneThatWasCarriedOut) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  EXPECT_EQ(remove({operation}, NTMS_LIBREQUEST), ERROR_SUCCESS);
  ASSERT_TRUE(rsm().find(operation, NTMS_LIBREQUEST)) << "it is being carried out";
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(remove({operation, operation}, NTMS_LIBREQUEST), ERROR_SUCCESS) << "named twice";
  EXPECT_FALSE(rsm().find(operation, NTMS_LIBREQUEST));
}

TEST_F(DeleteRequests, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_with(library_request(NTMS_LM_EJECT, NTMS_LM_PASSED, 0)));
  const auto all = rsm().list(NTMS_LIBREQUEST);
  NTMS_GUID id = all.at(0).guid;
  step_memory([&] { return DeleteNtmsRequests(session(), &id, NTMS_LIBREQUEST, 1); },
              [&] { return rsm().list(NTMS_LIBREQUEST) == all; });
  EXPECT_TRUE(rsm().list(NTMS_LIBREQUEST).empty());
}

TEST_F(DeleteRequests, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_with(library_request(NTMS_LM_EJECT, NTMS_LM_PASSED, 0)));
  const auto all = rsm().list(NTMS_LIBREQUEST);
  expect_disk_failures(
      database().string(), [&] { return remove(all, NTMS_LIBREQUEST); },
      [&] { return rsm().list(NTMS_LIBREQUEST) == all; });
  EXPECT_TRUE(rsm().list(NTMS_LIBREQUEST).empty());
}

}  // namespace
}  // namespace ntms::conformance
