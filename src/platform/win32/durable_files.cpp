// SPDX-License-Identifier: MIT
// NTFS logs changes of names itself; what is left is to write the log through. Rights of new files
// and directories are inherited from the data directory.
#include "platform/durable_files.h"

#include <cstddef>
#include <cstring>
#include <vector>

#include "platform/win32/plain_file.h"

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;

// A rename that Windows 10 has and that earlier systems refuse: it also replaces a file that is
// open with FILE_SHARE_DELETE. Returns the system's error code.
DWORD rename_over_open_file(const fs::path& from, const fs::path& to) {
  struct RenameInformation {  // FILE_RENAME_INFO as Windows 10 has it
    DWORD flags;
    HANDLE root;
    DWORD name_size;
    WCHAR name[1];
  };
  constexpr auto kRenameEx = static_cast<FILE_INFO_BY_HANDLE_CLASS>(22);
  constexpr DWORD kReplace = 1;
  constexpr DWORD kPosixSemantics = 2;

  const Handle file(CreateFileW(system_name(from).c_str(), DELETE | GENERIC_WRITE, kShareAll,
                                nullptr, OPEN_EXISTING,
                                FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_WRITE_THROUGH, nullptr));
  if (!file) return GetLastError();
  const std::wstring name = system_name(to);
  const std::size_t bytes = name.size() * sizeof(wchar_t);
  std::vector<std::byte> memory(sizeof(RenameInformation) + bytes);
  auto* const information = reinterpret_cast<RenameInformation*>(memory.data());
  information->flags = kReplace | kPosixSemantics;
  information->root = nullptr;
  information->name_size = static_cast<DWORD>(bytes);
  std::memcpy(information->name, name.c_str(), bytes + sizeof(wchar_t));
  if (!SetFileInformationByHandle(file.get(), kRenameEx, information,
                                  static_cast<DWORD>(memory.size()))) {
    return GetLastError();
  }
  // The file's record, with its new name, goes to disk with the file.
  return FlushFileBuffers(file.get()) ? ERROR_SUCCESS : GetLastError();
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
  if (error == ERROR_ACCESS_DENIED || error == ERROR_SHARING_VIOLATION) {
    const DWORD again = rename_over_open_file(from, to);
    if (again == ERROR_SUCCESS) return {};
    if (again == ERROR_SHARING_VIOLATION) error = again;
  }
  return last_error(error, "cannot replace " + shown(to));
}

Result<void> remove_durably(const fs::path& path) {
  if (DeleteFileW(system_name(path).c_str()) || GetLastError() == ERROR_FILE_NOT_FOUND) return {};
  return last_error(GetLastError(), "cannot remove " + shown(path));
}

}  // namespace ntms::platform
