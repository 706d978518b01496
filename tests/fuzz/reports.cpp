// SPDX-License-Identifier: MIT
// Any bytes as REPORT LUNS data, as a TapeAlert page and as REPORT DENSITY SUPPORT data.
#include <string>

#include "corpus/describe.h"
#include "fuzz/check.h"
#include "scsi/density.h"
#include "scsi/luns.h"
#include "scsi/tape_alert.h"

namespace {

using namespace ntms;
using namespace ntms::fuzz;

void check_luns(Bytes data) {
  const auto luns = scsi::parse_report_luns(data);
  check(luns.has_value() == (data.size() >= 8), "a header is enough");
  if (!luns) return;
  check(luns->size() <= (data.size() - 8) / 8, "eight bytes for each unit");
  Buffer written(8 + 8 * luns->size());
  scsi::put_be32(written, 0, static_cast<std::uint32_t>(written.size() - 8));
  for (std::size_t i = 0; i < luns->size(); ++i) {
    check((*luns)[i] <= 0x3FFF, "a single-level address has 14 bits");
    scsi::put_be16(written, 8 + 8 * i, (*luns)[i] <= 0xFF ? (*luns)[i] : 0x4000U | (*luns)[i]);
  }
  const auto again = scsi::parse_report_luns(written);
  check(again && *again == *luns, "what was written is what is read");
}

void check_alerts(Bytes data) {
  const scsi::TapeAlerts alerts = scsi::parse_tape_alerts(data);
  check(!alerts[0], "there is no flag 0");
  Buffer written{scsi::kTapeAlertPage, 0, 0, 0};
  for (std::size_t flag = 1; flag < alerts.size(); ++flag) {
    written.insert(written.end(), {0, static_cast<std::uint8_t>(flag), 0x60, 1,
                                   static_cast<std::uint8_t>(alerts[flag] ? 1 : 0)});
  }
  scsi::put_be16(written, 2, static_cast<std::uint32_t>(written.size() - 4));
  check(scsi::parse_tape_alerts(written) == alerts, "what was written is what is read");
  std::size_t said = 0;
  for (const auto need :
       {scsi::TapeAlertNeed::nothing, scsi::TapeAlertNeed::cleaning, scsi::TapeAlertNeed::person}) {
    const std::string words = describe(alerts, need);
    for (auto at = words.find("TapeAlert "); at != std::string::npos;
         at = words.find("TapeAlert ", at + 1)) {
      ++said;
    }
  }
  check(said == alerts.count(), "every flag is said once");
}

void check_densities(Bytes data) {
  const scsi::Command command = scsi::report_density_support(data.size() % 2 != 0);
  check(command.data_in_length == scsi::get_be16(command.cdb.bytes, 7),
        "there is room for the reply");
  const auto densities = scsi::parse_density_support(data);
  check(densities.has_value() == (data.size() >= 4), "a header is enough");
  if (!densities) return;
  check(densities->size() <= data.size() / 52, "52 bytes for each density");
  Buffer written(4 + 52 * densities->size());
  scsi::put_be16(written, 0, static_cast<std::uint32_t>(written.size() - 2));
  std::size_t at = 4;
  for (const scsi::Density& density : *densities) {
    check(density.capacity % 1'000'000 == 0, "capacities are in millions of bytes");
    written[at] = density.code;
    written[at + 2] =
        static_cast<std::uint8_t>((density.writable ? 0x80 : 0) | (density.is_default ? 0x20 : 0));
    scsi::put_be32(written, at + 12, static_cast<std::uint32_t>(density.capacity / 1'000'000));
    at += 52;
  }
  const auto again = scsi::parse_density_support(written);
  check(again && *again == *densities, "what was written is what is read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  for (const char* parser : {"report_luns", "tape_alerts", "densities"}) {
    check(!corpus::describe(parser, bytes).empty(), "there is always an answer");
  }
  check_luns(bytes);
  check_alerts(bytes);
  check_densities(bytes);
  return 0;
}
