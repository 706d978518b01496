// SPDX-License-Identifier: MIT
// NTFS logs changes of names itself; what is left is to write the log through. Rights of new files
// and directories are inherited from the data directory.
#include "platform/durable_files.h"

#include "platform/win32/plain_file.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;

// Whether anybody has the file open.
bool is_open(const fs::path& path) {
  const Handle file(CreateFileW(system_name(path).c_str(), DELETE, 0, nullptr, OPEN_EXISTING,
                                FILE_FLAG_OPEN_REPARSE_POINT, nullptr));
  return !file && GetLastError() == ERROR_SHARING_VIOLATION;
}

}  // namespace

Result<void> make_shared_directory(const fs::path& path) {
  const std::string what = "cannot create " + shown(path);
  if (!CreateDirectoryW(system_name(path).c_str(), nullptr) &&
      GetLastError() != ERROR_ALREADY_EXISTS) {
    return last_error(GetLastError(), what);
  }
  const DWORD attributes = GetFileAttributesW(system_name(path).c_str());
  if (attributes == INVALID_FILE_ATTRIBUTES) return last_error(GetLastError(), what);
  if ((attributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
    return fail(ERROR_DATABASE_FAILURE, shown(path) + " is not a directory");
  }
  return {};
}

Result<void> create_durably(const fs::path& path) {
  Handle file(CreateFileW(system_name(path).c_str(), GENERIC_WRITE, kShareAll, nullptr, CREATE_NEW,
                          FILE_FLAG_WRITE_THROUGH, nullptr));
  const bool created = static_cast<bool>(file);
  if (!created && GetLastError() != ERROR_FILE_EXISTS) {
    return last_error(GetLastError(), "cannot create " + shown(path));
  }
  if (!created) {
    auto existing = open_plain_file(path, GENERIC_WRITE, kShareAll, OPEN_EXISTING);
    if (!existing) return existing.error();
    file = std::move(*existing);
  }
  if (!FlushFileBuffers(file.get())) {
    const DWORD error = GetLastError();
    file.reset();
    if (created) DeleteFileW(system_name(path).c_str());
    return last_error(error, "cannot put on disk " + shown(path));
  }
  return {};
}

Result<void> sync_file(const fs::path& path) {
  const auto file = open_plain_file(path, GENERIC_WRITE, kShareAll, OPEN_EXISTING);
  if (!file) return file.error();
  if (FlushFileBuffers(file->get())) return {};
  return last_error(GetLastError(), "cannot put on disk " + shown(path));
}

Result<void> rename_durably(const fs::path& from, const fs::path& to) {
  if (MoveFileExW(system_name(from).c_str(), system_name(to).c_str(),
                  MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH)) {
    return {};
  }
  DWORD error = GetLastError();
  // A file that is in use cannot be replaced; Windows calls that a lack of permission.
  if (error == ERROR_ACCESS_DENIED && is_open(to)) error = ERROR_SHARING_VIOLATION;
  return last_error(error, "cannot replace " + shown(to));
}

Result<void> remove_durably(const fs::path& path) {
  if (DeleteFileW(system_name(path).c_str()) || GetLastError() == ERROR_FILE_NOT_FOUND) return {};
  return last_error(GetLastError(), "cannot remove " + shown(path));
}

}  // namespace ntms::platform
