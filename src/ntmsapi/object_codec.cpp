// SPDX-License-Identifier: MIT
// Sizes, and objects to structures. Structures to changes: object_codec_decode.cpp.
#include "object_codec.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "object_codec_layout.h"
#include "platform/system.h"
#include "platform/text.h"
#include "server/object_types.h"

namespace ntms::abi {
namespace {

template <std::size_t N>
void put(const std::string& text, CHAR (&out)[N]) {
  platform::copy_ansi(text, out, N);
}

template <std::size_t N>
void put(const std::string& text, WCHAR (&out)[N]) {
  static_assert(sizeof(WCHAR) == sizeof(char16_t));
  platform::copy_utf16(text, reinterpret_cast<char16_t*>(out), N);
}

void put(const Guid& id, GUID& out) {
  std::memcpy(&out, id.bytes.data(), sizeof out);
}

void put(model::Time time, SYSTEMTIME& out) {
  out = {};
  if (time == 0) return;  // never
  const platform::UtcTime utc = platform::to_utc_time(time);
  out.wYear = utc.year;
  out.wMonth = utc.month;
  out.wDayOfWeek = utc.day_of_week;
  out.wDay = utc.day;
  out.wHour = utc.hour;
  out.wMinute = utc.minute;
  out.wSecond = utc.second;
  out.wMilliseconds = utc.millisecond;
}

BOOL to_bool(bool value) {
  return value ? TRUE : FALSE;
}

using server::Counters;

// fill(): one model object into its member of Info, which is all zero before: members that stay
// zero (Reserved, SCSI numbers that are not known, NumberOfHeads) are not mentioned.
template <class M>
void fill(M& out, const model::Changer& changer, const Counters&) {
  out.Number = changer.number;
  put(changer.changer_type, out.ChangerType);
  put(changer.serial, out.szSerialNumber);
  put(changer.revision, out.szRevision);
  put(changer.device_name, out.szDeviceName);
  put(changer.library, out.Library);
}

template <class M>
void fill(M& out, const model::ChangerType& type, const Counters&) {
  put(type.vendor, out.szVendor);
  put(type.product, out.szProduct);
  out.DeviceType = type.device_type;
}

template <class M>
void fill(M& out, const model::Computer& computer, const Counters&) {
  out.dwLibRequestPurgeTime = computer.lib_request_purge_time;
  out.dwOpRequestPurgeTime = computer.op_request_purge_time;
  out.dwLibRequestFlags = computer.lib_request_flags;
  out.dwOpRequestFlags = computer.op_request_flags;
  out.dwMediaPoolPolicy = computer.media_pool_policy;
}

template <class M>
void fill(M& out, const model::Drive& drive, const Counters&) {
  out.Number = drive.number;
  out.State = drive.state;
  put(drive.drive_type, out.DriveType);
  put(drive.device_name, out.szDeviceName);
  put(drive.serial, out.szSerialNumber);
  put(drive.revision, out.szRevision);
  out.dwMountCount = drive.mount_count;
  put(drive.last_cleaned, out.LastCleanedTs);
  put(drive.saved_side, out.SavedPartitionId);
  put(drive.library, out.Library);
  out.dwDeferDismountDelay = drive.defer_dismount_delay;
}

template <class M>
void fill(M& out, const model::DriveType& type, const Counters&) {
  put(type.vendor, out.szVendor);
  put(type.product, out.szProduct);
  out.DeviceType = type.device_type;
}

template <class M>
void fill(M& out, const model::Door& door, const Counters&) {
  out.Number = door.number;
  out.State = door.state;
  out.MaxOpenSecs = static_cast<WORD>(door.max_open_secs);
  put(door.library, out.Library);
}

template <class M>
void fill(M& out, const model::Port& port, const Counters&) {
  out.Number = port.number;
  out.Content = port.content;
  out.Position = port.position;
  out.MaxExtendSecs = static_cast<WORD>(port.max_extend_secs);
  put(port.library, out.Library);
}

template <class M>
void fill(M& out, const model::Library& library, const Counters& counters) {
  out.LibraryType = library.type;
  put(library.cleaner_slot, out.CleanerSlot);
  put(library.cleaner_slot_default, out.CleanerSlotDefault);
  out.LibrarySupportsDriveCleaning = to_bool(library.supports_cleaning);
  out.BarCodeReaderInstalled = to_bool(library.bar_code_reader);
  out.InventoryMethod = library.inventory_method;
  out.dwCleanerUsesRemaining = library.cleaner_uses;
  out.FirstDriveNumber = library.first_drive_number;
  out.dwNumberOfDrives = counters.drives;
  out.FirstSlotNumber = library.first_slot_number;
  out.dwNumberOfSlots = counters.slots;
  out.FirstDoorNumber = library.first_door_number;
  out.dwNumberOfDoors = counters.doors;
  out.FirstPortNumber = library.first_port_number;
  out.dwNumberOfPorts = counters.ports;
  out.FirstChangerNumber = library.first_changer_number;
  out.dwNumberOfChangers = counters.changers;
  out.dwNumberOfMedia = counters.physical_media;
  out.dwNumberOfMediaTypes = counters.media_types;
  out.dwNumberOfLibRequests = counters.library_requests;
  if constexpr (requires { out.AutoRecovery; }) {
    out.AutoRecovery = to_bool(library.auto_recovery);
    out.dwFlags = library.flags;
  }
}

template <class M>
void fill(M& out, const model::LibraryRequest& request, const Counters&) {
  out.OperationCode = request.operation;
  out.OperationOption = request.option;
  out.State = request.state;
  put(request.side, out.PartitionId);
  put(request.drive, out.DriveId);
  put(request.medium, out.PhysMediaId);
  put(request.library, out.Library);
  put(request.slot, out.SlotId);
  put(request.time_queued, out.TimeQueued);
  put(request.time_completed, out.TimeCompleted);
  put(request.application, out.szApplication);
  put(request.user, out.szUser);
  put(request.computer, out.szComputer);
  if constexpr (requires { out.dwErrorCode; }) {
    out.dwErrorCode = request.error_code;
    put(request.work_item, out.WorkItemId);
    out.dwPriority = request.priority;
  }
}

template <class M>
void fill(M& out, const model::LogicalMedium& medium, const Counters& counters) {
  put(medium.pool, out.MediaPool);
  out.dwNumberOfPartitions = counters.sides;
}

template <class M>
void fill(M& out, const model::MediaPool& pool, const Counters& counters) {
  out.PoolType = pool.type;
  put(pool.media_type, out.MediaType);
  put(pool.parent, out.Parent);
  out.AllocationPolicy = pool.allocation_policy;
  out.DeallocationPolicy = pool.deallocation_policy;
  out.dwMaxAllocates = pool.max_allocates;
  out.dwNumberOfPhysicalMedia = counters.physical_media;
  out.dwNumberOfLogicalMedia = counters.logical_media;
  out.dwNumberOfMediaPools = counters.media_pools;
}

template <class M>
void fill(M& out, const model::MediaType& type, const Counters&) {
  out.MediaType = type.code;
  out.NumberOfSides = type.sides;
  out.ReadWriteCharacteristics = type.read_write;
  out.DeviceType = type.device_type;
}

template <class M>
void fill(M& out, const model::Side& side, const Counters&) {
  put(side.medium, out.PhysicalMedia);
  put(side.logical_medium, out.LogicalMedia);
  out.State = side.state;
  out.Side = static_cast<WORD>(side.side);
  const std::size_t length = std::min(side.omid_id.size(), std::size(out.OmidLabelId));
  out.dwOmidLabelIdLength = static_cast<DWORD>(length);
  std::copy_n(side.omid_id.begin(), length, out.OmidLabelId);
  put(side.omid_type, out.szOmidLabelType);
  put(side.omid_info, out.szOmidLabelInfo);
  out.dwMountCount = side.mount_count;
  out.dwAllocateCount = side.allocate_count;
  if constexpr (requires { out.Capacity; }) out.Capacity.QuadPart = side.capacity;
}

template <class M>
void fill(M& out, const model::PhysicalMedium& medium, const Counters& counters) {
  put(medium.library, out.CurrentLibrary);
  put(medium.pool, out.MediaPool);
  put(medium.location, out.Location);
  out.LocationType = medium.location_type;
  put(medium.media_type, out.MediaType);
  put(medium.home_slot, out.HomeSlot);
  put(medium.bar_code, out.szBarCode);
  out.BarCodeState = medium.bar_code_state;
  put(medium.sequence_number, out.szSequenceNumber);
  out.MediaState = medium.media_state;
  out.dwNumberOfPartitions = counters.sides;
  if constexpr (requires { out.dwMediaTypeCode; }) {
    out.dwMediaTypeCode = medium.media_type_code;
    out.dwDensityCode = medium.density_code;
    put(medium.mounted_side, out.MountedPartition);
  }
}

template <class M>
void fill(M& out, const model::Slot& slot, const Counters&) {
  out.Number = slot.number;
  out.State = slot.state;
  put(slot.library, out.Library);
}

template <class M>
void fill(M& out, const model::OperatorRequest& request, const Counters&) {
  out.Request = request.request;
  put(request.submitted, out.Submitted);
  out.State = request.state;
  put(request.message, out.szMessage);
  out.Arg1Type = request.arg1_type;
  put(request.arg1, out.Arg1);
  out.Arg2Type = request.arg2_type;
  put(request.arg2, out.Arg2);
  put(request.application, out.szApplication);
  put(request.user, out.szUser);
  put(request.computer, out.szComputer);
}

template <class I, class T>
void encode_as(const T& object, const server::ObjectView& view, void* information) {
  I out;
  std::memset(&out, 0, sizeof out);
  std::memcpy(&out.dwSize, information, sizeof out.dwSize);
  out.dwType = view.type;
  put(object.created, out.Created);
  put(object.modified, out.Modified);
  put(object.id, out.ObjectGuid);
  out.Enabled = to_bool(object.enabled);
  out.dwOperationalState = object.operational_state;
  put(object.name, out.szName);
  put(object.description, out.szDescription);
  fill(member_of(out, std::type_identity<T>{}), object, view.counters);
  std::memcpy(information, &out, used_size<I, T>());
}

// The smallest size that is valid for any type, computed from the types themselves.
template <class Charset>
constexpr std::uint32_t smallest_size_of_all() {
  return static_cast<std::uint32_t>(used_size<typename Charset::Current, model::MediaType>());
}

}  // namespace

template <class Charset>
Result<Stated> read_stated(const void* information) {
  Stated stated;
  std::memcpy(&stated.size, information, sizeof stated.size);
  if (stated.size < smallest_size_of_all<Charset>()) {
    return fail(ERROR_INVALID_PARAMETER,
                "no structure has a size of " + std::to_string(stated.size));
  }
  std::memcpy(&stated.type, static_cast<const char*>(information) + sizeof stated.size,
              sizeof stated.type);
  if (stated.type != NTMS_UNKNOWN && !server::is_object_type(stated.type)) {
    return fail(ERROR_INVALID_PARAMETER, std::to_string(stated.type) + " is not an object type");
  }
  return stated;
}

template <class Charset>
Result<Layout> choose_layout(std::uint32_t size, std::uint32_t type) {
  using Current = typename Charset::Current;
  using First = typename Charset::First;
  return server::with_object_type(type, [&](auto tag) -> Result<Layout> {
    using T = typename decltype(tag)::type;
    if (size == sizeof(First)) {
      if constexpr (has_member<First, T>()) return Layout::first;
    } else if (size >= used_size<Current, T>()) {
      return Layout::current;
    }
    return fail(ERROR_INVALID_PARAMETER, "an object of type " + std::to_string(type) +
                                             " has no structure of " + std::to_string(size) +
                                             " bytes");
  });
}

template <class Charset>
void encode(const server::ObjectView& view, Layout layout, void* information) {
  std::visit(
      [&]<class T>(const T& object) {
        if constexpr (has_member<typename Charset::First, T>()) {
          if (layout == Layout::first) {
            encode_as<typename Charset::First>(object, view, information);
            return;
          }
        }
        encode_as<typename Charset::Current>(object, view, information);
      },
      view.object);
}

template Result<Stated> read_stated<Ansi>(const void*);
template Result<Stated> read_stated<Wide>(const void*);
template Result<Layout> choose_layout<Ansi>(std::uint32_t, std::uint32_t);
template Result<Layout> choose_layout<Wide>(std::uint32_t, std::uint32_t);
template void encode<Ansi>(const server::ObjectView&, Layout, void*);
template void encode<Wide>(const server::ObjectView&, Layout, void*);

}  // namespace ntms::abi
