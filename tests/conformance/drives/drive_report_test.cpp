// SPDX-License-Identifier: MIT
// What drives report between mounts (TapeAlert) reaches the log and, where a person is needed, the
// operator.
#include <fstream>

#include "conformance/drives/cleaning_fixture.h"

namespace ntms::conformance {
namespace {

class DriveReport : public CleaningTest {
 protected:
  // Mounts and dismounts the first medium; meanwhile its drive gets something to report.
  void report(const std::vector<unsigned>& flags) {
    mount(medium(0));
    for (const unsigned flag : flags) {
      ASSERT_EQ(ntms_emulator_set_tape_alert(emulator().handle(), 1, flag, 1), NTMS_EMULATOR_OK);
    }
    dismount(medium(0), NTMS_DISMOUNT_IMMEDIATE);
    ASSERT_TRUE(wait_until([&] { return is_in_slot(medium(0), 0); })) << picture();
  }
  std::string log() const {
    std::ifstream in(data() / "ntms.log");
    return {std::istreambuf_iterator<char>(in), {}};
  }
  bool log_has(const std::string& words) {
    return wait_until([&] { return log().find(words) != std::string::npos; });
  }
  std::string beginning() {
    return text(rsm().get(library()).szName) + ": Drive 1 reports after " + robot().bar_code(0);
  }
  void start_with_one_drive() { ASSERT_NO_FATAL_FAILURE(start({.drives = 1, .ports = 1})); }
};

TEST_F(DriveReport, NothingToReportNothingSaid) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_drive());
  report({});
  EXPECT_TRUE(service_requests().empty());
  EXPECT_EQ(log().find("reports"), std::string::npos);
}

TEST_F(DriveReport, WhatIsGoodToKnowIsLogged) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_drive());
  report({1, 19, 62});
  EXPECT_TRUE(log_has(beginning() +
                      ": TapeAlert 1, reading is difficult; TapeAlert 19, the cartridge is nearly "
                      "worn out; TapeAlert 62\n"))
      << log();
  EXPECT_TRUE(service_requests().empty());
}

TEST_F(DriveReport, WhatNeedsAPersonIsAskedOfTheOperator) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_drive());
  report({4, 6, 30});
  const std::string said = beginning() +
                           ": TapeAlert 4, the cartridge is faulty; TapeAlert 6, writing failed; "
                           "TapeAlert 30, the drive has a hardware fault and must be reset";
  EXPECT_TRUE(log_has(said + "\n")) << log();
  ASSERT_EQ(service_requests().size(), 1U);
  EXPECT_EQ(text(service_requests()[0].szMessage), said);
  EXPECT_EQ(service_requests()[0].Arg1Type, DWORD{NTMS_DRIVE});
  EXPECT_EQ(Id(service_requests()[0].Arg1), drive_id(0));

  report({4, 6, 30});
  EXPECT_EQ(service_requests().size(), 1U) << "the same again is asked once";
  report({31});
  EXPECT_EQ(service_requests().size(), 2U);
}

// A drive that is mounted again has nothing left to say: flags are reported once.
TEST_F(DriveReport, IsGivenOnce) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_drive());
  report({55});
  ASSERT_EQ(service_requests().size(), 1U);
  for (const Id& id : rsm().list(NTMS_OPREQUEST)) {
    ASSERT_EQ(SatisfyNtmsOperatorRequest(session(), Id(id).get()), ERROR_SUCCESS);
  }
  report({});
  EXPECT_TRUE(service_requests().empty());
}

TEST_F(DriveReport, ADriveThatAsksToBeCleanedIsNamed) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_drive());
  report({20});
  EXPECT_TRUE(log_has(beginning() + ": TapeAlert 20, the drive must be cleaned now\n")) << log();
  ASSERT_TRUE(wait_until([&] { return cleaner_requests().size() == 1; })) << picture();
  EXPECT_EQ(text(cleaner_requests()[0].szMessage),
            "Drive 1 of " + text(rsm().get(library()).szName) +
                " asks to be cleaned; please put in a cleaner cartridge.");
}

TEST_F(DriveReport, ADriveWithoutTapeAlertWorks) {
  ASSERT_NO_FATAL_FAILURE(start_with_one_drive());
  ntms_emulator_fault fault{};
  fault.size = sizeof fault;
  fault.lun = 1;
  fault.opcode = 0x4D;  // LOG SENSE
  fault.kind = NTMS_EMULATOR_FAIL_BEFORE;
  fault.times = NTMS_EMULATOR_UNTIL_CLEARED;
  fault.sense_key = 5;
  fault.asc = 0x20;
  ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
  report({30});
  EXPECT_TRUE(service_requests().empty());
}

}  // namespace
}  // namespace ntms::conformance
