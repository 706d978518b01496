// SPDX-License-Identifier: MIT
#include "queue/library_worker.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "model/states.h"
#include "operations/arm_recovery.h"
#include "operations/cleaner_slot.h"
#include "operations/cleaning.h"
#include "operations/device_states.h"
#include "operations/dismount.h"
#include "operations/doors.h"
#include "operations/drive_health.h"
#include "operations/eject.h"
#include "operations/enabling.h"
#include "operations/identify.h"
#include "operations/inject.h"
#include "operations/inventory.h"
#include "operations/lone_drive.h"
#include "operations/messages.h"
#include "operations/mount.h"
#include "operations/ports.h"
#include "operations/requests.h"
#include "runtime/events.h"

namespace ntms::queue {
namespace asio = boost::asio;
using model::LibraryRequest;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kRetryAttach{2000};
// How many poll intervals lie between two looks at a drive that does not answer.
constexpr int kDriveLooks = 10;
constexpr std::size_t kIdentificationsAhead = 8;
constexpr std::uint32_t kForce = 2;  // OperationOption FORCEIMMEDIATE
constexpr int kMostOvertaken = 16;   // by requests that come later and were easier to serve

// Whether a request goes through the mail slot, in a library that has one.
bool is_for_port(std::uint32_t operation) {
  return operation == NTMS_LM_EJECT || operation == NTMS_LM_EJECTCLEANER ||
         operation == NTMS_LM_INJECT || operation == NTMS_LM_INJECTCLEANER;
}

bool is_eject(std::uint32_t operation) {
  return operation == NTMS_LM_EJECT || operation == NTMS_LM_EJECTCLEANER;
}

bool is_in_drive(const LibraryRequest& request) {
  return request.operation == NTMS_LM_MOUNT || request.operation == NTMS_LM_WRITESCRATCH ||
         (request.operation == NTMS_LM_CLASSIFY && !request.medium.is_null());
}

bool is_enabling(std::uint32_t operation) {
  return operation >= NTMS_LM_DISABLELIBRARY && operation <= NTMS_LM_ENABLEMEDIA;
}

}  // namespace

LibraryWorker::LibraryWorker(asio::any_io_executor executor, store::Database& database,
                             const runtime::Clock& clock, runtime::Log log,
                             operations::DeviceSetting setting, Lifetime lifetime,
                             std::function<void()> on_progress,
                             std::shared_ptr<operations::LabelReader> labels)
    : context_(executor, database, clock, std::move(log)),
      setting_(std::move(setting)),
      lifetime_(lifetime),
      on_progress_(std::move(on_progress)),
      wake_(executor, clock) {
  context_.name = setting_.uri;
  if (labels) context_.labels = std::move(labels);
}

void LibraryWorker::stop() {
  context_.stopping = true;
  if (port_) port_->notify();
  if (doors_) doors_->notify();
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
    } else if (port_in_question_ || insertion_awaited_ || drive_in_question_ || context_.blocked) {
      look_again = context_.poll_interval();
    }
    co_await wake_.wait(next_due_, look_again);
  }
  while (!idle()) co_await wake_.wait({});
  if (context_.changer) {
    // An orderly end leaves nothing locked behind, unless the operator has been given the port or
    // the doors; then the next owner goes on and they are unlocked anyway.
    const auto arm = co_await context_.arm.lock();
    if (const auto unlocked = co_await context_.changer->prevent(false); !unlocked) {
      context_.log->debug("{}: {}", context_.name, unlocked.error().reason);
    }
  }
  stopped_ = true;
  on_progress_();
}

asio::awaitable<void> LibraryWorker::attach() {
  bool defective = false;
  const auto configured = co_await operations::configure(context_, setting_, defective);
  if (configured) {
    trouble_ = Error{};
    context_.log->info("{}: in place ({})", context_.name, setting_.uri);
    co_return;
  }
  if (trouble_.reason != configured.error().reason) {
    runtime::report(context_.log, spdlog::level::warn, runtime::Event::library_not_configured,
                    context_.name + ": " + configured.error().reason);
  }
  trouble_ = configured.error();
  if (trouble_.code == ERROR_INVALID_LIBRARY) {
    stop();  // a drive of another library: nothing that waiting could change
    co_return;
  }
  note_trouble(trouble_, defective);
}

// A known library whose device does not answer is shown as not present, with the reason; one that
// answers with a hardware error when it has been found needs service.
void LibraryWorker::note_trouble(const Error& error, bool defective) {
  const auto noted = context_.db.write([&](store::Writer& writer) -> Result<void> {
    Guid id = context_.library;
    if (id.is_null()) {
      const auto known = writer.first<model::Library>("t.uri=?1", setting_.uri);
      if (!known) return {};
      id = context_.library = known->id;  // requests that need no device are still served
    }
    const auto library = writer.find<model::Library>(id);
    if (!library) return {};
    if (defective && model::next_state(library->operational_state, model::DeviceEvent::defect)) {
      operations::note_defect(writer, context_,
                              operations::messages::needs_service(library->name, error.reason));
    } else {
      operations::apply_to_library(writer, id, model::DeviceEvent::lost, error.reason);
    }
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
  runtime::report(context_.log, spdlog::level::err, runtime::Event::library_not_managed,
                  context_.name + ": lost: " + ready.words);
  trouble_ = device::to_error(ready);
  note_trouble(trouble_, false);
  context_.drives.clear();
  context_.changer.reset();
  context_.inventory_stale = true;
}

Result<LibraryWorker::Rows> LibraryWorker::read_rows() {
  auto rows = context_.db.read([&](store::Reader& reader) {
    Rows found;
    // Identifications come last, and there can be one for every slot: the next few are enough.
    found.requests = reader.list<LibraryRequest>(
        "t.library=?1 AND t.held=0 AND t.state IN (0,1,5,6) AND (t.operation<>19 OR t.id IN"
        " (SELECT id FROM library_request WHERE library=?1 AND operation=19"
        "  AND state IN (0,1,5,6) ORDER BY id LIMIT ?2))",
        context_.library,
        static_cast<std::int64_t>(2 * context_.drives.size() + kIdentificationsAhead));
    if (const auto library = reader.find<model::Library>(context_.library)) {
      found.in_service = library->enabled;
      found.stand_alone = library->type == NTMS_LIBRARYTYPE_STANDALONE;
    } else {
      found.deleted = true;
    }
    found.has_ports =
        reader.number("SELECT EXISTS (SELECT 1 FROM port WHERE library=?1)", context_.library) != 0;
    found.port_in_question = operations::waits_for_empty_port(reader, context_.library);
    found.insertion_awaited = operations::awaits_insertion(reader, context_.library);
    found.repaired = operations::is_said_to_be_repaired(reader, context_.library);
    found.drive_in_question = operations::is_drive_in_question(reader, context_);
    found.changes = reader.number("SELECT seq FROM sqlite_sequence WHERE name='change'");
    return found;
  });
  if (!rows) return rows;
  // Class by class, within a class in the order of arrival (concepts 15). Eject comes before
  // dismount before mount; mounts go by their order numbers.
  std::stable_sort(rows->requests.begin(), rows->requests.end(),
                   [](const LibraryRequest& a, const LibraryRequest& b) {
                     return std::pair(a.operation, a.order_number) <
                            std::pair(b.operation, b.order_number);
                   });
  return rows;
}

Result<void> LibraryWorker::dispatch() {
  if (context_.library.is_null() || context_.stopping) return {};
  const auto rows = read_rows();
  if (!rows) return rows.error();
  deleted_ = rows->deleted;
  forget_finished(rows->requests);
  next_due_.reset();
  for (const LibraryRequest& request : rows->requests) {
    if (request.state != NTMS_LM_DEFERRED || running_.contains(request.id)) continue;
    next_due_ = std::min(request.deadline, next_due_.value_or(request.deadline));
  }
  if (deleted_) {
    if (port_) port_->notify();
    if (doors_) doors_->notify();
    return {};
  }
  if (doors_) {
    doors_->notify();  // everything else waits until the operator has finished
  } else {
    if (port_) {
      port_->notify();
      join_forced_ejects(rows->requests);
    }
    passed_over_.clear();
    drives_left_.reset();
    drives_kept_ = false;
    for (const LibraryRequest& request : rows->requests) {
      if (running_.contains(request.id)) continue;
      if (!dispatch_one(request, *rows)) break;
    }
    if (!doors_ && !port_ && rows->in_service && rows->has_ports && !rows->stand_alone &&
        context_.changer && !context_.blocked) {
      serve_port(rows->requests);
    }
  }
  if (context_.arm_holds && rows->in_service && context_.changer && !context_.blocked && !doors_ &&
      !looking_) {
    look(operations::empty_arm(context_));
  }
  port_in_question_ = rows->port_in_question && !port_ && !doors_;
  insertion_awaited_ = rows->insertion_awaited && rows->in_service && !exclusive_;
  drive_in_question_ = rows->drive_in_question && rows->in_service && !exclusive_;
  const auto now = std::chrono::steady_clock::now();
  if (drive_in_question_ && context_.changer && !looking_at_drives_ &&
      now - looked_at_drives_ >= kDriveLooks * context_.poll_interval()) {
    look_at_drives();
  }
  if (looking_ || doors_ || !context_.changer || now - looked_at_ < context_.poll_interval()) {
    return {};
  }
  if (rows->repaired) {
    look(look_after_repair());
  } else if (context_.blocked) {
    look(operations::look_at_doors(context_));
  } else if (rows->stand_alone) {
    if (insertion_awaited_ || port_in_question_) look(operations::look_at_lone_drive(context_));
  } else if (port_in_question_) {
    look(operations::look_at_ports(context_));
  }
  return {};
}

// Requests that open the doors: those for door access and, without a port, those for cleaners.
bool LibraryWorker::is_for_doors(const LibraryRequest& request, const Rows& rows) const {
  if (request.operation == NTMS_LM_DOORACCESS) return true;
  return !rows.has_ports &&
         (request.operation == NTMS_LM_INJECTCLEANER || request.operation == NTMS_LM_EJECTCLEANER);
}

// Starts a request if it can be started now. False when nothing that comes after it may be.
bool LibraryWorker::dispatch_one(const LibraryRequest& request, const Rows& rows) {
  const bool device = rows.in_service && context_.changer != nullptr;
  if (is_for_doors(request, rows)) {
    if (!device) return true;
    // It needs the library for itself; what is under way ends first, and nothing new begins.
    if (idle() && !exclusive_) start_doors(request.id);
    return false;
  }
  if (is_in_drive(request)) {
    if (device && !context_.blocked && !exclusive_) serve_in_drive(request, rows);
    return true;
  }
  if (request.state == NTMS_LM_WAITING && !is_for_port(request.operation)) {
    // What it waits for is in the database: before that has changed, trying again is no use.
    auto& tried = tried_at_[request.id];
    if (tried == rows.changes) return true;
    tried = rows.changes;
  }
  const bool ready = device && !context_.blocked && !exclusive_;
  if (is_enabling(request.operation)) {
    if (!exclusive_) start(request.id, operations::run_enabling(context_, request.id), true);
  } else if (request.operation == NTMS_LM_INVENTORY) {
    // That of a door access is carried out with it.
    if (ready && request.work_item.is_null()) {
      start(request.id, operations::run_inventory(context_, request.id), true);
    }
  } else if (request.operation == NTMS_LM_DISMOUNT) {
    if (ready && is_due(request)) {
      start(request.id, operations::run_dismount(context_, request.id), false);
    }
  } else if (rows.stand_alone && is_for_port(request.operation)) {
    if (ready && context_.busy_drives.empty()) start_at_lone_drive(request);
  } else if (request.operation == NTMS_LM_CLEANDRIVE) {
    if (ready && !context_.busy_drives.contains(request.drive)) {
      start(request.id, operations::run_cleaning(context_, request.id), false);
    }
  } else if (request.operation == NTMS_LM_CLASSIFY && request.medium.is_null()) {
    if (ready) start(request.id, operations::look_into_slot(context_, request.id), false);
  } else if (request.operation == NTMS_LM_RESERVECLEANER ||
             request.operation == NTMS_LM_RELEASECLEANER) {
    if (rows.in_service) finish_without_device(request.id);
  } else if (!is_for_port(request.operation)) {
    // A row of a newer version of the library: it waits for a process that knows it.
    context_.log->debug("{}: a request of an unknown kind ({}) waits", context_.name,
                        request.operation);
  }
  return true;
}

// Deferred dismounts are due when their delay is over and nobody else works with the drive.
bool LibraryWorker::is_due(const LibraryRequest& request) const {
  if (context_.busy_drives.contains(request.drive)) return false;
  return request.state != NTMS_LM_DEFERRED || context_.clock.now_ms() >= request.deadline;
}

// A mount that waits for drives does not keep later ones from those it cannot use, or not yet (it
// needs several together, or a cartridge stays in its drive for a request that asks for it). When
// enough of them have overtaken it, they have to wait for it.
void LibraryWorker::serve_in_drive(const LibraryRequest& request, const Rows& rows) {
  const bool withdrawn = request.cancel || request.stop;
  const bool begun = request.state == NTMS_LM_INPROCESS;  // under another owner
  if (!drives_left_) {
    // Only now: a dismount that has been started just before has given its drive back.
    const auto idle = context_.db.read(
        [&](store::Reader& reader) { return operations::drives_to_give(reader, context_); });
    drives_left_ = idle ? *idle : 0;
  }
  // An identification may need no drive but the one that its cartridge stands in.
  const bool none_left = *drives_left_ == 0 && request.operation != NTMS_LM_CLASSIFY;
  const auto overtaken = overtaken_.find(request.id);
  const bool overdue = overtaken != overtaken_.end() && overtaken->second >= kMostOvertaken;
  const bool keeps_drives = overdue && !request.drive_given;
  if (request.state == NTMS_LM_WAITING && !withdrawn) {
    if (drives_kept_) return;
    // What it waits for is in the database: before that has changed, trying again is no use, and it
    // is none without a drive. There may be thousands of mounts.
    if (none_left || tried_at_[request.id] == rows.changes) {
      if (!lacks_drive_.contains(request.id)) return;
      passed_over_.push_back(request.id);
      drives_kept_ = keeps_drives;
      return;
    }
  }
  tried_at_[request.id] = rows.changes;
  // Who comes new waits behind those that were passed by without a look.
  auto turn = overdue ? operations::Turn::overdue : operations::Turn::now;
  if (drives_kept_ || none_left) turn = operations::Turn::later;
  const auto choice = operations::choose_drive(context_, request.id, turn);
  if (!choice) {
    context_.log->error("{}: {}", context_.name, choice.error().reason);
  } else if (!choice->drive.is_null()) {
    if (!begun) {
      for (const Guid& other : passed_over_) ++overtaken_[other];
      if (*drives_left_ > 0) --*drives_left_;
    }
    overtaken_.erase(request.id);
    lacks_drive_.erase(request.id);
    start(request.id, operations::run_in_drive(context_, request.id, choice->drive), false);
  } else if (choice->lacks_drive) {
    passed_over_.push_back(request.id);
    lacks_drive_.insert(request.id);
    drives_kept_ = drives_kept_ || keeps_drives;
  } else {
    lacks_drive_.erase(request.id);  // it waits for something else
  }
}

// What is remembered of requests that have ended is of no use.
void LibraryWorker::forget_finished(const Requests& requests) {
  if (tried_at_.size() + overtaken_.size() <= 2 * requests.size()) return;
  std::set<Guid> unfinished;
  for (const LibraryRequest& request : requests) unfinished.insert(request.id);
  const auto ended = [&](const auto& entry) { return !unfinished.contains(entry.first); };
  std::erase_if(tried_at_, ended);
  std::erase_if(overtaken_, ended);
  std::erase_if(lacks_drive_, [&](const Guid& id) { return !unfinished.contains(id); });
}

// Its one drive is all there is: it is done with what is under way there first.
void LibraryWorker::start_at_lone_drive(const LibraryRequest& request) {
  if (is_eject(request.operation)) {
    start(request.id, operations::run_lone_eject(context_, request.id), false);
  } else {
    start(request.id, operations::run_lone_inject(context_, request.id), false);
  }
}

void LibraryWorker::finish_without_device(const Guid& id) {
  const auto done = context_.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = operations::unfinished(writer, id)) {
      operations::run_cleaner_slot(writer, *request);
    }
    return {};
  });
  if (!done) context_.log->error("{}: {}", context_.name, done.error().reason);
}

// Forced ejects do not wait behind the queue: they join the round that has the port.
void LibraryWorker::join_forced_ejects(const Requests& requests) {
  if (!port_->takes_forced_ejects()) return;
  const auto joins = [this](const LibraryRequest& request) {
    return request.operation == NTMS_LM_EJECT && request.option == kForce &&
           request.state == NTMS_LM_QUEUED && request.round != port_->id();
  };
  if (std::none_of(requests.begin(), requests.end(), joins)) return;
  const auto joined = context_.db.write([&](store::Writer& writer) -> Result<void> {
    for (const LibraryRequest& request : requests) {
      if (!joins(request)) continue;
      if (auto stored = operations::unfinished(writer, request.id)) {
        stored->round = port_->id();
        operations::save_progress(writer, *stored);
      }
    }
    return {};
  });
  if (!joined) context_.log->error("{}: {}", context_.name, joined.error().reason);
}

// Gives the port to the next request that needs it: what was interrupted first, then forced ejects,
// then class by class in the order of arrival.
void LibraryWorker::serve_port(const Requests& requests) {
  const LibraryRequest* next = nullptr;
  const auto rank = [](const LibraryRequest& request) {
    if (request.state != NTMS_LM_QUEUED) return 0;
    return request.operation == NTMS_LM_EJECT && request.option == kForce ? 1 : 2;
  };
  for (const LibraryRequest& request : requests) {
    if (!is_for_port(request.operation)) continue;
    if (next == nullptr || rank(request) < rank(*next)) next = &request;
  }
  if (next == nullptr) return;
  if (is_eject(next->operation)) {
    start_port(std::make_unique<operations::EjectRound>(context_, next->round));
  } else {
    start_port(std::make_unique<operations::Inject>(context_, next->id));
  }
}

void LibraryWorker::start_port(std::unique_ptr<operations::PortOperation> operation) {
  port_ = std::move(operation);
  asio::co_spawn(context_.executor, port_->run(), [this](std::exception_ptr error) {
    if (error) context_.log->critical("{}: a request ended by an exception", context_.name);
    port_.reset();
    wake_.notify();
  });
}

void LibraryWorker::start_doors(const Guid& request) {
  context_.blocked = context_.paused =
      false;  // who has opened it, with or without asking, has it now
  doors_ = std::make_unique<operations::DoorAccess>(context_, request);
  asio::co_spawn(context_.executor, doors_->run(), [this](std::exception_ptr error) {
    if (error) context_.log->critical("{}: a request ended by an exception", context_.name);
    doors_.reset();
    wake_.notify();
  });
}

// The operator has completed the request for service: does the device answer as it should?
asio::awaitable<void> LibraryWorker::look_after_repair() {
  const auto arm = co_await context_.arm.lock();
  const auto ready = co_await context_.changer->test_ready();
  const auto noted = context_.db.write([&](store::Writer& writer) -> Result<void> {
    if (ready.ok()) {
      operations::note_working(writer, context_);
    } else {
      operations::note_defect(
          writer, context_, operations::messages::still_needs_service(context_.name, ready.words));
    }
    return {};
  });
  if (!noted) context_.log->error("{}: {}", context_.name, noted.error().reason);
}

// One look at a time; it is in nobody's way.
void LibraryWorker::look(asio::awaitable<void> look) {
  looking_ = true;
  looked_at_ = std::chrono::steady_clock::now();
  const bool blocked = context_.blocked;
  asio::co_spawn(context_.executor, std::move(look), [this, blocked](std::exception_ptr) {
    looking_ = false;
    if (blocked && !context_.blocked) tried_at_.clear();  // what waited for it may go on
    wake_.notify();
  });
}

// Beside the looks above: a drive that does not answer takes its time not to.
void LibraryWorker::look_at_drives() {
  looking_at_drives_ = true;
  looked_at_drives_ = std::chrono::steady_clock::now();
  asio::co_spawn(context_.executor, operations::look_at_drives(context_),
                 [this](std::exception_ptr error) {
                   if (error)
                     context_.log->critical("{}: a look ended by an exception", context_.name);
                   looking_at_drives_ = false;
                   wake_.notify();
                 });
}

void LibraryWorker::start(const Guid& request, asio::awaitable<void> operation, bool exclusive) {
  running_.insert(request);
  exclusive_ = exclusive_ || exclusive;
  asio::co_spawn(context_.executor, std::move(operation),
                 [this, request, exclusive](std::exception_ptr error) {
                   if (error)
                     context_.log->critical("{}: a request ended by an exception", context_.name);
                   running_.erase(request);
                   if (exclusive) exclusive_ = false;
                   wake_.notify();
                 });
}

}  // namespace ntms::queue
