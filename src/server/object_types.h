// SPDX-License-Identifier: MIT
// From the number of an object type (NtmsObjectsTypes) to the model object that stands for it.
#pragma once

#include <ntmsapi.h>

#include <cstdint>
#include <stdexcept>
#include <type_traits>

#include "model/objects.h"

namespace ntms::server {

// Whether objects of this type exist for callers: 2 to 17 (functions-objects 0).
constexpr bool is_object_type(std::uint32_t type) {
  return type >= NTMS_CHANGER && type <= NTMS_OPREQUEST;
}

// Whether callers may name objects of this type (functions-objects 2, writable members).
constexpr bool has_writable_name(std::uint32_t type) {
  return type == NTMS_LIBRARY || type == NTMS_LOGICAL_MEDIA || type == NTMS_MEDIA_POOL ||
         type == NTMS_PARTITION || type == NTMS_PHYSICAL_MEDIA;
}

// Calls `visit` with std::type_identity<model::X> for the object type and returns its answer.
// Throws std::invalid_argument when is_object_type(type) is false. `visit` must answer with the
// same type for every object type.
template <class F>
constexpr auto with_object_type(std::uint32_t type, F&& visit) {
  switch (type) {
    case NTMS_CHANGER:
      return visit(std::type_identity<model::Changer>{});
    case NTMS_CHANGER_TYPE:
      return visit(std::type_identity<model::ChangerType>{});
    case NTMS_COMPUTER:
      return visit(std::type_identity<model::Computer>{});
    case NTMS_DRIVE:
      return visit(std::type_identity<model::Drive>{});
    case NTMS_DRIVE_TYPE:
      return visit(std::type_identity<model::DriveType>{});
    case NTMS_IEDOOR:
      return visit(std::type_identity<model::Door>{});
    case NTMS_IEPORT:
      return visit(std::type_identity<model::Port>{});
    case NTMS_LIBRARY:
      return visit(std::type_identity<model::Library>{});
    case NTMS_LIBREQUEST:
      return visit(std::type_identity<model::LibraryRequest>{});
    case NTMS_LOGICAL_MEDIA:
      return visit(std::type_identity<model::LogicalMedium>{});
    case NTMS_MEDIA_POOL:
      return visit(std::type_identity<model::MediaPool>{});
    case NTMS_MEDIA_TYPE:
      return visit(std::type_identity<model::MediaType>{});
    case NTMS_PARTITION:
      return visit(std::type_identity<model::Side>{});
    case NTMS_PHYSICAL_MEDIA:
      return visit(std::type_identity<model::PhysicalMedium>{});
    case NTMS_STORAGESLOT:
      return visit(std::type_identity<model::Slot>{});
    case NTMS_OPREQUEST:
      return visit(std::type_identity<model::OperatorRequest>{});
    default:
      throw std::invalid_argument("not an object type");
  }
}

}  // namespace ntms::server
