// SPDX-License-Identifier: MIT
// Detection of changes at stand-alone drives (contract: functions-library-control 18 to 20).
#include <set>
#include <vector>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class ChangeDetection : public LibraryTest {
 protected:
  HANDLE begin() {
    HANDLE handle = nullptr;
    EXPECT_EQ(BeginNtmsDeviceChangeDetection(session(), &handle), ERROR_SUCCESS);
    EXPECT_NE(handle, nullptr);
    EXPECT_NE(handle, INVALID_HANDLE_VALUE);
    return handle;
  }
  DWORD set(HANDLE detection, const std::vector<Id>& targets, DWORD type) {
    std::vector<NTMS_GUID> ids;
    ids.reserve(targets.size() + 1);
    for (const Id& id : targets) ids.push_back(id.guid);
    ids.push_back(stranger().guid);  // behind the end
    return SetNtmsDeviceChangeDetection(session(), detection, ids.data(), type,
                                        static_cast<DWORD>(targets.size()));
  }
  // Both ways to ask: with a handle, and a single poll.
  void expect_code(DWORD code, const std::vector<Id>& targets, DWORD type) {
    HANDLE detection = begin();
    EXPECT_EQ(set(detection, targets, type), code) << type;
    EXPECT_EQ(set(nullptr, targets, type), code) << type;
    EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), detection), ERROR_SUCCESS);
  }
};

TEST_F(ChangeDetection, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(BeginNtmsDeviceChangeDetection(session(), nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SetNtmsDeviceChangeDetection(session(), nullptr, nullptr, NTMS_LIBRARY, 1),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SetNtmsDeviceChangeDetection(session(), nullptr, nullptr, NTMS_LIBRARY, 0),
            ERROR_INVALID_PARAMETER);
}

TEST_F(ChangeDetection, InvalidHandles) {
  ASSERT_NO_FATAL_FAILURE(start());
  Rsm other = Rsm::open();
  HANDLE of_another = nullptr;
  ASSERT_EQ(BeginNtmsDeviceChangeDetection(other.handle(), &of_another), ERROR_SUCCESS);
  HANDLE channel = OpenNtmsNotification(session(), NTMS_DRIVE);
  HANDLE ended = begin();
  ASSERT_EQ(EndNtmsDeviceChangeDetection(session(), ended), ERROR_SUCCESS);
  int local = 0;
  for (HANDLE handle :
       {INVALID_HANDLE_VALUE, static_cast<HANDLE>(&local), session(), of_another, channel, ended}) {
    EXPECT_EQ(set(handle, {library()}, NTMS_LIBRARY), ERROR_INVALID_HANDLE);
    EXPECT_EQ(SetNtmsDeviceChangeDetection(session(), handle, nullptr, 99, 1),
              ERROR_INVALID_HANDLE);
    EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), handle), ERROR_INVALID_HANDLE);
  }
  EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), nullptr), ERROR_INVALID_HANDLE);
  EXPECT_EQ(EndNtmsDeviceChangeDetection(other.handle(), of_another), ERROR_SUCCESS);
}

TEST_F(ChangeDetection, HandlesAreUniqueAndEnd) {
  ASSERT_NO_FATAL_FAILURE(start());
  std::set<HANDLE> handles{session()};
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(handles.insert(begin()).second);
  handles.erase(session());
  for (HANDLE handle : handles) {
    EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), handle), ERROR_SUCCESS);
    EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), handle), ERROR_INVALID_HANDLE);
  }
}

TEST_F(ChangeDetection, EndsWithItsSession) {
  ASSERT_NO_FATAL_FAILURE(start());
  Rsm other = Rsm::open();
  HANDLE detection = nullptr;
  ASSERT_EQ(BeginNtmsDeviceChangeDetection(other.handle(), &detection), ERROR_SUCCESS);
  HANDLE closed = other.handle();
  EXPECT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(EndNtmsDeviceChangeDetection(closed, detection), ERROR_INVALID_HANDLE);
  EXPECT_EQ(EndNtmsDeviceChangeDetection(session(), detection), ERROR_INVALID_HANDLE);
}

TEST_F(ChangeDetection, UnknownTypes) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD type :
       {DWORD{NTMS_UNKNOWN}, DWORD{NTMS_DRIVE}, DWORD{NTMS_MEDIA_POOL}, DWORD{99}}) {
    expect_code(ERROR_INVALID_PARAMETER, {library()}, type);
    expect_code(ERROR_INVALID_PARAMETER, {}, type);
  }
}

TEST_F(ChangeDetection, MixedTypes) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id type = rsm().list(NTMS_MEDIA_TYPE).at(0);
  expect_code(ERROR_INVALID_PARAMETER, {library(), medium(0)}, NTMS_LIBRARY);
  expect_code(ERROR_INVALID_PARAMETER, {medium(0), type}, NTMS_PHYSICAL_MEDIA);
  expect_code(ERROR_INVALID_PARAMETER, {library()}, NTMS_MEDIA_TYPE);
  expect_code(ERROR_INVALID_PARAMETER, {stranger(), medium(0)}, NTMS_LIBRARY);
}

TEST_F(ChangeDetection, UnknownObjects) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {stranger(), Id{}}) {
    expect_code(ERROR_INVALID_LIBRARY, {library(), id}, NTMS_LIBRARY);
    expect_code(ERROR_INVALID_MEDIA, {medium(0), id}, NTMS_PHYSICAL_MEDIA);
    expect_code(ERROR_INVALID_MEDIA, {id}, NTMS_MEDIA_TYPE);
  }
}

// Libraries with a changer are valid targets for which nothing is done.
TEST_F(ChangeDetection, EveryKindOfTarget) {
  ASSERT_NO_FATAL_FAILURE(start());
  const long long last = last_change();
  expect_code(ERROR_SUCCESS, {library()}, NTMS_LIBRARY);
  expect_code(ERROR_SUCCESS, {library(), offline_library()}, NTMS_LIBRARY);
  expect_code(ERROR_SUCCESS, {medium(0), medium(1)}, NTMS_PHYSICAL_MEDIA);
  expect_code(ERROR_SUCCESS, rsm().list(NTMS_MEDIA_TYPE), NTMS_MEDIA_TYPE);
  expect_code(ERROR_SUCCESS, {}, NTMS_LIBRARY);
  EXPECT_EQ(last_change(), last);
}

TEST_F(ChangeDetection, DatabaseFailure) {
  ASSERT_NO_FATAL_FAILURE(start());
  sql("ALTER TABLE operator_request RENAME TO hidden");
  expect_code(ERROR_DATABASE_FAILURE, {library()}, NTMS_LIBRARY);
  sql("ALTER TABLE hidden RENAME TO operator_request");
  expect_code(ERROR_SUCCESS, {library()}, NTMS_LIBRARY);
}

}  // namespace
}  // namespace ntms::conformance
