// SPDX-License-Identifier: MIT
// Memory that runs out and a disk that fails under each function: the documented code, nothing
// changed, and everything works again afterwards (contract: functions-library-control 0.1).
#include "conformance/resources_fixture.h"

namespace ntms::conformance {
namespace {

class Resources : public ResourcesTest {
 protected:
  std::function<DWORD()> eject_call(DWORD action) {
    return [this, action] {
      return EjectNtmsMedia(session(), first_.get(), operation_.get(), action);
    };
  }
  void start_for_eject() {
    ASSERT_NO_FATAL_FAILURE(start());
    first_ = medium(0);
    operation_ = untouched_;
  }
  void let_it_out() {
    ASSERT_TRUE(wait_for_extended(medium(0)));
    take(medium(0));
    EXPECT_TRUE(wait_for_state(operation_, NTMS_LM_PASSED));
  }
  Id held_request() {
    EXPECT_EQ(rsm().eject(medium(7), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
    return unfinished_request_of(medium(7));
  }

  Id first_;
};

TEST_F(Resources, EjectWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_for_eject());
  ASSERT_NO_FATAL_FAILURE(
      step_memory(eject_call(NTMS_EJECT_START), [&] { return operation_ == untouched_; }));
  let_it_out();
}

TEST_F(Resources, EjectQueueWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_for_eject());
  step_memory(eject_call(NTMS_EJECT_QUEUE));
}

TEST_F(Resources, CancelWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id request = held_request();
  step_memory([&] { return CancelNtmsLibraryRequest(session(), request.get()); });
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
}

TEST_F(Resources, InventoryWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  step_memory(
      [&] { return InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST); });
}

TEST_F(Resources, DisableAndEnableWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(5);
  ASSERT_NO_FATAL_FAILURE(
      step_memory([&] { return DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, m.get()); }));
  ASSERT_TRUE(wait_until([&] { return rsm().get(m).Enabled == FALSE; }));
  step_memory([&] { return EnableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, m.get()); });
}

TEST_F(Resources, EnumerateWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  std::vector<NTMS_GUID> ids(64);
  DWORD count = 64;
  step_memory(
      [&] {
        return EnumerateNtmsObject(session(), nullptr, ids.data(), &count, NTMS_PHYSICAL_MEDIA, 0);
      },
      [&] { return count == 64; });
  EXPECT_EQ(count, 8U);
}

TEST_F(Resources, GetInformationWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(0);
  step_memory([&] {
    Info info{};
    info.dwSize = sizeof info;
    return GetNtmsObjectInformationW(session(), m.get(), &info);
  });
}

TEST_F(Resources, SetInformationWithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start());
  Info info = port(0);
  info.dwSize = sizeof info;
  info.Info.IEPort.MaxExtendSecs = 77;
  ASSERT_NO_FATAL_FAILURE(
      step_memory([&] { return SetNtmsObjectInformationW(session(), &info.ObjectGuid, &info); },
                  [&] { return port(0).Info.IEPort.MaxExtendSecs == 300; }));
  EXPECT_EQ(port(0).Info.IEPort.MaxExtendSecs, 77);
}

TEST_F(Resources, EjectWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_for_eject());
  ASSERT_NO_FATAL_FAILURE(expect_disk_failures(eject_call(NTMS_EJECT_START)));
  let_it_out();
}

TEST_F(Resources, EjectQueueWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_for_eject());
  expect_disk_failures(eject_call(NTMS_EJECT_QUEUE));
}

TEST_F(Resources, StopWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(1));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  expect_disk_failures(
      [&] { return EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP); });
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
}

TEST_F(Resources, CancelWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id request = held_request();
  expect_disk_failures([&] { return CancelNtmsLibraryRequest(session(), request.get()); });
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
}

TEST_F(Resources, InventoryWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  expect_disk_failures(
      [&] { return InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_FAST); });
}

TEST_F(Resources, DisableAndEnableWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(5);
  expect_disk_failures([&] { return DisableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, m.get()); });
  ASSERT_TRUE(wait_until([&] { return rsm().get(m).Enabled == FALSE; }));
  expect_disk_failures([&] { return EnableNtmsObject(session(), NTMS_PHYSICAL_MEDIA, m.get()); });
}

TEST_F(Resources, SetInformationWithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  Info info = port(0);
  info.dwSize = sizeof info;
  info.Info.IEPort.MaxExtendSecs = 77;
  expect_disk_failure(EIO, ERROR_DATABASE_FAILURE, [&] { return rsm().set(info); });
  expect_disk_failure(ENOSPC, ERROR_DATABASE_FULL, [&] { return rsm().set(info); });
  EXPECT_EQ(port(0).Info.IEPort.MaxExtendSecs, 300);
  EXPECT_EQ(rsm().set(info), ERROR_SUCCESS);
  EXPECT_EQ(port(0).Info.IEPort.MaxExtendSecs, 77);
}

// The disk fails under the engine, in the middle of an eject: it goes on when it can.
TEST_F(Resources, DiskFailsDuringAnEject) {
  ASSERT_NO_FATAL_FAILURE(start());
  operation_ = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  {
    const FailingDisk disk(database().string(), ENOSPC);
    take(medium(0));
    ASSERT_TRUE(wait_until([&] { return disk.struck(); })) << "the engine noticed nothing";
  }
  ASSERT_TRUE(wait_for_state(operation_, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::conformance
