// SPDX-License-Identifier: MIT
#include "platform/sid.h"

#include <cstring>

namespace ntms::platform {

Sid make_sid(std::uint64_t authority, std::initializer_list<std::uint32_t> sub_authorities) {
  constexpr std::size_t kHead = 8;
  Sid sid(kHead + sub_authorities.size() * sizeof(std::uint32_t));
  sid[0] = 1;
  sid[1] = static_cast<std::uint8_t>(sub_authorities.size());
  for (std::size_t i = 0; i < 6; ++i) {  // the authority is big-endian, the rest is not
    sid[kHead - 1 - i] = static_cast<std::uint8_t>(authority >> (8 * i));
  }
  std::memcpy(sid.data() + kHead, sub_authorities.begin(), sid.size() - kHead);
  return sid;
}

}  // namespace ntms::platform
