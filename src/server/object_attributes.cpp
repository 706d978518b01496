// SPDX-License-Identifier: MIT
#include "server/object_attributes.h"

#include <ntmsapi.h>

#include "platform/text.h"
#include "server/access.h"
#include "server/object_lookup.h"
#include "server/object_types.h"

namespace ntms::server {
bool is_attribute_name(std::string_view name) {
  return !name.empty() && platform::to_utf16(name).size() < NTMS_MAXATTR_NAMELEN;
}

Result<AttributeData> ObjectAttributes::get(const Guid& object, std::uint32_t type,
                                            std::string_view name) const {
  if (!is_object_type(type)) return not_a_type(type);
  return database_.read([&](store::Reader& reader) -> Result<AttributeData> {
    const auto actual = reader.type_of(object);
    if (!actual) return not_found(object);
    if (auto allowed = check_object(reader, session_, *actual, object, NTMS_USE_ACCESS); !allowed) {
      return allowed.error();
    }
    auto data =
        reader.blob("SELECT data FROM object_attribute WHERE object=?1 AND name=?2", object, name);
    if (!data && *actual == NTMS_DRIVE && name == kMappingAttribute) {
      const auto drive = reader.find<model::Drive>(object);
      const std::string words = drive ? drive->mapping_reason : std::string();
      if (!words.empty()) return AttributeData(words.begin(), words.end());
    }
    if (!data) {
      return fail(ERROR_OBJECT_NOT_FOUND, "object " + object.to_string() + " has no attribute \"" +
                                              std::string(name) + "\"");
    }
    if (data->size() >= NTMS_MAXATTR_LENGTH) {
      return fail(ERROR_NO_DATA, "the attribute is larger than an attribute can be");
    }
    return *std::move(data);
  });
}

Result<void> ObjectAttributes::set(const Guid& object, std::string_view name,
                                   std::span<const std::uint8_t> data) const {
  if (!is_attribute_name(name)) {
    return fail(ERROR_INVALID_NAME, "an attribute's name has 1 to 31 characters");
  }
  if (data.size() >= NTMS_MAXATTR_LENGTH) {
    return fail(ERROR_NO_DATA, "an attribute has at most 65535 bytes");
  }
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto type = writer.type_of(object);
    if (!type) return not_found(object);
    if (auto allowed = check_object(writer, session_, *type, object, NTMS_MODIFY_ACCESS);
        !allowed) {
      return allowed;
    }
    const std::int64_t changed =
        data.empty() ? writer.execute("DELETE FROM object_attribute WHERE object=?1 AND name=?2",
                                      object, name)
                     : writer.execute(
                           "INSERT INTO object_attribute(object,name,data) VALUES(?1,?2,?3) "
                           "ON CONFLICT(object,name) DO UPDATE SET data=excluded.data",
                           object, name, data);
    if (changed != 0) touch(writer, *type, object);
    return {};
  });
}

}  // namespace ntms::server
