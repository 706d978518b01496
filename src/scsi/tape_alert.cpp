// SPDX-License-Identifier: MIT
#include "scsi/tape_alert.h"

#include <algorithm>

namespace ntms::scsi {

TapeAlerts parse_tape_alerts(Bytes page) {
  constexpr std::size_t kHeader = 4;
  constexpr std::size_t kParameterHeader = 4;
  TapeAlerts alerts;
  if (page.size() < kHeader || (page[0] & 0x3F) != kTapeAlertPage) return alerts;
  const std::size_t end = std::min(page.size(), kHeader + get_be16(page, 2));
  for (std::size_t at = kHeader; at + kParameterHeader < end;) {
    const std::size_t flag = get_be16(page, at);
    const std::size_t length = page[at + 3];
    if (length != 0 && flag >= 1 && flag <= kTapeAlertFlags) {
      alerts[flag] = (page[at + kParameterHeader] & 0x01) != 0;
    }
    at += kParameterHeader + length;
  }
  return alerts;
}

}  // namespace ntms::scsi
