// SPDX-License-Identifier: MIT
#include "emulator/drive.h"

#include "emulator/common_commands.h"
#include "emulator/nexus.h"
#include "emulator/opcodes.h"

namespace ntms::emulator {
namespace {

constexpr std::uint8_t kDensity = 0x5A;  // LTO-6, a density most programs know
constexpr std::size_t kBlockDescriptor = 8;

std::optional<Element> element_of(const Call& call) {
  return Elements(call.file).by_number(ElementType::drive, call.drive_number());
}

// Why the medium cannot be used now, if it cannot.
std::optional<Sense> not_ready(const Call& call, const Element& element, const Drive& drive) {
  const Geometry& geometry = call.geometry();
  const bool loading = drive.loading(call.now);
  if (!element.full()) return sense::kNoMedium;
  if (drive.cleaning == Cleaning::works && loading) return sense::kCleanerInstalled;
  if (drive.cleaning == Cleaning::spent && !loading) return sense::kCleaningFailed;
  // A tape drive that has ejected its cartridge does not see it any more, unless it is one of a
  // library, where the cartridge stays close.
  const bool holds = drive.holds(call.now, geometry.cleaner_stays);
  const bool ejects = geometry.stand_alone || drive.cleaning == Cleaning::works;
  if (!holds) return ejects ? sense::kNoMedium : sense::kNeedsLoad;
  if (drive.cleaning == Cleaning::works) return sense::kNeedsLoad;  // it stays when it is done
  if (loading) return sense::kBecomingReady;
  return std::nullopt;
}

bool write_protected(const Call& call, const Element& element) {
  if (!element.full()) return false;
  auto row =
      call.db().query("SELECT write_protected FROM cartridge WHERE id = ?", *element.cartridge);
  return row.next() && row.integer(0) != 0;
}

// SSC-4 7.2.
Answer load_unload(const Call& call, const Element& element, const Drive& drive) {
  const bool immediate = (call.byte(1) & 0x01) != 0;
  const bool load = (call.byte(4) & 0x01) != 0;
  Elements elements(call.file);
  if (!element.full()) return check(sense::kNoMedium);
  if (!load) {
    if (drive.cleaning == Cleaning::works && drive.loading(call.now)) {
      return check(sense::kCleanerInstalled);
    }
    if (Nexuses(call.db()).prevented(call.lun)) return check(sense::kRemovalPrevented);
    if (drive.loaded) elements.unload_drive(element.number, call.now);
    return good();
  }
  Answer answer = good();
  if (!drive.loaded) {
    elements.load_drive(element.number, call.now, call.file.settings());
    if (!immediate) answer.answer_at = elements.drive(element.number).ready_at;
  } else if (drive.loading(call.now)) {
    if (!immediate) answer.answer_at = drive.ready_at;
  } else {
    Drive rewound = drive;
    rewound.position = 0;
    elements.save(rewound);
  }
  return answer;
}

// SPC-4 6.11 and 7.5; SSC-4 8.3. Header and block descriptor, and no pages.
Answer mode_sense(const Call& call, const Element& element, const Drive& drive, bool ten) {
  const std::uint8_t code = call.byte(2) & 0x3F;
  const bool descriptor = (call.byte(1) & 0x08) == 0;
  constexpr std::uint8_t kNoPage = 0x00;
  constexpr std::uint8_t kAllPages = 0x3F;
  constexpr std::uint8_t kWriteProtect = 0x80;
  constexpr std::uint8_t kBuffered = 0x10;
  if ((call.byte(2) >> 6) == 3) return check(sense::kSavingNotSupported);
  if (code != kNoPage && code != kAllPages) return check(sense::kInvalidField);
  const auto specific =
      static_cast<std::uint8_t>(kBuffered | (write_protected(call, element) ? kWriteProtect : 0));
  std::vector<std::uint8_t> data(ten ? 8 : 4);
  const auto length = static_cast<std::uint8_t>(descriptor ? kBlockDescriptor : 0);
  data[ten ? 3 : 2] = specific;
  data[ten ? 7 : 3] = length;
  if (descriptor) {
    const std::size_t at = data.size();
    data.resize(at + kBlockDescriptor);
    data[at] = kDensity;
    scsi::put_be24(data, at + 5, static_cast<std::uint32_t>(drive.block_length));
  }
  if (ten) {
    scsi::put_be16(data, 0, static_cast<std::uint32_t>(data.size() - 2));
  } else {
    data[0] = static_cast<std::uint8_t>(data.size() - 1);
  }
  return good(std::move(data), ten ? call.be16(7) : call.byte(4));
}

// Takes the block length from the block descriptor; pages are accepted as far as they are none.
Answer mode_select(const Call& call, const Drive& drive, bool ten) {
  const auto& list = call.command.data_out;
  const std::size_t length = ten ? call.be16(7) : call.byte(4);
  const std::size_t header = ten ? 8 : 4;
  if (length == 0) return good();
  if (length != list.size() || length < header) return check(sense::kParameterListLength);
  const std::size_t descriptors = ten ? scsi::get_be16(list, 6) : list[3];
  if (descriptors == 0 && length == header) return good();
  if (descriptors != kBlockDescriptor) return check(sense::kInvalidParameter);
  if (length < header + kBlockDescriptor) return check(sense::kParameterListLength);
  if (length > header + kBlockDescriptor) return check(sense::kInvalidParameter);
  const std::uint32_t block = scsi::get_be24(list, header + 5);
  if (block > kMaximumBlock) return check(sense::kInvalidParameter);
  Drive changed = drive;
  changed.block_length = block;
  Elements(call.file).save(changed);
  if (block != drive.block_length) {
    Nexuses(call.db()).raise_for_all(call.lun, attention::kModeParametersChanged, call.now,
                                     call.initiator);
  }
  return good();
}

// SSC-4 6.9: one density, which the tape in the drive has, too.
Answer report_density_support(const Call& call, const std::optional<Sense>& refused) {
  constexpr std::size_t kHeader = 4;
  constexpr std::size_t kDescriptor = 52;
  constexpr std::uint32_t kMegabytes = 2'500'000;
  constexpr std::uint8_t kWritableDefault = 0xA0;
  if ((call.byte(1) & 0x02) != 0) return check(sense::kInvalidField);  // types of media
  if ((call.byte(1) & 0x01) != 0 && refused) return check(*refused);
  std::vector<std::uint8_t> data(kHeader);
  scsi::put_be16(data, 0, kHeader - 2 + kDescriptor);
  data.resize(kHeader + kDescriptor);
  data[kHeader] = data[kHeader + 1] = kDensity;
  data[kHeader + 2] = kWritableDefault;
  scsi::put_be32(data, kHeader + 12, kMegabytes);
  data.resize(kHeader + 16);
  append_text(data, "LTO-CVE", 8);
  append_text(data, "U-618", 8);
  append_text(data, "Ultrium 6/16T", 20);
  return good(std::move(data), call.be16(7));
}

// SSC-4 6.5.
Answer read_block_limits() {
  std::vector<std::uint8_t> data(6);
  scsi::put_be24(data, 1, kMaximumBlock);
  scsi::put_be16(data, 4, 1);
  return good(std::move(data));
}

}  // namespace

Answer drive_command(const Call& call) {
  const auto element = element_of(call);
  if (!element) return check(sense::kWrongUnit);
  const Drive drive = Elements(call.file).drive(element->number);
  switch (call.opcode()) {
    case op::kLoadUnload:
      return load_unload(call, *element, drive);
    case op::kModeSense6:
      return mode_sense(call, *element, drive, false);
    case op::kModeSense10:
      return mode_sense(call, *element, drive, true);
    case op::kModeSelect6:
      return mode_select(call, drive, false);
    case op::kModeSelect10:
      return mode_select(call, drive, true);
    case op::kReadBlockLimits:
      return read_block_limits();
    default:
      break;
  }
  const auto refused = not_ready(call, *element, drive);
  if (call.opcode() == op::kTestUnitReady) return refused ? check(*refused) : good();
  if (call.opcode() == op::kReportDensitySupport) return report_density_support(call, refused);
  const std::int64_t side = element->turned ? 1 : 0;
  ReadyDrive ready{drive, Tape(call.db(), element->cartridge.value_or(0), side),
                   write_protected(call, *element)};
  if (refused) {
    // Whether the command exists does not depend on the medium.
    switch (call.opcode()) {
      case op::kRewind:
      case op::kRead6:
      case op::kWrite6:
      case op::kWriteFilemarks6:
      case op::kSpace6:
      case op::kLocate10:
      case op::kReadPosition:
      case op::kErase6:
        return check(*refused);
      default:
        return check(sense::kInvalidOpcode);
    }
  }
  auto answer = tape_command(call, ready);
  if (!answer) return check(sense::kInvalidOpcode);
  Elements(call.file).save(ready.drive);
  return *std::move(answer);
}

}  // namespace ntms::emulator
