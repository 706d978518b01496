// SPDX-License-Identifier: MIT
// DeleteNtmsLibrary and DeleteNtmsDrive (contract: functions-library-control 12 and 13, concepts
// 4).

#include <algorithm>
#include <fstream>

#include "conformance/failing_calls.h"
#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class Deletion : public LibraryTest {
 protected:
  DWORD delete_library(const Id& id) { return DeleteNtmsLibrary(session(), id.get()); }
  DWORD delete_drive(const Id& id) { return DeleteNtmsDrive(session(), id.get()); }

  static void set_online(EmulatorBackend& backend, bool online) {
    ASSERT_EQ(ntms_emulator_set_online(backend.handle(), online ? 1 : 0), NTMS_EMULATOR_OK);
  }
  bool wait_absent() {
    const bool absent =
        wait_until([&] { return library_info().dwOperationalState == NTMS_NOT_PRESENT; });
    EXPECT_TRUE(absent) << picture();
    return absent;
  }
  // The library is taken away between two sessions; `statements` run meanwhile.
  void take_away(const std::string& statements = {}) {
    ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
    set_online(emulator(), false);
    if (!statements.empty()) sql(statements);
    rsm() = Rsm::open();
    ASSERT_TRUE(rsm().is_open());
    ASSERT_TRUE(wait_absent());
  }
  std::vector<Id> robotic_libraries() {
    std::vector<Id> found;
    for (const Id& id : rsm().list(NTMS_LIBRARY)) {
      const auto info = rsm().find(id, NTMS_LIBRARY);
      if (info && info->Info.Library.LibraryType == NTMS_LIBRARYTYPE_ONLINE) found.push_back(id);
    }
    return found;
  }
  void expect_offline(const Id& id) {
    const auto info = rsm().find(id, NTMS_PHYSICAL_MEDIA);
    ASSERT_TRUE(info) << id.hex();
    const auto& medium_info = info->Info.PhysicalMedia;
    EXPECT_EQ(Id(medium_info.CurrentLibrary), offline_library());
    EXPECT_TRUE(Id(medium_info.Location).is_null());
    EXPECT_TRUE(Id(medium_info.HomeSlot).is_null());
    EXPECT_EQ(medium_info.LocationType, NTMS_STORAGESLOT);
    EXPECT_EQ(medium_info.MediaState, NTMS_MEDIASTATE_IDLE);
  }
  std::unique_ptr<test::Program> somebody() {
    open_to_everybody();
    auto user = worker();
    user->write_line("uid 65534");
    EXPECT_EQ(user->read_line(), "uid 0");
    user->write_line("open");
    EXPECT_EQ(user->read_line(), "open 0");
    return user;
  }
  // The unit of the first drive answers no INQUIRY from now on.
  void hide_first_drive() {
    ntms_emulator_fault fault{};
    fault.size = sizeof fault;
    fault.lun = 1;
    fault.opcode = 0x12;
    fault.times = NTMS_EMULATOR_UNTIL_CLEARED;
    fault.kind = NTMS_EMULATOR_FAIL_BEFORE;
    fault.sense_key = 5;
    fault.asc = 0x25;
    ASSERT_EQ(ntms_emulator_inject_fault(emulator().handle(), &fault), NTMS_EMULATOR_OK);
  }
  // With a cartridge in the bay of the first drive, whose unit does not answer.
  void start_without_first_drive() {
    ASSERT_NO_FATAL_FAILURE(create());
    ASSERT_NO_FATAL_FAILURE(hide_first_drive());
    ASSERT_TRUE(emulator().foreign_move(kSlot, 0, kDrive, 0));
    ASSERT_NO_FATAL_FAILURE(open());
    ASSERT_EQ(Id(media_info(medium(0)).Location), Id(drive(0).ObjectGuid));
  }

  static std::string request_about(const std::string& argument) {
    return "INSERT INTO operator_request(guid, created, modified, enabled, operational_state,"
           " name, description, request, submitted, answered, state, message, arg1_type, arg1,"
           " arg2_type, application, user, computer, by_system) SELECT randomblob(16), 1, 1, 1, 0,"
           " '', '', 3, 1, 0, 1, 'm', 0, guid, 0, '', '', '', 1 FROM " +
           argument + " LIMIT 1;";
  }
};

using DeleteLibrary = Deletion;
using DeleteDrive = Deletion;

TEST_F(DeleteLibrary, BadHandles) {
  EXPECT_EQ(DeleteNtmsLibrary(nullptr, stranger().get()), ERROR_INVALID_HANDLE);
  EXPECT_EQ(DeleteNtmsLibrary(INVALID_HANDLE_VALUE, nullptr), ERROR_INVALID_HANDLE);
}

TEST_F(DeleteLibrary, MissingPointer) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(DeleteNtmsLibrary(session(), nullptr), ERROR_INVALID_PARAMETER);
}

TEST_F(DeleteLibrary, UnknownLibraries) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {stranger(), Id{}, medium(0), Id(drive(0).ObjectGuid)}) {
    EXPECT_EQ(delete_library(id), ERROR_INVALID_LIBRARY);
  }
}

TEST_F(DeleteLibrary, OfflineLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(delete_library(offline_library()), ERROR_INVALID_LIBRARY);
  EXPECT_FALSE(offline_library().is_null());
}

TEST_F(DeleteLibrary, PresentLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  const auto before = last_change();
  EXPECT_EQ(delete_library(library()), ERROR_INVALID_STATE);
  EXPECT_TRUE(changes(before).empty()) << describe(changes(before));
}

TEST_F(DeleteLibrary, DisabledLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_EQ(DisableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled == FALSE; }));
  ASSERT_NO_FATAL_FAILURE(take_away());
  EXPECT_EQ(delete_library(library()), ERROR_INVALID_STATE);
  EXPECT_TRUE(rsm().find(library()));
  ASSERT_EQ(EnableNtmsObject(session(), NTMS_LIBRARY, library().get()), ERROR_SUCCESS);
  ASSERT_TRUE(wait_until([&] { return library_info().Enabled != FALSE; }));
  EXPECT_EQ(delete_library(library()), ERROR_SUCCESS);
}

#ifndef _WIN32  // there is no second user to become
TEST_F(DeleteLibrary, AccessDenied) {
  if (!test::can_become_another_user()) GTEST_SKIP() << "needs root to become another user";
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(take_away());
  const auto user = somebody();
  user->write_line("remove 9 " + library().hex());
  EXPECT_EQ(user->read_line(), "remove 5");
  user->write_line("remove 9 " + stranger().hex());
  EXPECT_EQ(user->read_line(), "remove 4301") << "objects come before rights";
  user->write_line("remove 5 " + Id(drive(0).ObjectGuid).hex());
  EXPECT_EQ(user->read_line(), "remove 5");
  EXPECT_EQ(user->wait(), 0);
  EXPECT_EQ(elements(NTMS_DRIVE).size(), 2U);
}
#endif

TEST_F(DeleteLibrary, EverythingOfItGoes) {
  LibraryShape shape;
  shape.doors = 1;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  ASSERT_EQ(rsm().eject(medium(3), NTMS_EJECT_QUEUE, nullptr), ERROR_SUCCESS);
  const Id held = unfinished_request_of(medium(3));
  ASSERT_NO_FATAL_FAILURE(take_away(request_about("drive") + request_about("library WHERE type=2") +
                                    request_about("physical_medium")));
  ASSERT_EQ(service_requests().size(), 3U);
  std::vector<Id> gone{library()};
  for (const DWORD type : {NTMS_DRIVE, NTMS_STORAGESLOT, NTMS_IEPORT, NTMS_IEDOOR, NTMS_CHANGER}) {
    const auto ids = rsm().list(type, library());
    EXPECT_FALSE(ids.empty()) << type;
    gone.insert(gone.end(), ids.begin(), ids.end());
  }
  const auto before = last_change();
  ASSERT_EQ(delete_library(library()), ERROR_SUCCESS);
  const auto told = changes(before);
  for (const Id& id : gone) {
    EXPECT_FALSE(rsm().find(id)) << id.hex();
    EXPECT_EQ(std::count_if(told.begin(), told.end(),
                            [&](const Change& change) {
                              return change.object == id && change.operation == NTMS_OBJ_DELETE;
                            }),
              1);
  }
  for (unsigned i = 0; i < 8; ++i) expect_offline(medium(i));
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA, offline_library()).size(), 8U);
  EXPECT_EQ(rsm().state(held), NTMS_LM_CANCELLED);
  EXPECT_EQ(Id(rsm().request(held).Library), library()) << "requests keep what they were about";
  ASSERT_EQ(service_requests().size(), 1U) << "what is asked about a medium is still asked";
  EXPECT_TRUE(rsm().find(service_requests()[0].Arg1, NTMS_PHYSICAL_MEDIA));
  for (const DWORD type : {NTMS_DRIVE, NTMS_STORAGESLOT, NTMS_IEPORT, NTMS_IEDOOR, NTMS_CHANGER}) {
    EXPECT_TRUE(rsm().list(type).empty()) << type;
  }
  EXPECT_EQ(delete_library(library()), ERROR_INVALID_LIBRARY) << "once is enough";
}

TEST_F(DeleteLibrary, ComesBackAsANewOne) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(take_away());
  ASSERT_EQ(delete_library(library()), ERROR_SUCCESS);
  EXPECT_TRUE(robotic_libraries().empty());
  set_online(emulator(), true);
  ASSERT_TRUE(wait_until([&] {
    const auto found = robotic_libraries();
    return found.size() == 1 && library_ready(found[0]);
  })) << picture();
  EXPECT_FALSE(robotic_libraries()[0] == library());
  for (unsigned i = 0; i < 8; ++i) {
    EXPECT_EQ(Id(media_info(medium(i)).CurrentLibrary), robotic_libraries()[0]) << "the same media";
    EXPECT_FALSE(Id(media_info(medium(i)).Location).is_null());
  }
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
}

TEST_F(DeleteLibrary, NobodyAsksForOneThatNobodyNames) {
  LibraryShape other;
  other.bar_codes = {"OTHER1L8"};
  other.media = 1;
  ASSERT_NO_FATAL_FAILURE(create());
  EmulatorBackend& second = create_another(other);
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  set_devices({second.uri()});
  set_online(second, false);
  ASSERT_NO_FATAL_FAILURE(take_away());
  ASSERT_EQ(robotic_libraries().size(), 2U) << "known libraries are listed";
  ASSERT_EQ(delete_library(library()), ERROR_SUCCESS);
  const auto asked = [](EmulatorBackend& backend) { return backend.commands(0x12); };
  set_online(emulator(), true);
  // Both are asked for at the same intervals, if at all.
  const auto before = asked(emulator());
  for (int round = 0; round < 2; ++round) {
    const auto so_far = asked(second);
    ASSERT_TRUE(wait_until([&] { return asked(second) > so_far + 1; })) << "the named one is";
  }
  EXPECT_EQ(asked(emulator()), before);
  EXPECT_EQ(robotic_libraries().size(), 1U);
}

TEST_F(DeleteLibrary, WithoutMemory) {
  LibraryShape shape;
  shape.slots = 3;
  shape.media = 2;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  ASSERT_NO_FATAL_FAILURE(take_away());
  step_memory([&] { return delete_library(library()); },
              [&] {
                return rsm().find(library()) &&
                       rsm().list(NTMS_STORAGESLOT, library()).size() == 3 &&
                       rsm().list(NTMS_PHYSICAL_MEDIA, library()).size() == 2;
              });
  EXPECT_FALSE(rsm().find(library()));
}

TEST_F(DeleteLibrary, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(take_away());
  expect_disk_failures(
      database().string(), [&] { return delete_library(library()); },
      [&] {
        return rsm().find(library()) && rsm().list(NTMS_PHYSICAL_MEDIA, library()).size() == 8;
      });
}

TEST_F(DeleteDrive, BadHandles) {
  EXPECT_EQ(DeleteNtmsDrive(nullptr, stranger().get()), ERROR_INVALID_HANDLE);
  EXPECT_EQ(DeleteNtmsDrive(INVALID_HANDLE_VALUE, nullptr), ERROR_INVALID_HANDLE);
}

TEST_F(DeleteDrive, MissingPointer) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(DeleteNtmsDrive(session(), nullptr), ERROR_INVALID_PARAMETER);
}

TEST_F(DeleteDrive, UnknownDrives) {
  ASSERT_NO_FATAL_FAILURE(start());
  for (const Id& id : {stranger(), Id{}, medium(0), library(), Id(slot(0).ObjectGuid)}) {
    EXPECT_EQ(delete_drive(id), ERROR_INVALID_DRIVE);
  }
}

TEST_F(DeleteDrive, PresentDrive) {
  ASSERT_NO_FATAL_FAILURE(start());
  EXPECT_EQ(delete_drive(drive(0).ObjectGuid), ERROR_INVALID_STATE);
  EXPECT_EQ(elements(NTMS_DRIVE).size(), 2U);
}

TEST_F(DeleteDrive, OfNoLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id id = drive(1).ObjectGuid;
  sql("UPDATE drive SET library=randomblob(16), operational_state=21 WHERE guid=x'" + id.hex() +
      "'");
  EXPECT_EQ(delete_drive(id), ERROR_INVALID_LIBRARY);
  EXPECT_TRUE(rsm().find(id));
}

TEST_F(DeleteDrive, IsNotPresentWithoutItsDevice) {
  ASSERT_NO_FATAL_FAILURE(start_without_first_drive());
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_NOT_PRESENT});
  EXPECT_EQ(text(drive(0).Info.Drive.szDeviceName), "");
  EXPECT_EQ(drive(1).dwOperationalState, DWORD{NTMS_READY});
  EXPECT_EQ(library_info().dwOperationalState, DWORD{NTMS_READY});
  const Id id = drive(0).ObjectGuid;
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_EQ(ntms_emulator_clear_faults(emulator().handle()), NTMS_EMULATOR_OK);
  ASSERT_NO_FATAL_FAILURE(open());
  EXPECT_EQ(Id(drive(0).ObjectGuid), id) << "the bay keeps its drive";
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_READY});
  EXPECT_NE(text(drive(0).Info.Drive.szDeviceName), "");
}

TEST_F(DeleteDrive, OfALibraryThatIsThere) {
  ASSERT_NO_FATAL_FAILURE(start_without_first_drive());
  ASSERT_NO_FATAL_FAILURE(reopen_with(
      "INSERT INTO library_request(guid, created, modified, enabled, operational_state, name,"
      " description, operation, option, state, library, drive, medium, time_queued, time_completed,"
      " application, user, computer, error_code, reason, priority, held, stop, cancel, phase,"
      " source, target, deadline) SELECT randomblob(16), 1, 1, 1, 0, '', '', 10, 0, 0, library,"
      " location, guid, 1, 0, '', '', '', 0, '', 0, 1, 0, 0, 0, 0, 0, 0 FROM physical_medium WHERE"
      " bar_code='MED001L8'; UPDATE physical_medium SET media_state=1 WHERE bar_code='MED001L8'"));
  const Id held = unfinished_request_of(medium(0));
  ASSERT_FALSE(held.is_null());
  const Id id = drive(0).ObjectGuid;
  const Id other = drive(1).ObjectGuid;
  const auto before = last_change();
  ASSERT_EQ(delete_drive(id), ERROR_SUCCESS) << picture();
  const std::vector<Change> told{{NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, medium(0)},
                                 {NTMS_OBJ_UPDATE, NTMS_LIBREQUEST, held},
                                 {NTMS_EVENT_COMPLETE, NTMS_LIBREQUEST, held},
                                 {NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, medium(0)},
                                 {NTMS_OBJ_DELETE, NTMS_DRIVE, id}};
  EXPECT_EQ(changes(before), told) << describe(changes(before));
  EXPECT_EQ(rsm().list(NTMS_DRIVE), std::vector<Id>{other});
  EXPECT_EQ(rsm().state(held), NTMS_LM_CANCELLED);
  expect_offline(medium(0));
  EXPECT_EQ(Id(media_info(medium(1)).CurrentLibrary), library()) << "the others stay";
  EXPECT_EQ(delete_drive(id), ERROR_INVALID_DRIVE);

  // The robot still reports the bay and the cartridge in it: the next start sees both.
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_EQ(elements(NTMS_DRIVE).size(), 2U);
  EXPECT_FALSE(Id(drive(0).ObjectGuid) == id);
  EXPECT_EQ(drive(0).dwOperationalState, DWORD{NTMS_NOT_PRESENT});
  EXPECT_EQ(Id(media_info(medium(0)).Location), Id(drive(0).ObjectGuid));
}

// Its bay has another known drive now: the one that was there is not, and can go.
TEST_F(DeleteDrive, ThatLeftItsBay) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id gone = drive(0).ObjectGuid;
  const Id moved = drive(1).ObjectGuid;
  ASSERT_EQ(rsm().close(), ERROR_SUCCESS);
  sql("UPDATE drive SET serial=(SELECT d.serial FROM drive d WHERE d.guid=x'" + gone.hex() +
      "') WHERE guid=x'" + moved.hex() + "'; UPDATE drive SET serial='GONE' WHERE guid=x'" +
      gone.hex() + "'");
  rsm() = Rsm::open();
  ASSERT_TRUE(rsm().is_open());
  EXPECT_EQ(library_info().dwOperationalState, DWORD{NTMS_READY}) << picture();
  EXPECT_EQ(elements(NTMS_DRIVE).size(), 3U);
  EXPECT_EQ(rsm().get(moved).dwOperationalState, DWORD{NTMS_READY});
  EXPECT_EQ(rsm().get(moved).Info.Drive.Number, 1U) << "it follows its serial number";
  EXPECT_EQ(rsm().get(gone).dwOperationalState, DWORD{NTMS_NOT_PRESENT});
  EXPECT_EQ(delete_drive(gone), ERROR_SUCCESS);
  EXPECT_TRUE(agree_soon());
}

TEST_F(DeleteDrive, OfAnAbsentLibrary) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(take_away());
  EXPECT_EQ(delete_drive(drive(1).ObjectGuid), ERROR_SUCCESS);
  EXPECT_EQ(elements(NTMS_DRIVE).size(), 1U);
  EXPECT_TRUE(rsm().find(library()));
}

TEST_F(DeleteDrive, WithoutSlotsTheLibraryGoes) {
  ASSERT_NO_FATAL_FAILURE(start());
  ASSERT_NO_FATAL_FAILURE(take_away("DELETE FROM slot"));
  EXPECT_EQ(delete_drive(drive(1).ObjectGuid), ERROR_SUCCESS);
  EXPECT_FALSE(rsm().find(library()));
  EXPECT_TRUE(rsm().list(NTMS_DRIVE).empty());
  for (unsigned i = 0; i < 8; ++i) expect_offline(medium(i));
}

TEST_F(DeleteDrive, WithoutMemory) {
  ASSERT_NO_FATAL_FAILURE(start_without_first_drive());
  const Id id = drive(0).ObjectGuid;
  step_memory([&] { return delete_drive(id); },
              [&] { return rsm().find(id) && Id(media_info(medium(0)).Location) == id; });
  EXPECT_FALSE(rsm().find(id));
}

TEST_F(DeleteDrive, WithAFailingDisk) {
  ASSERT_NO_FATAL_FAILURE(start_without_first_drive());
  const Id id = drive(0).ObjectGuid;
  expect_disk_failures(
      database().string(), [&] { return delete_drive(id); },
      [&] { return rsm().find(id) && Id(media_info(medium(0)).Location) == id; });
}

}  // namespace
}  // namespace ntms::conformance
