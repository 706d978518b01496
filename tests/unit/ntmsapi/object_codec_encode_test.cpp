// SPDX-License-Identifier: MIT
// Every member of every layout (functions-objects 1, structs.tsv).
#include "unit/ntmsapi/object_codec_fixture.h"

namespace ntms::abi::test {
namespace {

template <class Charset>
class ObjectCodecEncode : public ObjectCodecTest<Charset> {};
TYPED_TEST_SUITE(ObjectCodecEncode, Charsets);

TYPED_TEST(ObjectCodecEncode, MembersOfEveryObject) {
  for (const Sizes& sizes : kSmallest) {
    const auto out = this->template seen<typename TypeParam::Current>(view_of(sizes.type));
    EXPECT_EQ(out.Created.wYear, 2023);
    EXPECT_EQ(out.Created.wMonth, 11);
    EXPECT_EQ(out.Created.wDay, 14);
    EXPECT_EQ(out.Created.wDayOfWeek, 2);
    EXPECT_EQ(out.Created.wHour, 22);
    EXPECT_EQ(out.Created.wMinute, 13);
    EXPECT_EQ(out.Created.wSecond, 20);
    EXPECT_EQ(out.Created.wMilliseconds, 123);
    EXPECT_EQ(out.Modified.wYear, 0);  // never
    EXPECT_EQ(out.Modified.wDay, 0);
    EXPECT_EQ(guid_of(out.ObjectGuid), id(1));
    EXPECT_EQ(out.Enabled, FALSE);
    EXPECT_EQ(out.dwOperationalState, DWORD{NTMS_NEEDS_SERVICE});
    EXPECT_EQ(text(out.szName), "name");
    EXPECT_EQ(text(out.szDescription), "description");
  }
}

TYPED_TEST(ObjectCodecEncode, TextsAreCutToFitAndTerminated) {
  auto view = view_of(NTMS_STORAGESLOT);
  auto& slot = std::get<model::Slot>(view.object);
  slot.name = std::string(100, 'n');
  slot.description = std::string(500, 'd');
  const auto out = this->template seen<typename TypeParam::Current>(view);
  EXPECT_EQ(text(out.szName), std::string(63, 'n'));
  EXPECT_EQ(text(out.szDescription), std::string(126, 'd'));
}

TYPED_TEST(ObjectCodecEncode, Changer) {
  auto view = view_of(NTMS_CHANGER);
  auto& changer = std::get<model::Changer>(view.object);
  changer.number = 3;
  changer.changer_type = id(2);
  changer.serial = "serial";
  changer.revision = "rev";
  changer.device_name = "/dev/sg1";
  changer.library = id(4);
  const auto info = this->template seen<typename TypeParam::First>(view).Info.Changer;
  EXPECT_EQ(info.Number, 3u);
  EXPECT_EQ(guid_of(info.ChangerType), id(2));
  EXPECT_EQ(text(info.szSerialNumber), "serial");
  EXPECT_EQ(text(info.szRevision), "rev");
  EXPECT_EQ(text(info.szDeviceName), "/dev/sg1");
  EXPECT_EQ(info.ScsiPort + info.ScsiBus + info.ScsiTarget + info.ScsiLun, 0);
  EXPECT_EQ(guid_of(info.Library), id(4));
}

TYPED_TEST(ObjectCodecEncode, DeviceTypesAndMediaTypes) {
  auto view = view_of(NTMS_CHANGER_TYPE);
  auto& changer_type = std::get<model::ChangerType>(view.object);
  changer_type.vendor = "vendor";
  changer_type.product = "product";
  changer_type.device_type = FILE_DEVICE_CHANGER;
  const auto changer = this->template seen<typename TypeParam::Current>(view).Info.ChangerType;
  EXPECT_EQ(text(changer.szVendor), "vendor");
  EXPECT_EQ(text(changer.szProduct), "product");
  EXPECT_EQ(changer.DeviceType, DWORD{FILE_DEVICE_CHANGER});

  view = view_of(NTMS_DRIVE_TYPE);
  auto& drive_type = std::get<model::DriveType>(view.object);
  drive_type.vendor = "vendor";
  drive_type.product = "product";
  drive_type.device_type = FILE_DEVICE_TAPE;
  const auto drive = this->template seen<typename TypeParam::Current>(view).Info.DriveType;
  EXPECT_EQ(text(drive.szVendor), "vendor");
  EXPECT_EQ(text(drive.szProduct), "product");
  EXPECT_EQ(drive.NumberOfHeads, 0u);
  EXPECT_EQ(drive.DeviceType, DWORD{FILE_DEVICE_TAPE});

  view = view_of(NTMS_MEDIA_TYPE);
  auto& media_type = std::get<model::MediaType>(view.object);
  media_type.code = 86;
  media_type.sides = 2;
  media_type.read_write = NTMS_MEDIARW_WRITEONCE;
  media_type.device_type = FILE_DEVICE_TAPE;
  const auto medium = this->template seen<typename TypeParam::Current>(view).Info.MediaType;
  EXPECT_EQ(medium.MediaType, 86u);
  EXPECT_EQ(medium.NumberOfSides, 2u);
  EXPECT_EQ(medium.ReadWriteCharacteristics, DWORD{NTMS_MEDIARW_WRITEONCE});
  EXPECT_EQ(medium.DeviceType, DWORD{FILE_DEVICE_TAPE});
}

TYPED_TEST(ObjectCodecEncode, Drive) {
  auto view = view_of(NTMS_DRIVE);
  auto& drive = std::get<model::Drive>(view.object);
  drive.number = 2;
  drive.state = NTMS_DRIVESTATE_LOADED;
  drive.drive_type = id(2);
  drive.device_name = "/dev/nst0";
  drive.serial = "s";
  drive.revision = "r";
  drive.mount_count = 5;
  drive.last_cleaned = 1'700'000'000'000'000;
  drive.saved_side = id(3);
  drive.library = id(4);
  drive.defer_dismount_delay = 60;
  const auto info = this->template seen<typename TypeParam::Current>(view).Info.Drive;
  EXPECT_EQ(info.Number, 2u);
  EXPECT_EQ(info.State, DWORD{NTMS_DRIVESTATE_LOADED});
  EXPECT_EQ(guid_of(info.DriveType), id(2));
  EXPECT_EQ(text(info.szDeviceName), "/dev/nst0");
  EXPECT_EQ(text(info.szSerialNumber), "s");
  EXPECT_EQ(text(info.szRevision), "r");
  EXPECT_EQ(info.ScsiPort + info.ScsiBus + info.ScsiTarget + info.ScsiLun, 0);
  EXPECT_EQ(info.dwMountCount, 5u);
  EXPECT_EQ(info.LastCleanedTs.wYear, 2023);
  EXPECT_EQ(guid_of(info.SavedPartitionId), id(3));
  EXPECT_EQ(guid_of(info.Library), id(4));
  EXPECT_TRUE(guid_of(info.Reserved).is_null());
  EXPECT_EQ(info.dwDeferDismountDelay, 60u);
}

TYPED_TEST(ObjectCodecEncode, DoorPortAndSlot) {
  auto view = view_of(NTMS_IEDOOR);
  auto& door = std::get<model::Door>(view.object);
  door.number = 1;
  door.state = NTMS_DOORSTATE_OPEN;
  door.max_open_secs = 65535;
  door.library = id(2);
  const auto door_info = this->template seen<typename TypeParam::Current>(view).Info.IEDoor;
  EXPECT_EQ(door_info.Number, 1u);
  EXPECT_EQ(door_info.State, DWORD{NTMS_DOORSTATE_OPEN});
  EXPECT_EQ(door_info.MaxOpenSecs, 65535u);
  EXPECT_EQ(guid_of(door_info.Library), id(2));

  view = view_of(NTMS_IEPORT);
  auto& port = std::get<model::Port>(view.object);
  port.number = 1;
  port.content = NTMS_PORTCONTENT_FULL;
  port.position = NTMS_PORTPOSITION_RETRACTED;
  port.max_extend_secs = 300;
  port.library = id(2);
  const auto port_info = this->template seen<typename TypeParam::Current>(view).Info.IEPort;
  EXPECT_EQ(port_info.Number, 1u);
  EXPECT_EQ(port_info.Content, DWORD{NTMS_PORTCONTENT_FULL});
  EXPECT_EQ(port_info.Position, DWORD{NTMS_PORTPOSITION_RETRACTED});
  EXPECT_EQ(port_info.MaxExtendSecs, 300u);
  EXPECT_EQ(guid_of(port_info.Library), id(2));

  view = view_of(NTMS_STORAGESLOT);
  auto& slot = std::get<model::Slot>(view.object);
  slot.number = 9;
  slot.state = NTMS_SLOTSTATE_FULL;
  slot.library = id(2);
  const auto slot_info = this->template seen<typename TypeParam::Current>(view).Info.StorageSlot;
  EXPECT_EQ(slot_info.Number, 9u);
  EXPECT_EQ(slot_info.State, DWORD{NTMS_SLOTSTATE_FULL});
  EXPECT_EQ(guid_of(slot_info.Library), id(2));
}

template <class M>
void expect_library(const M& info) {
  EXPECT_EQ(info.LibraryType, DWORD{NTMS_LIBRARYTYPE_ONLINE});
  EXPECT_EQ(guid_of(info.CleanerSlot), id(2));
  EXPECT_EQ(guid_of(info.CleanerSlotDefault), id(3));
  EXPECT_EQ(info.LibrarySupportsDriveCleaning, TRUE);
  EXPECT_EQ(info.BarCodeReaderInstalled, TRUE);
  EXPECT_EQ(info.InventoryMethod, DWORD{NTMS_INVENTORY_OMID});
  EXPECT_EQ(info.dwCleanerUsesRemaining, 4u);
  EXPECT_EQ(info.FirstDriveNumber, 11u);
  EXPECT_EQ(info.dwNumberOfDrives, 21u);
  EXPECT_EQ(info.FirstSlotNumber, 12u);
  EXPECT_EQ(info.dwNumberOfSlots, 22u);
  EXPECT_EQ(info.FirstDoorNumber, 13u);
  EXPECT_EQ(info.dwNumberOfDoors, 23u);
  EXPECT_EQ(info.FirstPortNumber, 14u);
  EXPECT_EQ(info.dwNumberOfPorts, 24u);
  EXPECT_EQ(info.FirstChangerNumber, 15u);
  EXPECT_EQ(info.dwNumberOfChangers, 25u);
  EXPECT_EQ(info.dwNumberOfMedia, 26u);
  EXPECT_EQ(info.dwNumberOfMediaTypes, 27u);
  EXPECT_EQ(info.dwNumberOfLibRequests, 28u);
  EXPECT_TRUE(guid_of(info.Reserved).is_null());
}

TYPED_TEST(ObjectCodecEncode, Library) {
  auto view = view_of(NTMS_LIBRARY);
  auto& library = std::get<model::Library>(view.object);
  library.type = NTMS_LIBRARYTYPE_ONLINE;
  library.cleaner_slot = id(2);
  library.cleaner_slot_default = id(3);
  library.supports_cleaning = library.bar_code_reader = true;
  library.inventory_method = NTMS_INVENTORY_OMID;
  library.cleaner_uses = 4;
  library.first_drive_number = 11;
  library.first_slot_number = 12;
  library.first_door_number = 13;
  library.first_port_number = 14;
  library.first_changer_number = 15;
  library.auto_recovery = true;
  library.flags = 0x14;
  server::Counters& counters = view.counters;
  counters.drives = 21;
  counters.slots = 22;
  counters.doors = 23;
  counters.ports = 24;
  counters.changers = 25;
  counters.physical_media = 26;
  counters.media_types = 27;
  counters.library_requests = 28;
  const auto info = this->template seen<typename TypeParam::Current>(view).Info.Library;
  expect_library(info);
  EXPECT_EQ(info.AutoRecovery, TRUE);
  EXPECT_EQ(info.dwFlags, 0x14u);
  expect_library(this->template seen<typename TypeParam::First>(view).Info.Library);
}

template <class M>
void expect_request(const M& info) {
  EXPECT_EQ(info.OperationCode, DWORD{NTMS_LM_EJECT});
  EXPECT_EQ(info.OperationOption, 2u);
  EXPECT_EQ(info.State, DWORD{NTMS_LM_FAILED});
  EXPECT_EQ(guid_of(info.PartitionId), id(2));
  EXPECT_EQ(guid_of(info.DriveId), id(3));
  EXPECT_EQ(guid_of(info.PhysMediaId), id(4));
  EXPECT_EQ(guid_of(info.Library), id(5));
  EXPECT_EQ(guid_of(info.SlotId), id(6));
  EXPECT_EQ(info.TimeQueued.wYear, 2023);
  EXPECT_EQ(info.TimeCompleted.wYear, 0);
  EXPECT_EQ(text(info.szApplication), "application");
  EXPECT_EQ(text(info.szUser), "user");
  EXPECT_EQ(text(info.szComputer), "computer");
}

TYPED_TEST(ObjectCodecEncode, LibraryRequest) {
  auto view = view_of(NTMS_LIBREQUEST);
  auto& request = std::get<model::LibraryRequest>(view.object);
  request.operation = NTMS_LM_EJECT;
  request.option = 2;
  request.state = NTMS_LM_FAILED;
  request.side = id(2);
  request.drive = id(3);
  request.medium = id(4);
  request.library = id(5);
  request.slot = id(6);
  request.time_queued = 1'700'000'000'000'000;
  request.application = "application";
  request.user = "user";
  request.computer = "computer";
  request.error_code = 4319;
  request.work_item = id(7);
  request.priority = 8;
  const auto info = this->template seen<typename TypeParam::Current>(view).Info.LibRequest;
  expect_request(info);
  EXPECT_EQ(info.dwErrorCode, 4319u);
  EXPECT_EQ(guid_of(info.WorkItemId), id(7));
  EXPECT_EQ(info.dwPriority, 8u);
  expect_request(this->template seen<typename TypeParam::First>(view).Info.LibRequest);
}

TYPED_TEST(ObjectCodecEncode, PoolAndLogicalMedium) {
  auto view = view_of(NTMS_MEDIA_POOL);
  auto& pool = std::get<model::MediaPool>(view.object);
  pool.type = NTMS_POOLTYPE_APPLICATION;
  pool.media_type = id(2);
  pool.parent = id(3);
  pool.allocation_policy = 1;
  pool.deallocation_policy = 1;
  pool.max_allocates = 4;
  view.counters.physical_media = 5;
  view.counters.logical_media = 6;
  view.counters.media_pools = 7;
  const auto info = this->template seen<typename TypeParam::Current>(view).Info.MediaPool;
  EXPECT_EQ(info.PoolType, DWORD{NTMS_POOLTYPE_APPLICATION});
  EXPECT_EQ(guid_of(info.MediaType), id(2));
  EXPECT_EQ(guid_of(info.Parent), id(3));
  EXPECT_EQ(info.AllocationPolicy, 1u);
  EXPECT_EQ(info.DeallocationPolicy, 1u);
  EXPECT_EQ(info.dwMaxAllocates, 4u);
  EXPECT_EQ(info.dwNumberOfPhysicalMedia, 5u);
  EXPECT_EQ(info.dwNumberOfLogicalMedia, 6u);
  EXPECT_EQ(info.dwNumberOfMediaPools, 7u);

  view = view_of(NTMS_LOGICAL_MEDIA);
  std::get<model::LogicalMedium>(view.object).pool = id(2);
  view.counters.sides = 2;
  const auto logical = this->template seen<typename TypeParam::Current>(view).Info.LogicalMedia;
  EXPECT_EQ(guid_of(logical.MediaPool), id(2));
  EXPECT_EQ(logical.dwNumberOfPartitions, 2u);
}

template <class M>
void expect_side(const M& info) {
  EXPECT_EQ(guid_of(info.PhysicalMedia), id(2));
  EXPECT_EQ(guid_of(info.LogicalMedia), id(3));
  EXPECT_EQ(info.State, DWORD{NTMS_PARTSTATE_ALLOCATED});
  EXPECT_EQ(info.Side, 1);
  EXPECT_EQ(info.dwOmidLabelIdLength, 3u);
  EXPECT_EQ(info.OmidLabelId[0], 0);
  EXPECT_EQ(info.OmidLabelId[2], 9);
  EXPECT_EQ(info.OmidLabelId[3], 0);
  EXPECT_EQ(text(info.szOmidLabelType), "type");
  EXPECT_EQ(text(info.szOmidLabelInfo), "info");
  EXPECT_EQ(info.dwMountCount, 4u);
  EXPECT_EQ(info.dwAllocateCount, 5u);
}

TYPED_TEST(ObjectCodecEncode, Side) {
  auto view = view_of(NTMS_PARTITION);
  auto& side = std::get<model::Side>(view.object);
  side.medium = id(2);
  side.logical_medium = id(3);
  side.state = NTMS_PARTSTATE_ALLOCATED;
  side.side = 1;
  side.omid_id = {0, 8, 9};
  side.omid_type = "type";
  side.omid_info = "info";
  side.mount_count = 4;
  side.allocate_count = 5;
  side.capacity = 6'000'000'000'000;
  const auto info = this->template seen<typename TypeParam::Current>(view).Info.Partition;
  expect_side(info);
  EXPECT_EQ(info.Capacity.QuadPart, 6'000'000'000'000);
  expect_side(this->template seen<typename TypeParam::First>(view).Info.Partition);

  side.omid_id.assign(300, 7);
  const auto full = this->template seen<typename TypeParam::Current>(view).Info.Partition;
  EXPECT_EQ(full.dwOmidLabelIdLength, 255u);
  EXPECT_EQ(full.OmidLabelId[254], 7);
}

template <class M>
void expect_medium(const M& info) {
  EXPECT_EQ(guid_of(info.CurrentLibrary), id(2));
  EXPECT_EQ(guid_of(info.MediaPool), id(3));
  EXPECT_EQ(guid_of(info.Location), id(4));
  EXPECT_EQ(info.LocationType, DWORD{NTMS_DRIVE});
  EXPECT_EQ(guid_of(info.MediaType), id(5));
  EXPECT_EQ(guid_of(info.HomeSlot), id(6));
  EXPECT_EQ(text(info.szBarCode), "CODE");
  EXPECT_EQ(info.BarCodeState, DWORD{NTMS_BARCODESTATE_OK});
  EXPECT_EQ(text(info.szSequenceNumber), "17");
  EXPECT_EQ(info.MediaState, DWORD{NTMS_MEDIASTATE_LOADED});
  EXPECT_EQ(info.dwNumberOfPartitions, 2u);
}

TYPED_TEST(ObjectCodecEncode, PhysicalMedium) {
  auto view = view_of(NTMS_PHYSICAL_MEDIA);
  auto& medium = std::get<model::PhysicalMedium>(view.object);
  medium.library = id(2);
  medium.pool = id(3);
  medium.location = id(4);
  medium.location_type = NTMS_DRIVE;
  medium.media_type = id(5);
  medium.home_slot = id(6);
  medium.bar_code = "CODE";
  medium.bar_code_state = NTMS_BARCODESTATE_OK;
  medium.sequence_number = "17";
  medium.media_state = NTMS_MEDIASTATE_LOADED;
  medium.media_type_code = 0x28;
  medium.density_code = 0x46;
  medium.mounted_side = id(7);
  view.counters.sides = 2;
  const auto info = this->template seen<typename TypeParam::Current>(view).Info.PhysicalMedia;
  expect_medium(info);
  EXPECT_EQ(info.dwMediaTypeCode, 0x28u);
  EXPECT_EQ(info.dwDensityCode, 0x46u);
  EXPECT_EQ(guid_of(info.MountedPartition), id(7));
  expect_medium(this->template seen<typename TypeParam::First>(view).Info.PhysicalMedia);
}

template <class M>
void expect_operator_request(const M& info, std::size_t message_length) {
  EXPECT_EQ(info.Request, DWORD{NTMS_OPREQ_MESSAGE});
  EXPECT_EQ(info.Submitted.wYear, 2023);
  EXPECT_EQ(info.State, DWORD{NTMS_OPSTATE_ACTIVE});
  EXPECT_EQ(text(info.szMessage), std::string(message_length, 'm'));
  EXPECT_EQ(info.Arg1Type, DWORD{NTMS_DRIVE});
  EXPECT_EQ(guid_of(info.Arg1), id(2));
  EXPECT_EQ(info.Arg2Type, DWORD{NTMS_LIBRARY});
  EXPECT_EQ(guid_of(info.Arg2), id(3));
  EXPECT_EQ(text(info.szApplication), "application");
  EXPECT_EQ(text(info.szUser), "user");
  EXPECT_EQ(text(info.szComputer), "computer");
}

TYPED_TEST(ObjectCodecEncode, OperatorRequest) {
  auto view = view_of(NTMS_OPREQUEST);
  auto& request = std::get<model::OperatorRequest>(view.object);
  request.request = NTMS_OPREQ_MESSAGE;
  request.submitted = 1'700'000'000'000'000;
  request.state = NTMS_OPSTATE_ACTIVE;
  request.message = std::string(300, 'm');
  request.arg1_type = NTMS_DRIVE;
  request.arg1 = id(2);
  request.arg2_type = NTMS_LIBRARY;
  request.arg2 = id(3);
  request.application = "application";
  request.user = "user";
  request.computer = "computer";
  expect_operator_request(this->template seen<typename TypeParam::Current>(view).Info.OpRequest,
                          255);
  expect_operator_request(this->template seen<typename TypeParam::First>(view).Info.OpRequest, 126);
}

}  // namespace
}  // namespace ntms::abi::test
