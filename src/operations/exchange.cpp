// SPDX-License-Identifier: MIT
#include "operations/exchange.h"

#include "operations/admission.h"
#include "operations/arm_recovery.h"
#include "operations/device_states.h"
#include "operations/dismount.h"
#include "operations/doors.h"
#include "operations/drive_health.h"
#include "operations/drive_unload.h"
#include "operations/eject_support.h"
#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/mount_queue.h"
#include "operations/requests.h"
#include "operations/sides.h"
#include "operations/transfer.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::Phase;

namespace {

// Who changes places with whom.
struct Plan {
  model::PhysicalMedium coming;
  model::PhysicalMedium leaving;
  Guid drive;
  std::uint16_t source = 0;  // element addresses
  std::uint16_t target = 0;
  std::uint16_t second = 0;

  bool swaps() const { return second == source; }
};

std::uint16_t address_of(std::uint32_t address) {
  return static_cast<std::uint16_t>(address);
}

std::optional<Plan> make_plan(store::Reader& reader, const Guid& request_id, const Guid& drive_id) {
  const auto request = unfinished(reader, request_id);
  const auto drive = reader.find<model::Drive>(drive_id);
  if (!request || !drive) return std::nullopt;
  auto coming = reader.find<model::PhysicalMedium>(request->medium);
  auto leaving = reader.first<model::PhysicalMedium>("t.location=?1", drive->id);
  if (!coming || !leaving) return std::nullopt;
  if (number_of_side(reader, request->side) != 0 ||
      number_of_side(reader, drive->saved_side) != 0) {
    return std::nullopt;  // to be turned over
  }
  const auto from = reader.find<model::Slot>(coming->location);
  if (!from || from->library != drive->library) return std::nullopt;
  Plan plan;
  plan.drive = drive->id;
  plan.source = address_of(from->element_address);
  plan.target = address_of(drive->element_address);
  if (const auto slot = slot_for_return(reader, *drive, leaving)) {
    plan.second = address_of(slot->element_address);
  } else if (!coming->bar_code.empty() && !leaving->bar_code.empty() &&
             coming->bar_code != leaving->bar_code) {
    plan.second = plan.source;  // without bar codes nobody could see whether they changed places
  } else {
    return std::nullopt;
  }
  plan.coming = *std::move(coming);
  plan.leaving = *std::move(leaving);
  return plan;
}

// What the three elements show. Null: not reported.
struct Seen {
  std::vector<scsi::ElementStatus> sources;
  std::vector<scsi::ElementStatus> seconds;
  std::vector<scsi::ElementStatus> drives;

  bool holds(const std::vector<scsi::ElementStatus>& elements, std::uint16_t address,
             const std::string& bar_code) const {
    const auto* element = element_at(elements, address);
    return element != nullptr && may_be(*element, bar_code);
  }
  bool empty(const std::vector<scsi::ElementStatus>& elements, std::uint16_t address) const {
    const auto* element = element_at(elements, address);
    return element != nullptr && !element->full;
  }
  std::string tag(const std::vector<scsi::ElementStatus>& elements, std::uint16_t address) const {
    const auto* element = element_at(elements, address);
    return element == nullptr ? std::string() : element->volume_tag;
  }
};

asio::awaitable<std::optional<Seen>> look_at(LibraryContext& context, const Plan& plan) {
  Seen seen;
  auto sources = co_await read_patiently(context, scsi::ElementType::storage, only(plan.source));
  if (!sources) co_return std::nullopt;
  auto seconds = co_await read_patiently(context, scsi::ElementType::storage, only(plan.second));
  if (!seconds) co_return std::nullopt;
  auto drives =
      co_await read_patiently(context, scsi::ElementType::data_transfer, only(plan.target));
  if (!drives) co_return std::nullopt;
  seen.sources = *std::move(sources);
  seen.seconds = *std::move(seconds);
  seen.drives = *std::move(drives);
  co_return seen;
}

// Whether one of the two has to be turned over on its way.
bool shows_other_side(const LibraryContext& context, const Plan& plan, const Seen& seen) {
  const auto* source = element_at(seen.sources, plan.source);
  const auto* drive = element_at(seen.drives, plan.target);
  return (source != nullptr && is_turned(context, *source, 0)) ||
         (drive != nullptr && is_turned(context, *drive, 0));
}

// Both are where they are before an exchange, as far as can be seen.
bool is_before(const Plan& plan, const Seen& seen) {
  const bool in_place = seen.holds(seen.sources, plan.source, plan.coming.bar_code) &&
                        seen.holds(seen.drives, plan.target, plan.leaving.bar_code);
  if (plan.swaps()) return in_place && seen.tag(seen.sources, plan.source) == plan.coming.bar_code;
  return in_place && seen.empty(seen.seconds, plan.second);
}

bool is_after(const Plan& plan, const Seen& seen) {
  const bool in_place = seen.holds(seen.drives, plan.target, plan.coming.bar_code) &&
                        seen.holds(seen.seconds, plan.second, plan.leaving.bar_code);
  if (plan.swaps()) return in_place && seen.tag(seen.seconds, plan.second) == plan.leaving.bar_code;
  return in_place && seen.empty(seen.sources, plan.source);
}

// What is about to be done, on disk before the arm moves. Nothing when it cannot be done.
std::optional<Plan> decide(LibraryContext& context, const Guid& request_id, const Guid& drive) {
  std::optional<Plan> plan;
  const auto decided = context.db.write([&](store::Writer& writer) -> Result<void> {
    plan = make_plan(writer, request_id, drive);
    if (!plan) return {};
    auto request = unfinished(writer, request_id);
    request->phase = Phase::moving;
    request->source = plan->source;
    request->target = plan->target;
    save_progress(writer, *request);
    return {};
  });
  if (!decided) return std::nullopt;
  return plan;
}

void clear_intent(store::Writer& writer, const Guid& request_id) {
  if (auto request = unfinished(writer, request_id)) {
    request->phase = Phase::none;
    save_progress(writer, *request);
  }
}

// Stores that both have changed places: the one that leaves first, so that no place has two.
void record(store::Writer& writer, LibraryContext& context, const Guid& request_id,
            const Plan& plan) {
  clear_intent(writer, request_id);
  note_working(writer, context);
  const auto request = unfinished(writer, request_id);
  auto drive = writer.find<model::Drive>(plan.drive);
  auto slot = slot_at(writer, context.library, plan.second);
  auto leaving = writer.find<model::PhysicalMedium>(plan.leaving.id);
  if (auto source = slot_at(writer, context.library, plan.source); source && !plan.swaps()) {
    apply(writer, *source, model::SlotEvent::taken);
  }
  if (leaving && slot) {
    leaving->mounted_side = Guid{};
    leaving->media_state = NTMS_MEDIASTATE_IDLE;
    leaving->home_slot = slot->id;
    put_medium(writer, *leaving, slot->id, NTMS_STORAGESLOT);
    apply(writer, *slot, model::SlotEvent::put);
    end_deferred(writer, leaving->id);
  }
  auto coming = writer.find<model::PhysicalMedium>(plan.coming.id);
  if (!coming || !drive) return;
  coming->media_state = NTMS_MEDIASTATE_MOUNTED;
  if (request) coming->mounted_side = request->side;
  put_medium(writer, *coming, drive->id, NTMS_DRIVE);
  drive->state = NTMS_DRIVESTATE_MOUNTED;
  drive->saved_side = coming->mounted_side;
  writer.update(*drive);
}

// The robot tells what has become of them. The caller holds the arm.
asio::awaitable<void> find_out(LibraryContext& context, Guid request_id) {
  context.inventory_stale = true;
  const auto cleared = context.db.write([&](store::Writer& writer) -> Result<void> {
    clear_intent(writer, request_id);
    return {};
  });
  if (!cleared) co_return;
  const auto fresh = co_await refresh_inventory(context, false);
  if (!fresh) context.log->warn("{}: inventory: {}", context.name, fresh.error().reason);
}

// The exchange itself. The caller holds the arm.
asio::awaitable<Result<void>> exchange(LibraryContext& context, Guid request_id, Guid drive) {
  if (!co_await may_move(context)) co_return fail(ERROR_BUSY, why_blocked(context));
  const auto plan = decide(context, request_id, drive);
  if (!plan) co_return Result<void>{};
  const auto before = co_await look_at(context, *plan);
  if (!before || !is_before(*plan, *before)) {
    co_await find_out(context, request_id);
    co_return Result<void>{};
  }
  if (shows_other_side(context, *plan, *before)) {
    const auto cleared = context.db.write([&](store::Writer& writer) -> Result<void> {
      clear_intent(writer, request_id);
      return {};
    });
    if (!cleared) context.inventory_stale = true;
    co_return Result<void>{};
  }
  const auto moved = co_await context.changer->exchange(plan->source, plan->target, plan->second);
  if (!moved.ok()) {
    context.log->info("{}: exchanging {} in element {} for {} in {}: {}", context.name,
                      plan->leaving.bar_code, plan->target, plan->coming.bar_code, plan->source,
                      moved.words);
    note_move_trouble(context, plan->source, plan->target, moved);
  }
  const auto after = co_await look_at(context, *plan);
  const bool done = after && is_after(*plan, *after);
  const bool undone = after && !done && is_before(*plan, *after);
  if (!done && !undone) {
    co_await find_out(context, request_id);
    co_return Result<void>{};
  }
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (done) {
      record(writer, context, request_id, *plan);
    } else {
      clear_intent(writer, request_id);
    }
    return {};
  });
  if (!stored) context.inventory_stale = true;
  if (undone && co_await is_blocked(context)) {
    co_return fail(ERROR_BUSY, why_blocked(context));
  }
  co_return Result<void>{};
}

}  // namespace

asio::awaitable<Result<void>> exchange_in_drive(LibraryContext& context, Guid request, Guid drive) {
  if (!context.changer->may_exchange()) co_return Result<void>{};
  const auto plan =
      context.db.read([&](store::Reader& reader) { return make_plan(reader, request, drive); });
  if (!plan || !*plan) co_return Result<void>{};
  co_await unload_drive(context, (*plan)->target, false);
  if (!note_unloaded(context, drive)) co_return Result<void>{};
  Result<void> outcome;
  {
    const auto arm = co_await context.arm.lock();
    outcome = co_await exchange(context, request, drive);
  }
  if (context.arm_holds && !context.stopping) co_await empty_arm(context);
  co_return outcome;
}

}  // namespace ntms::operations
