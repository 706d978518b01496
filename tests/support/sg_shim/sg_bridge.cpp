// SPDX-License-Identifier: MIT
// Carries the commands of the shim (sg_shim.c) to devices that the project's own transports reach.
//   sg_bridge SOCKET NAME=URI...
// Prints "ready" when it listens, and ends when its standard input ends.
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include <unistd.h>

#include "protocol.h"
#include "transport/open.h"

namespace asio = boost::asio;
using asio::local::stream_protocol;

namespace {

using Devices = std::map<std::string, std::unique_ptr<ntms::scsi::Transport>, std::less<>>;

constexpr std::chrono::seconds kDefaultTimeout{60};
constexpr std::uint32_t kMostData = 16U << 20U;

int error_of(const ntms::scsi::Reply& reply) {
  switch (reply.delivery) {
    case ntms::scsi::Delivery::delivered:
      return 0;
    case ntms::scsi::Delivery::timed_out:
      return ETIMEDOUT;
    default:
      return ENODEV;
  }
}

asio::awaitable<void> serve(stream_protocol::socket socket, const Devices& devices) {
  sg_shim_request request{};
  co_await asio::async_read(socket, asio::buffer(&request, sizeof request), asio::use_awaitable);
  if (request.cdb_length > sizeof request.cdb || request.length > kMostData) co_return;
  ntms::scsi::Command command;
  std::copy(std::begin(request.cdb), std::end(request.cdb), command.cdb.bytes.begin());
  command.cdb.length = request.cdb_length;
  command.timeout =
      request.timeout_ms != 0 ? std::chrono::milliseconds(request.timeout_ms) : kDefaultTimeout;
  if (request.direction == SG_SHIM_READ) command.data_in_length = request.length;
  if (request.direction == SG_SHIM_WRITE) {
    command.data_out.resize(request.length);
    co_await asio::async_read(socket, asio::buffer(command.data_out), asio::use_awaitable);
  }
  request.device[sizeof request.device - 1] = 0;
  const auto device = devices.find(std::string_view(request.device));
  sg_shim_answer answer{};
  ntms::scsi::Reply reply;
  if (device == devices.end()) {
    answer.error = ENODEV;
  } else {
    reply = co_await device->second->execute(std::move(command));
    answer.error = static_cast<std::uint32_t>(error_of(reply));
    if (answer.error != 0) std::fprintf(stderr, "%s: %s\n", request.device, reply.detail.c_str());
  }
  answer.status = reply.status;
  if (answer.error == 0) {
    answer.sense_length = static_cast<std::uint32_t>(reply.sense.size());
    answer.data_length = static_cast<std::uint32_t>(reply.data.size());
  }
  const std::array<asio::const_buffer, 3> parts{
      asio::buffer(&answer, sizeof answer), asio::buffer(reply.sense.data(), answer.sense_length),
      asio::buffer(reply.data.data(), answer.data_length)};
  co_await asio::async_write(socket, parts, asio::use_awaitable);
}

asio::awaitable<void> listen(stream_protocol::acceptor acceptor, const Devices& devices) {
  for (;;) {
    auto socket = co_await acceptor.async_accept(asio::use_awaitable);
    // A program that goes in the middle of a command is no business of the others.
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), devices),
                   [](std::exception_ptr) {});
  }
}

}  // namespace

int main(int argc, char** argv) {
  asio::io_context context(1);
  Devices devices;
  for (int i = 2; i < argc; ++i) {
    const std::string_view argument(argv[i]);
    const auto equals = argument.find('=');
    if (equals == std::string_view::npos) return 2;
    auto transport =
        ntms::transport::open_transport(context.get_executor(), argument.substr(equals + 1));
    if (!transport) {
      std::fprintf(stderr, "%s\n", transport.error().reason.c_str());
      return 2;
    }
    devices.emplace(argument.substr(0, equals), std::move(*transport));
  }
  if (devices.empty()) {
    std::fprintf(stderr, "usage: sg_bridge SOCKET NAME=URI...\n");
    return 2;
  }
  stream_protocol::acceptor acceptor(context, stream_protocol::endpoint(argv[1]));
  asio::co_spawn(context, listen(std::move(acceptor), devices), asio::detached);
  asio::posix::stream_descriptor input(context, dup(STDIN_FILENO));
  char unused = 0;
  input.async_wait(asio::posix::stream_descriptor::wait_read, [&](boost::system::error_code) {
    if (read(STDIN_FILENO, &unused, 1) <= 0) context.stop();
  });
  std::puts("ready");
  std::fflush(stdout);
  context.run();
}
