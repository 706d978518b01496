// SPDX-License-Identifier: MIT
#include "support/system.h"

#include <grp.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace ntms::test {
namespace {

namespace fs = std::filesystem;

std::size_t entries(const char* directory) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(directory), fs::directory_iterator()));
}

}  // namespace

fs::path make_temporary_directory(const std::string& prefix) {
  std::string name = (fs::temp_directory_path() / (prefix + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
  return name;
}

void set_environment(const std::string& name, const std::optional<std::string>& value) {
  if (value) {
    setenv(name.c_str(), value->c_str(), 1);
  } else {
    unsetenv(name.c_str());
  }
}

std::vector<unsigned long> others_with_environment(const std::string& name,
                                                   const std::string& value) {
  std::vector<unsigned long> result;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const int id = std::atoi(entry.path().filename().c_str());
    if (id <= 1 || id == getpid()) continue;
    std::ifstream environment(entry.path() / "environ", std::ios::binary);
    for (std::string variable; std::getline(environment, variable, '\0');) {
      if (variable == name + "=" + value) result.push_back(static_cast<unsigned long>(id));
    }
  }
  return result;
}

void kill_process(unsigned long id) {
  kill(static_cast<pid_t>(id), SIGKILL);
}

std::string program_beside(const std::string& name) {
  return (fs::read_symlink("/proc/self/exe").parent_path() / name).string();
}

std::string computer_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) throw std::runtime_error("no name");
  return name.data();
}

void register_label_library(const std::filesystem::path& data_directory, const std::string& name,
                            const std::string& path) {
  const auto file = data_directory / "label-libraries.conf";
  if (path.empty()) {
    std::filesystem::remove(file);
    return;
  }
  if (!(std::ofstream(file) << name << ' ' << path << '\n')) throw std::runtime_error("no file");
}

bool can_become_another_user() {
  return geteuid() == 0;
}

AsUser::AsUser(unsigned user) {
  const int count = getgroups(0, nullptr);
  groups_.resize(static_cast<std::size_t>(std::max(count, 0)));
  if (getgroups(count, groups_.data()) < 0 || setgroups(0, nullptr) != 0 || setegid(user) != 0 ||
      seteuid(user) != 0) {
    throw std::runtime_error("cannot become another user");
  }
}

AsUser::~AsUser() {
  if (seteuid(0) != 0 || setegid(0) != 0 || setgroups(groups_.size(), groups_.data()) != 0) {
    std::terminate();  // nothing that follows would test what it says
  }
}

std::size_t own_threads() {
  return entries("/proc/self/task");
}

std::size_t own_handles() {
  return entries("/proc/self/fd");
}

}  // namespace ntms::test
