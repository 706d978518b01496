// SPDX-License-Identifier: MIT
// Systems with nothing, with devices that do not tell who they are, and with those that do.
#include "transport/spti_discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "fake_spti_control.h"
#include "scsi/commands.h"
#include "transport/spti_bus.h"

namespace ntms::transport::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::uint8_t> inquiry_data(std::uint8_t type, const std::string& product) {
  std::vector<std::uint8_t> data(36, ' ');
  std::fill_n(data.begin(), 8, std::uint8_t{0});
  data[0] = type;
  data[4] = 31;
  const std::string text = "VENDOR  " + product;
  std::copy(text.begin(), text.end(), data.begin() + 8);
  return data;
}

// A device that answers INQUIRY and, with a serial number, its page; with an address, for that.
FakeDevice device(std::uint8_t type, const std::string& product, const std::string& serial,
                  std::optional<std::uint8_t> target = std::nullopt) {
  return [=](std::uint32_t code, std::span<std::uint8_t> packet) -> std::uint32_t {
    if (code == kIoctlScsiGetAddress && target) {
      const std::vector<std::uint8_t> address{8, 0, 0, 0, 2, 0, *target, 0};
      std::copy(address.begin(), address.end(), packet.begin());
      return 0;
    }
    if (code != kIoctlScsiPassThroughDirect && code != kIoctlScsiPassThrough) return 1;
    const auto cdb = packet.subspan(kOwnLayout.cdb, 16);
    if (cdb[0] == 0x12 && cdb[1] == 0) return answer(code, packet, inquiry_data(type, product));
    if (cdb[0] != 0x12 || cdb[2] != 0x80 || serial.empty()) {
      packet[SptiLayout::kScsiStatus] = scsi::kStatusCheckCondition;
      return 0;
    }
    std::vector<std::uint8_t> page{type, 0x80, 0, static_cast<std::uint8_t>(serial.size())};
    page.insert(page.end(), serial.begin(), serial.end());
    return answer(code, packet, page);
  };
}

// SCSI_ADAPTER_BUS_INFO with one bus and the units given as {target, claimed, type}.
std::vector<std::uint8_t> bus_info(const std::vector<std::array<std::uint8_t, 3>>& units) {
  constexpr std::size_t kUnit = 12 + 36;
  std::vector<std::uint8_t> info(12 + units.size() * kUnit);
  info[0] = 1;
  info[4] = static_cast<std::uint8_t>(units.size());
  put_le32(info, 8, 12);
  for (std::size_t i = 0; i < units.size(); ++i) {
    const std::size_t at = 12 + i * kUnit;
    info[at + 1] = units[i][0];
    info[at + 3] = units[i][1];
    put_le32(info, at + 4, 36);
    put_le32(info, at + 8, i + 1 < units.size() ? static_cast<std::uint32_t>(at + kUnit) : 0);
    const auto data = inquiry_data(units[i][2], "UNIT");
    std::copy(data.begin(), data.end(), info.begin() + static_cast<std::ptrdiff_t>(at + 12));
  }
  return info;
}

// A port driver that has `info` to tell and passes commands to `unit`. It tells no more than fits.
FakeDevice port(std::vector<std::uint8_t> info, FakeDevice unit) {
  return [info = std::move(info), unit = std::move(unit)](
             std::uint32_t code, std::span<std::uint8_t> packet) -> std::uint32_t {
    if (code != kIoctlScsiGetInquiryData) return unit(code, packet);
    if (info.size() > packet.size()) return 122;  // ERROR_INSUFFICIENT_BUFFER
    std::copy(info.begin(), info.end(), packet.begin());
    return 0;
  };
}

TEST(AdapterBusInfo, ReadsNoFurtherThanTheData) {
  EXPECT_THAT(parse_adapter_bus_info({}), IsEmpty());
  const auto whole = bus_info({{3, 1, 8}, {4, 0, 8}});
  EXPECT_EQ(parse_adapter_bus_info(whole).size(), 2U);
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_LE(parse_adapter_bus_info(std::span(whole).first(length)).size(), 2U);
  }
  auto wild = whole;
  put_le32(wild, 8, 0xFFFFFFF0);  // where the first unit is
  EXPECT_THAT(parse_adapter_bus_info(wild), IsEmpty());
  wild = whole;
  wild[0] = 255;  // buses
  EXPECT_LE(parse_adapter_bus_info(wild).size(), wild.size() / 12);
}

TEST(AdapterBusInfo, ACircleEnds) {
  auto circle = bus_info({{3, 1, 8}, {4, 0, 8}});
  put_le32(circle, 12 + 48 + 8, 12);  // the second unit's next one is the first
  EXPECT_LE(parse_adapter_bus_info(circle).size(), circle.size() / 12);
}

TEST(AdapterBusInfo, TellsWhoIsClaimed) {
  const auto units = parse_adapter_bus_info(bus_info({{3, 1, 8}, {4, 0, 1}}));
  ASSERT_EQ(units.size(), 2U);
  EXPECT_TRUE(units[0].claimed);
  EXPECT_FALSE(units[1].claimed);
  EXPECT_EQ(units[1].address, (SptiAddress{0, 4, 0}));
  EXPECT_EQ(units[1].inquiry.size(), 36U);
}

TEST(SptiDiscovery, FindsNothingWhereNothingIs) {
  FakeSystem system;
  SptiDiscovery discovery(system.factory());
  EXPECT_THAT(discovery.find(DeviceKind::changers), IsEmpty());
  EXPECT_THAT(discovery.find(DeviceKind::drives), IsEmpty());
}

TEST(SptiDiscovery, DevicesThatCannotBeAskedAreThereAllTheSame) {
  FakeSystem system;
  system.add("\\\\.\\Changer0", device(8, "LIBRARY", "C1"), 5);
  system.add("\\\\.\\Tape2",
             [](std::uint32_t, std::span<std::uint8_t>) -> std::uint32_t { return 1117; });
  SptiDiscovery discovery(system.factory());
  EXPECT_THAT(discovery.find(DeviceKind::changers),
              ElementsAre(FoundDevice{"spti:\\\\.\\Changer0", 8, "", "", "", std::nullopt}));
  EXPECT_THAT(discovery.find(DeviceKind::drives),
              ElementsAre(FoundDevice{"spti:\\\\.\\Changer0", 8, "", "", "", std::nullopt},
                          FoundDevice{"spti:\\\\.\\Tape2", 1, "", "", "", std::nullopt}));
  EXPECT_EQ(system.open_handles(), 0);
}

TEST(SptiDiscovery, AsksDevicesWhoTheyAre) {
  FakeSystem system;
  system.add("\\\\.\\Changer0", device(8, "LIBRARY", "C1", 3));
  system.add("\\\\.\\Changer7", device(8, "OTHER", ""));
  system.add("\\\\.\\Tape0", device(1, "DRIVE", "D1", 4));
  SptiDiscovery discovery(system.factory());
  EXPECT_THAT(
      discovery.find(DeviceKind::changers),
      ElementsAre(
          FoundDevice{"spti:\\\\.\\Changer0", 8, "VENDOR", "LIBRARY", "C1", BusAddress{2, 0, 3, 0}},
          FoundDevice{"spti:\\\\.\\Changer7", 8, "VENDOR", "OTHER", "", std::nullopt}));
  EXPECT_EQ(discovery.find(DeviceKind::drives).back(),
            (FoundDevice{"spti:\\\\.\\Tape0", 1, "VENDOR", "DRIVE", "D1", BusAddress{2, 0, 4, 0}}));
}

TEST(SptiDiscovery, ChangersAreLeftAloneWhenDrivesAreLookedFor) {
  FakeSystem system;
  system.add("\\\\.\\Changer0", device(8, "LIBRARY", "C1"));
  SptiDiscovery(system.factory()).find(DeviceKind::drives);
  EXPECT_THAT(system.opened(),
              ElementsAre(FakeSystem::Opened{"\\\\.\\Changer0", SptiAccess::query}));
}

TEST(SptiDiscovery, FindsWhatNoClassDriverHasClaimed) {
  FakeSystem system;
  system.add("\\\\.\\Scsi2:",
             port(bus_info({{3, 1, 8}, {4, 0, 8}, {5, 0, 0}, {6, 0, 1}}), device(8, "UNIT", "U")));
  SptiDiscovery discovery(system.factory());
  EXPECT_THAT(discovery.find(DeviceKind::changers),
              ElementsAre(FoundDevice{"spti:\\\\.\\Scsi2:0:4:0", 8, "VENDOR", "UNIT", "U",
                                      BusAddress{2, 0, 4, 0}}));
  EXPECT_THAT(discovery.find(DeviceKind::drives),
              ElementsAre(FoundDevice{"spti:\\\\.\\Scsi2:0:4:0", 8, "VENDOR", "UNIT", "",
                                      BusAddress{2, 0, 4, 0}},
                          FoundDevice{"spti:\\\\.\\Scsi2:0:6:0", 1, "VENDOR", "UNIT", "U",
                                      BusAddress{2, 0, 6, 0}}));
}

TEST(SptiDiscovery, ALongListIsAskedForWithMoreRoom) {
  FakeSystem system;
  std::vector<std::array<std::uint8_t, 3>> units(255, {1, 1, 0});
  for (int i = 0; i < 9; ++i) units.insert(units.end(), units.begin(), units.begin() + 255);
  units.push_back({200, 0, 8});
  ASSERT_GT(bus_info(units).size(), 65536U);
  system.add("\\\\.\\Scsi0:", port(bus_info(units), device(8, "UNIT", "U")));
  const auto found = SptiDiscovery(system.factory()).find(DeviceKind::changers);
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].uri, "spti:\\\\.\\Scsi0:0:200:0");
}

// The address of a device, from a driver that tells it and the kind of its adapter.
std::optional<BusAddress> parallel_address(const std::string& uri, std::uint8_t bus_type,
                                           bool tells_address = true) {
  FakeSystem system;
  const auto told =
      device(1, "DRIVE", "",
             tells_address ? std::optional<std::uint8_t>(4) : std::optional<std::uint8_t>());
  const FakeDevice whole = [=](std::uint32_t code, std::span<std::uint8_t> packet) {
    if (code != kIoctlStorageQueryProperty) return told(code, packet);
    packet[kBusTypeAt] = bus_type;
    return std::uint32_t{0};
  };
  system.add("\\\\.\\Tape0", whole);
  system.add("\\\\.\\Scsi2:", whole);
  const auto address = parallel_bus_address(*system.factory()(), *parse_spti_uri(uri));
  EXPECT_EQ(system.open_handles(), 0);
  for (const auto& opened : system.opened()) EXPECT_EQ(opened.access, SptiAccess::query);
  return address;
}

TEST(SptiBus, AddressesMeanSomethingOnParallelBusesOnly) {
  constexpr std::uint8_t kSas = 10;
  EXPECT_EQ(parallel_address("spti:\\\\.\\Tape0", kBusTypeScsi), (BusAddress{2, 0, 4, 0}));
  EXPECT_EQ(parallel_address("spti:\\\\.\\Scsi2:0:3:1", kBusTypeScsi), (BusAddress{2, 0, 3, 1}));
  EXPECT_EQ(parallel_address("spti:\\\\.\\Tape0", kSas), std::nullopt);
  EXPECT_EQ(parallel_address("spti:\\\\.\\Scsi2:0:3:1", kSas), std::nullopt);
  EXPECT_EQ(parallel_address("spti:\\\\.\\Tape0", kBusTypeScsi, false), std::nullopt);
  EXPECT_EQ(parallel_address("spti:\\\\.\\Tape7", kBusTypeScsi), std::nullopt);
}

}  // namespace
}  // namespace ntms::transport::test
