// SPDX-License-Identifier: MIT
// Which table keeps which model object. What columns it has stands in mapping.h, which only the
// store itself needs.
#pragma once

#include <cstdint>

#include "model/objects.h"

namespace ntms::store {

// The table of an object type: `type` is its number in the ABI (NtmsObjectsTypes), `name` that of
// the table in SQL.
template <class T>
struct Table;

#define NTMS_TABLE(Type, number, table_name)        \
  template <>                                       \
  struct Table<model::Type> {                       \
    using Object = model::Type;                     \
    static constexpr std::uint32_t type = number;   \
    static constexpr const char* name = table_name; \
  };

NTMS_TABLE(Computer, NTMS_COMPUTER, "computer")
NTMS_TABLE(ChangerType, NTMS_CHANGER_TYPE, "changer_type")
NTMS_TABLE(DriveType, NTMS_DRIVE_TYPE, "drive_type")
NTMS_TABLE(MediaType, NTMS_MEDIA_TYPE, "media_type")
NTMS_TABLE(Library, NTMS_LIBRARY, "library")
NTMS_TABLE(Changer, NTMS_CHANGER, "changer")
NTMS_TABLE(Drive, NTMS_DRIVE, "drive")
NTMS_TABLE(Slot, NTMS_STORAGESLOT, "slot")
NTMS_TABLE(Port, NTMS_IEPORT, "port")
NTMS_TABLE(Door, NTMS_IEDOOR, "door")
NTMS_TABLE(MediaPool, NTMS_MEDIA_POOL, "media_pool")
NTMS_TABLE(PhysicalMedium, NTMS_PHYSICAL_MEDIA, "physical_medium")
NTMS_TABLE(Side, NTMS_PARTITION, "side")
NTMS_TABLE(LogicalMedium, NTMS_LOGICAL_MEDIA, "logical_medium")
NTMS_TABLE(LibraryRequest, NTMS_LIBREQUEST, "library_request")
NTMS_TABLE(OperatorRequest, NTMS_OPREQUEST, "operator_request")

#undef NTMS_TABLE

// Calls `visit` with each object type's Table, in the order of their numbers in the ABI.
template <class F>
void for_each_table(F&& visit) {
  visit(Table<model::Changer>{});
  visit(Table<model::ChangerType>{});
  visit(Table<model::Computer>{});
  visit(Table<model::Drive>{});
  visit(Table<model::DriveType>{});
  visit(Table<model::Door>{});
  visit(Table<model::Port>{});
  visit(Table<model::Library>{});
  visit(Table<model::LibraryRequest>{});
  visit(Table<model::LogicalMedium>{});
  visit(Table<model::MediaPool>{});
  visit(Table<model::MediaType>{});
  visit(Table<model::Side>{});
  visit(Table<model::PhysicalMedium>{});
  visit(Table<model::Slot>{});
  visit(Table<model::OperatorRequest>{});
}

}  // namespace ntms::store
