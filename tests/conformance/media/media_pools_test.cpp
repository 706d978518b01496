// SPDX-License-Identifier: MIT
// Creating, naming and deleting media pools (contract: functions-media-services 12, 13 and 15).
#include <array>
#include <cstring>

#include "conformance/media/media_fixture.h"

namespace ntms::conformance {
namespace {

class MediaPool : public MediaTest {
 protected:
  DWORD open_or_create(const WideString& path, DWORD action = NTMS_OPEN_ALWAYS) {
    Id id = stranger();
    const DWORD code = create_pool(path, nullptr, action, &id);
    EXPECT_EQ(code == ERROR_SUCCESS, !(id == stranger())) << "the output of a failed call";
    return code;
  }
  DWORD create_with(SECURITY_ATTRIBUTES* attributes, const WCHAR* path) {
    Id id;
    return CreateNtmsMediaPoolW(session(), path, nullptr, NTMS_CREATE_NEW, attributes, id.get());
  }
  DWORD name_of(const Id& pool, WideString* name) {
    std::array<WCHAR, NTMS_POOLHIERARCHY_LENGTH> buffer{};
    DWORD size = buffer.size();
    const DWORD code = GetNtmsMediaPoolNameW(session(), pool.get(), buffer.data(), &size);
    if (code == ERROR_SUCCESS) {
      *name = buffer.data();
      EXPECT_EQ(size, name->size() + 1);
    }
    return code;
  }
  WideString named(const Id& pool) {
    WideString name;
    EXPECT_EQ(name_of(pool, &name), ERROR_SUCCESS);
    return name;
  }
  DWORD remove(const Id& pool) { return DeleteNtmsMediaPool(session(), pool.get()); }
};

TEST_F(MediaPool, MissingPointers) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  Id id = stranger();
  EXPECT_EQ(CreateNtmsMediaPoolW(session(), nullptr, nullptr, NTMS_OPEN_ALWAYS, nullptr, id.get()),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(CreateNtmsMediaPoolA(session(), nullptr, nullptr, NTMS_OPEN_ALWAYS, nullptr, id.get()),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(
      CreateNtmsMediaPoolW(session(), NTMS_W("\\X"), nullptr, NTMS_OPEN_ALWAYS, nullptr, nullptr),
      ERROR_INVALID_PARAMETER);
  EXPECT_EQ(id, stranger());
  WCHAR wide[8];
  char narrow[8];
  DWORD size = 8;
  EXPECT_EQ(GetNtmsMediaPoolNameW(session(), app().get(), nullptr, &size), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsMediaPoolNameA(session(), app().get(), narrow, nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(GetNtmsMediaPoolNameW(session(), nullptr, wide, &size), ERROR_INVALID_MEDIA_POOL);
  EXPECT_EQ(DeleteNtmsMediaPool(session(), nullptr), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(size, 8U);
}

TEST_F(MediaPool, UnknownActions) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const DWORD action : {0U, 4U, 0xFFFFFFFFU}) {
    expect_refused(ERROR_INVALID_PARAMETER, [&] { return open_or_create(NTMS_W("\\X"), action); });
    expect_refused(ERROR_INVALID_PARAMETER, [&] { return open_or_create(NTMS_W(""), action); });
  }
}

TEST_F(MediaPool, Names) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const WideString longest(63, NTMS_W('n'));
  for (const WideString& bad :
       {WideString(), WideString(NTMS_W("\\")), WideString(NTMS_W("\\\\A")),
        WideString(NTMS_W("\\A\\")), WideString(NTMS_W("A\\\\B")), longest + NTMS_W("n"),
        WideString(600, NTMS_W('n')), NTMS_W("\\Top\\") + longest + NTMS_W("n")}) {
    for (const DWORD action : {NTMS_OPEN_EXISTING, NTMS_CREATE_NEW, NTMS_OPEN_ALWAYS}) {
      expect_refused(ERROR_INVALID_NAME, [&] { return open_or_create(bad, action); });
    }
  }
  EXPECT_EQ(named(container(longest)), NTMS_W("\\") + longest) << "without a leading backslash";
  // 7 times 64 characters, and 63 more: 511.
  WideString path;
  for (int level = 0; level < 7; ++level) {
    path += NTMS_W("\\") + longest;
    EXPECT_EQ(open_or_create(path), ERROR_SUCCESS);
  }
  path += NTMS_W("\\") + WideString(62, NTMS_W('m'));
  ASSERT_EQ(path.size(), 511U);
  EXPECT_EQ(named(container(path)), path);
  expect_refused(ERROR_INVALID_NAME, [&] { return open_or_create(path + NTMS_W("m")); });
}

TEST_F(MediaPool, SecurityAttributes) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  SECURITY_ATTRIBUTES attributes{sizeof attributes, nullptr, TRUE};
  EXPECT_EQ(create_with(&attributes, NTMS_W("\\None")), ERROR_SUCCESS);
  attributes.nLength = sizeof attributes - 1;
  expect_refused(ERROR_INVALID_PARAMETER,
                 [&] { return create_with(&attributes, NTMS_W("\\Bad")); });
  // Opening does not look at them.
  Id id;
  EXPECT_EQ(CreateNtmsMediaPoolW(session(), NTMS_W("\\None"), stranger().get(), NTMS_OPEN_ALWAYS,
                                 &attributes, id.get()),
            ERROR_SUCCESS);
  attributes.nLength = sizeof attributes;
  // Self-relative: owner Everyone, no group, an empty DACL.
  std::array<unsigned char, 40> descriptor{1, 0, 0x04, 0x80, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0,
                                           0, 0, 32,   0,    0,  0, 1, 1, 0, 0, 0, 0, 0, 1,
                                           0, 0, 0,    0,    2,  0, 8, 0, 0, 0, 0, 0};
  attributes.lpSecurityDescriptor = descriptor.data();
  EXPECT_EQ(create_with(&attributes, NTMS_W("\\Given")), ERROR_SUCCESS);
  const auto expect_invalid = [&](std::size_t at, unsigned char value) {
    auto broken = descriptor;
    broken[at] = value;
    attributes.lpSecurityDescriptor = broken.data();
    expect_refused(ERROR_INVALID_PARAMETER,
                   [&] { return create_with(&attributes, NTMS_W("\\Bad")); });
  };
  expect_invalid(0, 2);    // revision of the descriptor
  expect_invalid(20, 9);   // of the owner's SID
  expect_invalid(21, 16);  // more sub-authorities than a SID has
  expect_invalid(32, 1);   // revision of the DACL
  expect_invalid(34, 4);   // smaller than its header
  expect_invalid(36, 1);   // an entry beyond its end
  // Absolute.
  struct Absolute {
    unsigned char revision = 1;
    unsigned char reserved = 0;
    unsigned short control = 4;
    const void* parts[4] = {};
  } absolute;
  attributes.lpSecurityDescriptor = &absolute;
  EXPECT_EQ(create_with(&attributes, NTMS_W("\\Absolute")), ERROR_SUCCESS);
  const std::array<unsigned char, 8> acl{9, 0, 8, 0, 0, 0, 0, 0};
  absolute.parts[3] = acl.data();
  expect_refused(ERROR_INVALID_PARAMETER,
                 [&] { return create_with(&attributes, NTMS_W("\\Bad")); });
}

// The decision table of functions-media-services 12.
TEST_F(MediaPool, DecisionTable) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id top = container(NTMS_W("\\Top"));
  EXPECT_EQ(opened(NTMS_W("\\Top")), top);
  Id id;
  EXPECT_EQ(create_pool(NTMS_W("\\tOP"), nullptr, NTMS_OPEN_ALWAYS, &id), ERROR_SUCCESS);
  EXPECT_EQ(id, top) << "opened, whatever the case";
  expect_refused(ERROR_ALREADY_EXISTS,
                 [&] { return open_or_create(NTMS_W("\\top"), NTMS_CREATE_NEW); });
  expect_refused(ERROR_OBJECT_NOT_FOUND,
                 [&] { return open_or_create(NTMS_W("\\X"), NTMS_OPEN_EXISTING); });
  for (const DWORD action : {NTMS_OPEN_EXISTING, NTMS_CREATE_NEW, NTMS_OPEN_ALWAYS}) {
    expect_refused(ERROR_OBJECT_NOT_FOUND,
                   [&] { return open_or_create(NTMS_W("\\X\\Y"), action); });
    expect_refused(ERROR_OBJECT_NOT_FOUND,
                   [&] { return open_or_create(NTMS_W("\\Top\\X\\Y"), action); });
  }
  const Id child = container(NTMS_W("Top\\Child"));
  EXPECT_EQ(Id(rsm().get(child, NTMS_MEDIA_POOL).Info.MediaPool.Parent), top);
  EXPECT_EQ(rsm().list(NTMS_MEDIA_POOL, top), std::vector<Id>{child});
}

TEST_F(MediaPool, ShowsWhatWasCreated) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const long long last = last_change();
  const Id pool = created(NTMS_W("\\Backup"));
  expect_changes(last, {{NTMS_OBJ_INSERT, NTMS_MEDIA_POOL, pool}});
  const Info info = rsm().get(pool, NTMS_MEDIA_POOL);
  EXPECT_EQ(text(info.szName), "Backup");
  const auto& members = info.Info.MediaPool;
  EXPECT_EQ(members.PoolType, DWORD{NTMS_POOLTYPE_APPLICATION});
  EXPECT_EQ(Id(members.MediaType), media_type());
  EXPECT_TRUE(Id(members.Parent).is_null());
  EXPECT_EQ(members.AllocationPolicy, 0U);
  EXPECT_EQ(members.DeallocationPolicy, 0U);
  EXPECT_EQ(members.dwMaxAllocates, 0xFFFFFFFFU);
  EXPECT_EQ(members.dwNumberOfPhysicalMedia + members.dwNumberOfLogicalMedia +
                members.dwNumberOfMediaPools,
            0U);
  EXPECT_TRUE(Id(rsm().get(container(NTMS_W("\\C"))).Info.MediaPool.MediaType).is_null());
}

TEST_F(MediaPool, UnknownMediaType) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const Id& type : {stranger(), Id{}, app()}) {
    Id id;
    expect_refused(ERROR_INVALID_MEDIA,
                   [&] { return create_pool(NTMS_W("\\X"), &type, NTMS_CREATE_NEW, &id); });
  }
}

TEST_F(MediaPool, PlacesThatTakeNoPools) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  for (const WideString& path :
       {WideString(NTMS_W("\\Free\\X")), WideString(NTMS_W("\\Import\\X")),
        WideString(NTMS_W("\\Unrecognized\\X")),
        NTMS_W("\\Free\\") + media_type_name() + NTMS_W("\\X"), WideString(NTMS_W("\\App\\X"))}) {
    expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return open_or_create(path); });
  }
}

TEST_F(MediaPool, AnsiNames) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  Id id;
  ASSERT_EQ(CreateNtmsMediaPoolA(session(), "\\" NTMS_ANSI_GREEN, nullptr, NTMS_CREATE_NEW, nullptr,
                                 id.get()),
            ERROR_SUCCESS);
  EXPECT_EQ(opened(NTMS_W("\\Gr\u00FCn")), id);
  std::array<char, 7> buffer{};
  DWORD size = buffer.size();
  ASSERT_EQ(GetNtmsMediaPoolNameA(session(), id.get(), buffer.data(), &size), ERROR_SUCCESS);
  EXPECT_STREQ(buffer.data(), "\\" NTMS_ANSI_GREEN);
  constexpr DWORD kNeeded = sizeof "\\" NTMS_ANSI_GREEN;
  EXPECT_EQ(size, kNeeded);
  size = kNeeded - 1;
  EXPECT_EQ(GetNtmsMediaPoolNameA(session(), id.get(), buffer.data(), &size),
            ERROR_INSUFFICIENT_BUFFER);
  EXPECT_EQ(size, kNeeded);
}

TEST_F(MediaPool, Paths) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  EXPECT_EQ(named(app()), NTMS_W("\\App"));
  EXPECT_EQ(named(import_pool()), NTMS_W("\\Import\\") + media_type_name());
  container(NTMS_W("\\A"));
  container(NTMS_W("\\A\\B"));
  const Id deep = created(NTMS_W("\\A\\B\\C"));
  EXPECT_EQ(named(deep), NTMS_W("\\A\\B\\C"));
  EXPECT_EQ(opened(named(deep)), deep) << "what comes out goes in";
  NTMS_GUID pools[32];
  DWORD count = 32;
  ASSERT_EQ(
      EnumerateNtmsObject(session(), nullptr, pools, &count, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL),
      ERROR_SUCCESS);
  EXPECT_EQ(named(pools[0]), NTMS_W("\\"));
  WideString none;
  for (const Id& id : {stranger(), Id{}, medium(0)}) {
    EXPECT_EQ(name_of(id, &none), ERROR_INVALID_MEDIA_POOL);
  }
}

TEST_F(MediaPool, BufferTooSmall) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  WCHAR buffer[5] = {NTMS_W('x'), NTMS_W('x'), NTMS_W('x'), NTMS_W('x'), NTMS_W('x')};
  for (DWORD capacity = 0; capacity < 5; ++capacity) {
    DWORD size = capacity;
    EXPECT_EQ(GetNtmsMediaPoolNameW(session(), app().get(), buffer, &size),
              ERROR_INSUFFICIENT_BUFFER);
    EXPECT_EQ(size, 5U);
    EXPECT_EQ(buffer[0], NTMS_W('x'));
  }
  DWORD size = 5;
  EXPECT_EQ(GetNtmsMediaPoolNameW(session(), app().get(), buffer, &size), ERROR_SUCCESS);
  EXPECT_EQ(WideString(buffer), NTMS_W("\\App"));
}

TEST_F(MediaPool, Deleted) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id pool = created(NTMS_W("\\Short"));
  const long long last = last_change();
  EXPECT_EQ(remove(pool), ERROR_SUCCESS);
  expect_changes(last, {{NTMS_OBJ_DELETE, NTMS_MEDIA_POOL, pool}});
  EXPECT_FALSE(rsm().find(pool));
  for (const Id& id : {pool, stranger(), Id{}, medium(0)}) {
    expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return remove(id); });
  }
}

TEST_F(MediaPool, SystemPoolsStay) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  NTMS_GUID pools[32];
  DWORD count = 32;
  ASSERT_EQ(
      EnumerateNtmsObject(session(), nullptr, pools, &count, NTMS_MEDIA_POOL, NTMS_ENUM_ROOTPOOL),
      ERROR_SUCCESS);
  for (const Id& id :
       {Id(pools[0]), free_pool(), import_pool(), unrecognized_pool(), opened(NTMS_W("\\Free")),
        opened(NTMS_W("\\Import")), opened(NTMS_W("\\Unrecognized"))}) {
    expect_refused(ERROR_INVALID_MEDIA_POOL, [&] { return remove(id); });
  }
}

TEST_F(MediaPool, OnlyEmptyOnesAreDeleted) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id top = container(NTMS_W("\\Top"));
  const Id child = created(NTMS_W("\\Top\\Child"));
  place(0, child, NTMS_PARTSTATE_AVAILABLE);
  take_offline(0);
  expect_refused(ERROR_NOT_EMPTY, [&] { return remove(top); });
  expect_refused(ERROR_NOT_EMPTY, [&] { return remove(child); });
  place(0, import_pool(), NTMS_PARTSTATE_IMPORT);
  EXPECT_EQ(remove(child), ERROR_SUCCESS);
  EXPECT_EQ(remove(top), ERROR_SUCCESS);
}

TEST_F(MediaPool, RequestsForItsNewMediaAreRefused) {
  ASSERT_NO_FATAL_FAILURE(start_media());
  const Id pool = created(NTMS_W("\\Short"));
  Id request;
  ASSERT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_NEWMEDIA, nullptr, pool.get(), nullptr,
                                       request.get()),
            ERROR_SUCCESS);
  EXPECT_EQ(remove(pool), ERROR_SUCCESS);
  EXPECT_EQ(rsm().get(request).Info.OpRequest.State, DWORD{NTMS_OPSTATE_REFUSED});
}

}  // namespace
}  // namespace ntms::conformance
