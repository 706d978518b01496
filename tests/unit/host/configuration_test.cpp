// SPDX-License-Identifier: MIT
#include "host/configuration.h"

#include <gtest/gtest.h>

#include <fstream>

#include "unit/platform/temporary_directory.h"

namespace ntms::host {
namespace {

using platform::test::ScopedEnvironment;
using platform::test::TemporaryDirectory;

TEST(Configuration, SkipsAndReportsLinesItDoesNotUnderstand) {
  const auto parsed = parse_configuration(
      "devise emulator:/a\ndevice\ndevice emulator:/b doors=x\ndevice emulator:/c doors=65\n"
      "device emulator:/d enabled=maybe\ndevice emulator:/e name=\"x\ndevice emulator:/f what=1\n");
  EXPECT_TRUE(parsed.devices.empty());
  ASSERT_EQ(parsed.complaints.size(), 7U);
  EXPECT_NE(parsed.complaints[1].find("line 2"), std::string::npos);
}

TEST(Configuration, ReadsDevicesWithTheirOptions) {
  const auto parsed = parse_configuration(
      "# comment\n\n  device emulator:/a  \r\n"
      "device iscsi://h:1/t/1 doors=2 empty-drives-for-doors=yes enabled=no name=\"Big library\" "
      "\ndevice emulator:/a");
  EXPECT_TRUE(parsed.complaints.empty());
  ASSERT_EQ(parsed.devices.size(), 2U);
  EXPECT_EQ(parsed.devices[0].uri, "emulator:/a");
  EXPECT_TRUE(parsed.devices[0].in_service);
  EXPECT_EQ(parsed.devices[1].doors, 2U);
  EXPECT_TRUE(parsed.devices[1].empty_drives_for_doors);
  EXPECT_FALSE(parsed.devices[0].empty_drives_for_doors);
  EXPECT_FALSE(parsed.devices[1].in_service);
  EXPECT_EQ(parsed.devices[1].name, "Big library");
}

TEST(Configuration, TheEnvironmentAddsToTheFile) {
  const TemporaryDirectory directory;
  std::ofstream(directory.path() / "ntms.conf") << "device emulator:/a enabled=no\n";
  const ScopedEnvironment devices("NTMS_DEVICES", "  emulator:/b emulator:/a ");
  const auto read = read_configuration(directory.path());
  ASSERT_EQ(read.devices.size(), 2U);
  EXPECT_FALSE(read.devices[0].in_service);
  EXPECT_EQ(read.devices[1].uri, "emulator:/b");
  EXPECT_FALSE(read.discover);
}

TEST(Configuration, DiscoversWithoutConfigurationAndListsWhatItFindsDisabled) {
  const TemporaryDirectory directory;
  const ScopedEnvironment devices("NTMS_DEVICES", nullptr);
  const auto read = read_configuration(directory.path());
  EXPECT_TRUE(read.discover);
  EXPECT_FALSE(read.discovered_in_service);
}

TEST(Configuration, AutoPutsWhatIsDiscoveredInService) {
  const TemporaryDirectory directory;
  const ScopedEnvironment devices("NTMS_DEVICES", "auto emulator:/x");
  const auto read = read_configuration(directory.path());
  EXPECT_TRUE(read.discover);
  EXPECT_TRUE(read.discovered_in_service);
  EXPECT_EQ(read.devices.size(), 1U);
}

TEST(Configuration, DrivesCanBeNamed) {
  const auto parsed = parse_configuration(
      "device spti:\\\\.\\Changer0 drive=spti:\\\\.\\Tape0 drive=spti:\\\\.\\Tape3\n"
      "device spti:\\\\.\\Changer1 drive=\n");
  ASSERT_EQ(parsed.devices.size(), 1U);
  EXPECT_EQ(parsed.devices[0].drives,
            (std::vector<std::string>{"spti:\\\\.\\Tape0", "spti:\\\\.\\Tape3"}));
  EXPECT_EQ(parsed.complaints.size(), 1U);
}

TEST(Configuration, DrivesOfSingleElementsCanBeNamed) {
  const auto parsed = parse_configuration(
      "device spti:\\\\.\\Changer0 drive@257=spti:\\\\.\\Tape0 drive@256=spti:\\\\.\\Tape3\n"
      "device spti:1 drive@=spti:2\n"
      "device spti:1 drive@256=\n"
      "device spti:1 drive@65536=spti:2\n"
      "device spti:1 drive@-1=spti:2\n"
      "device spti:1 drive@256x=spti:2\n"
      "device spti:1 drive@256=spti:2 drive@256=spti:3\n"
      "device spti:1 drive@256=spti:2 drive@257=spti:2\n");
  ASSERT_EQ(parsed.devices.size(), 1U);
  EXPECT_TRUE(parsed.devices[0].drives.empty());
  EXPECT_EQ(parsed.devices[0].drive_of_element,
            (std::map<std::uint16_t, std::string>{{256, "spti:\\\\.\\Tape3"},
                                                  {257, "spti:\\\\.\\Tape0"}}));
  EXPECT_EQ(parsed.complaints.size(), 7U);
}

TEST(Configuration, DiscoveredLibrariesAreServedOnceUnderTheirNewNames) {
  Configuration configuration = parse_configuration("device spti:a name=mine");
  add_discovered_libraries(configuration, {{"spti:a", "1", {}, false}, {"spti:b", "2", {}, false}});
  ASSERT_EQ(configuration.devices.size(), 2U);
  EXPECT_EQ(configuration.devices[0].name, "mine");
  EXPECT_TRUE(configuration.devices[0].in_service);
  EXPECT_EQ(configuration.devices[1].uri, "spti:b");
  EXPECT_FALSE(configuration.devices[1].in_service);
  configuration.discovered_in_service = true;
  add_discovered_libraries(configuration, {{"spti:c", "", {}, false}});
  EXPECT_TRUE(configuration.devices[2].in_service);

  model::Library moved;
  moved.uri = "spti:z";
  moved.serial = "2";
  model::Library gone;
  gone.uri = "spti:y";
  add_known_libraries(configuration, {moved, gone});
  ASSERT_EQ(configuration.known.size(), 1U);
  EXPECT_EQ(configuration.known[0].uri, "spti:y");
}

TEST(Configuration, KnownLibrariesAreServedOnce) {
  Configuration configuration = parse_configuration("device emulator:/a");
  model::Library known;
  known.uri = "emulator:/a";
  model::Library other;
  other.uri = "emulator:/b";
  add_known_libraries(configuration, {known, other, other, model::Library{}});
  EXPECT_EQ(configuration.devices.size(), 1U);
  ASSERT_EQ(configuration.known.size(), 1U);
  EXPECT_EQ(configuration.known[0].uri, "emulator:/b");
}

}  // namespace
}  // namespace ntms::host
