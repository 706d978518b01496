// SPDX-License-Identifier: MIT
#include "operations/enabling.h"

#include "model/states.h"
#include "operations/device_states.h"
#include "operations/dismount.h"
#include "operations/drive_health.h"
#include "operations/messages.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;

namespace {

// Sets Enabled; a request that finds nothing to change has failed (functions-objects 5/6, last
// point). `found` is null when the object has been deleted.
template <class T>
void set_enabled(store::Writer& writer, std::optional<T> object, bool enabled,
                 model::LibraryRequest& request) {
  if (!object) {
    finish(writer, request, NTMS_LM_INVALID, ERROR_OBJECT_NOT_FOUND, "the object was deleted");
  } else if (object->enabled == enabled) {
    finish(writer, request, NTMS_LM_FAILED, ERROR_INVALID_STATE,
           object->name + (enabled ? " is enabled already" : " is disabled already"));
  } else {
    object->enabled = enabled;
    writer.update(*object);
    finish(writer, request, NTMS_LM_PASSED);
  }
}

asio::awaitable<void> disable_drive(LibraryContext& context, Guid id) {
  std::optional<model::Drive> drive;
  std::optional<model::PhysicalMedium> medium;
  bool proceed = false;
  const auto looked = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return {};
    drive = writer.find<model::Drive>(request->drive);
    if (!drive || !drive->enabled) {
      set_enabled(writer, drive, false, *request);
      return {};
    }
    medium = writer.first<model::PhysicalMedium>("t.location=?1", drive->id);
    if (medium && model::is_in_use(medium->media_state)) {
      wait_for(writer, *request, messages::waits_for_dismount(drive->name));
      return {};
    }
    if (request->state != NTMS_LM_INPROCESS) start(writer, *request);
    proceed = true;
    return {};
  });
  if (!looked || !proceed) co_return;
  // The drive is disabled whether its cartridge comes out or not.
  if (medium && context.changer) {
    const auto emptied = co_await empty_drive(context, id, drive->id);
    if (!emptied) {
      context.log->warn("{}: the cartridge in {} could not be put back: {}", context.name,
                        drive->name, emptied.error().reason);
    }
  }
  const auto done = context.db.write([&](store::Writer& writer) -> Result<void> {
    if (auto request = unfinished(writer, id)) {
      set_enabled(writer, writer.find<model::Drive>(request->drive), false, *request);
    }
    return {};
  });
  if (!done) context.log->error("{}: {}", context.name, done.error().reason);
}

}  // namespace

void enable_medium(store::Writer& writer, model::LibraryRequest& request) {
  set_enabled(writer, writer.find<model::PhysicalMedium>(request.medium),
              request.operation == NTMS_LM_ENABLEMEDIA, request);
}

asio::awaitable<void> run_enabling(LibraryContext& context, Guid id) {
  const auto operation = context.db.read([&](store::Reader& reader) -> std::uint32_t {
    const auto request = unfinished(reader, id);
    return request ? request->operation : std::uint32_t{NTMS_LM_MAXWORKITEM};
  });
  if (!operation) co_return;
  if (*operation == NTMS_LM_DISABLEDRIVE) {
    co_await disable_drive(context, id);
    co_return;
  }
  bool unlock = false;
  bool look = false;
  const auto done = context.db.write([&](store::Writer& writer) -> Result<void> {
    auto request = unfinished(writer, id);
    if (!request) return {};
    switch (request->operation) {
      case NTMS_LM_DISABLELIBRARY:
        unlock = true;
        set_enabled(writer, writer.find<model::Library>(request->library), false, *request);
        break;
      case NTMS_LM_ENABLELIBRARY:
        look = true;
        set_enabled(writer, writer.find<model::Library>(request->library), true, *request);
        note_working(writer, context);
        break;
      case NTMS_LM_ENABLEDRIVE:
        set_enabled(writer, writer.find<model::Drive>(request->drive), true, *request);
        if (const auto drive = writer.find<model::Drive>(request->drive)) {
          note_drive_working(writer, *drive);
        }
        break;
      case NTMS_LM_DISABLEMEDIA: {
        const auto medium = writer.find<model::PhysicalMedium>(request->medium);
        if (medium && medium->enabled && model::is_in_use(medium->media_state)) {
          wait_for(writer, *request, messages::waits_for_dismount(medium->name));
        } else {
          enable_medium(writer, *request);
        }
        break;
      }
      case NTMS_LM_ENABLEMEDIA:
        enable_medium(writer, *request);
        break;
      default:
        return fail(ERROR_INVALID_OPERATION, "not a request to enable or disable");
    }
    return {};
  });
  if (!done) {
    context.log->error("{}: {}", context.name, done.error().reason);
    co_return;
  }
  if (!context.changer) co_return;
  if (unlock) {
    // A library that is not managed must not stay locked for its users.
    const auto arm = co_await context.arm.lock();
    if (const auto unlocked = co_await context.changer->prevent(false); !unlocked) {
      context.log->debug("{}: {}", context.name, unlocked.error().reason);
    }
  } else if (look) {
    const auto arm = co_await context.arm.lock();
    if (const auto fresh = co_await refresh_inventory(context, false); !fresh) {
      context.log->error("{}: inventory: {}", context.name, fresh.error().reason);
    }
  }
}

}  // namespace ntms::operations
