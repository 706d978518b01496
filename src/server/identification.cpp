// SPDX-License-Identifier: MIT
#include "server/identification.h"

#include "labels/recognition.h"
#include "operations/identify.h"
#include "operations/requests.h"
#include "server/access.h"
#include "server/new_request.h"

namespace ntms::server {
using model::LibraryRequest;
using model::PhysicalMedium;

namespace {

// The side behind a logical medium, and the library that its medium is in.
Result<model::Side> allocated_side(store::Reader& reader, const Guid& logical_medium) {
  auto side = reader.first<model::Side>("t.logical_medium=?1", logical_medium);
  if (!side || !reader.find<model::LogicalMedium>(logical_medium)) {
    return fail(ERROR_INVALID_MEDIA, "no such logical medium");
  }
  return *std::move(side);
}

}  // namespace

Result<Guid> Identification::begin(const Guid& slot_id, bool leave_in_drive) const {
  Guid operation;
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    operation = Guid{};
    const auto slot = writer.find<model::Slot>(slot_id);
    if (!slot) return fail(ERROR_OBJECT_NOT_FOUND, "no such slot");
    const auto library = writer.find<model::Library>(slot->library);
    if (!library) return fail(ERROR_DATABASE_FAILURE, "a slot without a library");
    if (auto allowed = check_library(writer, session_, library->id, NTMS_CONTROL_ACCESS);
        !allowed) {
      return allowed;
    }
    if (library->operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_LIBRARY_OFFLINE, library->name + " is not connected");
    }
    if (!library->enabled) return fail(ERROR_RESOURCE_DISABLED, library->name + " is disabled");
    if (slot->state == NTMS_SLOTSTATE_NOTPRESENT) {
      return fail(ERROR_RESOURCE_NOT_PRESENT, slot->name + " is not there");
    }
    const auto medium = writer.first<PhysicalMedium>("t.location=?1", slot_id);
    if (!medium && slot->state == NTMS_SLOTSTATE_EMPTY) return {};
    LibraryRequest request = new_request(session_, writer, NTMS_LM_CLASSIFY, library->id);
    request.slot = slot_id;
    request.option = leave_in_drive ? operations::kLeaveInDrive : 0;
    if (medium) {
      request.medium = medium->id;
      if (const auto side = writer.first<model::Side>("t.medium=?1", medium->id)) {
        request.side = side->id;
      }
    }
    operation = request.id;
    writer.insert(request);
    return {};
  });
  if (!stored) return stored.error();
  return operation;
}

std::optional<Result<void>> Identification::look(const Guid& operation) const {
  if (session_.is_closed()) {
    return Result<void>(fail(ERROR_CANCELLED, "the session was closed"));
  }
  bool waiting = false;
  const auto seen = database_.read([&](store::Reader& reader) -> Result<void> {
    waiting = false;
    const auto request = reader.find<LibraryRequest>(operation);
    if (!request || request->state == NTMS_LM_CANCELLED) {
      return fail(ERROR_CANCELLED, "the identification was cancelled");
    }
    if (request->state == NTMS_LM_FAILED || request->state == NTMS_LM_INVALID) {
      return fail(request->error_code != 0 ? request->error_code : ERROR_INVALID_STATE,
                  request->reason);
    }
    waiting = request->state != NTMS_LM_PASSED;
    return {};
  });
  if (seen && waiting) return std::nullopt;
  return seen;
}

void Identification::give_up(const Guid& operation) const {
  // What cannot be stored now is carried out later; there is nobody left to tell.
  (void)database_.write([&](store::Writer& writer) -> Result<void> {
    auto request = operations::unfinished(writer, operation);
    if (!request) return {};
    if (request->state != NTMS_LM_INPROCESS) {
      operations::finish(writer, *request, NTMS_LM_CANCELLED, ERROR_CANCELLED,
                         "the caller no longer waits");
      return {};
    }
    request->cancel = true;
    operations::save_progress(writer, *request);
    return {};
  });
}

Result<void> Identification::update_label(
    const Guid& logical_medium,
    const std::function<std::optional<labels::Label>()>& recognize) const {
  const auto allowed = database_.read([&](store::Reader& reader) -> Result<void> {
    const auto side = allocated_side(reader, logical_medium);
    if (!side) return side.error();
    const auto medium = reader.find<PhysicalMedium>(side->medium);
    return check_library(reader, session_, medium ? medium->library : Guid{}, NTMS_CONTROL_ACCESS);
  });
  if (!allowed) return allowed;
  // Outside of the transaction: foreign code may take its time.
  const auto label = recognize();
  if (!label) return fail(ERROR_BAD_FORMAT, "no media label library knows the label");
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto side = allocated_side(writer, logical_medium);
    if (!side) return side.error();
    side->omid_type = label->type;
    side->omid_id = label->id;
    side->omid_info = label->info;
    writer.update(*side);
    return {};
  });
}

}  // namespace ntms::server
