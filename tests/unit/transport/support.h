// SPDX-License-Identifier: MIT
// What the tests of the transports share: a running io_context, and commands written out byte by
// byte, so that these tests do not depend on the project's own encoders.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <future>
#include <initializer_list>
#include <string>
#include <thread>
#include <utility>

#include "scsi/bytes.h"
#include "scsi/transport.h"

namespace ntms::transport::test {

// An io_context that runs on its own thread until the end of the scope.
class Loop {
 public:
  Loop() : work_(context_.get_executor()), thread_([this] { context_.run(); }) {}
  ~Loop() {
    work_.reset();
    stop();
  }
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  boost::asio::io_context::executor_type executor() { return context_.get_executor(); }

  template <class T>
  std::future<T> start(boost::asio::awaitable<T> work) {
    return boost::asio::co_spawn(context_, std::move(work), boost::asio::use_future);
  }

  scsi::Reply execute(scsi::Transport& transport, scsi::Command command) {
    return start(transport.execute(std::move(command))).get();
  }

  // Ends it early. Nothing runs on the executor any more.
  void stop() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

  // Waits until no work is left: nothing may be outstanding on the executor by then.
  void run_dry() {
    work_.reset();
    thread_.join();
  }

 private:
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread thread_;
};

inline scsi::Command command(std::initializer_list<unsigned> cdb, std::size_t data_in = 0) {
  scsi::Command result;
  for (const unsigned byte : cdb) {
    result.cdb.bytes[result.cdb.length++] = static_cast<std::uint8_t>(byte);
  }
  result.data_in_length = data_in;
  result.timeout = std::chrono::seconds(20);
  return result;
}

inline scsi::Command test_unit_ready() {
  return command({0, 0, 0, 0, 0, 0});
}

inline scsi::Command inquiry(unsigned allocation = 96) {
  return command({0x12, 0, 0, 0, allocation, 0}, allocation);
}

inline scsi::Command inquiry_page(unsigned page, unsigned allocation = 96) {
  return command({0x12, 1, page, 0, allocation, 0}, allocation);
}

// READ ELEMENT STATUS with volume tags for up to 100 elements of one type.
inline scsi::Command read_element_status(unsigned type, unsigned start = 0) {
  return command({0xB8, 0x10 | type, start >> 8, start & 0xFF, 0, 100, 0, 0, 0x40, 0, 0, 0},
                 0x4000);
}

inline scsi::Command move_medium(unsigned picker, unsigned from, unsigned to) {
  return command({0xA5, 0, picker >> 8, picker & 0xFF, from >> 8, from & 0xFF, to >> 8, to & 0xFF,
                  0, 0, 0, 0});
}

// "6/29/00" from fixed-format sense data, "none" when they are too short.
inline std::string sense_of(const scsi::Reply& reply) {
  if (reply.sense.size() < 14) return "none";
  char text[16];
  std::snprintf(text, sizeof text, "%X/%02X/%02X", reply.sense[2] & 0xFU, reply.sense[12],
                reply.sense[13]);
  return text;
}

// One element's descriptor in the reply to read_element_status(): its flags, and its bar code
// without the padding. Flags 0xFF: the element is not in the reply.
struct Element {
  unsigned flags = 0xFF;
  std::string barcode;
  bool full() const { return flags != 0xFF && (flags & 1U) != 0; }
};

inline Element find_element(const scsi::Reply& reply, unsigned address) {
  const scsi::Bytes data(reply.data);
  if (data.size() < 16) return {};
  const std::size_t length = scsi::get_be16(data, 10);
  for (std::size_t at = 16; length >= 16 && at + 14 <= data.size(); at += length) {
    if (scsi::get_be16(data, at) != address) continue;
    Element element;
    element.flags = data[at + 2];
    for (std::size_t i = at + 12; i < at + 44 && i < data.size() && data[i] > ' '; ++i) {
      element.barcode += static_cast<char>(data[i]);
    }
    return element;
  }
  return {};
}

}  // namespace ntms::transport::test
