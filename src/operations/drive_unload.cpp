// SPDX-License-Identifier: MIT
#include "operations/drive_unload.h"

#include "operations/drive_access.h"
#include "operations/drive_health.h"
#include "operations/drive_report.h"

namespace ntms::operations {
namespace asio = boost::asio;

asio::awaitable<bool> unload_drive(LibraryContext& context, std::uint16_t element, bool holds_arm) {
  const auto drive = context.drives.find(element);
  if (drive == context.drives.end()) co_return true;
  const auto unloaded = co_await drive->second->unload();
  if (unloaded) {
    co_await wait_for_access(context, element, holds_arm);
  } else {
    context.log->warn("{}: unloading the drive at element {}: {}", context.name, element,
                      unloaded.error().reason);
    note_drive_trouble(context, element, drive->second->last_verdict());
  }
  co_await heed_drive_report(context, element);
  co_return unloaded.has_value();
}

}  // namespace ntms::operations
