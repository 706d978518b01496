// SPDX-License-Identifier: MIT
// Buffers of callers between guards, and the contract's sizes, for the tests of the object codec.
#pragma once

#include "ntmsapi/object_codec.h"

#include <gtest/gtest.h>
#ifdef _WIN32
#include <windows.h>
// After <windows.h>, which it needs: device and media types.
#include <winioctl.h>
#endif

#include <algorithm>
#include <cstring>
#include <numeric>
#include <string>
#include <type_traits>
#include <vector>

#include "server/object_types.h"

namespace ntms::abi::test {

// The sizes of the contract's tables, by object type.
struct Sizes {
  std::uint32_t type;
  std::uint32_t ansi;
  std::uint32_t wide;
};
inline constexpr Sizes kSmallest[] = {
    {NTMS_CHANGER, 428, 748},       {NTMS_CHANGER_TYPE, 516, 964}, {NTMS_COMPUTER, 276, 468},
    {NTMS_DRIVE, 488, 808},         {NTMS_DRIVE_TYPE, 520, 968},   {NTMS_IEDOOR, 284, 476},
    {NTMS_IEPORT, 288, 480},        {NTMS_LIBRARY, 384, 576},      {NTMS_LIBREQUEST, 596, 980},
    {NTMS_LOGICAL_MEDIA, 276, 468}, {NTMS_MEDIA_POOL, 316, 508},   {NTMS_MEDIA_TYPE, 272, 464},
    {NTMS_OPREQUEST, 768, 1408},    {NTMS_PARTITION, 896, 1408},   {NTMS_PHYSICAL_MEDIA, 472, 760},
    {NTMS_STORAGESLOT, 280, 472}};

template <class Charset>
inline constexpr bool kIsAnsi = std::is_same_v<Charset, Ansi>;
template <class Charset>
inline constexpr std::uint32_t kFirstTotal = kIsAnsi<Charset> ? 884 : 1396;
template <class Charset>
inline constexpr std::uint32_t kCurrentTotal = kIsAnsi<Charset> ? 896 : 1408;

template <class Charset>
std::uint32_t smallest(const Sizes& sizes) {
  return kIsAnsi<Charset> ? sizes.ansi : sizes.wide;
}

inline Guid id(std::uint8_t number) {
  Guid guid;
  guid.bytes.fill(number);
  return guid;
}

inline Guid guid_of(const GUID& value) {
  Guid guid;
  std::memcpy(guid.bytes.data(), &value, sizeof value);
  return guid;
}

template <class Character, std::size_t N>
std::string text(const Character (&value)[N]) {
  std::string out;
  for (std::size_t i = 0; i < N && value[i] != 0; ++i) out += static_cast<char>(value[i]);
  return out;
}

// An object of a type, otherwise as new.
inline server::ObjectView view_of(std::uint32_t type) {
  server::ObjectView view;
  view.type = type;
  server::with_object_type(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    T object;
    object.id = id(1);
    object.created = 1'700'000'000'123'456;  // 2023-11-14 22:13:20.123, a Tuesday
    object.operational_state = NTMS_NEEDS_SERVICE;
    object.enabled = false;
    object.name = "name";
    object.description = "description";
    view.object = std::move(object);
    return 0;
  });
  return view;
}

// A caller's buffer between guards, not aligned to anything.
class Buffer {
 public:
  explicit Buffer(std::size_t size) : bytes_(kGuard + std::max<std::size_t>(size, 8) + kGuard) {
    std::iota(bytes_.begin(), bytes_.end(), std::uint8_t{1});
    before_ = bytes_;
  }
  Buffer(std::uint32_t size, std::uint32_t type) : Buffer(size) { state(size, type); }

  void state(std::uint32_t size, std::uint32_t type) {
    std::memcpy(data(), &size, 4);
    std::memcpy(data() + 4, &type, 4);
    before_ = bytes_;
  }
  std::uint8_t* data() { return bytes_.data() + kGuard; }

  // Whether every byte from `offset` on, and every byte before the buffer, is as it was.
  bool untouched_from(std::size_t offset) const {
    const auto guard = static_cast<std::ptrdiff_t>(kGuard);
    const auto start = static_cast<std::ptrdiff_t>(kGuard + offset);
    return std::equal(bytes_.begin(), bytes_.begin() + guard, before_.begin()) &&
           std::equal(bytes_.begin() + start, bytes_.end(), before_.begin() + start);
  }

  template <class I>
  I as() {
    I out;
    std::memset(&out, 0, sizeof out);
    std::memcpy(&out, data(), std::min(sizeof out, bytes_.size() - 2 * kGuard));
    return out;
  }
  template <class I>
  void put(const I& value) {
    std::memcpy(data(), &value, sizeof value);
    before_ = bytes_;
  }

 private:
  static constexpr std::size_t kGuard = 33;
  std::vector<std::uint8_t> bytes_;
  std::vector<std::uint8_t> before_;
};

template <class Charset>
class ObjectCodecTest : public ::testing::Test {
 protected:
  using Current = typename Charset::Current;
  using First = typename Charset::First;

  // What a caller of this size sees of an object.
  template <class I>
  I seen(const server::ObjectView& view) {
    Buffer buffer(sizeof(I), view.type);
    const auto layout = choose_layout<Charset>(sizeof(I), view.type);
    EXPECT_TRUE(layout);
    encode<Charset>(view, *layout, buffer.data());
    return buffer.as<I>();
  }

  template <class I>
  Result<server::WritableMembers> read(const I& in, std::uint32_t type) {
    Buffer buffer(sizeof(I));
    buffer.put(in);
    const auto layout = choose_layout<Charset>(sizeof(I), type);
    EXPECT_TRUE(layout);
    return decode<Charset>(buffer.data(), *layout, type);
  }
};

using Charsets = ::testing::Types<Ansi, Wide>;
}  // namespace ntms::abi::test
