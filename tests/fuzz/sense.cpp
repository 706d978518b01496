// SPDX-License-Identifier: MIT
// Any bytes as sense data.
#include "scsi/sense.h"

#include "fuzz/check.h"

using namespace ntms;
using namespace ntms::fuzz;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  const scsi::Sense sense = scsi::parse_sense(bytes);
  const std::string words = to_string(sense);
  check(!words.empty() && printable(words), "it has words");
  check(sense.is(sense.key, sense.asc, sense.ascq) == sense.valid, "what is not valid is nothing");
  if (!sense.valid) {
    check(sense == scsi::Sense{}, "what is not valid says nothing");
    return 0;
  }
  check(sense.key <= 0x0F, "a sense key has four bits");
  Buffer fixed(18);
  fixed[0] = sense.deferred ? 0x71 : 0x70;
  fixed[2] = sense.key;
  fixed[12] = sense.asc;
  fixed[13] = sense.ascq;
  check(scsi::parse_sense(fixed) == sense, "the same in fixed format");
  const Buffer descriptor{static_cast<std::uint8_t>(sense.deferred ? 0x73 : 0x72), sense.key,
                          sense.asc, sense.ascq};
  check(scsi::parse_sense(descriptor) == sense, "the same in descriptor format");
  const scsi::Sense cut = scsi::parse_sense(part_of(bytes, size - 1));
  check(!cut.valid || (cut.key == sense.key && cut.deferred == sense.deferred),
        "a cut never changes the key");
  return 0;
}
