// SPDX-License-Identifier: MIT
// Runs the scripts beside this file; they know how tgt is set up.
#include "support/tgt/tgt_target.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <sstream>
#include <stdexcept>
#include <system_error>
#include <utility>

extern char** environ;  // POSIX has it in no header

namespace ntms::test {
namespace {

constexpr int kOwnerFd = 7;  // where the scripts find the reading end of the owner's pipe

// A descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }
  int release() { return std::exchange(fd_, -1); }
  void reset(int fd = -1) {
    if (fd_ >= 0) close(fd_);
    fd_ = fd;
  }

 private:
  int fd_;
};

void make_pipe(Descriptor& reader, Descriptor& writer) {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw std::system_error(errno, std::generic_category(), "pipe2");
  }
  reader.reset(ends[0]);
  writer.reset(ends[1]);
}

struct Outcome {
  int status = 0;
  std::string output;  // standard output and error output together
};

// Runs a program to its end. `settings` are added to the environment; `owner_fd`, when not
// negative, becomes descriptor kOwnerFd of the program.
Outcome run(const std::vector<std::string>& arguments, const std::vector<std::string>& settings,
            int owner_fd) {
  Descriptor reader;
  Descriptor writer;
  make_pipe(reader, writer);

  std::vector<std::string> environment = settings;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto name = text.substr(0, text.find('=') + 1);
    const bool replaced = std::any_of(settings.begin(), settings.end(),
                                      [&](const auto& s) { return s.starts_with(name); });
    if (!replaced) environment.emplace_back(text);
  }
  std::vector<char*> argv;
  std::vector<char*> envp;
  std::vector<std::string> words = arguments;
  argv.reserve(words.size() + 1);
  envp.reserve(environment.size() + 1);
  for (auto& word : words) argv.push_back(word.data());
  for (auto& entry : environment) envp.push_back(entry.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, writer.get(), STDERR_FILENO);
  if (owner_fd >= 0) posix_spawn_file_actions_adddup2(&actions, owner_fd, kOwnerFd);
  pid_t child = -1;
  const int error = posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), envp.data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::system_error(error, std::generic_category(), arguments[0]);
  writer.reset();

  Outcome outcome;
  std::array<char, 4096> buffer{};
  for (;;) {
    const ssize_t count = read(reader.get(), buffer.data(), buffer.size());
    if (count > 0) {
      outcome.output.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (count == 0 || errno != EINTR) {
      break;
    }
  }
  while (waitpid(child, &outcome.status, 0) < 0 && errno == EINTR) {
  }
  return outcome;
}

}  // namespace

TgtTarget::TgtTarget(const Options& options) {
  std::string directory = (std::filesystem::temp_directory_path() / "ntms-tgt-XXXXXX").string();
  if (mkdtemp(directory.data()) == nullptr) {
    throw std::system_error(errno, std::generic_category(), directory);
  }
  state_ = directory;

  Descriptor reader;
  Descriptor writer;
  make_pipe(reader, writer);
  const auto setting = [](const char* name, unsigned value) {
    return std::string(name) + "=" + std::to_string(value);
  };
  const std::vector<std::string> settings{
      "CHANGER_STATE=" + directory,
      setting("SLOTS", options.slots),
      setting("DRIVES", options.drives),
      setting("MAILSLOTS", options.mail_slots),
      setting("MEDIA", options.media),
      setting("IMAGES", std::min(options.media, options.mountable)),
      setting("SPARE", 0),
      setting("PORT", 0),
      setting("OWNER_FD", kOwnerFd)};
  const Outcome outcome = run({NTMS_TGT_SCRIPTS "/changer-up.sh"}, settings, reader.get());
  owner_pipe_ = writer.release();
  if (outcome.status != 0) {
    script("changer-down.sh", {});
    close(owner_pipe_);
    std::error_code ignored;  // the failure above is the one to report
    std::filesystem::remove_all(state_, ignored);
    throw std::runtime_error("changer-up.sh failed: " + outcome.output);
  }
  read_settings(outcome.output);
}

TgtTarget::~TgtTarget() {
  try {
    script("changer-down.sh", {});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
  }
  close(owner_pipe_);
  std::error_code ignored;  // a file left behind in the temporary directory fails no test
  std::filesystem::remove_all(state_, ignored);
}

std::string TgtTarget::drive_uri(unsigned index) const {
  return changer_uri_.substr(0, changer_uri_.rfind('/') + 1) + std::to_string(index + 2);
}

std::string TgtTarget::drive_serial(unsigned index) const {
  std::array<char, 16> number{};
  std::snprintf(number.data(), number.size(), "%02u", index + 1);
  return drive_serial_prefix_ + number.data();
}

std::string TgtTarget::barcode(unsigned index) {
  std::array<char, 24> text{};
  std::snprintf(text.data(), text.size(), "TGT%03uL8", index + 1);
  return text.data();
}

void TgtTarget::mail_put(unsigned index, std::string_view barcode) {
  script("mailslot.sh", {"put", std::to_string(mail_at(index)), std::string(barcode)});
}

void TgtTarget::mail_take(unsigned index) {
  script("mailslot.sh", {"take", std::to_string(mail_at(index))});
}

void TgtTarget::drop_connections() {
  script("drop-connections.sh", {});
}

void TgtTarget::pause() {
  if (kill(pid_, SIGSTOP) != 0) {
    throw std::system_error(errno, std::generic_category(), "SIGSTOP to tgtd");
  }
}

void TgtTarget::resume() {
  if (kill(pid_, SIGCONT) != 0) {
    throw std::system_error(errno, std::generic_category(), "SIGCONT to tgtd");
  }
}

std::string TgtTarget::script(const char* name, const std::vector<std::string>& arguments) const {
  std::vector<std::string> words{std::string(NTMS_TGT_SCRIPTS "/") + name};
  words.insert(words.end(), arguments.begin(), arguments.end());
  Outcome outcome = run(words, {"CHANGER_STATE=" + state_.string()}, -1);
  if (outcome.status != 0) throw std::runtime_error(std::string(name) + ": " + outcome.output);
  return std::move(outcome.output);
}

void TgtTarget::read_settings(const std::string& text) {
  std::map<std::string, std::string> values;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto at = line.find('=');
    if (at != std::string::npos) values[line.substr(0, at)] = line.substr(at + 1);
  }
  const auto number = [&](const char* name) {
    return static_cast<std::uint16_t>(std::stoul(values.at(name)));
  };
  changer_uri_ = values.at("CHANGER_URL");
  changer_serial_ = values.at("CHANGER_SERIAL");
  drive_serial_prefix_ = values.at("DRIVE_SERIAL_PREFIX");
  pid_ = static_cast<pid_t>(std::stol(values.at("TGTD_PID")));
  const std::string& portal = values.at("PORTAL");
  port_ = static_cast<std::uint16_t>(std::stoul(portal.substr(portal.rfind(':') + 1)));
  picker_at_ = number("PICKER_AT");
  slot_at_ = number("SLOT_AT");
  drive_at_ = number("DRIVE_AT");
  mail_at_ = number("MAIL_AT");
}

}  // namespace ntms::test
