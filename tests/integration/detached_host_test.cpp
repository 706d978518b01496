// SPDX-License-Identifier: MIT
// Work that a short-lived process leaves behind is finished by the detached host (rsm host).
#include "integration/scenario.h"

namespace ntms::integration {
namespace {

class DetachedHost : public LibraryTest {
 protected:
  ~DetachedHost() override {
    // The host would end by itself after a minute of idleness; tests do not wait for that. It is
    // recognised by the data directory of this very test in its environment.
    for (const unsigned long id : hosts()) test::kill_process(id);
  }
  std::vector<unsigned long> hosts() const {
    return test::others_with_environment("NTMS_DATA", data().string());
  }
  void use_host() { test::set_environment("NTMS_RSM", test::program_beside("rsm")); }
};

TEST_F(DetachedHost, FinishesWhatAProcessLeavesBehind) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  use_host();
  Application tool(worker());
  ASSERT_EQ(tool.ask("open"), "open 0");
  const Id operation = tool.eject(robot().bar_code(0));
  ASSERT_EQ(tool.ask("close"), "close 0");
  ASSERT_EQ(tool.end(), 0);
  // Nobody has a session now. The operator sees the cartridge come out all the same.
  std::uint32_t index = 0;
  ASSERT_TRUE(wait_until([&] {
    std::uint32_t type = 0;
    return ntms_emulator_find(emulator().handle(), robot().bar_code(0).c_str(), &type, &index) ==
               NTMS_EMULATOR_OK &&
           type == NTMS_EMULATOR_PORT;
  }));
  ASSERT_TRUE(wait_until([&] {
    return ntms_emulator_port_take(emulator().handle(), index, nullptr) == NTMS_EMULATOR_OK;
  }));
  const std::string query =
      "SELECT state FROM library_request WHERE hex(guid)='" + operation.hex() + "'";
  EXPECT_TRUE(wait_until([&] { return sql(query) == std::to_string(NTMS_LM_PASSED) + "\n"; }))
      << sql("SELECT hex(guid), state, error_code, reason FROM library_request");
}

TEST_F(DetachedHost, IsNotStartedWithoutWork) {
  use_host();
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  EXPECT_TRUE(hosts().empty());
}

// The next process with a session sees the host's work and can stop it.
TEST_F(DetachedHost, ServesTheNextProcess) {
  ASSERT_NO_FATAL_FAILURE(start());
  use_host();
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  Application tool(worker());
  ASSERT_EQ(tool.ask("open"), "open 0");
  const Id operation = tool.eject(robot().bar_code(0));
  ASSERT_EQ(tool.ask("close"), "close 0");
  ASSERT_EQ(tool.end(), 0);
  ASSERT_TRUE(wait_until([&] { return !hosts().empty(); })) << "no host was started";
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(EjectNtmsMedia(session(), nullptr, operation.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_TRUE(is_in_slot(medium(0), 0));
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::integration
