// SPDX-License-Identifier: MIT
// A database as older versions of the library left it.
#pragma once

#include <string>

namespace ntms::test {

// Statements that take a database of the present version back to version 4.
inline std::string back_to_version_4() {
  return "DROP TRIGGER side_gets_pool; DROP TRIGGER sides_follow_pool; DROP INDEX side_available;"
         "DROP INDEX physical_medium_in_drive; ALTER TABLE side DROP COLUMN pool;"
         "PRAGMA user_version=4;";
}

// Statements that take a database of the present version back to version 3.
inline std::string back_to_version_3() {
  std::string sql = back_to_version_4();
  for (const char* const table :
       {"computer", "library", "changer", "changer_type", "drive", "drive_type", "slot", "port",
        "door", "media_type", "media_pool", "physical_medium", "side", "logical_medium",
        "library_request", "operator_request"}) {
    sql += std::string("DROP TRIGGER attributes_die_with_") + table + ";";
  }
  for (const char* const table : {"computer", "library", "media_pool"}) {
    sql += std::string("ALTER TABLE ") + table + " DROP COLUMN security;";
  }
  return sql + "DROP TABLE object_attribute; PRAGMA user_version=3;";
}

// Statements that take a database of the present version back to version 1.
inline std::string back_to_version_1() {
  return back_to_version_3() +
         "DROP INDEX side_by_label; DROP INDEX library_request_by_medium; ALTER TABLE "
         "library_request DROP COLUMN session;"
         "ALTER TABLE library_request DROP COLUMN drive_given;"
         "DROP TABLE ui_destination; DROP INDEX operator_request_answered;"
         "ALTER TABLE library_request DROP COLUMN order_number;"
         "ALTER TABLE library_request DROP COLUMN retract;"
         "ALTER TABLE library_request DROP COLUMN cleans_left; PRAGMA user_version=1";
}

}  // namespace ntms::test
