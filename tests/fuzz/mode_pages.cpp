// SPDX-License-Identifier: MIT
// Any bytes as a MODE SENSE reply, and as a mode page.
#include "scsi/mode_pages.h"

#include "corpus/describe.h"
#include "fuzz/check.h"

namespace {

using namespace ntms;
using namespace ntms::fuzz;

void check_found(Bytes data, scsi::ModeSense form) {
  for (unsigned page = 0; page < 0x40; ++page) {
    const auto found = scsi::find_mode_page(data, form, static_cast<std::uint8_t>(page));
    if (!found) continue;
    check(found->size() >= 2 && inside(*found, data), "a page is a part of the reply");
    check(((*found)[0] & 0x3F) == page && ((*found)[0] & 0x40) == 0, "it is the page itself");
    check(found->size() <= std::size_t{(*found)[1]} + 2, "it is no longer than it says");
  }
}

void check_addresses(Bytes page) {
  const auto read = scsi::parse_element_address_assignment(page);
  check(!read || page.size() >= 18, "a whole page or none");
  if (!read) return;
  Buffer written(20);
  written[0] = scsi::kElementAddressAssignmentPage;
  written[1] = 18;
  std::size_t at = 2;
  for (const auto* range :
       {&read->transport, &read->storage, &read->import_export, &read->data_transfer}) {
    scsi::put_be16(written, at, range->first);
    scsi::put_be16(written, at + 2, range->count);
    check(range->count == 0 || range->contains(range->first), "a range holds its first element");
    check(!range->contains(std::uint32_t{range->first} + range->count), "but not one behind it");
    at += 4;
  }
  const auto again = scsi::parse_element_address_assignment(written);
  check(again && *again == *read, "what was written is what is read");
}

void check_capabilities(Bytes page) {
  const auto read = scsi::parse_device_capabilities(page);
  if (!read) return;
  Buffer written(20);
  written[0] = scsi::kDeviceCapabilitiesPage;
  written[1] = 18;
  written[2] = read->stores;
  for (std::size_t i = 0; i < 4; ++i) {
    written[4 + i] = read->moves[i];
    written[12 + i] = read->exchanges[i];
  }
  const auto again = scsi::parse_device_capabilities(written);
  check(again && again->stores == read->stores && again->moves == read->moves &&
            again->exchanges == read->exchanges,
        "what was written is what is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  check_found(bytes, scsi::ModeSense::six);
  check_found(bytes, scsi::ModeSense::ten);
  check(!corpus::describe("mode_sense_6", bytes).empty(), "there is always an answer");
  check(!corpus::describe("mode_sense_10", bytes).empty(), "there is always an answer");
  // The page alone, as it lies behind the header of each form.
  for (const std::size_t header : {std::size_t{0}, std::size_t{4}, std::size_t{8}}) {
    if (size < header) break;
    const Bytes page = bytes.subspan(header);
    check_addresses(page);
    check_capabilities(page);
    const auto rotates = scsi::parse_transport_rotates(page);
    check(!rotates || page.size() >= 3, "a descriptor or an error");
  }
  return 0;
}
