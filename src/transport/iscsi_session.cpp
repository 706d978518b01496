// SPDX-License-Identifier: MIT
// libiscsi is told about the socket's readiness and calls back from inside iscsi_service(). The
// callbacks only take notes and wake the waiting coroutine: the context must not be destroyed in
// them.
#include "transport/iscsi_session.h"

#include <fcntl.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <random>
#include <utility>

#include "ntms/win32_types.h"
#include "scsi/bytes.h"
#include "transport/check.h"

namespace asio = boost::asio;

namespace ntms::transport {
namespace {

constexpr int kFlatSpaceAddressing = 0x4000;  // SAM-5 4.7.7.3: for LUNs above 255
constexpr int kHighestSamStatus = 0xFF;       // libiscsi's own codes lie above

// How much a target may say between two commands: pings, and notices of one kind or the other.
constexpr int kMostIdlePdus = 64;

// libiscsi writes with writev(), which raises SIGPIPE on a broken connection. The signal is kept
// away from the host program: blocked in this thread, taken if it came, unblocked.
class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~SigpipeGuard() {
    const timespec at_once{};
    if (!was_pending_) {
      while (sigtimedwait(&sigpipe_, nullptr, &at_once) < 0 && errno == EINTR) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  sigset_t sigpipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

enum class Incoming { nothing, data, end };

// Looks without taking anything. libiscsi keeps silent about a connection that ends while idle.
Incoming peek(int fd) {
  std::array<char, 1> byte{};
  const ssize_t count = recv(fd, byte.data(), byte.size(), MSG_PEEK | MSG_DONTWAIT);
  if (count > 0) return Incoming::data;
  if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
    return Incoming::nothing;
  }
  return Incoming::end;
}

}  // namespace

void IscsiSession::FreeTask::operator()(scsi_task* task) const {
  scsi_free_scsi_task(task);
}

IscsiSession::IscsiSession(const Strand& strand, const std::string& initiator,
                           const std::string& target)
    : socket_(strand), timer_(strand), context_(iscsi_create_context(initiator.c_str())) {
  if (context_ == nullptr) {
    broken_ = "libiscsi made no context";
    return;
  }
  iscsi_set_noautoreconnect(context_, 1);
  iscsi_set_session_type(context_, ISCSI_SESSION_NORMAL);
  iscsi_set_targetname(context_, target.c_str());
  // Two sessions of one initiator with the same identifier would end each other, and libiscsi's own
  // choice depends on the time of day in seconds.
  std::random_device random;
  iscsi_set_isid_random(context_, random() & 0xFFFFFFU, random() & 0xFFFFU);
}

IscsiSession::~IscsiSession() {
  close("the session ended");
}

asio::awaitable<Result<>> IscsiSession::log_in(std::string portal, Deadline deadline) {
  const auto self = shared_from_this();
  if (context_ == nullptr) co_return fail(ERROR_NOT_CONNECTED, broken_);
  step_ended_ = false;
  if (iscsi_connect_async(context_, portal.c_str(), on_connected, this) != 0) {
    mark_broken(last_error());
  } else {
    const int fd = iscsi_get_fd(context_);
    // A child of the host program must not keep the session open.
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    boost::system::error_code error;
    socket_.assign(fd, error);
    if (error) mark_broken(error.message());
    listen();
  }
  const bool ended = co_await wait_for_step(deadline);
  if (!ended) mark_broken("no answer in time");
  if (broken_.empty() && step_status_ == SCSI_STATUS_GOOD) co_return Result<>{};
  if (step_status_ == SCSI_STATUS_REDIRECT && context_ != nullptr) {
    const char* address = iscsi_get_target_address(context_);
    if (address != nullptr) moved_to_ = address;
  }
  std::string reason = broken_.empty() ? last_error() : broken_;
  close(reason);
  co_return fail(ERROR_NOT_CONNECTED, std::move(reason));
}

bool IscsiSession::usable() {
  for (int i = 0; i < kMostIdlePdus; ++i) {
    if (context_ == nullptr || !broken_.empty()) return false;
    if (peek(iscsi_get_fd(context_)) == Incoming::nothing) return true;
    service(POLLIN);
  }
  return false;  // a target that talks without being asked and without end
}

asio::awaitable<scsi::Reply> IscsiSession::execute(unsigned lun, scsi::Command command) {
  const auto self = shared_from_this();
  // libiscsi may still refer to an earlier command whose data the device did not wait for.
  if (iscsi_out_queue_length(context_) == 0) tasks_.clear();

  const int direction = !command.data_out.empty()    ? SCSI_XFER_WRITE
                        : command.data_in_length > 0 ? SCSI_XFER_READ
                                                     : SCSI_XFER_NONE;
  const std::size_t length = std::max(command.data_out.size(), command.data_in_length);
  auto& current = *tasks_.emplace_back(std::make_unique<Task>());
  current.data_out = std::move(command.data_out);
  current.task.reset(scsi_create_task(static_cast<int>(command.cdb.length),
                                      command.cdb.bytes.data(), direction,
                                      static_cast<int>(length)));
  if (current.task == nullptr) {
    tasks_.pop_back();
    close("out of memory");
    co_return not_sent("out of memory");
  }
  iscsi_data out{current.data_out.size(), current.data_out.data()};
  const int address = static_cast<int>(lun) | (lun > 0xFF ? kFlatSpaceAddressing : 0);
  const auto deadline = std::chrono::steady_clock::now() + command.timeout;

  step_ended_ = false;
  step_status_ = SCSI_STATUS_CANCELLED;
  if (iscsi_scsi_command_async(context_, address, current.task.get(), on_command,
                               current.data_out.empty() ? nullptr : &out, this) != 0) {
    std::string reason = last_error();
    close(reason);
    co_return not_sent(std::move(reason));
  }
  service(POLLOUT);  // at once: most commands fit into the socket's buffer
  listen();
  const bool ended = co_await wait_for_step(deadline);

  if (ended && step_status_ >= 0 && step_status_ <= kHighestSamStatus) {
    co_return make_reply(command.data_in_length);
  }
  scsi::Reply reply;
  if (!ended) {
    reply.delivery = scsi::Delivery::timed_out;
    reply.detail = "no answer within " + std::to_string(command.timeout.count()) + " ms";
  } else {
    reply.delivery = scsi::Delivery::link_lost;
    reply.detail = broken_.empty() ? last_error() : broken_;
  }
  close(reply.detail);
  co_return reply;
}

scsi::Reply IscsiSession::make_reply(std::size_t data_in_length) const {
  scsi::Reply reply;
  reply.status = static_cast<std::uint8_t>(step_status_);
  const scsi_data& in = tasks_.back()->task->datain;
  if (in.data == nullptr || in.size <= 0) return reply;
  const scsi::Bytes bytes(in.data, static_cast<std::size_t>(in.size));
  if (reply.status != scsi::kStatusCheckCondition) {
    const auto count = std::min(bytes.size(), data_in_length);
    reply.data.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count));
  } else if (bytes.size() > 2) {
    // RFC 7143, 11.4.7.2: the sense data follow their length.
    const auto sense =
        bytes.subspan(2).first(std::min<std::size_t>(bytes.size() - 2, scsi::get_be16(bytes, 0)));
    reply.sense.assign(sense.begin(), sense.end());
  }
  return reply;
}

void IscsiSession::close(const std::string& why) {
  if (broken_.empty()) broken_ = why;
  if (context_ == nullptr) return;
  if (socket_.is_open()) socket_.release();  // before libiscsi closes it
  // The callbacks of whatever is outstanding come from inside this call.
  iscsi_destroy_context(std::exchange(context_, nullptr));
  end_step(SCSI_STATUS_CANCELLED);
}

void IscsiSession::on_connected(iscsi_context* context, int status, void* /*data*/, void* self) {
  auto& session = *static_cast<IscsiSession*>(self);
  // Called a second time when the connection ends, which service() has noticed by itself.
  if (session.step_ended_) return;
  if (status != SCSI_STATUS_GOOD || iscsi_login_async(context, on_logged_in, self) != 0) {
    session.mark_broken(session.last_error());
  }
}

void IscsiSession::on_logged_in(iscsi_context* /*context*/, int status, void* /*data*/,
                                void* self) {
  static_cast<IscsiSession*>(self)->end_step(status);
}

void IscsiSession::on_command(iscsi_context* /*context*/, int status, void* data, void* self) {
  auto& session = *static_cast<IscsiSession*>(self);
  const auto* current = session.tasks_.empty() ? nullptr : session.tasks_.back()->task.get();
  if (data != nullptr && data != current) return;  // an earlier command
  session.end_step(status);
}

void IscsiSession::end_step(int status) {
  if (step_ended_) return;
  step_ended_ = true;
  step_status_ = status;
  timer_.cancel();
}

asio::awaitable<bool> IscsiSession::wait_for_step(Deadline deadline) {
  timer_.expires_at(deadline);
  while (!step_ended_ && std::chrono::steady_clock::now() < deadline) {
    boost::system::error_code cancelled;  // the other way to wake up
    co_await timer_.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  co_return step_ended_;
}

void IscsiSession::service(int events) {
  if (context_ == nullptr || !broken_.empty()) return;
  if ((events & POLLIN) != 0 && peek(iscsi_get_fd(context_)) == Incoming::end) {
    mark_broken("the target closed the connection");
    return;
  }
  const SigpipeGuard guard;
  if (iscsi_service(context_, events) != 0) mark_broken(last_error());
}

void IscsiSession::listen() {
  if (context_ == nullptr || !broken_.empty()) return;
  const int events = iscsi_which_events(context_);
  if ((events & POLLIN) != 0 && !reading_) {
    reading_ = true;
    socket_.async_wait(asio::posix::descriptor_base::wait_read,
                       [self = shared_from_this()](boost::system::error_code error) {
                         self->reading_ = false;
                         self->on_event(error, POLLIN);
                       });
  }
  if ((events & POLLOUT) != 0 && !writing_) {
    writing_ = true;
    socket_.async_wait(asio::posix::descriptor_base::wait_write,
                       [self = shared_from_this()](boost::system::error_code error) {
                         self->writing_ = false;
                         self->on_event(error, POLLOUT);
                       });
  }
}

void IscsiSession::on_event(boost::system::error_code error, int event) {
  if (context_ == nullptr) return;
  if (error) {
    mark_broken(error.message());
  } else {
    service(event);
  }
  if (broken_.empty()) {
    listen();
  } else {
    close(broken_);
  }
}

void IscsiSession::mark_broken(const std::string& why) {
  if (broken_.empty()) broken_ = why;
  end_step(SCSI_STATUS_ERROR);
}

std::string IscsiSession::last_error() const {
  const char* text = context_ == nullptr ? nullptr : iscsi_get_error(context_);
  return text == nullptr || *text == '\0' ? "the iSCSI session broke" : text;
}

}  // namespace ntms::transport
