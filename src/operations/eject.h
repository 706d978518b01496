// SPDX-License-Identifier: MIT
// Eject: cartridges leave the library through its import/export elements
// (contract: functions-library-control 1).
//
// A round is what the operator sees as one: the requests that share a `round` id are moved out one
// after the other, the port is opened once, and the round waits until the cartridges have been
// taken, a stop arrives or the time is over. Everything a round knows is in its rows, so that
// another process can go on with it at any point: the intent to move is committed before the arm
// moves, the outcome after the elements have been read again.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <vector>

#include "model/state_machines.h"
#include "operations/port_access.h"

namespace ntms::operations {

// The round that a library's port is given to.
class EjectRound final : public PortOperation {
 public:
  EjectRound(LibraryContext& context, const Guid& round)
      : context_(context), round_(round), changed_(context.executor, context.clock) {}

  const Guid& id() const override { return round_; }

  // Runs until no unfinished request belongs to the round, or the engine is stopping. Picks up
  // where an interrupted round stopped.
  boost::asio::awaitable<void> run() override;

  // A request of the round was stopped, cancelled or added.
  void notify() override { changed_.notify(); }

  bool takes_forced_ejects() const override { return true; }

 private:
  using Requests = std::vector<model::LibraryRequest>;

  Result<Requests> members();
  boost::asio::awaitable<bool> settle_interrupted(Requests& requests);
  boost::asio::awaitable<void> withdraw(Requests& requests);
  boost::asio::awaitable<void> move_out(Requests& requests);
  bool still_to_move(const Guid& request);
  boost::asio::awaitable<void> move_one_out(const Guid& request, bool last_try);
  boost::asio::awaitable<void> wait_for_doors(Requests& requests);
  boost::asio::awaitable<void> refresh_if_stale();
  boost::asio::awaitable<void> empty_drive(const model::LibraryRequest& request,
                                           std::uint16_t drive_element);
  boost::asio::awaitable<void> verify_move_out(const Guid& request, const Error& why_not,
                                               bool reported_success);
  boost::asio::awaitable<void> verify_move_home(const Guid& request);
  boost::asio::awaitable<void> open_port();
  boost::asio::awaitable<void> close_port();
  boost::asio::awaitable<void> retract_port(model::PortEvent why);
  boost::asio::awaitable<void> look();
  boost::asio::awaitable<void> time_out();
  boost::asio::awaitable<void> fail_all(const Error& error);

  void store(const std::function<Result<void>(store::Writer&)>& work);
  void fail_request(const Guid& request, const Error& error);
  void note_taken(store::Writer& writer, model::LibraryRequest& request, bool port_full, bool last);

  LibraryContext& context_;
  const Guid round_;
  runtime::Signal changed_;
  bool open_ = false;  // the operator has access to the port
  bool room_ = true;   // an element may be free for a request that waits
  std::chrono::steady_clock::time_point looked_at_{};  // at the port, last
  bool database_refused_ = false;                      // a change could not be stored
  bool interrupted_ = true;  // rows may come from another owner: settle them first
};

}  // namespace ntms::operations
