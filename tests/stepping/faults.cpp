// SPDX-License-Identifier: MIT
#include "stepping/faults.h"

#include <cstdio>

namespace ntms::stepping {
namespace {

constexpr std::uint8_t kMoveMedium = 0xA5;
constexpr std::uint8_t kExchangeMedium = 0xA6;
constexpr std::uint8_t kLoadUnload = 0x1B;

// Sense data of any device (SPC): becoming ready, out of order, attentions, aborted, refused.
constexpr Failure kAnywhere[] = {
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x04, 0x00},  // not ready, no cause given
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x04, 0x01},  // becoming ready
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x04, 0x01, 3},
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x04, 0x03},  // a person is needed
    {NTMS_EMULATOR_FAIL_BEFORE, 0x04, 0x44, 0x00},  // internal failure
    {NTMS_EMULATOR_FAIL_AFTER, 0x04, 0x44, 0x00},
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x20, 0x00},  // unknown command
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x24, 0x00},  // invalid field
    {NTMS_EMULATOR_FAIL_BEFORE, 0x06, 0x28, 0x00},  // media may have changed
    {NTMS_EMULATOR_FAIL_BEFORE, 0x06, 0x29, 0x00},  // reset
    {NTMS_EMULATOR_FAIL_BEFORE, 0x06, 0x29, 0x00, 3},
    {NTMS_EMULATOR_FAIL_BEFORE, 0x0B, 0x00, 0x00},  // aborted
    {NTMS_EMULATOR_FAIL_AFTER, 0x0B, 0x00, 0x00},
    {NTMS_EMULATOR_TIMEOUT_BEFORE, 0, 0, 0},
    {NTMS_EMULATOR_TIMEOUT_AFTER, 0, 0, 0},
    {NTMS_EMULATOR_LINK_LOST_BEFORE, 0, 0, 0},
    {NTMS_EMULATOR_LINK_LOST_AFTER, 0, 0, 0},
    {NTMS_EMULATOR_BUSY, 0, 0, 0},
    {NTMS_EMULATOR_RESERVATION_CONFLICT, 0, 0, 0},
};

// Of changers (SMC).
constexpr Failure kChanger[] = {
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x04, 0x85},  // paused, as libraries of IBM say it
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x5A, 0x01},  // an operator wants media removed
    {NTMS_EMULATOR_FAIL_BEFORE, 0x06, 0x28, 0x01},  // import/export element accessed
};

// Of motions.
constexpr Failure kMotion[] = {
    {NTMS_EMULATOR_FAIL_BEFORE, 0x04, 0x15, 0x01},  // mechanical positioning error
    {NTMS_EMULATOR_FAIL_AFTER, 0x04, 0x15, 0x01},
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x21, 0x01},  // invalid element address
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x3B, 0x0D},  // destination full
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x3B, 0x0E},  // source empty
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x3B, 0x11},  // magazine not accessible
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x3B, 0x12},  // magazine removed
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x3B, 0x1A},  // data transfer element removed
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x53, 0x00},  // the drive does not let go of it
    {NTMS_EMULATOR_FAIL_BEFORE, 0x05, 0x53, 0x02},  // removal prevented
    {NTMS_EMULATOR_TORN, 0x04, 0x15, 0x01},         // left in the arm
};

// Of drives (SSC).
constexpr Failure kDrive[] = {
    {NTMS_EMULATOR_FAIL_BEFORE, 0x02, 0x3A, 0x00},  // no medium
    {NTMS_EMULATOR_FAIL_BEFORE, 0x03, 0x11, 0x00},  // unrecovered read error
    {NTMS_EMULATOR_FAIL_BEFORE, 0x03, 0x30, 0x00},  // incompatible medium
    {NTMS_EMULATOR_FAIL_BEFORE, 0x03, 0x53, 0x00},  // load or eject failed
};

template <std::size_t N>
void append(std::vector<Failure>& all, const Failure (&some)[N]) {
  all.insert(all.end(), std::begin(some), std::end(some));
}

}  // namespace

std::vector<Failure> failures_of(std::uint32_t lun, std::uint8_t opcode) {
  std::vector<Failure> all;
  append(all, kAnywhere);
  if (lun == 0) append(all, kChanger);
  if (lun == 0 && (opcode == kMoveMedium || opcode == kExchangeMedium)) append(all, kMotion);
  if (lun != 0) append(all, kDrive);
  if (lun != 0 && opcode == kLoadUnload) {
    all.push_back({NTMS_EMULATOR_FAIL_AFTER, 0x03, 0x53, 0x00});
  }
  return all;
}

std::string describe(const Failure& failure) {
  const char* kind = "";
  switch (failure.kind) {
    case NTMS_EMULATOR_FAIL_BEFORE:
      kind = "not carried out";
      break;
    case NTMS_EMULATOR_FAIL_AFTER:
      kind = "carried out";
      break;
    case NTMS_EMULATOR_TORN:
      kind = "left in the arm";
      break;
    case NTMS_EMULATOR_TIMEOUT_BEFORE:
      return "time-out, not carried out";
    case NTMS_EMULATOR_TIMEOUT_AFTER:
      return "time-out, carried out";
    case NTMS_EMULATOR_LINK_LOST_BEFORE:
      return "link lost, not carried out";
    case NTMS_EMULATOR_LINK_LOST_AFTER:
      return "link lost, carried out";
    case NTMS_EMULATOR_BUSY:
      return "BUSY";
    case NTMS_EMULATOR_RESERVATION_CONFLICT:
      return "RESERVATION CONFLICT";
    default:
      return "?";
  }
  char text[96];
  std::snprintf(text, sizeof text, "check condition %02X/%02X/%02X, %s, %u times", failure.key,
                failure.asc, failure.ascq, kind, failure.times);
  return text;
}

}  // namespace ntms::stepping
