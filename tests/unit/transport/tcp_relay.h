// SPDX-License-Identifier: MIT
// A relay between initiator and target that can lose the link at a chosen moment.
#pragma once

#include <atomic>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cstdint>
#include <memory>
#include <vector>

namespace ntms::transport::test {

// Listens on a free port of 127.0.0.1 and passes everything on to another port there. Its work runs
// on the given executor, whose context must be stopped before the relay is destroyed, and be run by
// one thread only.
class TcpRelay {
 public:
  using tcp = boost::asio::ip::tcp;

  TcpRelay(const boost::asio::any_io_executor& executor, std::uint16_t target)
      : target_(boost::asio::ip::address_v4::loopback(), target),
        acceptor_(executor, tcp::endpoint(boost::asio::ip::address_v4::loopback(), 0)),
        port_(acceptor_.local_endpoint().port()) {
    boost::asio::co_spawn(executor, accept(), boost::asio::detached);
  }

  std::uint16_t port() const { return port_; }
  int connections() const { return connections_; }

  // What the initiator sends next is swallowed, and the connection closed.
  void cut_at_next_request() { cut_request_ = true; }
  // What the initiator sends next is delivered; the answer is swallowed, and the connection closed.
  void cut_at_next_answer() { cut_answer_ = true; }

 private:
  struct Pair {
    explicit Pair(const boost::asio::any_io_executor& executor)
        : initiator(executor), target(executor) {}
    tcp::socket initiator;
    tcp::socket target;
    void close() {
      boost::system::error_code ignored;  // closed by the other direction already
      initiator.close(ignored);
      target.close(ignored);
    }
  };

  boost::asio::awaitable<void> accept() {
    for (;;) {
      const auto pair = std::make_shared<Pair>(acceptor_.get_executor());
      boost::system::error_code error;
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
      co_await acceptor_.async_accept(pair->initiator, token);
      if (error) co_return;
      ++connections_;
      co_await pair->target.async_connect(target_, token);
      if (error) continue;
      boost::asio::co_spawn(acceptor_.get_executor(), pass(pair, true), boost::asio::detached);
      boost::asio::co_spawn(acceptor_.get_executor(), pass(pair, false), boost::asio::detached);
    }
  }

  // One direction, until it ends or is cut.
  boost::asio::awaitable<void> pass(std::shared_ptr<Pair> pair, bool to_target) {
    tcp::socket& from = to_target ? pair->initiator : pair->target;
    tcp::socket& to = to_target ? pair->target : pair->initiator;
    std::atomic<bool>& cut = to_target ? cut_request_ : cut_answer_;
    std::vector<char> buffer(16384);
    boost::system::error_code error;
    while (!error) {
      auto token = boost::asio::redirect_error(boost::asio::use_awaitable, error);
      const std::size_t count = co_await from.async_read_some(boost::asio::buffer(buffer), token);
      if (!error && cut.exchange(false)) break;
      if (!error) {
        co_await boost::asio::async_write(to, boost::asio::buffer(buffer.data(), count), token);
      }
    }
    pair->close();
  }

  tcp::endpoint target_;
  tcp::acceptor acceptor_;
  std::uint16_t port_;
  std::atomic<int> connections_{0};
  std::atomic<bool> cut_request_{false};
  std::atomic<bool> cut_answer_{false};
};

}  // namespace ntms::transport::test
