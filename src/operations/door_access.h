// SPDX-License-Identifier: MIT
// Door access: the operator reaches into the library, and the database follows
// (contract: functions-library-control 3, 16 and 17; concepts 10, 13.4).
//
// The library is the operator's from the moment the doors are unlocked until they are seen to be
// closed; nothing else is done meanwhile. A library that does not tell whether it is open is closed
// when the operator completes the request to close it.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "operations/library_context.h"

namespace ntms::operations {

// Carries out an NTMS_LM_DOORACCESS request, or an NTMS_LM_INJECTCLEANER or NTMS_LM_EJECTCLEANER
// request of a library without a port. Has the library to itself.
// Thread safety: used on the engine's thread only.
class DoorAccess {
 public:
  DoorAccess(LibraryContext& context, const Guid& request)
      : context_(context), request_(request), changed_(context.executor, context.clock) {}

  // Runs to its end, or until the engine is stopping. Picks up where an interrupted one stopped.
  boost::asio::awaitable<void> run();

  // The rows of the request have changed.
  void notify() { changed_.notify(); }

 private:
  boost::asio::awaitable<void> empty_drives();
  boost::asio::awaitable<void> unlock();
  boost::asio::awaitable<bool> is_closed();
  boost::asio::awaitable<void> lock();
  boost::asio::awaitable<void> follow_up();
  boost::asio::awaitable<void> take_inventory();
  void read_labels(store::Writer& writer);
  boost::asio::awaitable<void> look_at_cleaner_slot(model::LibraryRequest request);
  void note_lock(store::Writer& writer, model::LibraryRequest& request);
  bool store(const std::function<Result<void>(store::Writer&)>& work);

  LibraryContext& context_;
  const Guid request_;
  runtime::Signal changed_;
  bool changed_contents_ = false;  // an attention told that somebody has been in the library
};

}  // namespace ntms::operations
