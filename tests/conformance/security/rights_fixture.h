// SPDX-License-Identifier: MIT
// A user who has rights to the guards and to nothing else: each call with every right but one, and
// with exactly those it needs (contract: security 6 and 7).
#pragma once

#ifndef _WIN32  // there is no second user to become
#include <functional>
#include <ostream>
#include <string>
#include <vector>

#include "conformance/security/security_fixture.h"
#include "support/system.h"

namespace ntms::conformance {

// The objects that carry descriptors, in the library of RightsTest.
enum class Guard { computer, library, offline, root, app, other, container, spare, import, free };

// A right that a call needs.
struct Need {
  Guard guard;
  DWORD rights;
};

class RightsTest : public SecurityTest {
 protected:
  static constexpr unsigned kUser = 65534;

  // Four cartridges; the application pools App, Other, Spare and, for pools, Container.
  void prepare() {
    if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
    ASSERT_NO_FATAL_FAILURE(
        start_media({.slots = 6, .drives = 2, .ports = 1, .media = 4, .doors = 1}));
    other_ = created(NTMS_W("\\Other"));
    spare_ = created(NTMS_W("\\Spare"));
    container_ = container(NTMS_W("\\Container"));
    root_ = root_pool();
    computer_ = computer();
    offline_ = offline_library();
    drive_ = drive(0).ObjectGuid;
    ASSERT_FALSE(HasFailure());
    ASSERT_TRUE(wait_for_quiet());
    open_to_everybody();
  }

 public:
  Id id_of(Guard guard) {
    switch (guard) {
      case Guard::computer:
        return computer_;
      case Guard::library:
        return library();
      case Guard::offline:
        return offline_;
      case Guard::root:
        return root_;
      case Guard::app:
        return app();
      case Guard::other:
        return other_;
      case Guard::container:
        return container_;
      case Guard::spare:
        return spare_;
      case Guard::import:
        return import_pool();
      default:
        return free_pool();
    }
  }

  Id drive_id() const { return drive_; }

  // Gives the user these rights, and nobody anything else.
  void grant(Guard guard, DWORD rights) {
    const std::vector<Ace> entries =
        rights == 0 ? std::vector<Ace>{} : std::vector<Ace>{allow(rights, posix_user(kUser))};
    ASSERT_EQ(set_dacl(id_of(guard), entries), ERROR_SUCCESS);
  }
  void grant_everywhere(DWORD rights) {
    for (int guard = 0; guard <= static_cast<int>(Guard::free); ++guard) {
      ASSERT_NO_FATAL_FAILURE(grant(static_cast<Guard>(guard), rights));
    }
  }

  DWORD call_as_user(const std::function<DWORD()>& call) const {
    const test::AsUser user(kUser);
    return call();
  }

  // Denied without any one of the rights, with all others: nothing changes. Let through with just
  // these: then its code is `expected`.
  void expect_needs(const std::vector<Need>& needs, const std::function<DWORD()>& call,
                    DWORD expected) {
    constexpr DWORD kEverything = kFull | WRITE_OWNER;
    for (const Need& need : needs) {
      for (DWORD right = 1; right != 0; right <<= 1) {
        if ((need.rights & right) == 0) continue;
        ASSERT_NO_FATAL_FAILURE(grant_everywhere(kEverything));
        ASSERT_NO_FATAL_FAILURE(grant(need.guard, kEverything & ~right));
        const long long last = last_change();
        EXPECT_EQ(call_as_user(call), ERROR_ACCESS_DENIED)
            << "guard " << static_cast<int>(need.guard) << " right " << right;
        EXPECT_EQ(last_change(), last) << describe(changes(last));
      }
    }
    ASSERT_NO_FATAL_FAILURE(grant_everywhere(0));
    for (const Need& need : needs) ASSERT_NO_FATAL_FAILURE(grant(need.guard, need.rights));
    EXPECT_EQ(call_as_user(call), expected) << "with exactly the rights";
  }

 private:
  Id other_;
  Id spare_;
  Id container_;
  Id root_;
  Id computer_;
  Id offline_;
  Id drive_;
};

}  // namespace ntms::conformance
#endif
