// SPDX-License-Identifier: MIT
#include "operations/doors.h"

#include "operations/element_states.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

// The object that a request to close the library is about.
std::pair<std::uint32_t, Guid> closing_object(store::Reader& reader, const Guid& library) {
  const auto door = reader.first<model::Door>("t.library=?1", library);
  return door ? std::pair<std::uint32_t, Guid>(NTMS_IEDOOR, door->id)
              : std::pair<std::uint32_t, Guid>(NTMS_LIBRARY, library);
}

// How long a library may become ready before it counts as paused.
constexpr auto kMoment = std::chrono::seconds(10);

// What the operator is asked for while the robot stands still.
std::string plea(const LibraryContext& context) {
  return context.paused ? messages::end_the_pause(context.name)
                        : messages::close_the_library(context.name);
}

void note_paused(LibraryContext& context, const std::string& words) {
  context.blocked = context.paused = true;
  context.inventory_stale = true;
  context.log->warn("{}: paused: {}", context.name, words);
  const auto deadline =
      context.db.read([&](store::Reader& reader) { return door_deadline(reader, context); });
  if (deadline) context.close_by = *deadline;
  if (!deadline) context.log->error("{}: {}", context.name, deadline.error().reason);
}

void note_opened(LibraryContext& context, const std::string& words) {
  context.blocked = true;
  context.paused = false;
  context.inventory_stale = true;
  context.log->warn("{}: open to somebody's hands: {}", context.name, words);
  const auto noted = context.db.write([&](store::Writer& writer) -> Result<void> {
    apply_to_doors(writer, context.library, model::DoorEvent::opened);
    context.close_by = door_deadline(writer, context);
    return {};
  });
  if (!noted) context.log->error("{}: {}", context.name, noted.error().reason);
}

}  // namespace

std::int64_t door_deadline(store::Reader& reader, const LibraryContext& context) {
  constexpr std::int64_t kWithoutDoors = 1800;  // seconds; the default of MaxOpenSecs
  const bool has_doors =
      reader.number("SELECT count(*) FROM door WHERE library=?1", context.library) != 0;
  const std::int64_t seconds =
      has_doors
          ? reader.number("SELECT max(max_open_secs) FROM door WHERE library=?1", context.library)
          : kWithoutDoors;
  return context.clock.now_ms() + seconds * 1000;
}

void ask_to_close(store::Writer& writer, const LibraryContext& context) {
  const auto [type, object] = closing_object(writer, context.library);
  const std::string message = plea(context);
  if (writer.number("SELECT count(*) FROM operator_request WHERE arg1=?1 AND state IN (1,2,3)"
                    " AND by_system=1 AND message=?2",
                    object, message) != 0) {
    return;
  }
  if (!context.paused) apply_to_doors(writer, context.library, model::DoorEvent::overdue);
  post_device_service(writer, type, object, message);
}

std::uint32_t newest_asked(store::Reader& reader) {
  return static_cast<std::uint32_t>(
      reader.number("SELECT coalesce(max(id), 0) FROM operator_request"));
}

bool was_answered(store::Reader& reader, const LibraryContext& context, std::uint32_t after) {
  return reader.number(
             "SELECT count(*) FROM operator_request WHERE by_system=1 AND message=?1 AND state=?2"
             " AND id>?3",
             messages::close_the_library(context.name), NTMS_OPSTATE_COMPLETE, after) != 0;
}

void note_closed(store::Writer& writer, const LibraryContext& context) {
  apply_to_doors(writer, context.library, model::DoorEvent::closed);
  for (auto& request : writer.list<model::OperatorRequest>(
           "t.state IN (1,2,3) AND t.by_system=1 AND t.message IN (?1,?2)",
           messages::close_the_library(context.name), messages::end_the_pause(context.name))) {
    complete_request(writer, request);
  }
}

asio::awaitable<bool> may_move(LibraryContext& context) {
  auto ready = co_await context.changer->test_ready();
  if (ready.action == device::Action::wait && !context.paused) {
    ready = co_await context.changer->wait_ready(kMoment);
  }
  if (ready.action == device::Action::operator_needed) {
    if (!context.blocked || context.paused) note_opened(context, ready.words);
    co_return false;
  }
  if (ready.action == device::Action::wait) {
    if (!context.blocked) note_paused(context, ready.words);
    co_return false;
  }
  co_return true;
}

std::string why_blocked(const LibraryContext& context) {
  return context.paused ? messages::library_is_paused(context.name)
                        : messages::library_is_open(context.name);
}

asio::awaitable<bool> is_blocked(LibraryContext& context) {
  co_return !co_await may_move(context);
}

asio::awaitable<void> look_at_doors(LibraryContext& context) {
  const auto arm = co_await context.arm.lock();
  if (!context.blocked || !context.changer) co_return;
  const auto seen = co_await context.changer->look_at_doors();
  const bool open = seen.verdict.action == device::Action::operator_needed;
  if (open && context.paused) note_opened(context, seen.verdict.words);
  if (open || (context.paused && seen.verdict.action == device::Action::wait)) {
    if (context.clock.now_ms() < context.close_by) co_return;
    const auto asked = context.db.write([&](store::Writer& writer) -> Result<void> {
      ask_to_close(writer, context);
      return {};
    });
    if (!asked) context.log->error("{}: {}", context.name, asked.error().reason);
    co_return;
  }
  if (!seen.verdict.ok()) co_return;  // becoming ready, or out of reach: nothing is known yet
  context.log->info("{}: {}", context.name, context.paused ? "goes on" : "closed again");
  const auto closed = [&](store::Writer& writer) { note_closed(writer, context); };
  if (const auto fresh = co_await refresh_inventory(context, false, closed); !fresh) {
    context.log->error("{}: inventory: {}", context.name, fresh.error().reason);
    co_return;
  }
  context.blocked = context.paused = false;
}

}  // namespace ntms::operations
