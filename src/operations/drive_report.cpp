// SPDX-License-Identifier: MIT
#include "operations/drive_report.h"

#include <string>
#include <vector>

#include "operations/cleaning_queue.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using scsi::TapeAlertNeed;

namespace {

struct Report {
  std::string note;      // good to know
  std::string cleaning;  // the drive asks for it, or its cleaner was none
  std::string person;    // somebody is needed
  bool wants_cleaning = false;

  bool empty() const { return note.empty() && cleaning.empty() && person.empty(); }
};

Report read(const scsi::TapeAlerts& alerts, bool asked_by_sense) {
  Report report;
  report.note = describe(alerts, TapeAlertNeed::nothing);
  report.cleaning = describe(alerts, TapeAlertNeed::cleaning);
  report.person = describe(alerts, TapeAlertNeed::person);
  report.wants_cleaning =
      asked_by_sense || alerts[scsi::kAlertCleanNow] || alerts[scsi::kAlertCleanPeriodic];
  if (asked_by_sense && report.cleaning.empty()) report.cleaning = "it asks to be cleaned";
  return report;
}

// Does what follows from the report; what is to be logged, in `lines`.
Result<void> act_on(store::Writer& writer, const LibraryContext& context, std::uint16_t element,
                    const Report& report, std::vector<std::string>& lines) {
  lines.clear();
  const auto drive = drive_at(writer, context.library, element);
  if (!drive) return {};
  const auto medium = writer.first<model::PhysicalMedium>("t.location=?1", drive->id);
  const std::string bar_code = medium ? medium->bar_code : std::string();
  const auto words = [&](const std::string& said) {
    return messages::drive_reports(context.name, drive->name, bar_code, said);
  };
  for (const std::string* said : {&report.note, &report.cleaning, &report.person}) {
    if (!said->empty()) lines.push_back(words(*said));
  }
  if (report.wants_cleaning) request_cleaning(writer, *drive);
  if (!report.person.empty()) {
    post_device_service(writer, NTMS_DRIVE, drive->id, words(report.person));
  }
  return {};
}

}  // namespace

asio::awaitable<void> heed_drive_report(LibraryContext& context, std::uint16_t element) {
  const auto found = context.drives.find(element);
  if (found == context.drives.end()) co_return;
  const auto alerts = co_await found->second->alerts();
  if (!alerts) context.log->debug("{}: reading TapeAlert: {}", context.name, alerts.error().reason);
  const Report report =
      read(alerts ? *alerts : scsi::TapeAlerts(), found->second->take_cleaning_wish());
  if (report.empty()) co_return;
  std::vector<std::string> lines;
  const auto stored = context.db.write(
      [&](store::Writer& writer) { return act_on(writer, context, element, report, lines); });
  for (const std::string& line : lines) context.log->warn("{}", line);
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

}  // namespace ntms::operations
