// SPDX-License-Identifier: MIT
#include "store/schema.h"

#include <ntmsapi.h>

#include <iterator>
#include <string>

namespace ntms::store {
namespace {

// The columns every object table starts with.
#define NTMS_OBJECT_COLUMNS                           \
  "id INTEGER PRIMARY KEY,"                           \
  "guid BLOB NOT NULL UNIQUE CHECK(length(guid)=16)," \
  "created INTEGER NOT NULL,"                         \
  "modified INTEGER NOT NULL,"                        \
  "enabled INTEGER NOT NULL,"                         \
  "operational_state INTEGER NOT NULL,"               \
  "name TEXT NOT NULL,"                               \
  "description TEXT NOT NULL,"

constexpr const char* kVersion1 =
    "CREATE TABLE computer(" NTMS_OBJECT_COLUMNS
    " lib_request_purge_time INTEGER NOT NULL, op_request_purge_time INTEGER NOT NULL,"
    " lib_request_flags INTEGER NOT NULL, op_request_flags INTEGER NOT NULL,"
    " media_pool_policy INTEGER NOT NULL) STRICT;"

    "CREATE TABLE changer_type(" NTMS_OBJECT_COLUMNS
    " vendor TEXT NOT NULL, product TEXT NOT NULL, device_type INTEGER NOT NULL) STRICT;"

    "CREATE TABLE drive_type(" NTMS_OBJECT_COLUMNS
    " vendor TEXT NOT NULL, product TEXT NOT NULL, device_type INTEGER NOT NULL) STRICT;"

    "CREATE TABLE media_type(" NTMS_OBJECT_COLUMNS
    " code INTEGER NOT NULL, sides INTEGER NOT NULL, read_write INTEGER NOT NULL,"
    " device_type INTEGER NOT NULL) STRICT;"

    "CREATE TABLE library(" NTMS_OBJECT_COLUMNS
    " type INTEGER NOT NULL, uri TEXT NOT NULL, serial TEXT NOT NULL, cleaner_slot BLOB,"
    " cleaner_slot_default BLOB, supports_cleaning INTEGER NOT NULL,"
    " bar_code_reader INTEGER NOT NULL, inventory_method INTEGER NOT NULL,"
    " cleaner_uses INTEGER NOT NULL, auto_recovery INTEGER NOT NULL, flags INTEGER NOT NULL,"
    " first_drive_number INTEGER NOT NULL, first_slot_number INTEGER NOT NULL,"
    " first_door_number INTEGER NOT NULL, first_port_number INTEGER NOT NULL,"
    " first_changer_number INTEGER NOT NULL, state_reason TEXT NOT NULL) STRICT;"

    "CREATE TABLE library_media_type("
    " library BLOB NOT NULL REFERENCES library(guid) ON DELETE CASCADE,"
    " media_type BLOB NOT NULL REFERENCES media_type(guid) ON DELETE CASCADE,"
    " PRIMARY KEY(library, media_type)) STRICT, WITHOUT ROWID;"

    "CREATE TABLE changer(" NTMS_OBJECT_COLUMNS
    " library BLOB NOT NULL REFERENCES library(guid), number INTEGER NOT NULL,"
    " changer_type BLOB REFERENCES changer_type(guid), serial TEXT NOT NULL,"
    " revision TEXT NOT NULL, device_name TEXT NOT NULL,"
    " element_address INTEGER NOT NULL) STRICT;"
    "CREATE INDEX changer_by_library ON changer(library);"

    "CREATE TABLE drive(" NTMS_OBJECT_COLUMNS
    " library BLOB NOT NULL REFERENCES library(guid), number INTEGER NOT NULL,"
    " element_address INTEGER NOT NULL, state INTEGER NOT NULL,"
    " drive_type BLOB REFERENCES drive_type(guid), device_name TEXT NOT NULL,"
    " serial TEXT NOT NULL, revision TEXT NOT NULL, mount_count INTEGER NOT NULL,"
    " last_cleaned INTEGER NOT NULL, saved_side BLOB, defer_dismount_delay INTEGER NOT NULL,"
    " mapping_reason TEXT NOT NULL, UNIQUE(library, element_address)) STRICT;"

    "CREATE TABLE slot(" NTMS_OBJECT_COLUMNS
    " library BLOB NOT NULL REFERENCES library(guid), number INTEGER NOT NULL,"
    " element_address INTEGER NOT NULL, state INTEGER NOT NULL,"
    " UNIQUE(library, element_address)) STRICT;"

    "CREATE TABLE port(" NTMS_OBJECT_COLUMNS
    " library BLOB NOT NULL REFERENCES library(guid), number INTEGER NOT NULL,"
    " element_address INTEGER NOT NULL, content INTEGER NOT NULL, position INTEGER NOT NULL,"
    " max_extend_secs INTEGER NOT NULL, UNIQUE(library, element_address)) STRICT;"

    "CREATE TABLE door(" NTMS_OBJECT_COLUMNS
    " library BLOB NOT NULL REFERENCES library(guid), number INTEGER NOT NULL,"
    " state INTEGER NOT NULL, max_open_secs INTEGER NOT NULL) STRICT;"
    "CREATE INDEX door_by_library ON door(library);"

    "CREATE TABLE media_pool(" NTMS_OBJECT_COLUMNS
    " type INTEGER NOT NULL, media_type BLOB REFERENCES media_type(guid),"
    " parent BLOB REFERENCES media_pool(guid), allocation_policy INTEGER NOT NULL,"
    " deallocation_policy INTEGER NOT NULL, max_allocates INTEGER NOT NULL,"
    " root INTEGER NOT NULL) STRICT;"
    "CREATE INDEX media_pool_by_parent ON media_pool(parent);"

    // A location holds at most one medium: the unique index is what makes that impossible to break.
    "CREATE TABLE physical_medium(" NTMS_OBJECT_COLUMNS
    " library BLOB NOT NULL REFERENCES library(guid),"
    " pool BLOB NOT NULL REFERENCES media_pool(guid), location BLOB,"
    " location_type INTEGER NOT NULL, media_type BLOB NOT NULL REFERENCES media_type(guid),"
    " home_slot BLOB, bar_code TEXT NOT NULL, bar_code_state INTEGER NOT NULL,"
    " sequence_number TEXT NOT NULL, media_state INTEGER NOT NULL,"
    " media_type_code INTEGER NOT NULL, density_code INTEGER NOT NULL,"
    " mounted_side BLOB) STRICT;"
    "CREATE UNIQUE INDEX physical_medium_by_location ON physical_medium(location)"
    " WHERE location IS NOT NULL;"
    "CREATE INDEX physical_medium_by_library ON physical_medium(library);"
    "CREATE INDEX physical_medium_by_pool ON physical_medium(pool);"
    "CREATE INDEX physical_medium_by_bar_code ON physical_medium(bar_code)"
    " WHERE bar_code <> '';"

    "CREATE TABLE side(" NTMS_OBJECT_COLUMNS
    " medium BLOB NOT NULL REFERENCES physical_medium(guid), logical_medium BLOB,"
    " state INTEGER NOT NULL, side INTEGER NOT NULL, omid_type TEXT NOT NULL,"
    " omid_id BLOB NOT NULL, omid_info TEXT NOT NULL, mount_count INTEGER NOT NULL,"
    " allocate_count INTEGER NOT NULL, capacity INTEGER NOT NULL,"
    " UNIQUE(medium, side)) STRICT;"
    "CREATE INDEX side_by_logical_medium ON side(logical_medium)"
    " WHERE logical_medium IS NOT NULL;"

    "CREATE TABLE logical_medium(" NTMS_OBJECT_COLUMNS
    " pool BLOB NOT NULL REFERENCES media_pool(guid)) STRICT;"
    "CREATE INDEX logical_medium_by_pool ON logical_medium(pool);"

    "CREATE TABLE library_request(" NTMS_OBJECT_COLUMNS
    " operation INTEGER NOT NULL, option INTEGER NOT NULL, state INTEGER NOT NULL, side BLOB,"
    " drive BLOB, medium BLOB, library BLOB, slot BLOB, time_queued INTEGER NOT NULL,"
    " time_completed INTEGER NOT NULL, application TEXT NOT NULL, user TEXT NOT NULL,"
    " computer TEXT NOT NULL, error_code INTEGER NOT NULL, reason TEXT NOT NULL, work_item BLOB,"
    " priority INTEGER NOT NULL, held INTEGER NOT NULL, round BLOB, stop INTEGER NOT NULL,"
    " cancel INTEGER NOT NULL, phase INTEGER NOT NULL, source INTEGER NOT NULL,"
    " target INTEGER NOT NULL, deadline INTEGER NOT NULL) STRICT;"
    "CREATE INDEX library_request_by_library ON library_request(library);"
    // By library alone: with a second column the planner takes the index above for lists in the
    // order of arrival, and reads every request that ever finished.
    "CREATE INDEX library_request_unfinished ON library_request(library)"
    " WHERE state IN (0, 1, 5, 6);"
    "CREATE INDEX library_request_finished ON library_request(time_completed)"
    " WHERE time_completed > 0;"

    "CREATE TABLE operator_request(" NTMS_OBJECT_COLUMNS
    " request INTEGER NOT NULL, submitted INTEGER NOT NULL, answered INTEGER NOT NULL,"
    " state INTEGER NOT NULL, message TEXT NOT NULL, arg1_type INTEGER NOT NULL, arg1 BLOB,"
    " arg2_type INTEGER NOT NULL, arg2 BLOB, application TEXT NOT NULL, user TEXT NOT NULL,"
    " computer TEXT NOT NULL, by_system INTEGER NOT NULL) STRICT;"
    "CREATE INDEX operator_request_open ON operator_request(arg1) WHERE state IN (1, 2, 3);"

    "CREATE TABLE change("
    " sequence INTEGER PRIMARY KEY AUTOINCREMENT, operation INTEGER NOT NULL,"
    " type INTEGER NOT NULL, guid BLOB NOT NULL) STRICT;"

    "CREATE TABLE setting(name TEXT PRIMARY KEY, value ANY NOT NULL) STRICT, WITHOUT ROWID;";

#undef NTMS_OBJECT_COLUMNS

// From version 1 to 2: the order of mounts, what injects and cleaners need, destinations of user
// interfaces, purging by time of the answer.
constexpr const char* kVersion2 =
    "ALTER TABLE library_request ADD COLUMN order_number INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE library_request ADD COLUMN retract INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE library_request ADD COLUMN cleans_left INTEGER NOT NULL DEFAULT 0;"

    "CREATE TABLE ui_destination("
    " object BLOB NOT NULL CHECK(length(object)=16), type INTEGER NOT NULL,"
    " name TEXT NOT NULL COLLATE NOCASE, PRIMARY KEY(object, type, name)) STRICT, WITHOUT ROWID;"

    "CREATE INDEX operator_request_answered ON operator_request(answered) WHERE answered > 0;";

// From version 2 to 3: whose a mount is, whether its drive was given, and media by their labels.
constexpr const char* kVersion3 =
    "ALTER TABLE library_request ADD COLUMN session BLOB;"
    "ALTER TABLE library_request ADD COLUMN drive_given INTEGER NOT NULL DEFAULT 0;"
    "CREATE INDEX library_request_by_medium ON library_request(medium) WHERE medium IS NOT NULL;"
    "CREATE INDEX side_by_label ON side(omid_type, omid_id) WHERE omid_type<>'';";

// The attributes of an object die with it, whoever deletes its row.
#define NTMS_ATTRIBUTES_DIE_WITH(table)                                 \
  "CREATE TRIGGER attributes_die_with_" table " AFTER DELETE ON " table \
  " BEGIN DELETE FROM object_attribute WHERE object=old.guid; END;"

// From version 3 to 4: attributes of objects, and security descriptors of those that carry one.
constexpr const char* kVersion4 =
    "CREATE TABLE object_attribute("
    " id INTEGER PRIMARY KEY, object BLOB NOT NULL CHECK(length(object)=16),"
    " name TEXT NOT NULL, data BLOB NOT NULL, UNIQUE(object, name)) STRICT;"

    NTMS_ATTRIBUTES_DIE_WITH("computer") NTMS_ATTRIBUTES_DIE_WITH("library")
        NTMS_ATTRIBUTES_DIE_WITH("changer") NTMS_ATTRIBUTES_DIE_WITH("changer_type")
            NTMS_ATTRIBUTES_DIE_WITH("drive") NTMS_ATTRIBUTES_DIE_WITH("drive_type")
                NTMS_ATTRIBUTES_DIE_WITH("slot") NTMS_ATTRIBUTES_DIE_WITH("port")
                    NTMS_ATTRIBUTES_DIE_WITH("door") NTMS_ATTRIBUTES_DIE_WITH("media_type")
                        NTMS_ATTRIBUTES_DIE_WITH("media_pool")
                            NTMS_ATTRIBUTES_DIE_WITH("physical_medium")
                                NTMS_ATTRIBUTES_DIE_WITH("side")
                                    NTMS_ATTRIBUTES_DIE_WITH("logical_medium")
                                        NTMS_ATTRIBUTES_DIE_WITH("library_request")
                                            NTMS_ATTRIBUTES_DIE_WITH("operator_request")

                                                "ALTER TABLE computer ADD COLUMN security BLOB;"
                                                "ALTER TABLE library ADD COLUMN security BLOB;"
                                                "ALTER TABLE media_pool ADD COLUMN security BLOB;";

#undef NTMS_ATTRIBUTES_DIE_WITH

// From version 4 to 5: the sides of a pool in the order in which they are allocated. A side has no
// pool of its own; the column repeats that of its medium, and nobody but the triggers writes it.
constexpr const char* kVersion5 =
    "ALTER TABLE side ADD COLUMN pool BLOB;"
    "UPDATE side SET pool=(SELECT m.pool FROM physical_medium m WHERE m.guid=side.medium);"
    "CREATE TRIGGER side_gets_pool AFTER INSERT ON side BEGIN"
    " UPDATE side SET pool=(SELECT m.pool FROM physical_medium m WHERE m.guid=new.medium)"
    " WHERE id=new.id; END;"
    "CREATE TRIGGER sides_follow_pool AFTER UPDATE OF pool ON physical_medium BEGIN"
    " UPDATE side SET pool=new.pool WHERE medium=new.guid; END;"
    "CREATE INDEX side_available ON side(pool, allocate_count, modified, side) WHERE state=4;"
    "CREATE INDEX physical_medium_in_drive ON physical_medium(pool) WHERE location_type=5;";

// What each version adds to the one before it, from version 1 on.
constexpr const char* kVersions[] = {kVersion1, kVersion2, kVersion3, kVersion4, kVersion5};
static_assert(std::size(kVersions) == kSchemaVersion);

std::int64_t pragma(Connection& connection, const char* sql) {
  Statement statement(connection.prepare(sql));
  std::int64_t value = 0;
  if (statement.step()) statement.read(0, value);
  return value;
}

}  // namespace

void configure(Connection& connection) {
  // Switching to WAL can answer BUSY at once whatever the busy time-out says.
  for (int attempt = 0;; ++attempt) {
    try {
      connection.execute("PRAGMA journal_mode=WAL");
      break;
    } catch (const SqlError& error) {
      if ((error.code() & 0xFF) != SQLITE_BUSY || attempt == 400) throw;
      sqlite3_sleep(5);
    }
  }
  connection.execute("PRAGMA synchronous=FULL");
  connection.execute("PRAGMA foreign_keys=ON");
  connection.execute("PRAGMA cache_size=-16000");
  connection.execute("PRAGMA temp_store=MEMORY");
  connection.execute("PRAGMA trusted_schema=OFF");
}

Result<void> migrate(Connection& connection) {
  const std::int64_t application = pragma(connection, "PRAGMA application_id");
  const std::int64_t version = pragma(connection, "PRAGMA user_version");
  const std::int64_t tables = pragma(connection, "SELECT count(*) FROM sqlite_schema");
  const bool is_new = application == 0 && version == 0 && tables == 0;
  if (is_new) {
    connection.execute(("PRAGMA application_id=" + std::to_string(kApplicationId)).c_str());
  }
  if (!is_new && application != kApplicationId) {
    return fail(ERROR_DATABASE_FAILURE, "the file is not a Removable Storage database");
  }
  if (version > kSchemaVersion) {
    return fail(RPC_S_NO_INTERFACES, "the database has schema version " + std::to_string(version) +
                                         ", which a newer version of this library made");
  }
  if (!is_new && version < 1) {
    return fail(ERROR_DATABASE_FAILURE, "the database has no schema version");
  }
  for (auto next = version; next < kSchemaVersion; ++next) {
    connection.execute(kVersions[next]);
    connection.execute(("PRAGMA user_version=" + std::to_string(next + 1)).c_str());
  }
  return {};
}

}  // namespace ntms::store
