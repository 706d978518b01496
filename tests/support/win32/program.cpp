// SPDX-License-Identifier: MIT
#include "support/program.h"

#include <array>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>

#include "support/win32/wide.h"

namespace ntms::test {
namespace {

constexpr int kAttempts = 3;

[[noreturn]] void refuse(const std::string& what) {
  throw std::system_error(static_cast<int>(GetLastError()), std::system_category(), what);
}

// Owns a handle; closed at most once.
class Owned {
 public:
  Owned() = default;
  ~Owned() { close(); }
  Owned(const Owned&) = delete;
  Owned& operator=(const Owned&) = delete;

  HANDLE get() const { return handle_; }
  HANDLE* out() { return &handle_; }
  void close() {
    if (handle_ != nullptr) CloseHandle(std::exchange(handle_, nullptr));
  }

 private:
  HANDLE handle_ = nullptr;
};

// A pipe of which the child inherits one end.
struct Pipe {
  explicit Pipe(bool child_reads) {
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    if (!CreatePipe(read.out(), write.out(), &inherited, 0)) refuse("CreatePipe");
    const HANDLE own = child_reads ? write.get() : read.get();
    if (!SetHandleInformation(own, HANDLE_FLAG_INHERIT, 0)) refuse("SetHandleInformation");
  }
  Owned read;
  Owned write;
};

// One argument as the C runtime finds it again: backslashes count double before a quotation mark.
std::wstring quoted(std::wstring_view argument) {
  std::wstring result = L"\"";
  std::size_t backslashes = 0;
  for (const wchar_t c : argument) {
    if (c == L'"') result.append(backslashes + 1, L'\\');
    backslashes = c == L'\\' ? backslashes + 1 : 0;
    result += c;
  }
  result.append(backslashes, L'\\');
  return result + L'"';
}

// The handles that the new process inherits, and no others: a pipe does not end before the last
// process that has it.
class Inherited {
 public:
  explicit Inherited(const std::array<HANDLE, 3>& handles) : handles_(handles) {
    SIZE_T size = 0;
    InitializeProcThreadAttributeList(nullptr, 1, 0, &size);
    memory_.resize(size);
    if (!InitializeProcThreadAttributeList(get(), 1, 0, &size)) refuse("attributes");
    // Standard error may be one of the others, or none; each may be named once only.
    std::size_t count = 2;
    if (handles_[2] != nullptr && handles_[2] != INVALID_HANDLE_VALUE) count = 3;
    if (!UpdateProcThreadAttribute(get(), 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_.data(),
                                   count * sizeof(HANDLE), nullptr, nullptr)) {
      refuse("attributes");
    }
  }
  ~Inherited() { DeleteProcThreadAttributeList(get()); }
  Inherited(const Inherited&) = delete;
  Inherited& operator=(const Inherited&) = delete;

  LPPROC_THREAD_ATTRIBUTE_LIST get() {
    return reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.data());
  }

 private:
  std::array<HANDLE, 3> handles_;
  std::vector<unsigned char> memory_;
};

}  // namespace

struct Program::System {
  Owned process;
  Owned input;
  Owned output;
  unsigned long pid = 0;
  std::mutex mutex;  // protects what follows
  std::condition_variable changed;
  std::string text;  // read, but not asked for yet
  bool ended = false;
  std::thread reader;

  // A pipe cannot be waited for with a time limit, so that a thread reads what comes.
  void read() {
    std::array<char, 4096> bytes{};
    DWORD count = 0;
    while (
        ReadFile(output.get(), bytes.data(), static_cast<DWORD>(bytes.size()), &count, nullptr)) {
      const std::lock_guard lock(mutex);
      for (DWORD i = 0; i < count; ++i) {
        if (bytes[i] != '\r') text += bytes[i];  // the C runtime ends lines with CR LF
      }
      changed.notify_all();
    }
    const std::lock_guard lock(mutex);
    ended = true;
    changed.notify_all();
  }
};

Program::Program(const std::vector<std::string>& arguments) : system_(std::make_unique<System>()) {
  Pipe in(true);
  Pipe out(false);
  std::wstring line;
  for (const std::string& argument : arguments) line += quoted(to_wide(argument)) + L" ";
  Owned error;
  const HANDLE self = GetCurrentProcess();
  DuplicateHandle(self, GetStdHandle(STD_ERROR_HANDLE), self, error.out(), 0, TRUE,
                  DUPLICATE_SAME_ACCESS);
  Inherited inherited({in.read.get(), out.write.get(), error.get()});
  STARTUPINFOEXW startup{};
  startup.StartupInfo.cb = sizeof startup;
  startup.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
  startup.StartupInfo.hStdInput = in.read.get();
  startup.StartupInfo.hStdOutput = out.write.get();
  startup.StartupInfo.hStdError = error.get();
  startup.lpAttributeList = inherited.get();
  PROCESS_INFORMATION started{};
  const std::wstring program = to_wide(arguments[0]);
  bool done = false;
  // Under load Wine now and then gives up a process that is slow to start.
  for (int attempt = 0; !done && attempt < kAttempts; ++attempt) {
    std::wstring words = line;  // CreateProcess may write into it
    done = CreateProcessW(program.c_str(), words.data(), nullptr, nullptr, TRUE,
                          EXTENDED_STARTUPINFO_PRESENT, nullptr, nullptr, &startup.StartupInfo,
                          &started) != 0;
    if (!done && GetLastError() != ERROR_INTERNAL_ERROR) break;
  }
  if (!done) refuse(arguments[0]);
  CloseHandle(started.hThread);
  *system_->process.out() = started.hProcess;
  system_->pid = started.dwProcessId;
  std::swap(*system_->input.out(), *in.write.out());
  std::swap(*system_->output.out(), *out.read.out());
  system_->reader = std::thread([this] { system_->read(); });
}

Program::~Program() {
  kill();
  system_->reader.join();
}

unsigned long Program::pid() const {
  return system_->pid;
}

bool Program::write_line(const std::string& line) {
  const std::string text = line + "\n";
  DWORD written = 0;
  return WriteFile(system_->input.get(), text.data(), static_cast<DWORD>(text.size()), &written,
                   nullptr) &&
         written == text.size();
}

std::optional<std::string> Program::read_line(std::chrono::milliseconds limit) {
  std::string& text = system_->text;
  std::unique_lock lock(system_->mutex);
  system_->changed.wait_for(lock, limit,
                            [&] { return system_->ended || text.find('\n') != std::string::npos; });
  const auto end = text.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = text.substr(0, end);
  text.erase(0, end + 1);
  return line;
}

std::string Program::read_all() {
  std::unique_lock lock(system_->mutex);
  system_->changed.wait(lock, [&] { return system_->ended; });
  return std::exchange(system_->text, {});
}

int Program::wait() {
  system_->input.close();
  WaitForSingleObject(system_->process.get(), INFINITE);
  DWORD status = 0;
  GetExitCodeProcess(system_->process.get(), &status);
  return static_cast<int>(status);
}

void Program::kill() {
  constexpr UINT kKilled = 9;
  TerminateProcess(system_->process.get(), kKilled);  // refused when it has ended already
  wait();
}

}  // namespace ntms::test
