// SPDX-License-Identifier: MIT
// GetNtmsObjectSecurity and SetNtmsObjectSecurity, and the descriptors that objects begin with
// (contract: functions-objects 9 and 10, security 1 to 5).
#include "conformance/security/security_fixture.h"

namespace ntms::conformance {
namespace {

class ObjectSecurity : public SecurityTest {};

TEST_F(ObjectSecurity, InvalidHandle) {
  Bytes bytes(100);
  DWORD size = 0;
  for (HANDLE handle : {HANDLE{nullptr}, INVALID_HANDLE_VALUE}) {
    EXPECT_EQ(GetNtmsObjectSecurity(handle, stranger().get(), 0, DACL_SECURITY_INFORMATION,
                                    bytes.data(), 100, &size),
              ERROR_INVALID_HANDLE);
    EXPECT_EQ(GetNtmsObjectSecurity(handle, nullptr, 99, 0, nullptr, 1, nullptr),
              ERROR_INVALID_HANDLE);
    EXPECT_EQ(
        SetNtmsObjectSecurity(handle, stranger().get(), 0, DACL_SECURITY_INFORMATION, bytes.data()),
        ERROR_INVALID_HANDLE);
    EXPECT_EQ(SetNtmsObjectSecurity(handle, nullptr, 99, 0, nullptr), ERROR_INVALID_HANDLE);
  }
}

TEST_F(ObjectSecurity, PointersMissing) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  Bytes bytes(1000, 0xEE);
  DWORD size = 77;
  const auto get = [&](const Id* id, void* buffer, DWORD length, DWORD* needed) {
    return GetNtmsObjectSecurity(session(), id != nullptr ? id->get() : nullptr, NTMS_LIBRARY,
                                 DACL_SECURITY_INFORMATION, buffer, length, needed);
  };
  EXPECT_EQ(get(nullptr, bytes.data(), 1000, &size), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(get(&library(), bytes.data(), 1000, nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(get(&library(), nullptr, 1, &size), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(size, 77U);
  EXPECT_EQ(bytes, Bytes(1000, 0xEE));
  EXPECT_EQ(get(&library(), nullptr, 0, &size), ERROR_INSUFFICIENT_BUFFER) << "a size query";
  EXPECT_GT(size, 77U);
  Bytes given = descriptor({allow(kU, everyone())});
  EXPECT_EQ(SetNtmsObjectSecurity(session(), nullptr, 0, DACL_SECURITY_INFORMATION, given.data()),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(
      SetNtmsObjectSecurity(session(), library().get(), 0, DACL_SECURITY_INFORMATION, nullptr),
      ERROR_INVALID_PARAMETER);
}

TEST_F(ObjectSecurity, PartsNotValid) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes given = descriptor({allow(kU, everyone())});
  for (const DWORD parts : {DWORD{0}, DWORD{0x10}, DWORD{0x80000000}, DWORD{0x14}}) {
    Bytes bytes;
    EXPECT_EQ(get_security(library(), NTMS_LIBRARY, parts, bytes), ERROR_INVALID_PARAMETER);
    expect_refused(ERROR_INVALID_PARAMETER, [&] { return set_security(library(), parts, given); });
  }
}

TEST_F(ObjectSecurity, DescriptorNotValid) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const auto refused = [&](DWORD parts, const Bytes& bytes) {
    expect_refused(ERROR_INVALID_PARAMETER, [&] { return set_security(library(), parts, bytes); });
  };
  Bytes bytes = descriptor({allow(kU, everyone())});
  bytes[0] = 7;
  refused(DACL_SECURITY_INFORMATION, bytes);
  Bytes wrong_list = descriptor({allow(kU, everyone())});
  wrong_list[head_of(wrong_list).Dacl] = 9;
  refused(DACL_SECURITY_INFORMATION, wrong_list);
  const Bytes nothing = descriptor(Parts{});
  refused(OWNER_SECURITY_INFORMATION, nothing);
  refused(GROUP_SECURITY_INFORMATION, nothing);
  refused(DACL_SECURITY_INFORMATION, nothing);
  EXPECT_EQ(dacl_of(library()), default_entries());
}

TEST_F(ObjectSecurity, UnknownObject) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes given = descriptor({allow(kU, everyone())});
  Bytes bytes;
  for (const Id& id : {stranger(), Id{}}) {
    EXPECT_EQ(get_security(id, NTMS_UNKNOWN, DACL_SECURITY_INFORMATION, bytes),
              ERROR_OBJECT_NOT_FOUND);
    expect_refused(ERROR_OBJECT_NOT_FOUND,
                   [&] { return set_security(id, DACL_SECURITY_INFORMATION, given); });
  }
}

TEST_F(ObjectSecurity, ObjectOfAnotherType) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes given = descriptor({allow(kU, everyone())});
  Bytes bytes;
  for (const DWORD type : {DWORD{NTMS_DRIVE}, DWORD{NTMS_MEDIA_POOL}, DWORD{1}, DWORD{18}}) {
    EXPECT_EQ(get_security(library(), type, DACL_SECURITY_INFORMATION, bytes),
              ERROR_OBJECT_NOT_FOUND);
    expect_refused(ERROR_OBJECT_NOT_FOUND,
                   [&] { return set_security(library(), DACL_SECURITY_INFORMATION, given, type); });
  }
}

TEST_F(ObjectSecurity, ObjectsWithoutSecurity) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes given = descriptor({allow(kU, everyone())});
  for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
    if (type == NTMS_COMPUTER || type == NTMS_LIBRARY || type == NTMS_MEDIA_POOL) continue;
    for (const Id& id : rsm().list(type)) {
      Bytes bytes;
      EXPECT_EQ(get_security(id, type, DACL_SECURITY_INFORMATION, bytes),
                ERROR_NO_SECURITY_ON_OBJECT)
          << type;
      expect_refused(ERROR_NO_SECURITY_ON_OBJECT,
                     [&] { return set_security(id, DACL_SECURITY_INFORMATION, given, type); });
    }
  }
}

TEST_F(ObjectSecurity, BufferTooSmall) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes whole = security_of(library());
  for (const DWORD room : {DWORD{0}, DWORD{1}, DWORD{20}, static_cast<DWORD>(whole.size() - 1)}) {
    Bytes bytes(whole.size() + 1, 0xEE);
    DWORD size = 0;
    EXPECT_EQ(GetNtmsObjectSecurity(session(), library().get(), NTMS_LIBRARY, 7, bytes.data(), room,
                                    &size),
              ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQ(size, whole.size());
    EXPECT_EQ(bytes, Bytes(whole.size() + 1, 0xEE));
  }
  Bytes bytes(whole.size() + 1, 0xEE);
  DWORD size = 0;
  EXPECT_EQ(GetNtmsObjectSecurity(session(), library().get(), NTMS_LIBRARY, 7, bytes.data(),
                                  static_cast<DWORD>(whole.size()), &size),
            ERROR_SUCCESS);
  EXPECT_EQ(size, whole.size());
  EXPECT_EQ(bytes.back(), 0xEE);
}

TEST_F(ObjectSecurity, WhatIsSetComesBack) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const std::vector<Ace> entries = {deny(kM, everyone()), allow(kU | kC, posix_user(4711))};
  for (const Id& id : {library(), offline_library(), computer(), app(), free_pool(), root_pool()}) {
    EXPECT_EQ(set_dacl(id, entries), ERROR_SUCCESS);
    EXPECT_EQ(dacl_of(id), entries);
    EXPECT_EQ(set_dacl(id, {}), ERROR_SUCCESS) << "an empty list: administrators still get in";
    EXPECT_TRUE(dacl_of(id).empty());
    EXPECT_NE(head_of(security_of(id)).Dacl, 0U);
    EXPECT_EQ(set_security(id, DACL_SECURITY_INFORMATION, open_descriptor()), ERROR_SUCCESS);
    const auto head = head_of(security_of(id));
    EXPECT_EQ(head.Dacl, 0U);
    EXPECT_NE(head.Control & SE_DACL_PRESENT, 0);
  }
}

TEST_F(ObjectSecurity, OnlyNamedPartsAreReadAndReplaced) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes before = security_of(app());
  Parts parts;
  parts.owner = posix_user(1);
  parts.group = posix_group(2);
  parts.dacl = acl({allow(kU, posix_user(3))});
  ASSERT_EQ(set_security(app(), GROUP_SECURITY_INFORMATION, descriptor(parts)), ERROR_SUCCESS);
  Bytes now = security_of(app());
  EXPECT_EQ(sid_at(now, head_of(now).Group), posix_group(2));
  EXPECT_EQ(sid_at(now, head_of(now).Owner), sid_at(before, head_of(before).Owner));
  EXPECT_EQ(entries_at(now, head_of(now).Dacl), entries_at(before, head_of(before).Dacl));
  ASSERT_EQ(set_security(app(), OWNER_SECURITY_INFORMATION, descriptor(parts)), ERROR_SUCCESS);
  now = security_of(app(), OWNER_SECURITY_INFORMATION);
  EXPECT_EQ(sid_at(now, head_of(now).Owner), posix_user(1));
  EXPECT_EQ(head_of(now).Group, 0U);
  EXPECT_EQ(head_of(now).Control, SE_SELF_RELATIVE);
}

TEST_F(ObjectSecurity, GenericRightsBecomeThoseTheyStandFor) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes who = posix_user(4711);
  ASSERT_EQ(set_dacl(app(), {allow(static_cast<DWORD>(GENERIC_READ), who),
                             allow(GENERIC_WRITE, who), deny(GENERIC_EXECUTE, who),
                             allow(GENERIC_ALL, who), allow(GENERIC_WRITE | kC, who)}),
            ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(app()),
            (std::vector<Ace>{allow(0x00020001, who), allow(0x00040003, who), deny(0x00060007, who),
                              allow(0x00060007, who), allow(0x00040007, who)}));
}

TEST_F(ObjectSecurity, AbsoluteDescriptorsAreTakenToo) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes list = acl({allow(kU, everyone())});
  struct Absolute {
    BYTE revision = SECURITY_DESCRIPTOR_REVISION;
    BYTE reserved = 0;
    WORD control = SE_DACL_PRESENT;
    const void* owner = nullptr;
    const void* group = nullptr;
    const void* sacl = nullptr;
    const void* dacl = nullptr;
  } absolute;
  absolute.dacl = list.data();
  ASSERT_EQ(SetNtmsObjectSecurity(session(), library().get(), NTMS_LIBRARY,
                                  DACL_SECURITY_INFORMATION, &absolute),
            ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(library()), (std::vector<Ace>{allow(kU, everyone())}));
}

TEST_F(ObjectSecurity, AChangeIsOneOfTheObject) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const std::pair<Id, DWORD> carriers[] = {
      {library(), NTMS_LIBRARY}, {computer(), NTMS_COMPUTER}, {root_pool(), NTMS_MEDIA_POOL}};
  for (const auto& [id, type] : carriers) {
    const long long last = last_change();
    ASSERT_EQ(
        set_security(id, DACL_SECURITY_INFORMATION, descriptor({allow(kU, everyone())}), type),
        ERROR_SUCCESS);
    const std::vector<Change> expected = {{NTMS_OBJ_UPDATE, type, id}};
    EXPECT_EQ(changes(last), expected) << describe(changes(last));
  }
}

TEST_F(ObjectSecurity, Defaults) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const Id& id : {library(), offline_library(), computer(), root_pool(), free_pool(),
                       import_pool(), unrecognized_pool()}) {
    const Bytes bytes = security_of(id);
    EXPECT_EQ(entries_at(bytes, head_of(bytes).Dacl), default_entries());
    EXPECT_EQ(sid_at(bytes, head_of(bytes).Owner), administrators());
    EXPECT_FALSE(sid_at(bytes, head_of(bytes).Group).empty());
  }
  for (const Id& top : rsm().list(NTMS_MEDIA_POOL)) {
    if (top == app()) continue;
    EXPECT_EQ(dacl_of(top), default_entries()) << "a system pool";
  }
}

// The owner of a new pool is its creator, whose SID differs from system to system.
TEST_F(ObjectSecurity, NewPools) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Bytes top = security_of(app());
  const Bytes creator = sid_at(top, head_of(top).Owner);
  ASSERT_FALSE(creator.empty());
  EXPECT_FALSE(sid_at(top, head_of(top).Group).empty());
  const std::vector<Ace> own = {allow(kFull, creator), allow(kFull, local_system())};
  EXPECT_EQ(entries_at(top, head_of(top).Dacl), own);

  ASSERT_EQ(set_dacl(root_pool(), {allow(kU, everyone())}), ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(container(NTMS_W("\\Second"))), own) << "the root pool's are never inherited";

  const Id parent = container(NTMS_W("\\Parent"));
  ASSERT_EQ(set_dacl(parent, {deny(kM, everyone()), allow(kU, posix_user(4711))}), ERROR_SUCCESS);
  const Id child = created(NTMS_W("\\Parent\\Child"));
  const std::vector<Ace> inherited = {deny(kM, everyone()), allow(kU, posix_user(4711)), own[0],
                                      own[1]};
  EXPECT_EQ(dacl_of(child), inherited);
  ASSERT_EQ(set_dacl(parent, {}), ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(child), inherited) << "a copy";
}

TEST_F(ObjectSecurity, NewPoolsWithADescriptor) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const auto create = [&](const WideString& path, Bytes bytes, Id* id) {
    SECURITY_ATTRIBUTES attributes{};
    attributes.nLength = sizeof attributes;
    attributes.lpSecurityDescriptor = bytes.data();
    return CreateNtmsMediaPoolW(session(), path.c_str(), nullptr, NTMS_CREATE_NEW, &attributes,
                                id->get());
  };
  Id pool;
  ASSERT_EQ(create(NTMS_W("\\Given"), descriptor({allow(GENERIC_ALL, posix_user(4711))}), &pool),
            ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(pool), (std::vector<Ace>{allow(kFull, posix_user(4711))}));
  const Bytes app_security = security_of(app());
  const Bytes creator = sid_at(app_security, head_of(app_security).Owner);
  Bytes stored = security_of(pool);
  EXPECT_EQ(sid_at(stored, head_of(stored).Owner), creator);

  Parts parts;
  parts.owner = posix_user(1);
  parts.group = posix_group(2);
  ASSERT_EQ(create(NTMS_W("\\Owned"), descriptor(parts), &pool), ERROR_SUCCESS);
  stored = security_of(pool);
  EXPECT_EQ(sid_at(stored, head_of(stored).Owner), posix_user(1));
  EXPECT_EQ(sid_at(stored, head_of(stored).Group), posix_group(2));
  EXPECT_EQ(entries_at(stored, head_of(stored).Dacl),
            (std::vector<Ace>{allow(kFull, creator), allow(kFull, local_system())}))
      << "without a DACL the default one";
}

TEST_F(ObjectSecurity, LivesAsLongAsTheObject) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const std::vector<Ace> entries = {allow(kU, posix_user(4711))};
  ASSERT_EQ(set_dacl(app(), entries), ERROR_SUCCESS);
  Info info = rsm().get(app());
  info.dwSize = sizeof info;
  info.Info.MediaPool.dwMaxAllocates = 3;
  ASSERT_EQ(rsm().set(info), ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(app()), entries) << "other changes leave it alone";
  const Id pool = app();
  ASSERT_NO_FATAL_FAILURE(reopen_with("SELECT 1"));
  EXPECT_EQ(dacl_of(pool), entries);
}

TEST_F(ObjectSecurity, ADamagedDescriptorIsADamagedDatabase) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  sql("UPDATE media_pool SET security=x'0102' WHERE guid=" + blob(app()));
  Bytes bytes;
  EXPECT_EQ(get_security(app(), NTMS_MEDIA_POOL, DACL_SECURITY_INFORMATION, bytes),
            ERROR_DATABASE_FAILURE);
  EXPECT_EQ(set_dacl(app(), {allow(kU, everyone())}), ERROR_DATABASE_FAILURE);
}

TEST_F(ObjectSecurity, LastErrorIsLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  SetLastError(4711);
  (void)security_of(library());
  EXPECT_EQ(set_dacl(library(), {}), ERROR_SUCCESS);
  EXPECT_EQ(set_dacl(stranger(), {}), ERROR_OBJECT_NOT_FOUND);
  EXPECT_EQ(GetLastError(), 4711U);
}

}  // namespace
}  // namespace ntms::conformance
