// SPDX-License-Identifier: MIT
// Libraries that do what others do not (docs/emulator.md, "Quirks"): each comes into service, and a
// mount, a dismount, an eject, an inject and an inventory succeed.
#include <fstream>
#include <utility>

#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

struct Personality {
  const char* name;
  std::vector<std::pair<unsigned, unsigned>> quirks;  // NTMS_EMULATOR_QUIRK_*, value
  unsigned drives = 2;
};

void PrintTo(const Personality& personality, std::ostream* out) {
  *out << personality.name;
}

class Personalities : public LibraryTest, public ::testing::WithParamInterface<Personality> {
 protected:
  void start_with_quirks() {
    ASSERT_NO_FATAL_FAILURE(create({.drives = GetParam().drives}));
    for (const auto& [quirk, value] : GetParam().quirks) set_quirk(quirk, value);
    ASSERT_NO_FATAL_FAILURE(open());
  }
  void set_quirk(unsigned quirk, unsigned value) {
    ASSERT_EQ(ntms_emulator_set_quirk(emulator().handle(), quirk, value), NTMS_EMULATOR_OK);
  }
  DWORD mount(unsigned index) {
    constexpr DWORD kPatience = 60'000;
    Id side = side_of(medium(index));
    Id drive;
    return MountNtmsMedia(session(), side.get(), drive.get(), 1, NTMS_MOUNT_READ,
                          NTMS_PRIORITY_NORMAL, kPatience, nullptr);
  }
  DWORD dismount(unsigned index) {
    Id side = side_of(medium(index));
    return DismountNtmsMedia(session(), side.get(), 1, 0);
  }
  Id request_of(DWORD operation) {
    for (const Id& id : rsm().list(NTMS_LIBREQUEST)) {
      if (rsm().get(id, NTMS_LIBREQUEST).Info.LibRequest.OperationCode == operation) return id;
    }
    return {};
  }
};

TEST_P(Personalities, ComeIntoServiceAndAreInventoried) {
  ASSERT_NO_FATAL_FAILURE(start_with_quirks());
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, 8U);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfSlots, 12U);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfDrives, GetParam().drives);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfPorts, 2U);
  ASSERT_TRUE(emulator().foreign_move(kSlot, 7, kSlot, 11));
  Id id = library();
  ASSERT_EQ(InventoryNtmsLibrary(session(), id.get(), NTMS_INVENTORY_FAST), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(7), 11); })) << picture();
  ASSERT_TRUE(wait_for_state(request_of(NTMS_LM_INVENTORY), NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(agree_soon());
}

TEST_P(Personalities, MountDismountAndGiveUpWhatIsMounted) {
  ASSERT_NO_FATAL_FAILURE(start_with_quirks());
  for (unsigned index = 0; index < 3; ++index) {
    ASSERT_EQ(mount(index), ERROR_SUCCESS) << picture();
    ASSERT_EQ(dismount(index), ERROR_SUCCESS) << picture();
    ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(index), index); })) << picture();
  }
  ASSERT_EQ(mount(0), ERROR_SUCCESS) << picture();
  const Id request = start_eject(medium(0), NTMS_EJECT_FORCE);
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  take(medium(0));
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_PASSED)) << picture();
  EXPECT_TRUE(agree_soon());
}

TEST_P(Personalities, EjectAndInject) {
  ASSERT_NO_FATAL_FAILURE(start_with_quirks());
  const Id ejected = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0))) << picture();
  take(medium(0));
  EXPECT_TRUE(wait_for_state(ejected, NTMS_LM_PASSED)) << picture();
  Id into = library();
  Id request;
  ASSERT_EQ(InjectNtmsMedia(session(), into.get(), request.get(), NTMS_INJECT_START),
            ERROR_SUCCESS);
  ASSERT_TRUE(
      wait_until([&] { return port(0).Info.IEPort.Position == NTMS_PORTPOSITION_EXTENDED; }));
  robot().put(0, "NEW001L8");
  ASSERT_EQ(InjectNtmsMedia(session(), into.get(), request.get(), NTMS_INJECT_STOP), ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_STOPPED)) << picture();
  const Id fresh = medium_with("NEW001L8");
  ASSERT_FALSE(fresh.is_null()) << picture();
  EXPECT_EQ(media_info(fresh).LocationType, NTMS_STORAGESLOT);
  EXPECT_TRUE(agree_soon());
}

const std::vector<Personality>& personalities() {
  static const std::vector<Personality> kAll{
      {"ShortAllocation", {{NTMS_EMULATOR_QUIRK_SHORT_ALLOCATION, 1}}},
      {"NoDeviceIds", {{NTMS_EMULATOR_QUIRK_NO_DEVICE_IDS, 1}}, 1},
      {"SerialDeviceIds", {{NTMS_EMULATOR_QUIRK_SERIAL_DEVICE_IDS, 1}}},
      {"TagsOrDeviceIds", {{NTMS_EMULATOR_QUIRK_TAGS_OR_DEVICE_IDS, 1}}},
      {"LateAccess", {{NTMS_EMULATOR_QUIRK_LATE_ACCESS, 150}}},
      {"NoAccess", {{NTMS_EMULATOR_QUIRK_NO_ACCESS, 1}}},
      {"NoModeSense10", {{NTMS_EMULATOR_QUIRK_NO_MODE_SENSE_10, 1}}},
      {"SlowStart", {{NTMS_EMULATOR_QUIRK_SLOW_START, 300}}},
      {"ShortReplies", {{NTMS_EMULATOR_QUIRK_SHORT_REPLIES, 1}}},
      {"WrongFirstElement", {{NTMS_EMULATOR_QUIRK_WRONG_FIRST_ELEMENT, 1}}},
      {"NoElementCount", {{NTMS_EMULATOR_QUIRK_NO_ELEMENT_COUNT, 1}}},
      {"NoExchange", {{NTMS_EMULATOR_QUIRK_NO_EXCHANGE, 1}}},
      {"NoPrevent", {{NTMS_EMULATOR_QUIRK_NO_PREVENT, 1}}},
      {"LikeTgt",
       {{NTMS_EMULATOR_QUIRK_SHORT_REPLIES, 1},
        {NTMS_EMULATOR_QUIRK_WRONG_FIRST_ELEMENT, 1},
        {NTMS_EMULATOR_QUIRK_NO_ELEMENT_COUNT, 1},
        {NTMS_EMULATOR_QUIRK_NO_ACCESS, 1},
        {NTMS_EMULATOR_QUIRK_NO_EXCHANGE, 1},
        {NTMS_EMULATOR_QUIRK_NO_PREVENT, 1}}},
  };
  return kAll;
}

std::string name_of(const ::testing::TestParamInfo<Personality>& test) {
  return test.param.name;
}

INSTANTIATE_TEST_SUITE_P(Of, Personalities, ::testing::ValuesIn(personalities()), name_of);

std::string mapping_of(Rsm& rsm, const Info& drive) {
  std::string words(256, '\0');
  auto size = static_cast<DWORD>(words.size());
  Id id(drive.ObjectGuid);
  EXPECT_EQ(GetNtmsObjectAttributeA(rsm.handle(), id.get(), NTMS_DRIVE, "DriveMapping",
                                    words.data(), &size),
            ERROR_SUCCESS);
  words.resize(size);
  return words;
}

// A changer with two drives that does not say which is which.
TEST_F(LibraryTest, DrivesThatNobodyTellsApartAreNotUsedUntilTheConfigurationDoes) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_EQ(ntms_emulator_set_quirk(emulator().handle(), NTMS_EMULATOR_QUIRK_NO_DEVICE_IDS, 1),
            NTMS_EMULATOR_OK);
  ASSERT_NO_FATAL_FAILURE(open());
  for (const Info& drive : elements(NTMS_DRIVE)) {
    EXPECT_EQ(drive.dwOperationalState, DWORD{NTMS_NOT_PRESENT});
    EXPECT_EQ(text(drive.Info.Drive.szDeviceName), "");
    EXPECT_EQ(mapping_of(rsm(), drive),
              "the changer does not identify the drive, and more than one could be it");
  }
  rsm().close();

  std::ofstream(data() / "ntms.conf")
      << "device " << robot().uri() << " drive@256=" << robot().uri() << "#1"
      << " drive@257=" << robot().uri() << "#2\n";
  ASSERT_NO_FATAL_FAILURE(open());
  for (unsigned index = 0; index < 2; ++index) {
    EXPECT_EQ(drive(index).dwOperationalState, DWORD{NTMS_READY});
    EXPECT_EQ(text(drive(index).Info.Drive.szDeviceName),
              robot().uri() + "#" + std::to_string(index + 1));
    EXPECT_EQ(mapping_of(rsm(), drive(index)), "the configuration names it for the element");
    Id side = side_of(medium(index));
    Id bay(drive(index).ObjectGuid);
    ASSERT_EQ(MountNtmsMedia(session(), side.get(), bay.get(), 1,
                             NTMS_MOUNT_READ | NTMS_MOUNT_SPECIFIC_DRIVE, NTMS_PRIORITY_NORMAL,
                             60'000, nullptr),
              ERROR_SUCCESS)
        << picture();
  }
  EXPECT_TRUE(agree_soon());
}

// An application may use the name for itself.
TEST_F(LibraryTest, AnApplicationsAttributeHidesTheReasonOfTheMapping) {
  ASSERT_NO_FATAL_FAILURE(start());
  Id id(drive(0).ObjectGuid);
  const std::string mapping = mapping_of(rsm(), drive(0));
  EXPECT_EQ(mapping, "serial number of the element");
  ASSERT_EQ(SetNtmsObjectAttributeA(session(), id.get(), NTMS_DRIVE, "DriveMapping",
                                    const_cast<char*>("mine"), 4),
            ERROR_SUCCESS);
  EXPECT_EQ(mapping_of(rsm(), drive(0)), "mine");
  ASSERT_EQ(SetNtmsObjectAttributeA(session(), id.get(), NTMS_DRIVE, "DriveMapping", nullptr, 0),
            ERROR_SUCCESS);
  EXPECT_EQ(mapping_of(rsm(), drive(0)), mapping);
  // Other objects have none.
  char data = 0;
  DWORD size = 1;
  Id of_slot(slot(0).ObjectGuid);
  EXPECT_EQ(GetNtmsObjectAttributeA(session(), of_slot.get(), NTMS_STORAGESLOT, "DriveMapping",
                                    &data, &size),
            ERROR_OBJECT_NOT_FOUND);
}

// Ports that the mode page keeps back are not there: what needs one ends as in a library without.
TEST_F(LibraryTest, HiddenPortsAreNotThere) {
  ASSERT_NO_FATAL_FAILURE(create());
  ASSERT_EQ(ntms_emulator_set_quirk(emulator().handle(), NTMS_EMULATOR_QUIRK_HIDDEN_PORTS, 1),
            NTMS_EMULATOR_OK);
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(library_info().Info.Library.dwNumberOfPorts, 0U);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, 8U);
  Id id = medium(0);
  Id operation;
  EXPECT_EQ(EjectNtmsMedia(session(), id.get(), operation.get(), NTMS_EJECT_START),
            ERROR_RESOURCE_NOT_PRESENT);
  Id into = library();
  EXPECT_EQ(InjectNtmsMedia(session(), into.get(), operation.get(), NTMS_INJECT_START),
            ERROR_RESOURCE_NOT_PRESENT);
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::conformance
