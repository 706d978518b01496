// SPDX-License-Identifier: MIT
// What the operations on one library share: its devices, the arm, and how fresh the inventory is.
#pragma once

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "device/changer.h"
#include "device/drive.h"
#include "operations/label_reader.h"
#include "operations/reconcile.h"
#include "platform/device_lock.h"
#include "runtime/clock.h"
#include "runtime/log.h"
#include "runtime/signal.h"
#include "store/database.h"

namespace ntms::operations {

// Thread safety: used on the engine's thread only. Lifetime: outlives every operation on it.
struct LibraryContext {
  LibraryContext(boost::asio::any_io_executor io, store::Database& database,
                 const runtime::Clock& engine_clock, runtime::Log engine_log)
      : executor(std::move(io)),
        db(database),
        clock(engine_clock),
        log(std::move(engine_log)),
        arm(executor) {}

  boost::asio::any_io_executor executor;
  store::Database& db;
  const runtime::Clock& clock;
  runtime::Log log;

  Guid library;      // null until the library is known
  std::string name;  // for the log and for messages to people

  // Reads labels; shared by the libraries of a server, never null.
  std::shared_ptr<LabelReader> labels = std::make_shared<LabelReader>();

  std::optional<platform::DeviceLock> device_lock;
  std::unique_ptr<device::Changer> changer;  // null while the device is absent
  std::map<std::uint16_t, std::unique_ptr<device::Drive>> drives;  // by element address

  // Drives of `drives` that did not answer the last command: what was said of their mapping.
  std::map<std::uint16_t, std::string> lost_drives;

  // Drives that an operation works with, by identifier; nobody else sends them commands.
  std::set<Guid> busy_drives;

  // Held from the status read before a move to the status read after it. Never held while waiting
  // for a drive or a person.
  runtime::AsyncMutex arm;

  // The database may disagree with the robot (start, UNIT ATTENTION, a move with an unknown end):
  // the inventory is read again before the next move.
  bool inventory_stale = true;

  // The last inventory found a cartridge in the arm, with this bar code (empty: none readable). No
  // move was under way, so an earlier one has left it there (arm_recovery.h).
  std::optional<std::string> arm_holds;

  // The doors cannot be opened while a drive holds a cartridge.
  bool empty_drives_for_doors = false;

  // The robot does not move: somebody can reach into the library (a door open, a magazine out), or
  // it is paused. Operations wait; the worker looks until it is over (doors.h).
  bool blocked = false;
  bool paused = false;        // blocked, and not open
  std::int64_t close_by = 0;  // when the operator is asked to end it, of the engine's clock

  // The engine is leaving: operations return at their next wait and leave their rows to whoever
  // owns the robots next.
  bool stopping = false;

  std::chrono::milliseconds poll_interval() const {
    return changer ? changer->poll_interval() : std::chrono::seconds(1);
  }
};

// Reads the elements and makes the database agree (reconcile.h). The caller holds the arm. In the
// transaction of the changes, `wanted` runs before them and can call them off by returning false,
// `finish_with` runs after them.
boost::asio::awaitable<Result<ReconcileSummary>> refresh_inventory(
    LibraryContext& context, bool slots_only, std::function<void(store::Writer&)> finish_with = {},
    std::function<bool(store::Writer&)> wanted = {});

// Reads part of the elements of a type, trying again for up to 20 seconds while the link is down
// or the device is not ready. The caller holds the arm.
boost::asio::awaitable<Result<std::vector<scsi::ElementStatus>>> read_patiently(
    LibraryContext& context, scsi::ElementType type,
    std::optional<device::ElementRange> range = {});

}  // namespace ntms::operations
