// SPDX-License-Identifier: MIT
// WakePort by UNIX domain datagram sockets.
#include "platform/wake.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <boost/asio/local/datagram_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <string>
#include <utility>

#include "base/guid.h"
#include "platform/posix/errno_error.h"
#include "platform/posix/file_descriptor.h"
#include "platform/system.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;
using Datagram = boost::asio::local::datagram_protocol;

constexpr std::string_view kSuffix = ".sock";
constexpr int kSocketType = SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK;

// Where the ports of a data directory are.
class Folder {
 public:
  static Result<Folder> open(const fs::path& data_directory) {
    Folder folder;
    folder.path_ = (data_directory / "wake").string();
    const bool created = mkdir(folder.path_.c_str(), 0770) == 0;
    if (!created && errno != EEXIST) return errno_error(errno, "cannot create " + folder.path_);
    folder.fd_ = FileDescriptor(
        ::open(folder.path_.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!folder.fd_) return errno_error(errno, "cannot open " + folder.path_);
    if (created && fchmod(folder.fd_.get(), 02770) != 0) {
      return errno_error(errno, "cannot set the mode of " + folder.path_);
    }
    return folder;
  }

  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }

  // The address of the socket `name`. A path that is too long for an address (108 bytes) goes
  // through the open directory. False when `name` itself is too long to be one of ours.
  bool address(std::string_view name, sockaddr_un& out) const {
    std::string path = path_ + "/";
    if (path.size() + name.size() >= sizeof out.sun_path) {
      path = "/proc/self/fd/" + std::to_string(fd_.get()) + "/";
    }
    path += name;
    if (path.size() >= sizeof out.sun_path) return false;
    out = {};
    out.sun_family = AF_UNIX;
    std::memcpy(out.sun_path, path.c_str(), path.size() + 1);
    return true;
  }

 private:
  Folder() = default;

  std::string path_;
  FileDescriptor fd_;
};

bool is_socket(int folder, const char* name) {
  struct stat info {};
  return fstatat(folder, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISSOCK(info.st_mode);
}

// Creates the socket `name`. It appears under this name when it is bound and has its mode: a sender
// that found it in between would take it for dead and remove it.
Result<FileDescriptor> bind_port(const Folder& folder, const std::string& name) {
  const std::string what = "cannot create a socket in " + folder.path();
  FileDescriptor port(socket(AF_UNIX, kSocketType, 0));
  if (!port) return errno_error(errno, what);
  const std::string unfinished = name + ".new";
  sockaddr_un address{};
  if (!folder.address(unfinished, address)) return errno_error(ENAMETOOLONG, what);
  if (bind(port.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return errno_error(errno, what);
  }
  if (fchmodat(folder.fd(), unfinished.c_str(), 0660, 0) != 0 ||
      renameat(folder.fd(), unfinished.c_str(), folder.fd(), name.c_str()) != 0) {
    const int error = errno;
    unlinkat(folder.fd(), unfinished.c_str(), 0);
    return errno_error(error, what);
  }
  return port;
}

}  // namespace

struct WakePort::Impl : std::enable_shared_from_this<Impl> {
  Impl(Folder where, std::string own_name, FileDescriptor send_with,
       const boost::asio::any_io_executor& executor, std::function<void()> callback)
      : folder(std::move(where)),
        name(std::move(own_name)),
        sender(std::move(send_with)),
        on_wake(std::move(callback)),
        receiver(executor) {}

  // Arms the socket for the next burst. The caller holds the mutex.
  void wait() {
    receiver.async_wait(Datagram::socket::wait_read,
                        [self = shared_from_this()](const boost::system::error_code& error) {
                          if (!error) self->receive();
                        });
  }

  void receive() {
    {
      const std::lock_guard guard(mutex);
      if (closed) return;
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
    std::array<char, 16> ignored{};
    for (int taken = 0; taken < 1024; ++taken) {
      if (recv(receiver.native_handle(), ignored.data(), ignored.size(), MSG_DONTWAIT) < 0) return;
    }
  }

  void close() {
    // A forked child shares the socket and the reactor's epoll set with its parent: closing here
    // would unregister the parent's socket.
    if (process != process_id()) return;
    const std::lock_guard guard(mutex);
    if (std::exchange(closed, true)) return;
    boost::system::error_code ignored;
    receiver.close(ignored);
    unlinkat(folder.fd(), name.c_str(), 0);
  }

  void ring(const char* other) const {
    sockaddr_un address{};
    if (!folder.address(other, address)) return;
    const char byte = 1;
    const ssize_t sent = sendto(sender.get(), &byte, 1, MSG_DONTWAIT | MSG_NOSIGNAL,
                                reinterpret_cast<const sockaddr*>(&address), sizeof address);
    // A full queue means that the other has wake-ups to look at. Nobody listening means that its
    // process is dead.
    if (sent < 0 && errno == ECONNREFUSED && is_socket(folder.fd(), other)) {
      unlinkat(folder.fd(), other, 0);
    }
  }

  const Folder folder;
  const std::string name;
  const FileDescriptor sender;
  const std::uint32_t process = process_id();
  const std::function<void()> on_wake;

  std::mutex mutex;  // guards the two below
  Datagram::socket receiver;
  bool closed = false;
};

Result<std::unique_ptr<WakePort>> WakePort::open(const boost::asio::any_io_executor& executor,
                                                 const fs::path& data_directory,
                                                 std::function<void()> on_wake) {
  auto folder = Folder::open(data_directory);
  if (!folder) return folder.error();
  std::string name = std::to_string(process_id()) + "-" + Guid::make().to_string();
  name += kSuffix;
  FileDescriptor sender(socket(AF_UNIX, kSocketType, 0));
  if (!sender) return errno_error(errno, "cannot create a socket");
  auto port = bind_port(*folder, name);
  if (!port) return port.error();

  auto impl = std::make_shared<Impl>(std::move(*folder), std::move(name), std::move(sender),
                                     executor, std::move(on_wake));
  boost::system::error_code error;
  impl->receiver.assign(Datagram(), port->get(), error);
  if (error) {
    unlinkat(impl->folder.fd(), impl->name.c_str(), 0);
    return errno_error(error.value(), "cannot wait for wake-ups");
  }
  port->release();
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
  // A descriptor of its own, since the position in a directory belongs to the open file.
  FileDescriptor fd(openat(impl_->folder.fd(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return;
  DIR* listing = fdopendir(fd.get());
  if (listing == nullptr) return;
  fd.release();
  while (const dirent* entry = readdir(listing)) {
    const std::string_view name = entry->d_name;
    const bool possible = entry->d_type == DT_SOCK || entry->d_type == DT_UNKNOWN;
    if (possible && name.ends_with(kSuffix) && name != impl_->name) impl_->ring(entry->d_name);
  }
  closedir(listing);
}

void WakePort::close() {
  impl_->close();
}

}  // namespace ntms::platform
