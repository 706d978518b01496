// SPDX-License-Identifier: MIT
// The rights that reading, changing and listing objects of each type need (contract: security 7,
// functions-objects 4), and who has rights to descriptors.
#include "conformance/security/rights_fixture.h"

#ifndef _WIN32

namespace ntms::conformance {
namespace {

// The row of a type: what guards it, and the right to set its information.
struct TypeRow {
  const char* name;
  DWORD type;
  Guard guard;
  DWORD set_information = kM;
};

void PrintTo(const TypeRow& row, std::ostream* out) {
  *out << row.name;
}

class ObjectRights : public RightsTest, public ::testing::WithParamInterface<TypeRow> {
 protected:
  // An object of the type, guarded as the row says.
  Id make_object() {
    const DWORD type = GetParam().type;
    place(0, app(), NTMS_PARTSTATE_AVAILABLE);
    Id made;
    switch (type) {
      case NTMS_COMPUTER:
        return computer();
      case NTMS_LIBRARY:
        return library();
      case NTMS_MEDIA_POOL:
        return app();
      case NTMS_PHYSICAL_MEDIA:
        return medium(0);
      case NTMS_PARTITION:
        return side(0);
      case NTMS_LOGICAL_MEDIA:
        return allocated(app());
      case NTMS_LIBREQUEST:
        EXPECT_EQ(rsm().eject(medium(1), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
        return unfinished_request_of(medium(1));
      case NTMS_OPREQUEST:
        EXPECT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MESSAGE, NTMS_W("text"), nullptr,
                                             nullptr, made.get()),
                  ERROR_SUCCESS);
        return made;
      default:
        return rsm().list(type).at(0);
    }
  }
};

TEST_P(ObjectRights, AreNeededAndEnough) {
  prepare();
  if (IsSkipped()) return;
  ASSERT_FALSE(HasFatalFailure());
  const TypeRow& row = GetParam();
  const Id id = make_object();
  Info info = rsm().get(id, row.type);
  info.dwSize = sizeof info;
  unsigned char byte = 1;
  ASSERT_EQ(SetNtmsObjectAttributeA(session(), id.get(), row.type, "there", &byte, 1),
            ERROR_SUCCESS);
  ASSERT_FALSE(HasFailure());
  const bool carries =
      row.type == NTMS_COMPUTER || row.type == NTMS_LIBRARY || row.type == NTMS_MEDIA_POOL;
  const DWORD security = carries ? ERROR_SUCCESS : ERROR_NO_SECURITY_ON_OBJECT;

  expect_needs(
      {{row.guard, kU}},
      [&] {
        DWORD size = 1;
        return GetNtmsObjectAttributeA(session(), id.get(), row.type, "there", &byte, &size);
      },
      ERROR_SUCCESS);
  expect_needs(
      {{row.guard, kU}},
      [&] {
        Info read{};
        read.dwSize = sizeof read;
        return GetNtmsObjectInformationW(session(), id.get(), &read);
      },
      ERROR_SUCCESS);
  expect_needs(
      {{row.guard, READ_CONTROL}},
      [&] {
        Bytes bytes(1000);
        DWORD size = 0;
        return GetNtmsObjectSecurity(session(), id.get(), row.type, 7, bytes.data(), 1000, &size);
      },
      security);
  expect_needs(
      {{row.guard, kM}},
      [&] { return SetNtmsObjectAttributeA(session(), id.get(), row.type, "mine", &byte, 1); },
      ERROR_SUCCESS);
  expect_needs(
      {{row.guard, row.set_information}},
      [&] { return SetNtmsObjectInformationW(session(), id.get(), &info); }, ERROR_SUCCESS);
  Bytes given = descriptor({allow(kU, everyone())});
  expect_needs(
      {{row.guard, WRITE_DAC}},
      [&] {
        return SetNtmsObjectSecurity(session(), id.get(), row.type, DACL_SECURITY_INFORMATION,
                                     given.data());
      },
      security);
}

// As root: enough of the type are listed. As the user: only those of guards he may use.
TEST_P(ObjectRights, ListsShowWhatMayBeUsed) {
  prepare();
  if (IsSkipped()) return;
  ASSERT_FALSE(HasFatalFailure());
  const TypeRow& row = GetParam();
  const Id id = make_object();
  const auto list = [&] {
    std::vector<NTMS_GUID> ids(256);
    DWORD count = 256;
    EXPECT_EQ(EnumerateNtmsObject(session(), nullptr, ids.data(), &count, row.type, 0),
              ERROR_SUCCESS);
    return std::vector<Id>(ids.begin(), ids.begin() + count);
  };
  const auto list_as_user = [&] {
    std::vector<Id> ids;
    call_as_user([&]() -> DWORD {
      ids = list();
      return 0;
    });
    return ids;
  };
  const auto all = list();
  ASSERT_NO_FATAL_FAILURE(grant_everywhere(kU));
  const auto some = list_as_user();
  EXPECT_NE(std::find(some.begin(), some.end(), id), some.end());
  ASSERT_NO_FATAL_FAILURE(grant(row.guard, kFull & ~kU));
  for (const Id& seen : list_as_user()) {
    EXPECT_NE(seen, id);
    EXPECT_NE(std::find(all.begin(), all.end(), seen), all.end());
  }
  ASSERT_NO_FATAL_FAILURE(grant_everywhere(0));
  ASSERT_NO_FATAL_FAILURE(grant(row.guard, kU));
  const auto own = list_as_user();
  EXPECT_NE(std::find(own.begin(), own.end(), id), own.end());
}

INSTANTIATE_TEST_SUITE_P(
    Each, ObjectRights,
    ::testing::Values(TypeRow{"Changer", NTMS_CHANGER, Guard::library},
                      TypeRow{"ChangerType", NTMS_CHANGER_TYPE, Guard::computer},
                      TypeRow{"Computer", NTMS_COMPUTER, Guard::computer},
                      TypeRow{"Drive", NTMS_DRIVE, Guard::library},
                      TypeRow{"DriveType", NTMS_DRIVE_TYPE, Guard::computer},
                      TypeRow{"Door", NTMS_IEDOOR, Guard::library},
                      TypeRow{"Port", NTMS_IEPORT, Guard::library},
                      TypeRow{"Library", NTMS_LIBRARY, Guard::library, kC},
                      TypeRow{"LibraryRequest", NTMS_LIBREQUEST, Guard::library},
                      TypeRow{"LogicalMedia", NTMS_LOGICAL_MEDIA, Guard::app},
                      TypeRow{"MediaPool", NTMS_MEDIA_POOL, Guard::app},
                      TypeRow{"MediaType", NTMS_MEDIA_TYPE, Guard::computer},
                      TypeRow{"OperatorRequest", NTMS_OPREQUEST, Guard::computer},
                      TypeRow{"Side", NTMS_PARTITION, Guard::app},
                      TypeRow{"PhysicalMedia", NTMS_PHYSICAL_MEDIA, Guard::app},
                      TypeRow{"Slot", NTMS_STORAGESLOT, Guard::library}),
    [](const ::testing::TestParamInfo<TypeRow>& row) { return std::string(row.param.name); });

class UserRights : public RightsTest {
 protected:
  DWORD count_as_user(const Id* container, DWORD type, DWORD* count, DWORD options = 0) {
    return call_as_user([&] {
      std::vector<NTMS_GUID> ids(256);
      *count = 256;
      return EnumerateNtmsObject(session(), container != nullptr ? container->get() : nullptr,
                                 ids.data(), count, type, options);
    });
  }
  DWORD set_as_user(const Id& id, DWORD parts, Bytes bytes) {
    return call_as_user(
        [&] { return SetNtmsObjectSecurity(session(), id.get(), 0, parts, bytes.data()); });
  }
};

TEST_F(UserRights, ContainersNeedTheRightToo) {
  prepare();
  if (IsSkipped()) return;
  place(0, app(), NTMS_PARTSTATE_AVAILABLE);
  const Id logical = allocated(app());
  const std::pair<Id, DWORD> of_pool[] = {
      {app(), NTMS_PHYSICAL_MEDIA}, {app(), NTMS_PARTITION},   {app(), NTMS_LOGICAL_MEDIA},
      {medium(0), NTMS_PARTITION},  {logical, NTMS_PARTITION}, {side(0), NTMS_LOGICAL_MEDIA}};
  ASSERT_FALSE(HasFailure());
  DWORD count = 0;
  ASSERT_NO_FATAL_FAILURE(grant_everywhere(0));
  for (const auto& [container, type] : of_pool) {
    EXPECT_EQ(count_as_user(&container, type, &count), ERROR_ACCESS_DENIED) << type;
    EXPECT_EQ(count, 256U) << "an output was written";
  }
  EXPECT_EQ(count_as_user(&library(), NTMS_DRIVE, &count), ERROR_ACCESS_DENIED);
  ASSERT_NO_FATAL_FAILURE(grant(Guard::app, kU));
  for (const auto& [container, type] : of_pool) {
    EXPECT_EQ(count_as_user(&container, type, &count), ERROR_SUCCESS) << type;
    EXPECT_EQ(count, 1U) << type;
  }
  // The media of a library belong to their pools.
  ASSERT_NO_FATAL_FAILURE(grant(Guard::library, kU));
  EXPECT_EQ(count_as_user(&library(), NTMS_PHYSICAL_MEDIA, &count), ERROR_SUCCESS);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(count_as_user(&library(), NTMS_STORAGESLOT, &count), ERROR_SUCCESS);
  EXPECT_EQ(count, 6U);
  EXPECT_EQ(count_as_user(nullptr, NTMS_MEDIA_POOL, &count, NTMS_ENUM_ROOTPOOL), ERROR_SUCCESS);
  EXPECT_EQ(count, 4U) << "that one and Free, Import and Unrecognized, but not the root pool";
}

TEST_F(UserRights, DefaultsLetUsersLook) {
  prepare();
  if (IsSkipped()) return;
  const long long last = last_change();
  const Id libraries[] = {library(), offline_library()};
  for (const Id& id : libraries) {
    EXPECT_EQ(set_as_user(id, DACL_SECURITY_INFORMATION, descriptor({allow(kFull, everyone())})),
              ERROR_ACCESS_DENIED);
  }
  call_as_user([&]() -> DWORD {
    HANDLE own = OpenNtmsSessionW(nullptr, NTMS_W("user"), 0);
    EXPECT_NE(own, INVALID_HANDLE_VALUE);
    EXPECT_EQ(dacl_of(library()), default_entries());
    EXPECT_FALSE(rsm().list(NTMS_DRIVE).empty());
    EXPECT_EQ(InventoryNtmsLibrary(own, library().get(), NTMS_INVENTORY_FAST), ERROR_ACCESS_DENIED);
    Info info = rsm().get(library());
    info.dwSize = sizeof info;
    EXPECT_EQ(rsm().set(info), ERROR_ACCESS_DENIED);
    return CloseNtmsSession(own);
  });
  EXPECT_EQ(last_change(), last);
}

TEST_F(UserRights, PoolsOfAUserAreHis) {
  prepare();
  if (IsSkipped()) return;
  ASSERT_NO_FATAL_FAILURE(grant(Guard::root, kC));
  Id pool;
  ASSERT_EQ(
      call_as_user([&] { return create_pool(NTMS_W("\\Mine"), nullptr, NTMS_CREATE_NEW, &pool); }),
      ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(pool),
            (std::vector<Ace>{allow(kFull, posix_user(kUser)), allow(kFull, local_system())}));
  const Bytes bytes = security_of(pool);
  EXPECT_EQ(sid_at(bytes, head_of(bytes).Owner), posix_user(kUser));
  EXPECT_EQ(sid_at(bytes, head_of(bytes).Group), posix_group(kUser));
  {
    const test::AsUser stranger_user(kUser - 1);
    EXPECT_EQ(DeleteNtmsMediaPool(session(), pool.get()), ERROR_ACCESS_DENIED);
  }
  EXPECT_EQ(call_as_user([&] { return DeleteNtmsMediaPool(session(), pool.get()); }),
            ERROR_SUCCESS);
}

TEST_F(UserRights, OwnersReadAndChangeTheDacl) {
  prepare();
  if (IsSkipped()) return;
  Parts parts;
  parts.owner = posix_user(kUser);
  parts.dacl = acl({});
  ASSERT_EQ(set_security(app(), OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION,
                         descriptor(parts)),
            ERROR_SUCCESS);
  EXPECT_EQ(call_as_user([&] {
              Info info{};
              info.dwSize = sizeof info;
              return GetNtmsObjectInformationW(session(), app().get(), &info);
            }),
            ERROR_ACCESS_DENIED)
      << "owning is not using";
  EXPECT_EQ(call_as_user([&] {
              Bytes bytes;
              return get_security(app(), NTMS_MEDIA_POOL, DACL_SECURITY_INFORMATION, bytes);
            }),
            ERROR_SUCCESS);
  EXPECT_EQ(set_as_user(app(), DACL_SECURITY_INFORMATION, descriptor({allow(kU, everyone())})),
            ERROR_SUCCESS);
  EXPECT_EQ(dacl_of(app()), (std::vector<Ace>{allow(kU, everyone())}));
}

// Owner and group take WRITE_OWNER; the owner can only become the caller.
TEST_F(UserRights, ChangingTheOwner) {
  prepare();
  if (IsSkipped()) return;
  Parts parts;
  parts.owner = posix_user(kUser);
  parts.group = posix_group(4711);
  const Bytes mine = descriptor(parts);
  parts.dacl = acl({});
  const Bytes mine_and_closed = descriptor(parts);
  parts.owner = posix_user(4711);
  const Bytes others = descriptor(parts);
  ASSERT_NO_FATAL_FAILURE(grant(Guard::app, kFull));
  const long long last = last_change();
  EXPECT_EQ(set_as_user(app(), OWNER_SECURITY_INFORMATION, mine), ERROR_ACCESS_DENIED);
  EXPECT_EQ(set_as_user(app(), GROUP_SECURITY_INFORMATION, mine), ERROR_ACCESS_DENIED);
  EXPECT_EQ(last_change(), last);
  ASSERT_NO_FATAL_FAILURE(grant(Guard::app, WRITE_OWNER));
  EXPECT_EQ(set_as_user(app(), OWNER_SECURITY_INFORMATION, others), ERROR_ACCESS_DENIED);
  EXPECT_EQ(
      set_as_user(app(), OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, mine_and_closed),
      ERROR_ACCESS_DENIED)
      << "that does not include the DACL";
  EXPECT_EQ(set_as_user(app(), OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION, mine),
            ERROR_SUCCESS);
  const Bytes now = security_of(app());
  EXPECT_EQ(sid_at(now, head_of(now).Owner), posix_user(kUser));
  EXPECT_EQ(sid_at(now, head_of(now).Group), posix_group(4711));
}

// A SACL takes the privilege to manage auditing, which no descriptor grants.
TEST_F(UserRights, Auditing) {
  prepare();
  if (IsSkipped()) return;
  Parts parts;
  parts.sacl = acl({{SYSTEM_AUDIT_ACE_TYPE, kU, everyone(), 0x40}});
  const Bytes audited = descriptor(parts);
  ASSERT_EQ(set_security(app(), SACL_SECURITY_INFORMATION, audited), ERROR_SUCCESS);
  const Bytes stored = security_of(app(), SACL_SECURITY_INFORMATION);
  EXPECT_EQ(entries_at(stored, head_of(stored).Sacl).size(), 1U);
  ASSERT_NO_FATAL_FAILURE(grant(Guard::app, kFull | WRITE_OWNER));
  const long long last = last_change();
  EXPECT_EQ(set_as_user(app(), SACL_SECURITY_INFORMATION, audited), ERROR_ACCESS_DENIED);
  EXPECT_EQ(call_as_user([&] {
              Bytes bytes;
              return get_security(app(), 0, SACL_SECURITY_INFORMATION, bytes);
            }),
            ERROR_ACCESS_DENIED);
  ASSERT_NO_FATAL_FAILURE(grant(Guard::root, kC));
  EXPECT_EQ(call_as_user([&] {
              Bytes bytes = audited;
              SECURITY_ATTRIBUTES attributes{};
              attributes.nLength = sizeof attributes;
              attributes.lpSecurityDescriptor = bytes.data();
              Id id;
              return CreateNtmsMediaPoolW(session(), NTMS_W("\\New"), nullptr, NTMS_CREATE_NEW,
                                          &attributes, id.get());
            }),
            ERROR_ACCESS_DENIED);
  EXPECT_EQ(changes(last).size(), 1U) << "but for the root pool's: " << describe(changes(last));
}

TEST_F(UserRights, DenyingEntriesAndGroups) {
  prepare();
  if (IsSkipped()) return;
  const auto read = [&] {
    return call_as_user([&] {
      Info info{};
      info.dwSize = sizeof info;
      return GetNtmsObjectInformationW(session(), app().get(), &info);
    });
  };
  ASSERT_EQ(set_dacl(app(), {deny(kU, posix_group(kUser)), allow(kFull, everyone())}),
            ERROR_SUCCESS);
  EXPECT_EQ(read(), ERROR_ACCESS_DENIED);
  ASSERT_EQ(set_dacl(app(), {allow(kU, authenticated_users()), deny(kU, posix_user(kUser))}),
            ERROR_SUCCESS);
  EXPECT_EQ(read(), ERROR_SUCCESS) << "the first entry that says something counts";
  ASSERT_EQ(set_dacl(app(), {allow(kU, posix_group(kUser))}), ERROR_SUCCESS);
  EXPECT_EQ(read(), ERROR_SUCCESS);
  Ace inherit_only = allow(kU, everyone());
  inherit_only.flags = INHERIT_ONLY_ACE;
  ASSERT_EQ(set_dacl(app(), {inherit_only}), ERROR_SUCCESS);
  EXPECT_EQ(read(), ERROR_ACCESS_DENIED);
  ASSERT_EQ(set_security(app(), DACL_SECURITY_INFORMATION, open_descriptor()), ERROR_SUCCESS);
  EXPECT_EQ(read(), ERROR_SUCCESS);
}

// Only the pool that directly contains a medium counts.
TEST_F(UserRights, ParentsAreNotConsultedForMedia) {
  prepare();
  if (IsSkipped()) return;
  const Id child = created(NTMS_W("\\Container\\Child"));
  place(0, child, NTMS_PARTSTATE_AVAILABLE);
  ASSERT_NO_FATAL_FAILURE(grant_everywhere(0));
  ASSERT_EQ(set_dacl(child, {allow(kC, posix_user(kUser))}), ERROR_SUCCESS);
  EXPECT_EQ(call_as_user([&] {
              Id logical;
              return AllocateNtmsMedia(session(), child.get(), nullptr, logical.get(), 0, 0,
                                       nullptr);
            }),
            ERROR_SUCCESS);
}

// Handles hold no rights: the next call is decided by the descriptor of then.
TEST_F(UserRights, ChangesAreEffectiveAtOnce) {
  prepare();
  if (IsSkipped()) return;
  const auto inventory = [&] {
    return call_as_user(
        [&] { return InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_STOP); });
  };
  EXPECT_EQ(inventory(), ERROR_ACCESS_DENIED);
  ASSERT_NO_FATAL_FAILURE(grant(Guard::library, kC));
  EXPECT_EQ(inventory(), ERROR_SUCCESS);
  ASSERT_NO_FATAL_FAILURE(grant(Guard::library, kU | kM));
  EXPECT_EQ(inventory(), ERROR_ACCESS_DENIED);
  EXPECT_EQ(InventoryNtmsLibrary(session(), library().get(), NTMS_INVENTORY_STOP), ERROR_SUCCESS)
      << "administrators always";
}

}  // namespace
}  // namespace ntms::conformance
#endif
