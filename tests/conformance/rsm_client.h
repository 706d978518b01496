// SPDX-License-Identifier: MIT
// The C ABI with the conveniences of C++: what an application would write around it.
#pragma once

#include <ntmsapi.h>

#include <optional>
#include <vector>

#include "conformance/id.h"
#include "support/wide.h"

namespace ntms::conformance {

using Info = NTMS_OBJECTINFORMATIONW;

// One session and what is asked through it. Closes it at the end of the scope.
class Rsm {
 public:
  Rsm() = default;
  explicit Rsm(HANDLE session) : session_(session) {}
  Rsm(Rsm&& other) noexcept : session_(other.session_) { other.session_ = INVALID_HANDLE_VALUE; }
  Rsm& operator=(Rsm&& other) noexcept;
  ~Rsm() { close(); }

  // Opens a session; a test failure when that does not succeed.
  static Rsm open(const WCHAR* application = NTMS_W("conformance"));

  HANDLE handle() const { return session_; }
  bool is_open() const { return session_ != INVALID_HANDLE_VALUE; }
  // The code of CloseNtmsSession; ERROR_SUCCESS when it was not open.
  DWORD close();

  // All objects of a type, in a container or anywhere. A failure is a test failure.
  std::vector<Id> list(DWORD type, const Id& container = {}) const;

  // The information of an object; none when there is no such object. Any other failure is a test
  // failure.
  std::optional<Info> find(const Id& id, DWORD type = NTMS_UNKNOWN) const;
  // The same, when not finding it is a test failure too (all zeroes then).
  Info get(const Id& id, DWORD type = NTMS_UNKNOWN) const;
  DWORD set(const Info& info) const;

  NTMS_LIBREQUESTINFORMATIONW request(const Id& id) const {
    return get(id, NTMS_LIBREQUEST).Info.LibRequest;
  }
  DWORD state(const Id& request_id) const { return request(request_id).State; }

  DWORD eject(const Id& medium, DWORD action, Id* operation) const {
    return EjectNtmsMedia(session_, medium.get(), operation != nullptr ? &operation->guid : nullptr,
                          action);
  }

 private:
  HANDLE session_ = INVALID_HANDLE_VALUE;
};

}  // namespace ntms::conformance
