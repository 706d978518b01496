// SPDX-License-Identifier: MIT
// The rights that attributes take (contract: functions-objects 7 and 8, security 7).
#ifndef _WIN32  // there is no second user to become
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class AttributeRights : public LibraryTest {};

TEST_F(AttributeRights, Denied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  const long long last = last_change();
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
    for (const Id& id : rsm().list(type)) {
      user->write_line("attribute " + id.hex() + " 1");
      EXPECT_EQ(user->read_line(), "attribute 5") << type;
      user->write_line("attribute " + id.hex());
      EXPECT_EQ(user->read_line(), "attribute 4312") << type << ": may look, but there is none";
    }
  }
  EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(last_change(), last);
}

}  // namespace
}  // namespace ntms::conformance
#endif
