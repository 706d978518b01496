// SPDX-License-Identifier: MIT
#include "operations/lone_drive.h"

#include <utility>

#include "device/lone_drive.h"
#include "operations/element_states.h"
#include "operations/identify.h"
#include "operations/mount_queue.h"
#include "operations/reconcile.h"
#include "operations/requests.h"
#include "transport/open.h"

namespace ntms::operations {
namespace asio = boost::asio;
using model::LibraryRequest;

namespace {

std::optional<model::Drive> drive_of(store::Reader& reader, const Guid& library) {
  return reader.first<model::Drive>("t.library=?1", library);
}

}  // namespace

asio::awaitable<Result<LoneDrive>> attach_lone_drive(LibraryContext& context,
                                                     const std::string& uri) {
  auto transport = transport::open_transport(context.executor, uri);
  if (!transport) co_return transport.error();
  const std::shared_ptr<scsi::Transport> unit(std::move(*transport));
  LoneDrive found;
  // First, so that it is the one that hears of a cartridge that was put in meanwhile.
  found.changer =
      std::make_unique<device::Changer>(std::make_unique<device::LoneDriveChanger>(unit));
  if (const auto attached = co_await found.changer->attach(); !attached) {
    co_return attached.error();
  }
  found.drive = std::make_unique<device::Drive>(std::make_unique<device::SharedTransport>(unit));
  if (const auto attached = co_await found.drive->attach(); !attached) co_return attached.error();
  co_return found;
}

bool is_lone_drive(const LibraryContext& context) {
  if (!context.changer) return false;
  const device::Geometry& geometry = context.changer->geometry();
  return geometry.transport.count == 0 && geometry.storage.count == 0 &&
         geometry.import_export.count == 0 && geometry.data_transfer.count == 1;
}

bool is_lone_drive(store::Reader& reader, const Guid& library) {
  return reader.number("SELECT type FROM library WHERE guid=?1", library) ==
         NTMS_LIBRARYTYPE_STANDALONE;
}

void record_lone_port(store::Writer& writer, const model::Library& library) {
  if (writer.first<model::Port>("t.library=?1", library.id)) return;
  model::Port port;
  port.library = library.id;
  port.number = library.first_port_number;
  port.name = "Port " + std::to_string(port.number);
  port.position = NTMS_PORTPOSITION_RETRACTED;
  writer.insert(port);
}

void show_in_port(store::Writer& writer, const Guid& library) {
  const auto drive = drive_of(writer, library);
  auto port = writer.first<model::Port>("t.library=?1", library);
  if (!drive || !port) return;
  const bool empty = drive->state == NTMS_DRIVESTATE_DISMOUNTED;
  apply(writer, *port, empty ? model::ContentEvent::removed : model::ContentEvent::placed);
  if (empty) complete_device_service(writer, port->id);
}

void doubt_contents(store::Writer& writer, const Guid& library) {
  auto drive = drive_of(writer, library);
  if (!drive) return;
  const auto medium = writer.first<model::PhysicalMedium>("t.location=?1", drive->id);
  // What an application has mounted it may load and unload as it likes.
  if (!medium || medium->media_state == NTMS_MEDIASTATE_LOADED) return;
  if (!drive->saved_side.is_null()) {
    drive->saved_side = Guid{};
    drive->state = NTMS_DRIVESTATE_LOADED;
    writer.update(*drive);
  }
  if (!identifies_new_media(writer)) return;
  Asker asker = the_library();
  asker.round = Guid::make();  // even if it seems to be known
  queue_identification(writer, *medium, asker);
}

void retire_absent(store::Writer& writer, const Guid& library) {
  for (const Guid& id : writer.ids(
           "SELECT guid FROM physical_medium WHERE library=?1 AND location IS NULL", library)) {
    leave_library(writer, id);
  }
}

void release_lone_drive(store::Writer& writer, const Guid& id) {
  auto drive = writer.find<model::Drive>(id);
  if (!drive) return;
  drive->state = NTMS_DRIVESTATE_DISMOUNTABLE;
  writer.update(*drive);
  if (auto medium = writer.first<model::PhysicalMedium>("t.location=?1", id)) {
    medium->media_state = NTMS_MEDIASTATE_IDLE;
    medium->mounted_side = Guid{};
    writer.update(*medium);
  }
}

asio::awaitable<Result<void>> unload_lone_drive(LibraryContext& context, const Guid& id) {
  const auto element = context.db.read([&](store::Reader& reader) -> std::uint32_t {
    const auto drive = reader.find<model::Drive>(id);
    return drive ? drive->element_address : 0;
  });
  if (!element) co_return element.error();
  const auto found = context.drives.find(static_cast<std::uint16_t>(*element));
  if (found == context.drives.end()) {
    co_return fail(ERROR_DEVICE_NOT_AVAILABLE, "the drive is not reached any more");
  }
  const auto unloaded = co_await found->second->unload();
  // A drive that is empty already has nothing to let go of.
  if (!unloaded && unloaded.error().code != ERROR_EMPTY) co_return unloaded.error();
  co_return context.db.write([&](store::Writer& writer) -> Result<void> {
    auto drive = writer.find<model::Drive>(id);
    if (!drive || drive->state == NTMS_DRIVESTATE_DISMOUNTED) return {};
    drive->state = NTMS_DRIVESTATE_UNLOADED;
    writer.update(*drive);
    if (auto medium = writer.first<model::PhysicalMedium>("t.location=?1", id)) {
      medium->media_state = NTMS_MEDIASTATE_IDLE;
      medium->mounted_side = Guid{};
      writer.update(*medium);
    }
    return {};
  });
}

void ask_to_insert(LibraryContext& context, const Job& job) {
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, job.request);
    auto drive = writer.find<model::Drive>(job.drive);
    if (!request || !drive) return {};
    const Guid medium = request->medium;
    drive->state = NTMS_DRIVESTATE_DISMOUNTED;
    drive->saved_side = Guid{};
    writer.update(*drive);
    show_in_port(writer, context.library);
    leave_library(writer, medium);
    request = unfinished(writer, job.request);
    if (!request) return {};
    request->phase = model::Phase::none;
    if (!writer.find<model::PhysicalMedium>(medium) || request->operation != NTMS_LM_MOUNT) {
      finish(writer, *request, NTMS_LM_FAILED, ERROR_MEDIA_OFFLINE,
             "the cartridge has been taken out of the drive");
      return {};
    }
    request->library = context.library;
    if (!request->drive_given) request->drive = Guid{};
    wait_for(writer, *request, "waits for the operator to bring a cartridge");
    writer.update(*request);
    return {};
  });
  if (!stored) context.log->error("{}: {}", context.name, stored.error().reason);
}

bool awaits_insertion(store::Reader& reader, const Guid& id) {
  const auto library = reader.find<model::Library>(id);
  if (!library || library->type != NTMS_LIBRARYTYPE_STANDALONE) return false;
  if ((library->flags & NTMS_LIBRARYFLAG_AUTODETECTCHANGE) != 0) return true;
  return reader.number(
             "SELECT count(*) FROM library_request r, physical_medium m"
             " WHERE r.library=?1 AND r.operation=17 AND r.state IN (0,5)"
             " AND m.guid=r.medium AND m.library<>?1",
             id) != 0 ||
         reader.number(
             "SELECT count(*) FROM operator_request WHERE arg2=?1 AND state IN (1,2,3)"
             " AND request=?2",
             id, NTMS_OPREQ_MOVEMEDIA) != 0;
}

asio::awaitable<void> look_at_lone_drive(LibraryContext& context) {
  if (!context.busy_drives.empty()) co_return;
  const auto arm = co_await context.arm.lock();
  const auto seen = co_await context.changer->read_elements(scsi::ElementType::data_transfer);
  if (!seen || seen->empty()) co_return;
  const auto believed = context.db.read([&](store::Reader& reader) {
    const auto drive = drive_of(reader, context.library);
    return drive && drive->state != NTMS_DRIVESTATE_DISMOUNTED;
  });
  if (!believed) co_return;
  if (seen->front().full == *believed && !context.changer->attention_pending()) co_return;
  const auto fresh = co_await refresh_inventory(context, false);
  if (!fresh) context.log->warn("{}: inventory: {}", context.name, fresh.error().reason);
}

}  // namespace ntms::operations
