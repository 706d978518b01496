// SPDX-License-Identifier: MIT
#include "server/media_pools.h"

#include <ntmsapi.h>

#include <algorithm>

#include "model/state_machines.h"
#include "model/states.h"
#include "operations/configure.h"
#include "platform/text.h"
#include "server/access.h"

namespace ntms::server {
using model::MediaPool;

namespace {

constexpr std::size_t kLongestComponent = NTMS_OBJECTNAME_LENGTH - 1;
constexpr std::size_t kLongestPath = NTMS_POOLHIERARCHY_LENGTH - 1;

Error no_pool(const Guid& id) {
  return fail(ERROR_INVALID_MEDIA_POOL, "there is no media pool " + id.to_string());
}

// The pool of this name directly below `parent` (null: at the top).
std::optional<MediaPool> child(store::Reader& reader, const Guid& parent, const std::string& name) {
  return reader.first<MediaPool>("t.parent IS ?1 AND t.root=0 AND t.name=?2 COLLATE NOCASE", parent,
                                 name);
}

// What a path leads to.
struct Found {
  bool parent_exists = true;
  std::optional<MediaPool> parent;  // nothing: the top
  std::optional<MediaPool> pool;
};

Found follow(store::Reader& reader, const std::vector<std::string>& path) {
  Found found;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (i != 0) {
      found.parent = std::move(found.pool);
      if (!found.parent) {
        found.parent_exists = false;
        return found;
      }
    }
    found.pool = child(reader, found.parent ? found.parent->id : Guid{}, path[i]);
  }
  return found;
}

bool is_application_pool(const MediaPool& pool) {
  return pool.type == NTMS_POOLTYPE_APPLICATION && !pool.root;
}

bool is_empty(store::Reader& reader, const MediaPool& pool) {
  return reader.number(
             "SELECT EXISTS(SELECT 1 FROM physical_medium WHERE pool=?1)"
             " OR EXISTS(SELECT 1 FROM media_pool WHERE parent=?1)",
             pool.id) == 0;
}

// Whoever asked for new media for the pool is told that there will be none.
void refuse_new_media(store::Writer& writer, const Guid& pool) {
  for (auto& request : writer.list<model::OperatorRequest>(
           "t.arg1=?1 AND t.state IN (1,2,3) AND t.request=?2", pool, NTMS_OPREQ_NEWMEDIA)) {
    const auto next = model::next_state(request.state, model::OperatorEvent::refused);
    if (!next) continue;
    request.state = *next;
    request.answered = writer.now();
    writer.update(request);
  }
}

void remove_pool(store::Writer& writer, const Guid& pool) {
  refuse_new_media(writer, pool);
  writer.remove<MediaPool>(pool);
}

// Media that are about to come here (operations/free_pool.h).
bool is_expecting(store::Reader& reader, const MediaPool& pool) {
  return reader.number(
             "SELECT EXISTS(SELECT 1 FROM library_request WHERE state IN (0, 1, 5, 6)"
             " AND operation=?2 AND round=?1)",
             pool.id, NTMS_LM_WRITESCRATCH) != 0;
}

void remove_system_pools(store::Writer& writer, const Guid& media_type) {
  if (writer.number("SELECT EXISTS(SELECT 1 FROM physical_medium WHERE media_type=?1)"
                    " OR EXISTS(SELECT 1 FROM library_media_type WHERE media_type=?1)",
                    media_type) != 0) {
    return;
  }
  for (const MediaPool& pool : writer.list<MediaPool>("t.media_type=?1", media_type)) {
    if (!model::is_system_pool(pool.type)) continue;
    if (is_empty(writer, pool) && !is_expecting(writer, pool)) remove_pool(writer, pool.id);
  }
}

// The two objects that the media type functions are about.
struct Relation {
  model::MediaType type;
  model::Library library;
};

Result<Relation> find_relation(store::Reader& reader, const Session& session, const Guid& type_id,
                               const Guid& library_id) {
  auto type = reader.find<model::MediaType>(type_id);
  if (!type) return fail(ERROR_INVALID_MEDIA, "there is no media type " + type_id.to_string());
  auto library = reader.find<model::Library>(library_id);
  if (!library) {
    return fail(ERROR_INVALID_LIBRARY, "there is no library " + library_id.to_string());
  }
  if (auto allowed = check_library(reader, session, library_id, NTMS_MODIFY_ACCESS); !allowed) {
    return allowed.error();
  }
  return Relation{*std::move(type), *std::move(library)};
}

// The descriptor of a new pool: at top level nothing is inherited (security 5).
Result<security::StoredDescriptor> new_descriptor(
    store::Reader& reader, const Session& session, const std::optional<MediaPool>& parent,
    const std::optional<security::StoredDescriptor>& given) {
  security::StoredDescriptor of_parent;
  std::optional<security::Descriptor> inherited;
  if (parent) {
    of_parent = descriptor_of(reader, {NTMS_MEDIA_POOL, parent->id});
    const auto parsed = security::parse(of_parent);
    if (!parsed) return fail(ERROR_DATABASE_FAILURE, parsed.error().reason);
    inherited = *parsed;
  }
  std::optional<security::Descriptor> parts;
  if (given) {
    const auto parsed = security::parse(*given);
    if (!parsed) return parsed.error();
    parts = *parsed;
  }
  return security::new_pool_descriptor(session.caller(), inherited, parts);
}

}  // namespace

Result<std::vector<std::string>> parse_pool_path(std::string_view path) {
  if (path.starts_with('\\')) path.remove_prefix(1);
  if (platform::to_utf16(path).size() + 1 > kLongestPath) {
    return fail(ERROR_INVALID_NAME, "the path has more than 511 characters");
  }
  std::vector<std::string> components;
  for (;;) {
    const std::size_t length = std::min(path.find('\\'), path.size());
    const std::string_view component = path.substr(0, length);
    if (component.empty()) return fail(ERROR_INVALID_NAME, "a name in the path is empty");
    if (platform::to_utf16(component).size() > kLongestComponent) {
      return fail(ERROR_INVALID_NAME, "a name in the path has more than 63 characters");
    }
    components.emplace_back(component);
    if (length == path.size()) return components;
    path.remove_prefix(length + 1);
  }
}

Result<Guid> MediaPools::create(std::string_view name, const std::optional<Guid>& media_type,
                                std::uint32_t action, const GivenSecurity& given) const {
  if (action < NTMS_OPEN_EXISTING || action > NTMS_OPEN_ALWAYS) {
    return fail(ERROR_INVALID_PARAMETER, "the action is none of the three");
  }
  const auto parsed = parse_pool_path(name);
  if (!parsed) return parsed.error();
  const std::vector<std::string>& path = *parsed;
  const bool may_open = action != NTMS_CREATE_NEW;
  const bool may_create = action != NTMS_OPEN_EXISTING;
  // A pool that is there is opened without a turn among the writers.
  if (may_open) {
    const auto opened = database_.read([&](store::Reader& reader) -> Result<Guid> {
      const Found found = follow(reader, path);
      if (!found.pool) return Guid{};
      if (auto allowed = check_pool(reader, session_, found.pool->id, NTMS_USE_ACCESS); !allowed) {
        return allowed.error();
      }
      return found.pool->id;
    });
    if (!opened || !opened->is_null()) return opened;
    if (!may_create) return fail(ERROR_OBJECT_NOT_FOUND, "there is no such media pool");
  }
  const auto security = given();
  if (!security) return security.error();
  MediaPool pool;
  pool.type = NTMS_POOLTYPE_APPLICATION;
  pool.name = path.back();
  pool.media_type = media_type.value_or(Guid{});
  const auto stored = database_.write([&](store::Writer& writer) -> Result<void> {
    const Found found = follow(writer, path);
    if (found.pool && may_open) {  // made by somebody else in this moment
      pool.id = found.pool->id;
      return check_pool(writer, session_, pool.id, NTMS_USE_ACCESS);
    }
    if (!found.parent_exists) {
      return fail(ERROR_OBJECT_NOT_FOUND, "there is no pool that it could be created in");
    }
    if (media_type && !writer.find<model::MediaType>(*media_type)) {
      return fail(ERROR_INVALID_MEDIA, "there is no media type " + media_type->to_string());
    }
    if (auto allowed = check_root_pool(writer, session_, NTMS_CONTROL_ACCESS); !allowed) {
      return allowed;
    }
    if (found.parent) {
      if (auto allowed = check_pool(writer, session_, found.parent->id, NTMS_CONTROL_ACCESS);
          !allowed) {
        return allowed;
      }
    }
    if (found.pool) return fail(ERROR_ALREADY_EXISTS, "there is such a media pool");
    if (found.parent && !is_application_pool(*found.parent)) {
      return fail(ERROR_INVALID_MEDIA_POOL, "the pools in a system pool are the server's");
    }
    if (found.parent && !found.parent->media_type.is_null()) {
      return fail(ERROR_INVALID_MEDIA_POOL, "a pool with a media type holds media only");
    }
    const auto descriptor = new_descriptor(writer, session_, found.parent, *security);
    if (!descriptor) return descriptor.error();
    if (found.parent) pool.parent = found.parent->id;
    writer.insert(pool);
    store_descriptor(writer, {NTMS_MEDIA_POOL, pool.id}, *descriptor);
    return {};
  });
  if (!stored) return stored.error();
  return pool.id;
}

Result<std::string> MediaPools::path(const Guid& id) const {
  return database_.read([&](store::Reader& reader) -> Result<std::string> {
    auto pool = reader.find<MediaPool>(id);
    if (!pool) return no_pool(id);
    if (auto allowed = check_pool(reader, session_, id, NTMS_USE_ACCESS); !allowed) {
      return allowed.error();
    }
    if (pool->root) return std::string("\\");
    std::string path;
    for (; pool; pool = reader.find<MediaPool>(pool->parent)) path.insert(0, "\\" + pool->name);
    return path;
  });
}

Result<void> MediaPools::remove(const Guid& id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    const auto pool = writer.find<MediaPool>(id);
    if (!pool) return no_pool(id);
    if (auto allowed = check_pool(writer, session_, id, NTMS_MODIFY_ACCESS); !allowed)
      return allowed;
    if (!is_application_pool(*pool)) {
      return fail(ERROR_INVALID_MEDIA_POOL, "system pools are the server's");
    }
    if (!is_empty(writer, *pool)) return fail(ERROR_NOT_EMPTY, pool->name + " is not empty");
    remove_pool(writer, id);
    return {};
  });
}

Result<void> MediaPools::add_media_type(const Guid& media_type, const Guid& library_id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto found = find_relation(writer, session_, media_type, library_id);
    if (!found) return found.error();
    model::Library& library = found->library;
    if (library.type == NTMS_LIBRARYTYPE_OFFLINE || library.operational_state == NTMS_NOT_PRESENT) {
      return fail(ERROR_LIBRARY_OFFLINE, library.name + " is offline");
    }
    if (!library.enabled) return fail(ERROR_RESOURCE_DISABLED, library.name + " is disabled");
    const bool is_new =
        writer.execute("INSERT OR IGNORE INTO library_media_type(library,media_type) VALUES(?1,?2)",
                       library.id, media_type) != 0;
    for (const std::uint32_t kind :
         {NTMS_POOLTYPE_SCRATCH, NTMS_POOLTYPE_FOREIGN, NTMS_POOLTYPE_IMPORT}) {
      operations::system_pool(writer, kind, found->type);
    }
    if (is_new) writer.update(library);
    return {};
  });
}

Result<void> MediaPools::remove_media_type(const Guid& media_type, const Guid& library_id) const {
  return database_.write([&](store::Writer& writer) -> Result<void> {
    auto found = find_relation(writer, session_, media_type, library_id);
    if (!found) return found.error();
    if (writer.number("SELECT EXISTS(SELECT 1 FROM physical_medium WHERE library=?1"
                      " AND media_type=?2)",
                      library_id, media_type) != 0) {
      return fail(ERROR_NOT_EMPTY, found->library.name + " holds media of this type");
    }
    if (writer.execute("DELETE FROM library_media_type WHERE library=?1 AND media_type=?2",
                       library_id, media_type) != 0) {
      writer.update(found->library);
    }
    remove_system_pools(writer, media_type);
    return {};
  });
}

}  // namespace ntms::server
