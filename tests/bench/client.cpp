// SPDX-License-Identifier: MIT
#include "bench/client.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

namespace ntms::bench {

bool same(const NTMS_GUID& a, const NTMS_GUID& b) {
  return std::memcmp(&a, &b, sizeof a) == 0;
}

void expect_success(DWORD code, const char* doing) {
  if (code != ERROR_SUCCESS) {
    throw std::runtime_error(std::string(doing) + ": error " + std::to_string(code));
  }
}

void wait_until(const std::function<bool()>& condition, const char* what,
                std::chrono::microseconds pause) {
  const auto limit = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > limit) {
      throw std::runtime_error(std::string("did not happen within a minute: ") + what);
    }
    std::this_thread::sleep_for(pause);
  }
}

Client::Client(const std::filesystem::path& data, const std::string& uri) {
  setenv("NTMS_DATA", data.c_str(), 1);
  setenv("NTMS_DEVICES", uri.c_str(), 1);
  session_ = OpenNtmsSessionW(nullptr, u"bench", 0);
  if (session_ == INVALID_HANDLE_VALUE) {
    throw std::runtime_error("opening a session: error " + std::to_string(GetLastError()));
  }
}

Client::~Client() {
  CloseNtmsSession(session_);
}

std::vector<NTMS_GUID> Client::list(DWORD type) const {
  std::vector<NTMS_GUID> found(64);
  for (;;) {
    auto size = static_cast<DWORD>(found.size());
    const DWORD code = EnumerateNtmsObject(session_, nullptr, found.data(), &size, type, 0);
    if (code != ERROR_INSUFFICIENT_BUFFER) {
      expect_success(code, "EnumerateNtmsObject");
      found.resize(size);
      return found;
    }
    found.resize(size + 64);
  }
}

NTMS_OBJECTINFORMATIONW Client::get(const NTMS_GUID& id, DWORD type) const {
  NTMS_OBJECTINFORMATIONW info{};
  info.dwSize = sizeof info;
  info.dwType = type;
  NTMS_GUID wanted = id;
  expect_success(GetNtmsObjectInformationW(session_, &wanted, &info), "GetNtmsObjectInformation");
  return info;
}

DWORD Client::request_state(const NTMS_GUID& id) const {
  return get(id, NTMS_LIBREQUEST).Info.LibRequest.State;
}

DWORD Client::location_type(const NTMS_GUID& medium) const {
  return get(medium, NTMS_PHYSICAL_MEDIA).Info.PhysicalMedia.LocationType;
}

NTMS_GUID Client::library() const {
  for (const NTMS_GUID& id : list(NTMS_LIBRARY)) {
    if (get(id, NTMS_LIBRARY).Info.Library.LibraryType != NTMS_LIBRARYTYPE_OFFLINE) return id;
  }
  throw std::runtime_error("no library");
}

NTMS_GUID Client::unfinished_request(const NTMS_GUID& medium, std::size_t newest) const {
  const std::vector<NTMS_GUID> requests = list(NTMS_LIBREQUEST);
  const std::size_t count = std::min(newest, requests.size());
  for (std::size_t i = 0; i < count; ++i) {
    const NTMS_GUID& id = requests[requests.size() - 1 - i];
    const auto info = get(id, NTMS_LIBREQUEST).Info.LibRequest;
    const bool finished = info.State != NTMS_LM_QUEUED && info.State != NTMS_LM_INPROCESS &&
                          info.State != NTMS_LM_WAITING && info.State != NTMS_LM_DEFERRED;
    if (!finished && same(info.PhysMediaId, medium)) return id;
  }
  throw std::runtime_error("no request for the medium");
}

}  // namespace ntms::bench
