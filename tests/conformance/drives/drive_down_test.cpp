// SPDX-License-Identifier: MIT
// Drives that fail are taken out of use with the reason in words, and come back.
#include "conformance/drives/cleaning_fixture.h"

namespace ntms::conformance {
namespace {

constexpr unsigned kTestUnitReady = 0x00;
constexpr unsigned kLoadUnload = 0x1B;
constexpr unsigned kMoveMedium = 0xA5;

class DriveDown : public CleaningTest {
 protected:
  void let_fail(unsigned lun, unsigned opcode, unsigned kind, std::uint8_t key = 0,
                std::uint8_t asc = 0, std::uint8_t ascq = 0) {
    ntms_emulator_fault fault{};
    fault.size = sizeof fault;
    fault.lun = lun;
    fault.opcode = opcode;
    fault.kind = kind;
    fault.times = NTMS_EMULATOR_UNTIL_CLEARED;
    fault.sense_key = key;
    fault.asc = asc;
    fault.ascq = ascq;
    ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
  }
  void break_first_drive() {
    let_fail(1, kTestUnitReady, NTMS_EMULATOR_FAIL_BEFORE, 0x04, 0x44, 0x00);
    let_fail(1, kLoadUnload, NTMS_EMULATOR_FAIL_BEFORE, 0x04, 0x44, 0x00);
  }
  void repair() { ASSERT_EQ(ntms_emulator_clear_faults(emulator().handle()), NTMS_EMULATOR_OK); }
  DWORD mount_in(unsigned index, DWORD options = 0) {
    Id side = side_of(medium(0));
    Id where = drive_id(index);
    return MountNtmsMedia(session(), side.get(), where.get(), 1,
                          NTMS_MOUNT_READ | NTMS_MOUNT_SPECIFIC_DRIVE | options,
                          NTMS_PRIORITY_NORMAL, kPatience, nullptr);
  }
  bool wait_for_drive(unsigned index, DWORD state) {
    return wait_until([&] { return drive(index).dwOperationalState == state; });
  }
  std::vector<Id> service_request_ids() {
    std::vector<Id> found;
    for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
      const auto request = rsm().get(id, NTMS_OPREQUEST).Info.OpRequest;
      if (request.Request == NTMS_OPREQ_DEVICESERVICE && request.State < NTMS_OPSTATE_REFUSED) {
        found.push_back(id);
      }
    }
    return found;
  }
  std::string mapping(unsigned index) {
    std::string words(512, '\0');
    auto size = static_cast<DWORD>(words.size());
    Id id = drive_id(index);
    EXPECT_EQ(GetNtmsObjectAttributeA(session(), id.get(), NTMS_DRIVE, "DriveMapping", words.data(),
                                      &size),
              ERROR_SUCCESS);
    words.resize(size);
    return words;
  }
};

TEST_F(DriveDown, ABrokenDriveNeedsServiceAndTheOthersGoOn) {
  ASSERT_NO_FATAL_FAILURE(start());
  break_first_drive();
  EXPECT_EQ(mount_in(0), ERROR_UNABLE_TO_LOAD_MEDIUM);
  ASSERT_TRUE(wait_for_drive(0, NTMS_NEEDS_SERVICE)) << picture();
  ASSERT_EQ(service_requests().size(), 1U);
  EXPECT_EQ(service_requests()[0].Arg1Type, DWORD{NTMS_DRIVE});
  EXPECT_EQ(Id(service_requests()[0].Arg1), drive_id(0));
  const std::string message = text(service_requests()[0].szMessage);
  EXPECT_EQ(message.find("Drive 1 of " + text(rsm().get(library()).szName) + " needs service: "),
            0U)
      << message;
  EXPECT_NE(message.find("4/44/00"), std::string::npos) << message;
  EXPECT_EQ(mount_in(0, NTMS_MOUNT_ERROR_NOT_AVAILABLE), ERROR_RESOURCE_NOT_AVAILABLE);
  mount(medium(1));
  EXPECT_EQ(drive_of(medium(1)), drive_id(1));
  EXPECT_EQ(service_requests().size(), 1U);
}

TEST_F(DriveDown, RepairedWhenTheOperatorSaysSoAndTheDriveAgrees) {
  ASSERT_NO_FATAL_FAILURE(start({.drives = 1}));
  break_first_drive();
  EXPECT_EQ(mount_in(0), ERROR_UNABLE_TO_LOAD_MEDIUM);
  ASSERT_TRUE(wait_for_drive(0, NTMS_NEEDS_SERVICE)) << picture();
  const Id asked = service_request_ids().at(0);
  ASSERT_EQ(SatisfyNtmsOperatorRequest(session(), Id(asked).get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] {
    const auto ids = service_request_ids();
    return ids.size() == 1 && !(ids[0] == asked);
  })) << "it is still broken";
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_NEEDS_SERVICE});
  repair();
  ASSERT_EQ(SatisfyNtmsOperatorRequest(session(), service_request_ids().at(0).get()),
            ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_drive(0, NTMS_READY)) << picture();
  EXPECT_TRUE(service_request_ids().empty());
  mount(medium(0));
  EXPECT_TRUE(agree_soon());
}

TEST_F(DriveDown, RepairedByEnablingItAnew) {
  ASSERT_NO_FATAL_FAILURE(start({.drives = 1}));
  break_first_drive();
  EXPECT_EQ(mount_in(0), ERROR_UNABLE_TO_LOAD_MEDIUM);
  ASSERT_TRUE(wait_for_drive(0, NTMS_NEEDS_SERVICE)) << picture();
  repair();
  Id id = drive_id(0);
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_DRIVE, id.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return drive(0).Enabled == FALSE; }));
  ASSERT_EQ(EnableNtmsObject(session(), NTMS_DRIVE, id.get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_drive(0, NTMS_READY)) << picture();
  EXPECT_TRUE(service_request_ids().empty());
  mount(medium(0));
}

TEST_F(DriveDown, ADriveThatDoesNotAnswerIsNotPresentUntilItDoes) {
  ASSERT_NO_FATAL_FAILURE(start({.drives = 1}));
  const std::string known_by = mapping(0);
  let_fail(1, NTMS_EMULATOR_ANY_OPCODE, NTMS_EMULATOR_LINK_LOST_BEFORE);
  EXPECT_EQ(mount_in(0), ERROR_UNABLE_TO_LOAD_MEDIUM);
  ASSERT_TRUE(wait_for_drive(0, NTMS_NOT_PRESENT)) << picture();
  EXPECT_EQ(mapping(0).find("it does not answer: "), 0U) << mapping(0);
  EXPECT_TRUE(service_requests().empty()) << "nobody has to come";
  EXPECT_EQ(library_info().dwOperationalState, DWORD{NTMS_READY});
  repair();
  ASSERT_TRUE(wait_for_drive(0, NTMS_READY)) << picture();
  EXPECT_EQ(mapping(0), known_by);
  mount(medium(0));
  EXPECT_TRUE(agree_soon());
}

// A bad cartridge does not take drives out of use.
TEST_F(DriveDown, ACartridgeThatCannotBeLoadedIsNotTheDrivesFault) {
  ASSERT_NO_FATAL_FAILURE(start({.drives = 1}));
  let_fail(1, kTestUnitReady, NTMS_EMULATOR_FAIL_BEFORE, 0x03, 0x53, 0x00);
  EXPECT_EQ(mount_in(0), ERROR_UNABLE_TO_LOAD_MEDIUM);
  repair();
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_READY});
  EXPECT_TRUE(service_requests().empty());
  mount(medium(1));
}

// The changer says that there is no drive in the bay (05/3B/1A).
TEST_F(DriveDown, ABayWithoutADriveNeedsService) {
  ASSERT_NO_FATAL_FAILURE(start());
  let_fail(0, kMoveMedium, NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x3B, 0x1A);
  EXPECT_NE(mount_in(0), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_drive(0, NTMS_NEEDS_SERVICE)) << picture();
  EXPECT_EQ(drive(1).dwOperationalState, DWORD{NTMS_READY});
  EXPECT_EQ(service_requests().size(), 1U);
  repair();
  mount(medium(0));
  EXPECT_EQ(drive_of(medium(0)), drive_id(1));
}

TEST_F(DriveDown, AfterARestartOfTheEngineItStillNeedsService) {
  ASSERT_NO_FATAL_FAILURE(start());
  break_first_drive();
  EXPECT_EQ(mount_in(0), ERROR_UNABLE_TO_LOAD_MEDIUM);
  ASSERT_TRUE(wait_for_drive(0, NTMS_NEEDS_SERVICE)) << picture();
  repair();
  rsm().close();
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_NEEDS_SERVICE});
  EXPECT_EQ(service_requests().size(), 1U);
}

}  // namespace
}  // namespace ntms::conformance
