// SPDX-License-Identifier: MIT
#include "labels/label.h"

#include <boost/uuid/detail/md5.hpp>
#include <cstring>

#include "platform/text.h"

namespace ntms::labels {

std::string cut(const std::string& utf8, std::size_t units) {
  std::u16string text = platform::to_utf16(utf8);
  if (text.size() > units) {
    const bool inside_pair = (text[units] & 0xFC00) == 0xDC00;
    text.resize(inside_pair ? units - 1 : units);
  }
  return platform::to_utf8(text);
}

std::vector<std::uint8_t> digest(Block block) {
  boost::uuids::detail::md5 md5;
  md5.process_bytes(block.data(), block.size());
  boost::uuids::detail::md5::digest_type result;
  md5.get_digest(result);
  static_assert(sizeof result == 16);
  std::vector<std::uint8_t> bytes(sizeof result);
  std::memcpy(bytes.data(), &result, sizeof result);
  return bytes;
}

}  // namespace ntms::labels
