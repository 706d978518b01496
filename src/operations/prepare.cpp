// SPDX-License-Identifier: MIT
#include "operations/prepare.h"

#include <algorithm>
#include <vector>

#include "operations/free_pool.h"
#include "operations/label_access.h"
#include "operations/lone_drive.h"
#include "operations/requests.h"
#include "operations/sides.h"
#include "runtime/events.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

// The sides that wait for their label, in the order of their numbers.
Result<std::vector<model::Side>> sides_to_label(LibraryContext& context, const Job& job) {
  return context.db.read([&](store::Reader& reader) -> Result<std::vector<model::Side>> {
    const auto request = unfinished(reader, job.request);
    if (!request) return fail(ERROR_CANCELLED, "the request is gone");
    auto sides = sides_of(reader, request->medium);
    if (is_lone_drive(context) && sides.size() > 1) {
      return fail(ERROR_NOT_SUPPORTED, "media of this kind cannot be prepared here");
    }
    std::erase_if(sides,
                  [](const model::Side& side) { return side.state != NTMS_PARTSTATE_UNPREPARED; });
    for (const model::Side& side : sides) {
      if (can_bring_up(context, side.side)) continue;
      return fail(ERROR_RESOURCE_NOT_AVAILABLE, context.name + " does not turn media over");
    }
    return sides;
  });
}

Result<void> fail_request(LibraryContext& context, const Job& job, const Error& error) {
  return context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, job.request)) {
      finish(writer, *request, NTMS_LM_FAILED, error.code, error.reason);
    }
    return {};
  });
}

// The side has this label from now on, whatever becomes of the request.
Result<void> record_label(LibraryContext& context, const WrittenLabel& label) {
  return context.db.write([&](store::Writer& writer) -> Result<void> {
    auto side = writer.find<model::Side>(label.side);
    if (!side) return {};
    side->omid_type = label.type;
    side->omid_id = label.id;
    side->omid_info = label.info;
    writer.update(*side);
    return {};
  });
}

// Labels one side. False when the request has ended, waits, or is left to the next owner.
asio::awaitable<bool> label_side(LibraryContext& context, const Job& job,
                                 const Labelling& labelling, std::vector<WrittenLabel>& written) {
  if (!co_await put_in_place(context, job)) co_return false;
  device::Drive& drive = *context.drives.at(job.element);
  Result<void> done;
  const auto label = co_await write_free_label(context, drive, job.request, job.side, labelling);
  done = label ? record_label(context, *label) : Result<void>(label.error());
  if (done) {
    written.push_back(*label);
    co_return true;
  }
  runtime::report(context.log, spdlog::level::err, runtime::Event::free_label_not_written,
                  context.name + ": " + done.error().reason);
  co_await undo(context, job, NTMS_LM_FAILED, done.error());
  co_return false;
}

}  // namespace

asio::awaitable<void> prepare(LibraryContext& context, const Job& request_job) {
  Job job = request_job;
  const auto sides = sides_to_label(context, job);
  if (!sides) {
    const auto failed = fail_request(context, job, sides.error());
    if (!failed) context.log->error("{}: {}", context.name, failed.error().reason);
    co_return;
  }
  const Labelling labelling = new_labelling(context);
  std::vector<WrittenLabel> written;
  for (const model::Side& side : *sides) {
    job.side = side.id;
    if (!co_await label_side(context, job, labelling, written)) co_return;
  }
  const auto marked = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (!written.empty()) record_failed_load(writer, job);  // nobody uses it in the drive
    return {};
  });
  if (!marked) context.log->error("{}: {}", context.name, marked.error().reason);
  if (!written.empty()) co_await take_home(context, job);
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, job.request)) {
      complete_write_scratch(writer, *request, written);
    }
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

}  // namespace ntms::operations
