// SPDX-License-Identifier: MIT
#include "emulator/schema.h"

#include <sqlite3.h>

#include "emulator/geometry.h"

namespace ntms::emulator {

const char* const kSchema = R"sql(
PRAGMA application_id = 0x4E544D45;
PRAGMA user_version = 4;

CREATE TABLE library (
  slots INTEGER NOT NULL, drives INTEGER NOT NULL, ports INTEGER NOT NULL, doors INTEGER NOT NULL,
  first_transport INTEGER NOT NULL, first_port INTEGER NOT NULL, first_drive INTEGER NOT NULL,
  first_slot INTEGER NOT NULL, bar_code_reader INTEGER NOT NULL, two_sided INTEGER NOT NULL,
  port_kind INTEGER NOT NULL, unload_before_move INTEGER NOT NULL, virtual_clock INTEGER NOT NULL,
  vendor TEXT NOT NULL, product TEXT NOT NULL, revision TEXT NOT NULL, serial TEXT NOT NULL,
  drive_vendor TEXT NOT NULL, drive_product TEXT NOT NULL, drive_revision TEXT NOT NULL,
  port_unreported INTEGER NOT NULL DEFAULT 0, doors_unlocked INTEGER NOT NULL DEFAULT 0,
  magazines INTEGER NOT NULL DEFAULT 0, cleaner_stays INTEGER NOT NULL DEFAULT 0,
  stand_alone INTEGER NOT NULL DEFAULT 0);

CREATE TABLE setting (
  online INTEGER NOT NULL DEFAULT 1, move_ms INTEGER NOT NULL DEFAULT 0,
  load_ms INTEGER NOT NULL DEFAULT 0, initialize_ms INTEGER NOT NULL DEFAULT 0,
  port_ms INTEGER NOT NULL DEFAULT 0, caller_death INTEGER NOT NULL DEFAULT 0,
  clean_ms INTEGER NOT NULL DEFAULT 0);

CREATE TABLE clock (now INTEGER NOT NULL);

CREATE TABLE cartridge (
  id INTEGER PRIMARY KEY, barcode TEXT NOT NULL, turned INTEGER NOT NULL DEFAULT 0,
  write_protected INTEGER NOT NULL DEFAULT 0, cleans INTEGER);
CREATE INDEX cartridge_by_barcode ON cartridge (barcode);

CREATE TABLE element (
  address INTEGER PRIMARY KEY, type INTEGER NOT NULL, number INTEGER NOT NULL,
  cartridge INTEGER, source INTEGER, inverted INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL DEFAULT 0, extended INTEGER NOT NULL DEFAULT 0,
  removed INTEGER NOT NULL DEFAULT 0, UNIQUE (type, number));
CREATE UNIQUE INDEX element_by_cartridge ON element (cartridge) WHERE cartridge IS NOT NULL;

CREATE TABLE door (number INTEGER PRIMARY KEY, open INTEGER NOT NULL DEFAULT 0);

CREATE TABLE drive (
  number INTEGER PRIMARY KEY, loaded INTEGER NOT NULL DEFAULT 0,
  position INTEGER NOT NULL DEFAULT 0, block_length INTEGER NOT NULL DEFAULT 0,
  load_started INTEGER NOT NULL DEFAULT 0, ready_at INTEGER NOT NULL DEFAULT 0,
  cleaning INTEGER NOT NULL DEFAULT 0, unloaded_at INTEGER NOT NULL DEFAULT 0);

CREATE TABLE record (
  id INTEGER PRIMARY KEY, cartridge INTEGER NOT NULL, side INTEGER NOT NULL,
  position INTEGER NOT NULL, filemark INTEGER NOT NULL, length INTEGER NOT NULL, data BLOB NOT NULL,
  UNIQUE (cartridge, side, position));

CREATE TABLE initiator (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE nexus (
  initiator INTEGER NOT NULL, lun INTEGER NOT NULL, prevents INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (initiator, lun)) WITHOUT ROWID;
CREATE TABLE attention (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT, initiator INTEGER NOT NULL, lun INTEGER NOT NULL,
  asc INTEGER NOT NULL, ascq INTEGER NOT NULL, due INTEGER NOT NULL);
CREATE INDEX attention_by_nexus ON attention (initiator, lun);
CREATE TABLE reservation (lun INTEGER PRIMARY KEY, initiator INTEGER NOT NULL);

CREATE TABLE motion (
  id INTEGER PRIMARY KEY AUTOINCREMENT, kind INTEGER NOT NULL, source INTEGER NOT NULL,
  destination INTEGER NOT NULL, second INTEGER NOT NULL, invert INTEGER NOT NULL,
  invert_second INTEGER NOT NULL, torn INTEGER NOT NULL, started INTEGER NOT NULL,
  ends INTEGER NOT NULL, process INTEGER NOT NULL, process_start INTEGER NOT NULL);

CREATE TABLE fault (
  id INTEGER PRIMARY KEY AUTOINCREMENT, lun INTEGER NOT NULL, opcode INTEGER NOT NULL,
  skip INTEGER NOT NULL, times INTEGER NOT NULL, kind INTEGER NOT NULL, sense_key INTEGER NOT NULL,
  asc INTEGER NOT NULL, ascq INTEGER NOT NULL);
CREATE TABLE tape_alert (
  lun INTEGER NOT NULL, flag INTEGER NOT NULL, PRIMARY KEY (lun, flag)) WITHOUT ROWID;

CREATE TABLE quirk (
  number INTEGER PRIMARY KEY, value INTEGER NOT NULL, since INTEGER NOT NULL);

CREATE TABLE command_count (
  lun INTEGER NOT NULL, opcode INTEGER NOT NULL, commands INTEGER NOT NULL,
  PRIMARY KEY (lun, opcode)) WITHOUT ROWID;
CREATE TABLE trace_end (last INTEGER NOT NULL);
INSERT INTO trace_end VALUES (0);
CREATE TABLE trace (
  place INTEGER PRIMARY KEY, sequence INTEGER NOT NULL, time INTEGER NOT NULL,
  initiator TEXT NOT NULL, lun INTEGER NOT NULL, cdb BLOB NOT NULL, delivery INTEGER NOT NULL,
  status INTEGER NOT NULL, sense_key INTEGER NOT NULL, asc INTEGER NOT NULL, ascq INTEGER NOT NULL);
)sql";

const char* const kUpgradeFrom1 = R"sql(
ALTER TABLE library ADD COLUMN port_unreported INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN doors_unlocked INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN magazines INTEGER NOT NULL DEFAULT 0;
ALTER TABLE element ADD COLUMN removed INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = 2;
)sql";

const char* const kUpgradeFrom2 = R"sql(
ALTER TABLE library ADD COLUMN cleaner_stays INTEGER NOT NULL DEFAULT 0;
ALTER TABLE library ADD COLUMN stand_alone INTEGER NOT NULL DEFAULT 0;
ALTER TABLE setting ADD COLUMN clean_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE cartridge ADD COLUMN cleans INTEGER;
ALTER TABLE drive ADD COLUMN cleaning INTEGER NOT NULL DEFAULT 0;
PRAGMA user_version = 3;
)sql";

const char* const kUpgradeFrom3 = R"sql(
ALTER TABLE drive ADD COLUMN unloaded_at INTEGER NOT NULL DEFAULT 0;
CREATE TABLE quirk (
  number INTEGER PRIMARY KEY, value INTEGER NOT NULL, since INTEGER NOT NULL);
PRAGMA user_version = 4;
)sql";

std::uint32_t open_error_code(const SqliteError& error) {
  switch (error.code()) {
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
    case SQLITE_READONLY:
      return kErrorAccessDenied;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
      return kErrorBadFormat;  // ERROR: a table is missing
    default:
      return kErrorReadFault;
  }
}

}  // namespace ntms::emulator
