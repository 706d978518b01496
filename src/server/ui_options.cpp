// SPDX-License-Identifier: MIT
#include "server/ui_options.h"

#include <ntmsapi.h>

#include "platform/system.h"
#include "server/access.h"
#include "server/object_lookup.h"

namespace ntms::server {
namespace {

Error listed_already(const std::string& name) {
  return fail(ERROR_ALREADY_EXISTS, name + " is a destination already");
}

Error not_listed(const std::string& name) {
  return fail(ERROR_OBJECT_NOT_FOUND, name + " is no destination");
}

// Reads texts, which Reader has no function for.
class Names : private store::Reader {
 public:
  explicit Names(const store::Reader& reader) : Reader(reader) {}

  std::vector<std::string> of(const Guid& object, std::uint32_t type) {
    store::Statement row(connection_.prepare_static(
        "SELECT name FROM ui_destination WHERE object=?1 AND type=?2 ORDER BY name"));
    bind_all(row, object, type);
    std::vector<std::string> found;
    while (row.step()) row.read(0, found.emplace_back());
    return found;
  }
};

bool is_type(std::uint32_t type) {
  return type >= NTMS_UITYPE_INFO && type <= NTMS_UITYPE_ERR;
}

// Changes the list of a session, which nobody is told of: nothing in the database changes.
Result<void> change(DestinationNames& names, std::uint32_t operation, const std::string& name) {
  switch (operation) {
    case NTMS_UIDEST_ADD:
      return names.insert(name).second ? Result<void>() : listed_already(name);
    case NTMS_UIDEST_DELETE:
      return names.erase(name) == 1 ? Result<void>() : not_listed(name);
    default:
      names.clear();
      return {};
  }
}

// Changes the list of an object.
Result<void> change(store::Writer& writer, const Guid& object, std::uint32_t type,
                    std::uint32_t operation, const std::string& name) {
  if (operation == NTMS_UIDEST_ADD) {
    if (writer.execute("INSERT OR IGNORE INTO ui_destination(object,type,name) VALUES(?1,?2,?3)",
                       object, type, name) == 0) {
      return listed_already(name);
    }
    writer.note(NTMS_OBJ_INSERT, NTMS_UI_DESTINATION, object);
    return {};
  }
  std::int64_t gone = 0;
  if (operation == NTMS_UIDEST_DELETE) {
    gone = writer.execute("DELETE FROM ui_destination WHERE object=?1 AND type=?2 AND name=?3",
                          object, type, name);
    if (gone == 0) return not_listed(name);
  } else {
    gone = writer.execute("DELETE FROM ui_destination WHERE object=?1 AND type=?2", object, type);
  }
  for (; gone > 0; --gone) writer.note(NTMS_OBJ_DELETE, NTMS_UI_DESTINATION, object);
  return {};
}

}  // namespace

Result<void> UiOptions::check_object(store::Reader& reader, const Guid& object,
                                     std::uint32_t rights) const {
  const auto type = reader.type_of(object);
  if (!type) return not_found(object);
  if (*type != NTMS_COMPUTER && *type != NTMS_LIBRARY) {
    return fail(ERROR_INVALID_PARAMETER,
                "only the computer and libraries have destinations of their own");
  }
  return server::check_object(reader, session_, *type, object, rights);
}

Result<std::vector<std::string>> UiOptions::get(const std::optional<Guid>& object,
                                                std::uint32_t type) const {
  if (!is_type(type)) return fail(ERROR_INVALID_PARAMETER, "no such kind of user interface");
  if (!object) {
    return session_.with_destinations(type, [](const DestinationNames& names) {
      return std::vector<std::string>(names.begin(), names.end());
    });
  }
  return database_.read([&](store::Reader& reader) -> Result<std::vector<std::string>> {
    if (auto usable = check_object(reader, *object, NTMS_USE_ACCESS); !usable) {
      return usable.error();
    }
    return Names(reader).of(*object, type);
  });
}

Result<void> UiOptions::set(const std::optional<Guid>& object, std::uint32_t type,
                            std::uint32_t operation, const std::string& given) const {
  if (!is_type(type)) return fail(ERROR_INVALID_PARAMETER, "no such kind of user interface");
  if (operation < NTMS_UIDEST_ADD || operation > NTMS_UIDEST_DELETEALL) {
    return fail(ERROR_INVALID_PARAMETER, "no such operation");
  }
  std::string name;
  if (operation != NTMS_UIDEST_DELETEALL) {
    name = given.starts_with("\\\\") ? given.substr(2) : given;
    if (given.empty()) name = platform::computer_name();
    if (name.empty()) return fail(ERROR_INVALID_PARAMETER, "the name is empty");
  }
  if (!object) {
    return session_.with_destinations(
        type, [&](DestinationNames& names) { return change(names, operation, name); });
  }
  return database_.write([&](store::Writer& writer) -> Result<void> {
    constexpr std::uint32_t kRights = NTMS_USE_ACCESS | NTMS_MODIFY_ACCESS;
    if (auto usable = check_object(writer, *object, kRights); !usable) return usable;
    return change(writer, *object, type, operation, name);
  });
}

}  // namespace ntms::server
