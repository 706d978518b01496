// SPDX-License-Identifier: MIT
#include "operations/library_context.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "model/states.h"
#include "operations/lone_drive.h"
#include "operations/sides.h"

namespace ntms::operations {
namespace asio = boost::asio;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kPatience{20000};
constexpr milliseconds kFirstPause{20};

// Media that a running eject is moving or has in the port: their place is the eject's business.
std::set<Guid> media_under_way(store::Reader& reader, const Guid& library) {
  std::set<Guid> media;
  for (const Guid& id : reader.ids("SELECT medium FROM library_request WHERE library=?1 "
                                   "AND state IN (0,1,5,6) AND phase<>0 AND medium IS NOT NULL",
                                   library)) {
    media.insert(id);
  }
  return media;
}

// The elements that those media are moved between.
std::set<std::uint32_t> elements_under_way(store::Reader& reader, const Guid& library) {
  std::set<std::uint32_t> elements;
  for (const auto& request : reader.list<model::LibraryRequest>(
           "t.library=?1 AND t.state IN (0,1,5,6) AND t.phase<>0 AND t.medium IS NOT NULL",
           library)) {
    elements.insert(request.source);
    elements.insert(request.target);
  }
  return elements;
}

// The elements of the drives that are in somebody's hands, who knows best how they are.
Result<std::set<std::uint32_t>> busy_elements(LibraryContext& context) {
  return context.db.read([&](store::Reader& reader) {
    std::set<std::uint32_t> elements;
    for (const Guid& id : context.busy_drives) {
      if (const auto drive = reader.find<model::Drive>(id)) elements.insert(drive->element_address);
    }
    return elements;
  });
}

}  // namespace

asio::awaitable<Result<ReconcileSummary>> refresh_inventory(
    LibraryContext& context, bool slots_only, std::function<void(store::Writer&)> finish_with,
    std::function<bool(store::Writer&)> wanted) {
  (void)context.changer->take_attention();  // what it tells is what is read now
  auto inventory = co_await context.changer->read_inventory();
  if (!inventory) co_return inventory.error();
  // Of a drive that stands alone: a cartridge was put in.
  const bool exchanged = is_lone_drive(context) && context.changer->take_contents_changed();
  ReconcileOptions options;
  options.slots_only = slots_only;
  const auto busy = busy_elements(context);
  if (!busy) co_return busy.error();
  for (const scsi::ElementStatus& element : inventory->drives) {
    if (!element.full || slots_only || busy->contains(element.address)) continue;
    const auto drive = context.drives.find(element.address);
    if (drive == context.drives.end()) continue;
    const auto ready = co_await drive->second->test_ready();
    options.drive_ready[element.address] = ready == device::DriveReadiness::ready;
  }
  ReconcileSummary summary;
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    const auto library = writer.find<model::Library>(context.library);
    if (!library) return fail(ERROR_INVALID_LIBRARY, "the library has been deleted");
    if (wanted && !wanted(writer)) return {};
    options.protected_media = media_under_way(writer, context.library);
    options.protected_elements = elements_under_way(writer, context.library);
    summary = reconcile(writer, *library, *inventory, options);
    if (!slots_only && context.changer->turns_media()) {
      record_sides_up(writer, library->id, inventory->drives);
    }
    if (library->type == NTMS_LIBRARYTYPE_STANDALONE) {
      show_in_port(writer, context.library);
      if (exchanged && summary.confirmed != 0) doubt_contents(writer, context.library);
    }
    if (finish_with) finish_with(writer);
    return {};
  });
  if (!stored) co_return stored.error();
  if (!slots_only) context.inventory_stale = false;
  context.arm_holds.reset();
  for (const scsi::ElementStatus& element : inventory->transports) {
    if (element.full) context.arm_holds = element.volume_tag;
  }
  if (summary.anything()) {
    context.log->info("{}: inventory: {}", context.name, summary.to_string());
  } else {
    context.log->debug("{}: inventory: {}", context.name, summary.to_string());
  }
  co_return summary;
}

asio::awaitable<Result<std::vector<scsi::ElementStatus>>> read_patiently(
    LibraryContext& context, scsi::ElementType type, std::optional<device::ElementRange> range) {
  const auto give_up = std::chrono::steady_clock::now() + kPatience;
  milliseconds pause = kFirstPause;
  for (;;) {
    auto elements = co_await context.changer->read_elements(type, range);
    if (elements || context.stopping || std::chrono::steady_clock::now() >= give_up) {
      co_return elements;
    }
    context.log->warn("{}: reading element status: {}; trying again", context.name,
                      elements.error().reason);
    asio::steady_timer timer(context.executor, pause);
    co_await timer.async_wait(asio::use_awaitable);
    pause = std::min(pause * 2, milliseconds(1000));
  }
}

}  // namespace ntms::operations
