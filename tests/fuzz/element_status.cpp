// SPDX-License-Identifier: MIT
// Any bytes as READ ELEMENT STATUS data.
#include "scsi/element_status.h"

#include "corpus/describe.h"
#include "fuzz/check.h"
#include "unit/scsi/element_page.h"

namespace {

using namespace ntms;
using namespace ntms::fuzz;
using scsi::ElementStatus;
using scsi::ElementStatusReport;

void check_report(const ElementStatusReport& report, std::size_t size) {
  constexpr std::size_t kLeastDescriptor = 3;
  check(report.elements.size() <= size / kLeastDescriptor, "no more elements than there are bytes");
  check(!report.last_cut_short || !report.elements.empty(), "what is cut short is there");
  std::vector<bool> seen(0x10000);
  for (const ElementStatus& element : report.elements) {
    check(!seen[element.address], "every address once");
    seen[element.address] = true;
    check(element.volume_tag.size() <= 32 && printable(element.volume_tag),
          "the volume tag is text");
    check(element.alternate_tag.size() <= 32 && printable(element.alternate_tag),
          "the alternate tag is text");
    check(element.type == scsi::ElementType::data_transfer || !element.device,
          "only drives have identifiers");
    check(!element.device || (!element.device->text.empty() && printable(element.device->text)),
          "identifiers are text");
  }
}

// The part of an element that the builder of the tests can write.
ElementStatus writable(ElementStatus element) {
  element.alternate_tag.clear();
  element.scsi_id.reset();
  element.scsi_lun.reset();
  element.other_bus = false;
  if (!element.source) element.inverted = false;
  if (element.device &&
      (element.device->code_set != scsi::kCodeSetAscii || element.device->text.size() > 34)) {
    element.device.reset();
  }
  return element;
}

// What was read is written in the standard's form and read again: nothing changes.
void check_round_trip(const ElementStatusReport& report) {
  std::vector<scsi::testing::Buffer> pages;
  std::vector<ElementStatus> written;
  for (const ElementStatus& element : report.elements) {
    written.push_back(writable(element));
    pages.push_back(scsi::testing::page(element.type, {written.back()},
                                        {.volume_tags = true, .device_ids = true}));
  }
  const auto again = scsi::parse_element_status(scsi::testing::reply(pages, written.size()));
  check(again.has_value(), "what was written is read");
  check(again->elements.size() == written.size() && !again->last_cut_short,
        "every element is back");
  for (std::size_t i = 0; i < written.size(); ++i) {
    check(corpus::to_words(again->elements[i]) == corpus::to_words(written[i]),
          "what was written is what is read");
  }
}

// A reply that is cut off gives the elements that came, and of the last one no more than there was.
void check_cut(Bytes data, const ElementStatusReport& whole) {
  const auto cut = scsi::parse_element_status(part_of(data, data.size() - 1));
  if (!cut) return;  // the header is cut
  check(cut->elements.size() <= whole.elements.size(), "fewer bytes, no more elements");
  for (std::size_t i = 0; i + 1 < cut->elements.size(); ++i) {
    check(corpus::to_words(cut->elements[i]) == corpus::to_words(whole.elements[i]),
          "the elements before the cut are the same");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  check(!corpus::describe("element_status", bytes).empty(), "there is always an answer");
  const auto report = scsi::parse_element_status(bytes);
  if (!report) return 0;
  check_report(*report, size);
  check_round_trip(*report);
  check_cut(bytes, *report);
  return 0;
}
