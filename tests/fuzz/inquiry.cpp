// SPDX-License-Identifier: MIT
// Any bytes as INQUIRY data and as its pages 80h and 83h.
#include "scsi/inquiry.h"

#include <algorithm>

#include "corpus/describe.h"
#include "fuzz/check.h"
#include "scsi/text.h"

namespace {

using namespace ntms;
using namespace ntms::fuzz;

void check_name(const std::string& name, std::size_t most) {
  check(name.size() <= most && printable(name), "a name is text of the field's length");
  check(name == scsi::trimmed(name), "a name has no blanks around it");
}

void check_standard(Bytes data) {
  const auto inquiry = scsi::parse_inquiry(data);
  check(inquiry.has_value() == (data.size() >= 5), "five bytes are enough");
  if (!inquiry) return;
  check(inquiry->qualifier <= 7 && inquiry->device_type <= 0x1F, "type and qualifier share a byte");
  check_name(inquiry->vendor, 8);
  check_name(inquiry->product, 16);
  check_name(inquiry->revision, 4);
}

// What was read, written as a page and read again; binary identifiers are skipped.
void check_round_trip(const std::vector<scsi::DeviceIdentifier>& designators) {
  Buffer page{0, scsi::kDeviceIdentificationPage, 0, 0};
  std::vector<scsi::DeviceIdentifier> written;
  for (const auto& designator : designators) {
    if (designator.code_set != scsi::kCodeSetAscii || designator.text.empty()) continue;
    page.push_back(designator.code_set);
    page.push_back(static_cast<std::uint8_t>(designator.association << 4 | designator.type));
    page.push_back(0);
    page.push_back(static_cast<std::uint8_t>(designator.text.size()));
    page.insert(page.end(), designator.text.begin(), designator.text.end());
    written.push_back(designator);
  }
  scsi::put_be16(page, 2, static_cast<std::uint32_t>(page.size() - 4));
  const auto again = scsi::parse_device_identification(page);
  check(again && *again == written, "what was written is what is read");
}

void check_designators(Bytes data) {
  const auto designators = scsi::parse_device_identification(data);
  if (!designators) return;
  check(designators->size() <= data.size() / 5, "a designator has a head and a byte at least");
  for (const auto& designator : *designators) {
    check(designator.code_set <= 15 && designator.type <= 15 && designator.association <= 3,
          "every field within its bits");
    check(designator.text.size() <= 510 && printable(designator.text), "an identifier is text");
  }
  check_round_trip(*designators);
  const auto cut = scsi::parse_device_identification(part_of(data, data.size() - 1));
  if (!cut) return;
  check(cut->size() <= designators->size() &&
            std::equal(cut->begin(), cut->end(), designators->begin()),
        "what is cut off is left out, the rest is the same");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  for (const char* parser : {"inquiry", "serial_number", "device_identification"}) {
    check(!corpus::describe(parser, bytes).empty(), "there is always an answer");
  }
  check_standard(bytes);
  check_designators(bytes);
  const auto serial = scsi::parse_serial_number(bytes);
  if (serial) check_name(*serial, size);
  return 0;
}
