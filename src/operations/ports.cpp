// SPDX-License-Identifier: MIT
#include "operations/ports.h"

#include "operations/element_states.h"
#include "operations/port_access.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace asio = boost::asio;

asio::awaitable<void> look_at_ports(LibraryContext& context) {
  const auto arm = co_await context.arm.lock();
  // Who is asked to empty a port must be able to.
  const auto unlocked = co_await context.changer->prevent(false);
  const auto elements = co_await context.changer->read_elements(scsi::ElementType::import_export);
  if (!unlocked || !elements) {
    const Error& why = unlocked ? elements.error() : unlocked.error();
    context.log->debug("{}: looking at the ports: {}", context.name, why.reason);
  }
  if (!elements) co_return;
  bool still_waits = false;
  const auto stored = context.db.write([&](store::Writer& writer) -> Result<void> {
    record_port_contents(writer, context.library, *elements);
    still_waits = waits_for_empty_port(writer, context.library);
    return {};
  });
  if (!stored) {
    context.log->error("{}: {}", context.name, stored.error().reason);
  } else if (!still_waits) {
    if (const auto locked = co_await context.changer->prevent(true); !locked) {
      context.log->debug("{}: the port cannot be locked: {}", context.name, locked.error().reason);
    }
  }
}

void record_port_contents(store::Writer& writer, const Guid& library,
                          const std::vector<scsi::ElementStatus>& elements) {
  for (model::Port& port : writer.list<model::Port>("t.library=?1", library)) {
    for (const auto& element : elements) {
      if (element.address != port.element_address) continue;
      if (!reports_content(element)) continue;
      apply(writer, port,
            element.full ? model::ContentEvent::placed : model::ContentEvent::removed);
      if (!element.full) complete_device_service(writer, port.id);
    }
  }
}

bool waits_for_empty_port(store::Reader& reader, const Guid& library) {
  return reader.number(
             "SELECT count(*) FROM operator_request WHERE state IN (1,2,3) AND by_system=1"
             " AND arg1 IN (SELECT guid FROM port WHERE library=?1)",
             library) != 0;
}

}  // namespace ntms::operations
