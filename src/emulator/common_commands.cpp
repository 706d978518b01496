// SPDX-License-Identifier: MIT
#include "emulator/common_commands.h"

#include <array>

#include "emulator/nexus.h"
#include "emulator/opcodes.h"
#include "emulator/quirks.h"

namespace ntms::emulator {
namespace {

constexpr std::uint8_t kTapeDevice = 0x01;
constexpr std::uint8_t kChangerDevice = 0x08;
constexpr std::uint8_t kNoDevice = 0x7F;  // qualifier 3, type 1Fh: nothing at this LUN

bool is_unit(const Call& call) {
  return call.lun <= call.geometry().drives;
}

std::uint8_t device_type(const Call& call) {
  if (!is_unit(call)) return kNoDevice;
  return call.lun == kChangerLun ? kChangerDevice : kTapeDevice;
}

std::string serial_of(const Call& call) {
  return call.lun == kChangerLun ? call.geometry().serial
                                 : call.geometry().drive_serial(call.drive_number());
}

std::vector<std::uint8_t> vital_page(const Call& call, std::uint8_t page,
                                     const std::vector<std::uint8_t>& body) {
  std::vector<std::uint8_t> data = {device_type(call), page, 0, 0};
  scsi::put_be16(data, 2, static_cast<std::uint32_t>(body.size()));
  data.insert(data.end(), body.begin(), body.end());
  return data;
}

std::vector<std::uint8_t> unit_designator(const Call& call) {
  const Geometry& g = call.geometry();
  if (call.lun != kChangerLun) return drive_designator(g, call.drive_number());
  std::vector<std::uint8_t> designator;
  append_text(designator, g.vendor, 8);
  append_text(designator, g.product, 16);
  append_text(designator, g.serial, g.serial.size());
  return designator;
}

// SPC-4 6.4 and 7.8.
Answer inquiry(const Call& call) {
  const bool vital = (call.byte(1) & 0x01) != 0;
  const std::uint8_t page = call.byte(2);
  const std::size_t allocation = call.be16(3);
  const Geometry& g = call.geometry();
  if (!vital) {
    if (page != 0 || (call.byte(1) & 0x02) != 0) return check(sense::kInvalidField);
    std::vector<std::uint8_t> data = {device_type(call), 0x80, 0x06, 0x02, 31, 0, 0, 0};
    const bool changer = call.lun == kChangerLun;
    append_text(data, changer ? g.vendor : g.drive_vendor, 8);
    append_text(data, changer ? g.product : g.drive_product, 16);
    append_text(data, changer ? g.revision : g.drive_revision, 4);
    return good(std::move(data), allocation);
  }
  if (!is_unit(call)) return check(sense::kInvalidField);
  switch (page) {
    case 0x00:
      return good(vital_page(call, page, {0x00, 0x80, 0x83}), allocation);
    case 0x80: {
      const std::string serial = serial_of(call);
      return good(vital_page(call, page, {serial.begin(), serial.end()}), allocation);
    }
    case 0x83: {
      const auto designator = unit_designator(call);
      std::vector<std::uint8_t> body = {0x02, 0x01, 0x00,
                                        static_cast<std::uint8_t>(designator.size())};
      body.insert(body.end(), designator.begin(), designator.end());
      return good(vital_page(call, page, body), allocation);
    }
    default:
      return check(sense::kInvalidField);
  }
}

// SPC-4 6.33.
Answer report_luns(const Call& call) {
  const std::uint32_t units = call.geometry().stand_alone ? 1 : 1 + call.geometry().drives;
  constexpr std::size_t kEntry = 8;
  constexpr std::uint32_t kPeripheralLimit = 256;  // above: flat space addressing (SAM-5 4.7.7.3)
  std::vector<std::uint8_t> data(kEntry * (1 + units));
  scsi::put_be32(data, 0, units * kEntry);
  for (std::uint32_t lun = 0; lun < units; ++lun) {
    scsi::put_be16(data, kEntry * (1 + lun), lun < kPeripheralLimit ? lun : 0x4000 | lun);
  }
  return good(std::move(data), call.be32(6));
}

// SPC-4 6.37: a waiting unit attention is reported as data, and is gone with it.
Answer request_sense(const Call& call) {
  if ((call.byte(1) & 0x01) != 0) return check(sense::kInvalidField);  // descriptor format
  Sense found = is_unit(call) ? sense::kNone : sense::kWrongUnit;
  if (is_unit(call)) {
    if (const auto waiting = Nexuses(call.db()).take(call.initiator, call.lun, call.now)) {
      found = {6, waiting->asc, waiting->ascq};
    }
  }
  return good(found.encode(), call.byte(4));
}

// SPC-4 6.6 with the TapeAlert page (SSC-4 8.2.3): a flag is reported once.
Answer log_sense(const Call& call) {
  const std::uint8_t page = call.byte(2) & 0x3F;
  const std::uint8_t subpage = call.byte(3);
  const std::size_t allocation = call.be16(7);
  constexpr std::uint8_t kTapeAlertPage = 0x2E;
  if (subpage != 0) return check(sense::kInvalidField);
  if (page == 0) return good({0, 0, 0, 2, 0x00, kTapeAlertPage}, allocation);
  if (page != kTapeAlertPage) return check(sense::kInvalidField);
  constexpr std::size_t kFlags = 64;
  constexpr std::size_t kParameter = 5;
  std::vector<std::uint8_t> data(4 + kFlags * kParameter);
  data[0] = kTapeAlertPage;
  scsi::put_be16(data, 2, kFlags * kParameter);
  for (std::size_t flag = 1; flag <= kFlags; ++flag) {
    const std::size_t at = 4 + (flag - 1) * kParameter;
    scsi::put_be16(data, at, static_cast<std::uint32_t>(flag));
    data[at + 2] = 0x40;
    data[at + 3] = 1;
  }
  {
    auto row = call.db().query("SELECT flag FROM tape_alert WHERE lun = ?", call.lun);
    while (row.next()) data[4 + static_cast<std::size_t>(row.integer(0) - 1) * kParameter + 4] = 1;
  }
  call.db().run("DELETE FROM tape_alert WHERE lun = ?", call.lun);
  return good(std::move(data), allocation);
}

// SPC-4 6.14. PREVENT holds until the same initiator allows.
Answer prevent_allow(const Call& call) {
  if (call.lun == kChangerLun && Quirks(call.db()).has(NTMS_EMULATOR_QUIRK_NO_PREVENT)) {
    return check(sense::kInvalidOpcode);
  }
  const std::uint8_t prevent = call.byte(4) & 0x03;
  if (prevent > 1) return check(sense::kInvalidField);
  Nexuses(call.db()).set_prevents(call.initiator, call.lun, prevent == 1);
  return good();
}

// SPC-2 7.21: reserves the whole unit, for oneself.
Answer reserve(const Call& call) {
  if ((call.byte(1) & 0x1F) != 0) return check(sense::kInvalidField);  // third party, elements
  Nexuses(call.db()).reserve(call.lun, call.initiator);
  return good();
}

Answer release(const Call& call) {
  if ((call.byte(1) & 0x1F) != 0) return check(sense::kInvalidField);
  Nexuses nexuses(call.db());
  // Releasing what one does not hold is no error and no release.
  if (nexuses.reservation(call.lun) == call.initiator) nexuses.release(call.lun);
  return good();
}

}  // namespace

void append_text(std::vector<std::uint8_t>& to, const std::string& text, std::size_t width) {
  for (std::size_t i = 0; i < width; ++i) {
    to.push_back(i < text.size() ? static_cast<std::uint8_t>(text[i]) : ' ');
  }
}

std::vector<std::uint8_t> drive_designator(const Geometry& geometry, std::uint32_t number) {
  const std::string serial = geometry.drive_serial(number);
  constexpr std::size_t kUsualSerial = 10;  // which makes the designator 34 bytes long
  std::vector<std::uint8_t> designator;
  append_text(designator, geometry.drive_vendor, 8);
  append_text(designator, geometry.drive_product, 16);
  append_text(designator, serial, std::max(serial.size(), kUsualSerial));
  return designator;
}

bool ignores_attention(std::uint8_t opcode) {
  return opcode == op::kInquiry || opcode == op::kReportLuns || opcode == op::kRequestSense;
}

bool ignores_reservation(const scsi::Cdb& cdb) {
  switch (cdb.opcode()) {
    case op::kInquiry:
    case op::kReportLuns:
    case op::kRequestSense:
    case op::kLogSense:
    case op::kRelease6:
    case op::kRelease10:
      return true;
    case op::kPreventAllow:
      return (cdb.bytes[4] & 0x03) == 0;
    default:
      return false;
  }
}

std::optional<Answer> common_command(const Call& call) {
  switch (call.opcode()) {
    case op::kInquiry:
      return inquiry(call);
    case op::kReportLuns:
      return report_luns(call);
    case op::kRequestSense:
      return request_sense(call);
    default:
      break;
  }
  if (!is_unit(call)) return check(sense::kWrongUnit);
  switch (call.opcode()) {
    case op::kLogSense:
      return log_sense(call);
    case op::kPreventAllow:
      return prevent_allow(call);
    case op::kReserve6:
    case op::kReserve10:
      return reserve(call);
    case op::kRelease6:
    case op::kRelease10:
      return release(call);
    default:
      return std::nullopt;
  }
}

}  // namespace ntms::emulator
