// SPDX-License-Identifier: MIT
// Sense data and the words for it.
#include "scsi/sense.h"

#include <array>

#include "scsi/text.h"

namespace ntms::scsi {
namespace {

struct Text {
  std::uint8_t asc;
  std::uint8_t ascq;
  std::string_view text;
};

// What changers and tape drives say; the meanings are those of SPC-4 annex F.
constexpr Text kTexts[] = {
    {0x00, 0x00, "no additional information"},
    {0x00, 0x17, "cleaning requested"},
    {0x04, 0x00, "not ready, cause not reportable"},
    {0x04, 0x01, "in process of becoming ready"},
    {0x04, 0x02, "not ready, initializing command required"},
    {0x04, 0x03, "not ready, manual intervention required"},
    {0x04, 0x04, "not ready, format in progress"},
    {0x04, 0x07, "not ready, operation in progress"},
    {0x04, 0x08, "not ready, long write in progress"},
    {0x04, 0x09, "not ready, self-test in progress"},
    {0x04, 0x12, "not ready, offline"},
    {0x04, 0x85, "not ready, paused"},
    {0x08, 0x00, "logical unit communication failure"},
    {0x08, 0x01, "logical unit communication time-out"},
    {0x11, 0x00, "unrecovered read error"},
    {0x15, 0x00, "random positioning error"},
    {0x15, 0x01, "mechanical positioning error"},
    {0x1A, 0x00, "parameter list length error"},
    {0x20, 0x00, "invalid command operation code"},
    {0x21, 0x00, "logical block address out of range"},
    {0x21, 0x01, "invalid element address"},
    {0x24, 0x00, "invalid field in command descriptor block"},
    {0x25, 0x00, "logical unit not supported"},
    {0x26, 0x00, "invalid field in parameter list"},
    {0x27, 0x00, "write protected"},
    {0x28, 0x00, "not ready to ready change, medium may have changed"},
    {0x28, 0x01, "import or export element accessed"},
    {0x29, 0x00, "power on, reset, or bus device reset occurred"},
    {0x29, 0x01, "power on occurred"},
    {0x29, 0x02, "bus reset occurred"},
    {0x29, 0x03, "device reset occurred"},
    {0x29, 0x07, "nexus loss occurred"},
    {0x2A, 0x00, "parameters changed"},
    {0x2A, 0x01, "mode parameters changed"},
    {0x2A, 0x03, "reservations preempted"},
    {0x2C, 0x00, "command sequence error"},
    {0x2F, 0x00, "commands cleared by another initiator"},
    {0x30, 0x00, "incompatible medium installed"},
    {0x30, 0x03, "cleaning cartridge installed"},
    {0x30, 0x07, "cleaning failure"},
    {0x39, 0x00, "saving parameters not supported"},
    {0x3A, 0x00, "medium not present"},
    {0x3A, 0x01, "medium not present, tray closed"},
    {0x3A, 0x02, "medium not present, tray open"},
    {0x3A, 0x03, "medium not present, loadable"},
    {0x3A, 0x04, "medium not present, auxiliary memory accessible"},
    {0x3B, 0x00, "sequential positioning error"},
    {0x3B, 0x0D, "medium destination element full"},
    {0x3B, 0x0E, "medium source element empty"},
    {0x3B, 0x11, "medium magazine not accessible"},
    {0x3B, 0x12, "medium magazine removed"},
    {0x3B, 0x13, "medium magazine inserted"},
    {0x3B, 0x14, "medium magazine locked"},
    {0x3B, 0x15, "medium magazine unlocked"},
    {0x3B, 0x18, "element disabled"},
    {0x3B, 0x19, "element enabled"},
    {0x3B, 0x1A, "data transfer device removed"},
    {0x3B, 0x1B, "data transfer device inserted"},
    {0x3E, 0x00, "logical unit has not self-configured yet"},
    {0x3F, 0x01, "microcode has been changed"},
    {0x3F, 0x03, "inquiry data has changed"},
    {0x3F, 0x0E, "reported logical units have changed"},
    {0x44, 0x00, "internal target failure"},
    {0x4A, 0x00, "command phase error"},
    {0x4E, 0x00, "overlapped commands attempted"},
    {0x53, 0x00, "media load or eject failed"},
    {0x53, 0x01, "unload tape failure"},
    {0x53, 0x02, "medium removal prevented"},
    {0x53, 0x03, "medium removal prevented by the data transfer element"},
    {0x53, 0x04, "medium thread or unthread failure"},
    {0x55, 0x00, "system resource failure"},
    {0x5A, 0x00, "operator request or state change input"},
    {0x5A, 0x01, "operator medium removal request"},
    {0x5A, 0x02, "operator selected write protect"},
    {0x5A, 0x03, "operator selected write permit"},
};

constexpr std::array<std::string_view, 16> kKeys = {
    "no sense",       "recovered error", "not ready",      "medium error",
    "hardware error", "illegal request", "unit attention", "data protect",
    "blank check",    "vendor specific", "copy aborted",   "aborted command",
    "reserved",       "volume overflow", "miscompare",     "completed"};

}  // namespace

Sense parse_sense(Bytes data) {
  Sense sense;
  if (data.empty()) return sense;
  const std::uint8_t code = data[0] & 0x7F;
  const bool fixed = code == 0x70 || code == 0x71;
  const bool descriptors = code == 0x72 || code == 0x73;
  const std::size_t key_at = fixed ? 2 : 1;
  if ((!fixed && !descriptors) || data.size() <= key_at) return sense;
  sense.valid = true;
  sense.deferred = code == 0x71 || code == 0x73;
  sense.key = data[key_at] & 0x0F;
  const std::size_t asc_at = fixed ? 12 : 2;
  if (data.size() > asc_at) sense.asc = data[asc_at];
  if (data.size() > asc_at + 1) sense.ascq = data[asc_at + 1];
  return sense;
}

std::string_view sense_text(std::uint8_t asc, std::uint8_t ascq) {
  for (const Text& row : kTexts) {
    if (row.asc == asc && row.ascq == ascq) return row.text;
  }
  return {};
}

std::string to_string(const Sense& sense) {
  if (!sense.valid) return "no sense data";
  const std::uint8_t codes[] = {sense.asc, sense.ascq};
  std::string text = hex_field(Bytes(&sense.key, 1)).substr(1) + "/" + hex_field(Bytes(codes, 1)) +
                     "/" + hex_field(Bytes(codes + 1, 1)) + " ";
  const std::string_view known = sense_text(sense.asc, sense.ascq);
  const bool says_nothing = known.empty() || (sense.asc == 0 && sense.ascq == 0);
  text += says_nothing ? kKeys[sense.key & 0x0F] : known;
  if (sense.deferred) text += " (deferred)";
  return text;
}

}  // namespace ntms::scsi
