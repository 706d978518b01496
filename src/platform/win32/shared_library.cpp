// SPDX-License-Identifier: MIT
#include "platform/shared_library.h"

#include <array>

#include <ntmsapi.h>
#include "platform/win32/last_error.h"
#include "platform/win32/wide.h"

namespace ntms::platform {
namespace {

constexpr const wchar_t* kKey = L"SYSTEM\\CurrentControlSet\\Control\\NTMS\\OMID\\Tape";

// Closes a key of the registry when it goes.
class Key {
 public:
  Key(HKEY parent, const wchar_t* name) {
    if (RegOpenKeyExW(parent, name, 0, KEY_READ, &key_) != ERROR_SUCCESS) key_ = nullptr;
  }
  ~Key() {
    if (key_ != nullptr) RegCloseKey(key_);
  }
  Key(const Key&) = delete;
  Key& operator=(const Key&) = delete;
  explicit operator bool() const { return key_ != nullptr; }
  HKEY get() const { return key_; }

 private:
  HKEY key_ = nullptr;
};

}  // namespace

Result<SharedLibrary> SharedLibrary::load(const std::filesystem::path& path) {
  if (!path.is_absolute()) {
    return fail(ERROR_INVALID_PARAMETER, shown(path) + " is not an absolute path");
  }
  // Libraries that it needs are looked for beside it first.
  const HMODULE module = LoadLibraryExW(path.c_str(), nullptr, LOAD_WITH_ALTERED_SEARCH_PATH);
  if (module == nullptr) {
    return fail(ERROR_OBJECT_NOT_FOUND, shown(path) + ": " + words_of(GetLastError()));
  }
  return SharedLibrary(module);
}

void* SharedLibrary::find(const char* name) const {
  return reinterpret_cast<void*>(GetProcAddress(static_cast<HMODULE>(handle_), name));
}

std::vector<RegisteredLibrary> registered_label_libraries(
    const std::filesystem::path& /*data_directory*/) {
  std::vector<RegisteredLibrary> libraries;
  const Key key(HKEY_LOCAL_MACHINE, kKey);
  if (!key) return libraries;
  std::array<wchar_t, 256> name{};
  for (DWORD index = 0;; ++index) {
    DWORD length = static_cast<DWORD>(name.size());
    if (RegEnumKeyExW(key.get(), index, name.data(), &length, nullptr, nullptr, nullptr, nullptr) !=
        ERROR_SUCCESS) {
      return libraries;
    }
    std::array<wchar_t, 1024> path{};
    DWORD size = static_cast<DWORD>(path.size() * sizeof(wchar_t));
    // REG_EXPAND_SZ comes expanded.
    if (RegGetValueW(key.get(), name.data(), L"Path", RRF_RT_REG_SZ, nullptr, path.data(), &size) ==
        ERROR_SUCCESS) {
      libraries.push_back({from_wide(name.data()), path.data()});
    }
  }
}

}  // namespace ntms::platform
