// SPDX-License-Identifier: MIT
// What is found on a tree of files in the form of sysfs.
#include "transport/sg_discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sg.h"
#include "support.h"
#include "transport/discovery_plan.h"

namespace ntms::transport::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

// Answers INQUIRY for page 80h.
FakeSgDevice device_with_serial(std::uint8_t type, std::string serial) {
  return [type, serial](sg_io_hdr_t& header) {
    if (header.cmdp[0] != 0x12 || header.cmdp[1] != 1 || header.cmdp[2] != 0x80) {
      return answer_sense(header, 5, 0x24, 0);
    }
    std::vector<std::uint8_t> page{type, 0x80, 0, static_cast<std::uint8_t>(serial.size())};
    page.insert(page.end(), serial.begin(), serial.end());
    return answer(header, page);
  };
}

class SgDiscoveryTest : public testing::Test {
 protected:
  std::vector<FoundDevice> find(DeviceKind kind) {
    return SgDiscovery(nodes.factory(), tree.places()).find(kind);
  }

  FakeTree tree;
  FakeNodes nodes;
};

TEST_F(SgDiscoveryTest, FindsNothingWhereNothingIs) {
  EXPECT_THAT(find(DeviceKind::changers), IsEmpty());
  EXPECT_THAT(find(DeviceKind::drives), IsEmpty());
  tree.add("sg0", {"0:0:0:0", 0, "QEMU", "DISK", "1", ""});
  EXPECT_THAT(find(DeviceKind::changers), IsEmpty());
  EXPECT_THAT(find(DeviceKind::drives), IsEmpty());
}

TEST_F(SgDiscoveryTest, DevicesThatCannotBeAskedAreThereAllTheSame) {
  tree.add("sg3", {"2:0:0:3", 8, "HP", "MSL", "", "sch0"});
  nodes.add(tree.node("sg3"), device_with_serial(8, "LIB1"), EACCES);
  const FoundDevice unnamed{tree.uri("sg3"), 8, "HP", "MSL", "", BusAddress{2, 0, 0, 3}};
  EXPECT_THAT(find(DeviceKind::changers), ElementsAre(unnamed));
  for (const FakeSgDevice& silent :
       {FakeSgDevice([](sg_io_hdr_t&) { return ENODEV; }),
        FakeSgDevice([](sg_io_hdr_t& header) { return answer_sense(header, 5, 0x24, 0); }),
        FakeSgDevice([](sg_io_hdr_t& header) {
          return answer(header, {8, 0});
        })}) {
    nodes.add(tree.node("sg3"), silent);
    EXPECT_THAT(find(DeviceKind::changers), ElementsAre(unnamed));
  }
  EXPECT_EQ(nodes.open_files(), 0);
}

TEST_F(SgDiscoveryTest, SysfsTellsWithoutACommand) {
  tree.add("sg3", {"2:0:0:3", 8, "HP", "MSL", "LIB1", "sch0"});
  tree.add("sg1", {"2:0:0:1", 1, "HP", "DRIVE", "HU1", "nst0"});
  const FoundDevice library{"sg:changer=LIB1", 8, "HP", "MSL", "LIB1", BusAddress{2, 0, 0, 3}};
  const FoundDevice drive{"sg:tape=HU1", 1, "HP", "DRIVE", "HU1", BusAddress{2, 0, 0, 1}};
  EXPECT_THAT(find(DeviceKind::changers), ElementsAre(library));
  EXPECT_THAT(find(DeviceKind::drives), ElementsAre(drive, library));
  EXPECT_TRUE(nodes.opened().empty());
}

TEST_F(SgDiscoveryTest, WhoseNumberSysfsDoesNotTellIsAskedAndNamedByItsNode) {
  tree.add("sg3", {"2:0:0:3", 8, "HP", "MSL", "", "sch0"});
  tree.add("sg1", {"2:0:0:1", 1, "HP", "DRIVE", "", "nst0"});
  nodes.add(tree.node("sg3"), device_with_serial(8, "LIB1"));
  nodes.add(tree.node("sg1"), device_with_serial(1, "HU1"));
  EXPECT_THAT(find(DeviceKind::changers), ElementsAre(FoundDevice{tree.uri("sg3"), 8, "HP", "MSL",
                                                                  "LIB1", BusAddress{2, 0, 0, 3}}));
  EXPECT_THAT(nodes.opened(), ElementsAre(FakeNodes::Opened{tree.node("sg3"), SgAccess::shared}));
  EXPECT_THAT(
      find(DeviceKind::drives),
      ElementsAre(FoundDevice{tree.uri("sg1"), 1, "HP", "DRIVE", "HU1", BusAddress{2, 0, 0, 1}},
                  FoundDevice{tree.uri("sg3"), 8, "HP", "MSL", "", BusAddress{2, 0, 0, 3}}))
      << "a changer is not disturbed while drives are looked for";
}

TEST_F(SgDiscoveryTest, ANumberThatNamesNoneOrTwoMakesLeavesTheNode) {
  tree.add("sg1", {"2:0:0:1", 1, "HP", "DRIVE", "A B", ""});
  tree.add("sg2", {"2:0:0:2", 1, "HP", "DRIVE", "1", ""});
  tree.add("sg3", {"2:0:0:3", 1, "IBM", "DRIVE", "1", ""});
  const auto found = find(DeviceKind::drives);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].uri, tree.uri("sg1"));
  EXPECT_EQ(found[0].serial, "A B");
  EXPECT_EQ(found[1].uri, tree.uri("sg2"));
  EXPECT_EQ(found[2].uri, tree.uri("sg3"));
}

TEST_F(SgDiscoveryTest, TwoPathsAreOneLibrary) {
  for (const char* host : {"2", "3"}) {
    const std::string at = host;
    tree.add("sg" + at + "1", {at + ":0:0:1", 1, "HP", "DRIVE", "HU1", ""});
    tree.add("sg" + at + "3", {at + ":0:0:3", 8, "HP", "MSL", "LIB1", ""});
  }
  EXPECT_THAT(plan_libraries(find(DeviceKind::drives)),
              ElementsAre(FoundLibrary{"sg:changer=LIB1", "LIB1", {"sg:tape=HU1"}, true}));
}

}  // namespace
}  // namespace ntms::transport::test
