// SPDX-License-Identifier: MIT
// The sizes and types a caller may state, and the bytes that are never touched
// (functions-objects 1).
#include "unit/ntmsapi/object_codec_fixture.h"

namespace ntms::abi::test {
namespace {

template <class Charset>
class ObjectCodecSize : public ObjectCodecTest<Charset> {};
TYPED_TEST_SUITE(ObjectCodecSize, Charsets);

TYPED_TEST(ObjectCodecSize, EverySizeOfEveryType) {
  for (const Sizes& sizes : kSmallest) {
    const std::uint32_t type = sizes.type;
    const std::uint32_t needed = smallest<TypeParam>(sizes);
    for (std::uint32_t size = 0; size <= kCurrentTotal<TypeParam> + 16; ++size) {
      SCOPED_TRACE("type " + std::to_string(type) + ", size " + std::to_string(size));
      Buffer buffer(size, type);
      const auto stated = read_stated<TypeParam>(buffer.data());
      const bool first = size == kFirstTotal<TypeParam>;
      const bool accepted = first ? type != NTMS_COMPUTER : size >= needed;
      const auto layout = choose_layout<TypeParam>(size, type);
      if (!accepted) {
        ASSERT_FALSE(layout);
        ASSERT_EQ(layout.error().code, std::uint32_t{ERROR_INVALID_PARAMETER});
        continue;
      }
      ASSERT_TRUE(stated) << stated.error().reason;
      ASSERT_EQ(stated->size, size);
      ASSERT_EQ(stated->type, type);
      ASSERT_TRUE(layout) << layout.error().reason;
      ASSERT_EQ(*layout, first ? Layout::first : Layout::current);
      encode<TypeParam>(view_of(type), *layout, buffer.data());
      ASSERT_TRUE(buffer.untouched_from(std::min(size, first ? size : needed)));
      const auto out = buffer.template as<typename TypeParam::Current>();
      ASSERT_EQ(out.dwSize, size);
      ASSERT_EQ(out.dwType, type);
      ASSERT_TRUE(decode<TypeParam>(buffer.data(), *layout, type));
    }
    ASSERT_FALSE(choose_layout<TypeParam>(needed - 1, type));
    ASSERT_TRUE(choose_layout<TypeParam>(needed, type));
    ASSERT_TRUE(choose_layout<TypeParam>(0xFFFFFFFF, type));
  }
}

TYPED_TEST(ObjectCodecSize, SizesTooSmallForAnyObjectAreRefusedWithoutReadingTheType) {
  const std::uint32_t least = kIsAnsi<TypeParam> ? 272 : 464;
  for (const std::uint32_t size : {0u, 4u, 8u, least - 1}) {
    const std::vector<std::uint32_t> exact{size};  // four bytes: reading more is seen by tools
    const auto stated = read_stated<TypeParam>(exact.data());
    ASSERT_FALSE(stated) << size;
    EXPECT_EQ(stated.error().code, std::uint32_t{ERROR_INVALID_PARAMETER});
  }
  Buffer buffer(least, NTMS_MEDIA_TYPE);
  EXPECT_TRUE(read_stated<TypeParam>(buffer.data()));
}

TYPED_TEST(ObjectCodecSize, TypesThatAreNone) {
  for (const std::uint32_t type : {1u, 18u, 19u, 20u, 0x80000000u, 0xFFFFFFFFu}) {
    Buffer buffer(kCurrentTotal<TypeParam>, type);
    const auto stated = read_stated<TypeParam>(buffer.data());
    ASSERT_FALSE(stated) << type;
    EXPECT_EQ(stated.error().code, std::uint32_t{ERROR_INVALID_PARAMETER});
  }
  Buffer buffer(kCurrentTotal<TypeParam>, NTMS_UNKNOWN);
  EXPECT_TRUE(read_stated<TypeParam>(buffer.data()));
}

}  // namespace
}  // namespace ntms::abi::test
