// SPDX-License-Identifier: MIT
// What tests ask of the operating system. All texts are UTF-8.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace ntms::test {

// Makes an empty directory of its own below the system's for temporary files; its name begins with
// `prefix`. Throws std::runtime_error when it cannot. Whoever asked removes it.
std::filesystem::path make_temporary_directory(const std::string& prefix);

// Sets a variable of the process's environment, or removes it (nullopt), so that shared libraries
// and programs started later see it. Not thread-safe.
void set_environment(const std::string& name, const std::optional<std::string>& value);

// The other processes that were started with this value of an environment variable, by their
// numbers in the system; those that may not be looked at are left out.
std::vector<unsigned long> others_with_environment(const std::string& name,
                                                   const std::string& value);

// Ends a process at once, as a crash would, and does not wait for its end.
void kill_process(unsigned long id);

// The path of the program `name` (without an ending) in the folder of the running one.
std::string program_beside(const std::string& name);

// The name of this computer on the network, without its domain.
std::string computer_name();

#ifndef _WIN32
// Whether the process may become another user, whom no account has to be made for.
bool can_become_another_user();

// While it exists the whole process acts for this user, who is in the group of the same number and
// in no other. The process may become another user. One at a time.
class AsUser {
 public:
  explicit AsUser(unsigned user);
  ~AsUser();
  AsUser(const AsUser&) = delete;
  AsUser& operator=(const AsUser&) = delete;

 private:
  std::vector<unsigned> groups_;
};
#endif

// Registers a media label library with a server that keeps its data in `data_directory`, as an
// installer would, or takes that back (an empty path).
void register_label_library(const std::filesystem::path& data_directory, const std::string& name,
                            const std::string& path);

// How many threads, and how many open files and other objects of the system, this process has now.
std::size_t own_threads();
std::size_t own_handles();

}  // namespace ntms::test
