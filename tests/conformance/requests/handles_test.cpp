// SPDX-License-Identifier: MIT
// What the functions about operators, notifications, user interface destinations and change
// detection say to a handle that is none (contract: functions-library-control 0.1).
#ifndef _WIN32
#include <sys/wait.h>
#include <unistd.h>
#endif

#include <functional>
#include <utility>
#include <vector>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class RequestHandles : public DataDirectoryTest {};

TEST_F(RequestHandles, EveryFunctionRefusesABadHandle) {
  HANDLE closed = OpenNtmsSessionW(nullptr, nullptr, 0);
  ASSERT_NE(closed, INVALID_HANDLE_VALUE);
  ASSERT_EQ(CloseNtmsSession(closed), ERROR_SUCCESS);
  Rsm rsm = Rsm::open();
  HANDLE channel = OpenNtmsNotification(rsm.handle(), NTMS_COMPUTER);
  ASSERT_NE(channel, INVALID_HANDLE_VALUE);
  HANDLE detection = nullptr;
  ASSERT_EQ(BeginNtmsDeviceChangeDetection(rsm.handle(), &detection), ERROR_SUCCESS);
  Id id = stranger();
  DWORD size = 4711;
  WCHAR wide[4] = {};
  char narrow[4] = {};
  HANDLE out = &size;
  const auto open_notification = [](HANDLE h, DWORD type) -> DWORD {
    SetLastError(ERROR_SUCCESS);
    HANDLE opened = OpenNtmsNotification(h, type);
    const DWORD code = GetLastError();
    EXPECT_EQ(opened, INVALID_HANDLE_VALUE);
    return code;
  };
  const std::vector<std::pair<const char*, std::function<DWORD(HANDLE)>>> functions{
      {"SubmitNtmsOperatorRequestW",
       [&](HANDLE h) {
         return SubmitNtmsOperatorRequestW(h, NTMS_OPREQ_MESSAGE, NTMS_W("x"), nullptr, nullptr,
                                           id.get());
       }},
      {"SubmitNtmsOperatorRequestA, bad parameters",
       [&](HANDLE h) {
         return SubmitNtmsOperatorRequestA(h, 99, nullptr, nullptr, nullptr, nullptr);
       }},
      {"WaitForNtmsOperatorRequest",
       [&](HANDLE h) { return WaitForNtmsOperatorRequest(h, id.get(), INFINITE); }},
      {"WaitForNtmsOperatorRequest, NULL",
       [&](HANDLE h) { return WaitForNtmsOperatorRequest(h, nullptr, 0); }},
      {"CancelNtmsOperatorRequest",
       [&](HANDLE h) { return CancelNtmsOperatorRequest(h, id.get()); }},
      {"CancelNtmsOperatorRequest, NULL",
       [&](HANDLE h) { return CancelNtmsOperatorRequest(h, nullptr); }},
      {"SatisfyNtmsOperatorRequest",
       [&](HANDLE h) { return SatisfyNtmsOperatorRequest(h, id.get()); }},
      {"SatisfyNtmsOperatorRequest, NULL",
       [&](HANDLE h) { return SatisfyNtmsOperatorRequest(h, nullptr); }},
      {"OpenNtmsNotification", [&](HANDLE h) { return open_notification(h, NTMS_COMPUTER); }},
      {"OpenNtmsNotification, bad type", [&](HANDLE h) { return open_notification(h, 99); }},
      {"GetNtmsUIOptionsW",
       [&](HANDLE h) { return GetNtmsUIOptionsW(h, nullptr, NTMS_UITYPE_REQ, wide, &size); }},
      {"GetNtmsUIOptionsA, bad parameters",
       [&](HANDLE h) { return GetNtmsUIOptionsA(h, nullptr, 99, narrow, nullptr); }},
      {"SetNtmsUIOptionsW",
       [&](HANDLE h) {
         return SetNtmsUIOptionsW(h, nullptr, NTMS_UITYPE_REQ, NTMS_UIDEST_ADD, NTMS_W("x"));
       }},
      {"SetNtmsUIOptionsA, bad parameters",
       [&](HANDLE h) { return SetNtmsUIOptionsA(h, nullptr, 99, 99, nullptr); }},
      {"BeginNtmsDeviceChangeDetection",
       [&](HANDLE h) { return BeginNtmsDeviceChangeDetection(h, &out); }},
      {"BeginNtmsDeviceChangeDetection, NULL",
       [&](HANDLE h) { return BeginNtmsDeviceChangeDetection(h, nullptr); }},
      {"SetNtmsDeviceChangeDetection",
       [&](HANDLE h) {
         return SetNtmsDeviceChangeDetection(h, nullptr, id.get(), NTMS_LIBRARY, 0);
       }},
      {"SetNtmsDeviceChangeDetection, bad parameters",
       [&](HANDLE h) { return SetNtmsDeviceChangeDetection(h, detection, nullptr, 99, 1); }},
      {"EndNtmsDeviceChangeDetection",
       [&](HANDLE h) { return EndNtmsDeviceChangeDetection(h, detection); }},
  };
  // A channel and a detection are no sessions, though they are open handles.
  const std::vector<HANDLE> handles{nullptr,  INVALID_HANDLE_VALUE, closed, &size, channel,
                                    detection};
  for (const auto& [name, call] : functions) {
    for (HANDLE handle : handles) {
      EXPECT_EQ(call(handle), ERROR_INVALID_HANDLE) << name << " with " << handle;
    }
  }
  EXPECT_EQ(CloseNtmsSession(channel), ERROR_INVALID_HANDLE);
  EXPECT_EQ(CloseNtmsSession(detection), ERROR_INVALID_HANDLE);
  EXPECT_EQ(size, 4711U);
  EXPECT_EQ(out, &size);
  EXPECT_EQ(id, stranger()) << "an output was written";
}

#ifndef _WIN32  // processes are not copied there
// In a forked child the parent's handles are worth nothing, and the parent's go on.
TEST_F(RequestHandles, AreInvalidInAForkedChild) {
  Rsm rsm = Rsm::open();
  HANDLE channel = OpenNtmsNotification(rsm.handle(), NTMS_OPREQUEST);
  ASSERT_NE(channel, INVALID_HANDLE_VALUE);
  HANDLE detection = nullptr;
  ASSERT_EQ(BeginNtmsDeviceChangeDetection(rsm.handle(), &detection), ERROR_SUCCESS);
  Id id;
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    NTMS_NOTIFICATIONINFORMATION change{};
    const bool refused =
        WaitForNtmsNotification(channel, &change, INFINITE) == ERROR_INVALID_HANDLE &&
        CloseNtmsNotification(channel) == ERROR_INVALID_HANDLE &&
        EndNtmsDeviceChangeDetection(rsm.handle(), detection) == ERROR_INVALID_HANDLE &&
        WaitForNtmsOperatorRequest(rsm.handle(), id.get(), INFINITE) == ERROR_INVALID_HANDLE &&
        CloseNtmsSession(rsm.handle()) == ERROR_INVALID_HANDLE;
    _exit(refused ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  ASSERT_EQ(SubmitNtmsOperatorRequestW(rsm.handle(), NTMS_OPREQ_MESSAGE, NTMS_W("x"), nullptr,
                                       nullptr, id.get()),
            ERROR_SUCCESS);
  NTMS_NOTIFICATIONINFORMATION change{};
  ASSERT_EQ(WaitForNtmsNotification(channel, &change, 10000), ERROR_SUCCESS);
  EXPECT_EQ(Id(change.ObjectId), id);
  EXPECT_EQ(EndNtmsDeviceChangeDetection(rsm.handle(), detection), ERROR_SUCCESS);
}
#endif

}  // namespace
}  // namespace ntms::conformance
