// SPDX-License-Identifier: MIT
// Which member of the Info union belongs to which object type, for all layouts. Inside the object
// codec only.
#pragma once

#include <ntmsapi.h>

#include <cstddef>
#include <type_traits>
#include <utility>

#include "model/objects.h"

namespace ntms::abi {

// The member of Info for objects of a model type, by reference. The first generation has none for
// computers: there the call does not compile, which has_member() tells beforehand.
template <class I>
auto& member_of(I& i, std::type_identity<model::Changer>) {
  return i.Info.Changer;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::ChangerType>) {
  return i.Info.ChangerType;
}
template <class I>
requires requires(I& i) {
  i.Info.Computer;
}
auto& member_of(I& i, std::type_identity<model::Computer>) {
  return i.Info.Computer;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::Drive>) {
  return i.Info.Drive;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::DriveType>) {
  return i.Info.DriveType;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::Door>) {
  return i.Info.IEDoor;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::Port>) {
  return i.Info.IEPort;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::Library>) {
  return i.Info.Library;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::LibraryRequest>) {
  return i.Info.LibRequest;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::LogicalMedium>) {
  return i.Info.LogicalMedia;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::MediaPool>) {
  return i.Info.MediaPool;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::MediaType>) {
  return i.Info.MediaType;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::Side>) {
  return i.Info.Partition;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::PhysicalMedium>) {
  return i.Info.PhysicalMedia;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::Slot>) {
  return i.Info.StorageSlot;
}
template <class I>
auto& member_of(I& i, std::type_identity<model::OperatorRequest>) {
  return i.Info.OpRequest;
}

template <class I, class T>
constexpr bool has_member() {
  return requires(I & i) {
    member_of(i, std::type_identity<T>{});
  };
}

// The bytes of the structure up to the end of the member for T: the smallest size a caller may
// state, and all that is ever written.
template <class I, class T>
constexpr std::size_t used_size() {
  return offsetof(I, Info) + sizeof(member_of(std::declval<I&>(), std::type_identity<T>{}));
}

}  // namespace ntms::abi
