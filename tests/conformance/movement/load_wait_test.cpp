// SPDX-License-Identifier: MIT
// Drives that take long to load: an LTO-9 drive prepares a new cartridge for up to two hours.
#include <future>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class LoadWait : public LibraryTest {
 protected:
  static constexpr long long kMinute = 60'000;
  static constexpr unsigned kTestUnitReady = 0x00;

  // A library whose drives take so many minutes to load; slot 0 holds an LTO-9 cartridge and slot 1
  // an LTO-8 one.
  void start_loading_slowly(unsigned minutes) {
    LibraryShape shape;
    shape.virtual_clock = true;
    shape.drives = 1;
    shape.media = 2;
    shape.bar_codes = {"NEW001L9", "OLD001L8"};
    ASSERT_NO_FATAL_FAILURE(start(shape));
    ntms_emulator_durations durations{};
    durations.size = sizeof durations;
    durations.load_ms = minutes * static_cast<unsigned>(kMinute);
    ASSERT_EQ(ntms_emulator_set_durations(emulator().handle(), &durations), NTMS_EMULATOR_OK);
  }
  std::future<DWORD> mount(unsigned index, HANDLE caller = nullptr) {
    const HANDLE handle = caller != nullptr ? caller : session();
    return std::async(std::launch::async, [handle, side = side_of(medium(index))]() mutable {
      Id drive;
      return MountNtmsMedia(handle, side.get(), drive.get(), 1, NTMS_MOUNT_READ,
                            NTMS_PRIORITY_NORMAL, INFINITE, nullptr);
    });
  }
  std::uint64_t looks() {
    std::uint64_t count = 0;
    EXPECT_EQ(ntms_emulator_command_count(emulator().handle(), 1, kTestUnitReady, &count),
              NTMS_EMULATOR_OK);
    return count;
  }
  // Until the engine has looked at the drive again and found it loading.
  bool looked_again() {
    const std::uint64_t before = looks();
    return wait_until([&] { return looks() >= before + 3; });
  }
  bool loading() {
    ntms_emulator_element_info info{};
    info.size = sizeof info;
    EXPECT_EQ(ntms_emulator_element(emulator().handle(), NTMS_EMULATOR_DRIVE, 0, &info),
              NTMS_EMULATOR_OK);
    return info.loaded != 0;
  }
  std::string reason(const Id& request) {
    return sql("SELECT reason FROM library_request WHERE guid=x'" + request.hex() + "'");
  }
};

TEST_F(LoadWait, ANewLto9CartridgeIsWaitedForAndTheRequestSaysWhy) {
  ASSERT_NO_FATAL_FAILURE(start_loading_slowly(120));
  auto mounted = mount(0);
  ASSERT_TRUE(wait_until([&] { return loading(); })) << picture();
  const Id request = unfinished_request_of(medium(0));
  ASSERT_FALSE(request.is_null());
  ASSERT_TRUE(looked_again());
  emulator().advance(2 * kMinute);
  EXPECT_TRUE(wait_until([&] { return reason(request).find("LTO-9") != std::string::npos; }));
  emulator().advance(60 * kMinute);
  ASSERT_TRUE(looked_again());
  EXPECT_EQ(rsm().request(request).State, NTMS_LM_INPROCESS);
  emulator().advance(58 * kMinute);
  EXPECT_EQ(mounted.get(), ERROR_SUCCESS) << picture();
  EXPECT_EQ(reason(request).find("LTO-9"), std::string::npos) << "it waits no more";
}

TEST_F(LoadWait, TwoAndAHalfHoursAreTheEndOfIt) {
  ASSERT_NO_FATAL_FAILURE(start_loading_slowly(1000));
  auto mounted = mount(0);
  ASSERT_TRUE(wait_until([&] { return loading(); })) << picture();
  ASSERT_TRUE(looked_again());
  emulator().advance(149 * kMinute);
  ASSERT_TRUE(looked_again());
  emulator().advance(2 * kMinute);
  EXPECT_EQ(mounted.get(), ERROR_UNABLE_TO_LOAD_MEDIUM) << picture();
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
}

TEST_F(LoadWait, OthersHaveAQuarterOfAnHour) {
  ASSERT_NO_FATAL_FAILURE(start_loading_slowly(120));
  auto mounted = mount(1);
  ASSERT_TRUE(wait_until([&] { return loading(); })) << picture();
  ASSERT_TRUE(looked_again());
  emulator().advance(14 * kMinute);
  ASSERT_TRUE(looked_again());
  EXPECT_FALSE(unfinished_request_of(medium(1)).is_null());
  emulator().advance(2 * kMinute);
  EXPECT_EQ(mounted.get(), ERROR_UNABLE_TO_LOAD_MEDIUM) << picture();
}

TEST_F(LoadWait, ItEndsWithTheSessionOfTheCaller) {
  ASSERT_NO_FATAL_FAILURE(start_loading_slowly(120));
  Rsm other = Rsm::open();
  auto mounted = mount(0, other.handle());
  ASSERT_TRUE(wait_until([&] { return loading(); })) << picture();
  const Id request = unfinished_request_of(medium(0));
  EXPECT_TRUE(looked_again());
  ASSERT_EQ(other.close(), ERROR_SUCCESS);
  EXPECT_EQ(mounted.get(), ERROR_CANCELLED) << picture();
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED)) << picture();
  EXPECT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
}

}  // namespace
}  // namespace ntms::conformance
