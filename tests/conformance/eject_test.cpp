// SPDX-License-Identifier: MIT
// EjectNtmsMedia with START: one cartridge after the other through the port (contract:
// functions-library-control 1 and 0.3, 0.4).
#include <algorithm>

#include "conformance/library_fixture.h"

namespace ntms::conformance {
namespace {

class Eject : public RobotTest {};

TEST_P(Eject, TakenByTheOperator) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(2);
  const Id side = side_of(m);
  const auto before = media_info(m);
  const Id home = slot(2).ObjectGuid;
  ASSERT_EQ(before.MediaState, NTMS_MEDIASTATE_IDLE);
  const DWORD media_before = library_info().Info.Library.dwNumberOfMedia;

  Id operation = stranger();
  ASSERT_EQ(rsm().eject(m, NTMS_EJECT_START, &operation), ERROR_SUCCESS);
  EXPECT_FALSE(operation.is_null());
  EXPECT_FALSE(operation == stranger());
  EXPECT_EQ(media_info(m).MediaState, NTMS_MEDIASTATE_INUSE);
  auto request = rsm().request(operation);
  EXPECT_EQ(request.OperationCode, NTMS_LM_EJECT);
  EXPECT_EQ(request.OperationOption, 0U);
  EXPECT_EQ(Id(request.PhysMediaId), m);
  EXPECT_EQ(Id(request.Library), library());
  EXPECT_EQ(Id(request.SlotId), home);
  EXPECT_TRUE(Id(request.DriveId).is_null());
  EXPECT_TRUE(Id(request.PartitionId).is_null());
  EXPECT_TRUE(Id(request.WorkItemId).is_null());
  EXPECT_NE(request.TimeQueued.wYear, 0);
  EXPECT_EQ(text(request.szApplication), "conformance");

  ASSERT_TRUE(wait_for_extended(m));
  // In the port the cartridge is still the library's, and the record says where it is.
  const auto out = media_info(m);
  EXPECT_EQ(Id(out.CurrentLibrary), library());
  EXPECT_EQ(out.LocationType, NTMS_IEPORT);
  EXPECT_EQ(Id(out.HomeSlot), home);
  EXPECT_EQ(Id(out.MediaPool), Id(before.MediaPool));
  EXPECT_EQ(out.MediaState, NTMS_MEDIASTATE_INUSE);
  EXPECT_EQ(slot(2).Info.StorageSlot.State, NTMS_SLOTSTATE_EMPTY);
  const auto port_index = static_cast<unsigned>(port_of(m));
  EXPECT_EQ(port(port_index).Info.IEPort.Content, NTMS_PORTCONTENT_FULL);
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, media_before);
  EXPECT_EQ(rsm().request(operation).State, NTMS_LM_INPROCESS);
  EXPECT_EQ(rsm().request(operation).TimeCompleted.wYear, 0);
  EXPECT_TRUE(agree());

  take(m);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(port(port_index).Info.IEPort.Content, NTMS_PORTCONTENT_EMPTY);
  EXPECT_EQ(port(port_index).Info.IEPort.Position, NTMS_PORTPOSITION_RETRACTED);
  EXPECT_FALSE(rsm().find(m)) << "an import medium is deleted";
  EXPECT_FALSE(rsm().find(side));
  request = rsm().request(operation);
  EXPECT_EQ(request.dwErrorCode, ERROR_SUCCESS);
  EXPECT_NE(request.TimeCompleted.wYear, 0);
  EXPECT_EQ(Id(request.PhysMediaId), m) << "the request keeps what it was about";
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, media_before - 1);
  EXPECT_TRUE(agree());
  EXPECT_TRUE(service_requests().empty());
}

TEST_P(Eject, OneAfterTheOther) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id first = start_eject(medium(0));
  const Id second = start_eject(medium(1));
  EXPECT_FALSE(first == second);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  take(medium(0));
  ASSERT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
  ASSERT_TRUE(wait_for_extended(medium(1)));
  take(medium(1));
  ASSERT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_P(Eject, StoppedInThePortGoesHome) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id m = medium(3);
  const Id operation = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  Id handed_in = operation;
  const std::size_t requests = rsm().list(NTMS_LIBREQUEST).size();
  EXPECT_EQ(EjectNtmsMedia(session(), nullptr, handed_in.get(), NTMS_EJECT_STOP), ERROR_SUCCESS);
  EXPECT_EQ(handed_in, operation) << "not written";
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_STOPPED));
  EXPECT_EQ(rsm().list(NTMS_LIBREQUEST).size(), requests) << "a stop is no request";
  EXPECT_TRUE(is_in_slot(m, 3));
  const auto info = media_info(m);
  EXPECT_EQ(info.MediaState, NTMS_MEDIASTATE_IDLE);
  EXPECT_EQ(Id(info.HomeSlot), Id(slot(3).ObjectGuid));
  EXPECT_NE(rsm().request(operation).TimeCompleted.wYear, 0);
  ASSERT_TRUE(
      wait_until([&] { return port(0).Info.IEPort.Position == NTMS_PORTPOSITION_RETRACTED; }));
  EXPECT_TRUE(agree_soon());
  // And again: nothing was left behind.
  const Id again = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  take(m);
  EXPECT_TRUE(wait_for_state(again, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
}

TEST_P(Eject, EveryMediumOfTheLibrary) {
  LibraryShape shape;
  shape.media = 4;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  for (unsigned i = 0; i < shape.media; ++i) {
    const Id operation = start_eject(medium(i));
    ASSERT_TRUE(wait_for_extended(medium(i)));
    take(medium(i));
    ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  }
  EXPECT_EQ(library_info().Info.Library.dwNumberOfMedia, 0U);
  EXPECT_TRUE(agree());
}

NTMS_ON_BOTH_ROBOTS(Eject);

class EjectOrder : public LibraryTest {};

// The notifications of a plain eject, in the order the contract gives.
TEST_F(EjectOrder, OfNotifications) {
  LibraryShape shape;
  shape.ports = 1;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  const Id m = medium(0);
  const Id side = side_of(m);
  const Id home = slot(0).ObjectGuid;
  const Id the_port = port(0).ObjectGuid;
  const long long baseline = last_change();
  const Id operation = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  const std::vector<Change> until_extended{
      {NTMS_OBJ_INSERT, NTMS_LIBREQUEST, operation}, {NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, m},
      {NTMS_OBJ_UPDATE, NTMS_LIBREQUEST, operation}, {NTMS_OBJ_UPDATE, NTMS_STORAGESLOT, home},
      {NTMS_OBJ_UPDATE, NTMS_IEPORT, the_port},      {NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, m},
      {NTMS_OBJ_UPDATE, NTMS_IEPORT, the_port}};
  EXPECT_EQ(changes(baseline), until_extended) << describe(changes(baseline));
  const long long extended = last_change();

  take(m);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  std::vector<Change> rest = changes(extended);
  // Emptied and retracted: one change of the port, or one for each.
  const auto port_changes = std::find_if(rest.begin(), rest.end(), [&](const Change& change) {
    return !(change == Change{NTMS_OBJ_UPDATE, NTMS_IEPORT, the_port});
  });
  EXPECT_GE(port_changes - rest.begin(), 1) << describe(rest);
  EXPECT_LE(port_changes - rest.begin(), 2) << describe(rest);
  rest.erase(rest.begin(), port_changes);
  const std::vector<Change> ending{{NTMS_OBJ_DELETE, NTMS_PARTITION, side},
                                   {NTMS_OBJ_DELETE, NTMS_PHYSICAL_MEDIA, m},
                                   {NTMS_OBJ_UPDATE, NTMS_LIBREQUEST, operation},
                                   {NTMS_EVENT_COMPLETE, NTMS_LIBREQUEST, operation}};
  EXPECT_EQ(rest, ending) << describe(rest);
}

TEST_F(EjectOrder, OfNotificationsOfAMediumThatGoesOffline) {
  LibraryShape shape;
  shape.ports = 1;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  ASSERT_NO_FATAL_FAILURE(reopen_with("UPDATE computer SET media_pool_policy=2"));
  const Id m = medium(0);
  const Id the_port = port(0).ObjectGuid;
  const Id operation = start_eject(m);
  ASSERT_TRUE(wait_for_extended(m));
  const long long extended = last_change();
  take(m);
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  std::vector<Change> rest = changes(extended);
  rest.erase(std::remove(rest.begin(), rest.end(), Change{NTMS_OBJ_UPDATE, NTMS_IEPORT, the_port}),
             rest.end());
  const std::vector<Change> ending{{NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, m},
                                   {NTMS_OBJ_UPDATE, NTMS_LIBREQUEST, operation},
                                   {NTMS_EVENT_COMPLETE, NTMS_LIBREQUEST, operation}};
  EXPECT_EQ(rest, ending) << describe(rest);
}

class EjectPort : public LibraryTest {};

// A port with a motor: the operator reaches the cartridge only because the port was extended.
TEST_F(EjectPort, ExtendedByMotor) {
  LibraryShape shape;
  shape.port_kind = NTMS_EMULATOR_PORT_MOTORIZED;
  shape.ports = 1;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  std::uint32_t extended = 0;
  ASSERT_EQ(ntms_emulator_port_extended(emulator().handle(), 0, &extended), NTMS_EMULATOR_OK);
  EXPECT_EQ(extended, 1U);
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(wait_until([&] {
    std::uint32_t still = 1;
    ntms_emulator_port_extended(emulator().handle(), 0, &still);
    return still == 0;
  }));
  EXPECT_TRUE(agree_soon());
}

TEST_F(EjectPort, UnlockedOnlyWhileTheOperatorIsWanted) {
  ASSERT_NO_FATAL_FAILURE(start());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_FALSE(emulator().locked());
  take(medium(0));
  ASSERT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(emulator().locked());
}

// A port that somebody filled: the other element is used.
TEST_F(EjectPort, OneElementOccupied) {
  ASSERT_NO_FATAL_FAILURE(create());
  emulator().put(0, "STRANGER");
  ASSERT_NO_FATAL_FAILURE(open());
  const Id operation = start_eject(medium(0));
  ASSERT_TRUE(wait_for_extended(medium(0)));
  EXPECT_EQ(port_of(medium(0)), 1);
  EXPECT_TRUE(agree());
  take(medium(0));
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_TRUE(agree());
  EXPECT_TRUE(medium_with("STRANGER").is_null()) << "a guest in the port is no medium";
}

TEST_F(EjectPort, WithoutBarCodes) {
  LibraryShape shape;
  shape.bar_code_reader = false;
  ASSERT_NO_FATAL_FAILURE(start(shape));
  const auto media = rsm().list(NTMS_PHYSICAL_MEDIA, library());
  ASSERT_EQ(media.size(), shape.media);
  const Id operation = start_eject(media[4]);
  ASSERT_TRUE(wait_for_extended(media[4]));
  take(media[4]);
  EXPECT_TRUE(wait_for_state(operation, NTMS_LM_PASSED));
  EXPECT_EQ(rsm().list(NTMS_PHYSICAL_MEDIA, library()).size(), shape.media - 1);
}

TEST_F(EjectPort, TwoLibrariesWorkAtTheSameTime) {
  LibraryShape shape;
  ASSERT_NO_FATAL_FAILURE(create(shape));
  shape.bar_codes = {"OTHER1L8", "OTHER2L8"};
  shape.media = 2;
  EmulatorBackend& other = create_another(shape);
  ASSERT_NO_FATAL_FAILURE(open());
  const Id there = medium_with("OTHER1L8");
  const Id first = start_eject(medium(0));
  const Id second = start_eject(there);
  ASSERT_TRUE(wait_for_extended(medium(0)));
  ASSERT_TRUE(wait_for_extended(there)) << "not behind the other library's";
  other.take(static_cast<unsigned>(port_of(there)));
  EXPECT_TRUE(wait_for_state(second, NTMS_LM_PASSED));
  take(medium(0));
  EXPECT_TRUE(wait_for_state(first, NTMS_LM_PASSED));
}

}  // namespace
}  // namespace ntms::conformance
