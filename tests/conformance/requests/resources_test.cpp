// SPDX-License-Identifier: MIT
// Memory that runs out and a disk that fails under the functions about operators, notifications,
// user interface destinations and change detection: the documented code, nothing changed, and
// everything works again afterwards (contract: functions-library-control 0.1).
#include <array>

#include "conformance/failing_calls.h"
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class RequestResources : public DataDirectoryTest {
 protected:
  // See failing_calls.h; the change log may not move. Looking at it takes a process of its own, so
  // it is looked at now and then.
  void step_memory(
      const std::function<DWORD()>& call,
      const std::function<bool()>& unchanged = [] { return true; }) {
    const std::string last = last_change();
    unsigned looks = 0;
    conformance::step_memory(
        call, [&] { return unchanged() && (looks++ % 8 != 0 || last_change() == last); }, true);
  }
  void expect_disk_failures(const std::function<DWORD()>& call) {
    const std::string last = last_change();
    conformance::expect_disk_failures(database().string(), call,
                                      [&] { return last_change() == last; });
    EXPECT_NE(last_change(), last);
  }

  std::string last_change() { return sql("SELECT coalesce(max(sequence), 0) FROM change"); }

  HANDLE session() { return rsm_.handle(); }
  DWORD submit(Id* id) {
    return SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MESSAGE,
                                      NTMS_W("a text that is not short"), nullptr, nullptr,
                                      id->get());
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

// Opening and waiting; what was there to be heard is not lost by a failure.
TEST_F(RequestResources, NotificationWithoutMemory) {
  HANDLE channel = INVALID_HANDLE_VALUE;
  ASSERT_NO_FATAL_FAILURE(step_memory([&]() -> DWORD {
    channel = OpenNtmsNotification(session(), NTMS_OPREQUEST);
    return channel == INVALID_HANDLE_VALUE ? GetLastError() : ERROR_SUCCESS;
  }));
  const Id id = submitted();
  NTMS_NOTIFICATIONINFORMATION change{};
  ASSERT_NO_FATAL_FAILURE(
      step_memory([&] { return WaitForNtmsNotification(channel, &change, INFINITE); },
                  [&] { return change.dwOperation == 0; }));
  EXPECT_EQ(Id(change.ObjectId), id);
  EXPECT_EQ(CloseNtmsNotification(channel), ERROR_SUCCESS);
}

TEST_F(RequestResources, UiOptionsWithoutMemory) {
  const Id computer = rsm_.list(NTMS_COMPUTER).at(0);
  for (LPNTMS_GUID object : {computer.get(), LPNTMS_GUID{nullptr}}) {
    ASSERT_NO_FATAL_FAILURE(step_memory([&] {
      return SetNtmsUIOptionsW(session(), object, NTMS_UITYPE_REQ, NTMS_UIDEST_ADD,
                               NTMS_W("a-computer-with-a-long-name"));
    }));
    std::array<WCHAR, 80> names{};
    DWORD size = names.size();
    ASSERT_NO_FATAL_FAILURE(step_memory(
        [&] { return GetNtmsUIOptionsW(session(), object, NTMS_UITYPE_REQ, names.data(), &size); },
        [&] { return size == names.size() && names[0] == 0; }));
    EXPECT_EQ(text(names.data()), "a-computer-with-a-long-name");
    ASSERT_NO_FATAL_FAILURE(step_memory([&] {
      return SetNtmsUIOptionsW(session(), object, NTMS_UITYPE_REQ, NTMS_UIDEST_DELETEALL, nullptr);
    }));
  }
}

TEST_F(RequestResources, UiOptionsWithAFailingDisk) {
  const Id computer = rsm_.list(NTMS_COMPUTER).at(0);
  for (const DWORD operation : {NTMS_UIDEST_ADD, NTMS_UIDEST_DELETE}) {
    expect_disk_failures([&] {
      return SetNtmsUIOptionsW(session(), computer.get(), NTMS_UITYPE_REQ, operation,
                               NTMS_W("desk"));
    });
  }
}

TEST_F(RequestResources, ChangeDetectionWithoutMemory) {
  HANDLE detection = nullptr;
  ASSERT_NO_FATAL_FAILURE(
      step_memory([&] { return BeginNtmsDeviceChangeDetection(session(), &detection); },
                  [&] { return detection == nullptr; }));
  const Id library = rsm_.list(NTMS_LIBRARY).at(0);
  ASSERT_NO_FATAL_FAILURE(step_memory([&] {
    return SetNtmsDeviceChangeDetection(session(), detection, library.get(), NTMS_LIBRARY, 1);
  }));
  EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), detection), ERROR_SUCCESS);
}

}  // namespace
}  // namespace ntms::conformance
