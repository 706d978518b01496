// SPDX-License-Identifier: MIT
// A library that somebody has paused, as some say with 02/04/85, is waited for (concepts 10).
#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class PausedLibrary : public MovementOnEmulator {
 protected:
  void pause(bool on = true) {
    ASSERT_EQ(ntms_emulator_set_quirk(emulator().handle(), NTMS_EMULATOR_QUIRK_PAUSED, on ? 1 : 0),
              NTMS_EMULATOR_OK);
  }
  void go_on() { pause(false); }
};

TEST_F(PausedLibrary, EjectWaitsAndSaysWhy) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_NO_FATAL_FAILURE(pause());
  const Id request = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  EXPECT_NE(
      sql("SELECT reason FROM library_request WHERE guid=x'" + request.hex() + "'").find("paused"),
      std::string::npos);
  EXPECT_EQ(emulator().commands(0xA5), 0U) << "nothing is tried while it is known to be paused";
  ASSERT_NO_FATAL_FAILURE(go_on());
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_PASSED));
  EXPECT_TRUE(agree_soon());
}

TEST_F(PausedLibrary, WhatWaitsForItCanBeCancelled) {
  ASSERT_NO_FATAL_FAILURE(start({.ports = 1}));
  ASSERT_NO_FATAL_FAILURE(pause());
  Id request = start_eject(medium(0));
  ASSERT_TRUE(wait_for_state(request, NTMS_LM_WAITING));
  EXPECT_EQ(CancelNtmsLibraryRequest(session(), request.get()), ERROR_SUCCESS);
  EXPECT_TRUE(wait_for_state(request, NTMS_LM_CANCELLED));
  ASSERT_NO_FATAL_FAILURE(go_on());
  EXPECT_TRUE(agree_soon());
}

}  // namespace
}  // namespace ntms::conformance
