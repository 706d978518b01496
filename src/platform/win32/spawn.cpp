// SPDX-License-Identifier: MIT
// CreateProcess, with nothing inherited but the null device.
#include "platform/spawn.h"

#include <array>
#include <memory>

#include "platform/win32/handle.h"
#include "platform/win32/last_error.h"
#include "platform/win32/wide.h"

namespace ntms::platform {
namespace {

// Appends one argument so that the usual rules of the C runtime find it again as it is: backslashes
// count double before a quotation mark only.
void append_quoted(std::wstring& line, std::wstring_view argument) {
  line += L'"';
  std::size_t backslashes = 0;
  for (const wchar_t c : argument) {
    if (c == L'\\') {
      ++backslashes;
      continue;
    }
    line.append(c == L'"' ? 2 * backslashes + 1 : backslashes, L'\\');
    backslashes = 0;
    line += c;
  }
  line.append(2 * backslashes, L'\\');
  line += L'"';
}

// The handles that the new process inherits, and no others.
class InheritedHandles {
 public:
  explicit InheritedHandles(HANDLE handle) : handle_(handle) {
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    memory_ = std::make_unique<unsigned char[]>(size);
    auto* const list = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.get());
    if (!InitializeProcThreadAttributeList(list, 1, 0, &size)) return;
    list_ = list;
    valid_ = UpdateProcThreadAttribute(list_, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, &handle_,
                                       sizeof handle_, nullptr, nullptr);
  }
  ~InheritedHandles() {
    if (list_ != nullptr) DeleteProcThreadAttributeList(list_);
  }
  InheritedHandles(const InheritedHandles&) = delete;
  InheritedHandles& operator=(const InheritedHandles&) = delete;

  // Null when Windows refused.
  LPPROC_THREAD_ATTRIBUTE_LIST get() const { return valid_ ? list_ : nullptr; }

 private:
  HANDLE handle_;
  std::unique_ptr<unsigned char[]> memory_;
  LPPROC_THREAD_ATTRIBUTE_LIST list_ = nullptr;
  bool valid_ = false;
};

}  // namespace

Result<void> spawn_detached(const std::filesystem::path& program,
                            const std::vector<std::string>& arguments) {
  const std::string what = "cannot start " + shown(program);
  std::error_code unresolved;
  const std::filesystem::path name = std::filesystem::absolute(program, unresolved);
  if (unresolved) return fail(ERROR_NOT_SUPPORTED, what + ": " + unresolved.message());
  std::wstring line;
  append_quoted(line, name.native());
  for (const std::string& argument : arguments) {
    line += L' ';
    append_quoted(line, to_wide(argument));
  }

  SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
  const Handle null_device(CreateFileW(L"NUL", GENERIC_READ | GENERIC_WRITE,
                                       FILE_SHARE_READ | FILE_SHARE_WRITE, &inherited,
                                       OPEN_EXISTING, 0, nullptr));
  if (!null_device) return last_error(GetLastError(), what, ERROR_NOT_SUPPORTED);
  const InheritedHandles handles(null_device.get());
  if (handles.get() == nullptr) return last_error(GetLastError(), what, ERROR_NOT_SUPPORTED);
  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof startup;
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = null_device.get();
  startup.StartupInfo.hStdOutput = null_device.get();
  startup.StartupInfo.hStdError = null_device.get();
  startup.lpAttributeList = handles.get();

  // A directory that nobody wants to remove.
  std::array<wchar_t, MAX_PATH> system{};
  const UINT length = GetSystemDirectoryW(system.data(), static_cast<UINT>(system.size()));
  const wchar_t* const directory = length > 0 && length < system.size() ? system.data() : nullptr;

  // A job that ends its processes with the caller is left, where the job allows it.
  constexpr DWORD kFlags =
      DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP | EXTENDED_STARTUPINFO_PRESENT;
  DWORD error = ERROR_SUCCESS;
  for (const DWORD flags : {kFlags | CREATE_BREAKAWAY_FROM_JOB, kFlags}) {
    PROCESS_INFORMATION started{};
    if (CreateProcessW(name.c_str(), line.data(), nullptr, nullptr, TRUE, flags, nullptr, directory,
                       &startup.StartupInfo, &started)) {
      CloseHandle(started.hThread);
      CloseHandle(started.hProcess);
      return {};
    }
    error = GetLastError();
    if (error != ERROR_ACCESS_DENIED) break;
  }
  return last_error(error, what, ERROR_NOT_SUPPORTED);
}

}  // namespace ntms::platform
