// SPDX-License-Identifier: MIT
#include "operations/configure.h"

#include <algorithm>
#include <set>

#include "device/drive_mapping.h"
#include "device/media_types.h"
#include "operations/device_states.h"
#include "operations/drive_search.h"
#include "operations/library_removal.h"
#include "operations/lone_drive.h"
#include "platform/files.h"
#include "platform/system.h"
#include "runtime/events.h"
#include "transport/open.h"

namespace ntms::operations {
namespace asio = boost::asio;
using device::DriveCandidate;
using device::DriveMatch;

namespace {

constexpr std::uint32_t kTapeDevice = 0x1F;     // FILE_DEVICE_TAPE
constexpr std::uint32_t kChangerDevice = 0x30;  // FILE_DEVICE_CHANGER
constexpr std::uint32_t kFirstNumber = 1;       // of drives, slots, ports and changers
constexpr std::uint32_t kFirstDoorNumber = 0;

// What was learned from the devices, to be recorded in one transaction.
struct Findings {
  device::Inventory inventory;
  std::vector<DriveCandidate> drives;
  std::vector<std::uint8_t> drive_device_types;
  std::vector<DriveMatch> matches;  // for each drive element of the inventory
};

std::string lock_key(const device::Identity& identity, const std::string& uri) {
  return identity.serial.empty() ? uri
                                 : identity.vendor + "/" + identity.product + "/" + identity.serial;
}

std::string joined(const std::string& vendor, const std::string& product) {
  return vendor.empty() ? product : product.empty() ? vendor : vendor + " " + product;
}

template <class T>
Guid device_type_id(store::Writer& writer, const device::Identity& identity,
                    std::uint32_t device_type) {
  auto type = writer.first<T>("t.vendor=?1 AND t.product=?2", identity.vendor, identity.product);
  if (!type) {
    type.emplace();
    type->vendor = identity.vendor;
    type->product = identity.product;
    type->device_type = device_type;
    type->name = joined(identity.vendor, identity.product);
    writer.insert(*type);
  }
  return type->id;
}

// FILE_DEVICE_... of the drives that take a media type (contract: concepts 2.4).
std::uint32_t device_type_of(std::uint32_t media_type) {
  constexpr std::uint32_t kCdRomDevice = 0x02;
  constexpr std::uint32_t kDiskDevice = 0x07;
  constexpr std::uint32_t kDvdDevice = 0x33;
  if (media_type >= 51 && media_type <= 53) return kCdRomDevice;
  if ((media_type >= 54 && media_type <= 56) || media_type == 88) return kDvdDevice;
  if (media_type >= 57 && media_type <= 78) return kDiskDevice;
  return kTapeDevice;
}

model::MediaType make_media_type(std::uint32_t code) {
  const device::MediaType* known = device::find_media_type(code);
  model::MediaType type;
  type.code = code;
  type.device_type = device_type_of(code);
  if (known != nullptr) type.sides = known->sides;
  type.name = known != nullptr ? std::string(known->name) : "Media type " + std::to_string(code);
  return type;
}

// The library takes media of this type, which has its three system pools then (concepts 5).
void relate_media_type(store::Writer& writer, const Guid& library, std::uint32_t code) {
  auto type = writer.first<model::MediaType>("t.code=?1", code);
  if (!type) {
    type = make_media_type(code);
    writer.insert(*type);
  }
  writer.execute("INSERT OR IGNORE INTO library_media_type(library,media_type) VALUES(?1,?2)",
                 library, type->id);
  for (const std::uint32_t kind :
       {NTMS_POOLTYPE_SCRATCH, NTMS_POOLTYPE_FOREIGN, NTMS_POOLTYPE_IMPORT}) {
    system_pool(writer, kind, *type);
  }
}

model::Library find_or_create_library(store::Writer& writer, const device::Identity& identity,
                                      const DeviceSetting& setting, std::uint32_t kind,
                                      bool bar_codes) {
  const bool arm = kind == NTMS_LIBRARYTYPE_ONLINE;  // which brings the cleaner, too
  std::optional<model::Library> library;
  if (!identity.serial.empty()) {
    library = writer.first<model::Library>("t.serial=?1 AND t.type=?2", identity.serial, kind);
  }
  if (!library) {
    library = writer.first<model::Library>("t.uri=?1 AND t.serial=?2 AND t.type=?3", setting.uri,
                                           identity.serial, kind);
  }
  if (library) {
    if (library->uri != setting.uri || library->bar_code_reader != bar_codes ||
        library->supports_cleaning != arm) {
      library->uri = setting.uri;
      library->bar_code_reader = bar_codes;
      library->supports_cleaning = arm;
      writer.update(*library);
    }
    return *library;
  }
  library.emplace();
  library->type = kind;
  library->uri = setting.uri;
  library->serial = identity.serial;
  library->bar_code_reader = bar_codes;
  library->supports_cleaning = arm;
  library->enabled = setting.in_service;
  library->operational_state = NTMS_INITIALIZING;
  library->first_drive_number = library->first_slot_number = kFirstNumber;
  library->first_port_number = library->first_changer_number = kFirstNumber;
  library->first_door_number = kFirstDoorNumber;
  library->name = setting.name.empty() ? joined(identity.vendor, identity.product) : setting.name;
  if (writer.first<model::Library>("t.name=?1", library->name)) {
    library->name += " " + identity.serial;
  }
  writer.insert(*library);
  return *library;
}

// Slots and ports: one object per element address. Elements that the changer no longer has keep
// their object; nothing says that the magazine will not come back.
template <class T>
void record_elements(store::Writer& writer, const Guid& library, scsi::ElementRange range,
                     std::uint32_t first_number, const char* noun) {
  std::set<std::uint32_t> known;
  for (const T& element : writer.list<T>("t.library=?1", library)) {
    known.insert(element.element_address);
  }
  for (std::uint32_t index = 0; index < range.count; ++index) {
    if (known.contains(range.first + index)) continue;
    T element;
    element.library = library;
    element.element_address = range.first + index;
    element.number = first_number + index;
    element.name = noun + std::string(" ") + std::to_string(element.number);
    if constexpr (std::is_same_v<T, model::Port>) element.position = NTMS_PORTPOSITION_RETRACTED;
    writer.insert(element);
  }
}

void record_doors(store::Writer& writer, const model::Library& library, std::uint32_t doors) {
  const auto known = writer.list<model::Door>("t.library=?1", library.id);
  for (auto index = static_cast<std::uint32_t>(known.size()); index < doors; ++index) {
    model::Door door;
    door.library = library.id;
    door.number = library.first_door_number + index;
    door.name = "Door " + std::to_string(door.number);
    door.state = NTMS_DOORSTATE_CLOSED;
    writer.insert(door);
  }
}

void record_changer(store::Writer& writer, const model::Library& library,
                    const device::Changer& found) {
  const device::Identity& identity = found.identity();
  const Guid type = device_type_id<model::ChangerType>(writer, identity, kChangerDevice);
  auto changer = writer.first<model::Changer>("t.library=?1", library.id);
  if (changer && changer->changer_type == type && changer->serial == identity.serial &&
      changer->revision == identity.revision &&
      changer->device_name == transport::device_name(found.uri())) {
    return;
  }
  const bool known = changer.has_value();
  if (!known) changer.emplace();
  changer->library = library.id;
  changer->number = library.first_changer_number;
  changer->changer_type = type;
  changer->serial = identity.serial;
  changer->revision = identity.revision;
  changer->device_name = transport::device_name(found.uri());
  changer->element_address = found.geometry().transport.first;
  changer->name = joined(identity.vendor, identity.product);
  known ? writer.update(*changer) : writer.insert(*changer);
}

// A drive with a serial number keeps its object wherever it is put; without one the object belongs
// to the bay (concepts 3).
void record_drives(store::Writer& writer, const model::Library& library,
                   const scsi::ElementRange& range, const Findings& findings) {
  auto known = writer.list<model::Drive>("t.library=?1", library.id);
  std::vector<std::optional<model::Drive>> bays(range.count);
  std::vector<const DriveMatch*> matches(range.count, nullptr);
  for (std::size_t i = 0; i < findings.inventory.drives.size(); ++i) {
    const std::uint32_t address = findings.inventory.drives[i].address;
    if (range.contains(address) && i < findings.matches.size()) {
      matches[address - range.first] = &findings.matches[i];
    }
  }
  std::set<Guid> placed;
  const auto place = [&](std::uint32_t bay, const model::Drive& drive) {
    bays[bay] = drive;
    placed.insert(drive.id);
  };
  for (std::uint32_t bay = 0; bay < range.count; ++bay) {
    if (matches[bay] == nullptr || !matches[bay]->drive) continue;
    const std::string& serial = findings.drives[*matches[bay]->drive].identity.serial;
    if (serial.empty()) continue;
    for (const model::Drive& drive : known) {
      if (drive.serial == serial && !placed.contains(drive.id)) place(bay, drive);
    }
  }
  for (std::uint32_t bay = 0; bay < range.count; ++bay) {
    for (const model::Drive& drive : known) {
      if (!bays[bay] && drive.element_address == range.first + bay && !placed.contains(drive.id)) {
        place(bay, drive);
      }
    }
  }
  // Known drives whose bay is gone, or has another known drive now, are not there any more.
  for (model::Drive& drive : known) {
    if (placed.contains(drive.id) || drive.operational_state == NTMS_NOT_PRESENT) continue;
    drive.device_name.clear();
    drive.operational_state = presence_of_drive(drive.operational_state, false);
    drive.mapping_reason = "the drive was not found";
    writer.update(drive);
  }
  // Drives that changed bays must not meet in one on the way, nor one that is not there any more.
  for (const model::Drive& drive : known) {
    if (!placed.contains(drive.id) && range.contains(drive.element_address)) {
      writer.execute("UPDATE drive SET element_address=-id WHERE guid=?1", drive.id);
    }
  }
  for (std::uint32_t bay = 0; bay < range.count; ++bay) {
    if (bays[bay] && bays[bay]->element_address != range.first + bay) {
      writer.execute("UPDATE drive SET element_address=-id WHERE guid=?1", bays[bay]->id);
    }
  }
  for (std::uint32_t bay = 0; bay < range.count; ++bay) {
    const bool is_new = !bays[bay].has_value();
    model::Drive drive = is_new ? model::Drive{} : *bays[bay];
    const model::Drive before = drive;
    drive.library = library.id;
    drive.element_address = range.first + bay;
    drive.number = library.first_drive_number + bay;
    drive.name = "Drive " + std::to_string(drive.number);
    const DriveMatch* match = matches[bay];
    drive.mapping_reason = match != nullptr ? match->reason : "the robot did not report this bay";
    if (match != nullptr && match->drive) {
      const DriveCandidate& found = findings.drives[*match->drive];
      drive.drive_type = device_type_id<model::DriveType>(writer, found.identity, kTapeDevice);
      drive.device_name = transport::device_name(found.uri);
      drive.serial = found.identity.serial;
      drive.revision = found.identity.revision;
      drive.operational_state = presence_of_drive(drive.operational_state, true);
    } else {
      drive.device_name.clear();
      drive.operational_state = presence_of_drive(drive.operational_state, false);
    }
    if (is_new) {
      writer.insert(drive);
    } else if (drive.element_address != before.element_address ||
               drive.device_name != before.device_name || drive.serial != before.serial ||
               drive.revision != before.revision || drive.drive_type != before.drive_type ||
               drive.operational_state != before.operational_state ||
               drive.mapping_reason != before.mapping_reason) {
      writer.update(drive);
    }
  }
}

void record_media_types(store::Writer& writer, const model::Library& library,
                        const Findings& findings) {
  std::set<std::uint32_t> codes;
  for (std::size_t i = 0; i < findings.drives.size(); ++i) {
    const auto& identity = findings.drives[i].identity;
    if (const auto code = device::media_type_of_drive(identity.vendor, identity.product,
                                                      findings.drive_device_types[i])) {
      codes.insert(*code);
    }
  }
  const bool related =
      writer.number("SELECT count(*) FROM library_media_type WHERE library=?1", library.id) != 0;
  // Media need a type before any drive of theirs has been recognised.
  if (codes.empty() && !related) codes.insert(device::kLtoUltrium);
  for (const std::uint32_t code : codes) relate_media_type(writer, library.id, code);
}

// The changer of a library, or the drive that is one by itself.
asio::awaitable<Result<LoneDrive>> attach(LibraryContext& context, const DeviceSetting& setting) {
  auto transport = transport::open_transport(context.executor, setting.uri);
  if (!transport) co_return transport.error();
  LoneDrive found;
  found.changer = std::make_unique<device::Changer>(std::move(*transport));
  const auto attached = co_await found.changer->attach();
  if (attached) co_return found;
  if (attached.error().code != ERROR_INVALID_PARAMETER) co_return attached.error();
  found.changer.reset();  // it is no changer, and may be open only once
  co_return co_await attach_lone_drive(context, setting.uri);
}

bool is_defect(const device::Verdict& verdict) {
  return verdict.action == device::Action::library_down &&
         verdict.delivery == scsi::Delivery::delivered;
}

// Error: ERROR_INVALID_LIBRARY for a drive that belongs to a library with a changer.
Result<void> stands_alone(store::Reader& reader, const std::string& serial) {
  if (const auto owner = library_of_drive(reader, serial)) {
    return fail(ERROR_INVALID_LIBRARY, "the drive is one of those of " + *owner);
  }
  return {};
}

}  // namespace

asio::awaitable<Result<void>> configure(LibraryContext& context, const DeviceSetting& setting,
                                        bool& defective) {
  defective = false;
  auto attached = co_await attach(context, setting);
  if (!attached) co_return attached.error();
  std::unique_ptr<device::Changer> changer = std::move(attached->changer);
  const bool lone = attached->drive != nullptr;
  if (lone) {
    const auto alone = context.db.read(
        [&](store::Reader& reader) { return stands_alone(reader, changer->identity().serial); });
    if (!alone) co_return alone.error();
  }
  if (!context.device_lock) {
    auto lock =
        platform::DeviceLock::acquire(lock_key(changer->identity(), setting.uri),
                                      "database " + platform::path_text(context.db.directory()));
    if (!lock) co_return lock.error();
    context.device_lock.emplace(std::move(*lock));
  }
  Findings findings;
  auto inventory = co_await changer->read_inventory();
  if (!inventory) {
    defective = is_defect(changer->last_verdict());
    co_return inventory.error();
  }
  findings.inventory = std::move(*inventory);
  FoundDrives found;
  if (lone) {
    const device::Drive& drive = *attached->drive;
    found.candidates.push_back({drive.uri(), drive.identity(), drive.designators(), {}, {}});
    found.drives.push_back(std::move(attached->drive));
  } else {
    found = co_await find_drives(context, setting);
  }
  auto& drives = found.drives;
  findings.drives = std::move(found.candidates);
  for (const auto& drive : drives) findings.drive_device_types.push_back(drive->device_type());
  findings.matches =
      device::map_drives(findings.inventory.drives, findings.drives, found.by_elimination);

  const device::Geometry& geometry = changer->geometry();
  std::vector<std::string> in_use;
  const auto recorded = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (lone) {
      // Its changer may have been configured, and its own library removed, since it was asked.
      if (auto alone = stands_alone(writer, changer->identity().serial); !alone) return alone;
    }
    const model::Library library = find_or_create_library(
        writer, changer->identity(), setting,
        lone ? std::uint32_t{NTMS_LIBRARYTYPE_STANDALONE} : std::uint32_t{NTMS_LIBRARYTYPE_ONLINE},
        findings.inventory.volume_tags);
    context.library = library.id;
    context.name = library.name;
    apply_to_library(writer, library.id, model::DeviceEvent::found, "");
    if (lone) {
      record_lone_port(writer, library);
    } else {
      record_changer(writer, library, *changer);
    }
    record_elements<model::Slot>(writer, library.id, geometry.storage, library.first_slot_number,
                                 "Slot");
    record_elements<model::Port>(writer, library.id, geometry.import_export,
                                 library.first_port_number, "Port");
    if (!lone) record_doors(writer, library, setting.doors);
    record_drives(writer, library, geometry.data_transfer, findings);
    record_media_types(writer, library, findings);
    in_use.clear();
    for (const DriveMatch& match : findings.matches) {
      if (lone || !match.drive) continue;
      for (auto& name :
           remove_lone_libraries(writer, findings.drives[*match.drive].identity.serial)) {
        in_use.push_back(std::move(name));
      }
    }
    return {};
  });
  if (!recorded) {
    if (recorded.error().code == ERROR_INVALID_LIBRARY) context.device_lock.reset();
    co_return recorded.error();
  }
  for (const std::string& name : in_use) {
    context.log->warn("{}: {}, which is one of its drives, is in use by itself", context.name,
                      name);
  }

  context.empty_drives_for_doors = setting.empty_drives_for_doors;
  context.drives.clear();
  context.lost_drives.clear();
  for (std::size_t i = 0; i < findings.matches.size(); ++i) {
    const DriveMatch& match = findings.matches[i];
    const std::string words = context.name + ": drive element " +
                              std::to_string(findings.inventory.drives[i].address) + ": " +
                              match.reason;
    if (match.drive) {
      context.log->info("{}", words);
      context.drives[findings.inventory.drives[i].address] = std::move(drives[*match.drive]);
    } else {
      runtime::report(context.log, spdlog::level::warn, runtime::Event::drive_not_configured,
                      words);
    }
  }
  context.changer = std::move(changer);
  const auto ready = [&](store::Writer& writer) {
    const auto library = writer.find<model::Library>(context.library);
    if (library && library->operational_state == NTMS_INITIALIZING) {
      apply_to_library(writer, context.library, model::DeviceEvent::checked, "");
      record_drives(writer, *library, context.changer->geometry().data_transfer, findings);
    }
  };
  const auto arm = co_await context.arm.lock();
  if (const auto fresh = co_await refresh_inventory(context, false, ready); !fresh) {
    defective = is_defect(context.changer->last_verdict());
    context.changer.reset();
    context.drives.clear();
    co_return fresh.error();
  }
  co_return Result<void>{};
}

Guid system_pool(store::Writer& writer, std::uint32_t kind, const model::MediaType& type) {
  if (const auto known =
          writer.first<model::MediaPool>("t.type=?1 AND t.media_type=?2", kind, type.id)) {
    return known->id;
  }
  const auto parent = writer.first<model::MediaPool>("t.type=?1 AND t.media_type IS NULL", kind);
  model::MediaPool pool;
  pool.type = kind;
  pool.media_type = type.id;
  pool.parent = parent ? parent->id : Guid{};
  pool.name = type.name;
  writer.insert(pool);
  return pool.id;
}

void require_media_type(store::Writer& writer, const Guid& library) {
  constexpr std::uint8_t kScsiTape = 0x01;
  constexpr std::uint8_t kScsiOptical = 0x05;
  if (writer.number("SELECT count(*) FROM library_media_type WHERE library=?1", library) != 0) {
    return;
  }
  for (const auto& drive : writer.list<model::DriveType>(
           "t.guid IN (SELECT drive_type FROM drive WHERE library=?1)", library)) {
    const auto type = drive.device_type == kTapeDevice ? kScsiTape : kScsiOptical;
    if (const auto code = device::media_type_of_drive(drive.vendor, drive.product, type)) {
      relate_media_type(writer, library, *code);
      return;
    }
  }
  relate_media_type(writer, library, device::kLtoUltrium);
}

void create_fixed_objects(store::Writer& writer) {
  if (!writer.first<model::Computer>("1")) {
    model::Computer computer;
    computer.name = platform::computer_name();
    writer.insert(computer);
  }
  if (!writer.first<model::Library>("t.type=?1", NTMS_LIBRARYTYPE_OFFLINE)) {
    model::Library offline;
    offline.type = NTMS_LIBRARYTYPE_OFFLINE;
    offline.flags = NTMS_LIBRARYFLAG_FIXEDOFFLINE;
    offline.name = "Off-line Media";
    offline.inventory_method = NTMS_INVENTORY_NONE;
    writer.insert(offline);
  }
  if (!writer.first<model::MediaPool>("t.root=1")) {
    model::MediaPool root;
    root.root = true;
    root.name = "\\";
    writer.insert(root);
  }
  // Every type the server knows exists, whether a drive for it is present or not (concepts 2.1).
  for (const device::MediaType& known : device::media_types()) {
    auto type = writer.first<model::MediaType>("t.code=?1", known.code);
    if (!type) {
      type = make_media_type(known.code);
      writer.insert(*type);
    } else if (type->sides < known.sides &&
               writer.number("SELECT count(*) FROM physical_medium WHERE media_type=?1",
                             type->id) == 0) {
      type->sides = known.sides;  // recorded when all types had one side
      writer.update(*type);
    }
  }
  const std::pair<std::uint32_t, const char*> tops[] = {
      {NTMS_POOLTYPE_SCRATCH, "Free"},
      {NTMS_POOLTYPE_FOREIGN, "Unrecognized"},
      {NTMS_POOLTYPE_IMPORT, "Import"},
  };
  for (const auto& [kind, name] : tops) {
    if (writer.first<model::MediaPool>("t.type=?1 AND t.media_type IS NULL", kind)) continue;
    model::MediaPool pool;
    pool.type = kind;
    pool.name = name;
    writer.insert(pool);
  }
}

}  // namespace ntms::operations
