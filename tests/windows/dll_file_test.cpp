// SPDX-License-Identifier: MIT
// ntmsapi.dll as a file: what it exports, what it needs, how it may be loaded, what it says it is.
#include <windows.h>

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "contract/tables.h"
#include "windows/pe_file.h"

namespace {

namespace fs = std::filesystem;
using ntms::contract_test::read_table;
using ntms::windows_test::PeFile;
using ntms::windows_test::read_pe_file;

constexpr std::uintmax_t kLargest = 5 << 20;
constexpr std::uint16_t kX86 = 0x014C;
constexpr std::uint16_t kX64 = 0x8664;

// A file beside this program.
fs::path beside(const wchar_t* name) {
  std::wstring own(MAX_PATH, L'\0');
  own.resize(GetModuleFileNameW(nullptr, own.data(), MAX_PATH));
  return fs::path(own).parent_path() / name;
}

struct CloseModule {
  void operator()(HMODULE module) const { FreeLibrary(module); }
};
using Module = std::unique_ptr<std::remove_pointer_t<HMODULE>, CloseModule>;

TEST(DllFile, TheReaderRefusesWhatIsNone) {
  EXPECT_THROW(read_pe_file(NTMS_CONTRACT_DIR "/exports.tsv"), std::runtime_error);
  EXPECT_THROW(read_pe_file(NTMS_CONTRACT_DIR "/no such file"), std::runtime_error);
}

TEST(DllFile, ExportsTheNamesOfTheContractUndecorated) {
  std::set<std::string> names;
  for (const auto& row : read_table(NTMS_CONTRACT_DIR "/exports.tsv")) {
    names.insert(row.cells.at(0));
  }
  ASSERT_EQ(names.size(), 75U);
  EXPECT_EQ(read_pe_file(beside(L"ntmsapi.dll")).exports, names);
}

TEST(DllFile, EveryNameIsFoundAtRunTime) {
  const Module library(LoadLibraryW(beside(L"ntmsapi.dll").c_str()));
  ASSERT_NE(library, nullptr) << GetLastError();
  for (const auto& row : read_table(NTMS_CONTRACT_DIR "/exports.tsv")) {
    EXPECT_NE(GetProcAddress(library.get(), row.cells.at(0).c_str()), nullptr) << row.cells.at(0);
  }
  EXPECT_EQ(GetProcAddress(library.get(), "NtmsNoSuchFunction"), nullptr);
}

TEST(DllFile, NeedsOnlyWhatWindows7Has) {
  const std::set<std::string> system{"advapi32.dll", "bcrypt.dll", "kernel32.dll", "msvcrt.dll",
                                     "mswsock.dll",  "ole32.dll",  "shell32.dll",  "ws2_32.dll"};
  const PeFile file = read_pe_file(beside(L"ntmsapi.dll"));
  EXPECT_FALSE(file.imports.empty());
  for (const auto& [dll, names] : file.imports) {
    EXPECT_TRUE(system.contains(dll)) << dll;
  }
  // What came with Windows 8 and later; the loader would refuse the DLL on Windows 7.
  const std::set<std::string> later{"GetSystemTimePreciseAsFileTime",
                                    "WaitOnAddress",
                                    "WakeByAddressSingle",
                                    "WakeByAddressAll",
                                    "CreateFile2",
                                    "SetThreadDescription",
                                    "GetCurrentThreadStackLimits",
                                    "QueryUnbiasedInterruptTimePrecise"};
  for (const auto& [dll, names] : file.imports) {
    for (const std::string& name : names) EXPECT_FALSE(later.contains(name)) << dll << ' ' << name;
  }
}

TEST(DllFile, IsForWindows7AndProtected) {
  const PeFile file = read_pe_file(beside(L"ntmsapi.dll"));
  EXPECT_EQ(file.machine, sizeof(void*) == 8 ? kX64 : kX86);
  EXPECT_LE(file.subsystem_major * 100 + file.subsystem_minor, 601);
  EXPECT_LE(file.os_major * 100 + file.os_minor, 601);
  EXPECT_NE(file.characteristics & 0x0100, 0) << "no data execution prevention";
  EXPECT_NE(file.characteristics & 0x0040, 0) << "cannot be loaded at another address";
  EXPECT_TRUE(file.relocatable) << "no relocations: ASLR has no effect";
  EXPECT_LT(fs::file_size(beside(L"ntmsapi.dll")), kLargest);
}

TEST(DllFile, SaysWhatItIs) {
  for (const wchar_t* const name : {L"ntmsapi.dll", L"ntmsemulator.dll", L"rsm.exe"}) {
    const std::wstring path = beside(name).native();
    DWORD ignored = 0;
    const DWORD size = GetFileVersionInfoSizeW(path.c_str(), &ignored);
    ASSERT_NE(size, 0U) << GetLastError();
    std::vector<std::byte> data(size);
    ASSERT_TRUE(GetFileVersionInfoW(path.c_str(), 0, size, data.data()));
    VS_FIXEDFILEINFO* fixed = nullptr;
    UINT length = 0;
    ASSERT_TRUE(VerQueryValueW(data.data(), L"\\", reinterpret_cast<void**>(&fixed), &length));
    EXPECT_EQ(fixed->dwFileVersionMS, MAKELONG(NTMS_VERSION_MINOR, NTMS_VERSION_MAJOR));
    wchar_t* product = nullptr;
    ASSERT_TRUE(VerQueryValueW(data.data(), L"\\StringFileInfo\\040904B0\\ProductName",
                               reinterpret_cast<void**>(&product), &length));
    EXPECT_STREQ(product, L"ntmsapi");
  }
}

TEST(DllFile, HasTheTextsOfItsEvents) {
  const Module library(
      LoadLibraryExW(beside(L"ntmsapi.dll").c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE));
  ASSERT_NE(library, nullptr);
  for (const DWORD event : {1U, 10U, 17U, 110U, 119U, 120U, 1000U}) {
    wchar_t text[64] = {};
    const DWORD_PTR words[] = {reinterpret_cast<DWORD_PTR>(L"drive 2")};
    EXPECT_NE(FormatMessageW(FORMAT_MESSAGE_FROM_HMODULE | FORMAT_MESSAGE_ARGUMENT_ARRAY,
                             library.get(), event, 0, text, 64,
                             reinterpret_cast<va_list*>(const_cast<DWORD_PTR*>(words))),
              0U)
        << event;
    EXPECT_EQ(std::wstring(text).substr(0, 7), L"drive 2") << event;
  }
}

TEST(DllFile, TheCommandIsNotRedirected) {
  const Module program(
      LoadLibraryExW(beside(L"rsm.exe").c_str(), nullptr, LOAD_LIBRARY_AS_DATAFILE));
  ASSERT_NE(program, nullptr);
  const HRSRC found = FindResourceW(program.get(), MAKEINTRESOURCEW(1), MAKEINTRESOURCEW(24));
  ASSERT_NE(found, nullptr) << "no manifest";
  const std::string manifest(
      static_cast<const char*>(LockResource(LoadResource(program.get(), found))),
      SizeofResource(program.get(), found));
  EXPECT_NE(manifest.find("requestedExecutionLevel"), std::string::npos);
}

}  // namespace
