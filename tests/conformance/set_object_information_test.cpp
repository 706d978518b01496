// SPDX-License-Identifier: MIT
// SetNtmsObjectInformationA/W (contract: functions-objects 2).

#include <algorithm>
#include <cstring>
#include <functional>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

using InfoA = NTMS_OBJECTINFORMATIONA;

template <class Character, std::size_t N>
void put(Character (&out)[N], const std::string& value) {
  ASSERT_LT(value.size(), N);
  std::fill(std::begin(out), std::end(out), Character{});
  std::copy(value.begin(), value.end(), out);
}

class SetInformation : public LibraryTest {
 protected:
  // Reads the object, lets `change` change it, stores it.
  DWORD change(const Id& id, const std::function<void(Info&)>& change) {
    Info info = rsm().get(id);
    info.dwSize = sizeof info;
    change(info);
    return rsm().set(info);
  }
  // The same, expecting a refusal that changes nothing and tells nobody.
  void expect_refused(DWORD code, const Id& id, const std::function<void(Info&)>& how) {
    const Info before = rsm().get(id);
    const long long last = last_change();
    EXPECT_EQ(change(id, how), code);
    EXPECT_EQ(last_change(), last);
    const Info after = rsm().get(id);
    EXPECT_EQ(std::memcmp(&before, &after, sizeof before), 0);
  }

  Id computer() { return rsm().list(NTMS_COMPUTER).at(0); }
  Id system_pool() { return media_info(medium(0)).MediaPool; }

  // A side of a medium in a pool of an application, which has allocated it.
  Id logical_medium() {
    Id pool;
    Id type = media_info(medium(0)).MediaType;
    EXPECT_EQ(CreateNtmsMediaPoolW(session(), NTMS_W("Allocations"), type.get(), NTMS_CREATE_NEW,
                                   nullptr, pool.get()),
              ERROR_SUCCESS);
    sql("UPDATE physical_medium SET pool=x'" + pool.hex() + "' WHERE guid=x'" + medium(0).hex() +
        "'; UPDATE side SET state=4 WHERE medium=x'" + medium(0).hex() + "'");
    Id logical;
    EXPECT_EQ(AllocateNtmsMedia(session(), pool.get(), nullptr, logical.get(), 0, 0, nullptr),
              ERROR_SUCCESS);
    return logical;
  }

  // An application pool, as an application would have made it.
  Id application_pool(const std::string& name) {
    const std::string id =
        sql("INSERT INTO media_pool(guid,created,modified,enabled,operational_state,name,"
            "description,type,allocation_policy,deallocation_policy,max_allocates,root) "
            "VALUES(randomblob(16),1,1,1,0,'" +
            name + "','',1000,0,0,4294967295,0) RETURNING hex(guid)");
    return parse_id(id.substr(0, 32));
  }
};

TEST_F(SetInformation, InvalidHandle) {
  Info info{};
  EXPECT_EQ(SetNtmsObjectInformationW(nullptr, stranger().get(), &info), ERROR_INVALID_HANDLE);
  EXPECT_EQ(SetNtmsObjectInformationW(INVALID_HANDLE_VALUE, nullptr, nullptr),
            ERROR_INVALID_HANDLE);
  EXPECT_EQ(SetNtmsObjectInformationA(nullptr, nullptr, nullptr), ERROR_INVALID_HANDLE);
}

TEST_F(SetInformation, InvalidParameterPointers) {
  ASSERT_NO_FATAL_FAILURE(start());
  Info info = library_info();
  EXPECT_EQ(SetNtmsObjectInformationW(session(), nullptr, &info), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SetNtmsObjectInformationW(session(), library().get(), nullptr),
            ERROR_INVALID_PARAMETER);
  EXPECT_EQ(SetNtmsObjectInformationA(session(), nullptr, nullptr), ERROR_INVALID_PARAMETER);
}

TEST_F(SetInformation, ObjectNotFound) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {stranger(), Id{}}) {
    Info info = library_info();
    EXPECT_EQ(SetNtmsObjectInformationW(session(), id.get(), &info), ERROR_OBJECT_NOT_FOUND);
    info.dwType = NTMS_UNKNOWN;
    EXPECT_EQ(SetNtmsObjectInformationW(session(), id.get(), &info), ERROR_OBJECT_NOT_FOUND);
  }
}

TEST_F(SetInformation, InvalidParameterType) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD type : {DWORD{1}, DWORD{18}, DWORD{19}, DWORD{0xFFFFFFFF}, DWORD{NTMS_DRIVE}}) {
    expect_refused(ERROR_INVALID_PARAMETER, library(), [&](Info& info) { info.dwType = type; });
  }
}

TEST_F(SetInformation, InvalidParameterSize) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD size : {0U, 4U, 575U}) {
    expect_refused(ERROR_INVALID_PARAMETER, library(), [&](Info& info) { info.dwSize = size; });
  }
  expect_refused(ERROR_INVALID_PARAMETER, computer(),
                 [](Info& info) { info.dwSize = sizeof(NTMS_I1_OBJECTINFORMATIONW); });
}

#ifndef _WIN32  // there is no second user to become
TEST_F(SetInformation, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  const long long last = last_change();
  open_to_everybody();
  const auto user = worker();
  user->write_line("uid 65534");
  EXPECT_EQ(user->read_line(), "uid 0");
  user->write_line("open");
  ASSERT_EQ(user->read_line(), "open 0");
  for (const DWORD type :
       {NTMS_CHANGER, NTMS_CHANGER_TYPE, NTMS_COMPUTER, NTMS_DRIVE, NTMS_DRIVE_TYPE, NTMS_IEPORT,
        NTMS_LIBRARY, NTMS_MEDIA_POOL, NTMS_MEDIA_TYPE, NTMS_PARTITION, NTMS_PHYSICAL_MEDIA,
        NTMS_STORAGESLOT}) {
    user->write_line("set " + std::to_string(type) + " 0");
    EXPECT_EQ(user->read_line(), "set 5") << type;
  }
  EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(last_change(), last);
}
#endif

TEST_F(SetInformation, AccessDeniedForSystemPools) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id pool = system_pool();
  expect_refused(ERROR_ACCESS_DENIED, pool, [](Info& info) { put(info.szName, "other"); });
  expect_refused(ERROR_ACCESS_DENIED, pool, [](Info& info) { info.Info.MediaPool.MediaType = {}; });
  expect_refused(ERROR_ACCESS_DENIED, pool,
                 [](Info& info) { info.Info.MediaPool.AllocationPolicy = 1; });
  expect_refused(ERROR_ACCESS_DENIED, pool,
                 [](Info& info) { info.Info.MediaPool.DeallocationPolicy = 1; });
  expect_refused(ERROR_ACCESS_DENIED, pool,
                 [](Info& info) { info.Info.MediaPool.dwMaxAllocates = 1; });
  EXPECT_EQ(change(pool, [](Info& info) { put(info.szDescription, "ours"); }), ERROR_SUCCESS);
  EXPECT_EQ(text(rsm().get(pool).szDescription), "ours");
}

TEST_F(SetInformation, InvalidParameterTextsWithoutTerminator) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {library(), medium(0), side_of(medium(0)), application_pool("Pool")}) {
    expect_refused(ERROR_INVALID_PARAMETER, id, [](Info& info) {
      std::fill(std::begin(info.szName), std::end(info.szName), u'x');
    });
  }
  expect_refused(ERROR_INVALID_PARAMETER, slot(0).ObjectGuid, [](Info& info) {
    std::fill(std::begin(info.szDescription), std::end(info.szDescription), u'x');
  });
  EXPECT_EQ(
      change(slot(0).ObjectGuid,
             [](Info& info) { std::fill(std::begin(info.szName), std::end(info.szName), u'x'); }),
      ERROR_SUCCESS)
      << "the name of a slot is not writable and not read";
}

TEST_F(SetInformation, InvalidParameterValues) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const DWORD method : {3U, 4U, 5U, 6U}) {
    expect_refused(ERROR_INVALID_PARAMETER, library(),
                   [&](Info& info) { info.Info.Library.InventoryMethod = method; });
  }
  expect_refused(ERROR_INVALID_PARAMETER, computer(),
                 [](Info& info) { info.Info.Computer.dwLibRequestFlags = 4; });
  expect_refused(ERROR_INVALID_PARAMETER, computer(),
                 [](Info& info) { info.Info.Computer.dwOpRequestFlags = 4; });
  expect_refused(ERROR_INVALID_PARAMETER, computer(),
                 [](Info& info) { info.Info.Computer.dwMediaPoolPolicy = 4; });
  const Id pool = application_pool("Pool");
  expect_refused(ERROR_INVALID_PARAMETER, pool,
                 [](Info& info) { info.Info.MediaPool.AllocationPolicy = 2; });
  expect_refused(ERROR_INVALID_PARAMETER, pool,
                 [](Info& info) { info.Info.MediaPool.DeallocationPolicy = 2; });
  expect_refused(ERROR_INVALID_PARAMETER, pool,
                 [](Info& info) { info.Info.MediaPool.MediaType = stranger().guid; });
  expect_refused(ERROR_INVALID_PARAMETER, pool, [](Info& info) { put(info.szName, ""); });
  expect_refused(ERROR_INVALID_PARAMETER, pool, [](Info& info) { put(info.szName, "a\\b"); });
}

TEST_F(SetInformation, AlreadyExists) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id pool = application_pool("Pool");
  application_pool("Other");
  expect_refused(ERROR_ALREADY_EXISTS, pool, [](Info& info) { put(info.szName, "OTHER"); });
  EXPECT_EQ(change(pool, [](Info& info) { put(info.szName, "POOL"); }), ERROR_SUCCESS);
  EXPECT_EQ(text(rsm().get(pool).szName), "POOL");
}

TEST_F(SetInformation, EveryDescriptionIsWritableAndNotified) {
  ASSERT_NO_FATAL_FAILURE(start({.doors = 1}));
  logical_medium();
  ASSERT_EQ(rsm().eject(medium(7), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  Id message;
  ASSERT_EQ(SubmitNtmsOperatorRequestW(session(), NTMS_OPREQ_MESSAGE, NTMS_W("text"), nullptr,
                                       nullptr, message.get()),
            ERROR_SUCCESS);
  for (DWORD type = NTMS_CHANGER; type <= NTMS_OPREQUEST; ++type) {
    const auto all = rsm().list(type);
    ASSERT_FALSE(all.empty()) << type;
    const long long last = last_change();
    const Info before = rsm().get(all[0]);
    ASSERT_EQ(change(all[0], [](Info& info) { put(info.szDescription, std::string(126, 'd')); }),
              ERROR_SUCCESS)
        << type;
    const std::vector<Change> expected = {{NTMS_OBJ_UPDATE, type, all[0]}};
    EXPECT_EQ(changes(last), expected) << describe(changes(last));
    const Info after = rsm().get(all[0]);
    EXPECT_EQ(text(after.szDescription), std::string(126, 'd'));
    EXPECT_EQ(std::memcmp(&before.Created, &after.Created, sizeof before.Created), 0);
    ASSERT_EQ(change(all[0], [](Info& info) { put(info.szDescription, ""); }), ERROR_SUCCESS);
    EXPECT_EQ(text(rsm().get(all[0]).szDescription), "");
  }
}

TEST_F(SetInformation, Names) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {library(), medium(0), side_of(medium(0)), logical_medium()}) {
    EXPECT_EQ(change(id, [](Info& info) { put(info.szName, std::string(63, 'n')); }),
              ERROR_SUCCESS);
    EXPECT_EQ(text(rsm().get(id).szName), std::string(63, 'n'));
    EXPECT_EQ(change(id, [](Info& info) { put(info.szName, ""); }), ERROR_SUCCESS);
    EXPECT_EQ(text(rsm().get(id).szName), "");
  }
  const Id drive_id = drive(0).ObjectGuid;
  const std::string name = text(drive(0).szName);
  EXPECT_EQ(change(drive_id, [](Info& info) { put(info.szName, "ignored"); }), ERROR_SUCCESS);
  EXPECT_EQ(text(drive(0).szName), name);
}

TEST_F(SetInformation, MembersThatAreNotWritableAreIgnored) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Info before = drive(0);
  EXPECT_EQ(change(before.ObjectGuid,
                   [](Info& info) {
                     info.Enabled = FALSE;
                     info.dwOperationalState = NTMS_NEEDS_SERVICE;
                     info.Created.wYear = 1999;
                     info.Info.Drive.Number = 77;
                     info.Info.Drive.State = NTMS_DRIVESTATE_LOADED;
                     info.Info.Drive.dwMountCount = 77;
                     info.Info.Drive.Library = {};
                   }),
            ERROR_SUCCESS);
  Info after = drive(0);
  after.Modified = before.Modified;
  EXPECT_EQ(std::memcmp(&before, &after, sizeof before), 0);
}

TEST_F(SetInformation, MembersOfComputerDriveDoorAndPort) {
  ASSERT_NO_FATAL_FAILURE(start({.doors = 1}));
  ASSERT_EQ(change(computer(),
                   [](Info& info) {
                     info.Info.Computer = {1000, 2000, 0x03, 0x33, 0x03};
                   }),
            ERROR_SUCCESS);
  const auto info = rsm().get(computer()).Info.Computer;
  EXPECT_EQ(info.dwLibRequestPurgeTime, 1000U);
  EXPECT_EQ(info.dwOpRequestPurgeTime, 2000U);
  EXPECT_EQ(info.dwLibRequestFlags, 0x03U);
  EXPECT_EQ(info.dwOpRequestFlags, 0x33U);
  EXPECT_EQ(info.dwMediaPoolPolicy, 0x03U);
  ASSERT_EQ(change(drive(0).ObjectGuid, [](Info& d) { d.Info.Drive.dwDeferDismountDelay = 5; }),
            ERROR_SUCCESS);
  EXPECT_EQ(drive(0).Info.Drive.dwDeferDismountDelay, 5U);
  ASSERT_EQ(change(port(0).ObjectGuid, [](Info& p) { p.Info.IEPort.MaxExtendSecs = 65535; }),
            ERROR_SUCCESS);
  EXPECT_EQ(port(0).Info.IEPort.MaxExtendSecs, 65535U);
  const auto door = [&] { return elements(NTMS_IEDOOR).at(0); };
  for (const WORD seconds : {WORD{0}, WORD{65535}}) {
    ASSERT_EQ(change(door().ObjectGuid, [&](Info& d) { d.Info.IEDoor.MaxOpenSecs = seconds; }),
              ERROR_SUCCESS);
    EXPECT_EQ(door().Info.IEDoor.MaxOpenSecs, seconds);
  }
}

TEST_F(SetInformation, MembersOfALibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(change(library(),
                   [](Info& info) {
                     info.Info.Library.AutoRecovery = FALSE;
                     info.Info.Library.InventoryMethod = NTMS_INVENTORY_OMID;
                     info.Info.Library.dwCleanerUsesRemaining = 0xFFFFFFFF;
                     info.Info.Library.dwFlags = 0xFFFFFFFF;
                   }),
            ERROR_SUCCESS);
  auto info = library_info().Info.Library;
  EXPECT_EQ(info.AutoRecovery, FALSE);
  EXPECT_EQ(info.InventoryMethod, DWORD{NTMS_INVENTORY_OMID});
  EXPECT_EQ(info.dwCleanerUsesRemaining, 0xFFFFFFFFU);
  EXPECT_EQ(info.dwFlags, 0x04U | 0x08U | 0x10U);
  ASSERT_EQ(change(library(), [](Info& i) { i.Info.Library.dwCleanerUsesRemaining = 3; }),
            ERROR_SUCCESS);
  EXPECT_EQ(library_info().Info.Library.dwFlags, 0x04U | 0x10U);

  // The first generation has neither AutoRecovery nor dwFlags: they stay.
  Info buffer = library_info();
  buffer.dwSize = sizeof(NTMS_I1_OBJECTINFORMATIONW);
  buffer.Info.Library.InventoryMethod = NTMS_INVENTORY_FAST;
  buffer.Info.Library.AutoRecovery = TRUE;
  buffer.Info.Library.dwFlags = 0;
  ASSERT_EQ(rsm().set(buffer), ERROR_SUCCESS);
  info = library_info().Info.Library;
  EXPECT_EQ(info.InventoryMethod, DWORD{NTMS_INVENTORY_FAST});
  EXPECT_EQ(info.AutoRecovery, FALSE);
  EXPECT_EQ(info.dwFlags, 0x04U | 0x10U);
}

TEST_F(SetInformation, MembersOfAPool) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id pool = application_pool("Pool");
  const Id type = rsm().list(NTMS_MEDIA_TYPE).at(0);
  ASSERT_EQ(change(pool,
                   [&](Info& info) {
                     put(info.szName, "Renamed");
                     info.Info.MediaPool.MediaType = type.guid;
                     info.Info.MediaPool.AllocationPolicy = NTMS_ALLOCATE_FROMSCRATCH;
                     info.Info.MediaPool.DeallocationPolicy = NTMS_DEALLOCATE_TOSCRATCH;
                     info.Info.MediaPool.dwMaxAllocates = 9;
                   }),
            ERROR_SUCCESS);
  const Info info = rsm().get(pool);
  EXPECT_EQ(text(info.szName), "Renamed");
  EXPECT_EQ(Id(info.Info.MediaPool.MediaType), type);
  EXPECT_EQ(info.Info.MediaPool.AllocationPolicy, DWORD{NTMS_ALLOCATE_FROMSCRATCH});
  EXPECT_EQ(info.Info.MediaPool.DeallocationPolicy, DWORD{NTMS_DEALLOCATE_TOSCRATCH});
  EXPECT_EQ(info.Info.MediaPool.dwMaxAllocates, 9U);
}

TEST_F(SetInformation, AnsiStructuresAndTypesToBeFound) {
  ASSERT_NO_FATAL_FAILURE(start());
  InfoA info{};
  info.dwSize = sizeof info;
  const Id m = medium(0);
  ASSERT_EQ(GetNtmsObjectInformationA(session(), m.get(), &info), ERROR_SUCCESS);
  info.dwType = NTMS_UNKNOWN;
  info.ObjectGuid = stranger().guid;  // the argument counts
  put(info.szName, "renamed");
  ASSERT_EQ(SetNtmsObjectInformationA(session(), m.get(), &info), ERROR_SUCCESS);
  EXPECT_EQ(text(rsm().get(m).szName), "renamed");
  std::fill(std::begin(info.szName), std::end(info.szName), 'x');
  EXPECT_EQ(SetNtmsObjectInformationA(session(), m.get(), &info), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(text(rsm().get(m).szName), "renamed");
}

TEST_F(SetInformation, LastErrorIsLeftAlone) {
  ASSERT_NO_FATAL_FAILURE(start());
  SetLastError(4711);
  EXPECT_EQ(change(library(), [](Info& info) { info.dwSize = 1; }), ERROR_INVALID_PARAMETER);
  EXPECT_EQ(change(library(), [](Info&) {}), ERROR_SUCCESS);
  EXPECT_EQ(GetLastError(), 4711U);
}

}  // namespace
}  // namespace ntms::conformance
