// SPDX-License-Identifier: MIT
#include "scsi/tape_alert.h"

#include <algorithm>
#include <array>

namespace ntms::scsi {
namespace {

// By the numbers of the flags. Those of changers that also were drives (40 to 46) are obsolete.
constexpr std::array<TapeAlertMeaning, kTapeAlertFlags + 1> kMeanings{{
    {},
    {"reading is difficult", TapeAlertNeed::nothing},
    {"writing is difficult", TapeAlertNeed::nothing},
    {"an error that cannot be corrected", TapeAlertNeed::nothing},
    {"the cartridge is faulty", TapeAlertNeed::person},
    {"reading failed", TapeAlertNeed::person},
    {"writing failed", TapeAlertNeed::person},
    {"the cartridge is worn out", TapeAlertNeed::person},
    {"the cartridge is not of data grade", TapeAlertNeed::nothing},
    {"the cartridge is write protected", TapeAlertNeed::nothing},
    {"the cartridge cannot be taken out while the drive is in use", TapeAlertNeed::nothing},
    {"the cartridge is for cleaning", TapeAlertNeed::nothing},
    {"the format of the cartridge is not supported", TapeAlertNeed::nothing},
    {"the tape is broken, and can be taken out", TapeAlertNeed::person},
    {"the tape is broken, and cannot be taken out", TapeAlertNeed::person},
    {"the memory in the cartridge is faulty", TapeAlertNeed::nothing},
    {"the cartridge was taken out by force", TapeAlertNeed::nothing},
    {"the cartridge can only be read", TapeAlertNeed::nothing},
    {"the directory on the tape is damaged", TapeAlertNeed::nothing},
    {"the cartridge is nearly worn out", TapeAlertNeed::nothing},
    {"the drive must be cleaned now", TapeAlertNeed::cleaning},
    {"the drive is to be cleaned soon", TapeAlertNeed::cleaning},
    {"the cleaner cartridge is used up", TapeAlertNeed::cleaning},
    {"the cleaner cartridge is not one for this drive", TapeAlertNeed::cleaning},
    {"the tape is to be retensioned", TapeAlertNeed::nothing},
    {"one of the drive's ports has failed", TapeAlertNeed::nothing},
    {"a fan of the drive has failed", TapeAlertNeed::person},
    {"a power supply has failed", TapeAlertNeed::person},
    {"the drive takes too much power", TapeAlertNeed::nothing},
    {"maintenance of the drive is due", TapeAlertNeed::nothing},
    {"the drive has a hardware fault and must be reset", TapeAlertNeed::person},
    {"the drive has a hardware fault", TapeAlertNeed::person},
    {"the drive has trouble with its interface", TapeAlertNeed::nothing},
    {"the cartridge is to be taken out and put in again", TapeAlertNeed::nothing},
    {"loading the firmware failed", TapeAlertNeed::nothing},
    {"the humidity is outside the limits", TapeAlertNeed::nothing},
    {"the temperature is outside the limits", TapeAlertNeed::nothing},
    {"the voltage is outside the limits", TapeAlertNeed::nothing},
    {"the drive is going to fail", TapeAlertNeed::person},
    {"the drive is to be tested", TapeAlertNeed::person},
    {"the changer has a hardware fault", TapeAlertNeed::nothing},
    {"a cartridge was left in the changer", TapeAlertNeed::nothing},
    {"the changer has trouble with its mechanism", TapeAlertNeed::nothing},
    {"a door of the changer is open", TapeAlertNeed::nothing},
    {"the changer's mechanism has failed", TapeAlertNeed::nothing},
    {"a magazine is missing", TapeAlertNeed::nothing},
    {"the changer is going to fail", TapeAlertNeed::nothing},
    {},
    {},
    {},
    {"the statistics on the tape are lost", TapeAlertNeed::nothing},
    {"the directory on the tape was damaged at the unload", TapeAlertNeed::nothing},
    {"the tape's system area cannot be written", TapeAlertNeed::person},
    {"the tape's system area cannot be read", TapeAlertNeed::person},
    {"the start of the data was not found", TapeAlertNeed::person},
    {"the cartridge cannot be loaded", TapeAlertNeed::person},
    {"the cartridge cannot be unloaded", TapeAlertNeed::person},
    {"the drive's connection to the library has failed", TapeAlertNeed::person},
    {"the drive's firmware has failed", TapeAlertNeed::person},
    {"the cartridge that can be written once was tampered with", TapeAlertNeed::nothing},
    {"a cartridge that can be written once was to be overwritten", TapeAlertNeed::nothing},
    {"the rules for encryption were violated", TapeAlertNeed::nothing},
    {},
    {},
    {},
}};

}  // namespace

TapeAlertMeaning tape_alert_meaning(std::size_t flag) {
  return flag < kMeanings.size() ? kMeanings.at(flag) : TapeAlertMeaning{};
}

std::string describe(const TapeAlerts& alerts, TapeAlertNeed need) {
  std::string text;
  for (std::size_t flag = 1; flag <= kTapeAlertFlags; ++flag) {
    const TapeAlertMeaning meaning = tape_alert_meaning(flag);
    if (!alerts[flag] || meaning.need != need) continue;
    if (!text.empty()) text += "; ";
    text += "TapeAlert " + std::to_string(flag);
    if (!meaning.words.empty()) text += ", " + std::string(meaning.words);
  }
  return text;
}

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
