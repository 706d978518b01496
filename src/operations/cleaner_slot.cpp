// SPDX-License-Identifier: MIT
#include "operations/cleaner_slot.h"

#include "operations/requests.h"

namespace ntms::operations {
namespace {

bool is_occupied(store::Reader& reader, const Guid& slot) {
  return reader.number("SELECT count(*) FROM physical_medium WHERE location=?1", slot) != 0;
}

}  // namespace

Result<void> check_reserve(store::Reader& reader, const model::Library& library,
                           const model::Slot& slot) {
  if (!library.cleaner_slot.is_null()) {
    return fail(ERROR_CLEANER_SLOT_SET, library.name + " has a cleaner slot already");
  }
  if (slot.state == NTMS_SLOTSTATE_NOTPRESENT) {
    return fail(ERROR_RESOURCE_NOT_AVAILABLE, slot.name + " is not present");
  }
  if (is_occupied(reader, slot.id)) {
    return fail(ERROR_RESOURCE_NOT_AVAILABLE, slot.name + " is occupied");
  }
  return {};
}

Result<void> check_release(store::Reader& reader, const model::Library& library) {
  if (library.cleaner_slot.is_null()) {
    return fail(ERROR_CLEANER_SLOT_NOT_SET, library.name + " has no cleaner slot");
  }
  const auto slot = reader.find<model::Slot>(library.cleaner_slot);
  if (!slot || slot->state == NTMS_SLOTSTATE_NOTPRESENT) {
    return fail(ERROR_RESOURCE_NOT_PRESENT, "the cleaner slot is not present");
  }
  if (is_occupied(reader, slot->id)) {
    return fail(ERROR_RESOURCE_NOT_AVAILABLE, slot->name + " holds a cartridge");
  }
  return {};
}

void run_cleaner_slot(store::Writer& writer, model::LibraryRequest& request) {
  auto library = writer.find<model::Library>(request.library);
  if (!library) {
    finish(writer, request, NTMS_LM_INVALID, ERROR_INVALID_LIBRARY, "the library was deleted");
    return;
  }
  const bool reserve = request.operation == NTMS_LM_RESERVECLEANER;
  const auto slot = reserve ? writer.find<model::Slot>(request.slot) : std::nullopt;
  Result<void> allowed;
  if (!reserve) {
    allowed = check_release(writer, *library);
  } else if (slot) {
    allowed = check_reserve(writer, *library, *slot);
  } else {
    allowed = fail(ERROR_OBJECT_NOT_FOUND, "the slot was deleted");
  }
  if (!allowed) {
    finish(writer, request, NTMS_LM_FAILED, allowed.error().code, allowed.error().reason);
    return;
  }
  library->cleaner_slot = reserve ? slot->id : Guid{};
  writer.update(*library);
  finish(writer, request, NTMS_LM_PASSED);
}

}  // namespace ntms::operations
