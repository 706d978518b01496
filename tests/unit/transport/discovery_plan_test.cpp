// SPDX-License-Identifier: MIT
#include "transport/discovery_plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scsi/commands.h"
#include "support.h"

namespace ntms::transport {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

FoundDevice device(std::string uri, std::uint8_t type, std::string serial = "",
                   std::optional<BusAddress> address = std::nullopt) {
  return {std::move(uri), type, "VENDOR", "PRODUCT", std::move(serial), address};
}
FoundDevice changer(std::string uri, std::string serial = "",
                    std::optional<BusAddress> address = std::nullopt) {
  return device(std::move(uri), scsi::kTypeChanger, std::move(serial), address);
}
FoundDevice tape(std::string uri, std::string serial = "",
                 std::optional<BusAddress> address = std::nullopt) {
  return device(std::move(uri), scsi::kTypeTape, std::move(serial), address);
}

TEST(PlanLibraries, WithoutAChangerThereIsNone) {
  EXPECT_THAT(plan_libraries({}), IsEmpty());
  EXPECT_THAT(plan_libraries({tape("t0"), device("d", scsi::kTypeDisk), device("?", 0x1F)}),
              IsEmpty());
}

TEST(PlanLibraries, AChangerAloneHasTheDrives) {
  const auto plan = plan_libraries(
      {changer("c0", "C"), tape("t0", "1"), tape("t1", "2"), device("cd", scsi::kTypeCdDvd)});
  EXPECT_THAT(plan, ElementsAre(FoundLibrary{"c0", "C", {"t0", "t1"}, true}));
}

TEST(PlanLibraries, ChangersShareTheDrivesUntilTheyTellWhichAreTheirs) {
  const auto plan = plan_libraries({changer("c0", "A"), changer("c1", "B"), tape("t0")});
  EXPECT_THAT(plan, ElementsAre(FoundLibrary{"c0", "A", {"t0"}, false},
                                FoundLibrary{"c1", "B", {"t0"}, false}));
}

TEST(PlanLibraries, ADeviceReachedTwiceCountsOnce) {
  // By two paths, and by its class driver and its port.
  const auto plan = plan_libraries(
      {changer("c0", "A", BusAddress{0, 0, 3, 0}), changer("c1", "A", BusAddress{1, 0, 3, 0}),
       tape("t0", "1"), tape("t1", "1"), tape("t2", "", BusAddress{0, 0, 4, 0}),
       changer("port", "", BusAddress{0, 0, 3, 0}), tape("port2", "", BusAddress{0, 0, 4, 0})});
  EXPECT_THAT(plan, ElementsAre(FoundLibrary{"c0", "A", {"t0", "t2"}, true}));
}

TEST(PlanLibraries, DevicesWithoutSerialNumbersAreNotTheSame) {
  const auto plan = plan_libraries({changer("c0"), tape("t0"), tape("t1")});
  EXPECT_THAT(plan, ElementsAre(FoundLibrary{"c0", "", {"t0", "t1"}, true}));
}

TEST(PlanLibraries, NorAreDevicesOfOtherMakersWithTheSameNumber) {
  auto other = tape("t1", "1");
  other.vendor = "OTHER";
  EXPECT_THAT(plan_libraries({changer("c0"), tape("t0", "1"), other}),
              ElementsAre(FoundLibrary{"c0", "", {"t0", "t1"}, true}));
  // A changer in a drive's box may have the drive's number.
  EXPECT_THAT(plan_libraries({changer("c0", "1"), tape("t0", "1")}),
              ElementsAre(FoundLibrary{"c0", "1", {"t0"}, true}));
}

TEST(PlanLoneDrives, WithoutAChangerEveryDriveStandsAlone) {
  EXPECT_THAT(plan_lone_drives({tape("t0", "1"), device("cd", scsi::kTypeCdDvd), tape("t1", "2")}),
              ElementsAre(FoundLibrary{"t0", "1", {}, false}, FoundLibrary{"t1", "2", {}, false}));
  EXPECT_THAT(plan_lone_drives({tape("t0", "1"), tape("t1", "1")}),
              ElementsAre(FoundLibrary{"t0", "1", {}, false}))
      << "reached by two paths";
  EXPECT_THAT(plan_lone_drives({changer("c0", "A"), tape("t0", "1")}), IsEmpty());
  EXPECT_THAT(plan_lone_drives({}), IsEmpty());
}

TEST(PlanLibrary, OfAChangerThatWasNotFoundHasAllDrives) {
  EXPECT_EQ(plan_library({tape("t0")}, "c9"), (FoundLibrary{"c9", "", {"t0"}, true}));
  EXPECT_EQ(plan_library({changer("c0"), tape("t0")}, "c9"),
            (FoundLibrary{"c9", "", {"t0"}, false}));
  EXPECT_EQ(plan_library({changer("c0", "A"), tape("t0")}, "c0"),
            (FoundLibrary{"c0", "A", {"t0"}, true}));
}

#ifndef _WIN32
TEST(FindSystemDevices, NamesWhatThereIsAndNothingElse) {
  test::Loop loop;
  for (const DeviceKind kind : {DeviceKind::changers, DeviceKind::drives}) {
    const auto found = loop.start(find_system_devices(kind)).get();
    ASSERT_TRUE(found);
    for (const FoundDevice& device : *found) EXPECT_THAT(device.uri, testing::StartsWith("sg:"));
  }
}
#endif

}  // namespace
}  // namespace ntms::transport
