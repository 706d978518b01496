// SPDX-License-Identifier: MIT
// The writable members (functions-objects 2).
#include "unit/ntmsapi/object_codec_fixture.h"

namespace ntms::abi::test {
namespace {

template <class Charset>
class ObjectCodecDecode : public ObjectCodecTest<Charset> {};
TYPED_TEST_SUITE(ObjectCodecDecode, Charsets);

TYPED_TEST(ObjectCodecDecode, ComputerAndItsWritableMembers) {
  auto view = view_of(NTMS_COMPUTER);
  auto& computer = std::get<model::Computer>(view.object);
  computer.lib_request_purge_time = 1;
  computer.op_request_purge_time = 2;
  computer.lib_request_flags = 3;
  computer.op_request_flags = 4;
  computer.media_pool_policy = 5;
  const auto out = this->template seen<typename TypeParam::Current>(view);
  EXPECT_EQ(out.Info.Computer.dwLibRequestPurgeTime, 1u);
  EXPECT_EQ(out.Info.Computer.dwOpRequestPurgeTime, 2u);
  EXPECT_EQ(out.Info.Computer.dwLibRequestFlags, 3u);
  EXPECT_EQ(out.Info.Computer.dwOpRequestFlags, 4u);
  EXPECT_EQ(out.Info.Computer.dwMediaPoolPolicy, 5u);
  const auto members = this->read(out, NTMS_COMPUTER);
  ASSERT_TRUE(members);
  EXPECT_EQ(members->lib_request_purge_time, 1u);
  EXPECT_EQ(members->op_request_purge_time, 2u);
  EXPECT_EQ(members->lib_request_flags, 3u);
  EXPECT_EQ(members->op_request_flags, 4u);
  EXPECT_EQ(members->media_pool_policy, 5u);
}

TYPED_TEST(ObjectCodecDecode, NamesAreReadOfTypesThatCallersMayName) {
  for (const Sizes& sizes : kSmallest) {
    const auto out = this->template seen<typename TypeParam::Current>(view_of(sizes.type));
    const auto members = this->read(out, sizes.type);
    ASSERT_TRUE(members);
    EXPECT_EQ(members->description, "description");
    EXPECT_EQ(members->name.has_value(), server::has_writable_name(sizes.type)) << sizes.type;
    if (members->name.has_value()) {
      EXPECT_EQ(*members->name, "name");
    }
  }
}

TYPED_TEST(ObjectCodecDecode, TextsWithoutTerminatorAreRefusedWhereTheyWouldBeStored) {
  for (const Sizes& sizes : kSmallest) {
    auto in = this->template seen<typename TypeParam::Current>(view_of(sizes.type));
    std::fill(std::begin(in.szName), std::end(in.szName), 'x');
    auto members = this->read(in, sizes.type);
    if (server::has_writable_name(sizes.type)) {
      ASSERT_FALSE(members) << sizes.type;
      EXPECT_EQ(members.error().code, std::uint32_t{ERROR_INVALID_PARAMETER});
    } else {
      EXPECT_TRUE(members) << sizes.type;
    }
    in.szName[63] = 0;
    members = this->read(in, sizes.type);
    ASSERT_TRUE(members);
    if (members->name.has_value()) {
      EXPECT_EQ(*members->name, std::string(63, 'x'));
    }

    std::fill(std::begin(in.szDescription), std::end(in.szDescription), 'y');
    members = this->read(in, sizes.type);
    ASSERT_FALSE(members) << sizes.type;
    EXPECT_EQ(members.error().code, std::uint32_t{ERROR_INVALID_PARAMETER});
    in.szDescription[126] = 0;
    members = this->read(in, sizes.type);
    ASSERT_TRUE(members);
    EXPECT_EQ(members->description, std::string(126, 'y'));
  }
}

TYPED_TEST(ObjectCodecDecode, WritableMembersOfLibrariesByLayout) {
  auto in = this->template seen<typename TypeParam::Current>(view_of(NTMS_LIBRARY));
  in.Info.Library.InventoryMethod = 2;
  in.Info.Library.dwCleanerUsesRemaining = 3;
  in.Info.Library.AutoRecovery = -1;
  in.Info.Library.dwFlags = 0x10;
  auto members = this->read(in, NTMS_LIBRARY);
  ASSERT_TRUE(members);
  EXPECT_EQ(members->inventory_method, 2u);
  EXPECT_EQ(members->cleaner_uses, 3u);
  EXPECT_EQ(members->auto_recovery, true);
  EXPECT_EQ(members->library_flags, 0x10u);

  auto first = this->template seen<typename TypeParam::First>(view_of(NTMS_LIBRARY));
  first.Info.Library.InventoryMethod = 1;
  first.Info.Library.dwCleanerUsesRemaining = 4;
  members = this->read(first, NTMS_LIBRARY);
  ASSERT_TRUE(members);
  EXPECT_EQ(members->inventory_method, 1u);
  EXPECT_EQ(members->cleaner_uses, 4u);
  EXPECT_FALSE(members->auto_recovery.has_value());
  EXPECT_FALSE(members->library_flags.has_value());
}

TYPED_TEST(ObjectCodecDecode, WritableMembersOfDevicesAndPools) {
  auto in = this->template seen<typename TypeParam::Current>(view_of(NTMS_DRIVE));
  in.Info.Drive.dwDeferDismountDelay = 9;
  EXPECT_EQ(this->read(in, NTMS_DRIVE)->defer_dismount_delay, 9u);
  in = this->template seen<typename TypeParam::Current>(view_of(NTMS_IEDOOR));
  in.Info.IEDoor.MaxOpenSecs = 65535;
  EXPECT_EQ(this->read(in, NTMS_IEDOOR)->max_open_secs, 65535);
  in = this->template seen<typename TypeParam::Current>(view_of(NTMS_IEPORT));
  in.Info.IEPort.MaxExtendSecs = 10;
  EXPECT_EQ(this->read(in, NTMS_IEPORT)->max_extend_secs, 10);
  in = this->template seen<typename TypeParam::Current>(view_of(NTMS_MEDIA_POOL));
  std::memset(&in.Info.MediaPool.MediaType, 5, sizeof(GUID));
  in.Info.MediaPool.AllocationPolicy = 1;
  in.Info.MediaPool.DeallocationPolicy = 2;
  in.Info.MediaPool.dwMaxAllocates = 3;
  const auto pool = this->read(in, NTMS_MEDIA_POOL);
  ASSERT_TRUE(pool);
  EXPECT_EQ(pool->media_type, id(5));
  EXPECT_EQ(pool->allocation_policy, 1u);
  EXPECT_EQ(pool->deallocation_policy, 2u);
  EXPECT_EQ(pool->max_allocates, 3u);
}

TEST(ObjectCodecText, CharactersBeyondAscii) {
  auto view = view_of(NTMS_LIBRARY);
  std::get<model::Library>(view.object).name = "B\xC3\xA4nder \xF0\x9F\x93\xBC";  // U+00E4, U+1F4FC
  Buffer buffer(sizeof(NTMS_OBJECTINFORMATIONW), NTMS_LIBRARY);
  encode<Wide>(view, Layout::current, buffer.data());
  const auto out = buffer.as<NTMS_OBJECTINFORMATIONW>();
  EXPECT_EQ(out.szName[1], 0x00E4);
  EXPECT_EQ(out.szName[7], 0xD83D);
  EXPECT_EQ(out.szName[8], 0xDCFC);
  const auto members = decode<Wide>(buffer.data(), Layout::current, NTMS_LIBRARY);
  ASSERT_TRUE(members);
  EXPECT_EQ(members->name, "B\xC3\xA4nder \xF0\x9F\x93\xBC");
}

}  // namespace
}  // namespace ntms::abi::test
