// SPDX-License-Identifier: MIT
#include "platform/win32/security.h"

#include <sddl.h>

#include "platform/win32/handle.h"

namespace ntms::platform {
namespace {

Handle open_token() {
  HANDLE token = nullptr;
  if (OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token)) return Handle(token);
  if (OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) return Handle(token);
  return {};
}

}  // namespace

Security::Security(const std::wstring& sddl) {
  PSECURITY_DESCRIPTOR descriptor = nullptr;
  if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl.c_str(), SDDL_REVISION_1,
                                                            &descriptor, nullptr)) {
    return;
  }
  descriptor_.reset(descriptor);
  attributes_.nLength = sizeof attributes_;
  attributes_.lpSecurityDescriptor = descriptor;
  attributes_.bInheritHandle = FALSE;
}

SECURITY_ATTRIBUTES* Security::attributes() {
  return descriptor_ ? &attributes_ : nullptr;
}

Security Security::everybody() {
  return Security(L"D:P(A;;FRFWSD;;;WD)(A;;FA;;;BA)(A;;FA;;;SY)");
}

Security Security::everybody_may_add_files() {
  // 0x1200AB: list, add files, traverse, read attributes, synchronize.
  return Security(L"D:P(A;;0x1200AB;;;WD)(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)");
}

Security Security::for_data_directory() {
  std::wstring sddl = L"D:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)";
  const auto user = token_user();
  wchar_t* text = nullptr;
  if (!user.empty() &&
      ConvertSidToStringSidW(reinterpret_cast<const TOKEN_USER*>(user.data())->User.Sid, &text)) {
    const LocalMemory<wchar_t> owned(text);
    sddl += L"(A;OICI;FA;;;" + std::wstring(text) + L")";
  }
  return Security(sddl);
}

std::vector<unsigned char> token_user() {
  const Handle token = open_token();
  if (!token) return {};
  DWORD size = 0;
  GetTokenInformation(token.get(), TokenUser, nullptr, 0, &size);
  std::vector<unsigned char> user(size);
  if (size == 0 || !GetTokenInformation(token.get(), TokenUser, user.data(), size, &size))
    return {};
  return user;
}

}  // namespace ntms::platform
