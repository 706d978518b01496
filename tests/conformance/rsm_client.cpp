// SPDX-License-Identifier: MIT
#include "conformance/rsm_client.h"

#include <gtest/gtest.h>

#include <utility>

namespace ntms::conformance {

Rsm& Rsm::operator=(Rsm&& other) noexcept {
  if (this != &other) {
    close();
    session_ = std::exchange(other.session_, INVALID_HANDLE_VALUE);
  }
  return *this;
}

Rsm Rsm::open(const WCHAR* application) {
  HANDLE session = OpenNtmsSessionW(nullptr, application, 0);
  const DWORD code = GetLastError();
  EXPECT_NE(session, INVALID_HANDLE_VALUE) << "OpenNtmsSession: " << code;
  return Rsm(session);
}

DWORD Rsm::close() {
  if (!is_open()) return ERROR_SUCCESS;
  return CloseNtmsSession(std::exchange(session_, INVALID_HANDLE_VALUE));
}

std::vector<Id> Rsm::list(DWORD type, const Id& container) const {
  DWORD count = 64;
  for (;;) {
    std::vector<NTMS_GUID> ids(count);
    const DWORD code =
        EnumerateNtmsObject(session_, container.is_null() ? nullptr : container.get(), ids.data(),
                            &count, type, NTMS_ENUM_DEFAULT);
    if (code == ERROR_INSUFFICIENT_BUFFER) continue;
    EXPECT_EQ(code, ERROR_SUCCESS) << "EnumerateNtmsObject of type " << type;
    if (code != ERROR_SUCCESS) return {};
    return {ids.begin(), ids.begin() + count};
  }
}

std::optional<Info> Rsm::find(const Id& id, DWORD type) const {
  Info info{};
  info.dwSize = sizeof info;
  info.dwType = type;
  const DWORD code = GetNtmsObjectInformationW(session_, id.get(), &info);
  if (code == ERROR_SUCCESS) return info;
  EXPECT_EQ(code, ERROR_OBJECT_NOT_FOUND) << "GetNtmsObjectInformation of type " << type;
  return std::nullopt;
}

Info Rsm::get(const Id& id, DWORD type) const {
  const auto info = find(id, type);
  EXPECT_TRUE(info) << "no object " << id.hex() << " of type " << type;
  return info.value_or(Info{});
}

DWORD Rsm::set(const Info& info) const {
  Info copy = info;
  return SetNtmsObjectInformationW(session_, &copy.ObjectGuid, &copy);
}

}  // namespace ntms::conformance
