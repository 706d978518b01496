// SPDX-License-Identifier: MIT
#include "bench/floor_database.h"

#include <cstring>
#include <stdexcept>
#include <string>

namespace ntms::bench {
namespace {

[[noreturn]] void complain(sqlite3* db, const char* what) {
  throw std::runtime_error(std::string(what) + ": " + sqlite3_errmsg(db));
}

}  // namespace

Bytes16 bytes_of(const NTMS_GUID& id) {
  Bytes16 bytes{};
  std::memcpy(bytes.data(), &id, bytes.size());
  return bytes;
}

FloorStatement::FloorStatement(sqlite3* db, const char* sql) {
  if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle_, nullptr) != SQLITE_OK) {
    complain(db, sql);
  }
}

bool FloorStatement::step() {
  const int result = sqlite3_step(handle_);
  if (result == SQLITE_ROW) return true;
  if (result != SQLITE_DONE) complain(sqlite3_db_handle(handle_), sqlite3_sql(handle_));
  sqlite3_reset(handle_);
  return false;
}

FloorDatabase::FloorDatabase(const std::filesystem::path& data,
                             const std::filesystem::path& floor) {
  std::filesystem::create_directories(floor);
  std::filesystem::copy_file(data / "ntms.db", floor / "ntms.db");
  open(floor / "ntms.db");
}

FloorDatabase::FloorDatabase(const std::filesystem::path& data) {
  open(data / "ntms.db");
}

void FloorDatabase::open(const std::filesystem::path& file) {
  if (sqlite3_open_v2(file.c_str(), &db_, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr) !=
      SQLITE_OK) {
    complain(db_, "opening the floor's database");
  }
  execute("PRAGMA journal_mode=WAL");
  execute("PRAGMA synchronous=FULL");
  execute("PRAGMA foreign_keys=ON");
  execute("PRAGMA cache_size=-16000");
}

void FloorDatabase::execute(const char* sql) {
  if (sqlite3_exec(db_, sql, nullptr, nullptr, nullptr) != SQLITE_OK) complain(db_, sql);
}

FloorRequests::FloorRequests(FloorDatabase& database)
    : begin_(database.handle(), "BEGIN IMMEDIATE"),
      commit_(database.handle(), "COMMIT"),
      insert_request_(database.handle(),
                      "INSERT INTO library_request(guid,created,modified,enabled,operational_state,"
                      "name,description,operation,option,state,side,drive,medium,library,slot,"
                      "time_queued,time_completed,application,user,computer,error_code,reason,"
                      "work_item,priority,held,round,stop,cancel,phase,source,target,deadline) "
                      "VALUES(?1,1700000000000000,1700000000000000,1,1,'','',?2,0,0,NULL,NULL,?3,"
                      "?4,?4,1700000000000000,0,'bench','root','computer',0,'',NULL,0,1,?1,0,0,0,"
                      "0,0,0)"),
      update_medium_(database.handle(),
                     "UPDATE physical_medium SET modified=1700000000000001, media_state=?2 "
                     "WHERE guid=?1"),
      finish_request_(database.handle(),
                      "UPDATE library_request SET modified=1700000000000001, state=?2,"
                      " error_code=1223, reason='cancelled', time_completed=1700000000000001,"
                      " held=0 WHERE guid=?1"),
      log_(database.handle(), "INSERT INTO change(operation,type,guid) VALUES(?1,?2,?3)") {}

Bytes16 FloorRequests::make_guid() {
  Bytes16 guid{};
  for (std::size_t i = 0; i < guid.size(); i += 8) {
    const std::uint64_t bits = random_();
    std::memcpy(guid.data() + i, &bits, 8);
  }
  return guid;
}

void FloorRequests::log(std::int64_t operation, std::int64_t type, const Bytes16& id) {
  log_.bind(1, operation);
  log_.bind(2, type);
  log_.bind(3, id);
  log_.run();
}

Bytes16 FloorRequests::insert_request(std::int64_t operation, const Bytes16& medium) {
  const Bytes16 id = make_guid();
  insert_request_.bind(1, id);
  insert_request_.bind(2, operation);
  insert_request_.bind(3, medium);
  insert_request_.bind(4, medium);  // any identifier will do for library and slot
  insert_request_.run();
  log(NTMS_OBJ_INSERT, NTMS_LIBREQUEST, id);
  return id;
}

void FloorRequests::update_medium(const Bytes16& medium, std::int64_t state) {
  update_medium_.bind(1, medium);
  update_medium_.bind(2, state);
  update_medium_.run();
  log(NTMS_OBJ_UPDATE, NTMS_PHYSICAL_MEDIA, medium);
}

void FloorRequests::finish_request(const Bytes16& request, std::int64_t state) {
  finish_request_.bind(1, request);
  finish_request_.bind(2, state);
  finish_request_.run();
  log(NTMS_OBJ_UPDATE, NTMS_LIBREQUEST, request);
  log(NTMS_EVENT_COMPLETE, NTMS_LIBREQUEST, request);
}

Bytes16 FloorRequests::queue(const Bytes16& medium) {
  begin_.run();
  const Bytes16 request = insert_request(NTMS_LM_EJECT, medium);
  update_medium(medium, NTMS_MEDIASTATE_INUSE);
  commit_.run();
  return request;
}

void FloorRequests::cancel(const Bytes16& medium, const Bytes16& request) {
  begin_.run();
  insert_request(NTMS_LM_REMOVE, medium);
  update_medium(medium, NTMS_MEDIASTATE_IDLE);
  finish_request(request, NTMS_LM_CANCELLED);
  commit_.run();
}

}  // namespace ntms::bench
