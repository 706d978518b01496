// SPDX-License-Identifier: MIT
#include "operations/free_pool.h"

#include <algorithm>

#include "model/state_machines.h"
#include "operations/requests.h"

namespace ntms::operations {
namespace {

bool is_offline(store::Reader& reader, const Guid& library) {
  return reader.number("SELECT type FROM library WHERE guid=?1", library) ==
         NTMS_LIBRARYTYPE_OFFLINE;
}

// An offline medium is idle (concepts 7): nothing is done with it until it is back.
void hold(store::Writer& writer, model::PhysicalMedium& medium) {
  if (medium.media_state != NTMS_MEDIASTATE_IDLE || is_offline(writer, medium.library)) return;
  medium.media_state = NTMS_MEDIASTATE_INUSE;
  writer.update(medium);
}

}  // namespace

bool takes_free_label(std::uint32_t side_state) {
  return model::next_state(side_state, model::SideEvent::free_label_wanted).has_value();
}

void queue_write_scratch(store::Writer& writer, model::LibraryRequest& request,
                         model::PhysicalMedium& medium, const Guid& free_pool,
                         ScratchOrigin origin) {
  std::vector<Guid> labelled;
  for (model::Side& side : writer.list<model::Side>("t.medium=?1", medium.id)) {
    const auto next = model::next_state(side.state, model::SideEvent::free_label_wanted);
    if (!next) continue;
    labelled.push_back(side.id);
    if (*next == side.state) continue;
    side.state = *next;
    writer.update(side);
  }
  request.option = static_cast<std::uint32_t>(origin);
  request.medium = medium.id;
  request.slot = medium.home_slot;
  request.round = free_pool;
  if (labelled.size() == 1) request.side = labelled.front();
  writer.insert(request);
  hold(writer, medium);
}

void complete_write_scratch(store::Writer& writer, model::LibraryRequest& request,
                            std::span<const WrittenLabel> labels) {
  auto medium = writer.find<model::PhysicalMedium>(request.medium);
  if (!medium) {
    finish(writer, request, NTMS_LM_INVALID, ERROR_INVALID_MEDIA, "the medium is gone");
    return;
  }
  const auto pool = writer.find<model::MediaPool>(request.round);
  if (!pool) {
    finish(writer, request, NTMS_LM_FAILED, ERROR_INVALID_MEDIA_POOL, "the free pool is gone");
    return;
  }
  medium->pool = pool->id;
  medium->media_type = pool->media_type;
  writer.update(*medium);
  for (model::Side& side : writer.list<model::Side>("t.medium=?1", medium->id)) {
    if (side.state != NTMS_PARTSTATE_UNPREPARED) continue;
    side.state =
        model::next_state(side.state, model::SideEvent::free_label_written).value_or(side.state);
    const auto label = std::find_if(labels.begin(), labels.end(), [&](const WrittenLabel& written) {
      return written.side == side.id;
    });
    if (label != labels.end()) {
      side.omid_type = label->type;
      side.omid_id = label->id;
      side.omid_info = label->info;
    }
    writer.update(side);
  }
  finish(writer, request, NTMS_LM_PASSED);
}

void notify_free_label(store::Writer& writer, const model::LibraryRequest& request) {
  switch (static_cast<ScratchOrigin>(request.option)) {
    case ScratchOrigin::move:
      writer.complete(NTMS_MEDIA_POOL, request.round);
      break;
    case ScratchOrigin::type_change:
      writer.complete(NTMS_PHYSICAL_MEDIA, request.medium);
      break;
    case ScratchOrigin::deallocation:
      break;
  }
}

void carry_write_scratch(store::Writer& writer, const Guid& id) {
  // Not ordered by the place in the queue: that would be a look at every request there ever was.
  const auto requests = writer.ids(
      "SELECT guid FROM library_request WHERE state IN (0, 1, 5, 6) AND medium=?1 AND operation=?2",
      id, NTMS_LM_WRITESCRATCH);
  if (requests.empty()) return;
  auto medium = writer.find<model::PhysicalMedium>(id);
  auto request = writer.find<model::LibraryRequest>(requests.front());
  if (!medium || !request || request->library == medium->library) return;
  request->library = medium->library;
  request->slot = medium->home_slot;
  writer.update(*request);
  hold(writer, *medium);
}

}  // namespace ntms::operations
