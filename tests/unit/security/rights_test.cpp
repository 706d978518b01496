// SPDX-License-Identifier: MIT
// The access check, generic rights and the descriptors of new objects (contract: security 2 to 5).
#include "security/rights.h"

#include <gtest/gtest.h>

#include <cstring>

namespace ntms::security {
namespace {

using Bytes = std::vector<std::uint8_t>;
using platform::Identity;
using platform::Sid;

const Sid kUser = platform::posix_user(1000);
const Sid kFriends = platform::posix_group(100);
const Sid kStranger = platform::posix_user(2000);

// A user who is in one group; the evaluation of every system is our own without a token.
Identity user() {
  Identity identity;
  identity.user = kUser;
  identity.group = kFriends;
  identity.sids = {kUser, kFriends, platform::everyone(), platform::authenticated_users()};
  return identity;
}

struct Rule {
  std::uint8_t type;
  std::uint32_t mask;
  Sid sid;
  std::uint8_t flags = 0;
};

Bytes acl_of(const std::vector<Rule>& rules) {
  AclBuilder builder;
  for (const Rule& rule : rules) builder.allow(rule.mask, rule.sid);
  Bytes acl = *builder.take();
  std::size_t at = 8;
  for (const Rule& rule : rules) {
    acl[at] = rule.type;
    acl[at + 1] = rule.flags;
    at += acl[at + 2];
  }
  return acl;
}

StoredDescriptor descriptor(const std::vector<Rule>& rules, const Sid& owner = kStranger) {
  const Bytes dacl = acl_of(rules);
  return build({.control = kDaclPresent,
                .owner = owner,
                .group = platform::local_system(),
                .sacl = {},
                .dacl = dacl});
}

Rule allow(std::uint32_t mask, const Sid& sid, std::uint8_t flags = 0) {
  return {kAccessAllowed, mask, sid, flags};
}
Rule deny(std::uint32_t mask, const Sid& sid, std::uint8_t flags = 0) {
  return {kAccessDenied, mask, sid, flags};
}

constexpr std::uint32_t kUse = NTMS_USE_ACCESS;
constexpr std::uint32_t kModify = NTMS_MODIFY_ACCESS;
constexpr std::uint32_t kControl = NTMS_CONTROL_ACCESS;

struct Case {
  const char* name;
  std::vector<Rule> rules;
  std::uint32_t wanted;
  bool granted;
};

const std::vector<Case>& cases() {
  static const std::vector<Case> all = {
      {"by_user", {allow(kUse, kUser)}, kUse, true},
      {"by_group", {allow(kUse, kFriends)}, kUse, true},
      {"by_everyone", {allow(kUse, platform::everyone())}, kUse, true},
      {"of_somebody_else", {allow(kUse, kStranger)}, kUse, false},
      {"rights_do_not_imply_each_other", {allow(kControl, kUser)}, kUse, false},
      {"control_is_one_bit", {allow(kUse | kModify, kUser)}, kControl, false},
      {"together", {allow(kUse, kUser), allow(kModify, kFriends)}, kUse | kModify, true},
      {"one_is_missing", {allow(kUse, kUser)}, kUse | kModify, false},
      {"denied_first", {deny(kUse, kFriends), allow(kUse, kUser)}, kUse, false},
      {"denied_too_late", {allow(kUse, kUser), deny(kUse, kFriends)}, kUse, true},
      {"denied_what_is_still_missing",
       {allow(kUse, kUser), deny(kModify, kUser), allow(kModify, kUser)},
       kUse | kModify,
       false},
      {"denied_something_else", {deny(kModify, kUser), allow(kUse, kUser)}, kUse, true},
      {"denied_to_somebody_else", {deny(kUse, kStranger), allow(kUse, kUser)}, kUse, true},
      {"inherit_only_allow", {allow(kUse, kUser, kInheritOnly)}, kUse, false},
      {"inherit_only_deny", {deny(kUse, kUser, kInheritOnly), allow(kUse, kUser)}, kUse, true},
      {"inherited_flag", {allow(kUse, kUser, 0x10)}, kUse, true},
      {"audit_entries_grant_nothing", {{2, kUse, kUser}}, kUse, false},
      {"empty", {}, kUse, false},
      {"read_control_is_no_use", {allow(READ_CONTROL, kUser)}, kUse, false},
  };
  return all;
}

class AccessCheck : public ::testing::TestWithParam<Case> {};

TEST_P(AccessCheck, Decides) {
  EXPECT_EQ(is_granted(descriptor(GetParam().rules), user(), GetParam().wanted),
            GetParam().granted);
}

INSTANTIATE_TEST_SUITE_P(Each, AccessCheck, ::testing::ValuesIn(cases()),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(AccessCheck, AdministratorsAreAlwaysGranted) {
  Identity administrator = user();
  administrator.is_administrator = true;
  EXPECT_TRUE(is_granted(descriptor({}), administrator, kFullAccess | WRITE_OWNER));
  EXPECT_TRUE(
      is_granted(descriptor({deny(kFullAccess, platform::everyone())}), administrator, kUse));
}

TEST(AccessCheck, OwnersReadTheDescriptorAndChangeTheDacl) {
  const auto owned = descriptor({deny(READ_CONTROL | WRITE_DAC, kUser)}, kUser);
  EXPECT_TRUE(is_granted(owned, user(), READ_CONTROL | WRITE_DAC));
  EXPECT_FALSE(is_granted(owned, user(), kUse));
  EXPECT_FALSE(is_granted(owned, user(), READ_CONTROL | kUse));
  EXPECT_FALSE(is_granted(owned, user(), WRITE_OWNER));
  EXPECT_FALSE(is_granted(descriptor({}), user(), READ_CONTROL));
}

TEST(AccessCheck, TheTakeOwnershipPrivilegeIsTheRightToChangeTheOwner) {
  Identity privileged = user();
  EXPECT_FALSE(is_granted(descriptor({}), privileged, WRITE_OWNER));
  privileged.may_take_ownership = true;
  EXPECT_TRUE(is_granted(descriptor({}), privileged, WRITE_OWNER));
  EXPECT_FALSE(is_granted(descriptor({}), privileged, WRITE_OWNER | WRITE_DAC));
}

TEST(AccessCheck, NullAndMissingDaclsGrantEverything) {
  for (const std::uint16_t control : {std::uint16_t{0}, kDaclPresent}) {
    const auto open =
        build({.control = control, .owner = kStranger, .group = kStranger, .sacl = {}, .dacl = {}});
    EXPECT_TRUE(is_granted(open, user(), kFullAccess | WRITE_OWNER)) << control;
  }
}

TEST(AccessCheck, WhatIsNoDescriptorGrantsNothing) {
  StoredDescriptor damaged = descriptor({allow(kUse, kUser)});
  damaged.pop_back();
  EXPECT_FALSE(is_granted(damaged, user(), kUse));
  EXPECT_FALSE(is_granted({}, user(), kUse));
}

TEST(AccessCheck, NobodyIsGrantedNothing) {
  EXPECT_FALSE(is_granted(default_descriptor(), Identity{}, kUse));
}

// Where the system has an access check, it decides like ours for the identity of this process.
TEST(AccessCheck, TheSystemDecidesTheSame) {
  Identity real = platform::caller_identity("no such directory");
  real.is_administrator = false;
  if (!real.token) {
    EXPECT_EQ(platform::system_access_check(real, descriptor({}), kUse), std::nullopt);
    return;
  }
  ASSERT_FALSE(real.user.empty());
  for (const Case& one : cases()) {
    std::vector<Rule> rules = one.rules;
    for (Rule& rule : rules) {
      if (rule.sid == kUser) rule.sid = real.user;
      if (rule.sid == kFriends) rule.sid = platform::everyone();
    }
    const auto stored = descriptor(rules);
    EXPECT_EQ(platform::system_access_check(real, stored, one.wanted), one.granted) << one.name;
    Identity own = real;
    own.token.reset();
    EXPECT_EQ(is_granted(stored, own, one.wanted), one.granted) << one.name;
  }
  EXPECT_EQ(platform::system_access_check(real, descriptor({}, real.user), WRITE_DAC), true);
}

TEST(GenericRights, AreThoseOfTheTable) {
  EXPECT_EQ(map_generic(GENERIC_READ), 0x00020001U);
  EXPECT_EQ(map_generic(GENERIC_WRITE), 0x00040003U);
  EXPECT_EQ(map_generic(GENERIC_EXECUTE), 0x00060007U);
  EXPECT_EQ(map_generic(GENERIC_ALL), 0x00060007U);
  EXPECT_EQ(map_generic(kUse | WRITE_OWNER), kUse | WRITE_OWNER);
  EXPECT_EQ(map_generic(GENERIC_READ | kControl), 0x00020005U);
}

TEST(DefaultDescriptor, IsThatOfTheTable) {
  const auto holder = [](const Sid& sid) {
    Identity identity;
    identity.sids = {sid};
    return identity;
  };
  const auto& stored = default_descriptor();
  constexpr std::uint32_t kOperate = kUse | kModify | kControl | READ_CONTROL;
  for (const Sid& full : {platform::administrators(), platform::local_system()}) {
    EXPECT_TRUE(is_granted(stored, holder(full), kFullAccess));
  }
  EXPECT_TRUE(is_granted(stored, holder(platform::backup_operators()), kOperate));
  EXPECT_FALSE(is_granted(stored, holder(platform::backup_operators()), WRITE_DAC));
  EXPECT_TRUE(is_granted(stored, holder(platform::authenticated_users()), kUse | READ_CONTROL));
  for (const std::uint32_t right : {kModify, kControl, std::uint32_t{WRITE_DAC}}) {
    EXPECT_FALSE(is_granted(stored, holder(platform::authenticated_users()), right)) << right;
  }
  EXPECT_FALSE(is_granted(stored, holder(platform::everyone()), kUse));
}

Identity somebody(const Sid& sid) {
  Identity identity;
  identity.sids = {sid, platform::everyone(), platform::authenticated_users()};
  return identity;
}

TEST(NewPool, AtTopLevelIsOfItsCreatorAndTheSystemOnly) {
  const auto stored = new_pool_descriptor(user(), std::nullopt, std::nullopt);
  ASSERT_TRUE(stored);
  EXPECT_TRUE(is_granted(*stored, somebody(kUser), kFullAccess));
  EXPECT_TRUE(is_granted(*stored, somebody(platform::local_system()), kFullAccess));
  EXPECT_FALSE(is_granted(*stored, somebody(kStranger), kUse));
  EXPECT_FALSE(is_granted(*stored, somebody(platform::backup_operators()), kUse));
  const auto parts = parse(*stored);
  EXPECT_EQ(Sid(parts->owner.begin(), parts->owner.end()), kUser);
  EXPECT_EQ(Sid(parts->group.begin(), parts->group.end()), kFriends);
}

TEST(NewPool, BelowAnotherInheritsItsEntries) {
  const auto parent = descriptor({deny(kModify, kUser), allow(kUse, kStranger, kInheritOnly)});
  const auto stored = new_pool_descriptor(user(), *parse(parent), std::nullopt);
  ASSERT_TRUE(stored);
  EXPECT_TRUE(is_granted(*stored, somebody(kStranger), kUse)) << "meant for what is below";
  EXPECT_TRUE(is_granted(*stored, user(), kUse | kControl | WRITE_DAC));
  EXPECT_FALSE(is_granted(*stored, user(), kModify)) << "the parent's entries come first";
}

TEST(NewPool, WhatIsGivenCounts) {
  const auto given = descriptor({allow(GENERIC_READ, kStranger)}, kUser);
  const auto stored = new_pool_descriptor(user(), std::nullopt, *parse(given));
  ASSERT_TRUE(stored);
  EXPECT_TRUE(is_granted(*stored, somebody(kStranger), kUse | READ_CONTROL));
  EXPECT_FALSE(is_granted(*stored, user(), kUse));
  EXPECT_FALSE(is_granted(*stored, somebody(platform::local_system()), kUse));
}

TEST(NewPool, WhatTheGivenOneLacksIsAdded) {
  const auto stored = new_pool_descriptor(user(), std::nullopt, Descriptor{});
  EXPECT_EQ(*stored, *new_pool_descriptor(user(), std::nullopt, std::nullopt));
}

TEST(NewPool, OthersAndAuditingTakeMore) {
  const auto code = [](const auto& result) { return result ? 0U : result.error().code; };
  const auto of_stranger = descriptor({}, kStranger);
  Identity creator = user();
  EXPECT_EQ(code(new_pool_descriptor(creator, std::nullopt, *parse(of_stranger))),
            std::uint32_t{ERROR_ACCESS_DENIED});
  const Bytes sacl = acl_of({{2, kUse, kUser}});
  const Descriptor audited{
      .control = kSaclPresent, .owner = {}, .group = {}, .sacl = sacl, .dacl = {}};
  EXPECT_EQ(code(new_pool_descriptor(creator, std::nullopt, audited)),
            std::uint32_t{ERROR_ACCESS_DENIED});
  creator.is_administrator = creator.may_audit = true;
  EXPECT_EQ(code(new_pool_descriptor(creator, std::nullopt, *parse(of_stranger))), 0U);
  EXPECT_EQ(code(new_pool_descriptor(creator, std::nullopt, audited)), 0U);
}

TEST(NewPool, AFullListOfTheParentIsRefused) {
  AclBuilder builder;
  for (int i = 0; i < 2729; ++i) builder.allow(kUse, kUser);
  const Bytes dacl = *builder.take();
  const Descriptor parent{
      .control = kDaclPresent, .owner = {}, .group = {}, .sacl = {}, .dacl = dacl};
  EXPECT_FALSE(new_pool_descriptor(user(), parent, std::nullopt));
}

TEST(Merged, ReplacesTheNamedPartsOnly) {
  const auto stored = descriptor({allow(kUse, kUser)});
  const auto from = descriptor({allow(GENERIC_ALL, kFriends)}, kUser);
  const auto dacl = merged(*parse(stored), *parse(from), DACL_SECURITY_INFORMATION);
  EXPECT_EQ(Sid(parse(dacl)->owner.begin(), parse(dacl)->owner.end()), kStranger);
  EXPECT_TRUE(is_granted(dacl, user(), kFullAccess)) << "generic rights are mapped";
  const auto owner = merged(*parse(stored), *parse(from), OWNER_SECURITY_INFORMATION);
  EXPECT_EQ(Sid(parse(owner)->owner.begin(), parse(owner)->owner.end()), kUser);
  EXPECT_FALSE(is_granted(owner, user(), kModify));
  const auto nothing = selected(*parse(stored), GROUP_SECURITY_INFORMATION);
  EXPECT_TRUE(nothing.owner.empty());
  EXPECT_FALSE(nothing.group.empty());
  EXPECT_FALSE(nothing.has_dacl());
}

}  // namespace
}  // namespace ntms::security
