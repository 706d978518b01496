// SPDX-License-Identifier: MIT
// A program that uses the library through its C ABI, as small as the benchmarks need it. Whatever
// must not fail throws std::runtime_error when it does.
#pragma once

#include <ntmsapi.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace ntms::bench {

bool same(const NTMS_GUID& a, const NTMS_GUID& b);

// Throws when `code` is not ERROR_SUCCESS.
void expect_success(DWORD code, const char* doing);

// Looks every `pause` whether `condition` has come true; throws after a minute.
void wait_until(const std::function<bool()>& condition, const char* what,
                std::chrono::microseconds pause = std::chrono::microseconds(100));

// One session on the data directory `data` (created if necessary) and the device `uri`.
class Client {
 public:
  Client(const std::filesystem::path& data, const std::string& uri);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  HANDLE session() const { return session_; }

  // All objects of a type, in the order of their creation.
  std::vector<NTMS_GUID> list(DWORD type) const;

  NTMS_OBJECTINFORMATIONW get(const NTMS_GUID& id, DWORD type) const;
  // The state of a library request (NtmsLmState).
  DWORD request_state(const NTMS_GUID& id) const;
  // What kind of element a medium is in.
  DWORD location_type(const NTMS_GUID& medium) const;

  // The library that is not the offline library.
  NTMS_GUID library() const;

  // The request on `medium` that is not finished, looked for among the newest `newest` requests.
  NTMS_GUID unfinished_request(const NTMS_GUID& medium, std::size_t newest) const;

 private:
  HANDLE session_ = nullptr;
};

}  // namespace ntms::bench
