// SPDX-License-Identifier: MIT
// The operator request functions (functions-session 3 to 6).
#include "server/operator_requests.h"

#include <utility>

#include "boundary.h"
#include "export.h"
#include "platform/text.h"
#include "server/waiting.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::server::OperatorRequests;

constexpr std::size_t kLongestMessage = 255;  // szMessage holds one more for its NUL

std::string to_text(const WCHAR* message, std::size_t length) {
  return ntms::platform::to_utf8({reinterpret_cast<const char16_t*>(message), length});
}

std::string to_text(const char* message, std::size_t length) {
  return ntms::platform::from_ansi(message, length);
}

std::size_t bounded_length(const WCHAR* text) {
  return ntms::platform::bounded_length(reinterpret_cast<const char16_t*>(text),
                                        kLongestMessage + 1);
}

std::size_t bounded_length(const char* text) {
  return ntms::platform::bounded_length(text, kLongestMessage + 1);
}

template <class Character>
DWORD submit(HANDLE session, const char* name, DWORD request, const Character* message,
             const NTMS_GUID* arg1, const NTMS_GUID* arg2, NTMS_GUID* id) noexcept {
  return ntms::abi::run(session, name, [&](Call& call) -> Result<void> {
    if (id == nullptr) return missing("lpRequestId");
    OperatorRequests::Submission submission;
    submission.request = request;
    if (message != nullptr) {
      const std::size_t length = bounded_length(message);
      if (length > kLongestMessage) {
        return fail(ERROR_MESSAGE_EXCEEDS_MAX_SIZE, "the message has more than 255 characters");
      }
      submission.message = to_text(message, length);
    }
    if (arg1 != nullptr) submission.arg1 = to_guid(*arg1);
    if (arg2 != nullptr) submission.arg2 = to_guid(*arg2);
    const auto submitted = OperatorRequests(call.database, call.session).submit(submission);
    if (!submitted) return submitted.error();
    *id = ntms::abi::from_guid(*submitted);
    return {};
  });
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI SubmitNtmsOperatorRequestA(HANDLE hSession, DWORD dwRequest,
                                                    LPCSTR lpMessage, LPNTMS_GUID lpArg1Id,
                                                    LPNTMS_GUID lpArg2Id, LPNTMS_GUID lpRequestId) {
  return submit(hSession, "SubmitNtmsOperatorRequestA", dwRequest, lpMessage, lpArg1Id, lpArg2Id,
                lpRequestId);
}

NTMS_EXPORT DWORD WINAPI SubmitNtmsOperatorRequestW(HANDLE hSession, DWORD dwRequest,
                                                    LPCWSTR lpMessage, LPNTMS_GUID lpArg1Id,
                                                    LPNTMS_GUID lpArg2Id, LPNTMS_GUID lpRequestId) {
  return submit(hSession, "SubmitNtmsOperatorRequestW", dwRequest, lpMessage, lpArg1Id, lpArg2Id,
                lpRequestId);
}

NTMS_EXPORT DWORD WINAPI WaitForNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID lpRequestId,
                                                    DWORD dwTimeout) {
  return ntms::abi::run(hSession, "WaitForNtmsOperatorRequest", [&](Call& call) -> Result<void> {
    if (lpRequestId == nullptr) return missing("lpRequestId");
    const OperatorRequests requests(call.database, call.session);
    const auto id = to_guid(*lpRequestId);
    const auto outcome =
        ntms::server::wait_for_answer(call.server, dwTimeout, [&] { return requests.outcome(id); });
    if (!outcome) return fail(ERROR_TIMEOUT, "the operator has not answered in time");
    return *outcome;
  });
}

NTMS_EXPORT DWORD WINAPI CancelNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID lpRequestId) {
  return ntms::abi::run(hSession, "CancelNtmsOperatorRequest", [&](Call& call) -> Result<void> {
    if (lpRequestId == nullptr) return missing("lpRequestId");
    return OperatorRequests(call.database, call.session).cancel(to_guid(*lpRequestId));
  });
}

NTMS_EXPORT DWORD WINAPI SatisfyNtmsOperatorRequest(HANDLE hSession, LPNTMS_GUID lpRequestId) {
  return ntms::abi::run(hSession, "SatisfyNtmsOperatorRequest", [&](Call& call) -> Result<void> {
    if (lpRequestId == nullptr) return missing("lpRequestId");
    return OperatorRequests(call.database, call.session).satisfy(to_guid(*lpRequestId));
  });
}

}  // extern "C"
