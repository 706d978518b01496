// SPDX-License-Identifier: MIT
#include "operations/drive_load.h"

#include <chrono>

#include "device/media_types.h"
#include "operations/eject_support.h"
#include "operations/lone_drive.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;
using device::DriveReadiness;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds kFirstUse = std::chrono::minutes(150);
constexpr milliseconds kTellAfter = std::chrono::minutes(1);
// Most drives are ready soon: until then they are looked at more often.
constexpr milliseconds kSoon = std::chrono::seconds(1);

// What a request waits for while its cartridge is being loaded.
std::string why(const std::string& library, const std::string& bar_code, bool may_take_hours) {
  const std::string cartridge = bar_code.empty() ? "the cartridge" : bar_code;
  const std::string words = library + ": the drive is still loading " + cartridge;
  if (!may_take_hours) return words;
  return words + "; a new LTO-9 cartridge is prepared for its first use, which can take two hours";
}

// One cartridge that is being loaded.
class Loading {
 public:
  Loading(LibraryContext& context, const Job& job, device::Drive& drive)
      : context_(context), job_(job), drive_(drive), began_(context.clock.now_ms()) {
    const auto medium = context.db.read([&](store::Reader& reader) {
      const auto request = unfinished(reader, job.request);
      return request ? reader.find<model::PhysicalMedium>(request->medium) : std::nullopt;
    });
    if (medium && *medium) bar_code_ = (*medium)->bar_code;
    long_ = device::may_prepare_for_hours(drive.identity().product, bar_code_);
  }

  // Whether the drive may need hours.
  bool is_long() const { return long_; }

  // Waits until the drive is not becoming ready any more, its time is over, or nobody wants it.
  asio::awaitable<DriveReadiness> wait() {
    const milliseconds limit = long_ ? kFirstUse : scsi::kLoadTimeout;
    const std::int64_t deadline = began_ + limit.count();
    runtime::Signal pause(context_.executor, context_.clock);
    DriveReadiness ready = co_await drive_.wait_ready(kSoon);
    while (ready == DriveReadiness::becoming_ready && context_.clock.now_ms() < deadline &&
           !unwanted()) {
      tell();
      co_await pause.wait(deadline, context_.poll_interval());
      ready = co_await drive_.test_ready();
    }
    co_return ready;
  }

  bool unwanted() {
    if (context_.stopping) return true;
    const auto ends = context_.db.read([&](store::Reader& reader) {
      const auto request = unfinished(reader, job_.request);
      return !request || wants_to_end(*request);
    });
    return ends && *ends;
  }

 private:
  // Says once what the request is waiting for.
  void tell() {
    if (told_ || context_.clock.now_ms() < began_ + kTellAfter.count()) return;
    told_ = true;
    const std::string words = why(context_.name, bar_code_, long_);
    context_.log->info("{}", words);
    const auto stored = context_.db.write([&](store::Writer& writer) -> Result<void> {
      auto request = unfinished(writer, job_.request);
      if (!request) return {};
      request->reason = words;
      writer.update(*request);
      return {};
    });
    if (!stored) context_.log->error("{}: {}", context_.name, stored.error().reason);
  }

  LibraryContext& context_;
  const Job& job_;
  device::Drive& drive_;
  std::int64_t began_;
  std::string bar_code_;
  bool long_ = false;
  bool told_ = false;
};

}  // namespace

asio::awaitable<Result<void>> load_in_drive(LibraryContext& context, const Job& job) {
  const auto found = context.drives.find(job.element);
  if (found == context.drives.end()) {
    co_return fail(ERROR_DEVICE_NOT_AVAILABLE, "the drive is not reached any more");
  }
  device::Drive& drive = *found->second;
  Loading loading(context, job, drive);
  DriveReadiness ready = co_await loading.wait();
  // A drive that stands alone may take in again what it has ejected.
  const bool ejected = ready == DriveReadiness::empty && is_lone_drive(context);
  if (ready == DriveReadiness::not_loaded || ejected) {
    if (const auto loaded = co_await drive.load(); !loaded) {
      // The command has had its time; the drive has not, where it may need hours.
      const bool late = drive.last_verdict().delivery == scsi::Delivery::timed_out;
      if (!late || !loading.is_long()) co_return loaded.error();
    }
    ready = co_await loading.wait();
  }
  if (ready == DriveReadiness::ready) co_return Result<void>{};
  if (ready == DriveReadiness::empty) {
    co_return fail(ERROR_UNABLE_TO_LOAD_MEDIUM, "the drive does not see the cartridge");
  }
  if (ready == DriveReadiness::becoming_ready && loading.unwanted()) {
    co_return fail(ERROR_CANCELLED, "the caller no longer waits");
  }
  const device::Verdict& verdict = drive.last_verdict();
  const bool incompatible =
      verdict.code == ERROR_MEDIA_INCOMPATIBLE || verdict.code == ERROR_CLEANER_CARTRIDGE_INSTALLED;
  co_return fail(incompatible ? ERROR_MEDIA_INCOMPATIBLE : ERROR_UNABLE_TO_LOAD_MEDIUM,
                 "the drive does not get ready: " + verdict.words);
}

}  // namespace ntms::operations
