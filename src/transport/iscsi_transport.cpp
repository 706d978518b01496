// SPDX-License-Identifier: MIT
// One command after the other on the strand; sessions come and go between them.
#include "transport/iscsi_transport.h"

#include <algorithm>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "ntms/win32_types.h"
#include "transport/check.h"
#include "transport/initiator.h"
#include "transport/iscsi_session.h"

namespace asio = boost::asio;

namespace ntms::transport {
namespace {

constexpr std::size_t kMaxPortals = 8;  // that are tried, counting those the target sends us to

IscsiOptions with_defaults(IscsiOptions options) {
  if (options.initiator.empty()) options.initiator = default_initiator();
  return options;
}

std::string portal_of(const asio::ip::address& address, std::uint16_t port) {
  const std::string text = address.to_string();
  return (address.is_v6() ? "[" + text + "]" : text) + ":" + std::to_string(port);
}

// A question to a name server. Its handler keeps it alive, so that it can be left unanswered.
struct Lookup {
  explicit Lookup(const asio::strand<asio::any_io_executor>& strand)
      : resolver(strand), timer(strand) {}
  asio::ip::tcp::resolver resolver;
  asio::steady_timer timer;
  asio::ip::tcp::resolver::results_type results;
  boost::system::error_code error;
  bool ended = false;
};

}  // namespace

IscsiTransport::IscsiTransport(const asio::any_io_executor& executor, IscsiUri uri,
                               IscsiOptions options)
    : uri_(std::move(uri)),
      text_(format_uri(uri_)),
      options_(with_defaults(std::move(options))),
      strand_(executor),
      turn_(strand_, 1) {}

IscsiTransport::~IscsiTransport() {
  if (session_ == nullptr) return;
  // No coroutine is left, but the session's own waits may be running on another thread.
  asio::post(strand_,
             [session = std::move(session_)] { session->close("the device was released"); });
}

asio::awaitable<scsi::Reply> IscsiTransport::execute(scsi::Command command) {
  return asio::co_spawn(strand_, run(std::move(command)), asio::use_awaitable);
}

asio::awaitable<scsi::Reply> IscsiTransport::run(scsi::Command command) {
  // A caller that loses interest must not leave the session in the middle of a command.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  std::string reason = reason_not_to_send(command);
  if (!reason.empty()) co_return not_sent(std::move(reason));

  const boost::system::error_code take;
  co_await turn_.async_send(take, asio::use_awaitable);
  struct GiveBack {
    Turn& turn;
    ~GiveBack() {
      turn.try_receive([](boost::system::error_code) {});
    }
  } const give_back{turn_};

  if (session_ != nullptr && !session_->usable()) {
    session_->close("the link was lost while idle");
    session_.reset();
  }
  if (session_ == nullptr) {
    const auto limit = std::min(options_.connect_timeout, command.timeout);
    const auto connected = co_await connect(std::chrono::steady_clock::now() + limit);
    if (!connected) co_return not_sent(text_ + ": " + connected.error().reason);
  }
  scsi::Reply reply = co_await session_->execute(uri_.lun, std::move(command));
  if (reply.delivery != scsi::Delivery::delivered) {
    session_.reset();
    reply.detail = text_ + ": " + reply.detail;
  }
  co_return reply;
}

asio::awaitable<Result<>> IscsiTransport::connect(Deadline deadline) {
  auto found = co_await find_portals(deadline);
  if (!found) co_return found.error();
  std::vector<std::string> portals = std::move(*found);
  Error last = fail(ERROR_NOT_CONNECTED, "the host has no address");
  for (std::size_t i = 0; i < portals.size() && i < kMaxPortals; ++i) {
    const auto session = std::make_shared<IscsiSession>(strand_, options_.initiator, uri_.target);
    const auto logged_in = co_await session->log_in(portals[i], deadline);
    if (logged_in) {
      session_ = session;
      co_return Result<>{};
    }
    last = logged_in.error();
    // The address may carry a portal group tag behind a comma, which means nothing to us.
    const std::string& moved_to = session->moved_to();
    if (!moved_to.empty()) portals.push_back(moved_to.substr(0, moved_to.find(',')));
  }
  co_return last;
}

asio::awaitable<Result<std::vector<std::string>>> IscsiTransport::find_portals(Deadline deadline) {
  boost::system::error_code not_numeric;
  const auto numeric = asio::ip::make_address(uri_.host, not_numeric);
  std::vector<std::string> portals;
  if (!not_numeric) {
    portals.push_back(portal_of(numeric, uri_.port));
    co_return portals;
  }
  const auto lookup = std::make_shared<Lookup>(strand_);
  lookup->timer.expires_at(deadline);
  lookup->resolver.async_resolve(
      uri_.host, "",
      [lookup](boost::system::error_code error, asio::ip::tcp::resolver::results_type results) {
        lookup->ended = true;
        lookup->error = error;
        lookup->results = std::move(results);
        lookup->timer.cancel();
      });
  while (!lookup->ended && std::chrono::steady_clock::now() < deadline) {
    boost::system::error_code cancelled;
    co_await lookup->timer.async_wait(asio::redirect_error(asio::use_awaitable, cancelled));
  }
  if (!lookup->ended) {
    lookup->resolver.cancel();
    co_return fail(ERROR_NOT_CONNECTED, "no name server knew the host in time");
  }
  if (lookup->error) co_return fail(ERROR_NOT_CONNECTED, lookup->error.message());
  for (const auto& entry : lookup->results) {
    const std::string portal = portal_of(entry.endpoint().address(), uri_.port);
    if (std::find(portals.begin(), portals.end(), portal) == portals.end()) {
      portals.push_back(portal);
    }
  }
  co_return portals;
}

}  // namespace ntms::transport
