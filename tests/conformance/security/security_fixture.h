// SPDX-License-Identifier: MIT
// A library with media and pools, whose descriptors the tests read and set.
#pragma once

#include "conformance/media/media_fixture.h"
#include "conformance/security/descriptor.h"

namespace ntms::conformance {

class SecurityTest : public MediaTest {
 protected:
  Id computer() { return rsm().list(NTMS_COMPUTER).at(0); }
  Id root_pool() {
    std::vector<NTMS_GUID> ids(64);
    DWORD count = 64;
    EXPECT_EQ(EnumerateNtmsObject(session(), nullptr, ids.data(), &count, NTMS_MEDIA_POOL,
                                  NTMS_ENUM_ROOTPOOL),
              ERROR_SUCCESS);
    return ids.front();
  }

  DWORD get_security(const Id& id, DWORD type, DWORD parts, Bytes& bytes) {
    bytes.assign(4096, 0xEE);
    DWORD size = 0;
    const DWORD code =
        GetNtmsObjectSecurity(session(), id.get(), type, parts, bytes.data(), 4096, &size);
    bytes.resize(code == ERROR_SUCCESS ? size : 0);
    return code;
  }
  Bytes security_of(const Id& id, DWORD parts = OWNER_SECURITY_INFORMATION |
                                                GROUP_SECURITY_INFORMATION |
                                                DACL_SECURITY_INFORMATION) {
    Bytes bytes;
    EXPECT_EQ(get_security(id, NTMS_UNKNOWN, parts, bytes), ERROR_SUCCESS);
    return bytes;
  }
  std::vector<Ace> dacl_of(const Id& id) {
    const Bytes bytes = security_of(id);
    return entries_at(bytes, head_of(bytes).Dacl);
  }
  DWORD set_security(const Id& id, DWORD parts, Bytes bytes, DWORD type = NTMS_UNKNOWN) {
    return SetNtmsObjectSecurity(session(), id.get(), type, parts, bytes.data());
  }
  DWORD set_dacl(const Id& id, const std::vector<Ace>& entries) {
    return set_security(id, DACL_SECURITY_INFORMATION, descriptor(entries));
  }
};

}  // namespace ntms::conformance
