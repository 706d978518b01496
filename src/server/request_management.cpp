// SPDX-License-Identifier: MIT
#include "server/request_management.h"

#include <ntmsapi.h>

#include <algorithm>
#include <vector>

#include "model/states.h"
#include "server/access.h"

namespace ntms::server {
using model::LibraryRequest;

namespace {

Result<LibraryRequest> find_request(store::Reader& reader, const Session& session, const Guid& id) {
  auto request = reader.find<LibraryRequest>(id);
  if (!request) {
    return fail(ERROR_OBJECT_NOT_FOUND, "there is no library request " + id.to_string());
  }
  if (auto allowed = check_computer(reader, session, NTMS_CONTROL_ACCESS); !allowed) {
    return allowed.error();
  }
  return *std::move(request);
}

bool is_ordered(const LibraryRequest& request) {
  return request.operation == NTMS_LM_MOUNT && !model::is_finished(request.state);
}

// The unfinished mounts of a library in their order; those of one number in that of their arrival.
std::vector<LibraryRequest> mounts_in_order(store::Reader& reader, const Guid& library) {
  auto mounts = reader.list<LibraryRequest>(
      "t.library=?1 AND t.operation=?2 AND t.state IN (0,1,5,6)", library, NTMS_LM_MOUNT);
  std::stable_sort(mounts.begin(), mounts.end(),
                   [](const LibraryRequest& a, const LibraryRequest& b) {
                     return a.order_number < b.order_number;
                   });
  return mounts;
}

auto place_of(std::vector<LibraryRequest>& mounts, const Guid& id) {
  return std::find_if(mounts.begin(), mounts.end(),
                      [&](const LibraryRequest& mount) { return mount.id == id; });
}

bool has_ended(const LibraryRequest& request) {
  return model::is_finished(request.state);
}

bool has_ended(const model::OperatorRequest& request) {
  return model::is_answered(request.state);
}

template <class T>
void remove_ended(store::Writer& writer, std::span<const Guid> requests) {
  for (const Guid& id : requests) {
    const auto request = writer.find<T>(id);
    if (request && has_ended(*request)) writer.remove<T>(id);
  }
}

}  // namespace

Result<std::uint32_t> RequestManagement::order(const Guid& id) const {
  return database_.read([&](store::Reader& reader) -> Result<std::uint32_t> {
    const auto request = find_request(reader, session_, id);
    if (!request) return request.error();
    if (!is_ordered(*request)) return std::uint32_t{0};
    auto mounts = mounts_in_order(reader, request->library);
    return static_cast<std::uint32_t>(place_of(mounts, id) - mounts.begin()) + 1;
  });
}

Result<void> RequestManagement::set_order(const Guid& id, std::uint32_t order) const {
  if (order == 0) return fail(ERROR_INVALID_PARAMETER, "places in the queue count from 1");
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto request = find_request(writer, session_, id);
    if (!request) return request.error();
    if (!is_ordered(*request)) return {};
    auto mounts = mounts_in_order(writer, request->library);
    const auto from = place_of(mounts, id);
    const auto to = mounts.begin() +
                    static_cast<std::ptrdiff_t>(std::min<std::size_t>(order, mounts.size())) - 1;
    if (to < from) {
      std::rotate(to, from, from + 1);
    } else {
      std::rotate(from, from + 1, to + 1);
    }
    std::uint32_t number = 0;
    for (LibraryRequest& mount : mounts) {
      if (mount.order_number == ++number) continue;
      mount.order_number = number;
      writer.update(mount);
    }
    return {};
  });
}

Result<void> RequestManagement::remove(std::uint32_t type, std::span<const Guid> requests) const {
  if (type != NTMS_LIBREQUEST && type != NTMS_OPREQUEST) {
    return fail(ERROR_INVALID_PARAMETER, std::to_string(type) + " is not a type of requests");
  }
  if (auto allowed = check_computer(database_, session_, NTMS_MODIFY_ACCESS); !allowed) {
    return allowed;
  }
  if (requests.empty()) return {};
  return database_.write([&](store::Writer& writer) -> Result<void> {
    if (type == NTMS_LIBREQUEST) {
      remove_ended<LibraryRequest>(writer, requests);
    } else {
      remove_ended<model::OperatorRequest>(writer, requests);
    }
    return {};
  });
}

}  // namespace ntms::server
