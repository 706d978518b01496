// SPDX-License-Identifier: MIT
// The import/export elements of a library as one mail slot that is given to the operator and taken
// back (contract: functions-library-control 0.6, concepts 10).
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>

#include "operations/library_context.h"

namespace ntms::operations {

// Something that has the mail slot of a library to itself: an eject round, or an inject. At most
// one exists per library. Thread safety: used on the engine's thread only.
class PortOperation {
 public:
  PortOperation() = default;
  PortOperation(const PortOperation&) = delete;
  PortOperation& operator=(const PortOperation&) = delete;
  virtual ~PortOperation() = default;

  // The request, or the round of requests, that it is about.
  virtual const Guid& id() const = 0;

  // Runs to its end, or until the engine is stopping. Picks up where an interrupted one stopped.
  virtual boost::asio::awaitable<void> run() = 0;

  // The rows of its requests have changed.
  virtual void notify() = 0;

  // Whether a forced eject may join it.
  virtual bool takes_forced_ejects() const { return false; }
};

// Gives the operator access: unlocks, and extends every element where the robot knows how to. The
// caller holds the arm. What the robot refuses is logged; some ports are opened by hand.
boost::asio::awaitable<void> open_ports(LibraryContext& context);

// Takes it back: retracts and locks. The caller holds the arm.
boost::asio::awaitable<void> close_ports(LibraryContext& context);

// When the operator's time is over if it begins now, by the largest MaxExtendSecs of the library's
// ports; milliseconds of the engine's clock.
std::int64_t port_deadline(store::Reader& reader, const LibraryContext& context);

// Whether an element tells what it holds. One that stands open to the operator may not.
bool reports_content(const scsi::ElementStatus& port);

}  // namespace ntms::operations
