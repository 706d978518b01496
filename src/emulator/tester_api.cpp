// SPDX-License-Identifier: MIT
// The C interface: counters, trace, time and faults.
#include "emulator/faults.h"
#include "emulator/handle.h"
#include "emulator/journal.h"
#include "emulator/nexus.h"
#include "emulator/quirks.h"

using namespace ntms::emulator;

int ntms_emulator_command_count(ntms_emulator* emulator, uint32_t lun, uint32_t opcode,
                                uint64_t* count) {
  if (count == nullptr || opcode > 0xFF) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    *count = Journal(view.file.db()).count(lun, opcode);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_trace_last(ntms_emulator* emulator, uint64_t* last) {
  if (last == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    *last = Journal(view.file.db()).last();
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_trace(ntms_emulator* emulator, uint64_t sequence,
                        ntms_emulator_trace_entry* entry) {
  if (entry == nullptr || entry->size != sizeof *entry || sequence > INT64_MAX) {
    return NTMS_EMULATOR_INVALID;
  }
  return looking(emulator, [&](View& view) -> int {
    return Journal(view.file.db()).read(sequence, *entry) ? NTMS_EMULATOR_OK
                                                          : NTMS_EMULATOR_NOT_FOUND;
  });
}

int ntms_emulator_set_durations(ntms_emulator* emulator, const ntms_emulator_durations* durations) {
  constexpr std::size_t kWithoutCleaning =
      (offsetof(ntms_emulator_durations, clean_ms) + alignof(ntms_emulator_durations) - 1) /
      alignof(ntms_emulator_durations) * alignof(ntms_emulator_durations);
  static_assert(kWithoutCleaning != sizeof(ntms_emulator_durations));
  if (durations == nullptr ||
      (durations->size != sizeof *durations && durations->size != kWithoutCleaning)) {
    return NTMS_EMULATOR_INVALID;
  }
  return guarded(emulator, [&](View& view) -> int {
    set_durations(view.file.db(), *durations);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_clock_now(ntms_emulator* emulator, int64_t* now) {
  if (now == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    if (!view.file.geometry().virtual_clock) return NTMS_EMULATOR_NO_CLOCK;
    *now = view.now;
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_clock_advance(ntms_emulator* emulator, int64_t milliseconds) {
  if (milliseconds < 0) return NTMS_EMULATOR_INVALID;
  return guarded(emulator, [&](View& view) -> int {
    if (!view.file.geometry().virtual_clock) return NTMS_EMULATOR_NO_CLOCK;
    if (milliseconds > INT64_MAX / 2 - view.now) return NTMS_EMULATOR_INVALID;
    view.file.db().run("UPDATE clock SET now = now + ?", milliseconds);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_clock_set(ntms_emulator* emulator, int64_t now) {
  return guarded(emulator, [&](View& view) -> int {
    if (!view.file.geometry().virtual_clock) return NTMS_EMULATOR_NO_CLOCK;
    if (now < view.now || now > INT64_MAX / 2) return NTMS_EMULATOR_INVALID;
    view.file.db().run("UPDATE clock SET now = ?", now);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_set_caller_death(ntms_emulator* emulator, uint32_t policy) {
  if (policy > NTMS_EMULATOR_MOVE_STAYS_IN_TRANSPORT) return NTMS_EMULATOR_INVALID;
  return guarded(emulator, [&](View& view) -> int {
    view.file.db().run("UPDATE setting SET caller_death = ?", policy);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_inject_fault(ntms_emulator* emulator, const ntms_emulator_fault* fault) {
  if (fault == nullptr || fault->size != sizeof *fault ||
      fault->opcode > NTMS_EMULATOR_ANY_OPCODE || fault->kind < NTMS_EMULATOR_FAIL_BEFORE ||
      fault->kind > NTMS_EMULATOR_TORN || fault->sense_key > 0x0F) {
    return NTMS_EMULATOR_INVALID;
  }
  return guarded(emulator, [&](View& view) -> int {
    Faults(view.file.db()).add(*fault);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_clear_faults(ntms_emulator* emulator) {
  return guarded(emulator, [](View& view) -> int {
    Faults(view.file.db()).clear();
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_set_online(ntms_emulator* emulator, uint32_t online) {
  return guarded(emulator, [&](View& view) -> int {
    view.file.db().run("UPDATE setting SET online = ?", online != 0);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_set_quirk(ntms_emulator* emulator, uint32_t quirk, uint32_t value) {
  if (quirk_numbered(quirk) == nullptr) return NTMS_EMULATOR_INVALID;
  return guarded(emulator, [&](View& view) -> int {
    Quirks::set(view.file.db(), quirk, value, view.now);
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_quirk(ntms_emulator* emulator, uint32_t quirk, uint32_t* value) {
  if (value == nullptr || quirk_numbered(quirk) == nullptr) return NTMS_EMULATOR_INVALID;
  return looking(emulator, [&](View& view) -> int {
    *value = static_cast<std::uint32_t>(Quirks(view.file.db()).value(quirk));
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_set_tape_alert(ntms_emulator* emulator, uint32_t lun, uint32_t flag,
                                 uint32_t on) {
  constexpr std::uint32_t kFlags = 64;
  if (flag == 0 || flag > kFlags) return NTMS_EMULATOR_INVALID;
  return guarded(emulator, [&](View& view) -> int {
    if (lun > view.file.geometry().drives) return NTMS_EMULATOR_INVALID;
    if (on != 0) {
      view.file.db().run("INSERT OR IGNORE INTO tape_alert VALUES (?, ?)", lun, flag);
    } else {
      view.file.db().run("DELETE FROM tape_alert WHERE lun = ? AND flag = ?", lun, flag);
    }
    return NTMS_EMULATOR_OK;
  });
}

int ntms_emulator_raise_attention(ntms_emulator* emulator, uint32_t lun, uint8_t asc,
                                  uint8_t ascq) {
  return guarded(emulator, [&](View& view) -> int {
    if (lun > view.file.geometry().drives) return NTMS_EMULATOR_INVALID;
    Nexuses(view.file.db()).raise_for_all(lun, {asc, ascq}, view.now);
    return NTMS_EMULATOR_OK;
  });
}
