// SPDX-License-Identifier: MIT
// The data directory on POSIX systems.
#include "platform/files.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <link.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

#include "ntms/win32_types.h"
#include "platform/posix/errno_error.h"
#include "platform/posix/file_descriptor.h"
#include "platform/posix/network_file_system.h"
#include "platform/system.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;

Result<void> refuse_network(const fs::path& path) {
  struct statfs info {};
  if (statfs(path.c_str(), &info) != 0) return errno_error(errno, path.string());
  const char* name = network_file_system(static_cast<std::uint32_t>(info.f_type));
  if (name == nullptr) return {};
  return fail(ERROR_DATABASE_FAILURE, path.string() + " is on a network file system (" + name +
                                          "); the database must be on a local disk");
}

Result<void> check_existing(const fs::path& directory) {
  struct stat info {};
  if (stat(directory.c_str(), &info) != 0) return errno_error(errno, directory.string());
  if (!S_ISDIR(info.st_mode)) {
    return fail(ERROR_DATABASE_FAILURE, directory.string() + " is not a directory");
  }
  if (const auto local = refuse_network(directory); !local) return local.error();
  if (faccessat(AT_FDCWD, directory.c_str(), R_OK | W_OK | X_OK, AT_EACCESS) != 0) {
    return errno_error(errno, "the data directory " + directory.string() + " cannot be used");
  }
  return {};
}

// Creates one directory; that another process was faster is no error.
Result<void> make_directory(const fs::path& directory, mode_t mode) {
  if (mkdir(directory.c_str(), mode) == 0 || errno == EEXIST) return {};
  return errno_error(errno, "cannot create " + directory.string());
}

Result<void> make_parents(const fs::path& directory) {
  struct stat info {};
  if (stat(directory.c_str(), &info) == 0) return refuse_network(directory);
  if (errno != ENOENT) return errno_error(errno, directory.string());
  if (directory.has_relative_path()) {
    if (auto parents = make_parents(directory.parent_path()); !parents) return parents;
  }
  return make_directory(directory, 0755);
}

}  // namespace

Result<fs::path> data_directory() {
  const auto configured = environment("NTMS_DATA");
  if (!configured || configured->empty()) return fs::path("/var/lib/ntms");
  std::error_code error;
  fs::path directory = fs::absolute(*configured, error).lexically_normal();
  if (error) {
    return fail(ERROR_DATABASE_FAILURE, "NTMS_DATA: the current directory: " + error.message());
  }
  // A trailing separator would hide the directory's own name behind an empty one.
  if (!directory.has_filename()) directory = directory.parent_path();
  return directory;
}

Result<void> prepare_data_directory(const fs::path& directory) {
  fs::path wanted = directory.lexically_normal();
  if (!wanted.has_filename() && wanted.has_relative_path()) wanted = wanted.parent_path();
  if (!wanted.is_absolute()) {
    return fail(ERROR_INVALID_PARAMETER, "the data directory must be an absolute path");
  }
  struct stat info {};
  if (stat(wanted.c_str(), &info) == 0) return check_existing(wanted);
  if (errno != ENOENT) return errno_error(errno, wanted.string());

  if (auto parents = make_parents(wanted.parent_path()); !parents) return parents;
  if (mkdir(wanted.c_str(), 0770) == 0) {
    // mkdir() obeys the umask and drops the set-group-ID bit, which lets new files keep the group.
    const FileDescriptor created(
        open(wanted.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
    if (!created || fchmod(created.get(), 02770) != 0) {
      return errno_error(errno, "cannot set the mode of " + wanted.string());
    }
  } else if (errno != EEXIST) {
    return errno_error(errno, "cannot create " + wanted.string());
  }
  return check_existing(wanted);
}

fs::path own_library_path() {
  Dl_info info{};
  void* map = nullptr;
  void* here = reinterpret_cast<void*>(&own_library_path);
  if (dladdr1(here, &info, &map, RTLD_DL_LINKMAP) == 0) return {};
  const auto* loaded = static_cast<const link_map*>(map);
  std::error_code error;
  // The main program has an empty name in the loader's list, and dladdr() gives its argv[0].
  if (loaded == nullptr || loaded->l_name[0] == '\0')
    return fs::read_symlink("/proc/self/exe", error);
  const fs::path path = fs::absolute(loaded->l_name, error);
  return error ? fs::path() : path.lexically_normal();
}

bool same_file(const fs::path& one, const fs::path& other) {
  std::error_code error;
  return fs::equivalent(one, other, error) && !error;
}

}  // namespace ntms::platform
