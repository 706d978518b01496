// SPDX-License-Identifier: MIT
#include "server/object_security.h"

#include <ntmsapi.h>

#include "server/access.h"
#include "server/object_lookup.h"

namespace ntms::server {
namespace {

constexpr std::uint32_t kOwnership = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION;
constexpr std::uint32_t kLists = DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION;

Result<void> check_information(std::uint32_t information) {
  if (information == 0 || (information & ~(kOwnership | kLists)) != 0) {
    return fail(ERROR_INVALID_PARAMETER, "no such parts of a security descriptor");
  }
  return {};
}

// The type of the object. A wrong one names an object that does not exist.
Result<std::uint32_t> find_type(store::Reader& reader, const Guid& object, std::uint32_t stated) {
  const auto type = reader.type_of(object);
  if (!type || (stated != NTMS_UNKNOWN && stated != *type)) return not_found(object);
  return {boost::system::in_place_value, *type};
}

// The object itself, when it has a descriptor.
Result<Guard> carrier(std::uint32_t type, const Guid& object) {
  if (type == NTMS_COMPUTER) return Guard{NTMS_COMPUTER, {}};
  if (type == NTMS_LIBRARY || type == NTMS_MEDIA_POOL) return Guard{type, object};
  return fail(ERROR_NO_SECURITY_ON_OBJECT, "what contains the object has its security");
}

// The parts of a descriptor that was stored.
Result<security::Descriptor> parse_stored(const security::StoredDescriptor& stored) {
  auto parts = security::parse(stored);
  if (!parts) return fail(ERROR_DATABASE_FAILURE, parts.error().reason);
  return parts;
}

}  // namespace

Result<security::StoredDescriptor> ObjectSecurity::get(const Guid& object, std::uint32_t stated,
                                                       std::uint32_t information) const {
  if (auto valid = check_information(information); !valid) return valid.error();
  return database_.read([&](store::Reader& reader) -> Result<security::StoredDescriptor> {
    const auto type = find_type(reader, object, stated);
    if (!type) return type.error();
    if (auto allowed = check_object(reader, session_, *type, object, READ_CONTROL); !allowed) {
      return allowed.error();
    }
    if ((information & SACL_SECURITY_INFORMATION) != 0 && !session_.caller().may_audit) {
      return fail(ERROR_ACCESS_DENIED, "a SACL takes the privilege to manage auditing");
    }
    const auto guard = carrier(*type, object);
    if (!guard) return guard.error();
    const auto stored = descriptor_of(reader, *guard);
    const auto parts = parse_stored(stored);
    if (!parts) return parts.error();
    return security::build(security::selected(*parts, information));
  });
}

Result<void> ObjectSecurity::set(const Guid& object, std::uint32_t stated,
                                 std::uint32_t information,
                                 const security::StoredDescriptor& from) const {
  if (auto valid = check_information(information); !valid) return valid;
  const auto given = security::parse(from);
  if (!given) return given.error();
  if (((information & OWNER_SECURITY_INFORMATION) != 0 && given->owner.empty()) ||
      ((information & GROUP_SECURITY_INFORMATION) != 0 && given->group.empty()) ||
      ((information & DACL_SECURITY_INFORMATION) != 0 && !given->has_dacl())) {
    return fail(ERROR_INVALID_PARAMETER, "the descriptor lacks a part that is to be set");
  }
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto type = find_type(writer, object, stated);
    if (!type) return type.error();
    std::uint32_t rights = 0;
    if ((information & kLists) != 0) rights |= WRITE_DAC;
    if ((information & kOwnership) != 0) rights |= WRITE_OWNER;
    if (auto allowed = check_object(writer, session_, *type, object, rights); !allowed) {
      return allowed;
    }
    if (auto allowed = security::check_given(session_.caller(), *given, information); !allowed) {
      return allowed;
    }
    const auto guard = carrier(*type, object);
    if (!guard) return guard.error();
    const auto stored = descriptor_of(writer, *guard);
    const auto parts = parse_stored(stored);
    if (!parts) return parts.error();
    store_descriptor(writer, *guard, security::merged(*parts, *given, information));
    touch(writer, *type, object);
    return {};
  });
}

}  // namespace ntms::server
