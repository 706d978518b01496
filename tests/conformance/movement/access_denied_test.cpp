// SPDX-License-Identifier: MIT
// A user who may only use the server brings no hands to a library (contract:
// functions-library-control 0.5).

#include "conformance/movement/movement_fixture.h"

namespace ntms::conformance {
namespace {

class AccessDenied : public MovementOnEmulator {};

#ifndef _WIN32  // there is no second user to become
TEST_F(AccessDenied, OfAnyUser) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  LibraryTest::create({.ports = 1, .doors = 1}, Robot::emulator);
  ASSERT_TRUE(robot().foreign_move(kSlot, 0, kDrive, 0));
  ASSERT_NO_FATAL_FAILURE(open());
  const Id slot_id(slot(11).ObjectGuid);
  const Id drive_id(drive(0).ObjectGuid);
  // A logical medium, for the label that is on it.
  Id pool;
  Id type(media_info(medium(1)).MediaType);
  Id side = side_of(medium(1));
  Id logical;
  sql("UPDATE side SET state=8");  // NTMS_PARTSTATE_IMPORT
  ASSERT_EQ(CreateNtmsMediaPoolW(session(), NTMS_W("\\App"), type.get(), NTMS_CREATE_NEW, nullptr,
                                 pool.get()),
            ERROR_SUCCESS);
  ASSERT_EQ(AllocateNtmsMedia(session(), pool.get(), side.get(), logical.get(), 0, 0, nullptr),
            ERROR_SUCCESS);
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  ASSERT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  for (const std::string function : {"inject", "door", "reserve", "release", "inject-cleaner",
                                     "eject-cleaner", "dismount", "identify", "label"}) {
    const Id& object = function == "dismount" ? drive_id : function == "label" ? logical : slot_id;
    user->write_line("hands " + function + " " + library().hex() + " " + object.hex());
    EXPECT_EQ(user->read_line(), "hands 5") << function;
  }
  EXPECT_TRUE(rsm().list(NTMS_LIBREQUEST).empty());
}
#endif

}  // namespace
}  // namespace ntms::conformance
