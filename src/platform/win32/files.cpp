// SPDX-License-Identifier: MIT
// The data directory on Windows.
#include "platform/files.h"

#include <string>
#include <system_error>
#include <vector>

#include "ntms/win32_types.h"
#include "platform/system.h"
#include "platform/win32/handle.h"
#include "platform/win32/known_folder.h"
#include "platform/win32/last_error.h"
#include "platform/win32/security.h"
#include "platform/win32/wide.h"

// After <windows.h>, which they need.
#include <shlobj.h>

namespace ntms::platform {
namespace {

namespace fs = std::filesystem;

constexpr const wchar_t* kKey = L"SYSTEM\\CurrentControlSet\\Control\\NTMS";
// Longer names of directories leave no room for the files in them without a long path's prefix.
constexpr std::size_t kShortPath = 180;

// The text of a value below kKey; empty when there is none.
std::wstring registry_text(const wchar_t* name) {
  DWORD size = 0;
  constexpr DWORD kTypes = RRF_RT_REG_SZ;  // REG_EXPAND_SZ comes expanded, as this type
  if (RegGetValueW(HKEY_LOCAL_MACHINE, kKey, name, kTypes, nullptr, nullptr, &size) !=
      ERROR_SUCCESS) {
    return {};
  }
  std::wstring text(size / sizeof(wchar_t) + 1, L'\0');
  size = static_cast<DWORD>(text.size() * sizeof(wchar_t));
  if (RegGetValueW(HKEY_LOCAL_MACHINE, kKey, name, kTypes, nullptr, text.data(), &size) !=
      ERROR_SUCCESS) {
    return {};
  }
  text.resize(text.find(L'\0'));
  return text;
}

Result<fs::path> configured_directory() {
  if (const auto variable = environment("NTMS_DATA"); variable && !variable->empty()) {
    return path_of(*variable);
  }
  if (const std::wstring parent = registry_text(L"NtmsData"); !parent.empty()) {
    return fs::path(parent) / L"NtmsData";
  }
  auto common = program_data();
  if (!common) return common;
  return *common / L"NtmsData";
}

// Whether the volume of `path`, which need not exist itself, belongs to another machine.
bool is_remote(const fs::path& path) {
  std::vector<wchar_t> volume(path.native().size() + MAX_PATH);
  if (!GetVolumePathNameW(path.c_str(), volume.data(), static_cast<DWORD>(volume.size()))) {
    return path.native().starts_with(L"\\\\") && !has_prefix(path);
  }
  return GetDriveTypeW(volume.data()) == DRIVE_REMOTE;
}

// Where Windows really opened something; empty when it does not tell.
std::wstring final_path(HANDLE file) {
  std::wstring path(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length =
        GetFinalPathNameByHandleW(file, path.data(), static_cast<DWORD>(path.size()), 0);
    if (length == 0) return {};
    const bool fits = length < path.size();
    path.resize(length);
    if (fits) return path;
  }
}

bool same_name(std::wstring_view a, std::wstring_view b) {
  return CompareStringOrdinal(a.data(), static_cast<int>(a.size()), b.data(),
                              static_cast<int>(b.size()), TRUE) == CSTR_EQUAL;
}

bool has_component(const std::wstring& path, std::wstring_view component) {
  for (const fs::path& part : fs::path(path)) {
    if (same_name(part.native(), component)) return true;
  }
  return false;
}

// Windows shows some programs another place than the one they name: those without a manifest that
// may not write (VirtualStore), and 32-bit ones below System32 (SysWOW64). Each would work on a
// database of its own, and two databases over one robot are two masters.
Result<void> check_not_redirected(const fs::path& directory, HANDLE opened) {
  const std::wstring real = final_path(opened);
  if (real.empty()) return {};
  if (has_component(real, L"SysWOW64") && !has_component(directory.native(), L"SysWOW64")) {
    return fail(ERROR_DATABASE_FAILURE, "32-bit programs are shown " + from_wide(real) +
                                            " instead of " + shown(directory) +
                                            "; the data directory must be outside of System32");
  }
  // What counts is where new files go.
  const std::wstring name = L"ntms-" + std::to_wstring(GetCurrentProcessId()) + L"-" +
                            std::to_wstring(GetCurrentThreadId()) + L".tmp";
  const Handle file(CreateFileW(system_name(directory / name).c_str(), GENERIC_WRITE | DELETE,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE,
                                nullptr));
  if (!file) {
    return last_error(GetLastError(),
                      "the data directory " + shown(directory) + " cannot be written to");
  }
  const std::wstring place = final_path(file.get());
  if (place.empty() || same_name(fs::path(place).parent_path().native(), real)) return {};
  return fail(ERROR_ACCESS_DENIED, "Windows redirects this program from " + shown(directory) +
                                       " to " + from_wide(place) +
                                       "; it needs permission to write to the directory");
}

Result<void> check_existing(const fs::path& directory) {
  // Asking for the rights is what checks them; a directory needs the backup flag to be opened.
  const Handle opened(CreateFileW(system_name(directory).c_str(),
                                  FILE_LIST_DIRECTORY | FILE_ADD_FILE | FILE_TRAVERSE,
                                  FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, nullptr,
                                  OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, nullptr));
  const DWORD error = GetLastError();
  const DWORD attributes = GetFileAttributesW(system_name(directory).c_str());
  if (attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0) {
    return fail(ERROR_DATABASE_FAILURE, shown(directory) + " is not a directory");
  }
  if (!opened) {
    return last_error(error, "the data directory " + shown(directory) + " cannot be used");
  }
  return check_not_redirected(directory, opened.get());
}

// Creates a directory and its missing parents, whose rights are inherited; `security` is for the
// last one. That another process was faster is no error.
Result<void> make_directories(const fs::path& directory, SECURITY_ATTRIBUTES* security) {
  const std::wstring name = system_name(directory);
  if (CreateDirectoryW(name.c_str(), security) || GetLastError() == ERROR_ALREADY_EXISTS) return {};
  const DWORD error = GetLastError();
  if (error != ERROR_PATH_NOT_FOUND || !directory.has_relative_path()) {
    return last_error(error, "cannot create " + shown(directory));
  }
  if (auto parents = make_directories(directory.parent_path(), nullptr); !parents) return parents;
  if (CreateDirectoryW(name.c_str(), security) || GetLastError() == ERROR_ALREADY_EXISTS) return {};
  return last_error(GetLastError(), "cannot create " + shown(directory));
}

fs::path without_trailing_separator(const fs::path& path) {
  return !path.has_filename() && path.has_relative_path() ? path.parent_path() : path;
}

}  // namespace

Result<fs::path> program_data() {
  wchar_t* found = nullptr;
  const HRESULT result =
      SHGetKnownFolderPath(FOLDERID_ProgramData, KF_FLAG_DONT_VERIFY, nullptr, &found);
  const std::wstring folder = found != nullptr ? found : L"";
  CoTaskMemFree(found);
  if (FAILED(result) || folder.empty()) {
    return fail(ERROR_DATABASE_FAILURE, "Windows does not tell where ProgramData is");
  }
  return fs::path(folder);
}

Result<fs::path> data_directory() {
  const auto configured = configured_directory();
  if (!configured) return configured.error();
  if (has_prefix(*configured)) return without_trailing_separator(*configured);
  std::error_code error;
  fs::path directory = fs::absolute(*configured, error).lexically_normal();
  if (error) {
    return fail(ERROR_DATABASE_FAILURE, "NTMS_DATA: the current directory: " + error.message());
  }
  directory = without_trailing_separator(directory);
  if (directory.native().size() > kShortPath) return fs::path(system_name(directory));
  return directory;
}

Result<void> prepare_data_directory(const fs::path& directory) {
  const bool normal = has_prefix(directory);
  const fs::path wanted =
      without_trailing_separator(normal ? directory : directory.lexically_normal());
  if (!normal && !wanted.is_absolute()) {
    return fail(ERROR_INVALID_PARAMETER, "the data directory must be an absolute path");
  }
  if (is_remote(wanted)) {
    return fail(ERROR_DATABASE_FAILURE, shown(wanted) +
                                            " is on a network file system; "
                                            "the database must be on a local disk");
  }
  if (GetFileAttributesW(system_name(wanted).c_str()) == INVALID_FILE_ATTRIBUTES) {
    auto security = Security::for_data_directory();
    if (auto made = make_directories(wanted, security.attributes()); !made) return made;
  }
  return check_existing(wanted);
}

fs::path own_library_path() {
  HMODULE module = nullptr;
  if (!GetModuleHandleExW(
          GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
          reinterpret_cast<LPCWSTR>(&own_library_path), &module)) {
    return {};
  }
  constexpr std::size_t kLongest = 32768;  // Windows' limit for a path
  std::wstring name(MAX_PATH, L'\0');
  for (;;) {
    const DWORD length = GetModuleFileNameW(module, name.data(), static_cast<DWORD>(name.size()));
    if (length == 0) return {};
    if (length < name.size()) return fs::path(name.substr(0, length)).lexically_normal();
    if (name.size() >= kLongest) return {};
    name.resize(name.size() * 2);
  }
}

bool same_file(const fs::path& one, const fs::path& other) {
  std::error_code error;
  return fs::equivalent(one, other, error) && !error;
}

}  // namespace ntms::platform
