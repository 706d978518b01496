// SPDX-License-Identifier: MIT
// Which columns keep which members of a model object. One specialisation of Columns per object
// type; the statements are generated from it, so that a column is named in two places only: here
// and in the schema (schema.cpp, docs/database.md).
#pragma once

#include <string>
#include <tuple>

#include "store/tables.h"

namespace ntms::store {

template <class C, class M>
struct Column {
  const char* name;
  M C::*member;
};

template <class C, class M>
constexpr Column<C, M> column(const char* name, M C::*member) {
  return {name, member};
}

// The members every object has, in the order of the columns that every table starts with.
inline constexpr auto kObjectColumns = std::make_tuple(
    column("guid", &model::Object::id), column("created", &model::Object::created),
    column("modified", &model::Object::modified), column("enabled", &model::Object::enabled),
    column("operational_state", &model::Object::operational_state),
    column("name", &model::Object::name), column("description", &model::Object::description));

template <class T>
struct Columns;  // { all }

#define NTMS_COLUMNS(Type, ...)                                                               \
  template <>                                                                                 \
  struct Columns<model::Type> {                                                               \
    using T = model::Type;                                                                    \
    static constexpr auto all = std::tuple_cat(kObjectColumns, std::make_tuple(__VA_ARGS__)); \
  };

NTMS_COLUMNS(Computer, column("lib_request_purge_time", &T::lib_request_purge_time),
             column("op_request_purge_time", &T::op_request_purge_time),
             column("lib_request_flags", &T::lib_request_flags),
             column("op_request_flags", &T::op_request_flags),
             column("media_pool_policy", &T::media_pool_policy))

NTMS_COLUMNS(ChangerType, column("vendor", &T::vendor), column("product", &T::product),
             column("device_type", &T::device_type))

NTMS_COLUMNS(DriveType, column("vendor", &T::vendor), column("product", &T::product),
             column("device_type", &T::device_type))

NTMS_COLUMNS(MediaType, column("code", &T::code), column("sides", &T::sides),
             column("read_write", &T::read_write), column("device_type", &T::device_type))

NTMS_COLUMNS(Library, column("type", &T::type), column("uri", &T::uri),
             column("serial", &T::serial), column("cleaner_slot", &T::cleaner_slot),
             column("cleaner_slot_default", &T::cleaner_slot_default),
             column("supports_cleaning", &T::supports_cleaning),
             column("bar_code_reader", &T::bar_code_reader),
             column("inventory_method", &T::inventory_method),
             column("cleaner_uses", &T::cleaner_uses), column("auto_recovery", &T::auto_recovery),
             column("flags", &T::flags), column("first_drive_number", &T::first_drive_number),
             column("first_slot_number", &T::first_slot_number),
             column("first_door_number", &T::first_door_number),
             column("first_port_number", &T::first_port_number),
             column("first_changer_number", &T::first_changer_number),
             column("state_reason", &T::state_reason))

NTMS_COLUMNS(Changer, column("library", &T::library), column("number", &T::number),
             column("changer_type", &T::changer_type), column("serial", &T::serial),
             column("revision", &T::revision), column("device_name", &T::device_name),
             column("element_address", &T::element_address))

NTMS_COLUMNS(Drive, column("library", &T::library), column("number", &T::number),
             column("element_address", &T::element_address), column("state", &T::state),
             column("drive_type", &T::drive_type), column("device_name", &T::device_name),
             column("serial", &T::serial), column("revision", &T::revision),
             column("mount_count", &T::mount_count), column("last_cleaned", &T::last_cleaned),
             column("saved_side", &T::saved_side),
             column("defer_dismount_delay", &T::defer_dismount_delay),
             column("mapping_reason", &T::mapping_reason))

NTMS_COLUMNS(Slot, column("library", &T::library), column("number", &T::number),
             column("element_address", &T::element_address), column("state", &T::state))

NTMS_COLUMNS(Port, column("library", &T::library), column("number", &T::number),
             column("element_address", &T::element_address), column("content", &T::content),
             column("position", &T::position), column("max_extend_secs", &T::max_extend_secs))

NTMS_COLUMNS(Door, column("library", &T::library), column("number", &T::number),
             column("state", &T::state), column("max_open_secs", &T::max_open_secs))

NTMS_COLUMNS(MediaPool, column("type", &T::type), column("media_type", &T::media_type),
             column("parent", &T::parent), column("allocation_policy", &T::allocation_policy),
             column("deallocation_policy", &T::deallocation_policy),
             column("max_allocates", &T::max_allocates), column("root", &T::root))

NTMS_COLUMNS(PhysicalMedium, column("library", &T::library), column("pool", &T::pool),
             column("location", &T::location), column("location_type", &T::location_type),
             column("media_type", &T::media_type), column("home_slot", &T::home_slot),
             column("bar_code", &T::bar_code), column("bar_code_state", &T::bar_code_state),
             column("sequence_number", &T::sequence_number), column("media_state", &T::media_state),
             column("media_type_code", &T::media_type_code),
             column("density_code", &T::density_code), column("mounted_side", &T::mounted_side))

NTMS_COLUMNS(Side, column("medium", &T::medium), column("logical_medium", &T::logical_medium),
             column("state", &T::state), column("side", &T::side),
             column("omid_type", &T::omid_type), column("omid_id", &T::omid_id),
             column("omid_info", &T::omid_info), column("mount_count", &T::mount_count),
             column("allocate_count", &T::allocate_count), column("capacity", &T::capacity))

NTMS_COLUMNS(LogicalMedium, column("pool", &T::pool))

NTMS_COLUMNS(LibraryRequest, column("operation", &T::operation), column("option", &T::option),
             column("state", &T::state), column("side", &T::side), column("drive", &T::drive),
             column("medium", &T::medium), column("library", &T::library), column("slot", &T::slot),
             column("time_queued", &T::time_queued), column("time_completed", &T::time_completed),
             column("application", &T::application), column("user", &T::user),
             column("computer", &T::computer), column("error_code", &T::error_code),
             column("reason", &T::reason), column("work_item", &T::work_item),
             column("priority", &T::priority), column("held", &T::held), column("round", &T::round),
             column("stop", &T::stop), column("cancel", &T::cancel), column("phase", &T::phase),
             column("source", &T::source), column("target", &T::target),
             column("deadline", &T::deadline), column("order_number", &T::order_number),
             column("retract", &T::retract), column("cleans_left", &T::cleans_left),
             column("session", &T::session), column("drive_given", &T::drive_given))

NTMS_COLUMNS(OperatorRequest, column("request", &T::request), column("submitted", &T::submitted),
             column("answered", &T::answered), column("state", &T::state),
             column("message", &T::message), column("arg1_type", &T::arg1_type),
             column("arg1", &T::arg1), column("arg2_type", &T::arg2_type), column("arg2", &T::arg2),
             column("application", &T::application), column("user", &T::user),
             column("computer", &T::computer), column("by_system", &T::by_system))

#undef NTMS_COLUMNS

}  // namespace ntms::store
