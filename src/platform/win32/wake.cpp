// SPDX-License-Identifier: MIT
// WakePort by UDP on the loopback address.
#include "platform/wake.h"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/udp.hpp>
#include <charconv>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "base/guid.h"
#include "platform/durable_files.h"
#include "platform/system.h"
#include "platform/win32/plain_file.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using boost::asio::ip::udp;

constexpr std::wstring_view kSuffix = L".udp";

// The library's own use of the sockets of Windows: in a foreign program nobody else may have
// started them.
class SocketsStarted {
 public:
  SocketsStarted() : started_(WSAStartup(MAKEWORD(2, 2), &data_) == 0) {}
  ~SocketsStarted() {
    if (started_) WSACleanup();
  }
  SocketsStarted(const SocketsStarted&) = delete;
  SocketsStarted& operator=(const SocketsStarted&) = delete;

 private:
  WSADATA data_{};
  bool started_;
};

// The port number at the end of "<pid>-<random>-<port>.udp"; nothing for other names.
std::optional<std::uint16_t> port_in(std::wstring_view name) {
  if (!name.ends_with(kSuffix)) return std::nullopt;
  name.remove_suffix(kSuffix.size());
  const std::size_t dash = name.rfind(L'-');
  if (dash == std::wstring_view::npos) return std::nullopt;
  const std::string digits = from_wide(name.substr(dash + 1));
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data(), end, port);
  if (parsed.ec != std::errc() || parsed.ptr != end || port == 0) return std::nullopt;
  return port;
}

Error socket_error(const char* doing, const boost::system::error_code& error) {
  return last_error(static_cast<std::uint32_t>(error.value()), doing);
}

}  // namespace

struct WakePort::Impl : std::enable_shared_from_this<Impl> {
  Impl(const boost::asio::any_io_executor& executor, fs::path ports, std::function<void()> callback)
      : folder(std::move(ports)),
        on_wake(std::move(callback)),
        receiver(executor),
        sender(executor) {}

  // Opens both sockets and shows the port to the others.
  Result<void> open() {
    const udp::endpoint any_port(boost::asio::ip::address_v4::loopback(), 0);
    boost::system::error_code error;
    receiver.open(udp::v4(), error);
    if (!error) receiver.bind(any_port, error);
    if (!error) receiver.non_blocking(true, error);
    if (!error) sender.open(udp::v4(), error);
    if (!error) sender.bind(any_port, error);
    if (!error) sender.non_blocking(true, error);
    if (error) return socket_error("cannot create a socket", error);
    const udp::endpoint bound = receiver.local_endpoint(error);
    if (error) return socket_error("cannot wait for wake-ups", error);
    name = std::to_wstring(process_id()) + L"-" + to_wide(Guid::make().to_string()) + L"-" +
           std::to_wstring(bound.port());
    name += kSuffix;
    // Windows removes the file when the process dies.
    auto file = open_plain_file(folder / name, DELETE | GENERIC_WRITE, kShareAll, CREATE_NEW,
                                FILE_FLAG_DELETE_ON_CLOSE);
    if (!file) return file.error();
    registration = std::move(*file);
    return {};
  }

  // Waits for the next burst. The caller holds the mutex.
  void wait() {
    receiver.async_receive(boost::asio::buffer(received),
                           [self = shared_from_this()](const boost::system::error_code& error,
                                                       std::size_t) { self->receive(error); });
  }

  void receive(const boost::system::error_code& error) {
    {
      const std::lock_guard guard(mutex);
      if (closed || error == boost::asio::error::operation_aborted) return;
      drain();
    }
    on_wake();
    // Only now, so that a burst during the call is one more call, and calls do not overlap.
    const std::lock_guard guard(mutex);
    if (!closed) wait();
  }

  // Takes what has arrived. Bounded, so that a flood cannot keep the callback from being called;
  // what remains is the next burst.
  void drain() {
    boost::system::error_code error;
    for (int taken = 0; taken < 1024 && error != boost::asio::error::would_block; ++taken) {
      receiver.receive(boost::asio::buffer(received), 0, error);
    }
  }

  void close() {
    const std::lock_guard guard(mutex);
    if (std::exchange(closed, true)) return;
    registration.reset();
    boost::system::error_code ignored;
    receiver.close(ignored);
  }

  // A full queue means that the other has wake-ups to look at.
  void ring(std::uint16_t port) {
    const std::array<char, 1> byte{1};
    boost::system::error_code ignored;
    const std::lock_guard guard(sending);
    sender.send_to(boost::asio::buffer(byte),
                   udp::endpoint(boost::asio::ip::address_v4::loopback(), port), 0, ignored);
  }

  const SocketsStarted sockets;  // first: the others need it to the end
  const fs::path folder;
  const std::function<void()> on_wake;
  std::wstring name;  // in the folder; set before others see the object

  std::mutex mutex;  // guards the four below
  Handle registration;
  udp::socket receiver;
  std::array<char, 16> received{};
  bool closed = false;

  std::mutex sending;  // guards the one below
  udp::socket sender;
};

Result<std::unique_ptr<WakePort>> WakePort::open(const boost::asio::any_io_executor& executor,
                                                 const fs::path& data_directory,
                                                 std::function<void()> on_wake) {
  const fs::path folder = data_directory / L"wake";
  if (const auto made = make_shared_directory(folder); !made) return made.error();
  auto impl = std::make_shared<Impl>(executor, folder, std::move(on_wake));
  if (const auto opened = impl->open(); !opened) return opened.error();
  std::unique_ptr<WakePort> result(new WakePort(impl));
  const std::lock_guard guard(impl->mutex);
  impl->wait();
  return result;
}

WakePort::WakePort(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

WakePort::~WakePort() {
  impl_->close();
}

void WakePort::ring_all() {
  WIN32_FIND_DATAW entry{};
  const HANDLE listing = FindFirstFileW(system_name(impl_->folder / L"*").c_str(), &entry);
  if (listing == INVALID_HANDLE_VALUE) return;
  do {
    const std::wstring_view name = entry.cFileName;
    const auto port = port_in(name);
    if (port && name != impl_->name) impl_->ring(*port);
  } while (FindNextFileW(listing, &entry));
  FindClose(listing);
}

void WakePort::close() {
  impl_->close();
}

}  // namespace ntms::platform
