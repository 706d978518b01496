// SPDX-License-Identifier: MIT
// Memory that runs out and a disk that fails under the functions about operators, notifications,
// user interface destinations and change detection: the documented code, nothing changed, and
// everything works again afterwards (contract: functions-library-control 0.1).
#include <cerrno>
#include <functional>

#include "conformance/failing.h"
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class RequestResources : public DataDirectoryTest {
 protected:
  // Fails the first, the second, ... allocation of the call until all it needs succeed. Every
  // failure is ERROR_NOT_ENOUGH_MEMORY and changes nothing in the database.
  void step_memory(
      const std::function<DWORD()>& call,
      const std::function<bool()>& unchanged = [] { return true; }) {
    const std::string last = last_change();
    for (long nth = 1; nth < 5000; ++nth) {
      DWORD code = 0;
      bool struck = false;
      {
        const FailingMemory memory(nth);
        code = call();
        struck = memory.struck();
      }
      if (code == ERROR_SUCCESS) return;
      ASSERT_TRUE(struck) << "fails by itself with " << code;
      ASSERT_EQ(code, ERROR_NOT_ENOUGH_MEMORY) << "allocation " << nth;
      ASSERT_TRUE(unchanged()) << "allocation " << nth;
      if (nth % 8 == 1) {
        ASSERT_EQ(last_change(), last) << "allocation " << nth;
      }
    }
    FAIL() << "never succeeds";
  }

  // The call fails with the code, while and only while the disk of the database does.
  void expect_disk_failures(const std::function<DWORD()>& call) {
    const std::string last = last_change();
    for (const auto& [error, code] :
         {std::pair(EIO, ERROR_DATABASE_FAILURE), std::pair(ENOSPC, ERROR_DATABASE_FULL)}) {
      const FailingDisk disk(database().string(), error);
      EXPECT_EQ(call(), static_cast<DWORD>(code));
      EXPECT_TRUE(disk.struck()) << "no write of the database was seen";
    }
    EXPECT_EQ(last_change(), last);
    EXPECT_EQ(call(), ERROR_SUCCESS) << "the disk is well again";
    EXPECT_NE(last_change(), last);
  }

  std::string last_change() { return sql("SELECT coalesce(max(sequence), 0) FROM change"); }

  HANDLE session() { return rsm_.handle(); }
  DWORD submit(Id* id) {
    return SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MESSAGE, u"a text that is not short",
                                      nullptr, nullptr, id->get());
  }
  Id submitted() {
    Id id;
    EXPECT_EQ(submit(&id), ERROR_SUCCESS);
    return id;
  }

  Rsm rsm_ = Rsm::open();
};

TEST_F(RequestResources, SubmitWithoutMemory) {
  Id id = stranger();
  step_memory([&] { return submit(&id); }, [&] { return id == stranger(); });
}

TEST_F(RequestResources, SubmitWithAFailingDisk) {
  Id id;
  expect_disk_failures([&] { return submit(&id); });
}

TEST_F(RequestResources, AnswersWithoutMemory) {
  const Id refused = submitted();
  const Id satisfied = submitted();
  ASSERT_NO_FATAL_FAILURE(
      step_memory([&] { return CancelNtmsOperatorRequest(session(), refused.get()); }));
  step_memory([&] { return SatisfyNtmsOperatorRequest(session(), satisfied.get()); });
}

TEST_F(RequestResources, AnswersWithAFailingDisk) {
  const Id refused = submitted();
  const Id satisfied = submitted();
  expect_disk_failures([&] { return CancelNtmsOperatorRequest(session(), refused.get()); });
  expect_disk_failures([&] { return SatisfyNtmsOperatorRequest(session(), satisfied.get()); });
}

TEST_F(RequestResources, WaitForTheOperatorWithoutMemory) {
  const Id id = submitted();
  ASSERT_EQ(SatisfyNtmsOperatorRequest(session(), id.get()), ERROR_SUCCESS);
  step_memory([&] { return WaitForNtmsOperatorRequest(session(), id.get(), INFINITE); });
}

}  // namespace
}  // namespace ntms::conformance
