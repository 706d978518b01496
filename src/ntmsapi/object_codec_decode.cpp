// SPDX-License-Identifier: MIT
// Structures to changes: the writable members (functions-objects 2).
#include <cstring>
#include <utility>

#include "caller_text.h"
#include "object_codec.h"
#include "object_codec_layout.h"
#include "server/object_types.h"

namespace ntms::abi {
namespace {

// read(): the writable members of one type. Most types have none of their own.
template <class M, class T>
void read(const M&, std::type_identity<T>, server::WritableMembers&) {}

template <class M>
void read(const M& in, std::type_identity<model::Computer>, server::WritableMembers& members) {
  members.lib_request_purge_time = in.dwLibRequestPurgeTime;
  members.op_request_purge_time = in.dwOpRequestPurgeTime;
  members.lib_request_flags = in.dwLibRequestFlags;
  members.op_request_flags = in.dwOpRequestFlags;
  members.media_pool_policy = in.dwMediaPoolPolicy;
}

template <class M>
void read(const M& in, std::type_identity<model::Drive>, server::WritableMembers& members) {
  members.defer_dismount_delay = in.dwDeferDismountDelay;
}

template <class M>
void read(const M& in, std::type_identity<model::Door>, server::WritableMembers& members) {
  members.max_open_secs = in.MaxOpenSecs;
}

template <class M>
void read(const M& in, std::type_identity<model::Port>, server::WritableMembers& members) {
  members.max_extend_secs = in.MaxExtendSecs;
}

template <class M>
void read(const M& in, std::type_identity<model::Library>, server::WritableMembers& members) {
  members.inventory_method = in.InventoryMethod;
  members.cleaner_uses = in.dwCleanerUsesRemaining;
  if constexpr (requires { in.AutoRecovery; }) {
    members.auto_recovery = in.AutoRecovery != FALSE;
    members.library_flags = in.dwFlags;
  }
}

template <class M>
void read(const M& in, std::type_identity<model::MediaPool>, server::WritableMembers& members) {
  members.media_type = guid_of(in.MediaType);
  members.allocation_policy = in.AllocationPolicy;
  members.deallocation_policy = in.DeallocationPolicy;
  members.max_allocates = in.dwMaxAllocates;
}

template <class I, class T>
Result<server::WritableMembers> decode_as(const void* information) {
  I in;
  std::memset(&in, 0, sizeof in);
  std::memcpy(&in, information, used_size<I, T>());

  server::WritableMembers members;
  if constexpr (server::has_writable_name(store::Table<T>::type)) {
    auto name = text_of(in.szName, "szName");
    if (!name) return name.error();
    members.name = std::move(*name);
  }
  auto description = text_of(in.szDescription, "szDescription");
  if (!description) return description.error();
  members.description = std::move(*description);
  read(std::as_const(member_of(in, std::type_identity<T>{})), std::type_identity<T>{}, members);
  return members;
}

}  // namespace

template <class Charset>
Result<server::WritableMembers> decode(const void* information, Layout layout, std::uint32_t type) {
  return server::with_object_type(type, [&](auto tag) {
    using T = typename decltype(tag)::type;
    if constexpr (has_member<typename Charset::First, T>()) {
      if (layout == Layout::first) return decode_as<typename Charset::First, T>(information);
    }
    return decode_as<typename Charset::Current, T>(information);
  });
}

template Result<server::WritableMembers> decode<Ansi>(const void*, Layout, std::uint32_t);
template Result<server::WritableMembers> decode<Wide>(const void*, Layout, std::uint32_t);

}  // namespace ntms::abi
