// SPDX-License-Identifier: MIT
// Consoles of Windows take UTF-16; files and pipes get the console's code page.
#include "rsm/console.h"

#include <iostream>
#include <streambuf>
#include <string_view>
#include <utility>

#include "ntms/win32_types.h"
#include "platform/text.h"

// After <windows.h>, which it needs.
#include <shellapi.h>

namespace ntms::rsm {
namespace {

// Collects whole lines, so that no character is cut in two.
class Converter : public std::streambuf {
 public:
  explicit Converter(DWORD which) : handle_(GetStdHandle(which)) {
    DWORD mode = 0;
    console_ = GetConsoleMode(handle_, &mode) != 0;
  }

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    text_ += traits_type::to_char_type(c);
    if (text_.back() == '\n' && !write()) return traits_type::eof();
    return c;
  }

  int sync() override { return write() ? 0 : -1; }

 private:
  bool write() {
    const std::string text = std::exchange(text_, {});
    if (text.empty()) return true;
    const std::u16string utf16 = platform::to_utf16(text);
    const auto* const wide = reinterpret_cast<const wchar_t*>(utf16.data());
    const int length = static_cast<int>(utf16.size());
    DWORD written = 0;
    if (console_) {
      return WriteConsoleW(handle_, wide, static_cast<DWORD>(length), &written, nullptr) != 0;
    }
    const UINT configured = GetConsoleOutputCP();
    const UINT page = configured != 0 ? configured : CP_ACP;
    std::string bytes(static_cast<std::size_t>(
                          WideCharToMultiByte(page, 0, wide, length, nullptr, 0, nullptr, nullptr)),
                      '\0');
    WideCharToMultiByte(page, 0, wide, length, bytes.data(), static_cast<int>(bytes.size()),
                        nullptr, nullptr);
    std::string_view left = bytes;
    while (!left.empty()) {
      if (!WriteFile(handle_, left.data(), static_cast<DWORD>(left.size()), &written, nullptr)) {
        return false;
      }
      left.remove_prefix(written);
    }
    return true;
  }

  HANDLE handle_;
  bool console_ = false;
  std::string text_;
};

}  // namespace

struct ConsoleText::Impl {
  Converter out{STD_OUTPUT_HANDLE};
  Converter err{STD_ERROR_HANDLE};
  std::streambuf* out_before = nullptr;
  std::streambuf* err_before = nullptr;
};

std::vector<std::string> command_line(int argc, char** argv) {
  int count = 0;
  wchar_t** const wide = CommandLineToArgvW(GetCommandLineW(), &count);
  std::vector<std::string> arguments;
  if (wide == nullptr) {  // no memory: what the runtime found
    for (int i = 1; i < argc; ++i) arguments.emplace_back(argv[i]);
    return arguments;
  }
  for (int i = 1; i < count; ++i) {
    arguments.push_back(platform::to_utf8(reinterpret_cast<const char16_t*>(wide[i])));
  }
  LocalFree(wide);
  return arguments;
}

ConsoleText::ConsoleText() : impl_(std::make_unique<Impl>()) {
  impl_->out_before = std::cout.rdbuf(&impl_->out);
  impl_->err_before = std::cerr.rdbuf(&impl_->err);
}

ConsoleText::~ConsoleText() {
  std::cout.flush();
  std::cerr.flush();
  std::cout.rdbuf(impl_->out_before);
  std::cerr.rdbuf(impl_->err_before);
}

}  // namespace ntms::rsm
