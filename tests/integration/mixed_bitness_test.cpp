// SPDX-License-Identifier: MIT
// A 32-bit and a 64-bit process at one library at once (contract: concepts 20). The variable
// NTMS_OTHER_WORKER names the worker program of the other bitness.
#include <cstdlib>

#include "integration/scenario.h"

namespace ntms::integration {
namespace {

class MixedBitness : public LibraryTest {
 protected:
  // A process of the other bitness with a session.
  static Application other() {
    const char* const program = std::getenv("NTMS_OTHER_WORKER");
    if (program == nullptr) throw std::runtime_error("NTMS_OTHER_WORKER is not set");
    Application application(
        std::make_unique<test::Program>(std::vector<std::string>{std::string(program)}));
    EXPECT_EQ(application.ask("open"), "open 0");
    return application;
  }
  // The operator takes the medium of slot `index` as soon as the port lets go of it.
  bool take_when_it_comes(unsigned index) {
    return wait_until([&] {
      std::uint32_t type = 0;
      std::uint32_t place = 0;
      ntms_emulator* const library = emulator().handle();
      return ntms_emulator_find(library, robot().bar_code(index).c_str(), &type, &place) ==
                 NTMS_EMULATOR_OK &&
             type == NTMS_EMULATOR_PORT &&
             ntms_emulator_port_take(library, place, nullptr) == NTMS_EMULATOR_OK;
    });
  }
  const std::string passed_ = "await " + std::to_string(NTMS_LM_PASSED) + " 0";
};

TEST_F(MixedBitness, ThisProcessWorksForTheOther) {
  ASSERT_NO_FATAL_FAILURE(start());
  Application client = other();
  const Id operation = client.eject(robot().bar_code(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(rsm().state(operation), NTMS_LM_INPROCESS);
  take(medium(0));
  EXPECT_EQ(client.ask("await " + operation.hex()), passed_);
  EXPECT_TRUE(agree_soon());
  EXPECT_EQ(client.end(), 0);
}

TEST_F(MixedBitness, TheOtherWorksForThisProcess) {
  ASSERT_NO_FATAL_FAILURE(create());
  Application owner = other();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(owner.ask("stop " + operation.hex()), "stop 0");
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(agree_soon());
  EXPECT_EQ(owner.end(), 0);
}

TEST_F(MixedBitness, ChangesAreHeard) {
  ASSERT_NO_FATAL_FAILURE(start());
  Application listener = other();
  ASSERT_EQ(listener.ask("listen " + std::to_string(NTMS_OPREQUEST)), "listen 0");
  listener.begin("hear 20000");
  Id request;
  ASSERT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MESSAGE, NTMS_W("text"), nullptr,
                                       nullptr, request.get()),
            ERROR_SUCCESS);
  EXPECT_EQ(listener.answer(), "hear 0 " + std::to_string(NTMS_OBJ_INSERT) + " " + request.hex());
  EXPECT_EQ(listener.end(), 0);
}

TEST_F(MixedBitness, ThisProcessTakesOver) {
  ASSERT_NO_FATAL_FAILURE(create());
  Application owner = other();
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = owner.eject(robot().bar_code(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  owner.kill();
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_F(MixedBitness, TheOtherTakesOver) {
  ASSERT_NO_FATAL_FAILURE(create());
  Application owner(worker());
  ASSERT_EQ(owner.ask("open"), "open 0");
  Application successor = other();
  const Id operation = owner.eject(robot().bar_code(0));
  owner.kill();
  ASSERT_TRUE(take_when_it_comes(0));
  EXPECT_EQ(successor.ask("await " + operation.hex()), passed_);
  EXPECT_EQ(successor.end(), 0);
}

}  // namespace
}  // namespace ntms::integration
