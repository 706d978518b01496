// SPDX-License-Identifier: MIT
// Inject: cartridges come into the library through its import/export elements
// (contract: functions-library-control 2 and 16, concepts 13.1).
//
// The operator is given the port; when it is full (one element), pushed in, told to be retracted,
// stopped, or when the time is over, it is locked and what lies in it is moved to free slots, one
// cartridge after the other. What has come so far is in the request's row: an intent before every
// move, the outcome after the elements have been read again.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>

#include "model/state_machines.h"
#include "operations/port_access.h"

namespace ntms::operations {

// Carries out an NTMS_LM_INJECT request, or an NTMS_LM_INJECTCLEANER request through the port.
class Inject final : public PortOperation {
 public:
  Inject(LibraryContext& context, const Guid& request)
      : context_(context), request_(request), changed_(context.executor, context.clock) {}

  const Guid& id() const override { return request_; }
  boost::asio::awaitable<void> run() override;
  void notify() override { changed_.notify(); }

 private:
  // What came of taking in.
  struct Intake {
    std::size_t moved = 0;
    std::size_t left = 0;          // cartridges without a free slot, still in the port
    std::size_t occupied = 0;      // slots that were not as free as believed
    std::optional<Error> trouble;  // a move that failed
    bool blocked = false;          // the library is open: to be tried again
  };

  std::optional<model::LibraryRequest> current();
  boost::asio::awaitable<void> open();
  boost::asio::awaitable<std::optional<model::PortEvent>> watch();
  boost::asio::awaitable<Intake> take_in(bool cleaner, model::PortEvent why);
  boost::asio::awaitable<bool> take_one(const scsi::ElementStatus& port, bool cleaner,
                                        Intake& intake);
  void conclude(model::PortEvent why, const Intake& intake);
  bool store(const std::function<Result<void>(store::Writer&)>& work);

  LibraryContext& context_;
  const Guid request_;
  runtime::Signal changed_;
  bool open_ = false;                        // the operator has access to the port
  bool interrupted_ = true;                  // the row may come from another owner
  std::optional<model::PortEvent> pending_;  // why the port was closed; the intake is still to come
  bool seen_out_ = false;  // an element was out of the arm's reach: the port stands open
};

}  // namespace ntms::operations
