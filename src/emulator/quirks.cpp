// SPDX-License-Identifier: MIT
#include "emulator/quirks.h"

#include <algorithm>

namespace ntms::emulator {
namespace {

constexpr std::array kNames{
    QuirkName{"short-allocation", NTMS_EMULATOR_QUIRK_SHORT_ALLOCATION},
    QuirkName{"no-device-ids", NTMS_EMULATOR_QUIRK_NO_DEVICE_IDS},
    QuirkName{"serial-device-ids", NTMS_EMULATOR_QUIRK_SERIAL_DEVICE_IDS},
    QuirkName{"tags-or-device-ids", NTMS_EMULATOR_QUIRK_TAGS_OR_DEVICE_IDS},
    QuirkName{"paused", NTMS_EMULATOR_QUIRK_PAUSED},
    QuirkName{"late-access", NTMS_EMULATOR_QUIRK_LATE_ACCESS, true},
    QuirkName{"no-access", NTMS_EMULATOR_QUIRK_NO_ACCESS},
    QuirkName{"no-mode-sense-10", NTMS_EMULATOR_QUIRK_NO_MODE_SENSE_10},
    QuirkName{"hidden-ports", NTMS_EMULATOR_QUIRK_HIDDEN_PORTS},
    QuirkName{"slow-start", NTMS_EMULATOR_QUIRK_SLOW_START, true},
    QuirkName{"short-replies", NTMS_EMULATOR_QUIRK_SHORT_REPLIES},
    QuirkName{"wrong-first-element", NTMS_EMULATOR_QUIRK_WRONG_FIRST_ELEMENT},
    QuirkName{"no-element-count", NTMS_EMULATOR_QUIRK_NO_ELEMENT_COUNT},
    QuirkName{"no-exchange", NTMS_EMULATOR_QUIRK_NO_EXCHANGE},
    QuirkName{"no-prevent", NTMS_EMULATOR_QUIRK_NO_PREVENT},
};
static_assert(kNames.size() == NTMS_EMULATOR_QUIRK_LAST);

template <class Fits>
const QuirkName* first(const Fits& fits) {
  const auto* found = std::find_if(kNames.begin(), kNames.end(), fits);
  return found == kNames.end() ? nullptr : found;
}

}  // namespace

const QuirkName* quirk_named(std::string_view name) {
  return first([&](const QuirkName& entry) { return entry.name == name; });
}

const QuirkName* quirk_numbered(std::uint32_t number) {
  return first([&](const QuirkName& entry) { return entry.number == number; });
}

Quirks::Quirks(Connection& db) {
  auto row = db.query("SELECT number, value, since FROM quirk");
  while (row.next()) {
    const auto number = static_cast<std::size_t>(row.integer(0));
    if (number < entries_.size()) entries_[number] = {row.integer(1), row.integer(2)};
  }
}

bool Quirks::lasts(std::uint32_t number, std::int64_t now) const {
  // A clock earlier than the beginning means that the machine was restarted since.
  const Entry& entry = entries_[number];
  return now >= entry.since && now < entry.since + entry.value;
}

void Quirks::set(Connection& db, std::uint32_t number, std::uint32_t value, std::int64_t now) {
  if (value == 0) {
    db.run("DELETE FROM quirk WHERE number = ?", number);
    return;
  }
  db.run("INSERT OR REPLACE INTO quirk (number, value, since) VALUES (?,?,?)", number, value, now);
  // What a changer cannot lock is not locked any more.
  if (number == NTMS_EMULATOR_QUIRK_NO_PREVENT) {
    db.run("UPDATE nexus SET prevents = 0 WHERE lun = 0");
  }
}

void Quirks::restart(Connection& db, std::uint32_t number, std::int64_t now) {
  db.run("UPDATE quirk SET since = ? WHERE number = ?", now, number);
}

}  // namespace ntms::emulator
