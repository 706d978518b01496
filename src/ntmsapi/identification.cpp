// SPDX-License-Identifier: MIT
// Identification (contract: functions-library-control 5, functions-media-services 14).
#include "server/identification.h"

#include <cstring>
#include <span>
#include <string>
#include <vector>

#include "boundary.h"
#include "export.h"
#include "labels/recognition.h"
#include "platform/text.h"
#include "server/waiting.h"

namespace {

using ntms::fail;
using ntms::Result;
using ntms::abi::Call;
using ntms::abi::missing;
using ntms::abi::to_guid;
using ntms::labels::Label;
using ntms::server::Identification;

// What a fixed field of a caller's structure holds, with or without an end.
template <std::size_t N>
std::string text_of(const WCHAR (&field)[N]) {
  static_assert(sizeof(WCHAR) == sizeof(char16_t));
  std::u16string text(N, u'\0');
  std::memcpy(text.data(), field, sizeof field);
  text.resize(ntms::platform::bounded_length(text.data(), N));
  return ntms::platform::to_utf8(text);
}

// The identifier of a volume: file system, serial number, volume name (media-labels 6).
std::optional<Label> label_of(const NTMS_FILESYSTEM_INFO& info) {
  Label label;
  label.type = ntms::labels::cut(text_of(info.FileSystemType), ntms::labels::kTypeLength);
  label.info = ntms::labels::cut(text_of(info.VolumeName), ntms::labels::kInfoLength);
  for (int shift = 0; shift < 32; shift += 8) {
    label.id.push_back(static_cast<std::uint8_t>(info.SerialNumber >> shift));
  }
  return label;
}

Result<void> update(Call& call, const NTMS_GUID& medium, DWORD type, DWORD size,
                    const void* buffer) {
  const Identification identification(call.database, call.session);
  if (type == NTMS_OMID_TYPE_FILESYSTEM_INFO) {
    NTMS_FILESYSTEM_INFO info;
    if (size != sizeof info) {
      return fail(ERROR_INVALID_PARAMETER, "the buffer is no NTMS_FILESYSTEM_INFO");
    }
    std::memcpy(&info, buffer, sizeof info);
    if (info.FileSystemType[0] == 0) {
      return fail(ERROR_INVALID_PARAMETER, "the file system has no name");
    }
    return identification.update_label(to_guid(medium), [&] { return label_of(info); });
  }
  const std::span bytes(static_cast<const std::uint8_t*>(buffer), size);
  return identification.update_label(to_guid(medium), [&] {
    return ntms::labels::recognize(
        bytes, call.server.label_libraries(),
        [&](const std::string& words) { call.server.log()->warn("{}", words); });
  });
}

}  // namespace

extern "C" {

NTMS_EXPORT DWORD WINAPI IdentifyNtmsSlot(HANDLE hSession, LPNTMS_GUID lpSlotId, DWORD dwOption) {
  return ntms::abi::run(hSession, "IdentifyNtmsSlot", [&](Call& call) -> Result<void> {
    if (lpSlotId == nullptr) return missing("lpSlotId");
    if (dwOption > NTMS_DISMOUNT_IMMEDIATE) {
      return fail(ERROR_INVALID_PARAMETER, "dwOption is deferred or immediate");
    }
    const Identification identification(call.database, call.session);
    const auto operation =
        identification.begin(to_guid(*lpSlotId), dwOption == NTMS_DISMOUNT_DEFERRED);
    if (!operation) return operation.error();
    if (operation->is_null()) return {};
    const auto answer = ntms::server::wait_for_answer(
        call.server, INFINITE, [&] { return identification.look(*operation); });
    if (!*answer) identification.give_up(*operation);
    return *answer;
  });
}

NTMS_EXPORT DWORD WINAPI UpdateNtmsOmidInfo(HANDLE hSession, LPNTMS_GUID lpMediaId, DWORD labelType,
                                            DWORD numberOfBytes, LPVOID lpBuffer) {
  return ntms::abi::run(hSession, "UpdateNtmsOmidInfo", [&](Call& call) -> Result<void> {
    if (lpMediaId == nullptr) return missing("lpMediaId");
    if (lpBuffer == nullptr) return missing("lpBuffer");
    if (labelType != NTMS_OMID_TYPE_RAW_LABEL && labelType != NTMS_OMID_TYPE_FILESYSTEM_INFO) {
      return fail(ERROR_INVALID_PARAMETER, "labelType is not a type of labels");
    }
    if (numberOfBytes == 0) return fail(ERROR_INVALID_PARAMETER, "the buffer is empty");
    return update(call, *lpMediaId, labelType, numberOfBytes, lpBuffer);
  });
}

}  // extern "C"
