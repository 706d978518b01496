// SPDX-License-Identifier: MIT
// Which unit is behind which name, on a tree of files in the form of sysfs.
#include "transport/sg_tree.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fake_sg.h"
#include "ntms/win32_types.h"
#include "scsi/commands.h"

namespace ntms::transport::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

FakeTree::Unit changer(const std::string& address, const std::string& serial = "") {
  return {address, 8, "HP", "MSL G3 Series", serial, ""};
}
FakeTree::Unit tape(const std::string& address, const std::string& serial, const std::string& nst) {
  return {address, 1, "HP", "Ultrium 5-SCSI", serial, nst};
}

class SgTree : public testing::Test {
 protected:
  std::vector<std::string> nodes(const std::string& uri) {
    const auto units = find_sg_units(tree.places(), *parse_sg_uri(uri));
    if (!units) {
      EXPECT_EQ(units.error().code, static_cast<std::uint32_t>(ERROR_DEVICE_NOT_AVAILABLE));
      reason = units.error().reason;
      return {};
    }
    std::vector<std::string> names;
    for (const SgUnit& unit : *units) names.push_back(unit.node);
    return names;
  }
  std::string name(const std::string& uri) {
    return sg_device_name(tree.places(), *parse_sg_uri(uri));
  }
  bool same(const std::string& a, const std::string& b) {
    return is_same_sg_unit(tree.places(), *parse_sg_uri(a), *parse_sg_uri(b));
  }

  FakeTree tree;
  std::string reason;
};

TEST_F(SgTree, IsEmptyWithoutTheDriver) {
  EXPECT_THAT(list_sg_units(tree.places()), IsEmpty());
  EXPECT_THAT(list_sg_units({"/no/such/directory", "/dev"}), IsEmpty());
}

TEST_F(SgTree, AUnitThatTellsNothingIsListedAllTheSame) {
  std::filesystem::create_directories(tree.places().sysfs / "class" / "scsi_generic" / "sg4");
  std::filesystem::create_directories(tree.places().sysfs / "class" / "scsi_generic" / "sgx");
  EXPECT_THAT(list_sg_units(tree.places()),
              ElementsAre(SgUnit{"sg4", 0x1F, "", "", "", std::nullopt, "", ""}));
}

TEST_F(SgTree, UnitsComeInTheOrderOfTheirNumbersWithAllThatSysfsTells) {
  tree.add("sg10", changer("2:0:1:3", "LIB1"));
  tree.add("sg2", tape("2:0:1:1", " HU01 ", "nst0"));
  tree.add("sg1", {"0:0:0:0", 0, "QEMU", "DISK", "", ""});
  tree.set_state("2:0:1:3", "transport-offline");
  EXPECT_THAT(
      list_sg_units(tree.places()),
      ElementsAre(SgUnit{"sg1", 0, "QEMU", "DISK", "", BusAddress{0, 0, 0, 0}, "running", ""},
                  SgUnit{"sg2", 1, "HP", "Ultrium 5-SCSI", "HU01", BusAddress{2, 0, 1, 1},
                         "running", "nst0"},
                  SgUnit{"sg10", 8, "HP", "MSL G3 Series", "LIB1", BusAddress{2, 0, 1, 3},
                         "transport-offline", ""}));
}

TEST_F(SgTree, AGlimpseChangesWhenADeviceComesGoesOrIsAnother) {
  std::vector<std::string> seen{glimpse_of_sg_units(tree.places())};
  EXPECT_EQ(seen[0], "");
  tree.add("sg3", changer("2:0:0:3", "LIB1"));
  seen.push_back(glimpse_of_sg_units(tree.places()));
  tree.add("sg4", tape("2:0:0:1", "HU1", "nst0"));
  seen.push_back(glimpse_of_sg_units(tree.places()));
  tree.remove("sg3", "2:0:0:3");
  seen.push_back(glimpse_of_sg_units(tree.places()));
  tree.add("sg3", changer("4:0:0:3", "LIB2"));
  seen.push_back(glimpse_of_sg_units(tree.places()));
  for (std::size_t i = 0; i < seen.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_NE(seen[i], seen[j]) << i << " and " << j;
  }
  EXPECT_EQ(glimpse_of_sg_units(tree.places()), seen.back());
}

TEST_F(SgTree, WhatIsNotThereIsNotFoundInWords) {
  EXPECT_THAT(nodes("sg:/dev/no-such-node"), IsEmpty());
  EXPECT_THAT(reason, HasSubstr("no such device"));
  EXPECT_THAT(nodes("sg:changer=LIB1"), IsEmpty());
  EXPECT_THAT(reason, HasSubstr("serial number"));
  tree.make_node("sch0");  // the changer's driver is loaded, this one is not
  EXPECT_THAT(nodes(tree.uri("sch0")), IsEmpty());
  EXPECT_THAT(reason, HasSubstr("module sg"));
}

TEST_F(SgTree, NodesOfOtherDriversAndLinksLeadToTheUnit) {
  tree.add("sg3", {"2:0:0:3", 8, "HP", "MSL", "LIB1", "sch0"});
  tree.add("sg1", tape("2:0:0:1", "HU1", "nst0"));
  tree.link_node("tape/by-path/changer", "sg3");
  tree.link_node("tape/by-id/drive", "nst0");
  EXPECT_THAT(nodes(tree.uri("sg3")), ElementsAre("sg3"));
  EXPECT_THAT(nodes(tree.uri("sch0")), ElementsAre("sg3"));
  EXPECT_THAT(nodes(tree.uri("nst0")), ElementsAre("sg1"));
  EXPECT_THAT(nodes(tree.uri("tape/by-path/changer")), ElementsAre("sg3"));
  EXPECT_THAT(nodes(tree.uri("tape/by-id/drive")), ElementsAre("sg1"));
}

TEST_F(SgTree, ASerialNumberIsFoundWhereverTheUnitIs) {
  tree.add("sg3", changer("2:0:0:3", "LIB1"));
  tree.add("sg4", tape("2:0:0:1", "LIB1", "nst0"));  // a drive in a box with one number for both
  EXPECT_THAT(nodes("sg:changer=LIB1"), ElementsAre("sg3"));
  EXPECT_THAT(nodes("sg:tape=LIB1"), ElementsAre("sg4"));
  tree.remove("sg3", "2:0:0:3");
  EXPECT_THAT(nodes("sg:changer=LIB1"), IsEmpty());
  tree.add("sg7", changer("3:0:0:0", "LIB1"));
  EXPECT_THAT(nodes("sg:changer=LIB1"), ElementsAre("sg7"));
}

TEST_F(SgTree, OfTwoPathsTheOneThatRunsComesFirst) {
  tree.add("sg3", changer("2:0:0:3", "LIB1"));
  tree.add("sg5", changer("3:0:0:3", "LIB1"));
  EXPECT_THAT(nodes("sg:changer=LIB1"), ElementsAre("sg3", "sg5"));
  tree.set_state("2:0:0:3", "offline");
  EXPECT_THAT(nodes("sg:changer=LIB1"), ElementsAre("sg5", "sg3"));
}

TEST_F(SgTree, ASerialNumberOfTwoMakesNamesNeither) {
  tree.add("sg3", changer("2:0:0:3", "1"));
  tree.add("sg5", {"3:0:0:3", 8, "OTHER", "LIBRARY", "1", ""});
  EXPECT_THAT(nodes("sg:changer=1"), IsEmpty());
  EXPECT_THAT(reason, HasSubstr("both sg3 and sg5"));
}

TEST_F(SgTree, ApplicationsOpenTheNodeThatDoesNotRewind) {
  tree.add("sg1", tape("2:0:0:1", "HU1", "nst2"));
  tree.add("sg2", tape("2:0:0:2", "HU2", ""));  // without the driver st
  tree.add("sg3", changer("2:0:0:3", "LIB1"));
  EXPECT_EQ(name("sg:tape=HU1"), tree.node("nst2"));
  EXPECT_EQ(name(tree.uri("sg1")), tree.node("nst2"));
  EXPECT_EQ(name("sg:tape=HU2"), tree.node("sg2"));
  EXPECT_EQ(name("sg:changer=LIB1"), tree.node("sg3"));
  EXPECT_EQ(name("sg:tape=GONE"), "sg:tape=GONE");
}

TEST_F(SgTree, TwoNamesMayBeOneUnit) {
  tree.add("sg3", changer("2:0:0:3", "LIB1"));
  tree.add("sg5", changer("3:0:0:3", "LIB1"));
  tree.add("sg6", changer("3:0:0:4", ""));
  tree.add("sg7", changer("3:0:0:5", ""));
  EXPECT_TRUE(same("sg:changer=LIB1", tree.uri("sg3")));
  EXPECT_TRUE(same(tree.uri("sg5"), tree.uri("sg3"))) << "by another path";
  EXPECT_FALSE(same(tree.uri("sg6"), tree.uri("sg7")));
  EXPECT_FALSE(same(tree.uri("sg6"), tree.uri("sg3")));
  EXPECT_FALSE(same("sg:changer=GONE", "sg:changer=GONE")) << "it is not there";
}

TEST_F(SgTree, AddressesMeanSomethingOnParallelBusesOnly) {
  tree.add("sg3", changer("2:0:6:0", "C1"));
  tree.add("sg4", tape("2:0:4:1", "T1", "nst0"));
  const auto of = [&](const char* uri) {
    return parallel_bus_address(tree.places(), *parse_sg_uri(uri));
  };
  EXPECT_EQ(of("sg:tape=T1"), std::nullopt);
  std::filesystem::create_directories(tree.places().sysfs / "class" / "spi_host" / "host2");
  EXPECT_EQ(of("sg:tape=T1"), (BusAddress{2, 0, 4, 1}));
  EXPECT_EQ(of("sg:changer=C1"), (BusAddress{2, 0, 6, 0}));
  EXPECT_EQ(of("sg:tape=T2"), std::nullopt);
}

}  // namespace
}  // namespace ntms::transport::test
