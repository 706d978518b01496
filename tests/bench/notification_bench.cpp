// SPDX-License-Identifier: MIT
// How long after a change was acknowledged a listener has it: from the return of the call that
// changed an object to the return of WaitForNtmsNotification, in the same process and in another,
// alone and while others commit. Beside it what waking costs without a library: the round trip of a
// condition variable between two threads, and of a datagram between two processes.
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdio>
#include <cstring>
#include <exception>
#include <iostream>
#include <memory>
#include <mutex>
#include <semaphore>
#include <stdexcept>
#include <thread>

#include "bench/client.h"
#include "bench/emulated_library.h"
#include "bench/report.h"
#include "bench/work_directory.h"
#include "support/program.h"

namespace {

using namespace ntms::bench;

constexpr const char* kSelf = "/proc/self/exe";
constexpr int kChanges = 400;       // of each repetition
constexpr int kLoadThreads = 2;     // others that commit
constexpr double kInProcess = 1e4;  // microseconds, the targets for p99
constexpr double kAcross = 5e4;     // likewise

std::int64_t now_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// Seconds from one moment to a later one. A listener may have its change before the writer's call
// has returned: that is no time at all.
double seconds_between(std::int64_t from, std::int64_t to) {
  return std::max<double>(0, static_cast<double>(to - from)) * 1e-9;
}

// One change, in seconds.
struct Times {
  double after = 0;  // from the return of the call to the return of the wait
  double call = 0;   // the call itself
  double whole = 0;  // from the call to the return of the wait
};

// Commits a change; `heard` waits until the listener has it and returns when that was.
template <class Change, class Heard>
Times commit_and_hear(Change& change, Heard heard) {
  const std::int64_t called = now_ns();
  change.commit();
  const std::int64_t returned = now_ns();
  const std::int64_t heard_at = heard();
  return {seconds_between(returned, heard_at), seconds_between(called, returned),
          seconds_between(called, heard_at)};
}

HANDLE open_channel(HANDLE session, DWORD type) {
  HANDLE channel = OpenNtmsNotification(session, type);
  if (channel == INVALID_HANDLE_VALUE) throw std::runtime_error("no notification channel");
  return channel;
}

// Commits a change of one object.
class Change {
 public:
  Change(const Client& client, DWORD type) : session_(client.session()) {
    info_ = client.get(client.list(type).at(0), type);
    info_.dwSize = sizeof info_;
  }
  void commit() {
    expect_success(SetNtmsObjectInformationW(session_, &info_.ObjectGuid, &info_),
                   "SetNtmsObjectInformationW");
  }

 private:
  HANDLE session_;
  NTMS_OBJECTINFORMATIONW info_{};
};

// Threads that commit as fast as they can, of a type nobody listens to.
class Load {
 public:
  Load(const Client& client, int threads) {
    threads_.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this, &client] {
        Change change(client, NTMS_LIBRARY);
        while (!stop_) change.commit();
      });
    }
  }
  ~Load() {
    stop_ = true;
    for (std::thread& thread : threads_) thread.join();
  }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

 private:
  std::atomic<bool> stop_{false};
  std::vector<std::thread> threads_;
};

// A thread of this process that listens.
class ListeningThread {
 public:
  explicit ListeningThread(const Client& client)
      : channel_(open_channel(client.session(), NTMS_COMPUTER)), thread_([this] {
          NTMS_NOTIFICATIONINFORMATION change{};
          while (WaitForNtmsNotification(channel_, &change, INFINITE) == ERROR_SUCCESS) {
            heard_at_ = now_ns();
            heard_.release();
          }
        }) {}
  ~ListeningThread() {
    CloseNtmsNotification(channel_);
    thread_.join();
  }
  ListeningThread(const ListeningThread&) = delete;
  ListeningThread& operator=(const ListeningThread&) = delete;

  Times hear(Change& change) {
    return commit_and_hear(change, [this] {
      heard_.acquire();
      return heard_at_.load();
    });
  }

 private:
  HANDLE channel_;
  std::atomic<std::int64_t> heard_at_{0};
  std::binary_semaphore heard_{0};
  std::thread thread_;
};

// A process that listens: this program, which prints when it heard.
class ListeningProcess {
 public:
  explicit ListeningProcess(const char* self) : program_({self, "listen"}) { read(); }

  Times hear(Change& change) {
    return commit_and_hear(change, [this] { return read(); });
  }

 private:
  std::int64_t read() {
    const auto line = program_.read_line();
    if (!line) throw std::runtime_error("the listening process has ended");
    return std::stoll(*line);
  }

  ntms::test::Program program_;
};

int listen() {
  HANDLE session = OpenNtmsSessionW(nullptr, u"bench listener", 0);
  HANDLE channel = open_channel(session, NTMS_COMPUTER);
  std::cout << now_ns() << std::endl;
  NTMS_NOTIFICATIONINFORMATION change{};
  while (WaitForNtmsNotification(channel, &change, INFINITE) == ERROR_SUCCESS) {
    const std::int64_t heard = now_ns();
    std::cout << heard << std::endl;
  }
  return 0;
}

// Floor: two threads that wake each other.
class ConditionVariable {
 public:
  ConditionVariable()
      : thread_([this] {
          std::unique_lock lock(mutex_);
          for (;;) {
            changed_.wait(lock, [this] { return turn_ != Turn::here; });
            if (turn_ == Turn::end) return;
            turn_ = Turn::here;
            changed_.notify_all();
          }
        }) {}
  ~ConditionVariable() {
    {
      const std::lock_guard lock(mutex_);
      turn_ = Turn::end;
    }
    changed_.notify_all();
    thread_.join();
  }
  ConditionVariable(const ConditionVariable&) = delete;
  ConditionVariable& operator=(const ConditionVariable&) = delete;

  double round_trip() {
    return seconds_of([this] {
      std::unique_lock lock(mutex_);
      turn_ = Turn::there;
      changed_.notify_all();
      changed_.wait(lock, [this] { return turn_ == Turn::here; });
    });
  }

 private:
  enum class Turn { here, there, end };
  std::mutex mutex_;
  std::condition_variable changed_;
  Turn turn_ = Turn::here;
  std::thread thread_;
};

// A datagram socket as wake-ups between processes use it.
class Socket {
 public:
  explicit Socket(const std::string& path)
      : path_(path), fd_(socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
    const sockaddr_un address = address_of(path);
    if (fd_ < 0 || bind(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
      throw std::runtime_error("no socket at " + path);
    }
  }
  ~Socket() {
    close(fd_);
    unlink(path_.c_str());
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  void send(const std::string& path) const {
    const sockaddr_un address = address_of(path);
    const char byte = 1;
    if (sendto(fd_, &byte, 1, 0, reinterpret_cast<const sockaddr*>(&address), sizeof address) < 0) {
      throw std::runtime_error("cannot send to " + path);
    }
  }
  // False when nothing comes within ten seconds.
  bool receive() const {
    pollfd waiting{fd_, POLLIN, 0};
    std::array<char, 16> ignored{};
    return poll(&waiting, 1, 10000) == 1 && recv(fd_, ignored.data(), ignored.size(), 0) > 0;
  }

 private:
  static sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) throw std::runtime_error("too long: " + path);
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
  }
  std::string path_;
  int fd_;
};

// Floor: two processes that wake each other. The other one is this program too.
class Datagram {
 public:
  Datagram(const char* self, const std::string& directory)
      : there_(directory + "/there"),
        socket_(directory + "/here"),
        program_({self, "echo", there_, directory + "/here"}) {
    program_.read_line();
  }

  double round_trip() {
    return seconds_of([this] {
      socket_.send(there_);
      if (!socket_.receive()) throw std::runtime_error("no datagram came back");
    });
  }

 private:
  std::string there_;
  Socket socket_;
  ntms::test::Program program_;
};

int echo(const std::string& own, const std::string& other) {
  unlink(own.c_str());  // of the one before, which was killed
  const Socket socket(own);
  std::cout << "ready" << std::endl;
  for (;;) {
    if (socket.receive()) socket.send(other);
    if (getppid() == 1) return 0;  // nobody is left to answer
  }
}

// Registers one measurement alone and one while others commit. Both ends are made anew for each
// repetition, so that nobody else listens meanwhile: `make` returns them by a std::unique_ptr, and
// `once` measures with them.
template <class Make, class Once>
void measure_twice(const std::string& name, Report& report, const Client& client, Make make,
                   Once once) {
  for (const bool loaded : {false, true}) {
    const std::string full = name + (loaded ? "/load" : "/idle");
    Samples& after = report.samples(full);
    Samples& call = report.samples(full + "/call");
    Samples& whole = report.samples(full + "/whole");
    benchmark::RegisterBenchmark(full.c_str(),
                                 [&, loaded, make, once](benchmark::State& state) {
                                   const auto ends = make();
                                   const Load load(client, loaded ? kLoadThreads : 0);
                                   for ([[maybe_unused]] auto iteration : state) {
                                     const Times times = once(*ends);
                                     state.SetIterationTime(times.after);
                                     after.add(times.after);
                                     if (times.whole == 0) continue;  // a floor
                                     call.add(times.call);
                                     whole.add(times.whole);
                                   }
                                 })
        ->UseManualTime()
        ->Iterations(kChanges);
  }
}

void add_rows(Report& report, const std::string& title, const std::string& name,
              const std::string& floor, double most) {
  for (const std::string mood : {"/idle", "/load"}) {
    const Samples& measured = report.samples(name + mood);
    const Samples& beside = report.samples(floor + mood);
    if (measured.count() == 0) continue;
    const auto row = [&](const char* which, double share, std::optional<double> limit) {
      Row added{.name = title + mood + " " + which,
                .measured = measured.percentile(share) * 1e6,
                .floor = std::nullopt,
                .most = limit};
      if (beside.count() != 0) added.floor = beside.percentile(share) * 1e6;
      report.add(std::move(added));
    };
    row("p50", 0.5, std::nullopt);
    row("p99", 0.99, most);
    row("max", 1.0, std::nullopt);
    report.add({.name = title + mood + " from the call, p50",
                .measured = report.samples(name + mood + "/whole").median() * 1e6,
                .floor = report.samples(name + mood + "/call").median() * 1e6});
  }
}

void bench(int argc, char** argv) {
  const WorkDirectory work;
  const std::string uri = create(work.path() / "library.emu", {.slots = 10, .media = 5});
  const Client client(work.path() / "data", uri);
  Change change(client, NTMS_COMPUTER);
  Report report;
  measure_twice(
      "notification/in_process", report, client,
      [&] { return std::make_unique<ListeningThread>(client); },
      [&](ListeningThread& listener) { return listener.hear(change); });
  measure_twice(
      "notification/across", report, client,
      [] { return std::make_unique<ListeningProcess>(kSelf); },
      [&](ListeningProcess& listener) { return listener.hear(change); });
  measure_twice(
      "floor/condition_variable", report, client,
      [] { return std::make_unique<ConditionVariable>(); },
      [](ConditionVariable& floor) { return Times{.after = floor.round_trip()}; });
  measure_twice(
      "floor/datagram", report, client,
      [&] { return std::make_unique<Datagram>(kSelf, work.path().string()); },
      [](Datagram& floor) { return Times{.after = floor.round_trip()}; });
  run(argc, argv);
  add_rows(report, "5 in process", "notification/in_process", "floor/condition_variable",
           kInProcess);
  add_rows(report, "5 across", "notification/across", "floor/datagram", kAcross);
  report.remark(
      "floors are round trips: two wake-ups, where a notification is one; from the call,");
  report.remark("the floor is the call itself");
  report.print();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc == 2 && std::strcmp(argv[1], "listen") == 0) return listen();
    if (argc == 4 && std::strcmp(argv[1], "echo") == 0) return echo(argv[2], argv[3]);
    bench(argc, argv);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
