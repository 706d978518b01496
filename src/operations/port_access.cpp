// SPDX-License-Identifier: MIT
#include "operations/port_access.h"

#include <algorithm>

namespace ntms::operations {
namespace asio = boost::asio;

asio::awaitable<void> open_ports(LibraryContext& context) {
  if (const auto unlocked = co_await context.changer->prevent(false); !unlocked) {
    context.log->debug("{}: the port cannot be unlocked: {}", context.name,
                       unlocked.error().reason);
  }
  const scsi::ElementRange ports = context.changer->geometry().import_export;
  for (std::uint32_t index = 0; index < ports.count; ++index) {
    const auto address = static_cast<std::uint16_t>(ports.first + index);
    auto opened = co_await context.changer->open_port(address);
    if (!opened && opened.error().code != ERROR_NOT_SUPPORTED) {
      opened = co_await context.changer->open_port(address);
    }
    if (opened) continue;
    if (opened.error().code == ERROR_NOT_SUPPORTED) break;  // by hand, or by the move itself
    context.log->warn("{}: the port at element {} cannot be extended: {}", context.name, address,
                      opened.error().reason);
  }
}

asio::awaitable<void> close_ports(LibraryContext& context) {
  const scsi::ElementRange ports = context.changer->geometry().import_export;
  for (std::uint32_t index = 0; index < ports.count; ++index) {
    const auto address = static_cast<std::uint16_t>(ports.first + index);
    auto closed = co_await context.changer->close_port(address);
    if (!closed && closed.error().code != ERROR_NOT_SUPPORTED) {
      closed = co_await context.changer->close_port(address);
    }
    if (closed) continue;
    if (closed.error().code == ERROR_NOT_SUPPORTED) break;
    context.log->warn("{}: the port at element {} cannot be retracted: {}", context.name, address,
                      closed.error().reason);
  }
  if (const auto locked = co_await context.changer->prevent(true); !locked) {
    context.log->debug("{}: the port cannot be locked: {}", context.name, locked.error().reason);
  }
}

std::int64_t port_deadline(store::Reader& reader, const LibraryContext& context) {
  return context.clock.now_ms() +
         reader.number("SELECT max(max_extend_secs) FROM port WHERE library=?1", context.library) *
             1000;
}

bool reports_content(const scsi::ElementStatus& port) {
  return port.full || !port.except;
}

}  // namespace ntms::operations
