// SPDX-License-Identifier: MIT
#include "bench/raw_changer.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <optional>
#include <stdexcept>

#include "scsi/bytes.h"
#include "transport/open.h"

namespace ntms::bench {
namespace asio = boost::asio;

RawChanger::RawChanger(const std::string& uri) {
  auto opened = transport::open_transport(context_.get_executor(), uri);
  if (!opened) throw std::runtime_error(opened.error().reason);
  transport_ = std::move(*opened);
}

scsi::Reply RawChanger::execute(const scsi::Command& command) {
  std::optional<scsi::Reply> reply;
  const auto work = [&]() -> asio::awaitable<void> {
    reply = co_await transport_->execute(command);
  };
  asio::co_spawn(context_, work, asio::detached);
  // Not run(): an iSCSI session keeps an open wait for what the target may have to say.
  context_.restart();
  while (!reply && context_.run_one() != 0) {
  }
  if (!reply) throw std::runtime_error("the transport gave no answer");
  return *reply;
}

void RawChanger::move(std::uint16_t arm, std::uint16_t from, std::uint16_t to) {
  scsi::Reply reply = execute(scsi::move_medium(arm, from, to));
  for (int attention = 0; reply.status != scsi::kStatusGood && attention < 8; ++attention) {
    reply = execute(scsi::move_medium(arm, from, to));  // a new connection's UNIT ATTENTIONs
  }
  if (reply.delivery != scsi::Delivery::delivered || reply.status != scsi::kStatusGood) {
    throw std::runtime_error("MOVE MEDIUM failed: " + reply.detail);
  }
}

void RawChanger::read(const RawElements& elements) {
  const std::uint32_t end = elements.first + elements.count;
  for (std::uint32_t next = elements.first; next < end;) {
    scsi::ElementStatusRequest request;
    request.type = elements.type;
    request.start = static_cast<std::uint16_t>(next);
    request.count = static_cast<std::uint16_t>(std::min(end - next, 1000U));
    request.volume_tags = true;
    request.allocation_length = std::min<std::size_t>(scsi::kMaxElementStatusLength,
                                                      1024 + std::size_t{request.count} * 256);
    scsi::Reply reply = execute(scsi::read_element_status(request));
    for (int attention = 0; reply.status != scsi::kStatusGood && attention < 8; ++attention) {
      reply = execute(scsi::read_element_status(request));  // a new connection's UNIT ATTENTIONs
    }
    if (reply.delivery != scsi::Delivery::delivered || reply.status != scsi::kStatusGood) {
      throw std::runtime_error("READ ELEMENT STATUS failed: " + reply.detail);
    }
    // Not parsed: the headers of the answer and of its only page (SMC-3 6.11.2 and 6.11.3) tell how
    // many descriptors of what length there are. Some devices ignore the number asked for and fill
    // the allocation length, with the last descriptor cut short.
    const scsi::Bytes data(reply.data);
    constexpr std::size_t kHeaders = 16;
    if (data.size() <= kHeaders) throw std::runtime_error("no elements reported");
    std::uint32_t reported = scsi::get_be16(data, 2);
    if (data.size() >= request.allocation_length) {
      const auto length = std::max<std::size_t>(scsi::get_be16(data, 10), 1);
      reported = std::min(reported, static_cast<std::uint32_t>((data.size() - kHeaders) / length));
    }
    if (reported == 0) {
      throw std::runtime_error("no elements reported from address " + std::to_string(next));
    }
    next += reported;
  }
}

}  // namespace ntms::bench
