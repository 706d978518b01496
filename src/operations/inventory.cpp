// SPDX-License-Identifier: MIT
#include "operations/inventory.h"

#include "operations/doors.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;

asio::awaitable<void> run_inventory(LibraryContext& context, Guid id) {
  bool slots_only = false;
  bool begun = false;
  const auto begin = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return {};
    begun = true;
    slots_only = request->option == 1;
    if (request->state != NTMS_LM_INPROCESS) start(writer, *request);
    return {};
  });
  if (!begin || !begun) co_return;

  const auto arm = co_await context.arm.lock();
  if (!co_await may_move(context)) {
    // What somebody is still changing is not worth looking at.
    const auto waits = context.db.write([&](store::Writer& writer) -> Result<void> {
      if (auto request = unfinished(writer, id)) {
        wait_for(writer, *request, why_blocked(context));
      }
      return {};
    });
    if (!waits) context.log->error("{}: {}", context.name, waits.error().reason);
    co_return;
  }
  // A stop that came while the robot was being asked leaves the slots marked.
  const auto wanted = [id](store::Writer& writer) {
    auto request = unfinished(writer, id);
    if (request && request->cancel) {
      finish(writer, *request, NTMS_LM_CANCELLED, ERROR_CANCELLED, "cancelled");
    } else if (request && request->stop) {
      finish(writer, *request, NTMS_LM_STOPPED, ERROR_SUCCESS, "stopped");
    } else {
      return request.has_value();
    }
    return false;
  };
  const auto end = [id](store::Writer& writer) {
    if (auto request = unfinished(writer, id)) finish(writer, *request, NTMS_LM_PASSED);
  };
  const auto refreshed = co_await refresh_inventory(context, slots_only, end, wanted);
  if (refreshed) co_return;
  context.log->error("{}: inventory failed: {}", context.name, refreshed.error().reason);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, id)) {
      finish(writer, *request, NTMS_LM_FAILED, refreshed.error().code, refreshed.error().reason);
    }
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

}  // namespace ntms::operations
