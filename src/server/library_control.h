// SPDX-License-Identifier: MIT
// Library control: what the calls about libraries, their cartridges and their requests mean
// (contract: functions-library-control; functions-objects 5 and 6). Every call is one transaction
// that checks everything and then only writes rows; the owner of the robots carries them out.
#pragma once

#include <cstdint>

#include "base/error.h"
#include "server/session.h"
#include "store/database.h"

namespace ntms::server {

// Thread safety: all functions may be called from any thread. Errors are those of the contract's
// tables; a failed call changes nothing.
class LibraryControl {
 public:
  // Both must outlive the object.
  LibraryControl(store::Database& database, const Session& session)
      : database_(database), session_(session) {}

  // EjectNtmsMedia START: ejects the medium together with the batch of its library, if there is
  // one; a null id starts the batch this session queued last, or the only one. Returns the
  // operation's id: that of the medium's request, or of the last one queued.
  Result<Guid> start_eject(const Guid& medium);

  // EjectNtmsMedia QUEUE: adds the medium to the batch of its library.
  Result<void> queue_eject(const Guid& medium);

  // EjectNtmsMedia FORCE: ejects the medium even if it is in use, before anything that is queued.
  Result<Guid> force_eject(const Guid& medium);

  // EjectNtmsMedia STOP: ends an eject and, if it is that of a batch, the whole batch.
  Result<void> stop_eject(const Guid& operation);

  // InventoryNtmsLibrary; `action` is an NtmsInventoryMethod.
  Result<void> inventory(const Guid& library, std::uint32_t action);

  // Queues an inventory within the caller's transaction and marks what it will look at, without any
  // check; `method` is NTMS_INVENTORY_FAST, NTMS_INVENTORY_OMID or NTMS_INVENTORY_SLOT.
  void queue_inventory(store::Writer& writer, const Guid& library, std::uint32_t method) const;

  // CancelNtmsLibraryRequest.
  Result<void> cancel_request(const Guid& request);

  // EnableNtmsObject and DisableNtmsObject; `type` is NTMS_LIBRARY, NTMS_DRIVE or
  // NTMS_PHYSICAL_MEDIA.
  Result<void> set_enabled(std::uint32_t type, const Guid& object, bool enabled);

 private:
  enum class EjectKind { start, queue, force };

  // A medium that may be ejected, and how many elements the port of its library has.
  struct Ejectable {
    model::PhysicalMedium medium;
    std::size_t ports = 0;
  };

  Result<void> check_library(const model::Library& library);
  Result<Ejectable> check_medium(store::Reader& reader, const Guid& medium, EjectKind kind);
  Result<Guid> eject(const Guid& medium, EjectKind kind);
  Result<Guid> start_batch();

  store::Database& database_;
  const Session& session_;
};

}  // namespace ntms::server
