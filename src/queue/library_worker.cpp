// SPDX-License-Identifier: MIT
#include "queue/library_worker.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "model/states.h"
#include "operations/enabling.h"
#include "operations/inventory.h"
#include "operations/ports.h"
#include "operations/requests.h"

namespace ntms::queue {
namespace asio = boost::asio;
using model::LibraryRequest;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kRetryAttach{2000};
constexpr std::uint32_t kForce = 2;  // OperationOption FORCEIMMEDIATE

bool is_enabling(std::uint32_t operation) {
  return operation >= NTMS_LM_DISABLELIBRARY && operation <= NTMS_LM_ENABLEMEDIA;
}

}  // namespace

LibraryWorker::LibraryWorker(asio::any_io_executor executor, store::Database& database,
                             const runtime::Clock& clock, runtime::Log log,
                             operations::DeviceSetting setting, Lifetime lifetime,
                             std::function<void()> on_progress)
    : context_(executor, database, clock, std::move(log)),
      setting_(std::move(setting)),
      lifetime_(lifetime),
      on_progress_(std::move(on_progress)),
      wake_(executor, clock) {
  context_.name = setting_.uri;
}

void LibraryWorker::stop() {
  context_.stopping = true;
  if (round_) round_->notify();
  wake_.notify();
}

asio::awaitable<void> LibraryWorker::run() {
  while (!context_.stopping) {
    const auto now = std::chrono::steady_clock::now();
    if (!context_.changer && (!attempted_ || now - tried_attach_ >= kRetryAttach)) {
      co_await attach();
      tried_attach_ = std::chrono::steady_clock::now();
      if (!attempted_) {
        attempted_ = true;
        on_progress_();
      }
    }
    if (context_.stopping) break;
    if (idle()) co_await check_link();
    if (const auto dispatched = dispatch(); !dispatched) {
      context_.log->error("{}: {}", context_.name, dispatched.error().reason);
    }
    if (deleted_ && idle()) forget_library();
    if (context_.stopping) break;
    std::optional<milliseconds> look_again;
    if (!context_.changer) {
      look_again = kRetryAttach;
    } else if (port_in_question_) {
      look_again = context_.poll_interval();
    }
    co_await wake_.wait({}, look_again);
  }
  while (!idle()) co_await wake_.wait({});
  if (context_.changer) {
    // An orderly end leaves nothing locked behind, unless a round goes on under the next owner;
    // then the operator has access anyway.
    const auto arm = co_await context_.arm.lock();
    if (const auto unlocked = co_await context_.changer->prevent(false); !unlocked) {
      context_.log->debug("{}: {}", context_.name, unlocked.error().reason);
    }
  }
  stopped_ = true;
  on_progress_();
}

asio::awaitable<void> LibraryWorker::attach() {
  const auto configured = co_await operations::configure(context_, setting_);
  if (configured) {
    trouble_ = Error{};
    context_.log->info("{}: in place ({})", context_.name, setting_.uri);
    co_return;
  }
  if (trouble_.reason != configured.error().reason) {
    context_.log->warn("{}: {}", context_.name, configured.error().reason);
  }
  trouble_ = configured.error();
  note_absent(trouble_);
}

// A known library whose device does not answer is shown as not present, with the reason.
void LibraryWorker::note_absent(const Error& error) {
  const auto noted = context_.db.write([&](store::Writer& writer) -> Result<void> {
    Guid id = context_.library;
    if (id.is_null()) {
      const auto known = writer.first<model::Library>("t.uri=?1", setting_.uri);
      if (!known) return {};
      id = context_.library = known->id;  // requests that need no device are still served
    }
    operations::set_library_state(writer, id, NTMS_NOT_PRESENT, error.reason);
    return {};
  });
  if (!noted) context_.log->error("{}: {}", context_.name, noted.error().reason);
}

// Somebody has deleted the library. Nothing of it is held on to, so that a device that is there
// again becomes a library of its own.
void LibraryWorker::forget_library() {
  context_.log->info("{}: deleted", context_.name);
  deleted_ = false;
  context_.library = Guid{};
  context_.name = setting_.uri;
  context_.drives.clear();
  context_.changer.reset();
  context_.device_lock.reset();
  context_.inventory_stale = true;
  tried_at_.clear();
  if (lifetime_ == Lifetime::as_long_as_known) stop();
}

// After an operation that could not reach the device: is it still there? Asked only then, because
// devices that are polled for nothing disturb others on the same bus.
asio::awaitable<void> LibraryWorker::check_link() {
  if (!context_.changer) co_return;
  if (context_.changer->last_verdict().delivery == scsi::Delivery::delivered) co_return;
  const auto arm = co_await context_.arm.lock();
  const auto ready = co_await context_.changer->test_ready();
  if (ready.delivery == scsi::Delivery::delivered) {
    context_.inventory_stale = true;
    co_return;
  }
  context_.log->error("{}: lost: {}", context_.name, ready.words);
  trouble_ = device::to_error(ready);
  note_absent(trouble_);
  context_.drives.clear();
  context_.changer.reset();
  context_.inventory_stale = true;
}

Result<void> LibraryWorker::dispatch() {
  if (context_.library.is_null() || context_.stopping) return {};
  struct Rows {
    Requests requests;
    bool in_service = false;
    bool deleted = false;
    bool port_in_question = false;
    std::int64_t changes = 0;  // how far the change log has come
  };
  auto rows = context_.db.read([&](store::Reader& reader) {
    Rows found;
    found.requests = reader.list<LibraryRequest>(
        "t.library=?1 AND t.held=0 AND t.state IN (0,1,5,6)", context_.library);
    if (const auto library = reader.find<model::Library>(context_.library)) {
      found.in_service = library->enabled;
    } else {
      found.deleted = true;
    }
    found.port_in_question = operations::waits_for_empty_port(reader, context_.library);
    found.changes = reader.number("SELECT seq FROM sqlite_sequence WHERE name='change'");
    return found;
  });
  if (!rows) return rows.error();
  deleted_ = rows->deleted;
  if (deleted_) return {};
  // Class by class, within a class in the order of arrival, mounts by their order numbers (concepts
  // 15). Eject comes before dismount before mount.
  std::stable_sort(rows->requests.begin(), rows->requests.end(),
                   [](const LibraryRequest& a, const LibraryRequest& b) {
                     return std::pair(a.operation, a.order_number) <
                            std::pair(b.operation, b.order_number);
                   });
  dispatch_eject(rows->requests, rows->in_service);
  for (const LibraryRequest& request : rows->requests) {
    if (request.operation == NTMS_LM_EJECT || running_.contains(request.id)) continue;
    if (request.state == NTMS_LM_WAITING) {
      // What it waits for is in the database: before that has changed, trying again is no use.
      auto& tried = tried_at_[request.id];
      if (tried == rows->changes) continue;
      tried = rows->changes;
    }
    if (is_enabling(request.operation)) {
      if (!exclusive_) start(request.id, operations::run_enabling(context_, request.id), true);
    } else if (request.operation == NTMS_LM_INVENTORY) {
      if (!exclusive_ && rows->in_service && context_.changer) {
        start(request.id, operations::run_inventory(context_, request.id), true);
      }
    } else {
      // A row of a newer version of the library: it waits for a process that knows it.
      context_.log->debug("{}: a request of an unknown kind ({}) waits", context_.name,
                          request.operation);
    }
  }
  port_in_question_ = rows->port_in_question && !round_;
  const auto now = std::chrono::steady_clock::now();
  if (port_in_question_ && !looking_ && context_.changer &&
      now - looked_at_ >= context_.poll_interval()) {
    looking_ = true;
    looked_at_ = now;
    asio::co_spawn(context_.executor, operations::look_at_ports(context_),
                   [this](std::exception_ptr) {
                     looking_ = false;
                     wake_.notify();
                   });
  }
  return {};
}

void LibraryWorker::dispatch_eject(const Requests& requests, bool in_service) {
  if (!in_service || !context_.changer) return;
  if (round_) {
    round_->notify();
    // Forced ejects do not wait behind the queue: they join the round that has the port.
    const auto joins = [this](const LibraryRequest& request) {
      return request.operation == NTMS_LM_EJECT && request.option == kForce &&
             request.state == NTMS_LM_QUEUED && request.round != round_->id();
    };
    if (std::none_of(requests.begin(), requests.end(), joins)) return;
    const auto joined = context_.db.write([&](store::Writer& writer) -> Result<void> {
      for (const LibraryRequest& request : requests) {
        if (!joins(request)) continue;
        if (auto stored = operations::unfinished(writer, request.id)) {
          stored->round = round_->id();
          operations::save_progress(writer, *stored);
        }
      }
      return {};
    });
    if (!joined) context_.log->error("{}: {}", context_.name, joined.error().reason);
    return;
  }
  // An interrupted round first, then forced requests, then the oldest.
  const LibraryRequest* next = nullptr;
  const auto rank = [](const LibraryRequest& request) {
    if (request.state != NTMS_LM_QUEUED) return 0;
    return request.option == kForce ? 1 : 2;
  };
  for (const LibraryRequest& request : requests) {
    if (request.operation != NTMS_LM_EJECT) continue;
    if (next == nullptr || rank(request) < rank(*next)) next = &request;
  }
  if (next != nullptr) start_round(next->round);
}

void LibraryWorker::start_round(const Guid& round) {
  round_ = std::make_unique<operations::EjectRound>(context_, round);
  asio::co_spawn(context_.executor, round_->run(), [this](std::exception_ptr error) {
    if (error) context_.log->critical("{}: an eject ended by an exception", context_.name);
    round_.reset();
    wake_.notify();
  });
}

void LibraryWorker::start(const Guid& request, asio::awaitable<void> operation, bool exclusive) {
  running_.insert(request);
  exclusive_ = exclusive;
  asio::co_spawn(context_.executor, std::move(operation),
                 [this, request](std::exception_ptr error) {
                   if (error)
                     context_.log->critical("{}: a request ended by an exception", context_.name);
                   running_.erase(request);
                   exclusive_ = false;
                   wake_.notify();
                 });
}

}  // namespace ntms::queue
