// SPDX-License-Identifier: MIT
#include "host/server.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <new>

#include "model/states.h"
#include "operations/cleaning_queue.h"
#include "operations/identify.h"
#include "operations/requests.h"
#include "platform/files.h"
#include "platform/spawn.h"
#include "platform/system.h"
#include "platform/threads.h"
#include "runtime/events.h"
#include "transport/discovery.h"

namespace ntms::host {
namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

namespace {

// How soon the death of an owner is noticed.
constexpr milliseconds kTick{250};
// How often finished requests and old changes are looked for. By the real clock: in virtual time
// days pass in no time.
constexpr seconds kKeepHouse{1};
// A process that may not open the devices leaves them to others for this long.
constexpr seconds kResigned{30};

constexpr std::string_view kReady = "ready";  // the owner has configured the devices
constexpr std::string_view kBoot = "boot";    // which start of the machine the requests belong to
constexpr std::string_view kOwner = "owner";  // process id of the owner, for people

// The machine was started anew: nobody waits for the old requests any more (concepts 20, step 2).
// What the library itself wanted to know of its media it still wants to know.
void start_service(store::Writer& writer) {
  operations::forget_queued_cleanings(writer);
  std::vector<Guid> unidentified;
  for (auto& request : writer.list<model::LibraryRequest>("t.state IN (0,1,5,6)")) {
    if (request.operation == NTMS_LM_CLASSIFY && request.round.is_null()) {
      unidentified.push_back(request.medium);
    }
    request.phase = model::Phase::none;
    operations::finish(writer, request, NTMS_LM_CANCELLED, ERROR_CANCELLED,
                       "the service was started anew");
  }
  for (auto& medium :
       writer.list<model::PhysicalMedium>("t.media_state=?1", NTMS_MEDIASTATE_INUSE)) {
    medium.media_state = NTMS_MEDIASTATE_IDLE;
    writer.update(medium);
  }
  for (const Guid& id : unidentified) {
    const auto medium = writer.find<model::PhysicalMedium>(id);
    if (medium) operations::queue_identification(writer, *medium, operations::the_library());
  }
  for (const auto& library :
       writer.list<model::Library>("t.type=?1 AND t.enabled=1 AND t.inventory_method=?2",
                                   NTMS_LIBRARYTYPE_ONLINE, NTMS_INVENTORY_OMID)) {
    operations::Asker asker = operations::the_library();
    asker.round = Guid::make();
    operations::queue_identification_of_all(writer, library.id, asker);
  }
}

}  // namespace

Server::Server(std::filesystem::path directory)
    : directory_(std::move(directory)), work_(io_.get_executor()), ticker_(io_) {}

Result<std::shared_ptr<Server>> Server::start(const std::filesystem::path& directory) {
  std::shared_ptr<Server> server(new Server(directory));
  if (const auto opened = server->open(); !opened) return opened.error();
  server->thread_ = platform::start_thread([server] {
    platform::name_current_thread("ntms-engine");
    server->io_.run();
  });
  asio::post(server->io_, [server = server.get()] { server->tick(); });
  return server;
}

Server::~Server() {
  if (thread_.joinable()) thread_.detach();  // only on the engine's own thread, which is ending
}

Result<void> Server::open() {
  if (auto prepared = platform::prepare_data_directory(directory_); !prepared) return prepared;
  log_ = runtime::open_log(directory_);
  follow_virtual_clock();
  auto sessions = platform::FileLock::open(directory_ / "sessions.lock");
  if (!sessions) return sessions.error();
  auto owner = platform::FileLock::open(directory_ / "owner.lock");
  if (!owner) return owner.error();
  sessions_lock_.emplace(std::move(*sessions));
  owner_lock_.emplace(std::move(*owner));
  if (auto joined = join_sessions(); !joined) return joined;
  auto database = store::Database::open(
      directory_, {[this] { return clock_.utc_us(); }, [this] { on_commit(); }});
  if (!database) {
    runtime::report(log_, spdlog::level::err, runtime::Event::library_not_managed,
                    "the database in " + platform::path_text(directory_) +
                        " cannot be used: " + database.error().reason);
    return database.error();
  }
  database_ = std::move(*database);
  auto port = platform::WakePort::open(io_.get_executor(), directory_, [this] { on_wake(); });
  if (!port) return port.error();
  wake_port_ = std::move(*port);
  return {};
}

void Server::on_commit() {
  wake_waiters();
  if (wake_port_) wake_port_->ring_all();
  if (!wake_posted_.exchange(true)) asio::post(io_, [this] { on_wake(); });
}

void Server::on_wake() {
  wake_posted_ = false;
  for (const auto& worker : workers_) worker->wake();
  // The owner may just have left; taking over need not wait for the next tick.
  if (!owner_ && !stopping_ && steady_clock::now() >= may_own_from_ &&
      owner_lock_->try_exclusive()) {
    if (const auto owning = become_owner(); !owning) resign(owning.error().reason);
  }
  wake_waiters();
}

void Server::wake_waiters() {
  {
    const std::lock_guard lock(mutex_);
    ++heard_;
  }
  progress_.notify_all();
}

std::uint64_t Server::changes_heard() const {
  const std::lock_guard lock(mutex_);
  return heard_;
}

std::uint64_t Server::wait_for_change(std::uint64_t seen, steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  progress_.wait_until(lock, deadline, [&] { return heard_ != seen; });
  return heard_;
}

void Server::tick() {
  if (stopping_) return;
  on_wake();
  if (owner_ && housekeeping_ && steady_clock::now() >= keep_house_at_) keep_house();
  watch_devices();
  ticker_.expires_after(kTick);
  ticker_.async_wait([this](const boost::system::error_code& error) {
    if (!error) tick();
  });
}

// Clears away a portion of what is over. What is left for now waits for the next tick.
void Server::keep_house() {
  const auto more = housekeeping_->run();
  keep_house_at_ = steady_clock::now();
  if (!more || !*more) keep_house_at_ += kKeepHouse;
  const std::string trouble = more ? std::string() : more.error().reason;
  if (!trouble.empty() && trouble != housekeeping_trouble_) {
    log_->warn("old records could not be deleted: {}", trouble);
  }
  housekeeping_trouble_ = trouble;
}

const labels::LabelLibraries& Server::label_libraries() {
  std::call_once(label_libraries_loaded_, [this] {
    label_libraries_ =
        labels::LabelLibraries::load(platform::registered_label_libraries(directory_),
                                     [this](const std::string& words) { log_->warn("{}", words); });
  });
  return label_libraries_;
}

Result<void> Server::become_owner() {
  owner_ = true;
  announced_ = false;
  Configuration configuration = read_configuration(directory_);
  const std::string boot = platform::boot_identity();
  std::vector<model::Library> known;
  const auto taken = database_->write([&](store::Writer& writer) -> Result<void> {
    operations::create_fixed_objects(writer);
    if (writer.text_setting(kBoot) != boot) {
      start_service(writer);
      writer.set_setting(kBoot, boot);
    }
    operations::set_identifies_new_media(writer, configuration.identify_new_media);
    writer.set_setting(kReady, std::int64_t{0});
    writer.set_setting(kOwner, std::int64_t{platform::process_id()});
    known = writer.list<model::Library>("t.type IN (?1,?2)", NTMS_LIBRARYTYPE_ONLINE,
                                        NTMS_LIBRARYTYPE_STANDALONE);
    return {};
  });
  if (!taken) return taken;
  log_->info("owner of the robots of {}", platform::path_text(directory_));
  housekeeping_.emplace(*database_, clock_);
  keep_house_at_ = {};
  label_reader_ = std::make_shared<operations::LabelReader>(label_libraries());
  for (const std::string& complaint : configuration.complaints) {
    log_->warn("{}: {}", platform::path_text(directory_ / "ntms.conf"), complaint);
  }
  if (configuration.discover) {
    search_.emplace();
    search_->in_service = configuration.discovered_in_service;
    search_->acted_on = search_->seen = transport::glimpse_of_system_devices();
    search(discover(std::move(configuration), std::move(known)));
  } else {
    add_known_libraries(configuration, known);
    start_workers(std::move(configuration));
  }
  return {};
}

void Server::on_progress() {
  if (discovering_) return;
  const auto all = [this](auto holds) {
    return std::all_of(workers_.begin(), workers_.end(),
                       [&](const auto& worker) { return holds(*worker); });
  };
  if (stopping_) {
    if (all([](const queue::LibraryWorker& worker) { return worker.stopped(); })) finish_stop();
    return;
  }
  if (!owner_) {
    // Resigned: the workers go when they have come to their ends.
    if (!workers_.empty() &&
        all([](const queue::LibraryWorker& worker) { return worker.stopped(); })) {
      workers_.clear();
      owner_lock_->release();
      wake_port_->ring_all();
    }
    return;
  }
  if (announced_ || !all([](const queue::LibraryWorker& worker) { return worker.attempted(); })) {
    return;
  }
  for (const auto& worker : workers_) {
    if (worker->trouble().code == ERROR_ACCESS_DENIED) {
      resign(worker->trouble().reason);
      return;
    }
  }
  const auto told = database_->write([](store::Writer& writer) -> Result<void> {
    writer.set_setting(kReady, std::int64_t{1});
    return {};
  });
  if (!told) {
    resign(told.error().reason);
    return;
  }
  announced_ = true;
}

// A process that may not use the devices or the database is a client, never an owner.
void Server::resign(const std::string& why) {
  log_->warn("leaves the robots to others: {}", why);
  owner_ = false;
  search_.reset();
  may_own_from_ = steady_clock::now() + kResigned;
  for (const auto& worker : workers_) worker->stop();
  if (workers_.empty()) owner_lock_->release();
}

Result<void> Server::wait_ready(milliseconds limit) {
  const auto deadline = steady_clock::now() + limit;
  std::unique_lock lock(mutex_);
  for (;;) {
    lock.unlock();
    const auto ready = database_->read([](store::Reader& reader) {
      return std::pair(reader.setting(kReady).value_or(0), reader.setting(kOwner).value_or(0));
    });
    if (!ready) return ready.error();
    if (ready->first == 1) {
      // The mark counts only while the one who set it is there. This process may have set it in an
      // earlier session; an owner in another PID namespace shows no process id.
      const auto holder = owner_lock_->holder();
      if (announced_) return {};
      if (holder && (*holder == 0 || std::int64_t{*holder} == ready->second)) return {};
    }
    if (steady_clock::now() >= deadline) {
      return fail(ERROR_NOT_READY, "the devices have not been configured in time");
    }
    lock.lock();
    progress_.wait_for(lock, milliseconds(10));
  }
}

bool Server::stop(milliseconds limit) {
  asio::post(io_, [this] { begin_stop(); });
  std::unique_lock lock(mutex_);
  const bool ended = progress_.wait_for(lock, limit, [this] { return ended_; });
  lock.unlock();
  if (ended) {
    thread_.join();
  } else {
    log_->warn("a motion is still under way; its outcome will be stored in the background");
    // The thread keeps this object until the motion has ended.
  }
  return ended;
}

void Server::begin_stop() {
  if (stopping_) return;
  stopping_ = true;
  ticker_.cancel();
  for (const auto& worker : workers_) worker->stop();
  on_progress();
}

void Server::finish_stop() {
  workers_.clear();
  owner_ = false;
  owner_lock_->release();
  wake_port_->ring_all();
  leave_host_behind();
  sessions_lock_->release();
  wake_port_->close();
  log_->debug("left");
  work_.reset();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  progress_.notify_all();
}

// Requests outlive the process that made them. If nobody is left to carry them out, the detached
// host is: it ends when there is nothing more to do.
void Server::leave_host_behind() {
  if (platform::environment("NTMS_HOST")) return;  // this is the host
  const auto work = database_->read([](store::Reader& reader) {
    return reader.number(
        "SELECT count(*) FROM library_request WHERE held=0 AND state IN (0,1,5,6)");
  });
  if (!work || *work == 0) return;
  if (!sessions_lock_->try_exclusive()) return;  // somebody else has a session
  sessions_lock_->release();
  std::vector<std::filesystem::path> places;
  if (const auto named = platform::environment("NTMS_RSM")) {
    places.emplace_back(*named);  // this program and no other
  } else {
    const auto beside = platform::own_library_path().parent_path();
    places.push_back(beside / "rsm");
    places.push_back(beside.parent_path() / "bin" / "rsm");
  }
  for (const auto& place : places) {
    std::error_code ignored;
    if (!std::filesystem::is_regular_file(place, ignored)) continue;
    if (const auto started = platform::spawn_detached(place, {"host", "/detached"}); started) {
      log_->info("{} requests are left to {}", *work, platform::path_text(place));
      return;
    } else {
      log_->warn("{}", started.error().reason);
    }
  }
  log_->warn(
      "{} requests wait until a program opens a session: the rsm program was not found "
      "beside the library",
      *work);
}

}  // namespace ntms::host
