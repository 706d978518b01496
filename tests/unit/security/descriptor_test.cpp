// SPDX-License-Identifier: MIT
// Security descriptors: taken apart and put together, and everything that is no descriptor refused.
#include "security/descriptor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "ntms/win32_types.h"
#include "platform/sid.h"

namespace ntms::security {
namespace {

using Bytes = std::vector<std::uint8_t>;
using platform::Sid;

Bytes bytes_of(ByteView view) {
  return {view.begin(), view.end()};
}

const Sid kOwner = platform::posix_user(1000);
const Sid kGroup = platform::posix_group(100);

Bytes simple_acl() {
  AclBuilder builder;
  builder.allow(7, kOwner);
  builder.allow(1, platform::everyone());
  return *builder.take();
}

Bytes simple_descriptor() {
  const Bytes dacl = simple_acl();
  return build(
      {.control = kDaclPresent, .owner = kOwner, .group = kGroup, .sacl = {}, .dacl = dacl});
}

// A parse of exactly these bytes, from memory that has nothing behind them.
bool is_descriptor(const Bytes& bytes) {
  const auto exact = std::make_unique<std::uint8_t[]>(bytes.size());
  std::copy(bytes.begin(), bytes.end(), exact.get());
  return parse(ByteView(exact.get(), bytes.size())).has_value();
}

TEST(Descriptor, PartsComeBack) {
  const Bytes stored = simple_descriptor();
  const auto parts = parse(stored);
  ASSERT_TRUE(parts);
  EXPECT_EQ(bytes_of(parts->owner), kOwner);
  EXPECT_EQ(bytes_of(parts->group), kGroup);
  EXPECT_TRUE(parts->has_dacl());
  EXPECT_EQ(bytes_of(parts->dacl), simple_acl());
  EXPECT_FALSE(parts->has_sacl());
  EXPECT_EQ(build(*parts), stored);
}

TEST(Descriptor, LayoutIsThatOfWindows) {
  const Bytes stored = simple_descriptor();
  SECURITY_DESCRIPTOR_RELATIVE head{};
  std::memcpy(&head, stored.data(), sizeof head);
  EXPECT_EQ(head.Revision, 1);
  EXPECT_EQ(head.Control, SE_SELF_RELATIVE | SE_DACL_PRESENT);
  EXPECT_EQ(head.Owner, 20U);
  EXPECT_EQ(head.Group, 20U + 16U);
  EXPECT_EQ(head.Sacl, 0U);
  EXPECT_EQ(head.Dacl, 20U + 32U);
  EXPECT_EQ(kOwner, (Sid{1, 2, 0, 0, 0, 0, 0, 22, 1, 0, 0, 0, 0xE8, 3, 0, 0}));
  EXPECT_EQ(simple_acl(),
            (Bytes{2, 0, 52, 0, 2, 0, 0, 0,                                                      //
                   0, 0, 24, 0, 7, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 22, 1, 0, 0, 0, 0xE8, 3, 0, 0,  //
                   0, 0, 20, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1,  0, 0, 0, 0}));
}

TEST(Descriptor, NullAndEmptyListsDiffer) {
  const Bytes null_dacl =
      build({.control = kDaclPresent, .owner = {}, .group = {}, .sacl = {}, .dacl = {}});
  const auto null_parts = parse(null_dacl);
  ASSERT_TRUE(null_parts);
  EXPECT_TRUE(null_parts->has_dacl());
  EXPECT_TRUE(null_parts->dacl.empty());

  const Bytes nothing = *AclBuilder().take();
  const Bytes empty_dacl =
      build({.control = kDaclPresent, .owner = {}, .group = {}, .sacl = {}, .dacl = nothing});
  const auto empty_parts = parse(empty_dacl);
  ASSERT_TRUE(empty_parts);
  EXPECT_EQ(empty_parts->dacl.size(), 8U);

  const Bytes none = build({});
  EXPECT_FALSE(parse(none)->has_dacl());
}

TEST(Descriptor, EveryCutIsRefused) {
  const Bytes whole = simple_descriptor();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_FALSE(is_descriptor(Bytes(whole.begin(), whole.begin() + static_cast<long>(size))))
        << size;
  }
  EXPECT_TRUE(is_descriptor(whole));
}

// Whatever a single byte becomes, nothing outside is read (the sanitizers watch) and what is
// accepted can be put together again.
TEST(Descriptor, AnyByteMayBeWrong) {
  const Bytes whole = simple_descriptor();
  for (std::size_t at = 0; at < whole.size(); ++at) {
    for (unsigned value = 0; value < 256; ++value) {
      Bytes changed = whole;
      changed[at] = static_cast<std::uint8_t>(value);
      const auto exact = std::make_unique<std::uint8_t[]>(changed.size());
      std::memcpy(exact.get(), changed.data(), changed.size());
      const auto parts = parse(ByteView(exact.get(), changed.size()));
      if (!parts) continue;
      unsigned entries = 0;
      for_each_entry(parts->dacl, [&](const Entry&) { return ++entries < 70000; });
      EXPECT_LT(entries, 70000U);
      EXPECT_TRUE(is_descriptor(build(*parts)));
    }
  }
}

struct Change {
  const char* what;
  std::size_t at;
  std::uint8_t value;
};

class Malformed : public ::testing::TestWithParam<Change> {};

TEST_P(Malformed, IsRefused) {
  Bytes bytes = simple_descriptor();
  bytes.at(GetParam().at) = GetParam().value;
  EXPECT_FALSE(is_descriptor(bytes));
}

constexpr std::size_t kOwnerAt = 20;
constexpr std::size_t kDaclAt = 52;
constexpr std::size_t kFirstAt = kDaclAt + 8;

INSTANTIATE_TEST_SUITE_P(
    Each, Malformed,
    ::testing::Values(Change{"revision", 0, 2}, Change{"not_self_relative", 3, 0},
                      Change{"owner_in_the_head", 4, 4}, Change{"owner_outside", 5, 0xFF},
                      Change{"owner_revision", kOwnerAt, 0},
                      Change{"owner_with_too_many_parts", kOwnerAt + 1, 16},
                      Change{"acl_revision", kDaclAt, 1}, Change{"acl_revision_above", kDaclAt, 5},
                      Change{"acl_smaller_than_its_head", kDaclAt + 2, 7},
                      Change{"acl_larger_than_the_rest", kDaclAt + 2, 53},
                      Change{"acl_with_more_entries_than_room", kDaclAt + 4, 3},
                      Change{"entry_without_room_for_itself", kFirstAt + 2, 0},
                      Change{"entry_of_odd_size", kFirstAt + 2, 25},
                      Change{"entry_larger_than_the_list", kFirstAt + 2, 48},
                      Change{"entry_whose_sid_is_none", kFirstAt + 8, 2},
                      Change{"entry_whose_sid_is_larger", kFirstAt + 9, 3},
                      Change{"offset_of_the_dacl_outside", 17, 1}),
    [](const auto& test) { return std::string(test.param.what); });

// Absolute descriptors of callers: pointers instead of offsets.
TEST(Descriptor, AbsoluteOfACaller) {
  const Bytes dacl = simple_acl();
  struct Absolute {
    std::uint8_t revision = 1;
    std::uint8_t reserved = 0;
    std::uint16_t control = kDaclPresent;
    const void* owner = nullptr;
    const void* group = nullptr;
    const void* sacl = nullptr;
    const void* dacl = nullptr;
  } absolute;
  absolute.owner = kOwner.data();
  absolute.group = kGroup.data();
  absolute.dacl = dacl.data();
  const auto parts = parse_callers(&absolute);
  ASSERT_TRUE(parts);
  EXPECT_EQ(build(*parts), simple_descriptor());

  const Bytes relative = simple_descriptor();
  ASSERT_TRUE(parse_callers(relative.data()));
  EXPECT_EQ(build(*parse_callers(relative.data())), relative);

  absolute.revision = 3;
  EXPECT_FALSE(parse_callers(&absolute));
  absolute.revision = 1;
  Sid broken = kOwner;
  broken[0] = 9;
  absolute.owner = broken.data();
  EXPECT_FALSE(parse_callers(&absolute));
  absolute.owner = kOwner.data();
  Bytes broken_list = dacl;
  broken_list[0] = 0;
  absolute.dacl = broken_list.data();
  EXPECT_FALSE(parse_callers(&absolute));
}

TEST(Descriptor, CopiedEntriesAreEffective) {
  Bytes parent = simple_acl();
  parent[8 + 1] = kInheritOnly | 0x02;
  AclBuilder builder;
  builder.add_all(parent);
  builder.allow(4, kGroup);
  const Bytes acl = *builder.take();
  std::vector<Entry> entries;
  for_each_entry(acl, [&](const Entry& entry) {
    entries.push_back(entry);
    return true;
  });
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].flags, 0x02);
  EXPECT_EQ(entries[0].mask, 7U);
  EXPECT_EQ(bytes_of(entries[1].sid), platform::everyone());
  EXPECT_EQ(bytes_of(entries[2].sid), kGroup);
}

TEST(Descriptor, ListsHaveAnEnd) {
  AclBuilder builder;
  for (int i = 0; i < 2730; ++i) builder.allow(1, kOwner);
  ASSERT_TRUE(AclBuilder(builder).take());
  builder.allow(1, kOwner);
  const auto taken = builder.take();
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, static_cast<std::uint32_t>(ERROR_INVALID_PARAMETER));
}

}  // namespace
}  // namespace ntms::security
